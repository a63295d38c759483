"""What the translation checks find and what they hold up, language by language.

    python bench/checks.py --data DATA [--json] [--languages id,zh] [--half dev|held-out|both]

DATA is the folder with ``tico19/`` and ``guidelines/``. Rows that ``quality_flags.tsv`` names are
left out. Each row is checked untouched, then once per error of ``_checks_perturb``. An error counts
as found if a finding appears that the untouched row did not have; found to block if that finding
blocks. Half of the rows (by a hash of their id) were never looked at while the checks were written.
"""

import argparse
import hashlib
import json
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]

import _checks_perturb as perturb  # noqa: E402
from django.conf import settings  # noqa: E402

if not settings.configured:
    # The checks need nothing of the site; a bare configuration keeps the bench a script.
    settings.configure(USE_I18N=False)

from medixchange.translation.checks import Finding, Pair, run  # noqa: E402

CORE = ("en", "id", "ms", "fr", "es-419", "pt-BR", "zh", "ar", "ru", "hi", "sw")
SENTENCES = ROOT / "tests" / "translation" / "checks" / "clinical_sentences.tsv"
KINDS = ("digit", "decimal", "unit", "rate", "drop", "add")


@dataclass
class Row:
    """A pair with an id that seeds its errors."""

    key: str
    pair: Pair


