"""Countries by ISO 3166-1, and how people write them in the languages we carry.

Codes and official names come from pycountry (Debian's iso-codes), names in other languages from
Unicode CLDR through babel. ``find`` is exact after normalising and never guesses: what is nearly a
name is not that country, but ``suggest`` may name it in a refusal.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pycountry
from babel import Locale
from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from medixchange.core import languages


class UnknownCountry(ValueError):
    """A code or name that stands for no country; says which one may be meant."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text
        self.suggestion = suggest(text)

    def __str__(self) -> str:
        if self.suggestion is None:
            return _("“%(text)s” is no country of ISO 3166. Write its code, such as ID or IDN.") % {
                "text": self.text
            }
        return _("“%(text)s” is no country of ISO 3166. Did you mean %(name)s (%(code)s)?") % {
            "text": self.text,
            "name": self.suggestion.name(),
            "code": self.suggestion.alpha2,
        }


@dataclass(frozen=True, slots=True)
class Country:
    """One country or territory: its ISO 3166-1 codes. ``numeric`` has three digits."""

    alpha2: str
    alpha3: str
    numeric: str

    def name(self, language: str = "en") -> str:
        """Its usual name in a language we carry; in English where CLDR has none in that language.

        Raises:
            languages.UnknownLanguage: the tag stands for no language we carry.
        """
        own = _locale(languages.get(language).tag)
        return str(own.territories.get(self.alpha2) or _locale("en").territories[self.alpha2])

    def __str__(self) -> str:
        return self.name()


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the world that is not a country. ``code`` is that of UN M49, or ours."""

    code: str
    name: str


#: Kosovo has no code in ISO 3166-1; XK and XKX are user-assigned ones that most data sets use.
_USER_ASSIGNED = (Country("XK", "XKX", ""),)

#: Names in wide use that neither pycountry nor CLDR gives. Each stands for one country only.
_ALSO = {
    "AE": ("UAE",),
    "BN": ("Brunei",),
    "BO": ("Bolivia",),
    "CD": (
        "Democratic Republic of Congo",
        "Democratic Republic of the Congo",
        "DR Congo",
        "D.R. Congo",
        "DRC",
        "Congo (Kinshasa)",
        "Congo, Dem. Rep.",
        "Congo, Democratic Republic of the",
    ),
    "CG": ("Congo (Brazzaville)", "Congo, Rep.", "Republic of the Congo", "Congo Republic"),
    "CI": ("Ivory Coast",),
    "CV": ("Cape Verde",),
    "CZ": ("Czech Republic",),
    "EG": ("Egypt, Arab Rep.",),
    "FM": ("Micronesia, Fed. Sts.",),
    "FK": ("Falkland Islands",),
    "GB": ("UK", "U.K.", "Great Britain"),
    "GM": ("Gambia", "Gambia, The"),
    "BS": ("Bahamas", "Bahamas, The"),
    "IR": ("Iran", "Iran, Islamic Rep."),
    "KP": ("North Korea", "DPRK", "Korea, North", "Korea, Dem. People's Rep."),
    "KR": ("South Korea", "Republic of Korea", "Korea, South", "Korea, Rep.", "ROK"),
    "LA": ("Laos", "Lao PDR"),
    "MD": ("Moldova",),
    "MK": ("FYROM",),
    "MM": ("Burma",),
    "PH": ("the Philippines",),
    "PS": ("Palestine", "West Bank and Gaza", "Occupied Palestinian Territory"),
    "RU": ("Russia",),
    "SY": ("Syria",),
    "SZ": ("Swaziland", "Kingdom of eSwatini"),
    "TL": ("East Timor",),
    "TR": ("Turkey", "Turkiye"),
    "TW": ("Taiwan", "Republic of China"),
    "TZ": ("Tanzania", "United Rep. of Tanzania"),
    "US": ("USA", "U.S.A.", "US", "U.S.", "America, United States of"),
    "VA": ("Vatican City", "Vatican", "Holy See"),
    "VE": ("Venezuela", "Venezuela, RB"),
    "VN": ("Vietnam",),
    "XK": ("Kosovo",),
    "YE": ("Yemen, Rep.",),
}
#: Words for parts of the world beside those of UN M49.
_REGIONS_ALSO = {
    "ASEAN": ("ASEAN", "Association of Southeast Asian Nations"),
    "EU": ("European Union",),
    "035": ("South-East Asia", "Southeast Asian countries"),
    "MENA": ("Middle East and North Africa", "MENA"),
    "ME": ("Middle East",),
    "APAC": ("Asia Pacific", "Asia and the Pacific"),
    "419": ("Latin America and the Caribbean", "LAC"),
    "021": ("North America",),
    "009": ("Pacific", "Pacific Islands", "South Pacific"),
    "NORDIC": ("Scandinavia", "Nordic countries"),
    "BALKANS": ("Balkans", "Western Balkans"),
    "SAHEL": ("Sahel",),
    "017": ("Central Africa",),
    "011": ("West Africa",),
    "014": ("East Africa",),
    "015": ("North Africa",),
    "202": ("Africa South of the Sahara",),
    "001": ("Worldwide", "Global", "Whole world", "International"),
}
_ARTICLE = re.compile(r"^the | the$")
#: What official names begin with, and a usual name does not.
_STYLE = re.compile(r"^(?:republic|kingdom) of (?:the )?")


@cache
def _locale(tag: str) -> Locale:
    return Locale.parse(tag.replace("-", "_"))


@cache
def normalise(text: str) -> str:
    """What remains of a name when case, accents, punctuation and spacing do not count."""
    text = text.replace("&", " and ")
    marked = unicodedata.normalize("NFKD", text.casefold())
    # Only accents of Latin, Greek and Cyrillic letters, and Arabic vowel signs: in other scripts
    # such marks are vowels, and a name without them is another word.
    bare = "".join(
        c for c in marked if not "\u0300" <= c <= "\u036f" and not "\u064b" <= c <= "\u0655"
    )
    bare = re.sub(r"['’‘ʻʼ`´.]", "", bare)
    words = "".join(" " if unicodedata.category(c)[0] in "PSZC" else c for c in bare)
    return " ".join("saint" if word == "st" else word for word in words.split())


@cache
def _every() -> tuple[Country, ...]:
    listed = tuple(
        Country(found.alpha_2, found.alpha_3, found.numeric) for found in pycountry.countries
    )
    return tuple(sorted((*listed, *_USER_ASSIGNED), key=lambda country: country.alpha2))


def every() -> Iterator[Country]:
    """All countries, in the order of their alpha-2 codes."""
    return iter(_every())


@cache
def _by_code() -> dict[str, Country]:
    found = {}
    for country in _every():
        for code in (country.alpha2, country.alpha3, country.numeric):
            if code:
                found[code] = country
    return found


def get(code: str | int) -> Country:
    """The country of an alpha-2, alpha-3 or numeric code, whatever its case.

    Raises:
        UnknownCountry: no country has it.
    """
    wanted = f"{code:03d}" if isinstance(code, int) else code.strip().upper()
    if wanted.isdecimal():
        wanted = wanted.zfill(3)
    found = _by_code().get(wanted)
    if found is None:
        raise UnknownCountry(str(code))
    return found


def _names(country: Country) -> Iterator[str]:
    """All names of a country that we know."""
    listed = pycountry.countries.get(alpha_2=country.alpha2)
    for kind in ("name", "official_name", "common_name"):
        name = getattr(listed, kind, None)
        if name:
            yield name
    for language in languages.every():
        name = _locale(language.tag).territories.get(country.alpha2)
        if name:
            yield name
    yield from _ALSO.get(country.alpha2, ())


@cache
def _by_name() -> dict[str, Country]:
    """Countries by normalised name; a name that two of them bear, or a continent, is nobody's."""
    bearers: dict[str, set[Country]] = {}
    for country in _every():
        for name in _names(country):
            key = normalise(name)
            for form in (key, _ARTICLE.sub("", key)):
                bearers.setdefault(form, set()).add(country)
    parts_of_the_world = _m49()
    return {
        key: next(iter(found))
        for key, found in bearers.items()
        if len(found) == 1 and key not in parts_of_the_world
    }


