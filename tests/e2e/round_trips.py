#!/usr/bin/env python3
"""Everything that a dump flag writes can be given back, by folder and by name, and the program does the same.

Each program is a chain of executables, every one of which computes something else, so that a file that lands in the
wrong place changes the result. Modules and executables have names that are hard to tell apart in a file's name. What
is dumped is given back in every way: each dump flag × the flags that take what it writes × by folder and by name, and
the phases by `--compile-from`. Each file must be used, for the executable that it was dumped from.
"""

import argparse
import concurrent.futures
import dataclasses
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ELEMENTS = 6
TIMEOUT_S = 120
CPU = "embedded_elf_x86_64"

PHASES = ["input", "executable-sources", "executable-configurations", "executable-targets", "executable-binaries"]

# Suffixes of intermediates that are whole kernels.
KERNELS = [".codegen.bc", ".codegen.ll", ".linked.bc", ".linked.ll", ".optimized.bc", ".optimized.ll", ".s", ".o"]


@dataclasses.dataclass
class Program:
    title: str
    module: str
    executables: list
    variants: list = dataclasses.field(default_factory=lambda: [CPU])

    def text(self):
        """A chain: each executable doubles its input and adds its own number."""
        parts = [f'module @"{self.module}" {{' if self.module else "module {"]
        parts += [self.executable(name, number) for number, name in enumerate(self.executables)]
        kind = f"tensor<{ELEMENTS}xf32>"
        parts.append(f"func.func @main(%v0: {kind}) -> {kind} {{")
        for number, name in enumerate(self.executables):
            parts.append(f'%v{number + 1} = flow.dispatch @"{name}"::@f{number}(%v{number}) : ({kind}) -> {kind}')
        parts.append(f"return %v{len(self.executables)} : {kind}\n}}\n}}")
        return "\n".join(parts) + "\n"

    def executable(self, name, number):
        return f'hal.executable private @"{name}" {{\n{"".join(self.variant(v, number) for v in self.variants)}}}'

    def variant(self, name, number):
        layout = (
            "bindings = [#hal.pipeline.binding<storage_buffer, ReadOnly>, #hal.pipeline.binding<storage_buffer>]"
        )
        tensor = f"tensor<{ELEMENTS}xf32>"
        whole = f"offsets = [0], sizes = [{ELEMENTS}], strides = [1]"
        return f"""
hal.executable.variant public @"{name}" target(<"llvm-cpu", "embedded-elf-x86_64", {{cpu = "generic"}}>) {{
  hal.executable.export public @f{number} ordinal(0) layout(#hal.pipeline.layout<{layout}>) count(%d: !hal.device) -> (index, index, index) {{
    %x, %y, %z = iree_tensor_ext.dispatch.workgroup_count_from_slice()
    hal.return %x, %y, %z : index, index, index
  }}
  builtin.module {{
    func.func @f{number}() {{
      %c0 = arith.constant 0 : index
      %two = arith.constant 2.0 : f32
      %own = arith.constant {number + 1}.0 : f32
      %0 = hal.interface.binding.subspan layout(<{layout}>) binding(0) alignment(64) offset(%c0) flags(ReadOnly) : !iree_tensor_ext.dispatch.tensor<readonly:{tensor}>
      %1 = hal.interface.binding.subspan layout(<{layout}>) binding(1) alignment(64) offset(%c0) : !iree_tensor_ext.dispatch.tensor<writeonly:{tensor}>
      %2 = iree_tensor_ext.dispatch.tensor.load %0, {whole} : !iree_tensor_ext.dispatch.tensor<readonly:{tensor}> -> {tensor}
      %3 = tensor.empty() : {tensor}
      %4 = linalg.generic {{indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}} ins(%2 : {tensor}) outs(%3 : {tensor}) {{
      ^bb0(%in: f32, %out: f32):
        %5 = arith.mulf %in, %two : f32
        %6 = arith.addf %5, %own : f32
        linalg.yield %6 : f32
      }} -> {tensor}
      iree_tensor_ext.dispatch.tensor.store %4, %1, {whole} : {tensor} -> !iree_tensor_ext.dispatch.tensor<writeonly:{tensor}>
      return
    }}
  }}
}}
"""

    def result(self):
        """What @main gives for ones, computed here."""
        value = 1
        for number in range(len(self.executables)):
            value = 2 * value + number + 1
        return value


