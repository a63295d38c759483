"""Reading a guideline: anybody, on a slow phone, without script, in any published language."""

import gzip
import hashlib
import json
from collections.abc import Callable

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import quote_etag
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from medixchange.core import languages
from medixchange.core.languages import Language
from medixchange.guidelines import access, exporting, finished, queries, rules
from medixchange.guidelines.actions import file_path
from medixchange.guidelines.lists import laid_out
from medixchange.guidelines.models import Edition, Picture, Revision
from medixchange.translation.inline import plain
from medixchange.translation.rules import may_translate


def wanted_languages(request: HttpRequest) -> list[str]:
    """The languages to show content in, best first: those the member reads, then the site's."""
    tags = [languages.get(get_language() or "en").tag]
    who = access.member(request)
    if who is not None:
        tags += who.reads
    return list(dict.fromkeys(tags))


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All published guidelines, each in the reader's language where it has one."""
    who = access.member(request)
    return render(
        request,
        "guidelines/index.html",
        {
            "listed": queries.published(wanted_languages(request)),
            "may_import": who is not None and rules.may_import(who),
        },
    )


@require_safe
def choose(request: HttpRequest, slug: str) -> HttpResponse:
    """To the reader's language of a guideline, else to the one it was written in."""
    guideline = access.get(slug)
    published = {edition.language for edition in queries.editions(guideline)}
    for tag in wanted_languages(request):
        if tag in published:
            return redirect("guideline_read", slug, tag)
    if not published and not rules.may_see_unpublished(
        access.member(request), guideline, guideline.language
    ):
        raise Http404  # as for a guideline that does not exist
    return redirect("guideline_read", slug, guideline.language)


