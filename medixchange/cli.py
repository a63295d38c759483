"""The command line: ``medixchange …``. Each app brings its own commands; this file gathers them.

Exit codes: 0 done, 1 something was refused, 2 wrong usage. Results go to standard output, progress
and errors to standard error, so that every command can stand in a pipe.
"""

import os
import sys

import click


def _gather() -> click.Group:
    """All commands. Django is set up first, since the apps' modules need it."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medixchange.settings")
    django.setup()

    from medixchange import __version__
    from medixchange.core.cli import audit, serve, setup
    from medixchange.guidelines.cli import guideline
    from medixchange.network.cli import member, organisation
    from medixchange.portal.cli import demo
    from medixchange.relief.cli import relief
    from medixchange.translation.cli import check, glossary, memory, segment, translate

    @click.group(
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
        epilog="Exit codes: 0 done, 1 something was refused, 2 wrong usage.",
    )
    @click.version_option(__version__, prog_name="medixchange")
    def group() -> None:
        """MediXchange: clinical guidance in every language; goods accounted for to the ward."""

    commands = (
        setup, serve, demo, guideline, translate, check, segment, memory, glossary,
        member, organisation, relief, audit,
    )  # fmt: skip
    for command in commands:
        group.add_command(command)
    return group


def main() -> None:
    """The program's entry."""
    from django.core.exceptions import ImproperlyConfigured

    try:
        group = _gather()
    except ImproperlyConfigured as error:
        click.echo(f"medixchange: {error}", err=True)
        sys.exit(2)

    from medixchange.core import audit

    with audit.origin("command line"):
        group(prog_name="medixchange")


if __name__ == "__main__":
    main()
