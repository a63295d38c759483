"""The command line: ``medixchange …``. Each app brings its own commands; this file lists them.

Exit codes: 0 done, 1 something was refused, 2 wrong usage. Results go to standard output, progress
and errors to standard error, so that every command can stand in a pipe.
"""

import click

from medixchange import __version__
from medixchange.core.lazy import Lazy, LazyGroup, Needs
from medixchange.core.origin import origin

_COMMANDS = {
    "setup": Lazy(
        "medixchange.core.cli:setup",
        "Make or bring up to date all that the site needs: database, words, static files.",
    ),
    "serve": Lazy(
        "medixchange.core.cli:serve",
        "Serve the site's pages; sets up first what was never set up.",
    ),
    "demo": Lazy(
        "medixchange.portal.cli:demo",
        "Add the sample guidelines and one demo account for each role.",
    ),
    "guideline": Lazy(
        "medixchange.guidelines.cli:guideline",
        "Guidelines: bring in a document, fill it by machine, publish it, give it out.",
    ),
    "translate": Lazy(
        "medixchange.translation.cli:translate",
        "Translate lines by machine; prints JSON lines: text, origin, status, checks.",
    ),
    "check": Lazy(
        "medixchange.translation.cli:check",
        "Check translations: reads SOURCE<TAB>TARGET lines, prints one JSON object a line.",
    ),
    "segment": Lazy(
        "medixchange.translation.cli:segment",
        "Cut lines into segments; prints JSON lines: line, segments.",
    ),
    "memory": Lazy("medixchange.translation.cli:memory", "The translation memory."),
    "glossary": Lazy("medixchange.translation.cli:glossary", "The glossary of agreed terms."),
    "member": Lazy("medixchange.network.cli:member", "Members and their roles."),
    "organisation": Lazy("medixchange.network.cli:organisation", "Organisations."),
    "relief": Lazy(
        "medixchange.relief.cli:relief",
        "Goods from pledge to ward: files in and out, sharing out, and the ledger's soundness.",
        needs=Needs.NOTHING,
    ),
    "search": Lazy(
        "medixchange.search.cli:search",
        'Search in any language: medixchange search "…" --language id.',
        needs=Needs.NOTHING,
    ),
    "audit": Lazy("medixchange.core.cli:audit", "The audit trail."),
}


@click.command(
    cls=LazyGroup,
    lazy=_COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 done, 1 something was refused, 2 wrong usage.",
)
@click.version_option(__version__, prog_name="medixchange")
def group() -> None:
    """MediXchange: clinical guidance in every language; goods accounted for to the ward."""


def main() -> None:
    """The program's entry."""
    with origin("command line"):
        group(prog_name="medixchange")


if __name__ == "__main__":
    main()
