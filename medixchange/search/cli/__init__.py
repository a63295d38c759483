"""The commands of search: ``medixchange search "…"``, and those that look after the index."""

from typing import Any

import click

from medixchange.core.lazy import Lazy, LazyGroup

_COMMANDS = {
    "for": Lazy(
        "medixchange.search.cli.asking:ask",
        "Search for WORDS, as anybody who is not signed in.",
    ),
    "rebuild": Lazy(
        "medixchange.search.cli.keeping:rebuild",
        "Make the whole index anew.",
    ),
    "status": Lazy(
        "medixchange.search.cli.keeping:status",
        "How many passages there are, what waits, and what failed.",
    ),
    "work": Lazy(
        "medixchange.search.cli.keeping:work",
        "Keep the index up to date until it is stopped: words, meaning, mails.",
    ),
    "alerts": Lazy(
        "medixchange.search.cli.keeping:alerts",
        "Send the mails of saved searches that are due now.",
    ),
}


class _SearchGroup(LazyGroup):
    """A group in which what is no command is what to search for."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _COMMANDS:
            args = ["for", *args]
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0].startswith("-") and args[0] not in ctx.help_option_names:
            # An option of the search, before its words.
            args = ["for", *args]
        return super().parse_args(ctx, args)


@click.command(cls=_SearchGroup, lazy=_COMMANDS)
def search(**_nothing: Any) -> None:
    """Search in any language: medixchange search "…" --language id. Filters: see search for -h."""
