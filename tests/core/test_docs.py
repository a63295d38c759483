"""The documents say what the code does."""

import re
from pathlib import Path

from medixchange.cli import _gather

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
    group = _gather()
    for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for words in re.findall(r"(?:bin/)?medixchange ([a-z]+)(?: ([a-z]+))?", path.read_text()):
            if words[0] not in group.commands:
                continue
            command = group.commands[words[0]]
            if words[1] and hasattr(command, "commands"):
                assert words[1] in command.commands, (path.name, words)


def test_every_command_has_help():
    def walk(command):
        assert command.help, command.name
        for inner in getattr(command, "commands", {}).values():
            walk(inner)

    walk(_gather())


def test_links_between_documents_lead_somewhere():
    for path in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text()):
            assert (path.parent / target).exists(), (path, target)
