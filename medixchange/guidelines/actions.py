"""Writes of guidelines: importing a document, publishing and withdrawing its editions."""

import hashlib
import uuid
from dataclasses import asdict
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from medixchange.core import audit, languages
from medixchange.guidelines import queries, rules, searchable
from medixchange.guidelines.documents.model import Block as DocumentBlock
from medixchange.guidelines.documents.model import BlockKind, Document, Text
from medixchange.guidelines.documents.safety import clean_picture
from medixchange.guidelines.models import Block, Edition, Guideline, Passage, Picture, Revision
from medixchange.network.models import Member, Organisation
from medixchange.translation.actions import Refused, ensure_segments
from medixchange.translation.rules import NotAllowed
from medixchange.translation.segmentation import split


@transaction.atomic
def add_guideline(
    *,
    document: Document,
    slug: str,
    owner: Organisation,
    by: Member | None,
    original: tuple[str, bytes] | None = None,
) -> Revision:
    """Add a guideline from a document that was read, as its first revision.

    Args:
        document: as ``documents.reading.read`` gives it.
        slug: its name in addresses; made from the title where empty.
        owner: the organisation whose document it is.
        by: the member who imports it, or None for the operator.
        original: name and content of the file, kept so that nothing of it is lost.

    Raises:
        Refused: the slug is taken, or the document has no words.
        NotAllowed: the member may not import.
    """
    if by is not None and not rules.may_import(by):
        raise NotAllowed(_("Only members of a verified organisation may bring in a guideline."))
    slug = slugify(slug or document.title)[:100] or f"guideline-{uuid.uuid4().hex[:8]}"
    if Guideline.objects.filter(slug=slug).exists():
        raise Refused(
            _("There is a guideline called “%(slug)s” already. Choose another short name.")
            % {"slug": slug}
        )
    if not any(block.text.text or block.rows for block in document.blocks):
        raise Refused(_("The document has no text that could be read."))
    try:
        with transaction.atomic():
            guideline = Guideline.objects.create(
                slug=slug, language=document.language, owner=owner, created_by=by
            )
    except IntegrityError:
        raise Refused(
            _("There is a guideline called “%(slug)s” already. Choose another short name.")
            % {"slug": slug}
        ) from None
    name, content = original or ("", b"")
    revision = Revision.objects.create(
        guideline=guideline,
        number=1,
        title=ensure_segments([document.title], language=document.language)[0],
        created_by=by,
        file_name=name[-200:],
        file_sha256=_keep_file("originals", content) if content else "",
        untaken=[asdict(thing) for thing in document.untaken],
    )
    _add_blocks(revision, document, _add_pictures(guideline, document))
    audit.record(
        "guideline.imported",
        guideline,
        by=by,
        file=name,
        sha256=revision.file_sha256,
        blocks=len(document.blocks),
        untaken=len(document.untaken),
    )
    return revision


def _add_pictures(guideline: Guideline, document: Document) -> dict[str, Picture]:
    pictures: dict[str, Picture] = {}
    for key, found in document.pictures.items():
        clean = clean_picture(found.content)
        pictures[key], _new = Picture.objects.get_or_create(
            guideline=guideline,
            sha256=_keep_file("pictures", clean.content),
            defaults={
                "media_type": clean.media_type,
                "width": clean.width,
                "height": clean.height,
                "alt": found.alt[:500],
            },
        )
    return pictures


