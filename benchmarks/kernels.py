"""One kernel a program, one thread, against the best of iree-compile's flag sets."""

import pathlib

import numpy as np

from tools import alternate, argument_types

PROGRAMS = pathlib.Path(__file__).resolve().parent / "programs"
NAMES = ["matmul_512", "matmul_500", "matmul_1024", "softmax", "elementwise", "convolution"]
# Floating-point operations of a call, for the programs whose speed is usually given in them.
OPERATIONS = {
    "matmul_512": 2 * 512**3,
    "matmul_500": 2 * 500**3,
    "matmul_1024": 2 * 1024**3,
    "convolution": 2 * 56 * 56 * 64 * 64 * 9,
}
FLAG_SETS = {
    "default": [],
    "O3": ["--iree-opt-level=O3"],
    "data-tiling": ["--iree-opt-level=O3", "--iree-opt-data-tiling", "--iree-llvmcpu-enable-ukernels=all"],
}


def write_inputs(tools, source):
    """Initialised arrays for @main: pages that were never written make any kernel look faster than it is."""
    rng, flags = np.random.default_rng(7), []
    for i, (shape, _) in enumerate(argument_types(source)):
        path = tools.folder / f"in{i}.npy"
        np.save(path, rng.uniform(-1, 1, shape).astype(np.float32))
        flags.append(f"--input=@{path}")
    return flags


def run(tools):
    print(f"{'program':<14} {'ropt':>10} {'iree':>10} {'flags':<12} {'ropt/iree':>9}")
    for name in NAMES:
        source = PROGRAMS / f"{name}.mlir"
        inputs = write_inputs(tools, source.read_text())
        ours = tools.folder / f"{name}.so"
        tools.compile_ropt(source, ours)
        tools.run_ropt(ours, inputs, tools.folder / "ours.npy")
        sides = {"ropt": lambda: tools.time_ropt(ours, inputs)}
        for flags_name, flags in FLAG_SETS.items() if tools.iree else ():
            theirs = tools.folder / f"{name}_{flags_name}.vmfb"
            tools.compile_iree(source, theirs, *flags)
            tools.run_iree(theirs, inputs, tools.folder / "theirs.npy")
            a, b = np.load(tools.folder / "ours.npy"), np.load(tools.folder / "theirs.npy")
            if not np.allclose(a, b, rtol=1e-3, atol=1e-3):
                raise SystemExit(f"error: {name}: ropt and IREE ({flags_name}) differ by {np.abs(a - b).max():.3g}")
            sides[flags_name] = lambda theirs=theirs: tools.time_iree(theirs, inputs)
        medians = alternate(sides, 3)
        ropt = medians.pop("ropt")
        flags_name, iree = min(medians.items(), key=lambda item: item[1], default=("-", float("nan")))
        speed = f"   {OPERATIONS[name] / ropt:.0f} GFLOP/s" if name in OPERATIONS else ""
        print(f"{name:<14} {ropt / 1e6:7.3f} ms {iree / 1e6:7.3f} ms {flags_name:<12} {ropt / iree:9.2f}{speed}", flush=True)
