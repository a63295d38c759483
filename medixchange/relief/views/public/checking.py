"""Whether a printed paper is genuine, for who holds it in hand."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from medixchange.relief import access
from medixchange.relief.models import Item, Outcome
from medixchange.relief.queries import names
from medixchange.relief.queries.public import documents, verify, visible
from medixchange.relief.views.public import words
from medixchange.relief.views.public.papers import merged

#: Letters of the fingerprint that a paper shows.
FINGERPRINT = 12


@gzip_page
@require_safe
def check(request: HttpRequest, number: str = "") -> HttpResponse:
    """Compare a paper with the ledger by its number and check code: nobody is named."""
    number = number or request.GET.get("number", "")
    code = request.GET.get("code", "")
    context = {"number": number, "code": code, "asked": bool(number and code)}
    document = verify.genuine(number, code) if number and code else None
    if document is None:
        status = 404 if context["asked"] else 200
        return render(request, "relief/public/verify.html", context, status=status)
    language = access.reading(request)
    lines = documents.moved(document)
    counted = verify.counted(document)
    items = {line.item.pk: line.item for line in lines}
    missing = {item for item, _outcome, _quantity in counted} - items.keys()
    if missing:
        items |= Item.objects.select_related("name").in_bulk(missing)
    named = names.of(items.values(), language)
    context |= {
        "document": document,
        "reversed_by": getattr(document, "reversed_by", None),
        "example": documents.is_example(document),
        "day_only": visible.touches_hidden(
            place for line in lines for place in (line.from_place, line.to_place)
        ),
        "fingerprint": document.fingerprint[:FINGERPRINT],
        "counted": [
            {
                "name": named[item],
                "outcome": Outcome(outcome).label,
                "amount": words.amount(quantity, items[item].unit),
            }
            for item, outcome, quantity in counted
        ],
        "lines": merged(lines, named, language),
    }
    return render(request, "relief/public/verify.html", context)
