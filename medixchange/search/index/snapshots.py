"""Labels and vectors on disk, so that a process that starts need not read them all from the
database. Written by the worker; whoever starts maps them into memory and reads what is newer."""

import json
import shutil
import uuid
from typing import TYPE_CHECKING

import numpy as np

from medixchange.search.retrieval.labels import Labels
from medixchange.search.retrieval.vectors import VectorIndex

if TYPE_CHECKING:
    from medixchange.search.index.held import Held

#: Changes after which the worker writes a new one.
EVERY = 5000


def load(held: "Held") -> int:
    """Fill what is held from the snapshot of its folder; gives the version it is of, 0 where there
    is none for this engine. Raises whatever a broken file makes it raise."""
    try:
        told = json.loads((held.folder / "snapshot.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return 0
    if told["engine"] != held.engine_name:
        return 0
    folder = held.folder / told["folder"]
    held.index.labels = Labels.load(folder / "labels")
    held.with_vector = np.load(folder / "with_vector.npy")
    if held.engine is not None:
        held.index.vectors = VectorIndex.load(folder / "vectors")
    return int(told["version"])


def save(held: "Held") -> None:
    """Write what is held beside its words, in place of the snapshot before."""
    folder = held.folder / f"snapshot-{uuid.uuid4().hex}"
    folder.mkdir()
    held.index.labels.save(folder / "labels")
    np.save(folder / "with_vector.npy", held.with_vector)
    if held.engine is not None:
        held.index.vectors.save(folder / "vectors")
    part = folder / "snapshot.json"
    told = {"version": held.at, "engine": held.engine_name, "folder": folder.name}
    part.write_text(json.dumps(told), encoding="utf-8")
    part.replace(held.folder / "snapshot.json")
    held.saved_at = held.at
    for other in held.folder.glob("snapshot-*"):
        if other != folder:
            shutil.rmtree(other, ignore_errors=True)
