"""Whether a printed paper is genuine: the check code that its QR carries."""

from django.db.models import Sum
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from medixchange.relief.models import Document

#: Hex digits of the code: 40 bits.
LENGTH = 10
_SALT = "medixchange.relief.paper"


def check_code(document: Document) -> str:
    """The code of a document: the beginning of an HMAC, with the site's key, of its number and
    fingerprint. Who has not this site's key cannot make a paper that checks."""
    made = salted_hmac(_SALT, f"{document.number}\n{document.fingerprint}", algorithm="sha256")
    return made.hexdigest()[:LENGTH]


def check_path(document: Document) -> str:
    """The address under this site that a paper's QR leads to."""
    return f"{reverse('relief_verify', args=[document.number])}?code={check_code(document)}"


def genuine(number: str, code: str) -> Document | None:
    """The document that a paper with this number and code is of, or None; whether the number or
    the code is wrong is not told. Case and spaces do not count."""
    found = (
        Document.objects.filter(number=number.strip().upper())
        .select_related("reverses", "reversed_by", "consignment")
        .first()
    )
    given = "".join(code.split()).lower()
    if found is None or not constant_time_compare(check_code(found), given):
        return None
    return found


def counted(document: Document) -> list[tuple[int, str, int]]:
    """What was counted, by item and outcome, in base units. One query."""
    return list(
        document.counts.order_by("lot__item__code", "outcome")
        .values_list("lot__item", "outcome")
        .annotate(total=Sum("quantity"))
    )
