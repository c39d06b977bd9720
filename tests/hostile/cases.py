"""What each hostile plugin does, and what must be said of it, by kind of isolation.

A case's `ends` has, for `none`, `fork` and `process`, the words that the error must hold, next to the names of pass and
plugin; None: the run ends well. A kind that is missing is not run: without isolation nothing holds a pass that kills its
parent, and nothing can tell that a neighbour changed.
"""

import dataclasses

TIMEOUT_S = 2


@dataclasses.dataclass
class Case:
    """A pass and its ends."""

    name: str
    ends: dict
    library: str = "libhostile_passes.so"
    # The op that the pass is anchored on.
    anchor: str = "func.func"
    # Functions of the first module, in their order.
    functions: tuple = ("fine", "victim")
    # Words that stdout or stderr must, or must not, hold.
    said: tuple = ()
    unsaid: tuple = ()
    # Flags of ropt.
    flags: tuple = ()
    # Lines of ropt.toml behind those for every case.
    limits: str = ""
    # Bytes of address space in `none`.
    memory: int = 0
    # A file that must not be there afterwards.
    absent: str = ""
    # Kinds whose reproducer has all of the pipeline, for the pass alone does not fail.
    whole: tuple = ()
    # Whether only landlock holds it, which a kernel may not have.
    landlock: bool = False


def everywhere(words, kinds=("none", "fork", "process")):
    return {kind: words for kind in kinds}


# What happens to memory that a pass must not touch any more is open; the host goes on in any case.
EITHER = ""

ISOLATED = ("fork", "process")

CASES = [
    Case("panic", everywhere("panicked: on purpose")),
    Case("abort", everywhere("crashed (abort)")),
    Case("segv", everywhere("crashed (segmentation fault)")),
    Case("segv-elsewhere", everywhere("crashed (segmentation fault)")),
    Case("stack-overflow", everywhere("crashed (stack overflow)")),
    Case("exit", everywhere("called exit")),
    Case("exit-elsewhere", everywhere("called exit")),
    Case("raise", everywhere("crashed (alarm clock)")),
    Case("drop", {"none": "crashed (abort)", "process": "crashed (abort)"}, whole=("none",)),
    Case("infinite-loop", everywhere(f"did not end within {TIMEOUT_S} s")),
    Case("sleep", everywhere(f"did not end within {TIMEOUT_S} s")),
    Case("infinite-loop", everywhere("used more than 1 s of processor time", ISOLATED), limits="cpu-s = 1\nwall-s = 60"),
    Case(
        "memory-bomb",
        {"none": "out of memory", "fork": "ran out of memory", "process": "ran out of memory"},
        limits="memory-mb = 256",
        memory=1200 << 20,
    ),
    Case("fork-bomb", everywhere("panicked: 0 processes, then: Operation not permitted", ISOLATED)),
    Case("closes-output", everywhere(None, ISOLATED)),
    Case("output-bomb", everywhere("printed more than 64 KiB", ISOLATED)),
    Case("diagnostics-bomb", everywhere("printed more than 64 KiB", ISOLATED)),
    Case("garbage-stdout", everywhere(None, ISOLATED), unsaid=("garbage",)),
    Case("garbage-pipe", everywhere("something that is no message", ISOLATED)),
    Case("forges-abort", {"process": "gave back IR that must not be read: a process that tried crashed (abort)"}),
    Case("forges-hang", {"process": f"a process that tried did not end within {TIMEOUT_S} s"}),
    Case("invalid-ir", everywhere("left invalid IR")),
    Case("crashes-verifier", everywhere("crashed (segmentation fault)"), anchor="builtin.module"),
    Case("other-context", everywhere("left IR of another context")),
    Case("keeps-references", {"fork": None, "process": EITHER}, functions=("fine", "also", "victim"), unsaid=("kept",)),
    Case(
        "keeps-references",
        {"none": "changed `@fine`, which is not what it ran on"},
        functions=("fine", "also", "victim"),
        flags=("--check-neighbours",),
    ),
    Case("corrupts-neighbour", everywhere(None, ISOLATED), unsaid=("corrupted",)),
    Case(
        "corrupts-neighbour",
        {"none": "changed `@fine`, which is not what it ran on"},
        flags=("--check-neighbours",),
    ),
    Case("kill-host", everywhere("panicked: cannot kill the host", ISOLATED)),
    Case("kill-host", everywhere("panicked: cannot kill the host", ISOLATED), limits="processes = true"),
    Case("reach", everywhere(None, ["fork"]), said=("terminal no, program no, own folder yes",)),
    Case(
        "reach",
        everywhere(None, ["process"]),
        said=(
            "read no, write no, socket no, mode no, size no, left open no",
            "host's folder no, terminal no, program no, own folder yes",
        ),
        absent="hostile-was-here",
        landlock=True,
    ),
    Case("constructor-exits", everywhere("called exit"), library="libhostile_constructor_exits.so", whole=("none",)),
    # A child may do to files what the host may.
    Case("constructor-writes", everywhere(None, ["fork"]), library="libhostile_constructor_writes.so"),
    Case(
        "constructor-writes",
        everywhere(None, ["process"]),
        library="libhostile_constructor_writes.so",
        absent="hostile-was-here",
        landlock=True,
    ),
]
