"""Files that are refused before any of their code runs, made from a good plugin."""

import pathlib
import subprocess

# What each change makes of the file, and what is said of it.
SAID = {
    "truncated": "not a readable ELF library",
    "of another machine": "built for aarch64, this machine is",
    "huge manifest": "its manifest has",
    "lying manifest": "declares pass `hostile-lie` but does not have it",
}


def damaged(kind, plugin, folder, objcopy):
    """Writes the plugin, changed as `kind` says, and returns its place."""
    made = folder / "libdamaged.so"
    data = bytearray(plugin.read_bytes())
    if kind == "truncated":
        made.write_bytes(data[: len(data) // 2])
    elif kind == "of another machine":
        data[18:20] = (183).to_bytes(2, "little")  # e_machine: EM_AARCH64
        made.write_bytes(data)
    else:
        section = folder / "manifest"
        run(objcopy, f"--dump-section=ropt_manifest={section}", plugin, made)
        records = section.read_bytes()
        if kind == "lying manifest":
            records = records.replace(b'"hostile-not"', b'"hostile-lie"')
        else:
            records += b'\0{"pass":"p","help":"' + b"x" * (64 << 20) + b'"}'
        section.write_bytes(records)
        # A section that grew has no room in its place.
        run(objcopy, "--rename-section=ropt_manifest=before", plugin, made)
        run(objcopy, f"--add-section=ropt_manifest={section}", made)
    return made


def run(*words):
    subprocess.run([str(word) for word in words], check=True, capture_output=True)


def objcopy(llvm: pathlib.Path):
    """The tool that changes sections."""
    tool = llvm / "bin/llvm-objcopy"
    return tool if tool.exists() else pathlib.Path("objcopy")
