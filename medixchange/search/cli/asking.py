"""``medixchange search "…"``"""

from typing import Any

import click
from django.http import QueryDict

from medixchange.core.commands import LanguageTag, Refused, as_json, emit, needs_database
from medixchange.search import asking, interchange, quoting
from medixchange.search.queries import PAGE, Hit, Results, search


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--language", type=LanguageTag(), default="en", show_default=True,
              help="Language to show answers in.")  # fmt: skip
@click.option("--kind", multiple=True, help="Only of this kind, such as guideline.")
@click.option("--country", multiple=True, help="Only from this country (ISO 3166 code).")
@click.option("--said-in", multiple=True, help="Only what was first said in this language.")
@click.option("--topic", multiple=True, help="Only on this topic.")
@click.option("--since", default="", help="Only what was said on this day or later: 2020-05-04.")
@click.option("--approved", is_flag=True, help="Only what is original or approved.")
@click.option("--page", default=1, show_default=True, type=click.IntRange(1, asking.LAST_PAGE))
@as_json
@needs_database
def ask(words: tuple[str, ...], as_json: bool, **options: Any) -> None:
    """Search for WORDS, as anybody who is not signed in."""
    asked = asking.read(_data(words, options), options["language"])
    if asked.problems:
        raise Refused(" ".join(f"{problem.what} {problem.next}" for problem in asked.problems))
    results = search(asked.wanted, None)
    emit(
        interchange.of_results(results, cut=asked.cut),
        as_json=as_json,
        words="\n\n".join(_lines(results)),
    )


def _data(words: tuple[str, ...], options: dict[str, Any]) -> QueryDict:
    """The search as an address asks it."""
    data = QueryDict(mutable=True)
    data["q"] = " ".join(words)
    for name in ("kind", "country", "said_in", "topic"):
        data.setlist(name, list(options[name]))
    data["since"] = options["since"]
    data["approved"] = "1" if options["approved"] else ""
    data["page"] = str(options["page"])
    return data


def _lines(results: Results) -> list[str]:
    if not results.hits:
        lines = ["Nothing found."]
    else:
        first = (results.wanted.page - 1) * PAGE + 1
        lines = [_told(number, hit) for number, hit in enumerate(results.hits, first)]
        lines.append(f"{results.total} found, page {results.wanted.page} of {results.pages}.")
    if results.suggestion:
        lines.append(f"Did you mean: {results.suggestion}")
    if results.meaning_behind:
        lines.append(
            f"The meaning of {results.meaning_behind:,} passages is still being worked out; "
            "their words are found already."
        )
    return lines


def _told(number: int, hit: Hit) -> str:
    card = hit.card
    where = " › ".join(part for part in (card.work, card.section) if part)
    state = [card.language.tag, card.provenance.state]
    if card.source_changed:
        state.append("source changed")
    return (
        f"{number}. {where}\n   {quoting.quote(card.text, card.language, hit.spans).text}\n"
        f"   {card.by + ' · ' if card.by else ''}{' · '.join(state)} · {card.address}"
    )
