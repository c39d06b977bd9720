"""Compiling and running a program with one compiler's command-line tools.

`Ropt` is what is tested. `Iree` runs the same corpus through IREE, to show that programs and references are right.
"""

import os
import pathlib
import re
import subprocess
import sysconfig

import numpy as np

# Tests compile what they compile: no cache of compiled executables.
os.environ["ROPT_CACHE_DIR"] = ""

TIMEOUT_S = 180


#: SPIR-V's validator out of the tests' environment: Debian 12's is older than cooperative matrices and bf16.
VALIDATOR = pathlib.Path(sysconfig.get_path("purelib")) / "cmeel.prefix/bin/spirv-val"


class ToolError(Exception):
    """A tool ended with anything but exit code 0."""


def run_tool(command):
    command = [str(c) for c in command]
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=TIMEOUT_S)
    except subprocess.TimeoutExpired:
        raise ToolError(f"still running after {TIMEOUT_S} s: {' '.join(command)}") from None
    if done.returncode != 0:
        how = f"ended by signal {-done.returncode}" if done.returncode < 0 else f"exit code {done.returncode}"
        raise ToolError(f"{how}: {' '.join(command)}\n{(done.stderr or done.stdout).strip()[-3000:]}")
    return done.stdout


class Toolchain:
    """What both tool sets share: arguments and results travel as .npy files, scalars as text."""

    def call(self, program, call, folder, device):
        command = [*self.run_command(program, device), f"--function={call.function}"]
        for i, (kind, value) in enumerate(call.arguments):
            if kind.shape is None:
                command.append(f"--input={value}")
            else:
                path = folder / f"in{i}.npy"
                np.save(path, value)
                command.append(f"--input=@{path}")
        outputs = [folder / f"out{i}.npy" for i in range(len(call.results))]
        for kind, path in zip(call.results, outputs):
            path.unlink(missing_ok=True)
            command.append("--output=-" if kind.shape is None else f"--output=@{path}")
        printed = iter(re.findall(r"^(?:result\[\d+\]: )?[a-z]+\d+=(\S+)$", run_tool(command), re.M))
        results = []
        for kind, path in zip(call.results, outputs):
            if kind.shape is None:
                text = next(printed, None)
                if text is None:
                    raise ToolError(f"no scalar result was printed by: {' '.join(map(str, command))}")
                results.append(kind.dtype(float(text) if kind.element.startswith("f") else int(text)))
            else:
                if not path.exists():
                    raise ToolError(f"{path.name} was not written by: {' '.join(map(str, command))}")
                results.append(np.load(path))
        return results


class Ropt(Toolchain):
    suffix = ".so"
    round_trip = True
    #: The devices of the two runs of a program, by target.
    DEVICES = {
        "llvm-cpu": ("cpu-sync", "cpu-task"),
        "vulkan-spirv": ("vulkan", "vulkan"),
        "cuda": ("cuda", "cuda"),
        "portable-c": ("cc", "cc"),  # examples/emitc, which ROPT_PLUGIN_PATH must name
    }

    def __init__(self, folder, target="llvm-cpu"):
        self.target, self.devices = target, self.DEVICES[target]
        self.compiler = pathlib.Path(folder) / "ropt"
        self.runner = pathlib.Path(folder) / "ropt-run"
        for tool in (self.compiler, self.runner):
            if not tool.exists():
                raise SystemExit(f"error: {tool} does not exist\n  help: `cargo build --release` makes it")

    def compile(self, source, output, *flags):
        command = [self.compiler, "compile", source, f"--target={self.target}", "-o", output, *flags]
        if self.target != "vulkan-spirv":
            run_tool(command)
            return
        # Every shader must be valid, not only work on the driver that is there.
        binaries = output.with_suffix(".binaries")
        run_tool([*command, f"--hal-dump-executable-binaries-to={binaries}"])
        shaders = sorted(binaries.glob("*.spv"))
        # The first of two variants with cooperative matrices is for Vulkan 1.3, all others are for 1.1.
        matrices = any(str(flag).startswith("--vulkan-cooperative-matrix") for flag in flags)
        if shaders and not VALIDATOR.exists():
            raise SystemExit(f"error: {VALIDATOR} does not exist\n  help: `cargo xtask setup` installs it")
        for shader in shaders:
            newest = matrices and not shader.stem.endswith("_1")
            run_tool([VALIDATOR, "--target-env", "vulkan1.3" if newest else "vulkan1.1", shader])

    def run_command(self, program, device):
        return [self.runner, "run", program, f"--device={device}"]


class Iree(Toolchain):
    suffix = ".vmfb"
    devices = ("local-sync", "local-task")
    round_trip = False

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

    def compile(self, source, output, *flags):
        # IREE's MLIR is newer than ours and has one elementwise op in place of these.
        newer = re.sub(
            r"linalg\.(add|mul|negf) ins",
            r"linalg.elementwise <\1> ins",
            source.read_text(),
        )
        translated = output.with_suffix(".mlir")
        translated.write_text(newer)
        run_tool(
            [
                self.folder / "iree-compile",
                translated,
                "--iree-hal-target-device=local",
                "--iree-hal-local-target-device-backends=llvm-cpu",
                "--iree-llvmcpu-target-cpu=host",
                "--iree-input-demote-f64-to-f32=false",
                "-o",
                output,
                *flags,
            ]
        )

    def run_command(self, program, device):
        return [self.folder / "iree-run-module", f"--module={program}", f"--device={device}"]
