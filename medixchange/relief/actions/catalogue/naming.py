"""Names of items in other languages: proposed by people, or made by machine."""

from collections.abc import Sequence

from django.conf import settings

from medixchange.core import languages
from medixchange.network.models import Member
from medixchange.relief.actions.catalogue.checks import of_name, require_keeper
from medixchange.relief.models import Item
from medixchange.relief.refusals import Refused
from medixchange.translation import filling
from medixchange.translation.actions import propose
from medixchange.translation.models import Segment, Translation
from medixchange.translation.segmentation import normalise


def propose_name(*, item: Item, language: str, text: str, by: Member) -> Translation:
    """Propose how an item is called in another language; it goes the way of all translations.

    Raises:
        NotAllowed: the member is no translator, reviewer or clinician, or does not read both.
        translation.actions.Refused: the text is empty or far too long.
    """
    text = normalise(text)
    if text:
        Refused.if_any(of_name(text))
    return propose(segment=item.name, language=language, text=text, by=by)


def fill_names(*, items: Sequence[Item], by: Member | None) -> list[filling.Filled]:
    """Have the machine translate the items' names into the interface's languages where there is
    no wording yet; readers see that it was the machine. One result for each pair of languages.

    Raises:
        NotAllowed: the member may not keep the catalogue.
    """
    require_keeper(by)
    by_language: dict[str, list[Segment]] = {}
    for item in items:
        by_language.setdefault(item.name.language, []).append(item.name)
    return [
        filling.fill(segments, language=tag, limit=filling.PAGE_LIMIT)
        for source, segments in by_language.items()
        for tag in interface_languages()
        if tag != source
    ]


def interface_languages() -> list[str]:
    """BCP 47 tags of the languages the interface is in."""
    return [languages.get(code).tag for code, _name in settings.LANGUAGES]
