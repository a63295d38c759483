"""Pledges, needs and consignments as tables."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.db.models import Min, Q
from django.utils.translation import gettext_lazy as _

from medixchange.relief.exports.base import CHUNK, Asker, Table, yes_or_no
from medixchange.relief.exports.goods import chunks
from medixchange.relief.interchange.writing import Cell
from medixchange.relief.models import Consignment, Need, PledgeLine, StageKind
from medixchange.relief.queries import giving, needs
from medixchange.relief.queries.names import of as names_of
from medixchange.relief.queries.public.visible import place_name
from medixchange.relief.states import ConsignmentState


def _pledges(asker: Asker) -> Iterator[Sequence[Cell]]:
    rows = (
        PledgeLine.objects.select_related("pledge__donor__parent", "item__name")
        .prefetch_related("splits")
        .order_by("pledge_id", "pk")
    )
    for batch in chunks(rows.iterator(chunk_size=CHUNK)):
        named = names_of([line.item for line in batch], asker.language)
        for line in batch:
            pledge = line.pledge
            # A line for nobody in particular still is a row.
            for country, part in [(s.country, s.quantity) for s in line.splits.all()] or [
                ("", None)
            ]:
                yield [
                    pledge.reference,
                    place_name(pledge.donor, asker.language),
                    pledge.announced_on,
                    pledge.state,
                    line.item.code,
                    named[line.item_id].text,
                    line.item.unit,
                    line.quantity,
                    country,
                    part,
                    line.region,
                    line.recipient_as_published,
                    line.progress_as_published,
                    pledge.source_url,
                    yes_or_no(pledge.is_example),
                ]


def _needs(asker: Asker) -> Iterator[Sequence[Cell]]:
    if asker.is_operator:
        rows = Need.objects.select_related("facility", "item__name")
    elif asker.member is not None:
        rows = needs.visible_to(asker.member)
    else:
        return
    for batch in chunks(rows.order_by("facility__code", "pk").iterator(chunk_size=CHUNK)):
        named = names_of([need.item for need in batch], asker.language)
        for need in batch:
            yield [
                need.facility.code,
                need.facility.name,
                need.facility.country,
                need.item.code,
                named[need.item_id].text,
                need.item.unit,
                need.quantity,
                need.by_when,
                need.basis,
                need.state,
                need.daily_use,
                need.stated_at.date(),
            ]


def _consignments(asker: Asker) -> Iterator[Sequence[Cell]]:
    rows = (
        Consignment.objects.exclude(state__in=[ConsignmentState.DRAFT, ConsignmentState.CANCELLED])
        .select_related("origin__parent", "destination__parent", "pledge")
        .annotate(
            departed=Min("stages__happened_at", filter=Q(stages__kind=StageKind.DEPARTED)),
            arrived=Min("stages__happened_at", filter=Q(stages__kind=StageKind.ARRIVED)),
        )
        .order_by("pk")
    )
    for batch in chunks(rows.iterator(chunk_size=CHUNK)):
        sums = defaultdict(list)
        for moved in giving.moved_by_consignment(batch):
            sums[moved.consignment].append(moved)
        items = {row.item.pk: row.item for found in sums.values() for row in found}
        named = names_of(items.values(), asker.language)
        for row in batch:
            for moved in sums[row.pk]:
                yield [
                    row.reference,
                    place_name(row.origin, asker.language),
                    place_name(row.destination, asker.language),
                    row.destination.country,
                    row.pledge.reference if row.pledge else "",
                    row.state,
                    row.departed.date() if row.departed else None,
                    row.arrived.date() if row.arrived else None,
                    moved.item.code,
                    named[moved.item.pk].text,
                    moved.item.unit,
                    moved.shipped,
                    moved.arrived,
                    moved.received,
                    moved.damaged,
                    moved.lost,
                    yes_or_no(row.is_example),
                ]


_ITEM = (("item", "#item+code"), ("item_name", "#item+name"), ("unit", "#item+unit"))
PLEDGES = Table(
    "pledges",
    _("Pledges"),
    _("A row for each line and country; the part is blank where the split was not published."),
    (
        ("pledge", "#activity+code"),
        ("donor", "#org+funder"),
        ("announced_on", "#date+announced"),
        ("state", "#status+name"),
        *_ITEM,
        ("quantity", "#value+quantity+line"),
        ("country", "#country+code"),
        ("part", "#value+quantity+country"),
        ("region", "#region+name"),
        ("recipient_as_published", "#org+recipient"),
        ("progress_as_published", "#status+published"),
        ("source_url", "#meta+url"),
        ("example", "#meta+example"),
    ),
    _pledges,
)
NEEDS = Table(
    "needs",
    _("Needs"),
    _("What facilities said they need, as far as you may see it."),
    (
        ("facility", "#loc+facility+code"),
        ("facility_name", "#loc+facility+name"),
        ("country", "#country+code"),
        *_ITEM,
        ("need", "#affected+needed"),
        ("by_when", "#date+due"),
        ("basis", "#meta+basis"),
        ("state", "#status+name"),
        ("daily_use", "#value+quantity+daily"),
        ("stated_on", "#date+stated"),
    ),
    _needs,
    for_members=True,
)
CONSIGNMENTS = Table(
    "consignments",
    _("Consignments"),
    _("A row for each item of what has left, with what arrived, was received, damaged and lost."),
    (
        ("consignment", "#output+code"),
        ("origin", "#loc+origin+name"),
        ("destination", "#loc+dest+name"),
        ("country", "#country+code+dest"),
        ("pledge", "#activity+code"),
        ("state", "#status+name"),
        ("departed_on", "#date+start"),
        ("arrived_on", "#date+end"),
        *_ITEM,
        ("shipped", "#value+quantity+shipped"),
        ("arrived", "#value+quantity+arrived"),
        ("received", "#value+quantity+received"),
        ("damaged", "#value+quantity+damaged"),
        ("lost", "#value+quantity+lost"),
        ("example", "#meta+example"),
    ),
    _consignments,
)
