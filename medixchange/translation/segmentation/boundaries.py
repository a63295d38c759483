"""Where sentences end in a run of plain text.

``sentencex`` (kept by the Wikimedia Foundation, 244 languages) proposes; a thin layer of our own
adds the ends that it misses in scripts with marks of their own, and takes back the ends that would
cut a dose, an abbreviation, a reference, a list label or an address. How this was measured, and
against what, is docs/decisions/0002-segmentation.md; ``bench/segmentation.py`` measures it again.
"""

import re

import sentencex

from medixchange.translation.segmentation.abbreviations import (
    BEFORE_NUMBER,
    DOSE_CODES,
    LETTERED,
    SELDOM,
    STARTERS,
    never_ends,
)

#: Marks that end a sentence whatever stands around them (Unicode property STerm, the part that
#: the languages we carry use). Of the Khmer marks, U+17D6 is a colon and left out.
STRONG = "。！？｡!?؟۔።፧፨။។៕៚।॥‼⁇⁈⁉"
_OPENERS = "\"'“‘«„‹([{（［【「『《〈¿¡"
_CLOSERS = "\"'”’»›)]}）］】」』》〉"
_MARK = re.compile(rf"[{re.escape(STRONG)}.．…]")
_END = re.compile(rf"[{re.escape(STRONG)}.．…][{re.escape(STRONG)}.．…{re.escape(_CLOSERS)}\s]*\Z")
_STRONG_END = re.compile(
    rf"(?<![{re.escape(_OPENERS)}])[{re.escape(STRONG)}]+[{re.escape(STRONG + _CLOSERS)}]*"
)
# "countries.Previous": no space, yet two sentences. Two lower-case letters before the dot and a
# capitalised word after it keep "e.Coli", "U.S.A" and file names whole.
_GLUED = re.compile(r"(?<=[^\W\d_]{3})(?<![A-Z])[.?!][\"”»)\]]*(?=[A-Z][a-z]+ )")
_DOT_END = re.compile(rf"[.．…]+[{re.escape(_CLOSERS)}]*(?=\s)")
_ADDRESS = re.compile(
    r"(?:https?://|ftp://|www\.)[!-;=?-~]+"
    r"|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"
    r"|(?<![\w.-])[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}"
    r"\.(?:org|com|net|int|gov|edu|info|uk|html?|pdf|docx?)\b(?:/[!-;=?-~]*)?",
    re.IGNORECASE | re.ASCII,
)
_TRAILING = re.compile(r"[.,;:!?。，；：！？、\"'”’»)\]]+\Z")
#: A note or reference right after the stop belongs to the sentence before: "spreads.[12]"
_REFERENCE = re.compile(r"(?:\s?\[\s*\d+(?:\s*[,;–—-]\s*\d+)*\s*\])+")
# What may stand alone before a sentence without being one: "1.", "2)", "(a)", "IV.", "（一）", "•".
_LABEL = re.compile(
    r"\s*[\"'“‘«(（\[]*(?:[•●▪◦‣·*–—-]|"
    r"(?:\d{1,3}(?:\.\d{1,3})*|[ivxlc]{1,6}|[IVXLC]{1,6}|[^\W\d_]|[一二三四五六七八九十]{1,3}|第[\d一二三四五六七八九十]+[条章节])"
    r"[.)）、．:：]*)\s*\Z"
)
_LABEL_MARK = re.compile(r"(?:\A\s*|[:;.!?…]\s+|[：；。]\s*)\(?\d{1,2}\.\Z")
_WORD = re.compile(r"[^\W_]")
_BREAKS = re.compile(r"[\s\"'“”‘’«»()\[\]（）/,;:،؛]")
_YEAR = re.compile(r"(?:\A|\D)(?:19|20)\d\d\Z")

_BACK = 120
# "2019 г. Большинство": the word for year ends a sentence, the one for town ("г. Москва") does not.
_YEARS = frozenset({"г", "гг"})
# "и т. д." (and so on) ends like a word, though "д." alone is a house number.
_AND_SO_ON = frozenset({"т. ", "т.\u00a0"})
# Thai writes no sentence mark and the library would guess.
WHOLE = frozenset({"th"})


def ends(text: str, base: str) -> list[int]:
    """Offsets right after each sentence but the last, before the white space that follows.

    ``text`` is plain (no tags) and NFC; ``base`` a primary language subtag. Offsets count code
    points, rise strictly, and never lie at the beginning or the end of the text.
    """
    if base in WHOLE or not _MARK.search(text):
        return _paragraphs(text)
    kept = _addresses(text)
    found = set(_paragraphs(text))
    for at in _candidates(text, base):
        at = _past_reference(text, at)
        if not 0 < at < len(text) or any(start < at < end for start, end in kept):
            continue
        if _is_end(text, at, base):
            found.add(at)
    return _without_crumbs(text, sorted(found))


def _candidates(text: str, base: str) -> set[int]:
    """Ends that the library proposes, and those it is known to miss, trimmed of white space."""
    proposed = {
        _trimmed(text, boundary["end_index"])
        for boundary in sentencex.get_sentence_boundaries(base, text)
    }
    for pattern in (_STRONG_END, _GLUED, _DOT_END):
        proposed.update(match.end() for match in pattern.finditer(text))
    return proposed


def _trimmed(text: str, at: int) -> int:
    while at and text[at - 1].isspace():
        at -= 1
    return at


def _paragraphs(text: str) -> list[int]:
    """A blank line always ends what stood before it."""
    return [
        match.start()
        for match in re.finditer(r"(?<=\S)[^\S\n]*\n[^\S\n]*\n\s*(?=\S)", text)
        if match.start() > 0
    ]


