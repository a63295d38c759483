"""How much of a file is taken at most. Generous for a clinical document, small for a server."""

_MB = 1024 * 1024

#: A file as it is sent, in bytes.
FILE_BYTES = 25 * _MB
#: All parts of a package (DOCX) unpacked, in bytes.
UNPACKED_BYTES = 200 * _MB
#: One XML part of a package unpacked, in bytes. A thousand pages of Word text are about 20 MB.
PART_BYTES = 64 * _MB
#: Unpacked to packed size of one part. Real text stays below 50; a run of zeros is about 1000.
RATIO = 200
#: Parts smaller than this may have any ratio, in bytes: templates with empty tables do.
RATIO_FREE_BYTES = 4 * _MB
#: Number of parts in a package.
ENTRIES = 5_000
#: Elements within elements in one XML part.
DEPTH = 400
#: A text file (Markdown, HTML, plain), pictures in ``data:`` addresses not counted, in bytes.
TEXT_BYTES = 10 * _MB
#: One line of a text file, in bytes.
LINE_BYTES = 1 * _MB
#: A picture, in pixels: 40 million is 8 bytes each at most while it is cleaned.
PIXELS = 40_000_000
#: A picture as it is found, in bytes.
PICTURE_BYTES = 20 * _MB
#: Pictures in one document.
PICTURES = 500
#: The converter: time in seconds, memory in MB, and the size of what it gives back in bytes.
PANDOC_SECONDS = 40
PANDOC_MEGABYTES = 1_024
PANDOC_BYTES = 150 * _MB
#: Columns or rows that one table cell may span. HTML allows 1000 columns and 65534 rows.
SPAN = 1_000
#: Things that could not be taken, listed one by one; more are counted.
UNTAKEN = 200
