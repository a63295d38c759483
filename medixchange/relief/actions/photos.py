"""Photos of goods and papers: encoded anew, so that only pixels pass, and kept by their hash."""

import hashlib
import io
import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageFile, ImageOps

from medixchange.core import audit
from medixchange.network.models import Member
from medixchange.relief import rules, texts
from medixchange.relief.models import Document, Photo
from medixchange.relief.refusals import Problem, Refused

#: What may be sent, and what is kept, in bytes.
LARGEST_SENT = 20 * 1024 * 1024
LARGEST_KEPT = 2 * 1024 * 1024
#: A picture of more pixels is not opened; a kept one has no longer side than this.
PIXELS = 60_000_000
LONGEST = 2000
#: Of one document.
MOST = 12
_READ = ("JPEG", "PNG", "WEBP")
_QUALITIES = (85, 75, 60, 45, 30)


@transaction.atomic
def add_photo(
    *,
    document: Document,
    content: bytes,
    by: Member | None,
    caption: str = "",
    caption_language: str = "",
) -> Photo:
    """Add a photo to a receipt or proof of delivery. The same photo sent twice is kept once.

    Raises:
        NotAllowed: the member does not receive for the destination.
        Refused: it cannot be read, is too large, or the document has its fill.
    """
    if document.consignment is None or (
        by is not None and not rules.may_receive(by, document.consignment)
    ):
        raise rules.NotAllowed
    picture, width, height = cleaned(content)
    digest = hashlib.sha256(picture).hexdigest()
    held = Photo.objects.filter(document=document, sha256=digest).first()
    if held is not None:
        return held
    if document.photos.count() >= MOST:
        raise Refused(
            Problem(
                _("%(number)s has %(most)d photos already; no more are taken.")
                % {"number": document.number, "most": MOST},
                "photos",
                "too_many",
            )
        )
    _keep(path_of(digest), picture)
    caption = caption.strip()[:300]
    try:
        with transaction.atomic():
            photo = Photo.objects.create(
                document=document,
                sha256=digest,
                width=width,
                height=height,
                caption=caption,
                caption_language=caption_language if caption else "",
                added_by=by,
            )
    except IntegrityError:  # sent twice at once
        return Photo.objects.get(document=document, sha256=digest)
    texts.keep(caption, caption_language)
    audit.record("photo.added", document, by=by, number=document.number, sha256=digest)
    return photo


def path_of(digest: str) -> Path:
    """Where a photo is kept; ``digest`` is the SHA-256 of the file in hex."""
    return Path(settings.MEDIA_ROOT) / "relief" / digest[:2] / f"{digest}.jpg"


def cleaned(content: bytes) -> tuple[bytes, int, int]:
    """The picture as JPEG of at most 2 MB without the camera's data, its width and its height.

    Raises:
        Refused: it is no picture that is read, or too large.
    """
    if len(content) > LARGEST_SENT:
        raise _refused(
            _("The photo is larger than %(most)d MB. Take it again with a lower resolution.")
            % {"most": LARGEST_SENT // 1024 // 1024}
        )
    # WeasyPrint sets this for the whole process when it is imported; half a photo is no photo.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with Image.open(io.BytesIO(content), formats=_READ) as opened:
            if opened.width * opened.height > PIXELS:
                raise _refused(_("The photo has too many pixels. Take it with a lower resolution."))
            turned = ImageOps.exif_transpose(opened)
            flat = _on_white(turned)
    except Refused:
        raise
    except Exception as error:
        # Pillow's decoders raise many kinds of errors on damaged data, all of which mean the same.
        raise _refused(
            _("This photo cannot be read. Take it again, or save it as JPEG or PNG.")
        ) from error
    flat.thumbnail((LONGEST, LONGEST))
    for quality in _QUALITIES:
        out = io.BytesIO()
        flat.save(out, "JPEG", quality=quality, optimize=True)
        if out.tell() <= LARGEST_KEPT:
            break
    return out.getvalue(), flat.width, flat.height


def _on_white(image: Image.Image) -> Image.Image:
    """A new picture with these pixels and nothing else; what was see-through is white."""
    image = image.convert("RGBA" if "A" in image.getbands() or image.mode == "P" else "RGB")
    flat = Image.new("RGB", image.size, "white")
    flat.paste(image, mask=image if image.mode == "RGBA" else None)
    return flat


def _refused(what: str) -> Refused:
    return Refused(Problem(what, "photos", "photo"))


def _keep(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(0o640)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
