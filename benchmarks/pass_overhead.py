"""What a call of a plugin's pass costs: the same empty pass in Rust behind our ABI and in C++ without one."""

import os
import pathlib
import shutil
import subprocess

from tools import alternate, wall

NOOP = pathlib.Path(__file__).resolve().parent / "noop"
FUNCTIONS = 2000
PASSES = 200


def build(tools):
    """The two plugins' files."""
    cpp = tools.folder / "noop.so"
    compiler = os.environ.get("ROPT_CXX", "clang++-22")
    flags = ["-std=c++17", "-DNDEBUG", "-O2", "-fPIC", "-shared", "-fno-rtti"]
    tools.output(compiler, *flags, f"-I{tools.llvm}/include", NOOP / "noop.cpp", "-o", cpp)
    root = NOOP.parents[1]
    plugin = NOOP / "plugin"
    # With the workspace's lock file and target folder, what the SDK needs is there already.
    shutil.copyfile(root / "Cargo.lock", plugin / "Cargo.lock")
    target = tools.ropt.resolve().parent
    command = ["cargo", "build", "--release", "--offline", "--quiet", f"--manifest-path={plugin / 'Cargo.toml'}"]
    # cargo reads this repository's configuration from there
    subprocess.run([*command, f"--target-dir={target}"], check=True, cwd=root)
    return cpp, target / "release/libbench_noop.so"


def run(tools):
    cpp, rust = build(tools)
    functions = "\n".join(f"func.func @f{n}() {{ return }}" for n in range(FUNCTIONS))
    (tools.folder / "many.mlir").write_text(functions + "\n")

    def command(load, name, passes):
        pipeline = f"--pass-pipeline=builtin.module(func.func({','.join([name] * passes)}))"
        ropt = str(tools.ropt / "ropt")
        return [ropt, "many.mlir", "-o", "many.out", load, pipeline, "--mlir-disable-threading", "--verify-each=false"]

    plugins = {"rust": (f"--load-plugin={rust}", "bench-noop-rust"), "c++": (f"--load-pass-plugin={cpp}", "bench-noop-cpp")}
    sides = {
        (name, passes): lambda load=load, argument=argument, passes=passes: wall(
            command(load, argument, passes), tools.folder
        )
        for name, (load, argument) in plugins.items()
        for passes in (1, PASSES)
    }
    medians = alternate(sides, 9)
    calls = FUNCTIONS * (PASSES - 1)
    costs = {name: (medians[name, PASSES] - medians[name, 1]) * 1e6 / calls for name in plugins}
    for name, cost in costs.items():
        print(f"{name:<6} {cost:7.1f} ns a call, {calls} calls")
    print(f"difference {costs['rust'] - costs['c++']:.1f} ns")
