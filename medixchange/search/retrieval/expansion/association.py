"""Which word goes with which, learnt from texts and their translations.

IBM Model 1 (Brown and others, The Mathematics of Statistical Machine Translation, 1993, section
4.1): each word of a translation comes from some word of the text, and how likely from which is
estimated by expectation and maximisation over all pairs, starting from all alike.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

#: Rounds of estimation; more hardly change what is likely.
ROUNDS = 6
#: Less likely ones are not kept.
LEAST = 0.1
#: The words of a text that are read: long texts say little of which word goes with which.
LONGEST = 60
#: A word that comes from none of the text's: its share beside them.
_NONE = 0.1


def associate(
    pairs: Sequence[tuple[Sequence[str], Sequence[str]]],
) -> dict[str, dict[str, float]]:
    """For each word of the first sides, the words of the second sides that it likely became.

    Args:
        pairs: the words of a text and of its translation; order and repeats are no matter.

    Returns:
        Probabilities of at least ``LEAST``.
    """
    left: dict[str, int] = {}
    right: dict[str, int] = {}
    firsts: list[NDArray[np.int64]] = []
    seconds: list[NDArray[np.int64]] = []
    slots: list[NDArray[np.int64]] = []
    slot = 0
    for source, target in pairs:
        a = [left.setdefault(word, len(left)) for word in dict.fromkeys(source[:LONGEST])]
        b = [right.setdefault(word, len(right)) for word in dict.fromkeys(target[:LONGEST])]
        if not a or not b:
            continue
        firsts.append(np.tile(np.array(a), len(b)))
        seconds.append(np.repeat(np.array(b), len(a)))
        # one slot for each word of a translation: what it came from is shared out within it
        slots.append(np.repeat(np.arange(slot, slot + len(b)), len(a)))
        slot += len(b)
    if not slot:
        return {}
    first, second, where = map(np.concatenate, (firsts, seconds, slots))
    keys, cell = np.unique(first * len(right) + second, return_inverse=True)
    owner = keys // len(right)
    chance = np.bincount(cell).astype(np.float64)
    chance /= np.bincount(owner, chance, minlength=len(left))[owner]
    # What comes from no word of the text: as often as words occur on the whole.
    base = _NONE * np.bincount(second, minlength=len(right))[second] / len(second)
    for _ in range(ROUNDS):
        share = chance[cell]
        share = share / (np.bincount(where, share, minlength=slot)[where] + base)
        counts = np.bincount(cell, share, minlength=len(keys))
        total = np.bincount(owner, counts, minlength=len(left))
        chance = counts / np.maximum(total, 1e-12)[owner]
    words, renderings = list(left), list(right)
    found: dict[str, dict[str, float]] = {}
    for at in np.flatnonzero(chance >= LEAST):
        word, rendering = words[owner[at]], renderings[keys[at] % len(right)]
        found.setdefault(word, {})[rendering] = float(chance[at])
    return found
