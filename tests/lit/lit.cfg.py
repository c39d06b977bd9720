"""lit's configuration: `ropt`, `ropt-run`, FileCheck and `not` are on the tests' PATH.

ROPT_BIN_DIR names the folder of the tools (default: target/release), ROPT_LLVM_PREFIX the prefix of LLVM 22.
"""

import os
import pathlib
import shutil
import subprocess

import lit.formats

root = pathlib.Path(__file__).resolve().parents[2]
tools = os.environ.get("ROPT_BIN_DIR", str(root / "target/release"))
llvm = os.environ.get("ROPT_LLVM_PREFIX", "/usr/lib/llvm-22")

config.name = "ropt"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["Inputs"]
config.test_source_root = str(root / "tests/lit")
config.test_exec_root = str(root / "target/lit")

path = os.pathsep.join([tools, str(pathlib.Path(llvm) / "bin"), os.environ.get("PATH", "")])
config.environment["PATH"] = path
config.substitutions.append(("%bin", tools))
config.substitutions.append(("%llvm", llvm))
# SPIR-V's validator out of the tests' environment, which knows more than Debian 12's.
config.substitutions.append(("%validate", str(root / "target/venv/bin/spirv-val")))
# Tests compile what they compile; a test of the cache names a folder of its own.
config.environment["ROPT_CACHE_DIR"] = ""
config.environment["FILECHECK_OPTS"] = "--enable-var-scope"

# A test that checks AVX-512 code asks for it: `// REQUIRES: avx512`.
with open("/proc/cpuinfo", encoding="utf-8") as cpuinfo:
    if "avx512f" in cpuinfo.read():
        config.available_features.add("avx512")

# A test of what a sandbox keeps a plugin from asks for the kernel's part of it: `// REQUIRES: landlock`.
doctor = subprocess.run([f"{tools}/ropt", "plugins", "doctor"], capture_output=True, text=True, check=False)
if "landlock version" in doctor.stdout:
    config.available_features.add("landlock")

# A test with a plugin of another version of MLIR, which `cargo xtask test` makes: `// REQUIRES: other-mlir`.
other = root / "target/other-mlir"
mlir_opt, vendor = other / "19/usr/lib/llvm-19/bin/mlir-opt", other / "vendor.so"
if mlir_opt.exists() and vendor.exists():
    config.available_features.add("other-mlir")
    config.substitutions.append(("%mlir19", str(mlir_opt)))
    config.substitutions.append(("%vendor", str(vendor)))

# A test that asks IREE what it reads: `// REQUIRES: iree` (iree-opt on PATH, or in ROPT_IREE_BIN).
iree = os.environ.get("ROPT_IREE_BIN", "")
if shutil.which("iree-opt", path=os.pathsep.join([iree, config.environment["PATH"]])):
    config.environment["PATH"] = os.pathsep.join(filter(None, [config.environment["PATH"], iree]))
    config.available_features.add("iree")
