// What is installed, from manifests alone.

// RUN: ropt plugins list | FileCheck %s --check-prefix=PLUGINS
// PLUGINS: dispatch {{.*}}passes
// PLUGINS: driver-cpu {{.*}}1 driver
// RUN: ropt passes show iree-hal-substitute-executables | FileCheck %s --check-prefix=PASS
// PASS: hal-substitute-executables
// PASS: runs on  builtin.module
// RUN: ropt passes show canonicalize | FileCheck %s --check-prefix=UPSTREAM
// UPSTREAM: a pass of MLIR itself
// RUN: ropt targets show cpu --json | FileCheck %s --check-prefix=TARGET
// TARGET: "target": "llvm-cpu"
// RUN: not ropt targets show cdua 2>&1 | FileCheck %s --check-prefix=NONE
// NONE: error: no target `cdua`
// RUN: ropt --help | FileCheck %s --check-prefix=HELP
// HELP: Usage: ropt [FILE|-] [-o OUT] --pass-pipeline=