@require_safe
def read(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    """The guideline. ``?original=all`` or a passage's anchor shows the source beside it."""
    beside = request.GET.get("original", "")
    # What every visitor without an account sees alike is kept as a finished file.
    if not beside and not {settings.SESSION_COOKIE_NAME, "messages"} & request.COOKIES.keys():
        fingerprint = queries.fingerprint(slug, language)
        if fingerprint is not None:
            return _finished(
                request,
                f"{slug}/{language}/read.{get_language() or 'en'}.html",
                fingerprint,
                "text/html; charset=utf-8",
                lambda: _page(
                    request, *access.to_read(request, slug, language), "", language
                ).encode(),
                vary=("Cookie", "Accept-Language", "Accept-Encoding"),
            )
    revision, edition = access.to_read(request, slug, language)
    return HttpResponse(_page(request, revision, edition, beside, language))


#: Stands in a kept article where a member's own links go; no text of a document can hold it, since
#: documents are escaped.
_PLACE = mark_safe("<!-- work -->")


def _page(
    request: HttpRequest, revision: Revision, edition: Edition | None, beside: str, language: str
) -> str:
    """The whole page. The article of a published guideline is kept, and made only when it changed;
    what differs from reader to reader stands around it and in one place of it."""
    guideline = revision.guideline
    who = access.member(request)

    def make() -> bytes:
        return json.dumps(_article(request, revision, edition, beside, language)).encode()

    fingerprint = queries.fingerprint(guideline.slug, language)
    if edition is None or beside or fingerprint is None:
        made = make()
    else:
        interface = get_language() or "en"
        name = f"{guideline.slug}/{language}/article.{interface}.json"
        made = finished.get(name, fingerprint, make)
    kept = json.loads(made)
    other = language != guideline.language
    links = render_to_string(
        "guidelines/work_links.html",
        {
            "guideline": guideline,
            "language": languages.get(language),
            "may_translate": other
            and who is not None
            and may_translate(who, source=guideline.language, target=language),
            "may_see": other and rules.may_see_unpublished(who, guideline, language),
            "may_manage": who is not None and rules.may_publish(who, guideline),
        },
    )
    return render_to_string(
        "guidelines/read.html",
        {
            "title": kept["title"],
            # Made by our own templates, which escape.
            "article": mark_safe(kept["article"].replace(_PLACE, links)),  # noqa: S308
            "guideline": guideline,
            "languages": _languages(revision),
            "is_original": language == guideline.language,
        },
        request,
    )


def _languages(revision: Revision) -> list[Language]:
    """The languages in which a guideline is published."""
    return [languages.get(row.language) for row in queries.editions(revision.guideline)]


def _article(
    request: HttpRequest, revision: Revision, edition: Edition | None, beside: str, language: str
) -> dict[str, str]:
    """The article as HTML, the same for every reader, and its title."""
    guideline = revision.guideline
    shown = queries.reading(revision, language)
    source = queries.reading(revision, guideline.language) if beside else None
    sources = {
        block.anchor: block
        for block in (source.blocks if source else ())
        if block.all_words and beside in ("all", block.anchor)
    }
    html = render_to_string(
        "guidelines/article.html",
        {
            "reading": shown,
            "source": source,
            "laid_out": laid_out(shown.blocks, sources),
            "guideline": guideline,
            "edition": edition,
            "languages": _languages(revision),
            "beside": beside,
            "place_for_work": _PLACE,
        },
        request,
    )
    return {"title": plain(shown.title.text), "article": html}


def _finished(
    request: HttpRequest,
    name: str,
    fingerprint: str,
    media_type: str,
    make: Callable[[], bytes],
    vary: tuple[str, ...] = ("Accept-Encoding",),
) -> HttpResponse:
    """Answer from a finished file, compressed once when it was made, or with 304."""
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    seen = f"{name} {fingerprint} {packed}"
    etag = quote_etag(hashlib.sha256(seen.encode()).hexdigest()[:32])
    response = get_conditional_response(request, etag=etag)
    if response is None:
        content = finished.get(f"{name}.gz", fingerprint, lambda: gzip.compress(make(), 9))
        response = HttpResponse(
            content if packed else gzip.decompress(content), content_type=media_type
        )
        if packed:
            response["Content-Encoding"] = "gzip"
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache"
    patch_vary_headers(response, vary)
    return response


@require_safe
def original(request: HttpRequest, slug: str, language: str, anchor: str) -> HttpResponse:
    """One passage's source, to be shown in place by the reading page's small script."""
    revision, _edition = access.to_read(request, slug, language)
    source = queries.reading(revision, revision.guideline.language)
    block = next((block for block in source.blocks if block.anchor == anchor), None)
    if block is None:
        raise Http404
    return render(request, "guidelines/original.html", {"block": block, "reading": source})


_FILES = {
    "md": "text/markdown; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
}


@require_safe
def download(request: HttpRequest, slug: str, language: str, kind: str) -> HttpResponse:
    """The guideline as a file: PDF, HTML or Markdown."""
    if kind not in _FILES:
        raise Http404

    def make() -> bytes:
        revision, _edition = access.to_read(request, slug, language)
        return exporting.export(queries.reading(revision, language), kind)

    fingerprint = queries.fingerprint(slug, language)
    if fingerprint is not None:
        response = _finished(
            request, f"{slug}/{language}/file.{kind}", fingerprint, _FILES[kind], make
        )
    else:
        response = HttpResponse(make(), content_type=_FILES[kind])
    response["Content-Disposition"] = f'inline; filename="{slug}.{language}.{kind}"'
    return response


@require_safe
def picture(request: HttpRequest, slug: str, digest: str) -> HttpResponse | FileResponse:
    """A picture of a guideline, for who may read the guideline in any language."""
    guideline = access.get(slug)
    found = get_object_or_404(Picture, guideline=guideline, sha256=digest)
    if not queries.editions(guideline) and not rules.may_see_unpublished(
        access.member(request), guideline, guideline.language
    ):
        raise Http404
    response = FileResponse(
        file_path("pictures", found.sha256).open("rb"), content_type=found.media_type
    )
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
