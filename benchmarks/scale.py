"""What compiling costs as programs grow: N different dispatches in a row, against iree-compile in the same run.

For each N: the whole compilation without a cache; the same with a full cache; one edited executable of N with a full
cache, which IREE has to compile as a whole; and what dumping, substituting and generating benchmarks add per executable,
both sides stopped behind their configurations.
"""

import dataclasses
import os
import re
import statistics
import subprocess
import time

import numpy as np

from chain import COLUMNS, ROWS, program

SIZES = [int(n) for n in os.environ.get("ROPT_SCALE", "1,10,100,1000").split(",")]


@dataclasses.dataclass
class Cost:
    wall: float
    cpu: float
    peak: float

    @staticmethod
    def median(costs):
        return Cost(*(statistics.median(values) for values in zip(*(dataclasses.astuple(c) for c in costs))))

    def __str__(self):
        return f"{self.wall:8.3f} s {self.cpu:8.3f} CPU s {self.peak:5.0f} MB"


def measure(tools, command):
    """Seconds of one run by the clock and of all processors, and the most memory that it held."""
    log = tools.folder / "log"
    with open(log, "w", encoding="utf-8") as output:
        start = time.perf_counter()
        child = subprocess.Popen([str(c) for c in command], stdout=output, stderr=output, cwd=tools.folder)
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
    # The child is waited for here; Popen is not to wait again.
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        words = log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise SystemExit(f"error: exit code {child.returncode}: {' '.join(map(str, command))}\n{words}")
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


class Program:
    """One size on both sides."""

    def __init__(self, tools, count):
        self.tools, self.count = tools, count
        self.source = tools.folder / f"chain{count}.mlir"
        self.source.write_text(program(count))
        self.cache = f"--cache-dir={tools.folder / 'cache'}"

    def ropt(self, *flags, output="ropt.so"):
        command = [self.tools.ropt / "ropt", "compile", self.source, "--target=llvm-cpu", "-o", self.tools.folder / output]
        return measure(self.tools, [*command, *flags])

    def iree(self, *flags, output="iree.vmfb"):
        command = [self.tools.iree / "iree-compile", self.source, "--iree-hal-target-device=local"]
        command += ["--iree-hal-local-target-device-backends=llvm-cpu", "--iree-llvmcpu-target-cpu=host"]
        return measure(self.tools, [*command, "-o", self.tools.folder / output, *flags])

    def check(self):
        """Both programs give the same, and the one with the cache is the one without."""
        tools, rng = self.tools, np.random.default_rng(7)
        inputs = []
        # Weights that let no value grow without end.
        for index, (rows, scale) in enumerate([(ROWS, 1.0), (COLUMNS, 1.0 / COLUMNS)]):
            np.save(tools.folder / f"in{index}.npy", rng.uniform(-scale, scale, (rows, COLUMNS)).astype(np.float32))
            inputs.append(f"--input=@{tools.folder / f'in{index}.npy'}")
        tools.run_ropt(tools.folder / "ropt.so", inputs, tools.folder / "ours.npy")
        if (tools.folder / "ropt.so").read_bytes() != (tools.folder / "warm.so").read_bytes():
            raise SystemExit("error: the program that came out of the cache is another one")
        if tools.iree:
            tools.run_iree(tools.folder / "iree.vmfb", inputs, tools.folder / "theirs.npy")
            a, b = np.load(tools.folder / "ours.npy"), np.load(tools.folder / "theirs.npy")
            if not np.allclose(a, b, rtol=1e-3, atol=1e-3):
                raise SystemExit(f"error: ropt and IREE differ by {np.abs(a - b).max():.3g}")

    def edits(self, rounds):
        """One executable changed, never twice in the same way, with all others in the cache."""
        folder = self.tools.folder / f"sources{self.count}"
        self.ropt("--compile-to=executable-sources", f"--hal-dump-executable-sources-to={folder}", output="sources.mlir")
        name = f"main_dispatch_{self.count // 2}"
        [file] = [path for path in folder.iterdir() if re.search(rf"{name}(_embedded\w*)?\.mlir$", path.name)]
        text = file.read_text()
        constants = [c for c in re.findall(r"arith\.constant (\d\.\d+e[+-]\d+) : f32", text) if float(c) != 0]
        costs = []
        for round_number in range(rounds):
            edited = self.tools.folder / "edited.mlir"
            edited.write_text(text.replace(constants[0], f"{7.0 + 0.01 * round_number:.6e}"))
            flag = f"--hal-substitute-executable-source={name}={edited}"
            costs.append(self.ropt(self.cache, flag, output="edited.so"))
        return Cost.median(costs), folder

    def added(self, compile_side, prefix, sources, rounds):
        """CPU milliseconds per executable that flags add, up to the configurations: less of a machine's load is in them."""
        dumped = self.tools.folder / f"dump{prefix.strip('-')}{self.count}"
        flags = {
            "dump": f"--{prefix}hal-dump-executable-sources-to={dumped}",
            "substitute": f"--{prefix}hal-substitute-executable-sources-from={sources or dumped}",
            "benchmark": f"--{prefix}hal-dump-executable-benchmarks-to={dumped}b",
        }
        stop = "--compile-to=executable-configurations"
        plain, times = [], {what: [] for what in flags}
        for _ in range(rounds):
            plain.append(compile_side(stop, output="stop.mlir").cpu)
            for what, flag in flags.items():
                times[what].append(compile_side(stop, flag, output="stop.mlir").cpu)
        base = statistics.median(plain)
        return {what: (statistics.median(values) - base) * 1e3 / self.count for what, values in times.items()}


def row(count, what, ropt, iree):
    ratios = f"{ropt.wall / iree.wall:7.4f} {ropt.cpu / iree.cpu:7.4f}" if iree else ""
    print(f"{count:5} {what:<10} {ropt}   {iree or ''} {ratios}", flush=True)


def run(tools):
    print(f"{'N':>5} {'':<10} {'ropt':<33}   {'iree':<33} ropt/iree: wall, CPU")
    for count in SIZES:
        rounds = 5 if count <= 10 else 3
        one = Program(tools, count)
        cold, theirs = [], []
        for _ in range(rounds if count < 1000 else 1):
            cold.append(one.ropt("--no-cache"))
            if tools.iree:
                theirs.append(one.iree())
        theirs = Cost.median(theirs) if theirs else None
        row(count, "all", Cost.median(cold), theirs)
        one.ropt(one.cache)
        row(count, "again", Cost.median([one.ropt(one.cache, output="warm.so") for _ in range(rounds)]), theirs)
        one.check()
        edit, sources = one.edits(rounds)
        row(count, "one edit", edit, theirs)
        sides = {"ropt": (one.ropt, "", sources)}
        if tools.iree:
            sides["iree"] = (one.iree, "iree-", None)
        for side, (compile_side, prefix, folder) in sides.items():
            added = one.added(compile_side, prefix, folder, rounds if count < 1000 else 1)
            text = ", ".join(f"{what} {value:+.2f} ms" for what, value in added.items())
            print(f"{count:5} {side}: CPU per executable, {text}; load {os.getloadavg()[0]:.1f}", flush=True)
