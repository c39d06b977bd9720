// A C++ pass plugin as it is made for mlir-opt loads unchanged, and its passes mix with upstream's and our plugins'.
// RUN: clang++-22 -std=c++17 -DNDEBUG -O0 -fPIC -shared -fexceptions -I%llvm/include %S/Inputs/cpp-plugin.cpp -o %t.so
// RUN: ropt %s --load-pass-plugin=%t.so --load-dialect-plugin=%t.so \
// RUN:   --pass-pipeline='builtin.module(canonicalize,func.func(cpp-rename{prefix=k_},cse),cpp-agree,hal-prune-executables)' \
// RUN:   2>%t.err | FileCheck %s
// RUN: FileCheck %s --check-prefix=SAID --input-file=%t.err

// CHECK: func.func @k_main
// CHECK: "colour.red"
// SAID: remark: category same, exception caught

// Its mistakes are shown like any other's.
// RUN: not ropt %s --load-pass-plugin=%t.so --load-dialect-plugin=%t.so \
// RUN:   --pass-pipeline='builtin.module(func.func(cpp-renam))' 2>&1 | FileCheck %s --check-prefix=NEAR
// NEAR: error: {{.*}}cpp-renam
// NEAR: cpp-rename

func.func @main() {
  "colour.red"() : () -> ()
  return
}