@cache
def _m49() -> dict[str, Region]:
    """The regions of UN M49 by normalised name in every language we carry."""
    english = _locale("en").territories
    found: dict[str, Region] = {}
    for code in sorted(str(code) for code in english if str(code).isdecimal()):
        for language in languages.every():
            name = _locale(language.tag).territories.get(code)
            if name:
                found.setdefault(normalise(name), Region(code, str(english[code])))
    return found


@cache
def _regions() -> dict[str, Region]:
    english = _locale("en").territories
    found = dict(_m49())
    for code, names in _REGIONS_ALSO.items():
        region = Region(code, str(english[code]) if code.isdecimal() else names[0])
        for name in names:
            found.setdefault(normalise(name), region)
    return found


def find(text: str) -> Country | None:
    """The country that a text names, or ``None``.

    Takes ISO codes in capitals, and any name, official name or common name in the languages we
    carry. Case, accents, punctuation, a leading “The”, “Republic of” and “Kingdom of” do not
    count. It is never a guess: a name that is nearly right, that two countries bear, or that is a
    continent in another language (Amerika), is ``None``.
    """
    text = text.strip()
    if re.fullmatch(r"[A-Z]{2,3}", text) and text in _by_code():
        return _by_code()[text]
    key = normalise(text)
    names = _by_name()
    for form in (key, bare := _ARTICLE.sub("", key), _STYLE.sub("", bare)):
        if form in names:
            return names[form]
    return None


def region(text: str) -> Region | None:
    """The part of the world that a text names, which is not a country; or ``None``."""
    key = normalise(text)
    return _regions().get(key) or _regions().get(_ARTICLE.sub("", key))


def suggest(text: str) -> Country | None:
    """The country whose name is most like the text; for a person to decide on, never to act on."""
    key = _STYLE.sub("", _ARTICLE.sub("", normalise(text)))
    if len(key) < 4:
        return None
    best = process.extractOne(key, _by_name().keys(), scorer=fuzz.ratio, score_cutoff=80)
    return _by_name()[best[0]] if best else None
