#!/usr/bin/env python3
"""Named linalg ops of random sizes and types, compiled, run and held against numpy.

    random_ops.py                       # the programs of seed 1
    random_ops.py --seed 7 --count 1000 # others, and more
    random_ops.py --filter conv

The corpus says what must work; this says what nobody thought of. A program that fails is kept as `failed-N.mlir` in the
folder of --keep. Numbers are small integers and quarters, so that sums are exact or nearly so.
"""

import argparse
import pathlib
import random
import sys
import tempfile

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from toolchain import Ropt, ToolError, run_tool

DTYPES = {"f16": np.float16, "f32": np.float32, "f64": np.float64, "i8": np.int8, "i16": np.int16, "i32": np.int32, "i64": np.int64}
#: Operands' and result's element types.
TYPES = [
    ("f32", "f32"), ("f16", "f16"), ("f16", "f32"), ("f64", "f64"), ("f32", "f64"),
    ("i8", "i32"), ("i32", "i32"), ("i8", "i8"), ("i16", "i32"), ("i64", "i64"), ("i8", "i64"),
]
LENGTHS = [1, 2, 3, 5, 8, 16, 17, 33, 40, 64, 100, 130]
#: Products: the letters of numpy's einsum, and the letters that stay short.
PRODUCTS = {
    "matmul": ("mk,kn->mn", ""),
    "batch_matmul": ("gmk,gkn->gmn", "gk"),
    "batch_reduce_matmul": ("gmk,gkn->mn", "gk"),
    "matvec": ("mk,k->m", ""),
    "vecmat": ("k,km->m", ""),
    "batch_matvec": ("gmk,gk->gm", "g"),
    "dot": ("k,k->", ""),
    "mmt4d": ("aicd,bifd->abcf", "abicdf"),
}
#: Convolutions and poolings: the letters of image and window, and of a window's element with a pixel. `h` and `w` are
#: the image's, `i` and `j` the window's.
WINDOWS = {
    "conv_1d_nwc_wcf": ("nhc", "icf", "nhc,cf->nhf"),
    "conv_2d_nhwc_hwcf": ("nhwc", "ijcf", "nhwc,cf->nhwf"),
    "conv_2d_nhwc_fhwc": ("nhwc", "fijc", "nhwc,fc->nhwf"),
    "conv_2d_nchw_fchw": ("nchw", "fcij", "nchw,fc->nfhw"),
    "depthwise_conv_2d_nhwc_hwc": ("nhwc", "ijc", "nhwc,c->nhwc"),
    "pooling_nhwc_sum": ("nhwc", "ij", None),
    "pooling_nhwc_max": ("nhwc", "ij", None),
    "pooling_nchw_max": ("nchw", "ij", None),
}


def tensor(shape, element):
    return "tensor<" + "".join(f"{length}x" for length in shape) + element + ">"


def numbers(random_numbers, shape, element):
    if element.startswith("i"):
        return random_numbers.integers(-7, 8, shape).astype(DTYPES[element])
    return (random_numbers.integers(-8, 9, shape) / 4).astype(DTYPES[element])


