"""Pictures: decoded and encoded anew, so that only pixels pass."""

import io
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageFile, ImageOps

from medixchange.guidelines.documents.safety import limits
from medixchange.guidelines.documents.safety.refusal import DocumentRefused


class PictureRefused(DocumentRefused):
    """A picture cannot be taken."""


@dataclass(frozen=True, slots=True)
class CleanPicture:
    """A picture encoded anew: ``image/png``, ``image/jpeg`` or ``image/webp``; size in pixels."""

    content: bytes
    media_type: str
    width: int
    height: int


#: The EXIF tag that says how the camera was held.
_ORIENTATION = 0x0112
_READ = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")
#: What PNG can hold as it is.
_PNG_MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")


def clean_picture(content: bytes) -> CleanPicture:
    """Decode a picture and encode it anew, without metadata, comments or hidden data.

    PNG, GIF, BMP and TIFF become PNG; JPEG stays JPEG with its own quantisation tables, so that
    cleaning twice costs no quality; WebP stays WebP. The turn that a camera noted is applied. Of
    a moving picture the first frame is taken. Colours are taken as sRGB.

    Raises:
        PictureRefused: in another format, damaged, or over ``limits.PIXELS``.
    """
    if len(content) > limits.PICTURE_BYTES:
        raise PictureRefused(
            _("The picture is larger than %(limit)s MB."),
            "",
            _("Make it smaller and insert it again."),
            limit=limits.PICTURE_BYTES // 1024 // 1024,
        )
    drawing = _drawing(content)
    if drawing:
        raise PictureRefused(
            _("The picture is a %(kind)s drawing, which is not taken."),
            "",
            _("Save it as PNG and insert that."),
            kind=drawing,
        )
    # WeasyPrint sets this for the whole process when it is imported; half a picture is no picture.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with Image.open(io.BytesIO(content), formats=_READ) as image:
            width, height = image.size
            if width * height > limits.PIXELS:
                raise _too_many(width, height)
            return _encode(image)
    except PictureRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureRefused(
            _("The picture has more than %(limit)s million pixels."),
            "",
            _("Make it smaller and insert it again."),
            limit=limits.PIXELS // 1_000_000,
        ) from error
    except Exception as error:
        # Pillow's decoders raise many kinds of errors on damaged data, all of which mean the same.
        raise PictureRefused(
            _("The picture is damaged, or of a kind that is not read."),
            "",
            _("Save it as PNG or JPEG and insert that."),
        ) from error


def _too_many(width: int, height: int) -> PictureRefused:
    return PictureRefused(
        _("The picture has %(width)s × %(height)s pixels; at most %(limit)s million are taken."),
        "",
        _("Make it smaller and insert it again."),
        width=width,
        height=height,
        limit=limits.PIXELS // 1_000_000,
    )


def _drawing(content: bytes) -> str:
    """The name of a vector format by its first bytes, or nothing."""
    if content.startswith(b"\x01\x00\x00\x00") and content[40:44] == b" EMF":
        return "EMF"
    if content.startswith((b"\xd7\xcd\xc6\x9a", b"\x01\x00\x09\x00", b"\x02\x00\x09\x00")):
        return "WMF"
    head = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"<") and b"<svg" in head:
        return "SVG"
    return ""


def _encode(image: Image.Image) -> CleanPicture:
    kind = "JPEG" if image.format == "MPO" else image.format
    image.load()
    # Without a turn the very object that was decoded is encoded: only it has JPEG's own tables.
    turned = image.getexif().get(_ORIENTATION, 1) != 1
    result = ImageOps.exif_transpose(image) if turned else image
    # Encoders copy comments and colour profiles from here unless it is emptied.
    transparency = result.info.get("transparency")
    result.info = {} if transparency is None else {"transparency": transparency}
    out = io.BytesIO()
    if kind == "JPEG":
        media_type = "image/jpeg"
        if result is image and image.format == "JPEG" and image.mode in ("L", "RGB"):
            result.save(out, "JPEG", quality="keep", optimize=True)
        else:
            result.convert("L" if result.mode == "L" else "RGB").save(out, "JPEG", quality=90)
    elif kind == "WEBP":
        media_type = "image/webp"
        result.save(out, "WEBP", quality=90, exact=False)
    else:
        media_type = "image/png"
        if result.mode not in _PNG_MODES:
            clear = "A" in result.getbands() or transparency is not None
            result = result.convert("RGBA" if clear else "RGB")
            result.info = {}
        result.save(out, "PNG", optimize=True)
    return CleanPicture(out.getvalue(), media_type, *result.size)
