"""What pages, mails and feeds say of results, in the reader's words."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape

from django.template.loader import render_to_string
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from medixchange.core import countries, languages, searchable
from medixchange.core.languages import Language
from medixchange.network.models import Member
from medixchange.search import asking, rules
from medixchange.search.queries import Facet, Hit, Results, Wanted
from medixchange.search.quoting import Quotation, quote

#: Of a facet, values beyond these are shown only while they are chosen.
VALUES = 12
#: By the name of a facet: the parameter of the address, and the field of what is wanted.
PARAMETERS = {
    "kinds": "kind", "countries": "country", "said_in": "said_in", "topics": "topic",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """A hit as a page shows it.

    Attributes:
        kind: what kind of thing it is, in words.
        warnings: what the reader must know before they act on it.
        written_for: a country's name, where it was written for one and the reader's is not known.
        found_in: the language it was found in, where that is not the reader's.
    """

    hit: Hit
    kind: str
    quotation: Quotation
    warnings: tuple[str, ...] = ()
    written_for: str = ""
    found_in: Language | None = None

    @property
    def card(self) -> searchable.Card:
        return self.hit.card

    @property
    def mark(self) -> str:
        """The provenance mark as plain text."""
        made = render_to_string("core/provenance.html", {"p": self.card.provenance})
        return unescape(strip_tags(made)).strip()


def answers(hits: Sequence[Hit], wanted: Wanted, viewer: Member | None) -> list[Answer]:
    """Hits as a page shows them to a viewer."""
    country = rules.country_of(viewer)
    return [answer(hit, wanted.language, country) for hit in hits]


def answer(hit: Hit, language: str, country: str) -> Answer:
    """One hit for a reader of a language who works in a country, empty where that is not known."""
    card = hit.card
    elsewhere = bool(card.made_for and country and card.made_for != country)
    return Answer(
        hit,
        kind_label(hit.kind),
        quote(card.text, card.language, hit.spans),
        tuple(_warnings(card, language, country if elsewhere else "")),
        written_for=country_name(card.made_for, language) if card.made_for and not country else "",
        found_in=languages.get(hit.found_in) if hit.found_in != language else None,
    )


def _warnings(card: searchable.Card, language: str, country: str) -> list[str]:
    told = []
    if card.source_changed:
        told.append(_("The original has changed since this was translated."))
    if card.provenance.state == "machine":
        told.append(_("Machine translation: compare it with the original."))
    if country:
        told.append(
            _("Not your country's version: written for %(country)s.")
            % {"country": country_name(card.made_for, language)}
        )
    return told


def kind_label(kind: str) -> str:
    """What readers call things of a kind."""
    source = searchable.sources().get(kind)
    return str(source.label) if source else kind


def country_name(code: str, language: str) -> str:
    """A country's name in a language, or its code where it is none of ISO 3166."""
    try:
        return countries.get(code).name(language)
    except countries.UnknownCountry:
        return code


@dataclass(frozen=True, slots=True)
class Group:
    """A facet: what it is called, its parameter, and the values to tick."""

    label: str
    parameter: str
    values: tuple[Facet, ...]


def groups(results: Results) -> list[Group]:
    """The facets that have something to choose, in the order they are shown."""
    labels = {
        "kinds": _("Kind"),
        "countries": _("Country"),
        "said_in": _("Written in"),
        "topics": _("Topic"),
    }
    found = []
    for name, label in labels.items():
        values = tuple(
            facet
            for at, facet in enumerate(results.facets.get(name, ()))
            if facet.chosen or at < VALUES
        )
        if len(values) > 1 or any(facet.chosen for facet in values):
            found.append(Group(label, PARAMETERS[name], values))
    return found


@dataclass(frozen=True, slots=True)
class Chosen:
    """One narrowing that is in force, and the address without it."""

    label: str
    without: str


def chosen(results: Results, home: str) -> list[Chosen]:
    """What the results are narrowed by; each can be taken away again."""
    wanted = results.wanted
    found = []
    for name in PARAMETERS:
        labels = {facet.value: facet.label for facet in results.facets.get(name, ())}
        values: tuple[str, ...] = getattr(wanted, name)
        for value in values:
            others = tuple(kept for kept in values if kept != value)
            without = asking.address(wanted, home=home, page=1, **{name: others})
            found.append(Chosen(labels.get(value) or _own_label(name, value, wanted), without))
    if wanted.since:
        found.append(
            Chosen(
                _("since %(day)s") % {"day": wanted.since.isoformat()},
                asking.address(wanted, home=home, page=1, since=None),
            )
        )
    if wanted.approved_only:
        found.append(
            Chosen(
                _("Approved only"), asking.address(wanted, home=home, page=1, approved_only=False)
            )
        )
    return found


def narrowing(wanted: Wanted) -> list[str]:
    """What a search is narrowed by, in words, without asking for its answers."""
    told = [
        _own_label(name, value, wanted) for name in PARAMETERS for value in getattr(wanted, name)
    ]
    if wanted.since:
        told.append(_("since %(day)s") % {"day": wanted.since.isoformat()})
    if wanted.approved_only:
        told.append(_("Approved only"))
    return told


def _own_label(name: str, value: str, wanted: Wanted) -> str:
    """What a chosen value is called that no answer has."""
    match name:
        case "kinds":
            return kind_label(value)
        case "countries":
            return country_name(value, wanted.language)
        case "said_in":
            return languages.get(value).own_name
    return value


def comparable(results: Results, viewer: Member | None) -> tuple[Facet, Facet] | None:
    """Two countries whose answers may be compared: the reader's own, where it has answers, and the
    one that has most."""
    found = results.facets.get("countries", [])
    if len(found) < 2:
        return None
    own = rules.country_of(viewer)
    first, second, *_rest = sorted(found, key=lambda facet: (facet.value != own, -facet.count))
    return first, second
