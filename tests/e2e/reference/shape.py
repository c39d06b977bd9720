"""Data movement: transposes, reshapes, slices, padding, gathers."""

import numpy as np

from .common import bf16


def transpose(x):
    return x.T


def transpose_3d(x):
    return x.transpose(2, 0, 1)


def reshape(x):
    return (x + x).reshape(3, 2, 4, 5)


def reshape_only(x):
    return x.reshape(6, 4)


def slice(x):
    return x[3:8], x[4:11, 9:20]


def slice_strided(x):
    return 2 * x[1:19:2, 2:26:3]


def slice_unaligned(x):
    s, t = x[3:4099].astype(np.float64), x[1:4097].astype(np.float64)
    a, b = s.reshape(64, 64), t.reshape(64, 64)
    return s + t, a.sum(axis=1), a @ b


def slice_dynamic(x, offset, size):
    return x[offset : offset + size]


def insert_slice(x, block):
    y = x.copy()
    y[5:9, 3:9] = block
    return y, x


def pad(x):
    return np.pad(x, ((2, 3), (0, 3)), constant_values=-1.5)


def concat(a, b, c):
    return np.concatenate([np.concatenate([a, b, b[:, :2]], axis=1), c], axis=0)


def gather(table, indices):
    return table[indices]


def gather_dynamic(table, indices):
    return table[indices]


def diagonal(x):
    return np.diagonal(x), x[::-1].diagonal()


def iota(bias):
    return (10 * np.arange(13)[:, None] + np.arange(9)[None, :] + bias).astype(np.int32)


def tensor_element_ops(x, v):
    y = x.copy()
    y[1] = v
    total = x[4] + v
    return y, np.array([x[4], v, total], np.float32), total


def reshape_by_shape(x, three, two):
    double = 2 * x.astype(np.float64)
    return x.reshape(three), double.reshape(two), double.reshape(-1), double.reshape(x.size // 2, 2) ** 2


def bf16_movement(x, rows):
    x = bf16(x)
    padded = np.pad(x, ((2, 0), (0, 3)), constant_values=-1.5)
    values = np.array([[1, -2, 0.5, bf16(1e3)], [-0.0, 7, np.inf, 3]], np.float32)
    return x.T, padded, x[rows], np.concatenate([x[rows], x]), np.maximum(values, x[3:6:2, 1:13:3])
