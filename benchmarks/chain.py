#!/usr/bin/env python3
"""Programs of N dispatches in a row, no two of which are the same: x := max(x · w, c) with a c of its own each time.

`chain.py N` prints one.
"""

import sys

ROWS, COLUMNS = 32, 64


def program(count):
    x, w = f"tensor<{ROWS}x{COLUMNS}xf32>", f"tensor<{COLUMNS}x{COLUMNS}xf32>"
    same = "affine_map<(i, j) -> (i, j)>"
    lines = [
        f"func.func @main(%x0: {x}, %w: {w}) -> {x} {{",
        "  %zero = arith.constant 0.0 : f32",
        f"  %e = tensor.empty() : {x}",
        f"  %i = linalg.fill ins(%zero : f32) outs(%e : {x}) -> {x}",
    ]
    for n in range(count):
        lines += [
            f"  %c{n} = arith.constant {n + 1}.0e-3 : f32",
            f"  %m{n} = linalg.matmul ins(%x{n}, %w : {x}, {w}) outs(%i : {x}) -> {x}",
            f"  %x{n + 1} = linalg.generic {{indexing_maps = [{same}, {same}],"
            f' iterator_types = ["parallel", "parallel"]}} ins(%m{n} : {x}) outs(%e : {x}) {{',
            f"  ^bb0(%a{n}: f32, %o{n}: f32):",
            f"    %r{n} = arith.maximumf %a{n}, %c{n} : f32",
            f"    linalg.yield %r{n} : f32",
            f"  }} -> {x}",
        ]
    return "\n".join([*lines, f"  return %x{count} : {x}", "}", ""])


if __name__ == "__main__":
    if len(sys.argv) != 2 or not sys.argv[1].isdecimal():
        sys.exit("usage: chain.py N")
    print(program(int(sys.argv[1])), end="")
