// RUN: not ropt %s --pass-pipeline='builtin.module(hal-translate-executables)' 2>&1 | FileCheck %s

// CHECK: error: no target `llvm-gpu` for the variant @v of @exe
// CHECK: targets: {{.*}}llvm-cpu
hal.executable private @exe {
  hal.executable.variant public @v target(<"llvm-gpu", "embedded-elf-x86_64">) {
    builtin.module {
    }
  }
}
