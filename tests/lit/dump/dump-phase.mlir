// The whole module at the end of a phase; without a name it is called as its file.
// RUN: rm -rf %t && ropt %s --pass-pipeline='builtin.module(hal-dump-phase{path=%t phase=executable-sources number=2})' -o /dev/null
// RUN: FileCheck %s --input-file=%t/dump-phase.2.executable-sources.mlir
// RUN: not ropt %s --pass-pipeline='builtin.module(hal-dump-phase{phase=x})' 2>&1 | FileCheck %s --check-prefix=FOLDER
// RUN: not ropt %s --pass-pipeline='builtin.module(hal-dump-phase{path=%t})' 2>&1 | FileCheck %s --check-prefix=PHASE

// CHECK: module {
// CHECK: func.func @main

// FOLDER: error: hal-dump-phase needs a folder
// PHASE: error: hal-dump-phase needs the name of the phase

func.func @main() { return }
