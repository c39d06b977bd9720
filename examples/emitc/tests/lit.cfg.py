"""lit's configuration: `lit -v tests`, after `cargo build --release`.

ROPT_BIN_DIR names ropt's folder, when it is not on PATH; CARGO_TARGET_DIR the folder of the build.
"""

import os
import pathlib

import lit.formats

root = pathlib.Path(__file__).resolve().parents[1]
target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", root / "target"))

config.name = "portable-c"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["Inputs"]
config.test_source_root = str(root / "tests")
config.test_exec_root = str(target / "lit-portable-c")
config.substitutions.append(("%examples", str(root.parent)))
config.substitutions.append(("%driver", str(target / "release/libportable_c_driver.so")))
config.substitutions.append(("%target", str(target / "release/libportable_c_target.so")))
llvm = os.environ.get("ROPT_LLVM_PREFIX", "/usr/lib/llvm-22") + "/bin"
places = [os.environ.get("ROPT_BIN_DIR", ""), llvm, os.environ["PATH"]]
config.environment["PATH"] = os.pathsep.join(filter(None, places))
# What is tested is compiled, not taken from a cache.
config.environment["ROPT_CACHE_DIR"] = ""
