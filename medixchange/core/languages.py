"""The languages MediXchange carries, by BCP 47 tag.

Own names and directions follow Unicode CLDR (https://cldr.unicode.org); scripts are ISO 15924.
A tag we do not list is refused at the edge (``get`` raises ``UnknownLanguage``), so that text never
enters the memory under a language nobody can read it back from.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class UnknownLanguage(ValueError):
    """A tag that stands for no language we carry."""

    def __init__(self, tag: str) -> None:
        super().__init__(tag)
        self.tag = tag

    def __str__(self) -> str:
        return str(
            _("“%(tag)s” is not a language MediXchange knows. Known: %(known)s.")
            % {"tag": self.tag, "known": ", ".join(_BY_TAG)}
        )


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its tag, how its speakers call it, its English name, script and direction."""

    tag: str
    own_name: str
    name: Promise
    script: str
    rtl: bool = False
    #: Scripts that need more room between lines to be legible.
    tall: bool = False

    @property
    def direction(self) -> str:
        """``rtl`` or ``ltr``, as HTML's ``dir`` attribute wants it."""
        return "rtl" if self.rtl else "ltr"

    @property
    def spaced(self) -> bool:
        """Whether sentences stand apart by a space."""
        return self.script not in {"Hans", "Hant", "Jpan"}

    @property
    def base(self) -> str:
        """The primary subtag: ``zh`` of ``zh-Hans``."""
        return self.tag.split("-")[0]

    def __str__(self) -> str:
        return self.own_name


_ALL = (
    Language("am", "አማርኛ", _("Amharic"), "Ethi", tall=True),
    Language("ar", "العربية", _("Arabic"), "Arab", rtl=True, tall=True),
    Language("bn", "বাংলা", _("Bengali"), "Beng", tall=True),
    Language("en", "English", _("English"), "Latn"),
    Language("es", "español", _("Spanish"), "Latn"),
    Language("es-419", "español latinoamericano", _("Latin American Spanish"), "Latn"),
    Language("fa", "فارسی", _("Persian"), "Arab", rtl=True, tall=True),
    Language("fr", "français", _("French"), "Latn"),
    Language("ha", "Hausa", _("Hausa"), "Latn"),
    Language("hi", "हिन्दी", _("Hindi"), "Deva", tall=True),
    Language("id", "Bahasa Indonesia", _("Indonesian"), "Latn"),
    Language("km", "ខ្មែរ", _("Khmer"), "Khmr", tall=True),
    Language("lg", "Luganda", _("Ganda"), "Latn"),
    Language("ln", "lingála", _("Lingala"), "Latn"),
    Language("ms", "Melayu", _("Malay"), "Latn"),
    Language("my", "မြန်မာ", _("Burmese"), "Mymr", tall=True),
    Language("om", "Oromoo", _("Oromo"), "Latn"),
    Language("pt", "português", _("Portuguese"), "Latn"),
    Language("pt-BR", "português (Brasil)", _("Brazilian Portuguese"), "Latn"),
    Language("ru", "русский", _("Russian"), "Cyrl"),
    Language("rw", "Ikinyarwanda", _("Kinyarwanda"), "Latn"),
    Language("so", "Soomaali", _("Somali"), "Latn"),
    Language("sw", "Kiswahili", _("Swahili"), "Latn"),
    Language("ta", "தமிழ்", _("Tamil"), "Taml", tall=True),
    Language("th", "ไทย", _("Thai"), "Thai", tall=True),
    Language("ti", "ትግርኛ", _("Tigrinya"), "Ethi", tall=True),
    Language("ti-ER", "ትግርኛ (ኤርትራ)", _("Tigrinya (Eritrea)"), "Ethi", tall=True),
    Language("ti-ET", "ትግርኛ (ኢትዮጵያ)", _("Tigrinya (Ethiopia)"), "Ethi", tall=True),
    Language("tl", "Tagalog", _("Tagalog"), "Latn"),
    Language("ur", "اردو", _("Urdu"), "Arab", rtl=True, tall=True),
    Language("vi", "Tiếng Việt", _("Vietnamese"), "Latn"),
    Language("zh", "简体中文", _("Simplified Chinese"), "Hans"),
    Language("zu", "isiZulu", _("Zulu"), "Latn"),
)
#: Scripts that are written without spaces between words (or, for Khmer, between most of them).
UNSPACED = frozenset({"Hans", "Hant", "Jpan", "Khmr", "Mymr", "Thai"})
_BY_TAG = {language.tag: language for language in _ALL}
# What people and other programs write for the same thing: Django's and older ISO 639 codes.
_ALIASES = {
    "zh-hans": "zh",
    "zh-cn": "zh",
    "zh-hans-cn": "zh",
    "in": "id",
    "fil": "tl",
    "amh": "am",
    "ara": "ar",
    "eng": "en",
    "fra": "fr",
    "ind": "id",
    "orm": "om",
    "por": "pt",
    "rus": "ru",
    "som": "so",
    "spa": "es",
    "swa": "sw",
    "tir": "ti",
}


def every() -> Iterator[Language]:
    """All languages, in the order of their tags."""
    return iter(_ALL)


def get(tag: str) -> Language:
    """The language of a tag, whatever its case or separator; raises ``UnknownLanguage``."""
    wanted = tag.strip().replace("_", "-")
    if wanted in _BY_TAG:
        return _BY_TAG[wanted]
    lower = wanted.lower()
    lower = _ALIASES.get(lower, lower)
    for known, language in _BY_TAG.items():
        if known.lower() == lower:
            return language
    raise UnknownLanguage(tag)


def choices() -> list[tuple[str, str]]:
    """``(tag, own name)`` pairs for a form field."""
    return [(language.tag, language.own_name) for language in _ALL]