PROGRAMS = [
    Program("no module name", "", ["a", "b"]),
    Program("names that begin alike", "m", ["a", f"a_{CPU}", "a_b", f"a_b_{CPU}"]),
    Program("names that begin with the module's", "m", ["x", "m_x", "m_m_x"]),
    Program("names that look prefixed", "m", ["x", "configured_x", "configured"]),
    Program("a module called as the prefix", "configured", ["x", "y"]),
    Program("names that look like a benchmark's", "m", ["x", "x_benchmark", "x_benchmark_y"]),
    Program("odd characters", "my prog.v2/é", ["main$async_dispatch_0", "a b", "é.b"]),
    Program("names with suffixes", "m.mlir", ["a.o", "a.linked.ll", "a"]),
    Program("two variants", "m", ["a", "b"], [CPU, f"{CPU}_v3"]),
    Program("variants that complete other names", "m", ["a", "a_b"], ["c", "b_c_d"]),
]


class Failure(Exception):
    """What did not hold, with the command."""


class Tools:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder).resolve()

    def run(self, folder, tool, *arguments):
        command = [str(self.folder / tool), *map(str, arguments)]
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, errors="replace", timeout=TIMEOUT_S
        )
        if done.returncode != 0:
            shown = " ".join(command[1:])
            raise Failure(f"exit code {done.returncode} of {tool} {shown}\n{done.stderr.strip()[:2000]}")
        return done.stdout, done.stderr

    def compile(self, folder, source, output, *flags):
        return self.run(folder, "ropt", "compile", source, "-o", output, *flags)[1]

    def values(self, folder, program):
        printed, _ = self.run(folder, "ropt-run", "run", program, "--function=main", f"--input={ELEMENTS}xf32=1")
        return [float(v) for v in re.search(r"xf32=\[?([^\]\n]*)", printed)[1].split()]


