#!/usr/bin/env python3
"""Measures math functions on a device against libm: the worst error in units in the last place, and special values.

    accuracy.py                                  # lavapipe or a GPU, through Vulkan
    accuracy.py --filter sin

Every function is called with numbers of all sizes it is defined for, and must be as near to libm as LIMITS says. f32
and f16 are held against libm in double precision. Limits are what the functions under plugins/gpu/src/math promise, with
a half to spare; in f64 the libm's own error is in them (2 to 3 units for tanh, erfc and cbrt of glibc). rsqrt is the
device's own.
"""

import argparse
import math
import pathlib
import sys
import tempfile

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from toolchain import Ropt, ToolError, run_tool

COUNT = 20000
#: Units in the last place: f16, f32, f64.
LIMITS = {
    "sin": (1, 2, 1.5),
    "cos": (1, 2, 1.5),
    "tan": (1, 3, 2.5),
    "asin": (1, 3, 3),
    "acos": (1, 2, 2),
    "atan": (1, 2.5, 2),
    "atan2": (1, 2, 2),
    "sinh": (1, 3, 3.5),
    "cosh": (1, 3, 3.5),
    "tanh": (1, 2, 3.5),
    "asinh": (1, 3, 3),
    "acosh": (1, 3, 3.5),
    "atanh": (1, 3.5, 4),
    "exp": (1, 1.5, 1.5),
    "exp2": (1, 1.5, 1.5),
    "expm1": (1, 2, 2.5),
    "log": (1, 1.5, 2),
    "log2": (1, 2, 2),
    "log10": (1, 2.5, 2.5),
    "log1p": (1, 3, 3),
    "erf": (1, 2, 3),
    "erfc": (1, 4, 4.5),
    "rsqrt": (1, 2, 3),
    "cbrt": (1, 1.5, 4),
    "pow": (1, 4, 3),
}
TYPES = {"f16": np.float16, "f32": np.float32, "f64": np.float64}
#: Which functions are interesting for numbers up to the type's largest.
WIDE = ("sin", "cos", "tan", "atan", "atan2", "asinh", "acosh", "log", "log2", "log10", "log1p", "rsqrt", "cbrt")
POSITIVE = ("log", "log2", "log10", "rsqrt", "pow")
TWO = ("pow", "atan2")


