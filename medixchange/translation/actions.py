"""Writes of the translation app: each one transaction, with its audit line inside."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from medixchange.core import audit
from medixchange.core.searchable import segments_touched
from medixchange.network.models import Member, Role
from medixchange.translation import findings, queries, rules, states
from medixchange.translation.checks.base import Finding, Term
from medixchange.translation.engines.base import Engine
from medixchange.translation.models import Segment, Translation
from medixchange.translation.segmentation import normalise, segment_key
from medixchange.translation.states import Origin, Status


class Refused(ValueError):
    """A change that cannot be made; ``str()`` tells the person why and what to do."""


def ensure_segments(texts: Iterable[str], *, language: str) -> list[Segment]:
    """The segments of these texts, in order, made where they are new. Call in a transaction."""
    keyed = [(segment_key(text, language), normalise(text)) for text in texts]
    have: dict[str, Segment] = {}
    wanted = list(dict(keyed).items())
    for at in range(0, len(wanted), queries.BATCH):
        batch = dict(wanted[at : at + queries.BATCH])
        have |= {s.key: s for s in Segment.objects.filter(key__in=batch)}
        missing = [
            Segment(key=key, language=language, text=text)
            for key, text in batch.items()
            if key not in have
        ]
        # Another writer may have made the same segment meanwhile: then theirs is taken.
        Segment.objects.bulk_create(missing, ignore_conflicts=True)
        made = [segment.key for segment in missing]
        have |= {s.key: s for s in Segment.objects.filter(key__in=made)}
    return [have[key] for key, _text in keyed]


@transaction.atomic
def save_draft(
    *,
    segment: Segment,
    language: str,
    text: str,
    by: Member,
    based_on: Translation | None = None,
) -> Translation:
    """Keep what a translator has typed so far, as their own draft.

    Autosaving writes no audit line: what a draft became is recorded when it is proposed.
    """
    _require_translator(by, segment, language)
    text = _wording(text)
    draft = Translation.objects.filter(
        segment=segment, language=language, author=by, status=Status.DRAFT
    ).first() or Translation(segment=segment, language=language, author=by, status=Status.DRAFT)
    draft.text = text
    if based_on is not None:
        if based_on.language != language:
            raise Refused(_("The suggestion belongs to another language."))
        draft.based_on = based_on
    kept = draft.based_on
    taken = kept is not None and kept.text == text and kept.origin != Origin.PERSON
    # Taken as it stood, the wording stays the engine's or the memory's, and says so.
    draft.origin = kept.origin if taken and kept else Origin.PERSON
    draft.origin_name = kept.origin_name if taken and kept else ""
    _check(draft)
    draft.save()
    return draft


@transaction.atomic
def propose(
    *,
    segment: Segment,
    language: str,
    text: str,
    by: Member,
    based_on: Translation | None = None,
) -> Translation:
    """The translator is done with a segment: it goes to the reviewers.

    A hard finding does not stop this: the reviewer sees it, and readers do not see the wording.
    """
    same = (
        Translation.objects.filter(segment=segment, language=language)
        .exclude(status__in=[Status.MACHINE, Status.DRAFT, Status.SUPERSEDED, Status.RETURNED])
        .order_by("-pk")
        .first()
    )
    if same is not None and same.text == _wording(text):
        _require_translator(by, segment, language)
        Translation.objects.filter(
            segment=segment, language=language, author=by, status=Status.DRAFT
        ).delete()
        return same
    draft = save_draft(segment=segment, language=language, text=text, by=by, based_on=based_on)
    states.require(draft.status, Status.PROPOSED)
    draft.status = Status.PROPOSED
    draft.save(update_fields=["status", "changed_at"])
    _touched(draft)
    audit.record("translation.proposed", draft, by=by, segment=segment.key, language=language)
    return draft


@transaction.atomic
def review(*, translation: Translation, by: Member) -> Translation:
    """A language reviewer has read it and found it right."""
    row = _locked(translation)
    if not rules.may_review(by, row):
        raise rules.NotAllowed(
            _("Only a language reviewer who reads both languages may do this, not its author.")
        )
    states.require(row.status, Status.REVIEWED)
    row.status, row.reviewed_by, row.reviewed_at = Status.REVIEWED, by, timezone.now()
    row.save()
    _touched(row)
    audit.record("translation.reviewed", row, by=by)
    return row


@transaction.atomic
def approve(*, translation: Translation, by: Member, override_reason: str = "") -> Translation:
    """A clinician signs a translation for the organisation in which they are one.

    The checks run once more on what is signed. A hard finding stops it unless ``override_reason``
    says why the wording is right; the reason is kept with the translation and in the audit trail.
    """
    row = _locked(translation)
    if row.author_id == by.pk:
        raise rules.NotAllowed(
            _("You wrote this translation, so another clinician has to approve it.")
        )
    organisation = by.organisation_as(Role.CLINICIAN)
    if organisation is None or not rules.may_approve(by, row):
        raise rules.NotAllowed(
            _("Only a clinician of a verified organisation who reads both languages may approve.")
        )
    states.require(row.status, Status.APPROVED)
    found = _check(row)
    override_reason = override_reason.strip()
    if findings.blocks(found) and not override_reason:
        raise Refused(
            _(
                "A check says this translation is not safe: %(finding)s Return it, or give the "
                "reason why it is right."
            )
            % {"finding": next(f.message for f in found if f.severity == "block")}
        )
    # Two approvals of the same segment at once follow one another. The lock lets others go on
    # adding wordings of it.
    Segment.objects.select_for_update(no_key=True).get(pk=row.segment_id)
    # Before the new one is approved: the database allows one approved wording at a time.
    for old in Translation.objects.select_for_update().filter(
        segment=row.segment, language=row.language, status=Status.APPROVED
    ):
        states.require(old.status, Status.SUPERSEDED)
        old.status = Status.SUPERSEDED
        old.save(update_fields=["status", "changed_at"])
    row.status = Status.APPROVED
    row.signed_by, row.signed_for, row.signed_at = by, organisation, timezone.now()
    row.override_reason = override_reason if findings.blocks(found) else ""
    row.blocked = False
    row.save()
    _touched(row)
    audit.record(
        "translation.approved",
        row,
        by=by,
        organisation=organisation.pk,
        override=row.override_reason,
        findings=[f.check for f in found],
    )
    return row


@transaction.atomic
def send_back(*, translation: Translation, reason: str, by: Member) -> Translation:
    """Return a translation to the translators with a reason."""
    row = _locked(translation)
    if not rules.may_return(by, row):
        raise rules.NotAllowed(_("Only a reviewer or clinician may return it, not its author."))
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say what is wrong, so that the translator can mend it."))
    states.require(row.status, Status.RETURNED)
    row.status, row.return_reason, row.returned_by = Status.RETURNED, reason, by
    row.save()
    _touched(row)
    audit.record("translation.returned", row, by=by, reason=reason)
    return row


def translate_by_engine(
    segments: Sequence[Segment], *, language: str, engine: Engine
) -> list[Translation]:
    """Have an engine translate segments and keep what it gives as machine translations.

    The engine runs outside any transaction, since it may be slow; nothing is kept of a batch that
    it fails on. Raises ``EngineUnavailable``.
    """
    from medixchange.translation.engines import translate

    if not segments:
        return []
    source = segments[0].language
    texts = translate(engine, [s.text for s in segments], source=source, target=language)
    rows = [
        _machine(segment, language, text, Origin.ENGINE, f"{engine.name} {engine.version}")
        for segment, text in zip(segments, texts, strict=True)
        if text.strip()
    ]
    return _keep_machine(rows)


def keep_memory(pairs: Sequence[tuple[str, str]], *, source: str, target: str, name: str) -> int:
    """Keep pairs of an imported memory under its name; gives how many were new."""
    with transaction.atomic():
        segments = ensure_segments((text for text, _t in pairs), language=source)
        known = {s.pk for s in segments}
        before = set(
            Translation.objects.filter(
                segment__in=known,
                language=target,
                status=Status.MACHINE,
                origin=Origin.MEMORY,
                origin_name=name,
            ).values_list("segment_id", flat=True)
        )
        new = {
            segment.pk: (segment, text)
            for segment, (_s, text) in zip(segments, pairs, strict=True)
            if segment.pk not in before
        }
        terms = queries.terms_in([s.text for s, _t in new.values()], source, target)
        rows = {
            segment.pk: _machine(segment, target, text, Origin.MEMORY, name, agreed)
            for (segment, text), agreed in zip(new.values(), terms, strict=True)
        }
        Translation.objects.bulk_create(rows.values(), ignore_conflicts=True)
        segments_touched(rows, target)
        return len(rows)


def _machine(
    segment: Segment,
    language: str,
    text: str,
    origin: Origin,
    name: str,
    terms: Sequence[Term] | None = None,
) -> Translation:
    row = Translation(
        segment=segment,
        language=language,
        text=normalise(text),
        status=Status.MACHINE,
        origin=origin,
        origin_name=name[:150],
    )
    _check(row, terms)
    return row


def _keep_machine(rows: list[Translation]) -> list[Translation]:
    with transaction.atomic():
        Translation.objects.bulk_create(rows, ignore_conflicts=True)
        if rows:
            segments_touched((row.segment_id for row in rows), rows[0].language)
    return rows


def _touched(row: Translation) -> None:
    """Note that what readers are shown of the segment may be another wording from now on."""
    segments_touched([row.segment_id], row.language)


def _check(row: Translation, terms: Sequence[Term] | None = None) -> list[Finding]:
    """Run the checks on a row's wording and set what follows from them; does not save."""
    if terms is None:
        terms = queries.terms(row.segment.text, row.segment.language, row.language)
    found = findings.of(row.segment, row.text, row.language, terms)
    row.findings = findings.store(found)
    row.blocked = findings.blocks(found)
    return found


def _locked(translation: Translation) -> Translation:
    """The row as it is now, held until the end of the transaction."""
    return (
        Translation.objects.select_for_update(of=("self",))
        .select_related("segment")
        .get(pk=translation.pk)
    )


def _wording(text: str) -> str:
    text = normalise(text)
    if not text:
        raise Refused(_("The translation is empty."))
    if len(text) > 20_000:
        raise Refused(_("The translation is longer than 20,000 characters."))
    return text


def _require_translator(by: Member, segment: Segment, language: str) -> None:
    if not rules.may_translate(by, source=segment.language, target=language):
        raise rules.NotAllowed(
            _(
                "Only a translator, reviewer or clinician of a verified organisation who reads "
                "both languages may translate this."
            )
        )
