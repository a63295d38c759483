# ruff: noqa: E501 - a table reads best with one row a line
"""Errors put into good translations, to see which of them the checks find.

These rules are written apart from the checks and share no list with them: a checker that knew what
the bench will do would prove nothing. Every choice is drawn from a generator seeded by the row, so
that two runs do the same.
"""

import random
import re
import unicodedata

#: Denials a reader of the language would strike out: (pattern, replacement).
DROP: dict[str, list[tuple[str, str]]] = {
    "en": [(r"\b(do|does|did) not\b ?", ""), (r"\bcannot\b", "can"), (r"n['’]t\b", ""), (r"\bnot\b ?", ""), (r"\bwithout\b", "with"), (r"\bno\b ?", ""), (r"\bnever\b ?", ""), (r"\bnone\b", "all")],
    "id": [(r"\b(tidak|belum|bukan|jangan|tak)\b ?", ""), (r"\btanpa\b", "dengan"), (r"\btiada\b", "ada")],
    "ms": [(r"\b(tidak|belum|bukan|jangan|tak)\b ?", ""), (r"\btanpa\b", "dengan"), (r"\btiada\b", "ada")],
    "fr": [(r"\bne ", ""), (r"\bn['’]", ""), (r"\b(pas|jamais) ?\b", ""), (r"\bsans\b", "avec"), (r"\baucune?\b", "un"), (r"\bnon\b ?", ""), (r"\bni\b", "et")],
    "es": [(r"\b(no|nunca|jamás|tampoco)\b ?", ""), (r"\bsin\b", "con"), (r"\bning[uú]n[ao]?\b", "un"), (r"\bni\b", "y"), (r"\bnada\b", "algo")],
    "pt": [(r"\b(não|nunca|jamais)\b ?", ""), (r"\bsem\b", "com"), (r"\bnenhum[a]?\b", "um"), (r"\bnem\b", "e")],
    "zh": [(r"没有|並没|并不|并未|不|未|勿|没", ""), (r"无", "有"), (r"非", "")],
    "ar": [(r"\b(و|ف)?(لا|لم|لن)\b ?", r"\1"), (r"\b(و|ف)?ليس(ت|وا)?\b ?", r"\1"), (r"\b(و)?(بدون|دون)\b", "مع"), (r"\b(و|ب|ل)?عدم ", r"\1"), (r"\bغير ", "")],
    "ru": [(r"\b(не|ни)\b ?", ""), (r"\bбез\b", "с"), (r"\bнет\b", "есть"), (r"\bнельзя\b", "можно"), (r"\bникогда\b", "всегда")],
    "hi": [(r"(?<!\S)(नहीं|न|मत|ना)(?=[\s।,;]|$) ?", ""), (r"(?<!\S)(बिना|बगैर)(?=\s)", "साथ")],
    "sw": [(r"\bbila\b", "na"), (r"\bhakuna\b", "kuna"), (r"\bhana\b", "ana"), (r"\bhawana\b", "wana"), (r"\bhaina\b", "ina"), (r"\bhapana\b", "ndiyo"), (r"\b(si|sio|siyo)\b", "ni"), (r"\bhayo?wezi\b", "yaweza"), (r"\bhai(\w{3,})", r"i\1"), (r"\bhawa(\w{3,})", r"wa\1"), (r"\bhaku(\w{3,})", r"ku\1"), (r"\bhazi(\w{3,})", r"zi\1"), (r"\bhatu(\w{3,})", r"tu\1"), (r"\bhau(\w{3,})", r"u\1"), (r"\bhavi(\w{3,})", r"vi\1"), (r"\bhaya(\w{3,})", r"ya\1"), (r"\bhali(?!joto)(\w{4,})", r"li\1"), (r"\b(u|m|wa|i|zi|ya|vi|a|tu)si(?!ngi|mu|asi|mam|lim|ku|dhan|lian)(\w{3,})", r"\1\2"), (r"\bkuto(?!ka|a|le|sha)(\w+)", r"ku\1"), (r"\bwala\b", "na")],
    "tl": [(r"\b(hindi|huwag)\b ?", ""), (r"\b(wala|walang)\b", "may")],
    "vi": [(r"\b(không|chưa|đừng)\b ?", "")],
    "bn": [(r"(?<!\S)(না|নয়|নেই|নি)(?=[\s।,;]|$) ?", ""), (r"(?<=\S)নি(?=[\s।]|$)", "")],
    "ur": [(r"(?<!\S)(نہیں|نہ|مت)(?!\S) ?", ""), (r"(?<!\S)بغیر(?!\S)", "ساتھ")],
    "fa": [(r"\bنمی", "می"), (r"\bنیست", "هست"), (r"\bبدون\b", "با"), (r"\bنباید\b", "باید"), (r"\b(هیچ|نه)\b ?", ""), (r"\bن(شده|کرده|دارد|دارند|کنید|داشت|شود)", r"\1"), (r"\bعدم ", "")],
    "ta": [(r"இல்லாமல்", "உடன்"), (r"இல்லை|அல்ல|வேண்டாம்", ""), (r"வில்லை", "தது"), (r"ாது", "ும்"), (r"ாமல்", "து")],
    "ha": [(r"\bba(bu|i|ta|ya|su)?\b ?", ""), (r"\bkada\b ?", "")],
    "ln": [(r"\bte\b ?", ""), (r"\bezangi\b", "ezali na")],
    "om": [(r"\bhin(?=\w{3})", ""), (r"\bmiti\b ?", "")],
    "km": [(r"មិន|គ្មាន|ពុំ|កុំ|អត់", "")],
    "th": [(r"ไม่|อย่า", "")],
    "am": [(r"የለም|አይደለም", "ነው"), (r"\bአይ", "ይ"), (r"\bያል", "የ"), (r"ያለ ", ""), (r"\bአል", "ተ"), (r"\bእንዳይ", "እንዲ"), (r"\bየማይ", "የሚ")],
    "ti": [(r"\bኣይ", "ይ"), (r"\bዘይ", "ዝ"), (r"\bብዘይ", "ብ"), (r"የለን|የብሉን", "ኣሎ"), (r"\bከይ", "ክ")],
}  # fmt: skip

