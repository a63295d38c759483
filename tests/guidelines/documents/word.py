"""Small Word documents for tests, made by hand or by pandoc."""

import io
import subprocess
import zipfile
from pathlib import Path

import pypandoc

_PACKAGE = "application/vnd.openxmlformats-package"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PARTS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_OPEN = "http://schemas.openxmlformats.org/package/2006"
_NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)
_TYPES = f"""<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="{_OPEN}/content-types">
<Default Extension="rels" ContentType="{_PACKAGE}.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/word/document.xml" ContentType="{_WORD}.document.main+xml"/>
</Types>"""
_RELS = f"""<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="{_OPEN}/relationships">
<Relationship Id="rId1" Type="{_PARTS}/officeDocument" Target="word/document.xml"/>
</Relationships>"""
_STYLES = f"""<?xml version="1.0" encoding="UTF-8"?><w:styles {_NAMESPACES}>
<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/></w:style>
<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/></w:style>
</w:styles>"""


def package(body: str, **parts: bytes | str) -> bytes:
    """A DOCX with this body (the XML within ``w:body``) and further parts.

    ``parts``: by their path with ``/`` and ``.`` as they are; give them by ``**{"word/x.xml": …}``.
    """
    rels = "".join(
        f'<Relationship Id="r{number}" Type="{_PARTS}/{kind}" Target="{kind}.xml"/>'
        for number, kind in enumerate(("styles", "comments", "footnotes"), 1)
        if kind == "styles" or f"word/{kind}.xml" in parts
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("[Content_Types].xml", _TYPES)
        zipped.writestr("_rels/.rels", _RELS)
        zipped.writestr(
            "word/_rels/document.xml.rels",
            '<?xml version="1.0" encoding="UTF-8"?>'
            f'<Relationships xmlns="{_OPEN}/relationships">{rels}</Relationships>',
        )
        zipped.writestr("word/styles.xml", _STYLES)
        zipped.writestr("word/document.xml", document(body))
        for name, content in parts.items():
            zipped.writestr(name, content)
    return out.getvalue()


def document(body: str) -> str:
    """The main part with this body."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><w:document {_NAMESPACES}>'
        f"<w:body>{body}</w:body></w:document>"
    )


def part(element: str, inner: str) -> str:
    """Another part: its root element and what is in it."""
    return f'<?xml version="1.0" encoding="UTF-8"?><w:{element} {_NAMESPACES}>{inner}</w:{element}>'


def paragraph(words: str, style: str = "") -> str:
    """A paragraph of one run."""
    styled = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{styled}<w:r><w:t xml:space="preserve">{words}</w:t></w:r></w:p>'


def by_pandoc(markdown: str, folder: Path) -> Path:
    """A DOCX as pandoc makes it of Markdown; pictures are taken from the folder."""
    path = folder / "made.docx"
    pandoc = Path(pypandoc.__file__).parent / "files" / "pandoc"
    subprocess.run(
        [str(pandoc), "--from=markdown-smart", "--to=docx", f"--output={path}"],
        input=markdown.encode(),
        cwd=folder,
        check=True,
    )
    return path
