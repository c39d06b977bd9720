"""What each program of the corpus must compute, in numpy.

One function a program, of the program's name (`matmul_ragged` for programs/matmul_ragged.mlir); a function other than
`main` is `<program>__<function>`. It gets the arguments as numpy arrays and returns an array, or a tuple of arrays.
Nothing here is derived from what a compiler printed.
"""

import importlib
import pkgutil


def load():
    """All reference functions by name. Two of one name are an error, not a choice."""
    table = {}
    for module in sorted(m.name for m in pkgutil.iter_modules(__path__)):
        if module == "common":
            continue
        members = vars(importlib.import_module(f"{__name__}.{module}"))
        for name, member in members.items():
            if name.startswith("_") or not callable(member) or member.__module__ != f"{__name__}.{module}":
                continue
            if name in table:
                raise SystemExit(f"error: two reference functions are named {name}")
            table[name] = member
    return table
