"""The glossary: agreed renderings of terms, kept per pair of languages."""

from collections.abc import Iterable

from django.db import transaction

from medixchange.translation.models import GlossaryTerm
from medixchange.translation.segmentation import normalise


@transaction.atomic
def keep_terms(pairs: Iterable[tuple[str, str]], *, source: str, target: str, name: str) -> int:
    """Keep terms with their renderings; gives how many pairs were new.

    Args:
        pairs: term and rendering. Several renderings of a term are all accepted.
        name: where they were taken from, shown to who wants to judge them.
    """
    rows = {}
    for term, rendering in pairs:
        term, rendering = normalise(term)[:200], normalise(rendering)[:300]
        if term and rendering:
            rows[term.casefold()[:200], rendering] = term
    before = GlossaryTerm.objects.count()
    GlossaryTerm.objects.bulk_create(
        [
            GlossaryTerm(
                source_language=source,
                target_language=target,
                term=term,
                folded=folded,
                rendering=rendering,
                source_name=name[:150],
            )
            for (folded, rendering), term in rows.items()
        ],
        ignore_conflicts=True,
        batch_size=2000,
    )
    return GlossaryTerm.objects.count() - before
