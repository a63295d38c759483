"""Answering a search.

Rights come first: the audiences a viewer belongs to are asked of the sources at each search, and
only passages of these audiences enter the index's candidates, counts and suggestions. What is
shown is asked of the sources once more.
"""

import time

from medixchange.core import searchable
from medixchange.network.models import Member
from medixchange.search.actions import taking_in
from medixchange.search.queries import judging, narrowing, remembering, rights
from medixchange.search.queries.looking import Looking
from medixchange.search.queries.ranking import Ranked, Reader, without
from medixchange.search.queries.wanted import LONGEST, PAGE, Hit, Results, Wanted
from medixchange.search.retrieval import analysis
from medixchange.search.retrieval.analysis import STEM

#: Seconds that a search takes to take in what has changed before it answers.
TAKE_IN = 0.5


def search(wanted: Wanted, viewer: Member | None, *, at_once: int = PAGE) -> Results:
    """What answers this, for this viewer. The number of queries does not grow with the hits.

    Never fails on any text. Changes that wait are taken in first, as far as ``TAKE_IN`` allows.

    Args:
        at_once: hits on a page.
    """
    began = time.monotonic()
    # Halves of characters are no text: neither database nor engine takes them.
    text = wanted.text[:LONGEST].encode("utf-8", "replace").decode().strip()
    if not text:
        return Results(wanted, [], 0, narrowing.facets((), (), wanted), is_good=True)
    is_behind = _catch_up()
    looking = Looking(
        text,
        Reader(wanted.language, _countries(viewer)),
        rights.labels(rights.audiences(viewer)),
        remembering.wordings(text, wanted.language),
    )
    ranked = looking.places(wanted)
    others = [(other, looking.places(other)) for other in narrowing.chosen(wanted)]
    if is_behind:
        rows = [one.passage for some in (ranked, *(some for _o, some in others)) for one in some]
        gone = rights.no_longer(rows, wanted.language, viewer)
        ranked = without(ranked, gone)
        others = [(other, without(some, gone)) for other, some in others]
    page = ranked[(wanted.page - 1) * at_once : wanted.page * at_once]
    cards = searchable.cards_of((one.key for one in page), wanted.language, viewer)
    missing = {one.key for one in page if one.key not in cards}
    ranked = without(ranked, missing)
    terms = looking.terms()
    hits = [_hit(one, cards[one.key], terms, text) for one in page if one.key in cards]
    is_good = judging.is_good(text, wanted.language, terms, ranked)
    return Results(
        wanted=wanted,
        hits=hits,
        total=len(ranked),
        facets=narrowing.facets(
            [one.passage for one in ranked],
            [(other, [o.passage for o in some]) for other, some in others],
            wanted,
        ),
        is_good=is_good,
        suggestion="" if is_good else looking.suggestion(),
        meaning_behind=looking.meaning_behind(),
        seconds=time.monotonic() - began,
        at_once=at_once,
    )


def _catch_up() -> bool:
    """Take in what waits; whether something still waits then."""
    if not taking_in.anything_waits():
        return False
    taking_in.catch_up(seconds=TAKE_IN)
    return taking_in.anything_waits()


def _countries(viewer: Member | None) -> frozenset[str]:
    """Where the viewer's verified organisations are."""
    if viewer is None:
        return frozenset()
    return frozenset(
        held.organisation.country
        for held in viewer.current_memberships
        if held.organisation.is_verified
    )


def _hit(one: Ranked, card: searchable.Card, terms: frozenset[str], text: str) -> Hit:
    """A place with its card. The words that were looked for are marked in it; in a card of another
    language than the passage's, those of the search that are written alike. Words that say little
    are not marked, unless nothing else was looked for."""
    tag = card.language.tag
    wanted = terms | {*analysis.analyse(text, tag)}
    telling = {t for t in wanted if not analysis.says_little(t.removeprefix(STEM), tag)}
    return Hit(
        kind=one.passage.kind,
        place=one.passage.place,
        card=card,
        spans=tuple(analysis.highlights(card.text, tag, telling or wanted)),
        found_by=one.found.by,
        found_in=one.passage.language,
        score=one.score,
    )
