"""One search in the index of this process, narrowed in one way or several."""

from collections.abc import Callable, Collection, Sequence
from typing import TypeVar

from django.utils import timezone

from medixchange.search import index
from medixchange.search.models import Passage
from medixchange.search.queries import judging, narrowing
from medixchange.search.queries.ranking import Ranked, Reader, rank
from medixchange.search.queries.wanted import Wanted
from medixchange.search.retrieval.expansion import Rendering
from medixchange.search.retrieval.finding import Question

#: Passages that the index gives; of them come the places of an answer.
CANDIDATES = 200
#: What a term must count, of 1, to be marked and to speak for an answer. Less is a guess.
_COUNTS = 0.4

T = TypeVar("T")


class Looking:
    """What answers a text, of what some audiences may find.

    Args:
        audiences: as the index names them (``rights.labels``).
        also: the text in other words.
    """

    def __init__(
        self, text: str, reader: Reader, audiences: Collection[str], also: Sequence[Rendering]
    ) -> None:
        self.text = text
        self.reader = reader
        self.audiences = audiences
        self.also = also
        self._held = index.held()
        self._worked_out: tuple[index.Held, Question] | None = None
        self._rights = narrowing.only_rights(audiences)

    def places(self, wanted: Wanted) -> list[Ranked]:
        """The places that answer, best first. One query."""
        narrow = narrowing.narrow(wanted, self.audiences)
        found = judging.kept(
            self._ask(lambda held: held.index.answer(self._question(held), narrow, CANDIDATES))
        )
        # Read anew: the database has the last word on what is there and whose it is.
        passages = {
            row.pk: row
            for row in Passage.objects.filter(pk__in=[one.id for one in found], gone=False)
            if index.audience_label(row.kind, row.audience) in self.audiences
        }
        return rank(found, passages, self.reader, timezone.now())

    def terms(self) -> frozenset[str]:
        """The terms that were looked for, without those that are guesses."""
        terms = self._ask(self._question).asked.terms
        return frozenset(term for term, weight in terms.items() if weight >= _COUNTS)

    def suggestion(self) -> str:
        """What may have been meant; only words of passages that these audiences may find."""
        return self._ask(
            lambda held: held.index.words.suggestion(self.text, self.reader.language, self._rights)
        )

    def meaning_behind(self) -> int:
        """Passages that these audiences may find and whose meaning is not worked out yet."""
        return self._held.without_meaning(self._held.index.labels.mask(self._rights))

    def _question(self, held: index.Held) -> Question:
        """The search, worked out once for what is held."""
        if self._worked_out is None or self._worked_out[0] is not held:
            made = held.index.question(self.text, self.reader.language, self.also)
            self._worked_out = held, made
        return self._worked_out[1]

    def _ask(self, question: Callable[[index.Held], T]) -> T:
        """Ask the index. Where that fails, it may be that another thread was changing it; where it
        fails again while nobody does, its files are broken, and it is made anew."""
        try:
            return question(self._held)
        except Exception:
            try:
                with index.unchanging():
                    return question(self._held)
            except Exception:
                self._held = index.remade(self._held)
                return question(self._held)