@dataclass
class Score:
    """Counts of one set of rows."""

    rows: int = 0
    blocked: int = 0
    warned: int = 0
    by_check: Counter[str] = field(default_factory=Counter)
    tried: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    found_block: Counter[str] = field(default_factory=Counter)
    micros: list[float] = field(default_factory=list)
    peers: dict[str, Counter[str]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Shares in percent, the time in microseconds."""
        out: dict[str, Any] = {
            "rows": self.rows,
            "blocked": _share(self.blocked, self.rows),
            "warned": _share(self.warned, self.rows),
            "by_check": dict(self.by_check),
            "median_us": round(statistics.median(self.micros)) if self.micros else None,
        }
        for kind in KINDS:
            out[kind] = {
                "tried": self.tried[kind],
                "found": _share(self.found[kind], self.tried[kind]),
                "blocked": _share(self.found_block[kind], self.tried[kind]),
            }
        out["peers"] = {
            name: {
                "blocked": _share(counts["blocked"], self.rows),
                "digit": _share(counts["digit"], self.tried["digit"]),
            }
            for name, counts in self.peers.items()
        }
        return out

    def add(self, other: "Score") -> None:
        """Sum another set in."""
        self.rows += other.rows
        self.blocked += other.blocked
        self.warned += other.warned
        self.by_check += other.by_check
        self.tried += other.tried
        self.found += other.found
        self.found_block += other.found_block
        self.micros += other.micros
        for name, counts in other.peers.items():
            self.peers.setdefault(name, Counter()).update(counts)


def _share(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 2) if whole else None


def _tsv(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8") as lines:
        next(lines)
        for line in lines:
            yield line.rstrip("\n").split("\t")


def held_out(key: str) -> bool:
    """Whether a row was kept away from the development of the checks."""
    return int(hashlib.sha1(key.encode()).hexdigest(), 16) % 2 == 1  # noqa: S324


def tico19(data: Path, wanted: set[str]) -> dict[str, list[Row]]:
    """English against every language of the TICO-19 rows."""
    folder = data / "tico19"
    english = {row[0]: row[4] for row in _tsv(folder / "en.tsv")}
    flagged = {(row[0], row[1]) for row in _tsv(folder / "quality_flags.tsv")}
    sets: dict[str, list[Row]] = {}
    for path in sorted(folder.glob("*.tsv")):
        language = path.stem
        if language in {"en", "terminology", "quality_flags"} or (
            wanted and language not in wanted
        ):
            continue
        sets[language] = [
            Row(key, Pair(english[key], text, "en", language))
            for key, text, *_rest in _tsv(path)
            if key in english and (language, key) not in flagged
        ]
    return sets


def guidelines(data: Path) -> dict[str, list[Row]]:
    """The Chinese protocol, both ways; no two of the patient guides align by paragraph."""
    sets: dict[str, list[Row]] = {"protocol zh-en": [], "protocol en-zh": []}
    for key, _style, chinese, english in _tsv(data / "guidelines" / "china_protocol7_zh_en.tsv"):
        if chinese.strip() and english.strip():
            sets["protocol zh-en"].append(Row(key, Pair(chinese, english, "zh", "en")))
            sets["protocol en-zh"].append(Row(key, Pair(english, chinese, "en", "zh")))
    return sets


def digits_only(pair: Pair) -> bool:
    """The yardstick: both sides must have the same digits as often, whatever they stand for."""
    return Counter(_digits(pair.source)) != Counter(_digits(pair.target))


def _digits(text: str) -> list[int]:
    return [int(char) for char in text if char.isdecimal()]


def pofilter_numbers() -> Callable[[Pair], bool] | None:
    """The "numbers" test of Translate Toolkit's pofilter, if it is installed."""
    try:
        from translate.filters.checks import FilterFailure, StandardChecker
    except ImportError:
        print("translate-toolkit is not installed: its column is left out", file=sys.stderr)
        return None
    checker = StandardChecker()

    def differs(pair: Pair) -> bool:
        try:
            return not checker.numbers(pair.source, pair.target)
        except FilterFailure:
            return True

    return differs


def _identity(finding: Finding) -> tuple[Any, ...]:
    # Not the span: an error shifts what follows it.
    return (finding.check, finding.severity, str(finding.template), *sorted(finding.params.items()))


def score(rows: list[Row], peers: dict[str, Callable[[Pair], bool]]) -> Score:
    """Check rows untouched and with each error."""
    total = Score(peers={name: Counter() for name in peers})
    for row in rows:
        pair = row.pair
        started = time.perf_counter()
        untouched = run(pair)
        total.micros.append((time.perf_counter() - started) * 1e6)
        total.rows += 1
        severities = {finding.severity.value for finding in untouched}
        total.blocked += "block" in severities
        total.warned += severities == {"warn"}
        total.by_check.update({f"{f.check} {f.severity.value}" for f in untouched})
        before = Counter(_identity(finding) for finding in untouched)
        peer_before = {name: peer(pair) for name, peer in peers.items()}
        for name, hit in peer_before.items():
            total.peers[name]["blocked"] += hit
        for kind, target in _errors(row):
            changed = Pair(pair.source, target, pair.source_language, pair.target_language)
            new = Counter(_identity(finding) for finding in run(changed)) - before
            total.tried[kind] += 1
            total.found[kind] += bool(new)
            total.found_block[kind] += any(identity[1] == "block" for identity in new)
            if kind == "digit":
                for name, peer in peers.items():
                    total.peers[name]["digit"] += peer(changed) and not peer_before[name]
    return total


def _errors(row: Row) -> Iterator[tuple[str, str]]:
    pair, key = row.pair, row.key
    language = pair.target_language.split("-")[0]
    made: list[tuple[str, str | None]] = [
        ("digit", perturb.digit(pair.target, key)),
        ("decimal", perturb.decimal(pair.source, pair.target, key)),
        ("unit", perturb.unit(pair.target, language, key)),
    ]
    if pair.source_language == "en":
        denials = perturb.denied(pair.source)
        if denials:
            made.append(("drop", perturb.drop_negation(pair.target, language)))
        elif not perturb.has_denial(pair.target, language):
            made.append(("add", perturb.add_negation(pair.target, language, key)))
    for kind, target in made:
        if target is not None and target != pair.target:
            yield kind, target


MARK = re.compile(r"\{(\w+):([^}]*)\}")


def sentences() -> dict[str, Score]:
    """The templated clinical sentences: each right, then with each of its written errors."""
    texts: dict[str, dict[str, str]] = {}
    for name, language, text in _tsv(SENTENCES):
        texts.setdefault(name, {})[language] = text
    scores: dict[str, Score] = {}
    for versions in texts.values():
        for language, text in versions.items():
            for other in ("en",) if language != "en" else tuple(versions):
                if other == language:
                    continue
                total = scores.setdefault(language, Score())
                source = MARK.sub(lambda m: m[2].split(">")[0], versions[other])
                right = MARK.sub(lambda m: m[2].split(">")[0], text)
                total.rows += 1
                found = run(Pair(source, right, other, language))
                total.blocked += any(f.severity == "block" for f in found)
                total.warned += bool(found) and all(f.severity == "warn" for f in found)
                for kind, wrong in variants(text):
                    new = run(Pair(source, wrong, other, language))
                    total.tried[kind] += 1
                    total.found[kind] += bool(new)
                    total.found_block[kind] += any(f.severity == "block" for f in new)
    return scores


def variants(text: str) -> Iterator[tuple[str, str]]:
    """Each wrong version of a marked sentence: ``{unit:mg>g}`` is right with mg, wrong with g."""
    marks = list(MARK.finditer(text))
    for chosen in marks:
        for wrong in chosen[2].split(">")[1:]:
            out, at = "", 0
            for mark in marks:
                out += text[at : mark.start()]
                out += wrong if mark is chosen else mark[2].split(">")[0]
                at = mark.end()
            yield chosen[1], out + text[at:]


def table(title: str, scores: dict[str, Score]) -> str:
    """A Markdown table; found shares are "all (of which blocking)"."""
    head = ["", "rows", "blocked %", "warned %"]
    head += [f"{kind} %" for kind in KINDS]
    peers = sorted({name for one in scores.values() for name in one.peers})
    for name in peers:
        head += [f"{name}: blocked %", f"{name}: digit %"]
    head.append("median µs")
    lines = [
        f"### {title}",
        "",
        "| " + " | ".join(head) + " |",
        "| --- |" + " --: |" * (len(head) - 1),
    ]
    for name, one in scores.items():
        values = one.as_json()
        cells = [name, str(one.rows), _text(values["blocked"]), _text(values["warned"])]
        for kind in KINDS:
            part = values[kind]
            cells.append(
                f"{_text(part['found'])} ({_text(part['blocked'])}) of {part['tried']}"
                if part["tried"]
                else "–"
            )
        for peer in peers:
            part = values["peers"].get(peer, {})
            cells += [_text(part.get("blocked")), _text(part.get("digit"))]
        cells.append(str(values["median_us"] or "–"))
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _text(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def main() -> int:
    """Run the bench; the table or JSON goes to standard output, progress to standard error."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--data", type=Path, required=True, help="folder with tico19/ and guidelines/"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--languages", default="", help="only these, by comma")
    parser.add_argument("--half", choices=("dev", "held-out", "both"), default="both")
    arguments = parser.parse_args()
    if not (arguments.data / "tico19" / "en.tsv").is_file():
        print(f"{arguments.data}: no tico19/en.tsv here; pass the data folder", file=sys.stderr)
        return 2
    peers: dict[str, Callable[[Pair], bool]] = {"digits only": digits_only}
    toolkit = pofilter_numbers()
    if toolkit:
        peers["pofilter"] = toolkit
    wanted = {part for part in arguments.languages.split(",") if part}
    sets = tico19(arguments.data, wanted)
    documents = {} if wanted else guidelines(arguments.data)
    halves: dict[str, dict[str, Score]] = {}
    for half in ("dev", "held-out"):
        if arguments.half not in {half, "both"}:
            continue
        halves[half] = {}
        for name, rows in {**sets, **documents}.items():
            print(f"{half}: {name}", file=sys.stderr)
            part = [row for row in rows if held_out(row.key) == (half == "held-out")]
            halves[half][name] = score(part, peers)
    tables: dict[str, dict[str, Score]] = {}
    both: dict[str, Score] = {}
    for name in sets:
        both[name] = _sum(half[name] for half in halves.values())
    both["all languages"] = _sum(both[name] for name in sets)
    both["the eleven"] = _sum(both[name] for name in sets if name in CORE)
    tables["English into each language"] = both
    tables["The two halves"] = {
        f"{half}{' ' + part if part else ''}": _sum(
            one for name, one in scores.items() if name in sets and (not part or name in CORE)
        )
        for half, scores in halves.items()
        for part in ("", "the eleven")
    }
    if documents:
        tables["Guidelines"] = {name: _sum(h[name] for h in halves.values()) for name in documents}
    tables["Templated clinical sentences"] = sentences()
    if arguments.json:
        print(
            json.dumps(
                {t: {n: s.as_json() for n, s in scores.items()} for t, scores in tables.items()},
                indent=1,
            )
        )
    else:
        print("\n".join(table(title, scores) for title, scores in tables.items()))
    return 0


def _sum(scores: Any) -> Score:
    total = Score()
    for one in scores:
        total.add(one)
    return total


if __name__ == "__main__":
    sys.exit(main())
