"""How long a tool takes before it does anything: an empty module through one pass."""

from tools import alternate, wall


def run(tools):
    (tools.folder / "empty.mlir").write_text("module {}\n")
    arguments = ["empty.mlir", "-o", "empty.out", "--pass-pipeline=builtin.module(canonicalize)"]
    commands = {
        "mlir-opt": [str(tools.llvm / "bin/mlir-opt"), *arguments],
        "ropt": [str(tools.ropt / "ropt"), *arguments],
    }
    if tools.iree:
        # What pip puts on PATH is a Python script that starts this program; its own start is not what is compared.
        found = sorted(tools.iree.parent.glob("lib/python*/site-packages/iree/compiler/_mlir_libs/iree-opt"))
        commands["iree-opt"] = [str(found[0] if found else tools.iree / "iree-opt"), *arguments]
    sides = {name: lambda command=command: wall(command, tools.folder) for name, command in commands.items()}
    alternate(sides, 3)
    medians = alternate(sides, 40)
    for name, median in medians.items():
        print(f"{name:<10} {median:7.1f} ms   {median / medians['mlir-opt']:5.2f} of mlir-opt")
