#!/usr/bin/env python3
"""Measures math functions on a device against libm: the worst error in units in the last place, and special values.

    accuracy.py                                  # lavapipe or a GPU, through Vulkan
    accuracy.py --filter sin

Every function is called with numbers of all sizes it is defined for, and must be as near to libm as LIMITS says. f32 is
held against libm in double precision. Limits are what the functions under plugins/gpu/src/math promise, with a half to
spare; those of exp, log, tanh and erf in f32 are of MLIR's polynomials.
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
#: Units in the last place: f32, f64.
LIMITS = {
    "sin": (2, 1.5),
    "cos": (2, 1.5),
    "exp": (12, 2),
    "log": (4, 2),
    "tanh": (8, 8),
    "erf": (8, 3),
    "rsqrt": (4, 3),
    "pow": (None, 3),
}


def arguments(name, dtype, random):
    """Numbers of all sizes that the function is interesting for."""
    large = 127 if dtype == np.float32 else 1020
    near = random.uniform(-10, 10, COUNT // 2)
    sizes = 2.0 ** random.uniform(-30, {"sin": large, "cos": large, "log": large, "rsqrt": large}.get(name, 3), COUNT // 2)
    values = np.concatenate([near, sizes * random.choice([-1, 1], COUNT // 2)])
    if name in ("log", "rsqrt", "pow"):
        values = np.abs(values) + np.finfo(dtype).tiny
    if name in ("sin", "cos"):
        values[: COUNT // 10] = np.arange(COUNT // 10) * (np.pi / 2)
    first = values.astype(dtype)
    return (first, random.uniform(-20, 20, COUNT).astype(dtype)) if name == "pow" else (first,)


def expected(name, values):
    """libm's results in double precision."""
    function = {"rsqrt": lambda x: 1 / math.sqrt(x)}.get(name) or getattr(math, name)
    return np.array([function(*(float(x) for x in point)) for point in zip(*values)])


def program(name, element):
    op = {"pow": "powf"}.get(name, name)
    many = f"tensor<{COUNT}x{element}>"
    names = ["%x", "%y"] if name == "pow" else ["%x"]
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
    finite = np.isfinite(want.astype(dtype)) & (np.abs(want) >= np.finfo(dtype).tiny)
    error = np.abs(got.astype(np.float64) - want)[finite] / np.spacing(np.abs(want[finite]).astype(dtype)).astype(np.float64)
    same = np.isnan(want) == np.isnan(got)
    if not same.all():
        return math.inf, int(np.argmin(same))
    place = int(np.argmax(error))
    return float(error[place]), int(np.flatnonzero(finite)[place])


def check(tools, name, element, limit, folder):
    """A sentence when the function is not as near as it should be; else its error."""
    dtype = {"f32": np.float32, "f64": np.float64}[element]
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
            for element, limit in zip(("f32", "f64"), limits):
                if limit is None or options.filter not in name:
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
