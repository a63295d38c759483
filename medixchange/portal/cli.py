"""Sample content, so that a new installation has something to read, check and sign."""

import click

from medixchange.core.commands import as_json, emit, needs_database
from medixchange.portal import samples
from medixchange.search.actions import taking_in


@click.command()
@click.option(
    "--password",
    default="",
    help="For the demo accounts; left out, one is made and printed.",
)
@as_json
@needs_database
def demo(password: str, as_json: bool) -> None:
    """Add the sample guidelines and one demo account for each role. Does nothing a second time."""
    result = samples.load(password=password)
    # Words are found from the first page on; the worker that `serve` starts adds the meaning.
    taking_in.catch_up()
    lines = [f"  {row['email']:<38} {row['what']}" for row in result["accounts"]]
    if result["password"]:
        lines.append(f"  password of all of them: {result['password']}")
    emit(result, as_json=as_json, words="\n".join(["Demo accounts:", *lines]))