#: Where a writer would put a denial that is not there: (pattern, replacement), first fit.
ADD: dict[str, list[tuple[str, str]]] = {
    "en": [(r"\b(is|are|was|were|can|could|should|will|would|may|must)\b(?! not)", r"\1 not")],
    "id": [(r"\b(dapat|akan|telah|harus|memiliki|mungkin|menunjukkan|perlu|boleh|ada)\b", r"tidak \1")],
    "ms": [(r"\b(dapat|akan|telah|perlu|mempunyai|mungkin|menunjukkan|boleh|harus|ada)\b", r"tidak \1")],
    "fr": [(r"\b(peut|peuvent|doit|doivent|sont|sera|seront|permet|fait)\b", r"ne \1 pas"), (r"\b(est|ont|a été|était|étaient|avaient)\b", r"n’\1 pas")],
    "es": [(r"\b(es|son|puede|pueden|debe|deben|ha|han|fue|fueron|está|están|tiene|tienen|incluye|se)\b", r"no \1")],
    "pt": [(r"\b(é|são|pode|podem|deve|devem|foi|foram|está|estão|tem|têm|inclui)\b", r"não \1")],
    "zh": [(r"(可以|应该|能够|会|能|应|是)", r"不\1"), (r"(需要|包括|导致|属于)", r"不\1")],
    "ar": [(r"(?<!\S)(يمكن|يجب|ينبغي|يكون|تكون|يتم|توجد|يوجد|تشمل|تعتبر|يعتبر|قد)(?!\S)", r"لا \1"), (r"(?<!\S)(هو|هي)(?!\S)", r"\1 ليس")],
    "ru": [(r"\b(может|могут|является|являются|был|была|были|было|должны|должен|следует|имеют|имеет|будет|будут)\b", r"не \1")],
    "hi": [(r"(?<!\S)(है|हैं|था|थे|थी|सकता|सकते|सकती)(?=[\s।,;]|$)", r"नहीं \1")],
    "sw": [(r"\binaweza\b", "haiwezi"), (r"\banaweza\b", "hawezi"), (r"\bwanaweza\b", "hawawezi"), (r"\byanaweza\b", "hayawezi"), (r"\bkuna\b", "hakuna"), (r"\bwana\b", "hawana"), (r"\bina\b", "haina"), (r"\bana\b", "hana"), (r"\bni\b", "si"), (r"\bilikuwa\b", "haikuwa"), (r"\bwalikuwa\b", "hawakuwa"), (r"\bitakuwa\b", "haitakuwa"), (r"\bwame(\w+)", r"hawaja\1"), (r"\bime(\w+)", r"haija\1"), (r"\bume(\w+)", r"hauja\1"), (r"\bili(\w{3,})", r"haiku\1")],
    "tl": [(r"\b(ay)\b", r"\1 hindi"), (r"\bmaaaring\b", "hindi maaaring")],
    "bn": [(r"(?<!\S)(হয়|করে|হয়েছে|পারে|করা)(?=[\s।,;]|$)", r"\1 না")],
    "ur": [(r"(?<!\S)(ہے|ہیں|تھا|تھے|سکتا|سکتے)(?=[\s۔،]|$)", r"نہیں \1")],
    "fa": [(r"\bاست\b", "نیست"), (r"\bمی(?=[\u200c\w])", "نمی"), (r"\bباید\b", "نباید")],
    "km": [(r"(អាច|បាន|មាន)", r"មិន\1")],
    "ta": [(r"(உள்ளது|ஆகும்|முடியும்)", r"\1 இல்லை")],
    "ln": [(r"[.]?$", r" te.")],
    "om": [(r"\b(danda'a|ta'a|qaba)\b", r"hin\1")],
}  # fmt: skip
#: A clear denial in English, and wordings that are none.
ENGLISH_DENIAL = re.compile(r"\b(?:not|cannot|no|never|none|without)\b|n['’]t\b", re.IGNORECASE)
ENGLISH_IDIOM = re.compile(r"\bnot (?:only|just)\b|\byes, no\b|\bY/N\b", re.IGNORECASE)

