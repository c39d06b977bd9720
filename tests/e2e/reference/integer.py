"""Integer and boolean computations; all exact."""

import numpy as np


def integers_i32(a, b):
    ua, ub = a.view(np.uint32), b.view(np.uint32)
    quotient = np.trunc(a.astype(np.float64) / b).astype(np.int32)
    signed = quotient + (a - quotient * b)
    unsigned = ((ua // ub) ^ (ua % ub)).view(np.int32)
    left = (ua << ub).view(np.int32)
    picked = np.where(ua < ub, (ua >> ub).view(np.int32), np.where(a < b, left, a >> b))
    spread = np.minimum(a, b) - np.maximum(ua, ub).view(np.int32)
    return signed + unsigned, picked, spread


def integers_i64(a, b):
    p = a * b
    return np.where(a < b, p, p - a)


def integers_i8(a, b):
    s = a + b
    return s, np.maximum(s, a * b)


def integers_i16(a):
    return a.astype(np.int32), a.view(np.uint16).astype(np.int32)


def booleans(x, y):
    less = x < y
    return less.sum(axis=1).astype(np.int32), less.all(axis=1).astype(np.int8)


def index_wide(k, x):
    p = np.arange(19, dtype=np.int64) * 3_000_000_000
    q = p + np.int64(k)
    truth = (q > 10_000_000_000).astype(np.int32) + (p < 10_000_000_000).astype(np.int32)
    rows = np.arange(7, dtype=np.int64)[:, None] * 3_000_000_000 + np.arange(40, dtype=np.int64) * 10_000_000_000
    return q, p // 7 + p % 10_000_000_000, truth, q.astype(np.float64), np.maximum(x, q), rows.sum(axis=1)
