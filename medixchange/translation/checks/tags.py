"""Inline tags: what is bold, linked or a picture in the source must be so in the translation."""

from collections import Counter

from django.utils.translation import gettext_lazy as _

from medixchange.translation.checks.base import Finding, Pair, Severity
from medixchange.translation.inline import Piece, pieces


def check(pair: Pair) -> list[Finding]:
    """Block missing, extra and wrongly nested tags."""
    if "<" not in pair.source and "<" not in pair.target:
        return []
    source = [piece for piece in pieces(pair.source) if piece.kind != "text"]
    target = [piece for piece in pieces(pair.target) if piece.kind != "text"]
    wanted = Counter(piece.text for piece in source)
    given = Counter(piece.text for piece in target)
    findings = [
        _finding(_("The mark %(tag)s is missing in the translation."), piece, None)
        for piece in _surplus(source, wanted - given)
    ]
    findings += [
        _finding(
            _("The translation has the mark %(tag)s, which the source does not have."), None, piece
        )
        for piece in _surplus(target, given - wanted)
    ]
    if not findings:
        findings += [
            _finding(
                _("The mark %(tag)s is not nested properly: what opens last must close first."),
                None,
                piece,
            )
            for piece in _crossed(target)[:1]
            if not _crossed(source)
        ]
    return findings


def _surplus(found: list[Piece], surplus: Counter[str]) -> list[Piece]:
    """The last occurrences of the tags that are too many."""
    rest = Counter(surplus)
    out: list[Piece] = []
    for piece in reversed(found):
        if rest[piece.text] > 0:
            rest[piece.text] -= 1
            out.append(piece)
    return out[::-1]


def _crossed(found: list[Piece]) -> list[Piece]:
    """Tags that close what is not open, or open what stays open."""
    wrong: list[Piece] = []
    open_now: list[Piece] = []
    for piece in found:
        if piece.kind == "open":
            open_now.append(piece)
        elif piece.kind == "close":
            if open_now and open_now[-1].number == piece.number:
                open_now.pop()
            else:
                wrong.append(piece)
    return wrong + open_now


def _finding(template: object, source: Piece | None, target: Piece | None) -> Finding:
    piece = source or target
    return Finding(
        check="tags",
        severity=Severity.BLOCK,
        source_span=(source.start, source.end) if source else None,
        target_span=(target.start, target.end) if target else None,
        template=template,  # type: ignore[arg-type]
        params={"tag": piece.text if piece else ""},
    )
