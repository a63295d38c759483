"""What an engine is: something that turns texts of one language into texts of another."""

from collections.abc import Collection, Sequence
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class EngineUnavailable(RuntimeError):
    """An engine that cannot do its work now: which, why, and what an operator may do about it."""

    def __init__(self, engine: str, why: Promise | str, remedy: Promise | str) -> None:
        super().__init__(engine, why, remedy)
        self.engine, self.why, self.remedy = engine, why, remedy

    def __str__(self) -> str:
        return str(
            _("The engine %(engine)s cannot translate now: %(why)s %(remedy)s")
            % {"engine": self.engine, "why": self.why, "remedy": self.remedy}
        )


class Engine(Protocol):
    """One machine translation engine.

    Languages are BCP 47 tags as this site writes them. An engine may also have ``alphabet``, a
    ``frozenset`` of the characters that it reads; ``engines.translate`` then keeps all others out
    of its hands. Engines are shared by threads.
    """

    name: str

    @property
    def version(self) -> str:
        """Version of program or model, for the record on each translation."""
        ...

    def pairs(self) -> Collection[tuple[str, str]]:
        """The pairs it serves, ``(source, target)``. Raises ``EngineUnavailable``."""
        ...

    def supports(self, source: str, target: str) -> bool:
        """Whether it serves a pair. Never raises: an engine that is down serves none."""
        ...

    def translate(self, texts: Sequence[str], *, source: str, target: str) -> list[str]:
        """Translate plain texts, in order; an empty string stands where it has no translation.

        Raises ``EngineUnavailable``, also for a pair it does not serve; then nothing was done.
        """
        ...


def wrong_pair(engine: str, source: str, target: str) -> EngineUnavailable:
    """The error for a pair that an engine does not serve."""
    return EngineUnavailable(
        engine,
        _("it does not translate %(source)s into %(target)s.")
        % {"source": source, "target": target},
        _("Choose another engine or language."),
    )
