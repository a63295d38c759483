"""How the index stands, for who runs the site."""

from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Count

from medixchange.core.models import Touched
from medixchange.search import index, meaning
from medixchange.search.actions import embedding
from medixchange.search.index import folders
from medixchange.search.models import Head, Passage, Stuck, Vector


@dataclass(frozen=True, slots=True)
class Failing:
    """A unit that could not be taken in."""

    kind: str
    unit: str
    tries: int
    problem: str
    retry_at: str


@dataclass(frozen=True, slots=True)
class Status:
    """How the index stands.

    Attributes:
        passages: by kind and language tag.
        notes_waiting: changes that are not taken in yet.
        vectors_waiting: passages whose meaning the engine has yet to work out.
        vectors: kept, by engine.
        version: of the newest change; ``words_at`` is that up to which words are found.
        bytes: of the files of the index.
    """

    passages: dict[str, dict[str, int]]
    notes_waiting: int
    failing: list[Failing]
    engine: str
    vectors: dict[str, int]
    vectors_waiting: int
    version: int
    words_at: int
    bytes: int

    @property
    def total(self) -> int:
        return sum(count for by_tag in self.passages.values() for count in by_tag.values())

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "total": self.total}


def status() -> Status:
    """Reads the database and the files; takes nothing in."""
    passages: dict[str, dict[str, int]] = {}
    for kind, tag, count in (
        Passage.objects.filter(gone=False)
        .values_list("kind", "language")
        .annotate(count=Count("pk"))
        .order_by("kind", "language")
    ):
        passages.setdefault(kind, {})[tag] = count
    engine = meaning.engine_name()
    return Status(
        passages=passages,
        notes_waiting=Touched.objects.count(),
        failing=[
            Failing(row.kind, row.unit, row.tries, row.problem, row.retry_at.isoformat())
            for row in Stuck.objects.order_by("pk")
        ],
        engine=engine,
        vectors=dict(Vector.objects.values_list("engine").annotate(Count("pk")).order_by("engine")),
        vectors_waiting=embedding.waiting(engine).count() if engine else 0,
        version=Head.objects.filter(pk=1).values_list("version", flat=True).first() or 0,
        words_at=index.words_at(),
        bytes=folders.size(),
    )
