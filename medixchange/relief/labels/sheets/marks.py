"""Pictures of how a box is handled, after ISO 780, each with its words."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from medixchange.relief.labels.sheets.label import Handling

#: Words and SVG parts on a field of 24 by 24.
MARKS: Final = {
    Handling.UP: (
        _("This way up"),
        '<path d="M7.5 2 12 8H9v10H6V8H3zM16.5 2 21 8h-3v10h-3V8h-3zM3 20h18v2H3z"/>',
    ),
    Handling.FRAGILE: (
        _("Fragile"),
        '<path d="M6 2h3.5l2 3L10 7.5l2.5 2.5-1-3.5 1.5-2-1-2.5h6v6c0 3.6-2 6-4.8 6.6V20H17v2H7v-2'
        'h3.8v-5.4C8 14 6 11.6 6 8z"/>',
    ),
    Handling.DRY: (
        _("Keep dry"),
        '<path d="M12 7c5 0 9 3 9.5 8-1.5-1.5-3.5-1.5-4.7 0-1.2-1.5-3-1.5-4 0v5c0 1.7-1 2.7-2.5 2.7'
        "S8 21.7 8 20.3h1.6c0 .6.3.9.8.9s.8-.4.8-1.2v-5c-1-1.5-2.8-1.5-4 0-1.2-1.5-3.2-1.5-4.7 0"
        'C3 10 7 7 12 7z"/>'
        '<path d="M6 1l1 3-1 .6L5 4zM12 1l1 3-1 .6L11 4zM18 1l1 3-1 .6L17 4z"/>',
    ),
    Handling.SHADE: (
        _("Keep out of the sun"),
        '<circle cx="12" cy="6" r="3"/>'
        '<path d="M11.4 0h1.2v2h-1.2zM4 5.4h3v1.2H4zM17 5.4h3v1.2h-3zM6.2 1.2l2 2-.9.9-2-2z'
        'M17.8 1.2l-2 2 .9.9 2-2zM12 11l9 9-1.5 1.5L12 14l-7.5 7.5L3 20z"/>'
        '<path d="M8 20h8v4H8z"/>',
    ),
}
THERMOMETER: Final = (
    '<path d="M9.5 4a2.5 2.5 0 0 1 5 0v9.7a5 5 0 1 1-5 0zM11.2 4v10.7a3.3 3.3 0 1 0 1.6 0V4'
    'a.8.8 0 0 0-1.6 0z" fill-rule="evenodd"/><circle cx="12" cy="18" r="2"/>'
    '<path d="M3 5h5v1.5H3zM16 12h5v1.5h-5z"/>'
)


def picture(parts: str) -> str:
    """Parts as an SVG element of the size that the style sheet gives."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">{parts}</svg>'
