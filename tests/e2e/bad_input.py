#!/usr/bin/env python3
"""Plays the sessions under bad_input/: whatever a user does wrong, the answer is a sentence and an exit code."""

import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import session


def play(tools, case, starts):
    """The problems of one case as text, or None."""
    with tempfile.TemporaryDirectory(prefix="ropt-bad-") as folder:
        place = pathlib.Path(folder) / "case"
        place.mkdir()
        try:
            problems = session.Player(tools, place, starts).play(case)
        except subprocess.TimeoutExpired as error:
            problems = [f"still running after {error.timeout} s: {error.cmd}"]
    # One complaint shows a command's output; the others of the same command need only their first line.
    return "\n".join(problems) or None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--filter", default="", help="only cases whose file or title contains this")
    parser.add_argument("--ropt", type=pathlib.Path, default=HERE.parents[1] / "target/release", help="folder of ropt")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--list", action="store_true", help="only print the cases, by file")
    options = parser.parse_args()
    tools = options.ropt.resolve()
    cases = [case for path in sorted((HERE / "bad_input").glob("*.txt")) for case in session.cases(path)]
    cases = [case for case in cases if options.filter in f"{case.file}: {case.title}"]
    if options.list:
        return print("\n".join(f"{case.file}: {case.title}" for case in cases))
    if not cases:
        sys.exit(f"error: no case contains {options.filter!r}")
    needed = {line.split()[1] for case in cases for line in case.lines if re.match(r"start \S", line)}
    failed, skipped = 0, 0
    with tempfile.TemporaryDirectory(prefix="ropt-start-") as folder:
        starts = {name: session.start(tools, name, pathlib.Path(folder) / name) for name in sorted(needed)}
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            futures = [pool.submit(play, tools, case, starts) for case in cases]
            for case, future in zip(cases, futures):
                name = f"{case.file}: {case.title}"
                try:
                    problems = future.result()
                except session.Skipped as reason:
                    skipped += 1
                    print(f"SKIP {name}: {reason}", flush=True)
                    continue
                if problems:
                    failed += 1
                    print(f"FAIL {name}\n    " + problems.replace("\n", "\n    "), flush=True)
    print(f"{len(cases) - failed - skipped} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
