"""Bundles: a page of a search, all of it as a file, and what went wrong."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.utils import timezone

from medixchange.relief.exports import Asker
from medixchange.relief.exports.goods import chunks
from medixchange.relief.fhir.kinds import KINDS, Kind
from medixchange.relief.fhir.resources import Resource, base, instant

#: Resources of a page, where nobody says how many, and at most.
USUAL, MOST = 50, 200


def page(kind: Kind, asker: Asker, *, count: int = USUAL, number: int = 1) -> Resource:
    """A page of a search for all of a kind that somebody may see, from 1."""
    count = max(1, min(count, MOST))
    rows = kind.visible(asker)
    total = rows.order_by().count()
    last = max(1, -(-total // count))
    number = max(1, min(number, last))
    found = list(rows[(number - 1) * count : number * count])

    def link(relation: str, to: int) -> Resource:
        query = urlencode({"_count": count, "_page": to})
        return {"relation": relation, "url": f"{base()}/{kind.name}?{query}"}

    links = [link("self", number), link("first", 1)]
    if number > 1:
        links.append(link("previous", number - 1))
    if number < last:
        links.append(link("next", number + 1))
    links.append(link("last", last))
    made: Resource = {
        "resourceType": "Bundle",
        "type": "searchset",
        "timestamp": instant(timezone.now()),
        "total": total,
        "link": links,
    }
    if found:
        made["entry"] = [
            {"fullUrl": full_url(told), "resource": told, "search": {"mode": "match"}}
            for told in kind.tell(found)
        ]
    return made


def collection(asker: Asker, *, kinds: tuple[str, ...] = tuple(KINDS)) -> Iterator[Resource]:
    """All resources of these kinds that somebody may see, kind by kind."""
    for name in kinds:
        for batch in chunks(KINDS[name].visible(asker).iterator(chunk_size=2000)):
            yield from KINDS[name].tell(batch)


def full_url(resource: Resource) -> str:
    return f"{base()}/{resource['resourceType']}/{resource['id']}"


def outcome(code: str, what: str) -> Resource:
    """What went wrong. ``code`` is of http://hl7.org/fhir/issue-type."""
    return {
        "resourceType": "OperationOutcome",
        "issue": [{"severity": "error", "code": code, "diagnostics": what}],
    }


def capabilities() -> Resource:
    """What this server can do, for programs that ask first."""
    resource: list[dict[str, Any]] = [
        {
            "type": name,
            "interaction": [{"code": "read"}, {"code": "search-type"}],
            "versioning": "no-version",
        }
        for name in KINDS
    ]
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": timezone.now().date().isoformat(),
        "kind": "instance",
        "implementation": {"description": "MediXchange, relief goods", "url": base()},
        "software": {"name": "MediXchange"},
        "fhirVersion": "5.0.0",
        "format": ["application/fhir+json"],
        "rest": [
            {
                "mode": "server",
                "documentation": "Reading only. SupplyRequest needs a sign-in at "
                f"{settings.ORIGIN}/account/login/.",
                "resource": resource,
            }
        ],
    }
