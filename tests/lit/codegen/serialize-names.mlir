// Two variants whose files would have one name are refused before anything is written.
// RUN: rm -rf %t && mkdir %t && cd %t
// RUN: not ropt %s --pass-pipeline='builtin.module(hal-serialize-executables{dump-binaries-path=d})' 2>&1 | FileCheck %s
// RUN: not ropt %s --pass-pipeline='builtin.module(hal-serialize-executables{dump-intermediates-path=d})' 2>&1 | FileCheck %s
// RUN: not ls d/m_a_b_c.so

// CHECK: serialize-names.mlir:[[@LINE+11]]:3: error: variant @b_c of executable @a and variant @c of executable @a_b would both be written to `m_a_b_c`
// CHECK: help: rename one of them

module @m {
hal.executable private @a {
  hal.executable.variant public @b_c target(<"llvm-cpu", "embedded-elf-x86_64">) {
    builtin.module {
    }
  }
}
hal.executable private @a_b {
  hal.executable.variant public @c target(<"llvm-cpu", "embedded-elf-x86_64">) {
    builtin.module {
    }
  }
}
}
