"""Pictures of relief, drawn on the server as SVG.

They are laid out for a phone: 328 units wide, text of 13. Colours come from classes that
``static/relief/public.css`` gives values, so that dark mode and paper need no other picture. In
languages written from right to left they are mirrored; text then starts at its right end by the
page's own direction. Every picture has a title, a description and, on its page, a table that says
the same.
"""