class Program:
    """One op: its text, its arguments, and what numpy makes of them."""

    def __init__(self, op, choice, random_numbers):
        self.op, self.choice = op, choice
        self.narrow, self.wide = choice.choice(TYPES)
        self.attributes = ""
        exact = np.float64 if self.wide.startswith("f") else np.int64
        if op in PRODUCTS:
            shapes, compute = self.product()
        else:
            shapes, compute = self.window()
        self.arguments = [numbers(random_numbers, shape, self.narrow) for shape in shapes]
        self.expected = compute(*(argument.astype(exact) for argument in self.arguments))

    def product(self):
        formula, short = PRODUCTS[self.op]
        lengths = {letter: self.choice.choice(LENGTHS[:7] if letter in short else LENGTHS) for letter in "gmnkabcdfi"}
        sides = formula.split("->")[0].split(",")
        return [[lengths[letter] for letter in side] for side in sides], lambda a, b: np.einsum(formula, a, b)

    def window(self):
        image, window, formula = WINDOWS[self.op]
        if formula is None:
            self.narrow = self.wide
        pick = self.choice.choice
        stride, dilation = pick([1, 1, 2]), pick([1, 1, 2])
        out = {"h": pick([1, 4, 7, 9, 16]), "w": pick([1, 4, 7, 9, 16])}
        lengths = {"i": pick([1, 2, 3]), "j": pick([1, 3]), "n": pick([1, 2]), "c": pick([1, 3, 4, 16]), "f": pick([1, 5, 8, 16])}
        for side, own in (("h", "i"), ("w", "j")):
            lengths[side] = (out[side] - 1) * stride + (lengths[own] - 1) * dilation + 1
        kind = f"tensor<{2 if 'w' in image else 1}xi64>"
        self.attributes = f" {{dilations = dense<{dilation}> : {kind}, strides = dense<{stride}> : {kind}}}"

        def compute(pixels, weights):
            total = None
            for i in range(lengths["i"]):
                for j in range(lengths["j"] if "j" in window else 1):
                    start = {"h": i * dilation, "w": j * dilation}
                    part = pixels[tuple(
                        slice(start[axis], start[axis] + (out[axis] - 1) * stride + 1, stride) if axis in "hw" else slice(None)
                        for axis in image
                    )]
                    if formula is not None:
                        part = np.einsum(formula, part, weights[tuple({"i": i, "j": j}.get(axis, slice(None)) for axis in window)])
                    combine = np.maximum if self.op.endswith("max") else np.add
                    total = part if total is None else combine(total, part)
            return total

        return [[lengths[axis] for axis in letters] for letters in (image, window)], compute

    def text(self):
        a, b = (tensor(argument.shape, self.narrow) for argument in self.arguments)
        result = tensor(self.expected.shape, self.wide)
        first = "-100" if self.op.endswith("max") else "0"
        return f"""func.func @main(%a: {a}, %b: {b}) -> {result} {{
  %first = arith.constant {first}{".0" if self.wide.startswith("f") else ""} : {self.wide}
  %empty = tensor.empty() : {result}
  %init = linalg.fill ins(%first : {self.wide}) outs(%empty : {result}) -> {result}
  %r = linalg.{self.op}{self.attributes} ins(%a, %b : {a}, {b}) outs(%init : {result}) -> {result}
  return %r : {result}
}}
"""

    def problem(self, tools, folder):
        """What does not hold, or None."""
        source, program, output = folder / "program.mlir", folder / "program.so", folder / "out.npy"
        source.write_text(self.text())
        tools.compile(source, program)
        inputs = []
        for i, argument in enumerate(self.arguments):
            np.save(folder / f"in{i}.npy", argument)
            inputs.append(f"--input=@{folder / f'in{i}.npy'}")
        run_tool([*tools.run_command(program, tools.devices[0]), "--function=main", *inputs, f"--output=@{output}"])
        got = np.load(output)
        if self.wide.startswith("i"):
            same = np.array_equal(got, self.expected.astype(DTYPES[self.wide]))
        else:
            # f16 sums of some hundred terms lose digits as they go.
            relative, absolute = (2e-2, 0.3) if self.wide == "f16" else (1e-5, 1e-4)
            same = np.allclose(got.astype(np.float64), self.expected, rtol=relative, atol=absolute)
        return None if same else f"results differ by up to {np.abs(got.astype(np.float64) - self.expected).max():.3g}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ropt", type=pathlib.Path, default=HERE.parents[1] / "target/release", help="folder of ropt")
    parser.add_argument("--target", default="llvm-cpu", choices=Ropt.DEVICES, help="what to compile for")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=200, help="programs")
    parser.add_argument("--filter", default="", help="only ops with this in their names")
    parser.add_argument("--keep", type=pathlib.Path, help="folder for programs that fail")
    options = parser.parse_args()
    ops = [op for op in (*PRODUCTS, *WINDOWS) if options.filter in op]
    if not ops:
        parser.error(f"no op has `{options.filter}` in its name; there are {', '.join((*PRODUCTS, *WINDOWS))}")
    choice, random_numbers = random.Random(options.seed), np.random.default_rng(options.seed)
    tools, failed = Ropt(options.ropt.absolute(), options.target), 0
    with tempfile.TemporaryDirectory(prefix="ropt-random-") as folder:
        for number in range(options.count):
            program = Program(ops[number % len(ops)], choice, random_numbers)
            try:
                problem = program.problem(tools, pathlib.Path(folder))
            except ToolError as error:
                problem = str(error)
            if problem is None:
                continue
            failed += 1
            print(f"FAIL  program {number} of seed {options.seed}, {program.op} {program.narrow} to {program.wide}: {problem}\n{program.text()}")
            if options.keep:
                options.keep.mkdir(parents=True, exist_ok=True)
                (options.keep / f"failed-{number}.mlir").write_text(program.text())
    print(f"{options.count - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
