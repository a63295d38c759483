"""Results as JSON: what the API and the command line give, described in ``openapi.json``."""

from typing import Any

from django.conf import settings

from medixchange.core.components import Provenance
from medixchange.search import telling
from medixchange.search.queries import Hit, Results, Wanted


def of_results(results: Results, *, cut: bool = False) -> dict[str, Any]:
    """Results of one page as plain values."""
    return {
        "asked": _asked(results.wanted),
        "cut": cut,
        "total": results.total,
        "page": results.wanted.page,
        "pages": results.pages,
        "is_good": results.is_good,
        "suggestion": results.suggestion,
        "meaning_behind": results.meaning_behind,
        "hits": [_hit(hit) for hit in results.hits],
        "facets": {
            parameter: [
                {"value": f.value, "label": f.label, "count": f.count, "chosen": f.chosen}
                for f in results.facets.get(name, ())
            ]
            for name, parameter in telling.PARAMETERS.items()
        },
    }


def _asked(wanted: Wanted) -> dict[str, Any]:
    return {
        "q": wanted.text,
        "language": wanted.language,
        "kind": list(wanted.kinds),
        "country": list(wanted.countries),
        "said_in": list(wanted.said_in),
        "topic": list(wanted.topics),
        "since": wanted.since.isoformat() if wanted.since else None,
        "approved": wanted.approved_only,
    }


def _hit(hit: Hit) -> dict[str, Any]:
    card = hit.card
    return {
        "kind": hit.kind,
        "place": hit.place,
        "address": settings.ORIGIN + card.address,
        "text": card.text,
        "language": card.language.tag,
        "marks": [list(span) for span in hit.spans],
        "work": {"title": card.work, "language": card.work_language.tag},
        "section": card.section,
        "by": card.by,
        "said_at": card.said_at.isoformat(),
        "strength": card.strength,
        "certainty": card.certainty,
        "made_for": card.made_for,
        "source_changed": card.source_changed,
        "provenance": _provenance(card.provenance),
        "found_by": hit.found_by,
        "found_in": hit.found_in,
    }


def _provenance(mark: Provenance) -> dict[str, Any]:
    return {
        "state": mark.state,
        "language": mark.language.tag,
        "who": mark.who,
        "organisation": mark.organisation,
        "at": mark.at.isoformat() if mark.at else None,
        "engine": mark.engine,
    }
