"""What isolation costs a pass: a module of 200 functions, one pass on all of it, here, in a child and in a worker."""

from tools import alternate, wall

FUNCTIONS = 200
PASSES = 20
KINDS = ("none", "fork", "process")
BODY = """(%a: i32, %b: tensor<16xf32>) -> tensor<16xf32> {
  %c = arith.constant 2.0 : f32
  %0 = tensor.splat %c : tensor<16xf32>
  %1 = arith.addf %b, %0 : tensor<16xf32>
  %2 = arith.mulf %1, %b : tensor<16xf32>
  %3 = arith.subf %2, %0 : tensor<16xf32>
  return %3 : tensor<16xf32>
}
"""


def run(tools):
    functions = "".join(f"func.func @f{n}{BODY}" for n in range(FUNCTIONS))
    (tools.folder / "many.mlir").write_text(functions)

    def command(kind, passes):
        pipeline = f"--pass-pipeline=builtin.module({','.join(['hostile-idle'] * passes)})"
        load = f"--load-plugin={tools.ropt}/libhostile_passes.so"
        # Whatever the kind, MLIR has one thread, so that only the passes differ.
        threads = "--mlir-disable-threading"
        return [str(tools.ropt / "ropt"), "many.mlir", "-o", "many.out", load, f"--isolate={kind}", pipeline, threads]

    sides = {
        (kind, passes): lambda kind=kind, passes=passes: wall(command(kind, passes), tools.folder)
        for kind in KINDS
        for passes in (1, 1 + PASSES)
    }
    medians = alternate(sides, 9)
    costs = {kind: (medians[kind, 1 + PASSES] - medians[kind, 1]) / PASSES for kind in KINDS}
    for kind, cost in costs.items():
        first = medians[kind, 1] - medians["none", 1]
        print(f"{kind:<8} {cost:6.2f} ms a pass, {cost - costs['none']:6.2f} more than here; the first {first:.1f} ms more")
