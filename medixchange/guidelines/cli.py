"""Commands of guidelines: bring in, fill, publish, give out."""

from pathlib import Path
from typing import Any

import click
from django.core.exceptions import PermissionDenied

from medixchange.core import languages
from medixchange.core.commands import (
    LanguageTag,
    Refused,
    as_json,
    counting,
    emit,
    needs_database,
)
from medixchange.guidelines import actions, exporting, likeness, queries
from medixchange.guidelines.documents.reading import read
from medixchange.guidelines.documents.safety import DocumentRefused
from medixchange.guidelines.models import Guideline
from medixchange.network.cli import find_member, find_organisation
from medixchange.network.models import Organisation
from medixchange.translation import actions as translation_actions
from medixchange.translation import filling

language_option = click.option(
    "--language", type=LanguageTag(), required=True, help="BCP 47 tag, such as id or pt-BR."
)


@click.group()
def guideline() -> None:
    """Guidelines: bring in a document, fill it by machine, publish it, give it out."""


def _find(slug: str) -> Guideline:
    found = Guideline.objects.filter(slug=slug).select_related("owner").first()
    if found is None:
        known = ", ".join(Guideline.objects.values_list("slug", flat=True)[:10]) or "none"
        raise Refused(f"There is no guideline “{slug}”. Known: {known}.")
    return found


def _owner(name: str) -> Organisation:
    if name:
        return find_organisation(name)
    first = Organisation.objects.filter(verification="verified").order_by("pk").first()
    if first is None:
        raise Refused(
            "No verified organisation could own it. Add one: "
            "medixchange organisation add NAME --kind agency --country ID --verified"
        )
    return first


@guideline.command("import")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@language_option
@click.option("--title", default="", help="Left out, the document's own.")
@click.option("--slug", default="", help="Short name for the address; else from the title.")
@click.option("--owner", default="", help="Organisation it belongs to; else the first verified.")
@click.option("--publish", is_flag=True, help="Publish the original at once.")
@as_json
@needs_database
def import_(
    path: Path, language: str, title: str, slug: str, owner: str, publish: bool, as_json: bool
) -> None:
    """Bring in a document: DOCX, Markdown, HTML or plain text.

    Says what could not be taken. Of a file that is refused nothing is kept.
    """
    owning = _owner(owner)
    try:
        document = read(path, language=language, title=title or None)
        likeness.require(document)
        revision = actions.add_guideline(
            document=document,
            slug=slug,
            owner=owning,
            by=None,
            original=(path.name, path.read_bytes()),
        )
    except (DocumentRefused, translation_actions.Refused) as refused:
        raise Refused(f"{path}: {refused}") from refused
    if publish:
        actions.publish(guideline=revision.guideline, language=language, by=None)
    result = {
        "slug": revision.guideline.slug,
        "title": document.title,
        "language": language,
        "revision": revision.number,
        "blocks": len(document.blocks),
        "segments": len(queries.segment_ids(revision)),
        "published": publish,
        "untaken": revision.untaken,
    }
    words = [f"{result['slug']}: {result['blocks']} blocks, {result['segments']} segments."]
    words += [f"  not taken: {t['what']} ({t['where']}) {t['remedy']}" for t in revision.untaken]
    emit(result, as_json=as_json, words="\n".join(words))


@guideline.command("export")
@click.argument("slug")
@language_option
@click.option("--format", "kind", type=click.Choice(["md", "html", "pdf"]), required=True)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False, writable=True), required=True
)
@as_json
@needs_database
def export(slug: str, language: str, kind: str, output: Path, as_json: bool) -> None:
    """Write a guideline in a language to a file. Unapproved sentences say so in it."""
    revision = queries.newest(_find(slug))
    content = exporting.export(queries.reading(revision, language), kind)
    try:
        output.write_bytes(content)
    except OSError as error:
        raise Refused(f"{output}: {error.strerror}") from error
    emit(
        {"file": str(output), "bytes": len(content)},
        as_json=as_json,
        words=f"{output}: {len(content):,} bytes.",
    )


@guideline.command("fill")
@click.argument("slug")
@language_option
@as_json
@needs_database
def fill(slug: str, language: str, as_json: bool) -> None:
    """Translate by machine what has no wording yet. Readers see it marked as such."""
    revision = queries.newest(_find(slug))
    with counting("sentences") as show:
        done = filling.fill(queries.segments(revision), language=language, progress=show)
    result = {
        "memory": done.memory,
        "engine": done.engine,
        "left": done.left,
        "problem": done.problem,
    }
    emit(
        result,
        as_json=as_json,
        words=f"{done.memory} from memory, {done.engine} by machine, {done.left} left. "
        f"{done.problem}".strip(),
    )
    if done.problem and not done.engine and done.left:
        raise Refused(done.problem)


@guideline.command("publish")
@click.argument("slug")
@language_option
@click.option("--by", "email", default="", help="Address of the member; else the operator.")
@as_json
@needs_database
def publish(slug: str, language: str, email: str, as_json: bool) -> None:
    """Publish a guideline in a language."""
    try:
        edition = actions.publish(
            guideline=_find(slug), language=language, by=find_member(email) if email else None
        )
    except (translation_actions.Refused, PermissionDenied) as refused:
        raise Refused(str(refused)) from refused
    emit(
        {"slug": slug, "language": edition.language},
        as_json=as_json,
        words=f"{slug} is published in {languages.get(language).own_name}.",
    )


@guideline.command("list")
@as_json
@needs_database
def list_(as_json: bool) -> None:
    """List all guidelines with their languages and progress."""
    rows: list[dict[str, Any]] = []
    for row in Guideline.objects.select_related("owner"):
        revision = queries.newest(row)
        published = [edition.language for edition in queries.editions(row)]
        tags = [la.tag for la in languages.every() if la.tag != row.language]
        standing = queries.progress(revision, tags)
        rows.append(
            {
                "slug": row.slug,
                "title": revision.title.text,
                "language": row.language,
                "published": published,
                "approved": {tag: p.approved for tag, p in standing.items() if p.approved},
                "segments": standing[tags[0]].total,
            }
        )
    emit(
        rows,
        as_json=as_json,
        words="\n".join(
            f"{r['slug']}\t{r['language']}\t{', '.join(r['published']) or 'not published'}"
            for r in rows
        )
        or "No guidelines yet.",
    )
