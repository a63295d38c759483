"""Writing IATI 2.03 activities. The order of the elements is that of the schema."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any
from xml.etree import ElementTree as etree

from django.db.models import Max, Min, Q
from django.utils import timezone
from django.utils.text import slugify

from medixchange.core import countries
from medixchange.core.models import AuditEntry
from medixchange.network.models import Kind
from medixchange.relief.exports.goods import chunks
from medixchange.relief.iati.reporting import Reporter
from medixchange.relief.models import Consignment, Place, Pledge, PledgeLine, StageKind
from medixchange.relief.queries.giving import Progress, Standing, standing
from medixchange.relief.queries.names import of as names_of
from medixchange.relief.queries.public.visible import is_hidden, place_name
from medixchange.relief.states import ConsignmentState, PledgeState
from medixchange.translation.queries import Shown

VERSION = "2.03"
_LANGUAGE = "en"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
#: Codelist ActivityStatus: pipeline, implementation, finalisation, closed, cancelled.
_STATUS = {
    PledgeState.ANNOUNCED: "1",
    PledgeState.CONFIRMED: "2",
    PledgeState.FULFILLED: "3",
    PledgeState.CLOSED: "4",
    PledgeState.WITHDRAWN: "5",
}
#: Codelist OrganisationType, for kinds that are one of it for certain.
_TYPES = {Kind.FOUNDATION: "60", Kind.UNIVERSITY: "80", Kind.AGENCY: "10", Kind.CARRIER: "70"}
#: Codelist Sector of the DAC: material relief assistance and services.
_SECTOR = "72010"
#: Codelist DocumentCategory: activity web page.
_WEB_PAGE = "A12"
#: The figures of the ledger that are indicators, with their titles.
_INDICATORS = (
    ("shipped", "Shipped by the donor"),
    ("arrived", "Arrived in the country"),
    ("received", "Received by stores and facilities"),
)


def activities(reporter: Reporter) -> Iterator[bytes]:
    """All pledges that are no examples as one file, in pieces, with an activity for each."""
    yield (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<iati-activities version="{VERSION}" '
        f'generated-datetime="{_moment(timezone.now())}">\n'
    ).encode()
    rows = Pledge.objects.filter(is_example=False).select_related(
        "donor__organisation", "donor__parent"
    )
    for batch in chunks(rows.order_by("pk").iterator(chunk_size=2000)):
        for element in _of(batch, reporter):
            etree.indent(element)
            yield etree.tostring(element, encoding="unicode").encode() + b"\n"
    yield b"</iati-activities>\n"


def _of(pledges: Sequence[Pledge], reporter: Reporter) -> Iterator[etree.Element]:
    """The activities of some pledges. A fixed number of queries however many they are."""
    standings = standing(pledges)
    named = names_of([progress.item for one in standings for progress in one.progress], _LANGUAGE)
    sent: dict[int, list[Any]] = defaultdict(list)
    for row in (
        Consignment.objects.filter(pledge__in=pledges)
        .exclude(state__in=[ConsignmentState.DRAFT, ConsignmentState.CANCELLED])
        .select_related("destination__organisation", "destination__parent")
        .annotate(departed=Min("stages__happened_at", filter=Q(stages__kind=StageKind.DEPARTED)))
        .order_by("pk")
    ):
        sent[row.pledge_id or 0].append(row)
    changed = dict(
        AuditEntry.objects.filter(subject__in=[f"relief.pledge:{row.pk}" for row in pledges])
        .values_list("subject")
        .annotate(last=Max("at"))
        .order_by()
    )
    for one in standings:
        yield _activity(
            one, reporter, named, sent[one.pledge.pk], changed.get(f"relief.pledge:{one.pledge.pk}")
        )


def _activity(
    one: Standing,
    reporter: Reporter,
    named: dict[int, Shown],
    sent: Sequence[Any],
    changed: datetime | None,
) -> etree.Element:
    pledge = one.pledge
    activity = etree.Element("iati-activity", {"humanitarian": "1"})
    activity.set(_XML_LANG, _LANGUAGE)
    if changed is not None:
        activity.set("last-updated-datetime", _moment(changed))
    _text(activity, "iati-identifier", f"{reporter.reference}-{pledge.reference}")
    reporting = etree.SubElement(
        activity,
        "reporting-org",
        # It tells of others' gifts.
        {"ref": reporter.reference, "type": reporter.kind, "secondary-reporter": "1"},
    )
    _narrative(reporting, reporter.name)
    donor = place_name(pledge.donor, _LANGUAGE)
    _told(activity, "title", f"Relief goods pledged by {donor}, {pledge.reference}")
    _told(activity, "description", _description(one, named, donor), {"type": "1"})
    if pledge.note:
        _narrative(
            etree.SubElement(activity, "description", {"type": "4"}),
            pledge.note,
            pledge.note_language,
        )
    _participants(activity, pledge, donor, sent)
    etree.SubElement(activity, "activity-status", {"code": _STATUS[PledgeState(pledge.state)]})
    _dates(activity, pledge, sent)
    for code in one.countries:
        country = etree.SubElement(activity, "recipient-country", {"code": code})
        if len(one.countries) == 1 and not one.regions:
            country.set("percentage", "100")
        _narrative(country, countries.get(code).name(_LANGUAGE))
    for region in one.regions:
        # As published: a word of the donor, and no region of a codelist.
        _told(
            activity,
            "recipient-region",
            region,
            {"code": slugify(region) or "region", "vocabulary": "99"},
        )
    etree.SubElement(activity, "sector", {"vocabulary": "1", "code": _SECTOR, "percentage": "100"})
    etree.SubElement(activity, "default-finance-type", {"code": "110"})
    if pledge.source_url:
        link = etree.SubElement(
            activity, "document-link", {"format": "text/html", "url": pledge.source_url}
        )
        _told(link, "title", "The announcement, as published")
        etree.SubElement(link, "category", {"code": _WEB_PAGE})
    for progress in one.progress:
        _result(activity, one, progress, named[progress.item.pk])
    return activity


def _description(one: Standing, named: dict[int, Shown], donor: str) -> str:
    """What was promised to whom, in sentences. No sum of money: none was published."""
    lines = [_sentence(line, named) for line in one.lines]
    return " ".join(
        [
            f"{donor} announced on {one.pledge.announced_on.isoformat()} to give goods in kind.",
            *lines,
            "No value in money is on record, so there are no transactions; quantities are told as "
            "results.",
        ]
    )


def _sentence(line: PledgeLine, named: dict[int, Shown]) -> str:
    splits = list(line.splits.all())
    places = [countries.get(split.country).name(_LANGUAGE) for split in splits]
    places += [line.region] if line.region else []
    said = f"{named[line.item_id].text}: {line.quantity:,} (unit: {line.item.unit}), for "
    said += ", ".join(places) + "."
    if len(splits) > 1 and any(split.quantity is None for split in splits):
        said += " The split between the countries was not published."
    return said


def _participants(activity: etree.Element, pledge: Pledge, donor: str, sent: Sequence[Any]) -> None:
    organisation = None if is_hidden(pledge.donor) else pledge.donor.organisation
    kind = _TYPES.get(Kind(organisation.kind)) if organisation else None
    _told(
        activity,
        "participating-org",
        donor,
        {"role": "1"} | ({"type": kind} if kind else {}),
    )
    seen: set[int] = set()
    for row in sent:
        place: Place = row.destination
        receiver = place.organisation
        if receiver is None or is_hidden(place) or receiver.pk in seen:
            continue
        seen.add(receiver.pk)
        kind = _TYPES.get(Kind(receiver.kind))
        _told(
            activity,
            "participating-org",
            receiver.name,
            {"role": "4"} | ({"type": kind} if kind else {}),
        )


def _dates(activity: etree.Element, pledge: Pledge, sent: Sequence[Any]) -> None:
    """The announcement as the planned start, since donors publish no other; the first departure as
    the actual one."""
    announced = etree.SubElement(
        activity, "activity-date", {"type": "1", "iso-date": pledge.announced_on.isoformat()}
    )
    _narrative(announced, "Announced")
    departed = [row.departed for row in sent if row.departed is not None]
    if departed:
        first = min(departed).astimezone(UTC).date()
        etree.SubElement(activity, "activity-date", {"type": "2", "iso-date": first.isoformat()})


def _result(activity: etree.Element, one: Standing, progress: Progress, name: Shown) -> None:
    """One item of a pledge: its indicators with the promise and what the ledger says."""
    result = etree.SubElement(activity, "result", {"type": "1", "aggregation-status": "true"})
    _told(result, "title", f"{name.text} ({progress.item.unit})")
    parts = [
        (split.country, split.quantity)
        for line in one.lines
        if line.item_id == progress.item.pk
        for split in line.splits.all()
        if split.quantity is not None
    ]
    today = timezone.now().date()
    for figure, title in _INDICATORS:
        indicator = etree.SubElement(result, "indicator", {"measure": "1", "ascending": "1"})
        _told(indicator, "title", title)
        period = etree.SubElement(indicator, "period")
        _day(period, "period-start", one.pledge.announced_on)
        _day(period, "period-end", max(today, one.pledge.announced_on))
        if progress.pledged:
            etree.SubElement(period, "target", {"value": str(progress.pledged)})
        if len(parts) > 1 or len(one.countries) > 1:
            for country, quantity in parts:
                target = etree.SubElement(period, "target", {"value": str(quantity)})
                etree.SubElement(
                    target, "dimension", {"name": "recipient country", "value": country}
                )
        etree.SubElement(period, "actual", {"value": str(getattr(progress, figure))})


def _day(parent: etree.Element, tag: str, day: date) -> None:
    etree.SubElement(parent, tag, {"iso-date": day.isoformat()})


def _text(parent: etree.Element, tag: str, text: str) -> None:
    etree.SubElement(parent, tag).text = text


def _told(
    parent: etree.Element, tag: str, text: str, attributes: dict[str, str] | None = None
) -> etree.Element:
    """An element that holds a narrative."""
    element = etree.SubElement(parent, tag, attributes or {})
    _narrative(element, text)
    return element


def _narrative(parent: etree.Element, text: str, language: str = _LANGUAGE) -> None:
    narrative = etree.SubElement(parent, "narrative")
    narrative.text = _writable(text)
    if language and language != _LANGUAGE:
        narrative.set(_XML_LANG, language)


def _writable(text: str) -> str:
    """Text without the control characters that XML cannot hold."""
    return "".join(c for c in text if c in "\t\n\r" or ord(c) >= 32)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
