"""Documents and movements of the ledger as tables."""

from collections.abc import Iterator, Sequence

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from medixchange.network.models import Member
from medixchange.relief import rules
from medixchange.relief.exports.base import CHUNK, Asker, Table
from medixchange.relief.exports.goods import chunks
from medixchange.relief.interchange.writing import Cell
from medixchange.relief.models import Consignment, Document, Movement, Place
from medixchange.relief.queries.names import of as names_of


def _documents(asker: Asker) -> Iterator[Sequence[Cell]]:
    rows = Document.objects.select_related("consignment", "reverses").order_by("pk")
    for row in rows.iterator(chunk_size=CHUNK):
        yield [
            row.number,
            row.kind,
            row.day,
            row.consignment.reference if row.consignment else "",
            row.reverses.number if row.reverses else "",
        ]


def visible_movements(member: Member) -> QuerySet[Movement]:
    """Movements whose parties a member belongs to: out of or into a place of their organisation,
    or on a consignment that it sends, receives or carries. All, for platform staff."""
    if rules.is_staff(member):
        return Movement.objects.all()
    own = {
        held.organisation_id for held in member.current_memberships if held.organisation.is_verified
    }
    if not own:
        return Movement.objects.none()
    places = Place.objects.filter(organisation__in=own).values("pk")
    consignments = Consignment.objects.filter(
        Q(origin__organisation__in=own) | Q(destination__organisation__in=own) | Q(carrier__in=own)
    ).values("pk")
    return Movement.objects.filter(
        Q(from_place__in=places)
        | Q(to_place__in=places)
        | Q(document__consignment__in=consignments)
    )


def _movements(asker: Asker) -> Iterator[Sequence[Cell]]:
    if asker.is_operator:
        rows = Movement.objects.all()
    elif asker.member is not None:
        rows = visible_movements(asker.member)
    else:
        return
    rows = rows.select_related(
        "document", "lot__item__name", "lot__source", "from_place", "to_place"
    ).order_by("pk")
    for batch in chunks(rows.iterator(chunk_size=CHUNK)):
        named = names_of((row.lot.item for row in batch), asker.language)
        for row in batch:
            yield [
                row.document.number,
                row.document.kind,
                row.document.day,
                row.lot.item.code,
                named[row.lot.item_id].text,
                row.lot.item.unit,
                row.lot.number,
                row.lot.expires_on,
                row.lot.source.name,
                row.quantity,
                row.from_place.code,
                row.from_place.name,
                row.from_place.kind,
                row.to_place.code,
                row.to_place.name,
                row.to_place.kind,
            ]


DOCUMENTS = Table(
    "documents",
    _("Documents"),
    _("Every document of the ledger by number, without notes, people or signatures."),
    (
        ("document", "#meta+id"),
        ("kind", "#meta+kind"),
        ("day", "#date"),
        ("consignment", "#output+code"),
        ("reverses", "#meta+id+reversed"),
    ),
    _documents,
)
MOVEMENTS = Table(
    "movements",
    _("Movements"),
    _("Every line of the ledger that your organisation is a party of, with lots."),
    (
        ("document", "#meta+id"),
        ("kind", "#meta+kind"),
        ("day", "#date"),
        ("item", "#item+code"),
        ("item_name", "#item+name"),
        ("unit", "#item+unit"),
        ("lot", "#item+lot"),
        ("expires_on", "#date+expiry"),
        ("donor", "#org+funder"),
        ("quantity", "#value+quantity"),
        ("from", "#loc+origin+code"),
        ("from_name", "#loc+origin+name"),
        ("from_kind", "#loc+origin+kind"),
        ("to", "#loc+dest+code"),
        ("to_name", "#loc+dest+name"),
        ("to_kind", "#loc+dest+kind"),
    ),
    _movements,
    for_members=True,
)
