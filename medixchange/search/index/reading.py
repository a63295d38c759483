"""From rows of the database to what an index takes in."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from medixchange.search.models import Passage, Vector
from medixchange.search.retrieval.entries import Entry

#: What searches are narrowed and counted by.
LABELS = ("audience", "kind", "country", "said_in", "topics", "state")
#: Rows that are read at once.
CHUNK = 2000


def audience_label(kind: str, audience: str) -> str:
    """An audience of a source, told apart from those of other sources."""
    return f"{kind}:{audience}"


@dataclass(slots=True)
class Changes:
    """What changed in a stretch of versions, ``until`` the last of them."""

    until: int
    put: list[Entry] = field(default_factory=list)
    remove: list[int] = field(default_factory=list)
    #: Version by id.
    versions: dict[int, int] = field(default_factory=dict)
    #: Language and key of each passage that this site's engine has a vector for.
    keys: dict[int, tuple[str, str]] = field(default_factory=dict)

    def after(self, version: int) -> "Changes":
        """The part that is newer than a version."""
        if all(number > version for number in self.versions.values()):
            return self
        return Changes(
            self.until,
            [entry for entry in self.put if self.versions[entry.id] > version],
            [pk for pk in self.remove if self.versions[pk] > version],
            {pk: number for pk, number in self.versions.items() if number > version},
            {pk: key for pk, key in self.keys.items() if self.versions[pk] > version},
        )


def changes(after: int, engine: str) -> Changes | None:
    """The next changes after a version; None where there are none. One query."""
    rows = list(Passage.objects.filter(version__gt=after).order_by("version")[:CHUNK])
    if not rows:
        return None
    found = Changes(rows[-1].version)
    for row in rows:
        found.versions[row.pk] = row.version
        if row.gone:
            found.remove.append(row.pk)
            continue
        found.put.append(entry(row))
        if engine and row.embedded_by == engine:
            found.keys[row.pk] = row.language, row.key
    return found


def entry(row: Passage) -> Entry:
    """A passage as the index takes it in."""
    return Entry(
        id=row.pk,
        language=row.language,
        text=row.text,
        heading=row.heading,
        labels={
            "audience": (audience_label(row.kind, row.audience),),
            "kind": (row.kind,),
            "country": (row.country,) if row.country else (),
            "said_in": (row.said_in,),
            "topics": tuple(row.topics),
            "state": (row.state,),
        },
        day=row.said_at.date().toordinal(),
    )


@dataclass(frozen=True, slots=True)
class Vectors:
    """Vectors of passages as their engine gave them, with the language of each."""

    ids: list[int]
    languages: list[str]
    numbers: NDArray[np.int8]
    scales: NDArray[np.float32]


def vectors(keys: Mapping[int, tuple[str, str]], engine: str, dimensions: int) -> Vectors:
    """The vectors of passages, given language and key of each by id. One query."""
    rows = {
        key: (numbers, scale)
        for key, numbers, scale in Vector.objects.filter(
            engine=engine, key__in={key for _language, key in keys.values()}
        ).values_list("key", "numbers", "scale")
        if len(numbers) == dimensions
    }
    known = [(pk, tag, key) for pk, (tag, key) in keys.items() if key in rows]
    numbers = np.zeros((len(known), dimensions), np.int8)
    scales = np.zeros(len(known), np.float32)
    for at, (_pk, _tag, key) in enumerate(known):
        data, scales[at] = rows[key]
        numbers[at] = np.frombuffer(bytes(data), np.int8)
    return Vectors([pk for pk, _t, _k in known], [tag for _p, tag, _k in known], numbers, scales)
