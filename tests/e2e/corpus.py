"""Reads the programs of the corpus: their header comments, signatures and inputs.

A program is an .mlir file whose leading comment lines say how it is called:

    // What the program shows.
    // call: main(37x53xf32, 53x29xf32 in -1..1, i32=7)
    // tolerance: 1e-3

An argument is a type, with nothing (random values), `in LO..HI` (random values of that range, HI excluded for
integers), `=VALUE` (a scalar) or `=[V, V, …]` (a tensor's values) after it. Several `call:` lines are several runs of
the one compiled program. Random values depend on the program's name and the argument's place only.
"""

import ast
import dataclasses
import pathlib
import re
import zlib

import numpy as np

DTYPES = {
    "i1": np.bool_,
    "i8": np.int8,
    "i16": np.int16,
    "i32": np.int32,
    "i64": np.int64,
    "f16": np.float16,
    "f32": np.float32,
    "f64": np.float64,
}

# Largest |got - want| / max(1, |want|) per result type; integers are exact.
TOLERANCES = {"f16": 2e-3, "f32": 1e-4, "f64": 1e-10}


@dataclasses.dataclass(frozen=True)
class Type:
    """`shape` is None for a scalar; an unknown dimension is None."""

    element: str
    shape: tuple | None

    @staticmethod
    def parse(text):
        """`4x?xf32` (as in a call line), `tensor<4x?xf32>`, or a scalar type."""
        text = text.strip()
        if text.startswith("tensor<") and text.endswith(">"):
            text = text[len("tensor<") : -1]
            text = text if "x" in text else "x" + text
        elif "x" not in text:
            return Type(text, None)
        *dims, element = text.split("x")
        return Type(element, tuple(None if d == "?" else int(d) for d in dims if d))

    @property
    def dtype(self):
        return DTYPES[self.element]


@dataclasses.dataclass
class Call:
    function: str
    arguments: list  # of (Type, numpy array or scalar)
    results: list  # of Type


@dataclasses.dataclass
class Program:
    name: str
    path: pathlib.Path
    calls: list
    tolerance: float | None

    def reference_name(self, call):
        return self.name if call.function == "main" else f"{self.name}__{call.function}"


def split_top_level(text):
    """Splits at commas outside of brackets."""
    parts, depth, start = [], 0, 0
    for i, c in enumerate(text):
        depth += (c in "<([{") - (c in ">)]}")
        if c == "," and depth == 0:
            parts.append(text[start:i])
            start = i + 1
    return [p.strip() for p in parts + [text[start:]] if p.strip()]


def result_types(source, function):
    found = re.search(rf"func\.func (?:public )?@{function}\(([^)]*)\)(?: -> ([^{{]*))? \{{", source)
    if not found:
        raise ValueError(f"no function @{function} with a body")
    text = (found.group(2) or "").strip()
    if text.startswith("("):
        text = text[1:-1]
    return [Type.parse(t) for t in split_top_level(text)]


def argument(spec, seed):
    """One argument of a call line as (type, value)."""
    rng = np.random.default_rng(seed)
    if "=" in spec:
        kind, _, value = spec.partition("=")
        kind = Type.parse(kind)
        names = {"nan": "float('nan')", "inf": "float('inf')"}
        value = re.sub(r"\b(nan|inf)\b", lambda m: names[m.group()], value)
        values = eval(value, {"__builtins__": {}}, {"float": float})  # our own files, numbers and lists of numbers
        return kind, np.asarray(values, kind.dtype).reshape(kind.shape or ()) if kind.shape is not None else kind.dtype(values)
    text, _, span = spec.partition(" in ")
    kind = Type.parse(text)
    if kind.shape is None:
        raise ValueError(f"the scalar argument {spec!r} needs a value, as in i32=5")
    low, high = (ast.literal_eval(v) for v in span.split("..")) if span else (None, None)
    if kind.element == "i1":
        return kind, rng.integers(0, 2, kind.shape).astype(np.bool_)
    if kind.element.startswith("i"):
        info = np.iinfo(kind.dtype)
        low, high = (max(info.min, -100), min(info.max, 100)) if low is None else (low, high)
        return kind, rng.integers(low, high, kind.shape, dtype=kind.dtype)
    low, high = (-1.0, 1.0) if low is None else (low, high)
    return kind, np.asarray(rng.uniform(low, high, kind.shape), kind.dtype)


def read(path):
    source = path.read_text()
    calls, tolerance = [], None
    for line in source.splitlines():
        if not line.startswith("//"):
            break
        if found := re.fullmatch(r"// call: (\w+)\((.*)\)", line):
            function, text = found.groups()
            seed = zlib.crc32(f"{path.stem}.{function}.{len(calls)}".encode())
            arguments = [argument(spec, [seed, i]) for i, spec in enumerate(split_top_level(text))]
            calls.append(Call(function, arguments, result_types(source, function)))
        elif found := re.fullmatch(r"// tolerance: (\S+)", line):
            tolerance = float(found.group(1))
        elif re.match(r"//\s*(call|tolerance)\b", line):
            raise ValueError(f"{path}: cannot read the line {line!r}")
    if not calls:
        raise ValueError(f"{path}: no `// call: function(arguments)` line")
    return Program(path.stem, path, calls, tolerance)