def _add_blocks(revision: Revision, document: Document, pictures: dict[str, Picture]) -> None:
    """Blocks first, then all their passages, each kind in one statement."""
    keys = {key: str(picture.pk) for key, picture in pictures.items()}
    blocks, passages, words = [], [], []
    for position, found in enumerate(document.blocks):
        block = Block(
            revision=revision,
            position=position,
            kind=found.kind.value,
            level=found.level,
            ordered=found.ordered,
            number=found.number,
            continued=found.continued,
            label=found.label[:50],
            anchor=found.anchor[:100],
            picture=pictures.get(found.picture),
            layout=[
                [[cell.header, cell.rowspan, cell.colspan] for cell in row] for row in found.rows
            ],
        )
        blocks.append(block)
        if found.kind is BlockKind.VERBATIM:
            block.verbatim = found.text.text
            continue
        for cell, text in enumerate(_cells(found, block.picture)):
            if text.inline:
                block.inline[str(cell)] = [
                    [tag.number, tag.kind.value, keys.get(tag.target, tag.target)]
                    for tag in text.inline
                ]
            cuts = split(text.text, document.language)
            if not cuts and text.text.strip():
                block.bare[str(cell)] = text.text
            for order, cut in enumerate(cuts):
                words.append(cut.text)
                passages.append(
                    Passage(
                        block=block,
                        cell=cell,
                        position=order,
                        joiner=cut.joiner,
                        numbers=list(cut.numbers),
                    )
                )
    Block.objects.bulk_create(blocks)
    segments = ensure_segments(words, language=document.language)
    for passage, segment in zip(passages, segments, strict=True):
        passage.block_id = passage.block.pk
        passage.segment = segment
    Passage.objects.bulk_create(passages)


def _cells(found: DocumentBlock, picture: Picture | None) -> list[Text]:
    """The texts of a block by cell number: its own, its cells', or a figure's alternative."""
    cells = [found.text, *(cell.text for row in found.rows for cell in row)]
    if found.kind is BlockKind.FIGURE and picture is not None:
        cells.append(Text(picture.alt))
    return cells


def _keep_file(folder: str, content: bytes) -> str:
    """Keep content in the media folder under its SHA-256, which is given back.

    Content-addressed, so a file left behind by a transaction that failed is harmless and the same
    file is kept once.
    """
    digest = hashlib.sha256(content).hexdigest()
    path = file_path(folder, digest)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.{uuid.uuid4().hex}")
        part.write_bytes(content)
        part.replace(path)
    return digest


def file_path(folder: str, digest: str) -> Path:
    """Where a kept file lies."""
    return Path(settings.MEDIA_ROOT) / folder / digest[:2] / digest


@transaction.atomic
def publish(*, guideline: Guideline, language: str, by: Member | None) -> Edition:
    """Publish the newest revision in a language.

    In its own language a guideline may always be published. In another at least one sentence must
    be approved: an edition of machine text alone is no edition.
    """
    language = languages.get(language).tag
    if by is not None and not rules.may_publish(by, guideline):
        raise NotAllowed(
            _("Only a coordinator of the organisation that owns the guideline may publish it.")
        )
    # Held, so that two people publishing at once do not both make an edition.
    guideline = Guideline.objects.select_for_update().get(pk=guideline.pk)
    revision = queries.newest(guideline)
    if language != guideline.language:
        progress = queries.progress(revision, [language])[language]
        if not progress.approved:
            raise Refused(
                _("Nothing in this language is approved yet. A clinician has to sign first.")
            )
    now = timezone.now()
    Edition.objects.filter(guideline=guideline, language=language, withdrawn_at=None).update(
        withdrawn_at=now
    )
    edition = Edition.objects.create(
        guideline=guideline,
        revision=revision,
        language=language,
        published_by=by,
        published_at=now,
    )
    searchable.touched(guideline.pk)
    audit.record("guideline.published", guideline, by=by, language=language, number=revision.number)
    return edition


@transaction.atomic
def withdraw(*, edition: Edition, reason: str, by: Member | None) -> None:
    """Take an edition back: from now on it is read by nobody but those who work on it."""
    if by is not None and not rules.may_publish(by, edition.guideline):
        raise NotAllowed(
            _("Only a coordinator of the organisation that owns the guideline may withdraw it.")
        )
    if not reason.strip():
        raise Refused(_("Say why it is withdrawn."))
    edition.withdrawn_at = timezone.now()
    edition.save(update_fields=["withdrawn_at"])
    searchable.touched(edition.guideline_id)
    audit.record(
        "guideline.withdrawn",
        edition.guideline,
        by=by,
        language=edition.language,
        reason=reason.strip(),
    )
