"""What can be searched: each app says what it has to say, and search takes it in.

An app that has something to find registers a ``Source`` when it starts and calls ``touched`` inside
every transaction that changes what the source would say. Search stands above all apps and reads
both from here, so that no app knows of it and it knows no app by name.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.functional import Promise

from medixchange.core.components import Provenance
from medixchange.core.languages import Language
from medixchange.core.models import Touched

#: Who asks: a member, or nobody who is signed in.
Viewer = AbstractBaseUser | None

#: The audience of what anybody may read.
PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Said:
    """One passage in one language, as the index keeps it. It is found by its words and meaning;
    what a reader is shown is asked of the source anew (``Source.cards``).

    Attributes:
        place: the exact place, the same in all languages of the passage and lasting over changes
            of its words: for a guideline's block, the guideline's slug and the block's anchor.
        text: what is searched, plain, without markup.
        heading: what it stands in: the work's title, a section's heading; found too, weighs less.
        audience: who may find it: ``PUBLIC`` or a name that the source's ``audiences`` gives out.
        state: the provenance state of the words (``original``, ``approved``, ``machine`` …).
        is_evidence: a recommendation, or what else weighs more than talk.
        source_changed: the words are those of an older source.
        country: ISO 3166 two-letter code of who stands for it, where there is one.
        said_in: tag of the language it was said in first; empty where that is ``language``.
        topics: keys of a vocabulary that readers narrow by, such as a specialty.
    """

    place: str
    language: str
    text: str
    said_at: datetime
    heading: str = ""
    audience: str = PUBLIC
    state: str = "original"
    is_evidence: bool = False
    source_changed: bool = False
    country: str = ""
    said_in: str = ""
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """One passage as one reader is shown it, from the database at this moment.

    Attributes:
        text: the passage in the reader's language as far as there is a wording, else its own.
        language: that of ``text``.
        work: what it stands in, such as the guideline's title, with its language.
        section: the heading above it, in the language of ``text`` where there is one.
        address: leads to the exact place.
        by: the organisation that stands for it.
        strength, certainty: of a recommendation, in the reader's words.
        source_changed: the wording is that of an older source.
        made_for: ISO 3166 code of the country it was written for, empty where it is for all.
    """

    text: str
    language: Language
    provenance: Provenance
    address: str
    work: str
    work_language: Language
    said_at: datetime
    section: str = ""
    by: str = ""
    strength: str = ""
    certainty: str = ""
    source_changed: bool = False
    made_for: str = ""


class Source(Protocol):
    """One kind of thing that can be found.

    A *unit* is what is read and indexed at once: for guidelines one edition's guideline and
    language. Its key is the source's own business.
    """

    #: Short and stable, such as ``guideline``; used in addresses and files.
    kind: str

    @property
    def label(self) -> Promise:
        """What readers call many of them, such as "Guidelines"."""
        ...

    def units(self) -> Iterator[str]:
        """The keys of all that can be found now."""
        ...

    def holding(self, segments: Collection[int], language: str) -> Collection[str]:
        """The units in which a wording in ``language`` of one of these segments is read."""
        ...

    def said(self, unit: str) -> Iterable[Said]:
        """All passages of a unit as they stand now; none where it is not to be found any more."""
        ...

    def audiences(self, viewer: Viewer) -> Collection[str]:
        """The audiences that a viewer belongs to at this moment, besides ``PUBLIC``."""
        ...

    def cards(self, places: Sequence[str], language: str, viewer: Viewer) -> Mapping[str, Card]:
        """What a reader of a language is shown of these places. A place that they may not read, or
        that is there no more, is left out. The number of queries does not grow with the places.
        """
        ...


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Let a source be searched; called once, when its app starts."""
    if source.kind in _sources and type(_sources[source.kind]) is not type(source):
        raise ValueError(f"two sources call themselves {source.kind}")
    _sources[source.kind] = source


def unregister(kind: str) -> None:
    """Let a source be searched no more; nothing happens where there is none."""
    _sources.pop(kind, None)


def sources() -> Mapping[str, Source]:
    """All that can be searched, by kind, in the order in which their apps started."""
    return _sources


def cards_of(
    keys: Iterable[tuple[str, str]], language: str, viewer: Viewer
) -> dict[tuple[str, str], Card]:
    """``Source.cards`` for places of several kinds, each given by its kind and its place."""
    places: dict[str, list[str]] = {}
    for kind, place in keys:
        places.setdefault(kind, []).append(place)
    return {
        (kind, place): card
        for kind, source in _sources.items()
        if kind in places
        for place, card in source.cards(places[kind], language, viewer).items()
    }


def touched(kind: str, *units: str) -> None:
    """Note that what these units say has changed. Call it in the transaction of the change: the
    note is kept if the change is, and the index takes it in soon after."""
    Touched.objects.bulk_create([Touched(kind=kind, unit=unit) for unit in units])


#: The kind of a note that speaks of segments, whichever units hold them.
SEGMENT = "segment"
#: Segments that one note speaks of: so many ids of nineteen digits fit its field.
_IN_A_NOTE = 9


def segments_touched(segments: Iterable[int], language: str) -> None:
    """Note that the wordings in a language of these segments, by id, have changed."""
    ids = sorted(set(segments))
    touched(
        SEGMENT,
        *(
            f"{language}:{','.join(map(str, ids[at : at + _IN_A_NOTE]))}"
            for at in range(0, len(ids), _IN_A_NOTE)
        ),
    )


def segments_of(unit: str) -> tuple[list[int], str]:
    """The ids and the language of a note of ``segments_touched``."""
    language, ids = unit.split(":")
    return [int(pk) for pk in ids.split(",")], language
