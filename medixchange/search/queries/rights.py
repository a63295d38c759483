"""What a viewer may find, asked of the sources at each search."""

from collections.abc import Collection, Mapping

from medixchange.core import searchable
from medixchange.core.models import Touched
from medixchange.network.models import Member
from medixchange.search.index import audience_label
from medixchange.search.models import Passage


def audiences(viewer: Member | None) -> dict[str, frozenset[str]]:
    """By kind of source, the audiences that the viewer belongs to at this moment."""
    return {
        kind: frozenset({searchable.PUBLIC, *source.audiences(viewer)})
        for kind, source in searchable.sources().items()
    }


def labels(allowed: Mapping[str, Collection[str]]) -> set[str]:
    """The same as the index knows them."""
    return {audience_label(kind, name) for kind, names in allowed.items() for name in names}


def no_longer(
    rows: Collection[Passage], language: str, viewer: Member | None
) -> set[tuple[str, str]]:
    """Of places whose unit has changed and is not taken in yet, those that the viewer is not shown
    any more. One query, and the cards of these places."""
    units = {(row.kind, row.unit) for row in rows}
    changed = set(
        Touched.objects.filter(
            kind__in={kind for kind, _unit in units}, unit__in={unit for _kind, unit in units}
        ).values_list("kind", "unit")
    )
    places = sorted({(row.kind, row.place) for row in rows if (row.kind, row.unit) in changed})
    return {*places} - searchable.cards_of(places, language, viewer).keys()
