"""What stands on a label, and the codes it carries."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from medixchange.relief.labels.codes import element_string
from medixchange.relief.refusals import Problem, Refused


class Handling(StrEnum):
    """How a box is handled; the pictures follow ISO 780, drawn by ourselves."""

    UP = "up"
    FRAGILE = "fragile"
    DRY = "dry"
    SHADE = "shade"


@dataclass(frozen=True, slots=True)
class Wording:
    """Words and the BCP 47 tag of their language."""

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Label:
    """One box.

    Attributes:
        reference: of the consignment.
        box, boxes: this box and how many there are, from 1.
        item: its name in the reader's language, and in a second one.
        quantity, unit: how many of what are in the box. The unit in the label's language.
        pack: how they are packed, such as "24 × 50"; may be empty.
        sender, receiver: names of organisations and places.
        link: the address in the QR code (``codes.link``).
        lot, expires_on: of what is in the box; empty where it has none.
        sscc: of the box; without one there are no bars.
        gtin: of what is in the box; without one there is no DataMatrix.
        temperature: lowest and highest in °C, where the box must be kept cool.
        handling: further marks.
    """

    reference: str
    box: int
    boxes: int
    item: tuple[Wording, ...]
    quantity: int
    unit: str
    sender: str
    receiver: str
    link: str
    pack: str = ""
    lot: str = ""
    expires_on: date | None = None
    sscc: str = ""
    gtin: str = ""
    temperature: tuple[int, int] | None = None
    handling: tuple[Handling, ...] = ()

    def bars(self) -> str:
        """The element string of the GS1-128: the SSCC alone, as GS1 asks of the lowest symbol on a
        logistic label (GS1 General Specifications, section 6.6)."""
        return element_string(sscc=self.sscc) if self.sscc else ""

    def matrix(self) -> str:
        """The element string of the GS1 DataMatrix: GTIN, expiry and lot.

        A lot with signs that GS1 does not allow (spaces, other scripts) stands on the label but
        not in the symbol, whose printed reading shows that it is not there.
        """
        if not self.gtin:
            return ""
        try:
            return element_string(gtin=self.gtin, lot=self.lot, expires_on=self.expires_on)
        except Refused as refusal:
            if [problem.where for problem in refusal.problems] != ["10"]:
                raise
            return element_string(gtin=self.gtin, expires_on=self.expires_on)


def problems(labels: Sequence[Label]) -> Iterator[Problem]:
    """What keeps labels from being printed; ``where`` begins with the number of the label."""
    for number, label in enumerate(labels, 1):
        for code in (label.bars, label.matrix):
            try:
                code()
            except Refused as refusal:
                for problem in refusal.problems:
                    yield Problem(problem.what, f"labels.{number}.{problem.where}", problem.code)
