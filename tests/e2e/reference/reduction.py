"""Reductions, softmax and normalisations."""

import numpy as np

from .common import bf16, windows
from .common import softmax as _softmax


def reduce_sum_rows(x):
    return x.astype(np.float64).sum(axis=1)


def reduce_sum_columns(x):
    return x.astype(np.float64).sum(axis=0)


def reduce_max_middle(x):
    return x.max(axis=1)


def reduce_min_full(x):
    return x.min()


def reduce_product(x):
    return x.astype(np.float64).prod(axis=1)


def reduce_integers(x):
    unsigned = x.view(np.uint32)
    return x.sum(axis=1, dtype=np.int32), unsigned.max(axis=1).view(np.int32), np.bitwise_xor.reduce(x, axis=1)


def reduce_dynamic(x):
    return (x.astype(np.float64) ** 2).sum(axis=1)


def argmax(x):
    return x.max(axis=1), x.argmax(axis=1)


def argmax_large(x):
    return argmax(x)


def softmax(x):
    return _softmax(x)


def softmax_odd(x):
    return _softmax(x)


def softmax_decomposed(x):
    return _softmax(x)


def softmax_dynamic(x):
    return _softmax(x)


def layernorm(x, gamma, beta):
    x = x.astype(np.float64)
    return (x - x.mean(axis=1, keepdims=True)) / np.sqrt(x.var(axis=1, keepdims=True) + 1e-5) * gamma + beta


def normalize_rows(x):
    x = x.astype(np.float64)
    return x / np.sqrt((x * x).sum(axis=1, keepdims=True))


def zero_sized_reduction(x):
    return x.astype(np.float64).sum(axis=1) + 2.5


def dot_large(x, y, n):
    return np.dot(x.astype(np.float64), y), n.max()


def softmax_wide(x, y):
    return _softmax(x), _softmax(y)


def reduce_rows_types(a, b, c, d, e):
    return a.sum(axis=1), b.max(axis=1), c.sum(axis=1), d.max(axis=1), 1 + e.astype(np.float64).sum(axis=1)


def bf16_reductions(x, y, z):
    x, y, z = bf16(x), bf16(y), bf16(z)
    pooled = windows(z, (2, 2), (2, 2)).astype(np.float64).sum(axis=(3, 4))
    return x.max(axis=1), x.argmax(axis=1).astype(np.int32), x.max(axis=1), _softmax(y), pooled
