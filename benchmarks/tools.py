"""The programs that are measured, and how a time becomes a row."""

import dataclasses
import json
import pathlib
import re
import statistics
import subprocess
import time


@dataclasses.dataclass
class Tools:
    ropt: pathlib.Path
    iree: pathlib.Path | None
    llvm: pathlib.Path
    folder: pathlib.Path

    def output(self, *command):
        command = [str(c) for c in command]
        done = subprocess.run(command, capture_output=True, text=True, cwd=self.folder)
        if done.returncode != 0:
            raise SystemExit(f"error: exit code {done.returncode}: {' '.join(command)}\n{done.stderr.strip()[-2000:]}")
        return done.stdout

    def compile_ropt(self, source, output, *flags):
        self.output(self.ropt / "ropt", "compile", source, "--target=llvm-cpu", "-o", output, *flags)

    def compile_iree(self, source, output, *flags):
        self.output(
            self.iree / "iree-compile",
            source,
            "--iree-hal-target-device=local",
            "--iree-hal-local-target-device-backends=llvm-cpu",
            "--iree-llvmcpu-target-cpu=host",
            "-o",
            output,
            *flags,
        )

    def time_ropt(self, program, inputs, device="cpu-sync"):
        """Median nanoseconds of one call of @main."""
        printed = self.output(
            self.ropt / "ropt-run", "bench", program, f"--device={device}", "--function=main", *inputs, "--format=json"
        )
        return json.loads(printed)[0]["median_ns"]

    def time_iree(self, program, inputs, device="local-sync"):
        printed = self.output(
            self.iree / "iree-benchmark-module",
            f"--module={program}",
            f"--device={device}",
            "--function=main",
            *inputs,
            "--benchmark_format=json",
            "--benchmark_repetitions=3",
        )
        unit = {"ns": 1.0, "us": 1e3, "ms": 1e6, "s": 1e9}
        medians = [b for b in json.loads(printed)["benchmarks"] if b.get("aggregate_name") == "median"]
        return medians[0]["real_time"] * unit[medians[0]["time_unit"]]

    def run_ropt(self, program, inputs, output):
        self.output(self.ropt / "ropt-run", "run", program, "--function=main", *inputs, f"--output=@{output}")

    def run_iree(self, program, inputs, output):
        self.output(
            self.iree / "iree-run-module",
            f"--module={program}",
            "--device=local-sync",
            "--function=main",
            *inputs,
            f"--output=@{output}",
        )


def alternate(sides, rounds):
    """{name: median} of timing functions that are called in turn, so that a change of load meets all of them."""
    times = {name: [] for name in sides}
    for _ in range(rounds):
        for name, measure in sides.items():
            times[name].append(measure())
    return {name: statistics.median(values) for name, values in times.items()}


def wall(command, cwd):
    """Milliseconds of one run of a command."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=cwd)
    return (time.perf_counter() - start) * 1e3


def argument_types(source):
    """[(shape, element)] of @main's tensor arguments."""
    signature = re.search(r"@main\(([^)]*)\)", source).group(1)
    found = re.findall(r"tensor<([\dx]*?)x?([a-z]+\d+)>", signature)
    return [([int(d) for d in dims.split("x") if d], element) for dims, element in found]
