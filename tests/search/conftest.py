"""A source of the tests' own, whose pages belong to organisations, and what is searched here."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import ClassVar

import pytest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medixchange.core import languages, searchable
from medixchange.core.components import Provenance
from medixchange.core.searchable import Card, Said, Viewer
from medixchange.network.models import Organisation
from medixchange.search.actions import taking_in
from medixchange.search.models import Passage

WHEN = datetime(2020, 5, 4, 12, tzinfo=UTC)


@dataclass
class Notebook:
    """Pages of text; each belongs to everybody or to those who belong to an organisation."""

    kind: str = "note"
    label: ClassVar[Promise] = _("Notes")
    pages: dict[str, list[Said]] = field(default_factory=dict)
    #: Units that cannot be read.
    torn: set[str] = field(default_factory=set)
    #: Places whose card was asked for.
    asked: list[str] = field(default_factory=list)

    def write(self, place: str, text: str, language: str = "en", **more: object) -> None:
        """Write a page of its own and note that it has changed."""
        said = Said(place=place, language=language, text=text, said_at=WHEN)
        kept = [one for one in self.pages.get(place, []) if one.language != language]
        self.pages[place] = [*kept, replace(said, **more)]  # type: ignore[arg-type]
        searchable.touched(self.kind, place)

    def erase(self, place: str) -> None:
        del self.pages[place]
        searchable.touched(self.kind, place)

    def units(self) -> Iterator[str]:
        yield from self.pages

    def holding(self, segments: Collection[int], language: str) -> Collection[str]:
        return ()

    def said(self, unit: str) -> Iterable[Said]:
        if unit in self.torn:
            raise OSError("the page is torn")
        return self.pages.get(unit, [])

    def audiences(self, viewer: Viewer) -> Collection[str]:
        if viewer is None:
            return ()
        return [
            of(held.organisation)
            for held in viewer.memberships.filter(ended_at=None).select_related("organisation")
            if held.organisation.is_verified
        ]

    def cards(self, places: Sequence[str], language: str, viewer: Viewer) -> Mapping[str, Card]:
        self.asked += places
        allowed = {searchable.PUBLIC, *self.audiences(viewer)}
        found = {}
        for place in places:
            by_tag = {
                said.language: said
                for said in self.pages.get(place, [])
                if said.audience in allowed
            }
            if not by_tag:
                continue
            said = by_tag.get(language) or next(iter(by_tag.values()))
            own = languages.get(said.language)
            found[place] = Card(
                text=said.text,
                language=own,
                provenance=Provenance(said.state, own),
                address=f"/notes/{place}",
                work="Notes",
                work_language=languages.get("en"),
                said_at=said.said_at,
                made_for=said.country,
            )
        return found


def of(organisation: Organisation) -> str:
    """The audience of an organisation's people."""
    return f"organisation:{organisation.pk}"


@pytest.fixture(autouse=True)
def _words_alone(settings):
    """Most of what is tested here is found by its words; tests of meaning turn it on."""
    settings.MEDIXCHANGE_MEANING = "off"


@pytest.fixture
def notebook(db: None) -> Iterator[Notebook]:
    book = Notebook()
    searchable.register(book)
    yield book
    searchable.unregister(book.kind)


def kept(kind: str = "note") -> dict[tuple[str, str], str]:
    """What the index holds of a kind: text by place and language."""
    return {
        (row.place, row.language): row.text for row in Passage.objects.filter(kind=kind, gone=False)
    }


def versions() -> dict[int, int]:
    return dict(Passage.objects.values_list("pk", "version"))


def take_in() -> taking_in.Taken:
    return taking_in.catch_up()
