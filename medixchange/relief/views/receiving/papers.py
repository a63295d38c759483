"""Papers and photos of a receipt, for its parties alone."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from medixchange.relief import access, rules
from medixchange.relief.actions import photos
from medixchange.relief.models import Document, DocumentKind, Photo
from medixchange.relief.papers.certificate import as_pdf
from medixchange.relief.refusals import Refused

_RECEIPTS = (DocumentKind.RECEIPT, DocumentKind.DELIVERY)


@require_safe
@login_required
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """The handover certificate of a receipt or delivery as PDF, in the reader's language."""
    document = receipt(request, number)
    response = HttpResponse(
        as_pdf(document, access.reading(request)), content_type="application/pdf"
    )
    response["Content-Disposition"] = f'inline; filename="{document.number}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
@login_required
def photo(request: HttpRequest, number: str, digest: str) -> FileResponse:
    """A photo of a receipt."""
    document = receipt(request, number)
    found = get_object_or_404(Photo, document=document, sha256=digest)
    path = photos.path_of(found.sha256)
    if not path.is_file():
        raise Http404
    response = FileResponse(path.open("rb"), content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


@require_POST
def add_photo(request: HttpRequest, number: str) -> HttpResponse:
    """Take one photo that a phone sends after its count. Sent twice it is kept once."""
    if access.member(request) is None:
        return JsonResponse(
            {"problem": _("Sign in again. Nothing that was counted is lost.")}, status=401
        )
    document = receipt(request, number)
    file = request.FILES.get("photo")
    if file is None:
        return JsonResponse({"problem": _("No photo came.")}, status=422)
    try:
        made = photos.add_photo(
            document=document, content=file.read(), by=access.signed_in(request)
        )
    except Refused as refused:
        return JsonResponse({"problem": str(refused)}, status=422)
    return JsonResponse({"sha256": made.sha256})


def receipt(request: HttpRequest, number: str) -> Document:
    """A receipt for the parties of its consignment; 404 for anybody else."""
    found = (
        Document.objects.filter(number=number, kind__in=_RECEIPTS)
        .select_related(
            "consignment__origin__organisation",
            "consignment__destination__organisation",
            "consignment__carrier",
            "posted_by",
            "reversed_by",
        )
        .first()
    )
    if (
        found is None
        or found.consignment is None
        or not rules.may_see_consignment(access.member(request), found.consignment)
    ):
        raise Http404
    return found
