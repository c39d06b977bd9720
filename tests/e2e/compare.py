"""Compares a result with its reference and says where they differ most."""

import numpy as np

from corpus import TOLERANCES


def difference(index, kind, got, want, tolerance):
    """None when the result is right, else a sentence with the largest error and the first wrong element."""
    got, want = np.asarray(got), np.asarray(want)
    where = f"result {index} ({kind.element})"
    if kind.shape is not None and got.dtype != kind.dtype:
        return f"{where}: element type {got.dtype}, expected {np.dtype(kind.dtype)}"
    if got.shape != want.shape:
        return f"{where}: shape {got.shape}, expected {want.shape}"
    if kind.element[0] == "i":
        error = np.where(got == want, 0.0, np.inf)
        limit = 0.0
    else:
        limit = tolerance if tolerance is not None else TOLERANCES[kind.element]
        got64, want64 = got.astype(np.float64), want.astype(np.float64)
        with np.errstate(invalid="ignore"):
            error = np.abs(got64 - want64) / np.maximum(1.0, np.abs(want64))
        same = (got64 == want64) | (np.isnan(got64) & np.isnan(want64))
        error = np.where(same, 0.0, np.where(np.isnan(error), np.inf, error))
    wrong = error > limit
    if not wrong.any():
        return None
    first = tuple(int(i) for i in np.argwhere(wrong)[0])
    return (
        f"{where}: {int(wrong.sum())} of {wrong.size} elements differ, largest error {error.max():.3g}"
        f" (limit {limit:g}); first at {list(first)}: got {got[first]}, expected {want[first]}"
    )


def identical(got, want):
    """None when all results are the same bits, else a sentence."""
    for index, (a, b) in enumerate(zip(got, want, strict=True)):
        a, b = np.asarray(a), np.asarray(b)
        if a.shape != b.shape or a.dtype != b.dtype:
            return f"result {index}: {a.dtype}{list(a.shape)} became {b.dtype}{list(b.shape)}"
        if a.tobytes() != b.tobytes():
            return f"result {index}: the bits differ"
    return None
