"""A small guideline of every kind of block, made without a file."""

from collections.abc import Callable

import pytest

from medixchange.guidelines import actions, queries
from medixchange.guidelines.documents.model import (
    Block,
    BlockKind,
    Cell,
    Document,
    Inline,
    InlineKind,
    Text,
)
from medixchange.guidelines.models import Revision
from medixchange.translation import actions as translation

#: Wording of every segment of the guideline below, in Indonesian.
INDONESIAN = {
    "Hand hygiene": "Kebersihan tangan",
    "When": "Kapan",
    "Rub your hands for 20 to 30 seconds.<x1/>": "Gosok tangan selama 20 hingga 30 detik.<x1/>",
    "Do <g1>not</g1> touch your face.": "<g1>Jangan</g1> sentuh wajah Anda.",
    "Before you touch a patient": "Sebelum menyentuh pasien",
    "After you touch a patient": "Setelah menyentuh pasien",
    "Step": "Langkah",
    "Amount": "Jumlah",
    "Rub": "Gosok",
    "3 mL": "3 mL",
    "World Health Organization, 2009.": "Organisasi Kesehatan Dunia, 2009.",
}


def small_document(language: str = "en") -> Document:
    kind = BlockKind
    return Document(
        title="Hand hygiene",
        language=language,
        blocks=[
            Block(kind.HEADING, Text("When"), level=1),
            Block(
                kind.PARAGRAPH,
                Text(
                    "Rub your hands for 20 to 30 seconds.<x1/> Do <g2>not</g2> touch your face.",
                    (
                        Inline(1, InlineKind.FOOTNOTE_MARK, "1"),
                        Inline(2, InlineKind.STRONG),
                    ),
                ),
            ),
            Block(kind.ITEM, Text("Before you touch a patient"), level=1),
            Block(kind.ITEM, Text("After you touch a patient"), level=1),
            Block(
                kind.TABLE,
                rows=(
                    (Cell(Text("Step"), header=True), Cell(Text("Amount"), header=True)),
                    (Cell(Text("Rub")), Cell(Text("3 mL"))),
                ),
            ),
            Block(kind.VERBATIM, Text("raw <b>")),
            Block(kind.FOOTNOTE, Text("World Health Organization, 2009."), label="1"),
        ],
    )


@pytest.fixture
def revision(cast) -> Revision:
    """The guideline as it was brought in: not published, nothing translated."""
    return actions.add_guideline(
        document=small_document(), slug="hands", owner=cast.hospital, by=cast.coordinator
    )


Translate = Callable[..., None]


@pytest.fixture
def translate(cast) -> Translate:
    """Propose, and where asked approve, the Indonesian of a revision."""

    def run(revision: Revision, *, approve: bool = True, only: set[str] | None = None) -> None:
        for segment in queries.segments(revision):
            if only is None or segment.text in only:
                row = translation.propose(
                    segment=segment,
                    language="id",
                    text=INDONESIAN[segment.text],
                    by=cast.translator,
                )
                if approve:
                    translation.approve(translation=row, by=cast.clinician)

    return run
