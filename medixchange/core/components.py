"""Building blocks of pages that Python has a hand in: form rendering and the provenance mark."""

from dataclasses import dataclass
from datetime import datetime

from django.forms.renderers import TemplatesSetting

from medixchange.core.languages import Language


class FormRenderer(TemplatesSetting):
    """Renders every form with our own two templates, so that each field looks and reads alike."""

    form_template_name = "core/form.html"
    field_template_name = "core/field.html"


@dataclass(frozen=True, slots=True)
class Provenance:
    """What the provenance mark says of a text: who or what made it, and who stands for it.

    ``state`` is one of ``original``, ``approved``, ``reviewed``, ``proposed``, ``machine``,
    ``missing`` (not translated yet; the source is shown) and, of a passage of several segments,
    ``mixed``.
    """

    state: str
    language: Language
    who: str = ""
    organisation: str = ""
    at: datetime | None = None
    engine: str = ""