#: Units to exchange: what stands behind (or, in some languages, before) a number, and for what.
SWAP: dict[str, str] = {
    "mg": "g", "g": "mg", "kg": "g", "ml": "L", "mL": "L", "L": "mL", "%": " mg", "٪": " mg", "℃": "℉", "°C": "°F", "mmHg": "kPa",
}  # fmt: skip
SWAP_WORDS: dict[str, dict[str, str]] = {
    "en": {"days": "weeks", "hours": "days", "weeks": "days", "minutes": "hours", "percent": "mg"},
    "id": {"hari": "minggu", "jam": "hari", "minggu": "hari", "menit": "jam", "persen": "mg"},
    "ms": {"hari": "minggu", "jam": "hari", "minggu": "hari", "minit": "jam", "peratus": "mg"},
    "fr": {"jours": "semaines", "heures": "jours", "semaines": "jours", "minutes": "heures"},
    "es": {"días": "semanas", "horas": "días", "semanas": "días", "minutos": "horas"},
    "pt": {"dias": "semanas", "horas": "dias", "semanas": "dias", "minutos": "horas"},
    "ru": {"дней": "недель", "дня": "недели", "часов": "дней", "недель": "дней", "минут": "часов", "процентов": "мг"},
    "zh": {"毫克": "克", "毫升": "升", "克": "毫克", "天": "周", "小时": "天", "分钟": "小时", "周": "天"},
    "ar": {"أيام": "أسابيع", "يومًا": "أسبوعا", "يوما": "أسبوعا", "ساعة": "يوما", "ساعات": "أيام", "أسابيع": "أيام", "بالمائة": "ملغ", "بالمئة": "ملغ"},
    "hi": {"दिनों": "सप्ताहों", "दिन": "सप्ताह", "घंटे": "दिन", "घंटों": "दिनों", "सप्ताह": "दिन", "मिनट": "घंटे", "प्रतिशत": "मिलीग्राम"},
    "fa": {"روز": "هفته", "ساعت": "روز", "درصد": "میلی‌گرم"},
    "ur": {"دن": "ہفتے", "دنوں": "ہفتوں", "گھنٹے": "دن", "فیصد": "ملی گرام"},
    "bn": {"দিনের": "সপ্তাহের", "দিন": "সপ্তাহ", "ঘন্টা": "দিন", "শতাংশ": "মিলিগ্রাম"},
    "am": {"ቀናት": "ሳምንታት", "ሰዓታት": "ቀናት", "በመቶ": "ሚሊግራም"},
    "ti": {"መዓልቲ": "ሰሙን", "ሚእታዊት": "ሚሊግራም"},
    "tl": {"araw": "linggo", "oras": "araw", "porsyento": "mg"},
    "my": {"ရက်": "ပတ်", "နာရီ": "ရက်"},
    "km": {"ថ្ងៃ": "ម៉ោង", "ម៉ោង": "ថ្ងៃ"},
    "ta": {"நாட்கள்": "வாரங்கள்", "சதவீதம்": "மில்லிகிராம்"},
    "so": {"maalmood": "toddobaad", "saacadood": "maalmood"},
    "om": {"guyyaa": "torban", "sa'aatii": "guyyaa"},
}  # fmt: skip
#: Units that stand before their number.
SWAP_BEFORE: dict[str, str] = {
    "siku": "wiki", "saa": "siku", "wiki": "siku", "dakika": "saa", "asilimia": "miligramu", "iminsi": "ibyumweru", "amasaha": "iminsi", "kwanaki": "makonni", "awanni": "kwanaki",
    "ennaku": "wiiki", "nnaku": "wiiki", "mikolo": "baposo", "bangonga": "mikolo", "izinsuku": "amaviki", "amahora": "izinsuku", "boqolkiiba": "milligaraam", "kashi": "miligiram",
}  # fmt: skip
_DECIMAL = re.compile(r"(?<![\d.,٫/])(\d+)([.,٫])(\d{1,2})(?![\d.,٫/-])")


