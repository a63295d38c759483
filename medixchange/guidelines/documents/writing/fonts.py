"""Typefaces by language, so that every script is shaped by a face made for it.

The faces are Google's Noto (SIL Open Font Licence), as Debian packages them: fonts-noto-core and
fonts-noto-cjk.
"""

from collections.abc import Iterable

from medixchange.core import languages

_BY_SCRIPT = {
    "Arab": "Noto Naskh Arabic",
    "Beng": "Noto Sans Bengali",
    "Deva": "Noto Sans Devanagari",
    "Ethi": "Noto Sans Ethiopic",
    "Hans": "Noto Sans CJK SC",
    "Khmr": "Noto Sans Khmer",
    "Mymr": "Noto Sans Myanmar",
    "Taml": "Noto Sans Tamil",
    "Thai": "Noto Sans Thai",
}
#: Where readers of a language expect another face than their script has elsewhere.
_BY_LANGUAGE = {"ur": "Noto Nastaliq Urdu"}
_LATIN = "Noto Sans"
#: Signs that are in none of the above.
_SIGNS = ("Noto Sans Symbols", "Noto Sans Symbols 2", "Noto Sans Math", "DejaVu Sans")


def family(tag: str) -> str:
    """The face of a language's script."""
    language = languages.get(tag)
    return _BY_LANGUAGE.get(language.base) or _BY_SCRIPT.get(language.script, _LATIN)


def families(tag: str) -> list[str]:
    """The faces to try for a language, in order: its own, Latin, every other script, signs."""
    own = family(tag)
    return list(dict.fromkeys([own, _LATIN, *_BY_SCRIPT.values(), *_SIGNS]))


def rules(tags: Iterable[str], *, page: str = "") -> str:
    """Style rules for these languages: faces, and line height where a script needs room.

    Args:
        tags: BCP 47 tags that occur in the page.
        page: that of the page as a whole, for its margins; none where there are no pages.
    """
    out = []
    for tag in sorted(set(tags)):
        named = ", ".join(f'"{name}"' for name in families(tag))
        height = "2.4" if family(tag) == "Noto Nastaliq Urdu" else "1.8"
        tall = f" line-height: {height};" if languages.get(tag).tall else ""
        out.append(f":lang({tag}) {{ font-family: {named}, sans-serif;{tall} }}")
        if tag == page:
            out.append(f"@page {{ font-family: {named}, sans-serif; }}")
    return "\n".join(out)
