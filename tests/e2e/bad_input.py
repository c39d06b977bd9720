#!/usr/bin/env python3
"""Plays the sessions under bad_input/: whatever a user does wrong, the answer is a sentence and an exit code."""

import argparse
import concurrent.futures
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import session


def play(tools, case):
    """The problems of one case as text, or None."""
    with tempfile.TemporaryDirectory(prefix="ropt-bad-") as folder:
        try:
            problems = session.Player(tools, pathlib.Path(folder)).play(case)
        except subprocess.TimeoutExpired as error:
            problems = [f"still running after {error.timeout} s: {error.cmd}"]
    # One complaint shows a command's output; the others of the same command need only their first line.
    return "\n".join(problems) or None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--filter", default="", help="only cases whose file or title contains this")
    parser.add_argument("--ropt", type=pathlib.Path, default=HERE.parents[1] / "target/release", help="folder of ropt")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    cases = [case for path in sorted((HERE / "bad_input").glob("*.txt")) for case in session.cases(path)]
    cases = [case for case in cases if options.filter in f"{case.file}: {case.title}"]
    if not cases:
        sys.exit(f"error: no case contains {options.filter!r}")
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for case, problems in zip(cases, pool.map(lambda case: play(options.ropt.resolve(), case), cases)):
            if problems:
                failed += 1
                print(f"FAIL {case.file}: {case.title}\n    " + problems.replace("\n", "\n    "), flush=True)
    print(f"{len(cases) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
