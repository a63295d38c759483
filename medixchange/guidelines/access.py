"""Getting at guidelines only as far as somebody may: the row, or 403, or 404."""

from django.http import Http404, HttpRequest

from medixchange.guidelines import queries, rules
from medixchange.guidelines.models import Edition, Guideline, Revision
from medixchange.network.access import member as member
from medixchange.network.access import signed_in as signed_in
from medixchange.network.models import Member
from medixchange.translation.rules import NotAllowed


def to_read(request: HttpRequest, slug: str, language: str) -> tuple[Revision, Edition | None]:
    """The revision somebody may read in a language: what is published, else, for who works on it,
    the newest. 404 for anybody else, who is not told that it exists."""
    edition = queries.edition(slug, language)
    if edition is not None:
        return edition.revision, edition
    guideline = get(slug)
    if not rules.may_see_unpublished(member(request), guideline, language):
        raise Http404
    return queries.newest(guideline), None


def get(slug: str) -> Guideline:
    """The guideline of a slug, or 404. Says nothing of who may see it."""
    found = Guideline.objects.filter(slug=slug).select_related("owner").first()
    if found is None:
        raise Http404
    return found


def to_work_on(request: HttpRequest, slug: str, language: str) -> tuple[Member, Revision]:
    """The newest revision for who may translate or sign it in a language; 403, or 404 for who may
    not even know of it."""
    who, guideline = signed_in(request), get(slug)
    if language == guideline.language:
        raise Http404
    if not rules.may_see_unpublished(who, guideline, language):
        if queries.editions(guideline):
            raise NotAllowed
        raise Http404
    return who, queries.newest(guideline)
