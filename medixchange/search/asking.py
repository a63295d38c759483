"""What a search asks, as an address says it: the same for pages, saved searches and the API.

=========  ==========================================================================
parameter  means
=========  ==========================================================================
q          the words
kind       a kind of thing that can be found; may stand several times, as may
country    ISO 3166 two-letter code of who stands for it,
said_in    BCP 47 tag of the language it was first said in, and
topic      a topic's key
since      a day, ``YYYY-MM-DD``: not older
approved   ``1``: only what is original or approved
page       from 1
language   BCP 47 tag of the language to show answers in
=========  ==========================================================================
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.http import QueryDict
from django.utils.translation import gettext as _

from medixchange.core import countries, languages, searchable
from medixchange.search.queries import LONGEST, Wanted

#: Of one parameter that may stand several times, no more than this are heard.
MOST = 50
#: Pages further back are not asked for.
LAST_PAGE = 1000
#: All parameters that are understood.
KNOWN = (
    "q", "kind", "country", "said_in", "topic", "since", "approved", "page", "language",
)  # fmt: skip
_JOINERS = "\u200c\u200d"
#: What becomes of characters that are no text, by category: a line end parts words, marks do not.
_OTHER = {"Cc": " ", "Cf": "", "Cs": "", "Cn": "", "Co": ""}


@dataclass(frozen=True, slots=True)
class Problem:
    """A parameter that cannot be used: which one, what is wrong, what to do."""

    where: str
    what: str
    next: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for.

    Attributes:
        wanted: with everything that could be used.
        cut: the words were longer than ``LONGEST`` characters.
        problems: what could not be used.
    """

    wanted: Wanted
    cut: bool = False
    problems: tuple[Problem, ...] = ()


def read(data: QueryDict, language: str) -> Asked:
    """Read an address. Never fails: what cannot be used is left out and told of.

    Args:
        data: the parameters, see the table above.
        language: BCP 47 tag to show answers in where the address names none.
    """
    problems: list[Problem] = []
    text = cleaned(data.get("q", ""))
    wanted = Wanted(
        text=text[:LONGEST].rstrip(),
        language=_language(data.get("language", ""), language, problems),
        kinds=_kinds(_several(data, "kind"), problems),
        countries=_countries(_several(data, "country"), problems),
        said_in=_languages(_several(data, "said_in"), problems),
        topics=_several(data, "topic"),
        since=_day(data.get("since", ""), problems),
        approved_only=_yes(data.get("approved", ""), problems),
        page=_page(data.get("page", ""), problems),
    )
    return Asked(wanted, cut=len(text) > LONGEST, problems=tuple(problems))


def cleaned(text: str) -> str:
    """The words without what no keyboard means: control characters, marks of direction, halves of
    characters; spaces told once. The joiners that some scripts need stay."""
    kept = (
        char if char in _JOINERS else _OTHER.get(unicodedata.category(char), char) for char in text
    )
    return " ".join("".join(kept).split())


def parameters(wanted: Wanted, *, home: str = "", **changed: object) -> QueryDict:
    """The parameters that ask for it. The page is left out where it is the first, the language
    where it is ``home``."""
    wanted = replace(wanted, **changed)  # type: ignore[arg-type]
    data = QueryDict(mutable=True)
    for name, value in (
        ("q", wanted.text),
        ("kind", wanted.kinds),
        ("country", wanted.countries),
        ("said_in", wanted.said_in),
        ("topic", wanted.topics),
        ("since", wanted.since.isoformat() if wanted.since else ""),
        ("approved", "1" if wanted.approved_only else ""),
        ("language", wanted.language if wanted.language != home else ""),
        ("page", str(wanted.page) if wanted.page > 1 else ""),
    ):
        if isinstance(value, tuple):
            data.setlist(name, list(value))
        elif value:
            data[name] = value
    return data


def address(wanted: Wanted, *, home: str = "", **changed: object) -> str:
    """The parameters that ask for it, as they stand behind the ``?`` of an address."""
    return parameters(wanted, home=home, **changed).urlencode()


def is_narrowed(wanted: Wanted) -> bool:
    """Whether it asks for less than everything."""
    return bool(
        wanted.kinds
        or wanted.countries
        or wanted.said_in
        or wanted.topics
        or wanted.since
        or wanted.approved_only
    )


def _several(data: QueryDict, name: str) -> tuple[str, ...]:
    values = (cleaned(value) for value in data.getlist(name)[:MOST])
    return tuple(dict.fromkeys(value for value in values if value))


def _language(tag: str, instead: str, problems: list[Problem]) -> str:
    found = _languages((tag,) if tag.strip() else (), problems, "language")
    return found[0] if found else instead


def _languages(
    tags: Sequence[str], problems: list[Problem], where: str = "said_in"
) -> tuple[str, ...]:
    found = []
    for tag in tags:
        try:
            found.append(languages.get(tag).tag)
        except languages.UnknownLanguage:
            problems.append(
                Problem(
                    where,
                    _("“%(text)s” is not a language MediXchange knows.") % {"text": short(tag)},
                    _("Write a language tag such as id, fr or zh."),
                )
            )
    return tuple(dict.fromkeys(found))


def _kinds(kinds: Sequence[str], problems: list[Problem]) -> tuple[str, ...]:
    known = searchable.sources()
    problems.extend(
        Problem(
            "kind",
            _("There is no kind “%(text)s”.") % {"text": short(kind)},
            _("Choose one of: %(known)s.") % {"known": ", ".join(known)},
        )
        for kind in kinds
        if kind not in known
    )
    return tuple(kind for kind in kinds if kind in known)


def _countries(codes: Sequence[str], problems: list[Problem]) -> tuple[str, ...]:
    found = []
    for code in codes:
        try:
            found.append(countries.get(code).alpha2)
        except countries.UnknownCountry:
            problems.append(
                Problem(
                    "country",
                    _("“%(text)s” is no country of ISO 3166.") % {"text": short(code)},
                    _("Write its two-letter code, such as ID."),
                )
            )
    return tuple(dict.fromkeys(found))


def _day(text: str, problems: list[Problem]) -> date | None:
    text = cleaned(text)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        problems.append(
            Problem(
                "since",
                _("“%(text)s” is no date.") % {"text": short(text)},
                _("Write it as year, month and day: 2020-11-24."),
            )
        )
        return None


def _yes(text: str, problems: list[Problem]) -> bool:
    text = cleaned(text)
    if text not in ("", "0", "1"):
        problems.append(
            Problem(
                "approved",
                _("“%(text)s” is neither 1 nor 0.") % {"text": short(text)},
                _("Write 1 for approved answers only, or leave it out."),
            )
        )
    return text == "1"


def _page(text: str, problems: list[Problem]) -> int:
    text = cleaned(text)
    if not text:
        return 1
    # Django and Python would read digits of any script; an address is written in ASCII.
    if text.isascii() and text.isdecimal() and len(text) <= 4 and 1 <= int(text) <= LAST_PAGE:
        return int(text)
    problems.append(
        Problem(
            "page",
            _("“%(text)s” is no page.") % {"text": short(text)},
            _("Write a whole number from 1 to %(last)d.") % {"last": LAST_PAGE},
        )
    )
    return 1


def short(text: str) -> str:
    """A text as a refusal repeats it."""
    text = cleaned(text)
    return text if len(text) <= 40 else f"{text[:39]}…"
