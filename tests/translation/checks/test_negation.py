"""Negation: lost, added, said otherwise."""

import pytest

from medixchange.translation.checks import Pair, Severity
from medixchange.translation.checks.negation import check

BLOCK, WARN = Severity.BLOCK, Severity.WARN
FOUND = [
    ("en", "fr", "Do not give it.", "Donnez-le.", BLOCK, (3, 6), None),
    ("en", "id", "The dose is safe.", "Dosis ini tidak aman.", BLOCK, None, (10, 15)),
    ("en", "hi", "It is not safe.", "यह सुरक्षित है।", BLOCK, (6, 9), None),
    ("en", "zh", "It is safe.", "这不安全。", BLOCK, None, (1, 2)),
    ("ar", "en", "لا تعط الدواء", "Give the medicine.", BLOCK, (0, 2), None),
    ("en", "sw", "You can drink it.", "Huwezi kunywa.", WARN, None, (0, 6)),
    ("en", "sw", "You cannot drink it.", "Unaweza kunywa.", BLOCK, (4, 10), None),
    # "Avoid" may carry the denial over, so it is for the reviewer to see.
    ("en", "es", "Do not touch it.", "Evite tocarlo.", WARN, (3, 6), None),
    # Languages whose denials are hard to tell from other forms only warn.
    ("en", "am", "It is not safe.", "ደህና ነው።", WARN, (6, 9), None),
]
NOT_FOUND = [
    ("en", "fr", "Do not give it.", "Ne le donnez pas."),
    ("en", "fr", "This is not only safe but cheap.", "C’est sûr et bon marché."),
    ("en", "zh", "The results differ.", "结果不同。"),
    ("en", "zh", "very important", "非常重要"),
    ("en", "es", "The cause is unknown.", "No se conoce la causa."),
    ("en", "id", "Patients lack water.", "Pasien tidak punya air."),
    ("en", "ru", "without food", "без еды"),
    ("en", "sw", "It is not safe.", "Si salama."),
    ("en", "sw", "The hospital is in the east.", "Hospitali ipo mashariki, hatua za usiku."),
    ("en", "bn", "Do not give it.", "এটি দেবেন না।"),
    ("en", "xx", "Do not give it.", "Give it."),
]


@pytest.mark.parametrize(
    ("source_language", "language", "source", "target", "severity", "here", "there"), FOUND
)
def test_a_denial_lost_or_added_is_found(
    source_language: str,
    language: str,
    source: str,
    target: str,
    severity: Severity,
    here: tuple[int, int] | None,
    there: tuple[int, int] | None,
) -> None:
    findings = check(Pair(source, target, source_language, language))
    assert [(f.severity, f.source_span, f.target_span) for f in findings] == [
        (severity, here, there)
    ]


@pytest.mark.parametrize(("source_language", "language", "source", "target"), NOT_FOUND)
def test_a_denial_said_otherwise_is_not(
    source_language: str, language: str, source: str, target: str
) -> None:
    assert check(Pair(source, target, source_language, language)) == []
