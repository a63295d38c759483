"""Saved searches and what they have told; searches that found no good answer."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Every(models.TextChoices):
    """How often a saved search may write to its owner."""

    DAY = "day", _("At most once a day")
    WEEK = "week", _("At most once a week")
    NEVER = "never", _("No mail")


class SavedSearch(models.Model):
    """A search that a member wants to hear of again."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_searches"
    )
    #: What is asked, as in the address of the page (``asking.address``), without page and language.
    asked = models.TextField()
    #: BCP 47 tag of the language in which its answers are shown.
    language = models.CharField(max_length=10)
    every = models.CharField(max_length=5, choices=Every, default=Every.WEEK)
    #: Counted up to make the address of its feed a new one.
    feed_number = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(auto_now_add=True)
    #: Not looked at again before.
    due_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ("-saved_at", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(every__in=Every.values), name="search_saved_every"
            ),
        ]

    def __str__(self) -> str:
        return self.asked


class AlertState(models.TextChoices):
    """Where a mail about new answers is."""

    WAITING = "waiting"
    #: It is being given to the mail server.
    HANDING = "handing"
    SENT = "sent"
    #: The program ended between handing over and noting it: it may have been sent, so it is not
    #: sent again; what it told is told once more in the next mail.
    UNSURE = "unsure"
    #: Nothing of it may be read any more.
    DROPPED = "dropped"


class Alert(models.Model):
    """One mail about new answers to a saved search."""

    saved = models.ForeignKey(SavedSearch, on_delete=models.CASCADE, related_name="alerts")
    state = models.CharField(max_length=7, choices=AlertState, default=AlertState.WAITING)
    made_at = models.DateTimeField()
    #: Not tried again before; counted with ``tries`` after the mail server has refused.
    try_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    #: When it was taken in hand, by the clock.
    handed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "try_at"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=AlertState.values), name="search_alert_state"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.saved_id} {self.made_at:%Y-%m-%d} {self.state}"


class Told(models.Model):
    """A place that a saved search has told of, or that was there when it was saved: told once."""

    saved = models.ForeignKey(SavedSearch, on_delete=models.CASCADE, related_name="told")
    kind = models.CharField(max_length=30)
    place = models.CharField(max_length=200)
    #: The mail that tells of it; none for what was there before.
    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, null=True, related_name="told")
    #: Told before in a mail that may not have arrived.
    again = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(fields=["saved", "kind", "place"], name="search_told_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.place}"


class Missed(models.Model):
    """How often something was asked in a week that nobody has answered. Says nothing of who asked.

    A mark by an editor closes the row; asked again, a new row is counted.
    """

    #: The words as ``noting.kept`` leaves them.
    words = models.CharField(max_length=100)
    #: BCP 47 tag of the language they were asked in.
    language = models.CharField(max_length=10)
    #: ISO 3166 two-letter code of the asker's organisation; empty where there is none.
    country = models.CharField(max_length=2, blank=True)
    #: The Monday of the week.
    week = models.DateField()
    searches = models.PositiveIntegerField(default=0)
    #: How many asked that the editors be told.
    told = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    done_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["week"]), models.Index(fields=["language", "words"])]
        constraints = [
            models.UniqueConstraint(
                fields=["words", "language", "country", "week"],
                condition=models.Q(done_at=None),
                name="search_missed_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.words} ({self.language}, {self.week})"