class Round:
    """One program, dumped once with every flag."""

    def __init__(self, tools, program, folder):
        self.tools, self.program, self.folder, self.outcomes = tools, program, folder, []
        (folder / "program.mlir").write_text(program.text())

    def play(self):
        flags = [f"--hal-dump-executable-{what}-to={what}" for what in DUMPS]
        self.check("dumped", lambda: self.compiled("program.mlir", *flags, "--dump-compilation-phases-to=phases"))
        if self.outcomes[-1][1] is not None:
            return self.outcomes
        self.tools.compile(self.folder, "program.mlir", "all.so", "--hal-dump-executable-files-to=files")
        for taken, folders in GIVEN_BACK.items():
            for folder in folders:
                self.check(f"{folder} as {taken}, by folder", lambda: self.by_folder(taken, folder))
        for taken, of in (("source", "sources"), ("configuration", "configurations")):
            for folder in (of, "files"):
                self.check(f"{folder} as {taken}, by name", lambda: self.by_name(taken, self.ir_files(of, folder)))
        # Sources in the place of configurations are not asked for: they carry no configuration.
        self.check("configurations as source, by name",
                   lambda: self.by_name("source", self.ir_files("configurations", "configurations")))
        for folder in ("benchmarks", "files"):
            self.check(f"benchmarks of {folder} as source, by name",
                       lambda: self.by_name("source", self.kernels(folder, "_benchmark.mlir")))
        for suffix in [*KERNELS, ".so"]:
            folder = "binaries" if suffix == ".so" else "intermediates"
            self.check(f"{suffix} as object, by name", lambda: self.by_name("object", self.kernels(folder, suffix)))
            self.check(f"{suffix} as object, by a folder of its own", lambda: self.alone(folder, suffix))
        for phase in PHASES:
            self.check(f"from phase {phase}", lambda: self.from_phase(phase))
        return self.outcomes

    def check(self, name, body):
        try:
            problem = body()
        except (Failure, subprocess.TimeoutExpired, OSError) as error:
            problem = str(error)
        self.outcomes.append((f"{self.program.title}: {name}", problem))

    def compiled(self, source, *flags):
        """Compiles and runs; the problem, or None."""
        said = self.tools.compile(self.folder, source, "out.so", *flags)
        self.said = said
        got = self.tools.values(self.folder, "out.so")
        want = [float(self.program.result())] * ELEMENTS
        return None if got == want else f"got {got}, expected {want}, with {flags}\n{said}"

    def given_back(self, expected, *flags):
        """Compiles and runs with what was given back; `expected` holds (executable, variant or None, path)."""
        if problem := self.compiled("program.mlir", *flags):
            return problem
        for executable, variant, path in expected:
            what = f"executable @{executable} is" if variant is None else f"variant @{variant} of executable @{executable} is"
            if not any(what in line and f"`{path}`" in line for line in self.said.splitlines()):
                return f"@{executable} is not substituted by {path} with {flags}:\n{self.said}"
        if "warning" in self.said:
            return f"warns with {flags}:\n{self.said}"
        return None

    def stem(self, executable):
        return f"{clean(self.program.module or 'module')}_{clean(executable)}"

    def ir_files(self, of, folder):
        prefix = "configured_" if of == "configurations" else ""
        return [(name, None, f"{folder}/{prefix}{self.stem(name)}.mlir") for name in self.program.executables]

    def kernels(self, folder, suffix):
        return [
            (name, variant, f"{folder}/{self.stem(name)}_{clean(variant)}{suffix}")
            for name in self.program.executables
            for variant in self.program.variants
        ]

    def by_folder(self, taken, folder):
        if taken == "objects":
            suffix = ".o" if folder == "intermediates" else ".so"
            expected = self.kernels(folder, suffix)
        elif folder == "benchmarks":
            expected = self.kernels(folder, "_benchmark.mlir")
        elif folder == "files":
            expected = self.ir_files(taken, folder)
        else:
            expected = self.ir_files(folder, folder)
        return self.given_back(expected, f"--hal-substitute-executable-{taken}-from={folder}")

    def by_name(self, taken, files):
        several = len(self.program.variants) > 1
        flags = []
        for executable, variant, path in files:
            where = f"{executable}@{variant}" if variant and several else executable
            flags.append(f"--hal-substitute-executable-{taken}={where}={path}")
        return self.given_back([(e, v if several else None, p) for e, v, p in files], *flags)

    def alone(self, folder, suffix):
        """Only the files of one suffix, in a folder of their own."""
        other = self.folder / f"only{suffix}"
        other.mkdir()
        files = self.kernels(folder, suffix)
        for _, _, path in files:
            (other / pathlib.Path(path).name).write_bytes((self.folder / path).read_bytes())
        moved = [(e, v, f"only{suffix}/{pathlib.Path(path).name}") for e, v, path in files]
        return self.given_back(moved, f"--hal-substitute-executable-objects-from={other.name}")

    def from_phase(self, phase):
        file = f"phases/{clean(self.program.module or 'program')}.{PHASES.index(phase) + 1}.{phase}.mlir"
        return self.compiled(file, f"--compile-from={phase}")


# Benchmarks come from a plugin of their own, which an installation may lack.
DUMPS = ["sources", "configurations", "intermediates", "binaries", "benchmarks"]

# The flag that takes them, and the folders that hold something for it.
GIVEN_BACK = {
    "sources": ["sources", "configurations", "benchmarks", "files"],
    "configurations": ["configurations", "benchmarks", "files"],
    "objects": ["intermediates", "binaries", "files"],
}


def clean(name):
    """A symbol in a file's name."""
    text = "".join(c if c.isalnum() or c in "_.-$" else "_" for c in name)
    return "_" + text[1:] if text.startswith(".") else text


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--filter", default="", help="only programs whose title contains this")
    parser.add_argument("--ropt", default=HERE.parents[1] / "target/release", help="folder with ropt and ropt-run")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep", help="leave programs and dumps in this folder")
    parser.add_argument("--verbose", action="store_true", help="print a line for each test that passed, too")
    options = parser.parse_args()
    tools = Tools(options.ropt)
    programs = [program for program in PROGRAMS if options.filter in program.title]
    if not programs:
        sys.exit(f"error: no program's title contains {options.filter!r}")

    def play(program):
        with tempfile.TemporaryDirectory(prefix="ropt-round-") as scratch:
            folder = pathlib.Path(options.keep or scratch) / clean(program.title)
            folder.mkdir(parents=True)
            return Round(tools, program, folder).play()

    passed = failed = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for outcomes in pool.map(play, programs):
            for name, problem in outcomes:
                if problem is None:
                    passed += 1
                    if options.verbose:
                        print(f"PASS {name}")
                else:
                    failed += 1
                    print(f"FAIL {name}\n    " + problem.strip().replace("\n", "\n    "))
            sys.stdout.flush()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
