"""Pictures in ``data:`` addresses: taken out before anything counts lines or parses text."""

import base64
import binascii
import re
from urllib.parse import unquote_to_bytes

#: Stands for a picture that was taken out; no such scheme is registered.
SCHEME = "x-within"
_DATA = re.compile(
    r"data:image/[a-z0-9.+-]{1,40}(?:;[a-z0-9=.-]{1,40}){0,3};base64,(?P<data>[A-Za-z0-9+/=%_-]*)",
    re.IGNORECASE,
)


def lift(text: str) -> tuple[str, dict[str, bytes]]:
    """The text with short addresses for embedded pictures, and the pictures by those.

    One that is not base64 after all stays an empty picture, which is then reported as damaged.
    """
    found: dict[str, bytes] = {}

    def replaced(match: re.Match[str]) -> str:
        address = f"{SCHEME}:{len(found) + 1}"
        data = unquote_to_bytes(match["data"])
        try:
            found[address] = base64.b64decode(data + b"=" * (-len(data) % 4), validate=False)
        except (binascii.Error, ValueError):
            found[address] = b""
        return address

    return _DATA.sub(replaced, text), found
