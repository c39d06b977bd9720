"""Elementwise computations on floats, and casts."""

import math

import numpy as np

from .common import bf16, bf16_of_f64, relu


def _wide(x):
    return x.astype(np.float64)


def gelu(x):
    x = _wide(x)
    return 0.5 * x * (1 + np.vectorize(math.erf)(x / math.sqrt(2)))


def sigmoid_tanh(x):
    x = _wide(x)
    return 1 / (1 + np.exp(-x)), np.tanh(x)


def exp_log_sqrt(x):
    x = _wide(x)
    return np.exp(np.log(x) + np.sqrt(x)) - np.log1p(np.abs(np.log(x)))


def trigonometry(x, p):
    x, p = _wide(x), _wide(p)
    return np.sin(x) * np.cos(x) + np.arctan(x), np.floor(x) + np.ceil(x) + np.rint(x), p**x


def bias_relu(x, b):
    return relu(x + b)


def broadcast(x, y):
    return x[:, None] + y[None, :]


def elementwise_dynamic(x, y):
    return (x + y) * x


def elementwise_f16(x, y):
    return _wide(x) * _wide(y) + _wide(x)


def elementwise_f64(x):
    return np.log(x) + np.sqrt(x)


def special_values(x, y):
    with np.errstate(invalid="ignore", over="ignore"):
        unordered_or_less = np.isnan(x) | np.isnan(y) | (x < y)
        return x + y, np.maximum(x, y), np.fmin(x, y), unordered_or_less.astype(np.int8)


def casts_float(x):
    return _wide(x) / 3, (x * np.float32(0.5)).astype(np.float16), bf16(x)


def bf16_elementwise(x, n, s):
    x, s = bf16(x), bf16(s)
    less = x < s
    bits = (x.view(np.uint32) >> 16).astype(np.uint16).view(np.int16)
    near = bf16_of_f64(np.arange(128, 225) + 0.50000000093)
    number = bf16(n.astype(np.float32))
    clamped = np.clip(x, np.float32(-1), np.float32(1.5))
    return clamped, np.where(less, -x, s), bits, x.astype(np.int32), _wide(x), x.astype(np.float16), number, less, near


def casts_integer(x, b):
    i = np.trunc(x).astype(np.int32)
    return i, i.astype(np.int64) * b, b.view(np.uint8).astype(np.float32), i.astype(np.int8)


def zero_sized(x, y):
    return x + y


def rank_zero(x, y):
    return x * y - y


def constants(x):
    dense = np.array([[1.0, -2.0, 3.5, 0.125, 9.0], [5.0, 6.0, -7.75, 8.0, 1.0e3]], np.float32)
    mask = np.array([[1, 0, 1, 1, 0], [0, 0, 1, 0, 1]], bool)
    return np.where(mask, x * np.float32(0.25) + dense, x)


def constant_results():
    return np.array([1, -2, 2**63 - 1], np.int64), np.full((2, 2), 0.1)


def two_results(x, y):
    product, less = x * y, x < y
    return product, less.T.astype(np.int32), product.astype(np.float64) + less


def booleans_large(x, keep):
    both = (x > 0) & keep
    return both, np.where(both, x, np.float32(0))
