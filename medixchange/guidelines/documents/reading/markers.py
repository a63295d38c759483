"""The counters of ordered lists as they are written."""

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_FRAMES = {"OneParen": "{})", "TwoParens": "({})"}


def marker(number: int, style: str, delimiter: str) -> str:
    """The counter of an item, or nothing where it is ``N.``, which every writer makes by itself.

    Args:
        number: the item's, from 1.
        style: pandoc's name, such as ``Decimal``, ``LowerAlpha``, ``UpperRoman``.
        delimiter: pandoc's name: ``Period``, ``OneParen``, ``TwoParens``.
    """
    count = _count(number, style)
    framed = _FRAMES.get(delimiter, "{}.").format(count)
    return "" if framed == f"{number}." else framed


def _count(number: int, style: str) -> str:
    if number > 0 and style in ("LowerAlpha", "UpperAlpha"):
        letters = ""
        while number > 0:
            number, letter = divmod(number - 1, 26)
            letters = chr(ord("a") + letter) + letters
        return letters if style == "LowerAlpha" else letters.upper()
    if 0 < number < 4000 and style in ("LowerRoman", "UpperRoman"):
        roman = ""
        for value, sign in _ROMAN:
            times, number = divmod(number, value)
            roman += sign * times
        return roman if style == "LowerRoman" else roman.upper()
    return str(number)
