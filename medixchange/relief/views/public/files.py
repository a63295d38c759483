"""The public figures as files and for programs: CSV with HXL hashtags, and JSON."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from medixchange.relief.interchange.writing import Cell, csv_bytes
from medixchange.relief.models import Place
from medixchange.relief.queries.public import adding_up, flows, promised, visible
from medixchange.relief.queries.public.adding_up import COUNTED, NAMES
from medixchange.relief.queries.public.asking import Asked
from medixchange.relief.queries.public.overview import overview
from medixchange.relief.views.public.overview import Read, read

#: Columns of the file: heading and HXL hashtag. Programs read them, so they are in English.
COLUMNS = (
    ("record", "#meta+record"),
    ("donor", "#org+funder+name"),
    ("donor_code", "#org+funder+code"),
    ("country", "#country+name"),
    ("country_code", "#country+code+v_iso2"),
    ("split", "#meta+split"),
    ("item", "#item+name"),
    ("item_code", "#item+code"),
    ("unit", "#item+unit"),
    ("pledged", "#capacity+pledged"),
    ("allocated", "#capacity+allocated"),
    *((name, f"#output+{name}") for name in COUNTED),
    ("from_week", "#date+start"),
    ("to_week", "#date+end"),
    ("as_of", "#date+reported"),
)


@gzip_page
@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """One row for each donor, country and item; what is not split, and what was allocated, in rows
    of their own, so that every column sums to its figure on the page."""
    found = read(request)
    if found.asked is None:
        return HttpResponse(status=422, content_type="text/plain; charset=utf-8")
    content = csv_bytes(
        [heading for heading, _tag in COLUMNS],
        [tag for _heading, tag in COLUMNS],
        ([record[heading] for heading, _tag in COLUMNS] for record in records(found, found.asked)),
    )
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    name = "relief-example.csv" if found.asked.example else "relief.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def records(found: Read, asked: Asked) -> Iterator[dict[str, Cell]]:
    """The rows of the file, by heading. Donor accounts that only stand for stock that was there
    are one row for each country, without a donor."""
    items = {item.pk: item for item in found.choices.items}
    givers = {giver.pk: giver for giver in found.choices.every_giver}
    sums: dict[tuple[int, int, str], Counter[str]] = {}
    for (item, donor, country), ways in flows.by_all(asked, items).items():
        told = donor if donor in givers else flows.OTHER_GIVERS
        figures = flows.figures_of(ways)
        row = sums.setdefault((item, told, country), Counter())
        for name in COUNTED:
            row[name] += getattr(figures, name)
    pledged = promised.pledged(asked)
    for (item, donor, country), quantity in pledged.settled.items():
        told = donor if donor in givers else flows.OTHER_GIVERS
        sums.setdefault((item, told, country), Counter())["pledged"] += quantity

    def record(
        item: int, donor: int, country: str, values: dict[str, int], split: str = ""
    ) -> dict[str, Cell]:
        giver = givers.get(donor)
        return {
            "record": "example, did not happen" if asked.example else "record",
            "donor": visible.place_name(giver, found.language) if giver else "",
            "donor_code": giver.code if giver else "",
            "country": visible.country_name(country, found.language) if country else "",
            "country_code": country,
            "split": split,
            "item": found.names[item].text,
            "item_code": items[item].code,
            "unit": items[item].unit,
            **{name: values.get(name) for name in NAMES},
            "from_week": asked.since,
            "to_week": asked.until,
            "as_of": timezone.now().date(),
        }

    for item, donor, country in sorted(sums, key=lambda key: (items[key[0]].code, *key[1:])):
        told_figures = {name: sums[item, donor, country][name] for name in ("pledged", *COUNTED)}
        yield record(item, donor, country, told_figures)
    # Where one country is asked for, what is for several together is in none of its figures.
    for part in [] if asked.country else pledged.open:
        together = " ".join(part.countries) or part.region or "no country published"
        yield record(part.item, part.donor, "", {"pledged": part.quantity}, f"open: {together}")
    for (item, country), quantity in sorted(promised.allocated(asked).items()):
        yield record(item, flows.OTHER_GIVERS, country, {"allocated": quantity})


@gzip_page
@require_safe
def figures(request: HttpRequest) -> JsonResponse:
    """The same as JSON: figures by item, how they add up, and the parts that are not split."""
    found = read(request)
    if found.asked is None:
        problems = [
            {"where": field, "what": message, "code": "unknown"}
            for field, messages in found.form.errors.items()
            for message in messages
        ]
        return JsonResponse({"problems": problems}, status=422)
    asked = found.asked
    shown = overview(asked, found.choices.items, found.choices.givers)
    pledged = promised.pledged(asked)
    givers = {giver.pk: giver for giver in found.choices.every_giver}
    return JsonResponse(
        {
            "as_of": timezone.now().isoformat(timespec="seconds"),
            "latest_document_posted_at": shown.latest.isoformat() if shown.latest else None,
            "example": asked.example,
            "filters": asked.parameters(),
            "language": found.language,
            "items": [
                {
                    "code": row.item.code,
                    "name": found.names[row.item.pk].text,
                    "unit": row.item.unit,
                    "figures": {name: row.value(name) for name in NAMES},
                    "between": [
                        {
                            "from": between.first,
                            "to": between.then,
                            "parts": {part.what: part.quantity for part in between.parts},
                        }
                        for between in adding_up.parts(row.pledged, row.figures, row.ways)
                    ],
                    "split_open": [
                        _open(part, givers, found.language)
                        for part in pledged.open
                        if part.item == row.item.pk
                    ],
                }
                for row in shown.rows
            ],
            "rows": list(records(found, asked)),
        },
        json_dumps_params={"ensure_ascii": False},
    )


def _open(part: promised.Open, givers: dict[int, Place], language: str) -> dict[str, Any]:
    giver = givers.get(part.donor)
    return {
        "pledge": part.pledge,
        "donor": visible.place_name(giver, language) if giver else "",
        "quantity": part.quantity,
        "countries": list(part.countries),
        "region": part.region,
    }
