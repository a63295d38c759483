"""What narrows a search, and what it could be narrowed by."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

from medixchange.core import countries, languages, searchable
from medixchange.search.models import Passage
from medixchange.search.queries.wanted import Facet, Wanted
from medixchange.search.retrieval.entries import Narrow

#: States of words that are original or that a clinician has signed.
_APPROVED = ("original", "approved")


def narrow(wanted: Wanted, audiences: Collection[str]) -> Narrow:
    """Rights and filters, as the index applies them before it ranks."""
    filters = {
        "kind": wanted.kinds,
        "country": wanted.countries,
        "said_in": wanted.said_in,
        "topics": wanted.topics,
        "state": _APPROVED if wanted.approved_only else (),
    }
    return Narrow(
        ({"audience": audiences}, *({name: values} for name, values in filters.items() if values)),
        since=wanted.since.toordinal() if wanted.since else 0,
    )


def only_rights(audiences: Collection[str]) -> Narrow:
    """All that a viewer may find."""
    return Narrow(({"audience": audiences},))


#: What a passage says to each facet.
_VALUES: dict[str, Callable[[Passage], Sequence[str]]] = {
    "kinds": lambda row: (row.kind,),
    "countries": lambda row: (row.country,) if row.country else (),
    "said_in": lambda row: (row.said_in,),
    "topics": lambda row: row.topics,
}


def chosen(wanted: Wanted) -> list[Wanted]:
    """The search once without each of the filters that are chosen, to count that filter's facet."""
    return [_without(wanted, name) for name in _VALUES if getattr(wanted, name)]


def _without(wanted: Wanted, name: str) -> Wanted:
    nothing: dict[str, Any] = {name: ()}
    return replace(wanted, **nothing)


def facets(
    rows: Iterable[Passage],
    others: Sequence[tuple[Wanted, Sequence[Passage]]],
    wanted: Wanted,
) -> dict[str, list[Facet]]:
    """What the answer could be narrowed by, most places first.

    Args:
        rows: the best passage of each place of the answer.
        others: as ``chosen`` gives them, each with the passages of its answer.
    """
    rows = list(rows)
    found = {}
    for name, values in _VALUES.items():
        picked: tuple[str, ...] = getattr(wanted, name)
        counted = next(
            (found for other, found in others if picked and not getattr(other, name)), rows
        )
        counts = Counter(value for row in counted for value in values(row))
        for value in picked:
            counts.setdefault(value, 0)
        found[name] = [
            Facet(name, value, _label(name, value, wanted.language), count, value in picked)
            for value, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        ]
    return found


def _label(name: str, value: str, language: str) -> str:
    """How readers call it. A topic is its own name."""
    if name == "kinds":
        source = searchable.sources().get(value)
        return str(source.label) if source is not None else value
    try:
        if name == "countries":
            return countries.get(value).name(language)
        if name == "said_in":
            return languages.get(value).own_name
    except (countries.UnknownCountry, languages.UnknownLanguage):
        return value
    return value
