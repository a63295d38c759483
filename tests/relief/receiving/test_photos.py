"""Photos: only pixels are kept, once, and only the parties see them."""

import io

import pytest
from django.urls import reverse
from PIL import Image

from medixchange.core.models import AuditEntry
from medixchange.relief import rules
from medixchange.relief.actions import photos
from medixchange.relief.models import Photo
from medixchange.relief.refusals import Refused


def picture(size=(60, 40), kind="JPEG", colour="red", **more) -> bytes:
    out = io.BytesIO()
    mode = "RGBA" if kind == "PNG" else "RGB"
    Image.new(mode, size, colour).save(out, kind, **more)
    return out.getvalue()


def with_camera_data() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = "SECRET CAPTION"
    exif[0x0112] = 6  # the camera was held upright
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "S", (6.0, 7.0, 32.0)
    return picture((60, 40), exif=exif, comment=b"SECRET COMMENT")


@pytest.fixture
def document(relief, lot_of, send, count):
    lot = lot_of(relief.mask, "M1")
    return count(send([(lot, 100)]), accepted=(lot, 100)).document


def test_a_photo_is_kept_turned_and_without_what_the_camera_wrote(relief, document):
    photo = photos.add_photo(document=document, content=with_camera_data(), by=relief.agent)
    kept = photos.path_of(photo.sha256).read_bytes()
    assert b"SECRET" not in kept
    assert b"Exif" not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert (image.format, image.size) == ("JPEG", (40, 60))
    assert (photo.width, photo.height) == (40, 60)
    assert photos.path_of(photo.sha256).stat().st_mode & 0o007 == 0
    assert AuditEntry.objects.filter(action="photo.added").count() == 1


def test_the_same_photo_sent_twice_is_kept_once(relief, document):
    first = photos.add_photo(document=document, content=picture(), by=relief.agent)
    assert photos.add_photo(document=document, content=picture(), by=relief.agent) == first
    assert AuditEntry.objects.filter(action="photo.added").count() == 1


def test_a_large_photo_is_made_small(relief, document):
    noise = Image.effect_noise((3000, 2600), 120).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=100)
    photo = photos.add_photo(document=document, content=out.getvalue(), by=relief.agent)
    assert (photo.width, photo.height) == (2000, 1733)
    assert photos.path_of(photo.sha256).stat().st_size <= photos.LARGEST_KEPT


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_pictures_become_jpeg_on_white(relief, document, kind):
    content = picture(kind=kind, colour=(0, 0, 0, 0) if kind == "PNG" else "white")
    photo = photos.add_photo(document=document, content=content, by=relief.agent)
    with Image.open(photos.path_of(photo.sha256)) as image:
        assert image.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    "content",
    [b"", b"no picture", b"<svg xmlns='http://www.w3.org/2000/svg'/>", picture()[:300],
     picture(kind="GIF"), b"\xff\xd8\xff" + b"\0" * 100],
)  # fmt: skip
def test_what_is_no_photo_is_refused(relief, document, content):
    with pytest.raises(Refused) as refusal:
        photos.add_photo(document=document, content=content, by=relief.agent)
    assert refusal.value.problems[0].where == "photos"
    assert not Photo.objects.exists()


def test_a_picture_of_too_many_pixels_is_not_opened(relief, document, monkeypatch):
    monkeypatch.setattr(photos, "PIXELS", 60 * 40 - 1)
    with pytest.raises(Refused) as refusal:
        photos.add_photo(document=document, content=picture(), by=relief.agent)
    assert "too many pixels" in str(refusal.value)


def test_a_document_has_its_fill_of_photos(relief, document):
    for shade in range(photos.MOST):
        content = picture(colour=(shade * 20, 0, 0))
        photos.add_photo(document=document, content=content, by=relief.agent)
    with pytest.raises(Refused):
        photos.add_photo(document=document, content=picture(colour="blue"), by=relief.agent)
    assert document.photos.count() == photos.MOST


@pytest.mark.parametrize("who", ["giver", "carrier", "staff", "outsider", "visitor"])
def test_only_the_receiving_side_adds_one(relief, document, who):
    with pytest.raises(rules.NotAllowed):
        photos.add_photo(document=document, content=picture(), by=getattr(relief, who))


@pytest.mark.parametrize(
    ("who", "status"),
    [("agent", 200), ("giver", 200), ("carrier", 404), ("staff", 200), ("outsider", 404),
     ("visitor", 404)],
)  # fmt: skip
def test_the_parties_see_it_and_nobody_else(relief, document, browser_of, who, status):
    photo = photos.add_photo(document=document, content=picture(), by=relief.agent)
    address = reverse("relief_photo", args=[document.number, photo.sha256])
    answer = browser_of(getattr(relief, who)).get(address)
    assert answer.status_code == status
    if status == 200:
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["Cache-Control"].startswith("private")
        assert b"".join(answer.streaming_content) == photos.path_of(photo.sha256).read_bytes()


def test_a_photo_is_found_under_its_own_document_only(
    relief, document, lot_of, send, count, browser_of
):
    photo = photos.add_photo(document=document, content=picture(), by=relief.agent)
    lot = lot_of(relief.mask, "M2")
    other = count(send([(lot, 100)]), accepted=(lot, 100)).document
    browser = browser_of(relief.agent)
    for number, digest in [(other.number, photo.sha256), (document.number, "0" * 64)]:
        assert browser.get(reverse("relief_photo", args=[number, digest])).status_code == 404


def test_a_phone_adds_photos_one_by_one(relief, document, browser_of, client):
    address = reverse("relief_photo_add", args=[document.number])
    assert client.post(address).status_code == 401
    browser = browser_of(relief.agent)
    for _time in range(2):
        answer = browser.post(address, {"photo": io.BytesIO(picture())})
        assert answer.json() == {"sha256": Photo.objects.get().sha256}
    assert browser.post(address, {"photo": io.BytesIO(b"no")}).status_code == 422
    assert browser.post(address).status_code == 422
    assert browser_of(relief.giver).post(
        address, {"photo": io.BytesIO(picture())}
    ).status_code == 403  # fmt: skip
