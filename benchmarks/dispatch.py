"""What a dispatch and a call cost: a trivial function, a chain of dependent trivial dispatches, a small network."""

import pathlib

from kernels import write_inputs
from tools import alternate

PROGRAMS = pathlib.Path(__file__).resolve().parent / "programs"
EXAMPLE = PROGRAMS.parents[1] / "examples/mlp.mlir"
CHAIN = 64


def chain():
    """Matrix-vector products of 16x16 in a row: each is a dispatch, and none can be fused with its neighbour."""
    lines = [
        "func.func @main(%a: tensor<16x16xf32>, %x0: tensor<16xf32>) -> tensor<16xf32> {",
        "  %zero = arith.constant 0.0 : f32",
        "  %e = tensor.empty() : tensor<16xf32>",
        "  %i = linalg.fill ins(%zero : f32) outs(%e : tensor<16xf32>) -> tensor<16xf32>",
    ]
    for n in range(CHAIN):
        lines.append(
            f"  %x{n + 1} = linalg.matvec ins(%a, %x{n} : tensor<16x16xf32>, tensor<16xf32>)"
            " outs(%i : tensor<16xf32>) -> tensor<16xf32>"
        )
    return "\n".join([*lines, f"  return %x{CHAIN} : tensor<16xf32>", "}", ""])


def run(tools):
    (tools.folder / "chain.mlir").write_text(chain())
    cases = [("call", PROGRAMS / "trivial.mlir"), ("chain", tools.folder / "chain.mlir"), ("network", EXAMPLE)]
    times = {}
    print(f"{'case':<10} {'device':<6} {'ropt':>10} {'iree':>10} {'ropt/iree':>9}")
    for name, source in cases:
        inputs = write_inputs(tools, source.read_text())
        ours, theirs = tools.folder / f"{name}.so", tools.folder / f"{name}.vmfb"
        tools.compile_ropt(source, ours)
        if tools.iree:
            tools.compile_iree(source, theirs)
        for device in ("sync", "task"):
            sides = {"ropt": lambda: tools.time_ropt(ours, inputs, f"cpu-{device}")}
            if tools.iree:
                sides["iree"] = lambda: tools.time_iree(theirs, inputs, f"local-{device}")
            medians = alternate(sides, 3)
            ropt, iree = medians["ropt"], medians.get("iree", float("nan"))
            times[name, device] = medians
            print(f"{name:<10} {device:<6} {ropt / 1e3:7.2f} µs {iree / 1e3:7.2f} µs {ropt / iree:9.2f}", flush=True)
    for device in ("sync", "task"):
        each = {
            side: (times["chain", device][side] - times["call", device][side]) / (CHAIN - 1)
            for side in times["chain", device]
        }
        text = ", ".join(f"{side} {value:.0f} ns" for side, value in each.items())
        print(f"one more dispatch, {device}: {text}")
