"""The interface's words: compiles the gettext catalogues, which are kept as text only."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings


def catalogues() -> list[Path]:
    """Every catalogue of ours, as text."""
    return sorted(path for folder in settings.LOCALE_PATHS for path in Path(folder).rglob("*.po"))


def ensure() -> None:
    """Compile each catalogue whose compiled form is missing or older."""
    for path in catalogues():
        compiled = path.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= path.stat().st_mtime:
            continue
        with path.open("rb") as file:
            catalogue = read_po(file)
        with compiled.open("wb") as file:
            write_mo(file, catalogue)
