"""FHIR R5 for programs: reading and searching, what is public and what the signed-in member may
see."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from medixchange.relief import access
from medixchange.relief.exports import Asker
from medixchange.relief.fhir import KINDS, page
from medixchange.relief.fhir.bundles import USUAL, capabilities, outcome
from medixchange.relief.fhir.resources import Resource

_TYPE = "application/fhir+json; fhirVersion=5.0"


@require_safe
def metadata(_request: HttpRequest) -> HttpResponse:
    """What can be asked for."""
    return _answer(capabilities())


@require_safe
def search(request: HttpRequest, kind: str) -> HttpResponse:
    """A page of all resources of a kind."""
    asker, found = _asker(request), KINDS.get(kind)
    if found is None:
        return _no_such_kind(kind)
    if not found.is_open_to(asker):
        return _sign_in()
    try:
        count = int(request.GET.get("_count", USUAL))
        number = int(request.GET.get("_page", 1))
    except ValueError:
        return _answer(outcome("value", "_count and _page are whole numbers."), 400)
    return _answer(page(found, asker, count=count, number=number))


@require_safe
def read(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """One resource."""
    asker, found = _asker(request), KINDS.get(kind)
    if found is None:
        return _no_such_kind(kind)
    if not found.is_open_to(asker):
        return _sign_in()
    row = found.visible(asker).filter(pk=pk).first()
    if row is None:
        return _answer(outcome("not-found", f"There is no {kind}/{pk} that you may see."), 404)
    return _answer(found.tell([row])[0])


def _asker(request: HttpRequest) -> Asker:
    return Asker(access.reading(request), access.member(request))


def _answer(resource: Resource, status: int = 200) -> HttpResponse:
    response = JsonResponse(resource, status=status, content_type=_TYPE)
    response["Cache-Control"] = "private, no-cache"
    return response


def _no_such_kind(kind: str) -> HttpResponse:
    return _answer(outcome("not-supported", f"{kind} is not given here."), 404)


def _sign_in() -> HttpResponse:
    return _answer(outcome("login", "Sign in to read what facilities need."), 401)
