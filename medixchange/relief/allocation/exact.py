"""Exact order of fractions, and the largest few of many, in numpy.

Quantities go up to 10^12, so products of two overflow 64 bits and doubles cannot tell close
fractions apart. Fractions are compared by as many binary digits as can differ: two different ones
with denominators below 2^b are at least 2^-2b apart, so 2b + 1 digits after the point decide.
"""

import numpy as np

from medixchange.relief.allocation.problem import Ints

#: Digits of one step, so that a remainder below 2^40 shifted by it fits into 62 bits.
STEP = 22
SAFE_NUMERATOR, SAFE_DENOMINATOR = 2**62, 2**40


def fraction_keys(numerator: Ints, denominator: Ints) -> list[Ints]:
    """Whole-number keys, the major one first, that sort as the fractions do; equal if and only if
    the fractions are equal. Takes arrays of 64-bit numbers, or of Python's where those are too
    small. Denominators are positive.
    """
    if numerator.dtype != object and denominator.dtype != object:
        whole = numerator // denominator
        rest = numerator - whole * denominator
        digits = []
        for _step in range(4):
            rest = rest << STEP
            digit = rest // denominator
            rest -= digit * denominator
            digits.append(digit)
        return [whole, (digits[0] << STEP) | digits[1], (digits[2] << STEP) | digits[3]]
    tops, bottoms = numerator.astype(object), denominator.astype(object)
    bits = 2 * int(max(bottoms, default=1)).bit_length() + 1
    _values, ranks = np.unique((tops << bits) // bottoms, return_inverse=True)
    return [ranks.astype(np.int64)]


def wide_enough(largest_numerator: int, largest_denominator: int) -> type:
    """The type of number that holds such fractions for ``fraction_keys``."""
    fits = largest_numerator < SAFE_NUMERATOR and largest_denominator < SAFE_DENOMINATOR
    return np.int64 if fits else object


def first_of(count: int, keys: list[Ints]) -> Ints:
    """The places of the ``count`` smallest rows; ``keys`` with the major one first.

    Rows that are equal in all keys are taken in the order they stand in.
    """
    if count <= 0:
        return np.zeros(0, np.int64)
    if count >= len(keys[0]):
        return np.arange(len(keys[0]))
    major = keys[0]
    if len(keys) == 1:
        return np.sort(np.argsort(major, kind="stable")[:count])
    limit = np.partition(major, count - 1)[count - 1]
    sure = np.flatnonzero(major < limit)
    tied = np.flatnonzero(major == limit)
    chosen = first_of(count - len(sure), [key[tied] for key in keys[1:]])
    return np.concatenate([sure, tied[chosen]])
