"""The command line loads a command's module when it is called, and lists all of them without."""

import os
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from medixchange.cli import group
from medixchange.core.lazy import Lazy, LazyGroup, Needs

SETTINGS = "DJANGO_SETTINGS_MODULE"


def lazy_groups(command=group, name="medixchange"):
    """Every lazy group, with its name."""
    if isinstance(command, LazyGroup):
        yield name, command
        for inner in command.lazy:
            yield from lazy_groups(command.get_command(click.Context(command), inner), inner)


def test_every_listed_command_is_there_and_says_of_itself_what_the_list_says():
    listed, real = {}, {}
    for group_name, owner in lazy_groups():
        for name, lazy in owner.lazy.items():
            command = owner.get_command(click.Context(owner), name)
            listed[group_name, name] = click.Command(name, help=lazy.help).get_short_help_str(500)
            real[group_name, name] = command.get_short_help_str(500)
    assert listed == real
    assert {("medixchange", "check"), ("relief", "allocate")} <= listed.keys()


def test_a_help_page_is_that_of_a_group_that_is_loaded():
    for name, owner in lazy_groups():
        context = click.Context(owner)
        loaded = click.Group(
            help=owner.help,
            epilog=owner.epilog,
            context_settings=owner.context_settings,
            params=owner.params,
            commands={each: owner.get_command(context, each) for each in owner.lazy},
        )
        lazy = LazyGroup(
            lazy=owner.lazy,
            help=owner.help,
            epilog=owner.epilog,
            context_settings=owner.context_settings,
            params=owner.params,
        )
        pages = [
            CliRunner().invoke(each, ["--help"], prog_name=name).stdout for each in (lazy, loaded)
        ]
        assert pages[0] == pages[1]
        assert lazy.commands == {}


def test_an_unknown_command_is_wrong_usage():
    done = CliRunner().invoke(group, ["nonsense"])
    assert (done.exit_code, "No such command 'nonsense'" in done.stderr) == (2, True)


def test_what_is_listed_and_is_no_command_is_an_error_of_ours():
    with pytest.raises(TypeError, match=r"medixchange\.cli:main is no command"):
        Lazy("medixchange.cli:main", "", needs=Needs.NOTHING).load()


def program(*arguments, **environment):
    """Runs the program, and tells on standard error which of the heavy modules it has read."""
    script = (
        "import sys, atexit\n"
        "from medixchange.cli import main\n"
        "heavy = 'django django.contrib.auth highspy numpy openpyxl weasyprint'.split()\n"
        "atexit.register(lambda: print([m for m in heavy if m in sys.modules], file=sys.stderr))\n"
        "main()\n"
    )
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        capture_output=True, text=True, check=False, timeout=120,
        env={
            **{name: value for name, value in os.environ.items() if name != SETTINGS},
            **environment,
        },
    )  # fmt: skip


@pytest.mark.parametrize("arguments", [["--version"], ["-h"], ["relief", "--help"]])
def test_version_and_help_read_nothing_heavy(arguments):
    done = program(*arguments)
    assert (done.returncode, done.stderr) == (0, "[]\n")


def test_allocate_reads_no_models_and_no_solver():
    done = program("relief", "allocate", "--help")
    assert (done.returncode, done.stderr) == (0, "['django', 'numpy']\n")


def test_settings_that_cannot_be_meant_are_told_when_a_command_needs_them():
    done = program("audit", "verify", DATABASE_URL="nonsense://")
    assert done.returncode == 2
    assert done.stderr.startswith("medixchange: DATABASE_URL cannot be read")