def arguments(name, dtype, random):
    """Numbers of all sizes that the function is interesting for."""
    large = {np.float16: 15, np.float32: 127, np.float64: 1020}[dtype]
    small = {np.float16: -12}.get(dtype, -30)
    near = random.uniform(-10, 10, COUNT // 2)
    sizes = 2.0 ** random.uniform(small, large if name in WIDE else 3, COUNT // 2)
    values = np.concatenate([near, sizes * random.choice([-1, 1], COUNT // 2)])
    if name in ("exp", "expm1", "exp2", "sinh", "cosh"):
        values[: COUNT // 10] = random.uniform(-0.68, 0.68, COUNT // 10) * large
    if name in POSITIVE:
        values = np.abs(values) + float(np.finfo(dtype).tiny)
    if name in ("asin", "acos", "atanh"):
        values = np.where(np.abs(values) < 1, values, random.uniform(-0.999, 0.999, COUNT))
    if name == "acosh":
        values = 1 + np.abs(values)
    if name == "log1p":
        values = np.where(values > -0.999, values, random.uniform(-0.999, 0.6, COUNT))
    if name in ("erf", "erfc"):
        values[: COUNT // 4] = random.uniform(0, {np.float16: 3, np.float32: 9}.get(dtype, 26), COUNT // 4)
    if name in ("sin", "cos"):
        values[: COUNT // 10] = np.arange(COUNT // 10) * (np.pi / 2)
    first = values.astype(dtype)
    second = {"pow": lambda: random.uniform(-20, 20, COUNT), "atan2": lambda: random.permutation(values)}
    return (first, second[name]().astype(dtype)) if name in TWO else (first,)


def expected(name, values):
    """libm's results in double precision; infinite where they are too large."""
    function = {"rsqrt": lambda x: 1 / math.sqrt(x), "exp2": lambda x: 2.0**x}.get(name) or getattr(math, name)

    def value(*point):
        try:
            return function(*point)
        except OverflowError:
            return math.inf

    return np.array([value(*(float(x) for x in point)) for point in zip(*values)])


def program(name, element):
    op = {"pow": "powf"}.get(name, name)
    many = f"tensor<{COUNT}x{element}>"
    names = ["%x", "%y"] if name in TWO else ["%x"]
    maps = ", ".join(["#id"] * (len(names) + 1))
    inner = ", ".join(f"{n}0: {element}" for n in names)
    return f"""#id = affine_map<(i) -> (i)>
func.func @main({", ".join(f"{n}: {many}" for n in names)}) -> {many} {{
  %e = tensor.empty() : {many}
  %r = linalg.generic {{indexing_maps = [{maps}], iterator_types = ["parallel"]}}
    ins({", ".join(names)} : {", ".join([many] * len(names))}) outs(%e : {many}) {{
  ^bb0({inner}, %o: {element}):
    %v = math.{op} {", ".join(f"{n}0" for n in names)} : {element}
    linalg.yield %v : {element}
  }} -> {many}
  return %r : {many}
}}
"""


def worst(got, want, dtype):
    """The largest error in units in the last place of the result's type, and where."""
    with np.errstate(over="ignore"):
        finite = np.isfinite(want.astype(dtype))
    finite &= np.abs(want) >= np.finfo(dtype).tiny
    error = np.abs(got.astype(np.float64) - want)[finite] / np.spacing(np.abs(want[finite]).astype(dtype)).astype(np.float64)
    same = np.isnan(want) == np.isnan(got)
    if not same.all():
        return math.inf, int(np.argmin(same))
    place = int(np.argmax(error))
    return float(error[place]), int(np.flatnonzero(finite)[place])


def check(tools, name, element, limit, folder):
    """A sentence when the function is not as near as it should be; else its error."""
    dtype = TYPES[element]
    values = arguments(name, dtype, np.random.default_rng(1))
    source, built = folder / f"{name}_{element}.mlir", folder / f"{name}_{element}.so"
    source.write_text(program(name, element))
    tools.compile(source, built)
    command = [*tools.run_command(built, tools.devices[0])]
    for index, value in enumerate(values):
        np.save(folder / f"in{index}.npy", value)
        command.append(f"--input=@{folder / f'in{index}.npy'}")
    run_tool([*command, f"--output=@{folder / 'out.npy'}"])
    error, place = worst(np.load(folder / "out.npy"), expected(name, values), dtype)
    at = ", ".join(repr(float(value[place])) for value in values)
    print(f"{name} {element}: worst error {error:.2f} ulp (limit {limit}), at {at}")
    return error <= limit


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--filter", default="", help="only functions whose name contains this")
    parser.add_argument("--ropt", default=HERE.parents[1] / "target/release", help="folder with ropt and ropt-run")
    parser.add_argument("--target", default="vulkan-spirv", choices=Ropt.DEVICES, help="what is compiled for")
    options = parser.parse_args()
    tools, passed, failed = Ropt(options.ropt, options.target), 0, 0
    with tempfile.TemporaryDirectory(prefix="ropt-accuracy-") as scratch:
        for name, limits in LIMITS.items():
            for element, limit in zip(TYPES, limits):
                if options.filter not in name:
                    continue
                try:
                    right = check(tools, name, element, limit, pathlib.Path(scratch))
                except ToolError as error:
                    print(f"{name} {element}: {error}")
                    right = False
                passed, failed = passed + right, failed + (not right)
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed != 0)


if __name__ == "__main__":
    main()
