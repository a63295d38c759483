"""The converter: pandoc, as a program of its own, cut off from files and network.

pandoc (https://pandoc.org, the binary inside the package pypandoc-binary) is given the document on
its standard input, and gives its abstract syntax tree as JSON. ``--sandbox`` forbids it to open
files or addresses, the Haskell runtime bounds its memory, and we bound its time and output.
"""

import json
import subprocess  # pandoc is a program, not a library
import tempfile
from pathlib import Path
from typing import Any

import pypandoc
from django.utils.translation import gettext_lazy as _

from medixchange.guidelines.documents.safety import limits
from medixchange.guidelines.documents.safety.refusal import DocumentRefused

_PANDOC = Path(pypandoc.__file__).parent / "files" / "pandoc"

#: A node of pandoc's tree, as JSON has it.
Json = Any


def parse(content: bytes, *, format: str, name: str, options: tuple[str, ...] = ()) -> Json:
    """pandoc's tree of a document.

    Args:
        content: the document, already measured and checked.
        format: as pandoc's ``--from`` takes it.
        name: the file's name, for messages.
        options: further options of pandoc.

    Raises:
        DocumentRefused: pandoc cannot read it, or not within the limits of time and memory.
    """
    command = [
        str(_PANDOC),
        "--sandbox",
        f"--from={format}",
        "--to=json",
        *options,
        "+RTS",
        f"-M{limits.PANDOC_MEGABYTES}M",
        "-K256M",
        "-RTS",
    ]
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out:
        given.write(content)
        given.seek(0)
        try:
            done = subprocess.run(
                command,
                stdin=given,
                stdout=out,
                stderr=subprocess.PIPE,
                timeout=limits.PANDOC_SECONDS,
                # Nothing of our own environment: no proxies, no home, no options of the runtime.
                env={"LC_ALL": "C.UTF-8", "HOME": "/nonexistent"},
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise DocumentRefused(
                _("The document could not be read within %(seconds)s seconds."),
                name,
                _("Split it, or save it in another format."),
                seconds=limits.PANDOC_SECONDS,
            ) from error
        if done.returncode in (2, 251):
            # The runtime's own codes: stack overflow, heap exhausted.
            raise DocumentRefused(
                _("The document is too large or too deeply nested to be read."),
                name,
                _("Split it, or save it in another format."),
            )
        if done.returncode:
            raise DocumentRefused(
                _("The document cannot be read (%(reason)s)."),
                name,
                _("Open it in the program it was made with and save it anew."),
                reason=_reason(done.stderr),
            )
        if out.tell() > limits.PANDOC_BYTES or out.seek(0, 2) > limits.PANDOC_BYTES:
            raise DocumentRefused(
                _("The document is too large or too deeply nested to be read."),
                name,
                _("Split it, or save it in another format."),
            )
        out.seek(0)
        try:
            return json.load(out)
        except RecursionError as error:
            raise too_deep(name) from error


def too_deep(name: str) -> DocumentRefused:
    """The refusal of a document whose parts lie within parts beyond reason."""
    return DocumentRefused(
        _("The document is too large or too deeply nested to be read."),
        name,
        _("Split it, or save it in another format."),
    )


def _reason(stderr: bytes) -> str:
    """What pandoc said, shortened."""
    said = " ".join(stderr.decode("utf-8", "replace").split())
    return said[:300].rstrip(".") or "?"
