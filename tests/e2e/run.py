#!/usr/bin/env python3
"""Compiles and runs every program of the corpus and compares with numpy.

Each program is two tests: its results against the reference, and the same program with every executable dumped and
given back (`--hal-dump-executable-sources-to`, `--hal-substitute-executable-sources-from`), whose results must be the
same bit for bit. On the CPU the first runs on one thread, the second on the thread pool.
"""

import argparse
import concurrent.futures
import pathlib
import sys
import tempfile
import time
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import corpus
import reference
from compare import difference, identical
from toolchain import Iree, Ropt, ToolError


def run_calls(tools, program, compiled, folder, device):
    return [tools.call(compiled, call, folder, device) for call in program.calls]


def check_numbers(program, results, functions):
    problems = []
    for number, (call, got) in enumerate(zip(program.calls, results)):
        want = functions[program.reference_name(call)](*(value for _, value in call.arguments))
        want = want if isinstance(want, tuple) else (want,)
        if len(want) != len(got):
            raise ValueError(f"the reference gives {len(want)} results, @{call.function} has {len(got)}")
        for index, (kind, a, b) in enumerate(zip(call.results, got, want)):
            if problem := difference(index, kind, a, b, program.tolerance):
                problems.append(f"call {number} of @{call.function}, {problem}")
    return "\n".join(problems) or None


def check_round_trip(tools, program, folder, dumped, results):
    given_back = folder / f"given_back{tools.suffix}"
    flags = [f"--hal-substitute-executable-sources-from={dumped}"] if any(dumped.glob("*")) else []
    tools.compile(program.path, given_back, *flags)
    for number, (got, want) in enumerate(
        zip(run_calls(tools, program, given_back, folder, tools.devices[1]), results, strict=True)
    ):
        if problem := identical(got, want):
            return f"call {number}: {problem}"
    return None


def guarded(check, *arguments):
    """The check's own answer, or what stopped it."""
    try:
        return check(*arguments)
    except ToolError as error:
        return str(error)
    except Exception:
        return traceback.format_exc()


def test(tools, path, functions, keep, may_refuse):
    """[(test name, problem or None, seconds)] of one program. One that is refused with the words `may_refuse` is one test."""
    outcomes, start = [], time.monotonic()
    with tempfile.TemporaryDirectory(prefix="ropt-e2e-") as scratch:
        folder = pathlib.Path(keep or scratch) / path.stem
        folder.mkdir(parents=True, exist_ok=True)
        compiled, dumped = folder / f"program{tools.suffix}", folder / "sources"
        dumped.mkdir(exist_ok=True)
        state = {}

        def first():
            state["program"] = program = corpus.read(path)
            dump = [f"--hal-dump-executable-sources-to={dumped}"] if tools.round_trip else []
            tools.compile(path, compiled, *dump)
            state["results"] = run_calls(tools, program, compiled, folder, tools.devices[0])
            return check_numbers(program, state["results"], functions)

        problem = guarded(first)
        if may_refuse and may_refuse in (problem or "") and not compiled.exists():
            return [(f"{path.stem} (refused)", None, time.monotonic() - start)]
        outcomes.append((path.stem, problem, time.monotonic() - start))
        if tools.round_trip:
            start = time.monotonic()
            if "results" in state:
                arguments = (tools, state["program"], folder, dumped, state["results"])
                problem = guarded(check_round_trip, *arguments)
            else:
                problem = "not reached: the program itself gave no result"
            outcomes.append((f"{path.stem} (given back)", problem, time.monotonic() - start))
    return outcomes


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--filter", default="", help="only programs whose name contains this")
    parser.add_argument("--ropt", default=HERE.parents[1] / "target/release", help="folder with ropt and ropt-run")
    parser.add_argument("--target", default="llvm-cpu", choices=Ropt.DEVICES, help="what the programs are compiled for")
    parser.add_argument("--iree", help="folder with iree-compile: test the corpus itself instead of ropt")
    parser.add_argument("--may-refuse", metavar="WORDS", help="programs that the compiler refuses with these words pass")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep", help="leave compiled programs, dumps and arrays in this folder")
    parser.add_argument("--verbose", action="store_true", help="print a line for each test that passed, too")
    options = parser.parse_args()

    tools = Iree(options.iree) if options.iree else Ropt(options.ropt, options.target)
    functions = reference.load()
    paths = sorted(p for p in (HERE / "programs").glob("*.mlir") if options.filter in p.stem)
    if not paths:
        sys.exit(f"error: no program's name contains {options.filter!r}")
    passed = failed = refused = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for outcomes in pool.map(lambda p: test(tools, p, functions, options.keep, options.may_refuse), paths):
            for name, problem, seconds in outcomes:
                refused += name.endswith("(refused)")
                if problem is None:
                    passed += 1
                    if options.verbose:
                        print(f"PASS {name} ({seconds:.1f} s)")
                else:
                    failed += 1
                    print(f"FAIL {name}\n    " + problem.strip().replace("\n", "\n    "))
                sys.stdout.flush()
    if refused == passed:
        sys.exit("error: every program was refused")
    if refused:
        print(f"{refused} of these were refused, as they may be")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
