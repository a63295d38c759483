"""The feed of a saved search: Atom, for programs that cannot sign in."""

import hashlib

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from medixchange.search import asking, following, telling
from medixchange.search.actions import saving
from medixchange.search.models import SavedSearch


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """What a saved search finds now, the newest first. Whoever holds the address reads with the
    rights that its member has at this moment."""
    saved = saving.of_feed_token(token)
    if saved is None:
        raise Http404
    with translation.override(saved.member.interface_language):
        body = _made(saved).encode()
    etag = quote_etag(hashlib.sha256(body).hexdigest()[:32])
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(body, content_type="application/atom+xml; charset=utf-8")
    response["ETag"] = etag
    response["X-Robots-Tag"] = "noindex"
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _made(saved: SavedSearch) -> str:
    wanted = following.wanted(saved)
    found = telling.answers(following.answers(wanted, saved.member), wanted, saved.member)
    found.sort(key=lambda answer: answer.card.said_at, reverse=True)
    page = f"{settings.ORIGIN}{reverse('search')}?{asking.address(wanted)}"
    made = Atom1Feed(
        title=_("Search: %(question)s") % {"question": wanted.text},
        link=page,
        description="",
        language=saved.language,
        feed_url=None,
        feed_guid=f"{settings.ORIGIN}{reverse('search')}#saved-{saved.pk}",
    )
    for answer in found:
        card = answer.card
        facts = [
            answer.kind, card.strength, card.certainty, card.by,
            answer.mark if card.provenance.state != "original" else "", *answer.warnings,
        ]  # fmt: skip
        made.add_item(
            title=" › ".join(text for text in (card.work, card.section) if text),
            link=settings.ORIGIN + card.address,
            description="\n".join([answer.quotation.text, *(fact for fact in facts if fact)]),
            unique_id=f"{settings.ORIGIN}/#{answer.hit.kind}/{answer.hit.place}",
            updateddate=card.said_at,
            author_name=card.by or None,
        )
    return made.writeString("utf-8")
