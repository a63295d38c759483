"""Who asks, and getting at rows of search only as far as somebody may: the row, or 404."""

from django.http import Http404, HttpRequest

from medixchange.network.access import member as member
from medixchange.network.access import reading as reading
from medixchange.network.access import signed_in as signed_in
from medixchange.search.models import SavedSearch


def saved(request: HttpRequest, pk: int) -> SavedSearch:
    """A member's own saved search; 404 for anybody else, who is not told of it."""
    found = SavedSearch.objects.filter(pk=pk, member=signed_in(request)).first()
    if found is None:
        raise Http404
    return found
