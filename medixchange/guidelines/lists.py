"""Flat list items, as documents keep them, as nested lists, as HTML needs them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from medixchange.guidelines.documents.model import BlockKind
from medixchange.guidelines.queries import ReadBlock


@dataclass(frozen=True, slots=True)
class Laid:
    """A block and the list markup that goes before it. ``block`` is None at the very end."""

    before: SafeString
    block: ReadBlock | None
    #: The same block in the language it was written in, where the reader asked for it.
    source: ReadBlock | None = None


def laid_out(
    blocks: Iterable[ReadBlock], sources: Mapping[str, ReadBlock] | None = None
) -> Iterator[Laid]:
    """Each block with the ``ul``, ``ol`` and ``li`` tags to open and close before it, and its
    source from ``sources``, which has them by anchor."""
    open_lists: list[str] = []
    for read in blocks:
        before = _step(open_lists, read) if read.kind is BlockKind.ITEM else _close(open_lists, 0)
        yield Laid(before, read, (sources or {}).get(read.anchor))
    yield Laid(_close(open_lists, 0), None)


def _step(open_lists: list[str], read: ReadBlock) -> SafeString:
    wanted = "ol" if read.block.ordered else "ul"
    level = max(1, read.block.level)
    out: list[str] = [_close(open_lists, level)]
    if len(open_lists) == level and not read.block.continued:
        if open_lists[-1] == wanted:
            out.append(f"</li>{_item(read)}")
        else:
            out.append(_close(open_lists, level - 1))
    while len(open_lists) < level:
        deepest = len(open_lists) + 1 == level
        tag = wanted if deepest else "ul"
        open_lists.append(tag)
        out.append(f"<{tag}>{_item(read) if deepest else '<li>'}")
    return mark_safe("".join(out))  # noqa: S308


def _item(read: ReadBlock) -> str:
    if read.block.ordered and read.block.number > 0:
        return f'<li value="{int(read.block.number)}">'
    return "<li>"


def _close(open_lists: list[str], level: int) -> SafeString:
    out = []
    while len(open_lists) > level:
        out.append(f"</li></{open_lists.pop()}>")
    return mark_safe("".join(out))  # noqa: S308
