"""Building blocks that several references share. Floating-point work is done in float64."""

import numpy as np


def relu(x):
    return np.maximum(x, 0)


def softmax(x, axis=-1):
    x = x.astype(np.float64)
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def bf16(x):
    """Rounds float32 to the nearest bf16 (ties to even) and returns it as float32."""
    bits = np.asarray(x, np.float32).view(np.uint32).astype(np.uint64)
    bits = (bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000
    return bits.astype(np.uint32).view(np.float32)


def bf16_of_f64(x):
    """Rounds normal float64 to the nearest bf16 (ties to even), once, and returns it as float32."""
    x = np.asarray(x, np.float64)
    unit = 2.0 ** (np.frexp(x)[1] - 8)
    return (np.rint(x / unit) * unit).astype(np.float32)


def windows(x, size, strides=(1, 1), dilations=(1, 1)):
    """Sliding windows over dimensions 1 and 2 of an NHWC array: [n, oh, ow, kh, kw, c]."""
    n, h, w, c = x.shape
    kh, kw = size
    oh = (h - dilations[0] * (kh - 1) - 1) // strides[0] + 1
    ow = (w - dilations[1] * (kw - 1) - 1) // strides[1] + 1
    out = np.empty((n, oh, ow, kh, kw, c), x.dtype)
    for i in range(kh):
        for j in range(kw):
            a, b = i * dilations[0], j * dilations[1]
            out[:, :, :, i, j, :] = x[:, a : a + oh * strides[0] : strides[0], b : b + ow * strides[1] : strides[1], :]
    return out


def conv_nhwc(x, w, strides=(1, 1), dilations=(1, 1)):
    return np.einsum("nhwijc,ijcf->nhwf", windows(x.astype(np.float64), w.shape[:2], strides, dilations), w)
