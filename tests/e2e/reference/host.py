"""Control flow, calls, scalars and state on the host."""

import numpy as np


def scatter_add(init, updates, indices):
    y = init.astype(np.float64)
    np.add.at(y, indices, updates)
    return y


def cumulative_sum(x):
    return np.cumsum(x.astype(np.float64), axis=0)


def power_iteration(a, x, steps):
    a, x = a.astype(np.float64), x.astype(np.float64)
    for _ in range(steps):
        x = a @ x
    return x


def host_if(x):
    return x + x if x.sum() > 0 else -x


def host_while(x, limit):
    steps = np.int32(0)
    while x[0] < limit:
        x = x + x
        steps += np.int32(1)
    return x, steps


def calls(a, b):
    a, b = a.astype(np.float64), b.astype(np.float64)
    return a @ b @ a


def calls__square(a):
    return a.astype(np.float64) @ a.astype(np.float64)


def several_results(x, y):
    return x * x, y, x * x, y + y


def scalars(x, scale, shift, wide):
    return x.astype(np.float64) * scale + shift, scale + scale, shift * shift, wide + wide


def global_state(x):
    first = 1 + x.astype(np.float64)
    return first, first + x + first, np.int32(13)


def global_ml_program(x):
    state = np.arange(1.0, 7.0).reshape(2, 3)
    for _ in range(2):
        state = 2 * state + x
    return state


def global_initializer(x):
    return x + np.arange(1.0, 7.0) ** 2


def stencil(x, steps):
    g = x.astype(np.float64)
    for _ in range(steps):
        n = g.copy()
        n[1:17, 1:21] = (g[0:16, 1:21] + g[2:18, 1:21] + g[1:17, 0:20] + g[1:17, 2:22]) / 4
        g = n
    return g


def state_dynamic(x, y):
    both = np.concatenate([x, y]).astype(np.float64)
    return x, both**2, np.stack([both**2, both**2], axis=1), np.int64(len(both)), np.int64(0)


def _bf16(x):
    """The bf16 number nearest to a finite x, ties to even, as f32."""
    x = np.float64(x)
    if x == 0:
        return np.float32(x)
    exponent = max(np.floor(np.log2(abs(x))), -126)
    unit = 2.0 ** (exponent - 7)
    return np.float32(np.rint(x / unit) * unit)


def scalars_half(a, b, x, d):
    with np.errstate(over="ignore", under="ignore"):
        total = np.float16(a) + np.float16(b)
        product = total * np.float16(b)
        quotient = np.float16(a) / np.float16(b)
        narrow = _bf16(np.float32(x))
        return total, product, quotient, _bf16(narrow + narrow), np.float16(d), _bf16(d), np.bool_(product < quotient)
