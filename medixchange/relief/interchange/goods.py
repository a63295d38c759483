"""Goods by name: our item codes, and the spellings that mean exactly them.

A name is taken where it is one of these, or one the caller knows (the catalogue's own names);
anything else is nobody's guess. ``Face Mask`` is a mask, and not said to be a surgical one.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from medixchange.core.countries import normalise

#: Item code: English names first, then Indonesian, French, Chinese and Arabic ones.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "mask": (
        "mask", "face mask", "facemask", "protective mask",
        "masker", "masker wajah", "masque", "masque de protection", "口罩", "كمامة", "كمامات",
    ),
    "mask-surgical": (
        "surgical mask", "medical mask", "medical face mask", "surgical face mask",
        "medical use face mask", "masker bedah", "masker medis", "masque chirurgical",
        "masque médical", "医用口罩", "外科口罩", "医用外科口罩", "كمامة طبية", "كمامة جراحية",
    ),
    "respirator": (
        "respirator", "particulate respirator", "N95", "N95 mask", "N95 respirator", "KN95",
        "KN95 mask", "FFP2", "FFP2 mask", "FFP2 respirator", "masker N95", "masque FFP2",
        "N95口罩", "KN95口罩", "كمامة N95",
    ),
    "test-kit": (
        "test kit", "testing kit", "detection kit", "diagnostic kit", "diagnostic test kit",
        "COVID-19 test kit", "COVID-19 detection kit", "coronavirus test kit",
        "kit tes", "alat tes", "alat uji", "kit de test", "kit de dépistage", "kit de détection",
        "trousse de dépistage", "检测试剂盒", "检测盒", "核酸检测试剂盒",
        "مجموعة اختبار", "أدوات فحص",
    ),
    "extraction-reagent": (
        "extraction reagent", "nucleic acid extraction reagent",
        "nucleic acid isolation or purification reagent", "nucleic acid isolation reagent",
        "nucleic acid purification reagent", "reagen ekstraksi", "réactif d'extraction",
        "réactif d'extraction d'acides nucléiques", "核酸提取试剂", "核酸提取或纯化试剂",
        "كاشف استخلاص",
    ),
    "protective-suit": (
        "protective suit", "medical protective suit", "medical use protective suit", "coverall",
        "protective clothing", "protective coverall", "hazmat suit", "baju pelindung",
        "pakaian pelindung", "baju hazmat", "combinaison de protection", "防护服", "医用防护服",
        "بدلة واقية", "ملابس واقية",
    ),
    "face-shield": (
        "face shield", "faceshield", "protective face shield", "medical face shield",
        "medical use protective face shield", "medical protective face shield", "pelindung wajah",
        "écran facial", "visière de protection", "防护面罩", "医用防护面罩", "面屏", "واقي الوجه",
        "درع الوجه",
    ),
    "gown": (
        "gown", "isolation gown", "protective gown", "gown, protective", "surgical gown",
        "gaun medis", "blouse de protection", "隔离衣", "手术衣", "رداء طبي",
    ),
    "goggles": (
        "goggles", "protective goggles", "goggles, protective", "safety goggles",
        "kacamata pelindung", "lunettes de protection", "护目镜", "نظارات واقية",
    ),
    "gloves-examination": (
        "examination gloves", "gloves, examination", "medical gloves", "exam gloves",
        "sarung tangan medis", "gants d'examen", "医用手套", "检查手套",
        "قفازات طبية", "قفازات فحص",
    ),
    "hand-sanitizer": (
        "hand sanitizer", "hand sanitiser", "alcohol-based hand rub", "hand rub", "hand gel",
        "pembersih tangan", "gel hydroalcoolique", "solution hydroalcoolique", "洗手液",
        "免洗洗手液", "معقم اليدين",
    ),
    "swab": (
        "swab", "sampling swab", "nasopharyngeal swab", "écouvillon", "采样拭子", "咽拭子", "مسحة",
    ),
    "ventilator": ("ventilator", "ventilateur", "respirateur", "呼吸机", "جهاز تنفس اصطناعي"),
    "thermometer-infrared": (
        "infrared thermometer", "thermometer gun", "forehead thermometer", "termometer inframerah",
        "thermomètre infrarouge", "红外测温仪", "额温枪", "ميزان حرارة بالأشعة تحت الحمراء",
    ),
    "pulse-oximeter": (
        "pulse oximeter", "oksimeter", "oxymètre de pouls", "血氧仪", "مقياس التأكسج",
    ),
    "oxygen-concentrator": (
        "oxygen concentrator", "konsentrator oksigen", "concentrateur d'oxygène", "制氧机",
        "مكثف أكسجين",
    ),
}  # fmt: skip


@cache
def _by_key() -> dict[str, str]:
    return {_key(name): code for code, names in _NAMES.items() for name in (code, *names)}


@cache
def _key(name: str) -> str:
    """A name with its words made singular as English and French do it: kits, masks, masques."""
    return " ".join(_singular(word) for word in normalise(name).split())


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def same_word(one: str, other: str) -> bool:
    """Whether two words are the same, one of them perhaps in the plural."""
    return bool(_key(one)) and _key(one) == _key(other)


def find(text: str, known: Mapping[str, str] = MappingProxyType({})) -> str | None:
    """The code of the item a text names, or ``None``.

    Args:
        known: names of the catalogue's items, in any language, with their codes. They come first.
    """
    key = _key(text)
    if not key:
        return None
    for name, code in known.items():
        if _key(name) == key or normalise(code) == normalise(text):
            return code
    return _by_key().get(key)
