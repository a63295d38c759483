"""Tags, placeholders and addresses."""

import pytest

from medixchange.translation.checks import Pair, Severity, placeholders, tags

Marks = list[tuple[tuple[int, int] | None, tuple[int, int] | None]]


@pytest.mark.parametrize(
    ("source", "target", "marks"),
    [
        ("<g1>Wash</g1> hands<x2/>", "<g1>Lavez</g1> les mains<x2/>", []),
        ("<g1>a</g1> <g2>b</g2>", "<g2>b</g2> <g1>a</g1>", []),
        ("Wash<x1/>", "Lavez", [((4, 9), None)]),
        ("Wash", "Lavez<x1/>", [(None, (5, 10))]),
        ("<g1>a</g1>", "<g1>a", [((5, 10), None)]),
        ("<g1>a</g1><g2>b</g2>", "<g1>a<g2></g1>b</g2>", [(None, (9, 14))]),
        ("5 < 6 and 7 > 2", "5 < 6 et 7 > 2", []),
    ],
)
def test_tags_must_survive(source: str, target: str, marks: Marks) -> None:
    findings = tags.check(Pair(source, target, "en", "fr"))
    assert [(f.source_span, f.target_span) for f in findings] == marks
    assert all(f.severity is Severity.BLOCK for f in findings)


@pytest.mark.parametrize(
    ("source", "target", "marks"),
    [
        ("Hello %(name)s", "Bonjour %(name)s", []),
        ("Hello %(name)s", "Bonjour %(nom)s", [((6, 14), None), (None, (8, 15))]),
        ("%s of %s", "%s", [((6, 8), None)]),
        ("{count} beds", "lits", [((0, 7), None)]),
        ("5% saline", "5 % de sérum", []),
        ("50 % discount", "50 % de rabais", []),
    ],
)
def test_placeholders_block(source: str, target: str, marks: Marks) -> None:
    findings = placeholders.check(Pair(source, target, "en", "fr"))
    assert [(f.source_span, f.target_span) for f in findings] == marks
    assert all(f.severity is Severity.BLOCK for f in findings)


def test_a_changed_address_warns() -> None:
    pair = Pair("See https://who.int/en.", "Voir https://who.int/fr.", "en", "fr")
    assert [(f.severity, f.source_span, f.target_span) for f in placeholders.check(pair)] == [
        (Severity.WARN, (4, 22), None),
        (Severity.WARN, None, (5, 23)),
    ]
    kept = Pair("Write to a.b@who.int.", "A.b: a.b@who.int።", "en", "am")
    assert placeholders.check(kept) == []
