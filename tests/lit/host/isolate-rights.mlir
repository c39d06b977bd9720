// What a sandbox keeps a plugin from is told from what the user may not do, with what lifts it.
// REQUIRES: landlock

// RUN: rm -rf %t && mkdir %t && cd %t
// RUN: not ropt compile %s --target=llvm-cpu --isolate=process -o out.so 2>&1 | FileCheck %s --check-prefix=WRITE
// WRITE: error: cannot write the program to `out.so`: Permission denied
// WRITE: help: an isolated plugin may not: set `write = ["[[PLACE:.*isolate-rights.mlir.*]]"]` for it in ropt.toml
// RUN: not ropt compile %s --target=llvm-cpu --isolate=process --hal-dump-executable-files-to=a/b -o - 2>&1 | FileCheck %s --check-prefix=DUMP
// DUMP: error: cannot make folder `a/b`: Permission denied
// DUMP: help: an isolated plugin may not: set `write = ["{{.*}}isolate-rights.mlir{{.*}}"]` for it in ropt.toml
// RUN: echo 'void f(void) {}' > f.c
// RUN: not ropt compile %s --target=llvm-cpu --isolate=process --hal-substitute-executable-object=f_dispatch_0=f.c -o - 2>&1 | FileCheck %s --check-prefix=READ
// READ: cannot substitute executable @f_dispatch_0: `f.c` cannot be read: Permission denied
// READ: help: an isolated plugin may not: set `read = ["{{.*}}isolate-rights.mlir{{.*}}"]` for it in ropt.toml

// RUN: printf '[isolate]\nmode = "process"\nwrite = ["."]\n' > ropt.toml
// RUN: ropt compile %s --target=llvm-cpu -o out.so && test -s out.so
// RUN: not ropt compile %s --target=llvm-cpu --hal-substitute-executable-object=f_dispatch_0=f.c -o out.so 2>&1 | FileCheck %s --check-prefix=START
// START: cannot substitute executable @f_dispatch_0: `{{.*}}` does not start: Operation not permitted
// START: help: an isolated plugin may start no programs: set `processes = true` for it in ropt.toml
// RUN: not ropt compile %s --target=llvm-cpu --hal-preprocess-executables-with=cat -o out.so 2>&1 | FileCheck %s --check-prefix=COMMAND
// COMMAND: by the command `cat`: it does not start: Operation not permitted
// COMMAND: help: an isolated plugin may start no programs: set `processes = true` for it in ropt.toml
// RUN: echo 'processes = true' >> ropt.toml
// RUN: ropt compile %s --target=llvm-cpu --hal-preprocess-executables-with=cat -o out.so

func.func @f(%a: tensor<8xf32>) -> tensor<8xf32> {
  %0 = arith.addf %a, %a : tensor<8xf32>
  return %0 : tensor<8xf32>
}