def rng(key: str) -> random.Random:
    """The generator of a row."""
    return random.Random(key)


def digit(target: str, key: str) -> str | None:
    """Change one digit, of whatever script, to another; None if the target has none."""
    places = [index for index, char in enumerate(target) if char.isdecimal()]
    if not places:
        return None
    draw = rng("digit" + key)
    at = draw.choice(places)
    old = unicodedata.decimal(target[at])
    new = draw.choice([value for value in range(10) if value != old])
    return target[:at] + chr(ord(target[at]) - old + new) + target[at + 1 :]


def decimal(source: str, target: str, key: str) -> str | None:
    """Move the point of a decimal number that both sides have, one place either way, or drop it."""
    wanted = {(m[1], m[3]) for m in _DECIMAL.finditer(source)}
    found = []
    for match in _DECIMAL.finditer(target):
        plain = "".join(str(unicodedata.decimal(c)) for c in match[1] + match[3])
        if any(a + b == plain and len(b) == len(match[3]) for a, b in wanted):
            found.append(match)
    if not found:
        return None
    draw = rng("decimal" + key)
    match = draw.choice(found)
    left, sign, right = match[1], match[2], match[3]
    choices = [left + right]
    if len(right) > 1:
        choices.append(left + right[0] + sign + right[1:])
    choices.append((left[:-1] or left[0].translate({ord(left[0]): "0"})) + sign + left[-1] + right)
    return target[: match.start()] + draw.choice(choices) + target[match.end() :]


def unit(target: str, language: str, key: str) -> str | None:
    """Exchange the unit at one number."""
    found: list[tuple[int, int, str]] = []
    edge = "" if language in {"zh", "my", "km", "th"} else r"(?![\w\u0900-\u0dff])"
    for name, other in {**SWAP, **SWAP_WORDS.get(language, {})}.items():
        after = r"(?!\w)" if name.isascii() and name.isalpha() else "" if name in SWAP else edge
        # Not the 19 of COVID-19, nor the years of age that Chinese counts in 周岁.
        for match in re.finditer(
            rf"(?<![-\d.,])(?:\d[\d.,]*)( ?){re.escape(name)}(?!岁){after}", target
        ):
            start = match.end() - len(name)
            found += [(start, match.end(), other)]
    for name, other in SWAP_BEFORE.items():
        for match in re.finditer(rf"\b{name}(?= \d[\d.,]*(?![\d%]))", target):
            if not re.match(r" [\d.,]*%", target[match.end() :]):
                found += [(match.start(), match.end(), other)]
    if not found:
        return None
    longest = {
        start: (start, end, other) for start, end, other in sorted(found, key=lambda f: f[1])
    }
    start, end, other = rng("unit" + key).choice(sorted(longest.values()))
    return target[:start] + other + target[end:]


def denied(source: str) -> int:
    """How many clear denials an English sentence has."""
    return len(ENGLISH_DENIAL.findall(ENGLISH_IDIOM.sub(" ", source)))


def has_denial(target: str, language: str) -> bool:
    """Whether the target has a denial by the bench's own list."""
    return any(
        re.search(pattern, target, re.IGNORECASE) for pattern, _new in DROP.get(language, [])
    )


def drop_negation(target: str, language: str) -> str | None:
    """Strike out every denial of the target."""
    out = target
    for pattern, new in DROP.get(language, []):
        out = re.sub(pattern, new, out, flags=re.IGNORECASE)
    return out if out != target else None


def add_negation(target: str, language: str, key: str) -> str | None:
    """Put a denial at one of the places that take one."""
    for pattern, new in ADD.get(language, []):
        matches = list(re.finditer(pattern, target))
        if matches:
            match = rng("add" + key).choice(matches)
            return target[: match.start()] + match.expand(new) + target[match.end() :]
    return None
