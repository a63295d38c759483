"""The documents say what the code does."""

import os
import re
from pathlib import Path

import click

from medixchange.cli import group
from medixchange.relief.states import WORKFLOWS
from medixchange.translation.states import TRANSITIONS

ROOT = Path(__file__).resolve().parents[2]


def test_every_dependency_is_told_of_with_its_reason():
    told = (ROOT / "docs" / "dependencies.md").read_text()
    for name in ("app", "dev"):
        for line in (ROOT / "requirements" / f"{name}.in").read_text().splitlines():
            package = re.split(r"[<>=\[;]", line)[0].strip()
            if package and not package.startswith("-"):
                assert package in told, package


def test_the_lock_files_name_no_index_and_no_address():
    for path in (ROOT / "requirements").glob("*.lock"):
        for line in path.read_text().splitlines():
            assert re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!-]+( ;.*)?", line), line


def test_commands_named_in_the_documents_exist():
    context = click.Context(group)
    for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for words in re.findall(r"(?:bin/)?medixchange ([a-z]+)(?: ([a-z]+))?", path.read_text()):
            command = group.get_command(context, words[0])
            if words[1] and isinstance(command, click.Group):
                assert words[1] in command.list_commands(context), (path.name, words)


def test_every_command_has_help():
    def walk(command):
        assert command.help, command.name
        if isinstance(command, click.Group):
            context = click.Context(command)
            for name in command.list_commands(context):
                walk(command.get_command(context, name))

    walk(group)


def test_links_between_documents_lead_somewhere():
    for path in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text()):
            assert (path.parent / target).exists(), (path, target)


def states_page() -> str:
    """The page of workflows, made from the transitions tables."""
    lines = [
        "# States",
        "",
        "Made from the transitions tables in the code; a test holds the two together "
        "(`UPDATE_DOCS=1 bin/test tests/core/test_docs.py` makes it anew).",
        "",
    ]
    tables = {
        "A translation (`medixchange/translation/states.py`)": (["machine", "draft"], TRANSITIONS)
    }
    for name, table in WORKFLOWS.items():
        article = "An" if name[0] in "aeiou" else "A"
        first = next(iter(table)).value
        tables[f"{article} {name} (`medixchange/relief/states.py`)"] = ([first], table)
    for title, (begins, table) in tables.items():
        lines += [f"## {title}", "", "```mermaid", "stateDiagram-v2"]
        lines += [f"    [*] --> {begin}" for begin in begins]
        for now, after in table.items():
            ends = [then.value for then in sorted(after)] or ["[*]"]
            lines += [f"    {now.value} --> {then}" for then in ends]
        lines += ["```", ""]
    return "\n".join(lines)


def test_the_page_of_states_is_the_tables():
    path = ROOT / "docs" / "states.md"
    if os.environ.get("UPDATE_DOCS"):
        path.write_text(states_page())
    assert path.read_text() == states_page()
