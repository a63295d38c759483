"""Files that would harm, or are not what they say: refused with one clear sentence."""

import io
import random
import re
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from medixchange.guidelines.documents.reading import read
from medixchange.guidelines.documents.safety import DocumentRefused, limits, unpack
from tests.guidelines.documents import word


def _refused(path: Path, **named: str) -> str:
    before = sorted(path.parent.iterdir())
    with pytest.raises(DocumentRefused) as refused:
        read(path, language="en", **named)
    assert sorted(path.parent.iterdir()) == before, "something was written"
    return str(refused.value)


def _file(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.md", b"", "a.md: The file is empty."),
        ("a.txt", b" \n\t\n", "a.txt: The file is empty."),
        ("a.doc", b"x", "a.doc: The file is in the old Word format (.doc). Open it in Word or"),
        ("a.pdf", b"x", "a.pdf: Files of the kind “pdf” are not read. Save it as DOCX,"),
        ("a", b"x", "a: Files of the kind “?” are not read."),
        ("a.docx", b"hello", "a.docx: The name says DOCX, but the content is something else."),
        ("a.docx", b"%PDF-1.7 x", "a.docx: The name says DOCX, but the content is PDF."),
        ("a.md", b"%PDF-1.7 x", "a.md: The name says markdown, but the content is PDF."),
        ("a.txt", b"PK\x03\x04xx", "a.txt: The name says text, but the content is ZIP."),
        ("a.html", b"no tags here", "a.html: The name says HTML, but there is no HTML in"),
        ("a.md", b"ok\nna\xefve\n", "a.md, line 2: The text is not in UTF-8: byte 5 cannot be"),
        ("a.txt", b"one\ntwo\0\n", "a.txt, line 2: The file is not text: it has a zero byte"),
        (
            "a.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "WordDocument".encode("utf-16-le"),
            "a.docx: The file is in the old Word format (.doc).",
        ),
        (
            "a.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "a.docx: The document is protected with a password.",
        ),
    ],
)
def test_a_file_that_is_not_what_it_should_be(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    """Says file, place and remedy."""
    message = _refused(_file(tmp_path, name, content))
    assert message.startswith(said)
    assert message.endswith(".")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """Names it."""
    assert _refused(tmp_path / "gone.md").startswith("gone.md: There is no such file.")


def test_the_senders_name_stands_in_messages(tmp_path: Path) -> None:
    """A file that a site keeps under a name of its own."""
    path = _file(tmp_path, "upload.docx", b"hello")
    assert _refused(path, name="Protocol 7.docx").startswith("Protocol 7.docx: The name says DOCX")


def test_latin_1_names_the_byte(tmp_path: Path) -> None:
    """It is not guessed: a wrong guess changes µg."""
    message = _refused(_file(tmp_path, "a.txt", "500 µg".encode("latin-1")))
    assert message == (
        "a.txt, line 1: The text is not in UTF-8: byte 4 cannot be read. "
        "Open it in an editor and save it with the encoding UTF-8."
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_encodings_that_say_so_are_read(tmp_path: Path, encoding: str) -> None:
    """By their byte order mark."""
    path = _file(tmp_path, "a.txt", "Dosis 5 µg — 吃药".encode(encoding))
    assert read(path, language="en").blocks[0].text.text == "Dosis 5 µg — 吃药"


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
def test_one_line_of_50_mb_is_not_read(tmp_path: Path, name: str) -> None:
    """Before anything reads it."""
    path = _file(tmp_path, name, b"<p>" + b"x" * (50 * 1024 * 1024))
    tracemalloc.start()
    message = _refused(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert message.startswith(f"{name}: The file is 50 MB; at most 25 MB are taken.")
    assert peak < 5 * 1024 * 1024


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
def test_one_long_line_names_its_number(tmp_path: Path, name: str) -> None:
    """A file that is small enough, with a line that is not."""
    path = _file(tmp_path, name, b"<p>first</p>\n" + b"word " * 300_000 + b"\nlast\n")
    assert _refused(path).startswith(f"{name}, line 2: The line is longer than 1 MB.")


def test_text_over_the_limit(tmp_path: Path) -> None:
    """Many short lines."""
    path = _file(tmp_path, "a.md", b"some words here\n" * 800_000)
    assert _refused(path) == "a.md: The text is longer than 10 MB. Split the document."


# -- Packages ----------------------------------------------------------------------------------


def test_a_truncated_package(tmp_path: Path) -> None:
    """Cut in the middle."""
    whole = word.package(word.paragraph("text"))
    message = _refused(_file(tmp_path, "a.docx", whole[: len(whole) // 2]))
    assert message.startswith("a.docx: The file is damaged and cannot be unpacked. Send it again;")


def test_a_damaged_part_is_named(tmp_path: Path) -> None:
    """A byte of the packed text changed."""
    whole = bytearray(word.package(word.paragraph("text " * 500)))
    start = whole.index(b"word/document.xml") + len("word/document.xml") + 10
    whole[start : start + 4] = b"\xff\xff\xff\xff"
    message = _refused(_file(tmp_path, "a.docx", bytes(whole)))
    assert message.startswith("a.docx, word/document.xml: The file is damaged")


def test_a_package_without_the_main_part(tmp_path: Path) -> None:
    """A ZIP of something else."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
    assert "(word/document.xml is missing)" in _refused(_file(tmp_path, "a.docx", out.getvalue()))


@pytest.mark.parametrize(
    ("part", "kind"), [("xl/workbook.xml", "XLSX"), ("ppt/presentation.xml", "PPTX")]
)
def test_another_office_document(tmp_path: Path, part: str, kind: str) -> None:
    """Named by what it is."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr(part, "<x/>")
    message = _refused(_file(tmp_path, "a.docx", out.getvalue()))
    assert message.startswith(f"a.docx: The name says DOCX, but the content is {kind}.")


def _bomb(size: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        with package.open("word/document.xml", "w") as part:
            zeros = bytes(1024 * 1024)
            for _number in range(size // len(zeros)):
                part.write(zeros)
    return out.getvalue()


def test_a_bomb_of_a_gigabyte_is_not_unpacked(tmp_path: Path) -> None:
    """Stopped within megabytes of memory."""
    path = _file(tmp_path, "a.docx", _bomb(1024 * 1024 * 1024))
    assert path.stat().st_size < 2 * 1024 * 1024
    tracemalloc.start()
    message = _refused(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert message.startswith(
        "a.docx, word/document.xml: The file unpacks to far more than a document needs "
        "(over 1024 MB)."
    )
    assert peak < 10 * 1024 * 1024


def test_sizes_in_the_directory_are_not_believed(tmp_path: Path) -> None:
    """The package says its part has 10 bytes."""
    bomb = _bomb(256 * 1024 * 1024)
    real = (256 * 1024 * 1024).to_bytes(4, "little")
    assert bomb.count(real) >= 1
    message = _refused(_file(tmp_path, "a.docx", bomb.replace(real, (10).to_bytes(4, "little"))))
    assert re.search(r"unpacks to far more|is damaged", message)


def test_many_parts_that_are_large_together() -> None:
    """Each within its ratio, all over the whole."""
    noise = random.Random(1).randbytes(1024 * 1024)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for number in range(4):
            # Half noise, half zeros, so that no part stands out.
            with package.open(f"word/media/{number}.bin", "w") as part:
                for _number in range(60):
                    part.write(noise[: 20 * 1024] + bytes(1024 * 1024 - 20 * 1024))
    with pytest.raises(DocumentRefused, match="over 200 MB"):
        unpack(out.getvalue(), "a.docx", lambda _name: False)


def test_too_many_parts() -> None:
    """Counted before any is unpacked."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for number in range(limits.ENTRIES + 1):
            package.writestr(str(number), b"")
    with pytest.raises(DocumentRefused, match=r"has 5001 parts; at most 5000 are taken\."):
        unpack(out.getvalue(), "a.docx", lambda _name: True)


def test_two_parts_of_one_name() -> None:
    """Two programs could each read another one."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("word/document.xml", "<a/>")
        with pytest.warns(UserWarning, match="Duplicate name"):
            package.writestr("word/document.xml", "<b/>")
    with pytest.raises(DocumentRefused, match=r"two parts of the same name"):
        unpack(out.getvalue(), "a.docx", lambda _name: True)


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE w:document [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE w:document SYSTEM "http://127.0.0.1/x.dtd">',
        '<!DOCTYPE w:document [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
    ],
)
@pytest.mark.parametrize("part", ["word/document.xml", "word/styles.xml", "word/_rels/x.rels"])
def test_document_types_and_entities_in_xml(tmp_path: Path, doctype: str, part: str) -> None:
    """Refused in whatever part, before pandoc sees it."""
    evil = word.document(word.paragraph("x")).replace("?>", f"?>{doctype}", 1)
    whole = zipfile.ZipFile(io.BytesIO(word.package(word.paragraph("x"))))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name in whole.namelist():
            package.writestr(name, evil if name == part else whole.read(name))
        if part not in whole.namelist():
            package.writestr(part, evil)
    message = _refused(_file(tmp_path, "a.docx", out.getvalue()))
    assert message.startswith(f"a.docx, {part}: The XML has a document type or an entity")


def test_broken_xml_names_the_line(tmp_path: Path) -> None:
    """And the reason."""
    message = _refused(_file(tmp_path, "a.docx", word.package("<w:p>\n\n</w:r>")))
    assert message.startswith("a.docx, word/document.xml, line 3: The XML is broken (mismatched")


def test_xml_nested_beyond_reason(tmp_path: Path) -> None:
    """Refused before anything recurses into it."""
    deep = "<w:sdt><w:sdtContent>" * 300 + "</w:sdtContent></w:sdt>" * 300
    message = _refused(_file(tmp_path, "a.docx", word.package(deep)))
    assert message.startswith("a.docx, word/document.xml: The content is nested more than 400 ")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.html", "<div>" * 30_000 + "x"),
        ("a.html", "<ul><li>" * 5_000 + "x"),
        ("a.md", "> " * 5_000 + "x"),
        ("a.md", "[" * 20_000),
        ("a.md", "*a **b " * 20_000),
    ],
)
def test_nesting_in_text_is_read_or_refused(
    tmp_path: Path, name: str, content: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never an error that nobody foresaw, nor a wait without end."""
    monkeypatch.setattr(limits, "PANDOC_SECONDS", 3)
    path = _file(tmp_path, name, content.encode())
    said = ""
    try:
        read(path, language="en")
    except DocumentRefused as refused:
        said = str(refused)
    assert not said or said.startswith(f"{name}: The document ")