def _addresses(text: str) -> list[tuple[int, int]]:
    """Where web and mail addresses stand, without the punctuation of the sentence around them."""
    spans = []
    for match in _ADDRESS.finditer(text):
        end = match.end()
        tail = _TRAILING.search(match[0])
        if tail:
            end -= len(tail[0])
        spans.append((match.start(), end))
    return spans


def _past_reference(text: str, at: int) -> int:
    match = _REFERENCE.match(text, at)
    if match and re.match(r"\s*[^\s.,;:]", text[match.end() :]) and text[at - 1] in ".!?":
        return match.end()
    return at


def _is_end(text: str, at: int, base: str) -> bool:
    """Whether a proposed end is one: a mark stands there, and nothing speaks against it."""
    # As much as the rules look at; the zero keeps "start of text" from matching at the cut.
    head = text[:at] if at <= _BACK else "\0" + text[at - _BACK : at]
    reference = re.search(r"(?:\[[\d\s,;–—-]+\]\s?)+\Z", head)
    if reference:
        head = head[: reference.start()].rstrip()
    mark = _END.search(head)
    if not mark:
        return False
    tail = text[at : at + _BACK]
    following = tail.lstrip()
    if not following:
        return False
    first = following.lstrip(_OPENERS)[:1]
    if _inside_brackets(text, at):
        return False
    strong = next((char for char in mark[0] if char in STRONG), "")
    if strong:
        return _strong_is_end(mark[0], strong, following, first, tail)
    if "…" in mark[0] or ".." in mark[0]:
        return bool(tail[:1].isspace() and (first.isupper() or not _cased(first)) and first)
    if not tail[:1].isspace() and not reference and not _GLUED.match(text, at - len(mark[0])):
        return False
    return _dot_is_end(head[: mark.start()], mark[0], following, first, base)


def _strong_is_end(mark: str, strong: str, following: str, first: str, tail: str) -> bool:
    if following[0] in ",;:，；、：،؛":
        return False
    if strong in "!?" and not tail[:1].isspace():
        # "1!2", "a?b=1" and "!important" go on; Chinese writers use these marks without a space.
        return not first.isascii() or bool(re.match(r"[A-Z][a-z]+ ", following))
    closed = any(char in _CLOSERS for char in mark)
    return not (closed and first.islower())


def _dot_is_end(before: str, mark: str, following: str, first: str, base: str) -> bool:
    word = _BREAKS.split(before[-40:])[-1]
    closed = any(char in _CLOSERS for char in mark)
    if following[0] in ",;:)]}»”%،؛":
        return False
    if first.islower() and (closed or not _plain_word(word, base)):
        return False
    if not word or closed:
        return True
    digit_next = first.isdigit()
    if _LABEL_MARK.search(before + "."):
        return False
    if word[-1].isdigit():
        return not digit_next or bool(_YEAR.search(before))
    if before[-len(word) - 3 : -len(word)] in _AND_SO_ON:
        return True
    if never_ends(word, base) or (digit_next and word.casefold() in BEFORE_NUMBER):
        return False
    if word in _YEARS:
        return not digit_next and before[: -len(word)].rstrip()[-1:].isdigit()
    next_word = re.match(r"[\w.'’-]*\w|", following.lstrip(_OPENERS))
    next_text = next_word[0] if next_word else ""
    if word.casefold() in SELDOM:
        if not _cased(first):
            # No capital letter can tell: rather a long segment than a dose cut in two.
            return False
        return next_text.casefold() not in DOSE_CODES and not digit_next
    if "." in word and not any(char.isdigit() for char in word):
        # Dotted letters (U.S., யு.எஸ்., እ.ኤ.አ.) go on unless a usual first word follows.
        parts = word.split(".")
        if all(len(_base_letters(part)) <= 3 for part in parts):
            return next_text in STARTERS
    if len(_base_letters(word)) == 1 and word.isalpha():
        earlier = re.findall(r"[\w-]+", before[: -len(word)])[-1:]
        lettered = bool(earlier) and earlier[0].casefold() in LETTERED
        return lettered or (word.islower() and _cased(word))
    return True


def _plain_word(word: str, base: str) -> bool:
    """Whether a word is surely none of the short forms, so that even a small letter may follow."""
    return (
        len(word) >= 4
        and word.isalpha()
        and word.islower()
        and word not in SELDOM
        and word not in BEFORE_NUMBER
        and not never_ends(word, base)
    )


def _inside_brackets(text: str, at: int) -> bool:
    """Whether a round bracket is open at ``at`` that closes later within the same text."""
    depth = 0
    for opener, closer in (("(", ")"), ("（", "）")):
        head = text[max(0, at - 400) : at]
        depth = head.count(opener) - len(re.findall(rf"(?<!\b\d){re.escape(closer)}", head))
        if depth > 0:
            closes = text.find(closer, at, at + 400)
            opens = text.find(opener, at, at + 400)
            if closes >= 0 and (opens < 0 or closes < opens):
                return True
    return False


def _base_letters(word: str) -> str:
    return "".join(char for char in word if char.isalpha())


def _cased(char: str) -> bool:
    return char.lower() != char.upper()


def _without_crumbs(text: str, found: list[int]) -> list[int]:
    """Drop ends that would leave a label or a lone mark as a segment of its own."""
    kept: list[int] = []
    start = 0
    for at in found:
        piece = text[start:at]
        if _LABEL.match(piece) or not _WORD.search(piece):
            continue
        kept.append(at)
        start = at
    while kept and not _WORD.search(text[kept[-1] :]):
        kept.pop()
    return kept
