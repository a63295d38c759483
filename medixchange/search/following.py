"""What a saved search finds now, for its owner: read alike by mails and by feeds."""

from dataclasses import replace

from django.http import QueryDict

from medixchange.network.models import Member
from medixchange.search import asking, queries
from medixchange.search.models import SavedSearch
from medixchange.search.queries import Hit, Wanted

#: Answers further down are not told of, not even when they are new.
DEEPEST = 50
#: What is found by its meaning alone always finds something near; below this place it is too far.
NEAREST = 10


def wanted(saved: SavedSearch) -> Wanted:
    """What a saved search asks for, in its language."""
    return asking.read(QueryDict(saved.asked), saved.language).wanted


def known(asked: Wanted, member: Member) -> list[Hit]:
    """All it finds down to ``DEEPEST``, best first, with the member's rights at this moment."""
    return queries.search(replace(asked, page=1), member, at_once=DEEPEST).hits


def answers(asked: Wanted, member: Member) -> list[Hit]:
    """Those of them that are worth telling of."""
    return [
        hit
        for place, hit in enumerate(known(asked, member))
        if hit.found_by != "meaning" or place < NEAREST
    ]
