"""The workflow of a translation: its states, and the one table of what may follow what."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """Where a translation stands."""

    #: Made by an engine or taken from an imported memory; nobody has looked at it.
    #: A clinician may sign it as it stands.
    MACHINE = "machine", _("machine, not reviewed")
    #: A translator is at work on it; readers do not see it.
    DRAFT = "draft", _("draft")
    #: The translator is done; it waits for other eyes.
    PROPOSED = "proposed", _("translated, not reviewed")
    #: A language reviewer has read it against the source.
    REVIEWED = "reviewed", _("reviewed")
    #: A named clinician of a verified organisation has signed it.
    APPROVED = "approved", _("approved")
    #: A reviewer sent it back with a reason.
    RETURNED = "returned", _("returned")
    #: A newer approved translation has taken its place.
    SUPERSEDED = "superseded", _("superseded")


class Origin(models.TextChoices):
    """Who or what made the wording."""

    PERSON = "person", _("person")
    MEMORY = "memory", _("memory")
    ENGINE = "engine", _("engine")


#: From a state to what may follow it. A change of wording is never a transition but a new row.
TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.MACHINE: frozenset({Status.APPROVED}),
    Status.DRAFT: frozenset({Status.PROPOSED}),
    Status.PROPOSED: frozenset({Status.REVIEWED, Status.APPROVED, Status.RETURNED}),
    Status.REVIEWED: frozenset({Status.APPROVED, Status.RETURNED}),
    Status.APPROVED: frozenset({Status.SUPERSEDED}),
    Status.RETURNED: frozenset(),
    Status.SUPERSEDED: frozenset(),
}

#: What a reader may be shown, the best first. The others are nobody's to read yet, or no longer.
READABLE = (Status.APPROVED, Status.REVIEWED, Status.PROPOSED, Status.MACHINE)
#: What waits for a second person.
WAITING = (Status.PROPOSED, Status.REVIEWED)


class TransitionRefused(ValueError):
    """A change of state that the table does not allow."""

    def __init__(self, now: Status, wanted: Status) -> None:
        super().__init__(now, wanted)
        self.now, self.wanted = now, wanted

    def __str__(self) -> str:
        return str(
            _("A translation that is “%(now)s” cannot become “%(wanted)s”. Load the page again.")
            % {"now": self.now.label, "wanted": self.wanted.label}
        )


def require(now: str, wanted: Status) -> None:
    """Raise ``TransitionRefused`` unless the table allows the step."""
    if wanted not in TRANSITIONS[Status(now)]:
        raise TransitionRefused(Status(now), wanted)
