// Each variant keeps its own text as it was.
// RUN: rm -rf %t && mkdir -p %t && cd %t && cp %S/../substitute/Inputs/several.mlir %S/../substitute/Inputs/program.mlir .
// RUN: ropt several.mlir --pass-pipeline='builtin.module(hal-capture-executable-sources{stage=first})' -o captured.mlir
// RUN: FileCheck %s --input-file=captured.mlir
// CHECK: hal.executable.variant public @intel target({{.*}}) sources({module_x_intel.first.mlir = dense<"0x68616C2E65786563757461626C65
// CHECK: hal.executable.variant public @arm target({{.*}}) sources({module_x_arm.first.mlir = dense<
// CHECK: hal.executable.variant public @ptx target({{.*}}) sources({module_x_ptx.first.mlir = dense<

// The text is the executable with that variant alone: it parses, and is what the variant was.
// RUN: sed -n 's/.*module_x_arm.first.mlir = dense<"0x\([0-9A-F]*\)".*/\1/p' captured.mlir > hex
// RUN: python3 -c "import sys; sys.stdout.buffer.write(bytes.fromhex(open('hex').read()))" > arm.mlir
// RUN: ropt arm.mlir | FileCheck %s --check-prefix=ARM
// ARM-NOT: @intel
// ARM: hal.executable public @x
// ARM: @arm target(<"llvm-cpu", "embedded-elf-arm_64">) {
// ARM: func.func @f
// ARM-NOT: @ptx

// Stages stay side by side, without each other's text; IREE's name of the pass.
// RUN: ropt captured.mlir --pass-pipeline='builtin.module(iree-hal-capture-executable-sources{stage=second})' | FileCheck %s --check-prefix=SECOND
// SECOND: sources({module_x_intel.first.mlir = dense<{{[^,]*}}, module_x_intel.second.mlir = dense<

// A variant that is only objects has no source.
// RUN: ropt program.mlir --pass-pipeline='builtin.module(hal-strip-executable-contents,hal-capture-executable-sources)' | FileCheck %s --check-prefix=NONE
// NONE-NOT: sources(

// RUN: not ropt several.mlir --pass-pipeline='builtin.module(hal-capture-executable-sources{stage=""})' 2>&1 | FileCheck %s --check-prefix=EMPTY
// EMPTY: error: hal-capture-executable-sources needs the name of the stage
