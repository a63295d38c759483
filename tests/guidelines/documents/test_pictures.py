"""Pictures: only pixels pass."""

import io
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from medixchange.guidelines.documents.safety import PictureRefused, clean_picture, limits


def _encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("kind", "mode", "becomes"),
    [
        ("PNG", "RGBA", "image/png"),
        ("PNG", "P", "image/png"),
        ("PNG", "I;16", "image/png"),
        ("GIF", "P", "image/png"),
        ("BMP", "RGB", "image/png"),
        ("TIFF", "RGB", "image/png"),
        ("TIFF", "CMYK", "image/png"),
        ("TIFF", "F", "image/png"),
        ("JPEG", "RGB", "image/jpeg"),
        ("JPEG", "L", "image/jpeg"),
        ("JPEG", "CMYK", "image/jpeg"),
        ("WEBP", "RGB", "image/webp"),
    ],
)
def test_what_becomes_what(kind: str, mode: str, becomes: str) -> None:
    """Three formats that every browser shows."""
    clean = clean_picture(_encoded(Image.new(mode, (7, 5)), kind))
    assert (clean.media_type, clean.width, clean.height) == (becomes, 7, 5)
    image = Image.open(io.BytesIO(clean.content))
    image.load()
    assert Image.MIME[image.format or ""] == becomes


def test_cleaning_twice_changes_nothing() -> None:
    """A JPEG keeps its quantisation tables, so that quality is not lost each time."""
    photo = _encoded(Image.effect_noise((60, 40), 80).convert("RGB"), "JPEG", quality=70)
    once = clean_picture(photo)
    twice = clean_picture(once.content)
    assert Image.open(io.BytesIO(once.content)).quantization == (
        Image.open(io.BytesIO(photo)).quantization
    )
    assert abs(len(twice.content) - len(once.content)) <= len(once.content) // 100
    flat = clean_picture(_encoded(Image.new("RGB", (9, 9), "green"), "PNG"))
    assert clean_picture(flat.content) == flat


def test_nothing_hidden_passes() -> None:
    """Text chunks, comments, profiles, EXIF, and what is tacked on behind."""
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Patient", "SECRET")
    png = _encoded(Image.new("RGB", (3, 3)), "PNG", pnginfo=notes, icc_profile=b"SECRET" * 20)
    exif = Image.Exif()
    exif[0x010E] = "SECRET"
    jpeg = _encoded(
        Image.new("RGB", (3, 3)), "JPEG", comment=b"SECRET", exif=exif, icc_profile=b"SECRET" * 20
    )
    webp = _encoded(Image.new("RGB", (3, 3)), "WEBP", exif=exif, icc_profile=b"SECRET" * 20)
    for content in (png, jpeg, webp, jpeg + b"<script>SECRET</script>"):
        assert b"SECRET" in content
        assert b"SECRET" not in clean_picture(content).content


def test_see_through_stays_see_through() -> None:
    """Also where one colour of a palette stands for nothing."""
    image = Image.new("P", (2, 1))
    image.putpalette([0, 0, 0, 255, 0, 0])
    image.putdata([0, 1])
    clean = clean_picture(_encoded(image, "GIF", transparency=0))
    pixels = Image.open(io.BytesIO(clean.content)).convert("RGBA")
    assert [pixels.getpixel((x, 0)) for x in (0, 1)] == [(0, 0, 0, 0), (255, 0, 0, 255)]


def _png_that_says(width: int, height: int) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        checked = name + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0"))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("side", [7_000, 12_000, 60_000])
def test_too_many_pixels(side: int) -> None:
    """Refused by what the header says, before anything is unpacked."""
    with pytest.raises(PictureRefused, match=r"pixels.* Make it smaller and insert it again\."):
        clean_picture(_png_that_says(side, side))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "a SVG drawing"),
        (b"<?xml version='1.0'?>\n<!DOCTYPE svg>\n<svg/>", "a SVG drawing"),
        (b"\x01\x00\x00\x00" + b"\0" * 36 + b" EMF", "a EMF drawing"),
        (b"\xd7\xcd\xc6\x9a" + b"\0" * 30, "a WMF drawing"),
        (b"", "is damaged, or of a kind that is not read"),
        (b"%!PS-Adobe-3.0 EPSF", "is damaged, or of a kind that is not read"),
        (_png_that_says(5, 5), "is damaged, or of a kind that is not read"),
        (_encoded(Image.effect_noise((50, 50), 9), "JPEG")[:-400], "is damaged"),
    ],
)
def test_what_is_not_taken(content: bytes, said: str) -> None:
    """Says what it is, and what to do."""
    with pytest.raises(PictureRefused, match=said) as refused:
        clean_picture(content)
    assert refused.value.remedy


def test_too_large_a_file() -> None:
    """Before it is decoded."""
    with pytest.raises(PictureRefused, match=r"larger than 20 MB"):
        clean_picture(b"\x89PNG" + bytes(limits.PICTURE_BYTES))
