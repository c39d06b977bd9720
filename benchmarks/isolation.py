"""What isolation costs a pass: a module of 200 functions, one pass on all of it, here, in a child and in a worker.

One pass changes nothing, the other an attribute, so that the module comes back. On a machine that does other things, the
processor's time says more than the clock: it is that of the host and of its children.
"""

import resource
import statistics

from tools import wall

FUNCTIONS = 200
PASSES = 50
ROUNDS = 7
KINDS = ("none", "fork", "process")
NAMES = ("hostile-idle", "hostile-flip")
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

    def command(kind, name, passes):
        pipeline = f"--pass-pipeline=builtin.module({','.join([name] * passes)})"
        load = f"--load-plugin={tools.ropt}/libhostile_passes.so"
        # Whatever the kind, MLIR has one thread, so that only the passes differ.
        threads = "--mlir-disable-threading"
        return [str(tools.ropt / "ropt"), "many.mlir", "-o", "many.out", load, f"--isolate={kind}", pipeline, threads]

    def processor(words):
        """Milliseconds of the processor's time, and of the clock."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        clock = wall(words, tools.folder)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1e3, clock

    times = {(kind, name, passes): [] for name in NAMES for kind in KINDS for passes in (1, 1 + PASSES)}
    for _ in range(ROUNDS):
        for side, samples in times.items():
            samples.append(processor(command(*side)))
    for name in NAMES:
        print(f"{name}, milliseconds a pass")
        for kind in KINDS:
            one, many = (zip(*times[kind, name, passes]) for passes in (1, 1 + PASSES))
            costs = [(statistics.median(b) - statistics.median(a)) / PASSES for a, b in zip(one, many)]
            print(f"  {kind:<8} {costs[0]:6.2f} of the processor, {costs[1]:6.2f} of the clock")
