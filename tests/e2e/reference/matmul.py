"""Products of matrices and vectors."""

import numpy as np

from .common import bf16, relu


def _wide(*arrays):
    return [a.astype(np.float64) for a in arrays]


def matmul(a, b):
    a, b = _wide(a, b)
    return a @ b


def matmul_ragged(a, b):
    return matmul(a, b)


def matmul_large(a, b):
    return matmul(a, b)


def matmul_dynamic(a, b):
    return matmul(a, b)


def matmul_f16(a, b):
    return matmul(a, b)


def matmul_half__half(a, b):
    return matmul(a, b)


def matmul_half__long(a, b):
    return matmul(a, b)


def matmul_half__ragged(a, b):
    return matmul(a, b.T)


def matmul_half__bias(a, b, bias):
    return relu(matmul(a, b) + bias)


def matmul_half__batched(a, b):
    return matmul(a, b)


def matmul_half__left_turned(a, b):
    return matmul(a.T, b)


def matmul_half__dynamic(a, b):
    return matmul(a, b)


def matmul_half__brain(a, b):
    a, b = bf16(a), bf16(b)
    return matmul(a, b), matmul(a, b) + matmul(a, a.T)


def matmul_f64(a, b):
    return matmul(a, b)


def matmul_batched(a, b):
    return matmul(a, b)


def matmul_batched_mixed(a, b, c, d, v):
    c, d, v = (x.astype(np.int32) for x in (c, d, v))
    return matmul(a, b), c @ d, (c @ v[:, :, None])[:, :, 0]


def matmul_unsigned(a, b, c):
    a, b, c = (x.view(np.uint8).astype(np.int32) for x in (a, b, c))
    return a @ b, c @ c.transpose(0, 2, 1)


def matvec(a, x):
    return matmul(a, x)


def vecmat(x, a):
    return matmul(x, a)


def dot(x, y):
    return matmul(x, y)


def matmul_transposed_a(a, b):
    return matmul(a.T, b)


def matmul_transposed_b(a, b):
    return matmul(a, b.T)


def matmul_accumulate(a, b, c):
    return matmul(a, b) + c, c


def matmul_i8(a, b):
    return a.astype(np.int32) @ b.astype(np.int32)


def matmul_bf16(a, b):
    return matmul(bf16(a), bf16(b))


def matmul_chain(x, w):
    x, w = _wide(x, w)
    return relu(relu(x @ w) @ w) @ w


def identical_executables(a, b):
    a, b = _wide(a, b)
    return (a @ b) @ (a @ b), (b @ a) @ (b @ a)


def matmul_panels(a, b, bias):
    a, b, bias = _wide(a, b, bias)
    return relu(a @ b + bias)


def matmul_panels_transposed_b(a, b):
    return matmul(a, b.T)


def matmul_panels_dynamic(a, b):
    return matmul(a, b)


def matmul_panels_i8(a, b):
    return a.astype(np.int32) @ b.astype(np.int32)


def matmul_panels_f16(a, b):
    return matmul(a.T, b.T)


def matmul_narrow(a, b, bias, s, t):
    h = bf16(a.astype(np.float32)).astype(np.float64)
    a, b, bias, s, t = _wide(a, b, bias, s, t)
    return relu(a @ b + bias), a @ a.T, b.T @ b, h.T @ h, s @ t
