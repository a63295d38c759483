"""Groups of commands that load a command's module only when it is called.

Reading all modules of all commands takes over a second, which a command that stands in a pipe, or
a help page, should not wait for. So a group lists the names of its commands and their short help;
a test holds the lists to the commands.
"""

import importlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import IO, Any

import click


class Misconfigured(click.ClickException):
    """The settings cannot be used: what, and what to do. Exit code 2."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(f"medixchange: {self.format_message()}", err=True)


class Needs(Enum):
    """What must stand before a command's module is read."""

    #: Nothing: a group that only lists commands.
    NOTHING = auto()
    #: Django's ``gettext``, which then gives the English text. No settings are read, no apps.
    GETTEXT = auto()
    #: The settings, and the apps with their models.
    APPS = auto()

    def meet(self) -> None:
        """Set it up; nothing where that is done already.

        Raises:
            Misconfigured: a setting cannot be meant.
        """
        if self is Needs.NOTHING:
            return
        # Here, since Django takes a tenth of a second to read.
        import django
        from django.conf import settings
        from django.core.exceptions import ImproperlyConfigured

        if self is Needs.GETTEXT:
            if not settings.configured:
                settings.configure(USE_I18N=False)
            return
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medixchange.settings")
        try:
            django.setup()
        except ImproperlyConfigured as error:
            raise Misconfigured(str(error)) from error


@dataclass(frozen=True, slots=True)
class Lazy:
    """Where a command is, and what the list of commands says of it."""

    #: ``package.module:name``
    where: str
    help: str
    needs: Needs = Needs.APPS

    def load(self) -> click.Command:
        """The command itself.

        Raises:
            Misconfigured: a setting cannot be meant.
            TypeError: what is named is no command.
        """
        self.needs.meet()
        module, name = self.where.split(":")
        command = getattr(importlib.import_module(module), name)
        if not isinstance(command, click.Command):
            raise TypeError(f"{self.where} is no command")
        return command


class LazyGroup(click.Group):
    """A group whose commands are loaded when they are called, as click's documentation advises
    (“Lazily Loading Subcommands”)."""

    def __init__(self, *args: Any, lazy: Mapping[str, Lazy], **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*self.commands, *self.lazy})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in self.lazy and cmd_name not in self.commands:
            self.add_command(self.lazy[cmd_name].load(), cmd_name)
        return super().get_command(ctx, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands of a help page, which reads none of them."""
        names = self.list_commands(ctx)
        limit = formatter.width - 6 - max(map(len, names), default=0)
        listed = {
            name: self.commands.get(name) or click.Command(name, help=self.lazy[name].help)
            for name in names
        }
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, command.get_short_help_str(limit)) for name, command in listed.items()]
            )
