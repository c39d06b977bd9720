// Objects of a form that ropt does not know, for a target that names their suffix: what it dumped is given back, by name and
// as a folder.

// RUN: rm -rf %t && mkdir %t
// RUN: ropt compile %s --load-plugin=%bin/libwrong_plugin.so --target=wrong-text --compile-to=executable-binaries -o %t/first.mlir --hal-dump-executable-files-to=%t/dump
// RUN: ls %t/dump | FileCheck %s --check-prefix=DUMP
// DUMP: module_main_dispatch_0_wrong_text.txt

// RUN: echo "by hand" > %t/any.txt
// RUN: ropt compile %s --load-plugin=%bin/libwrong_plugin.so --target=wrong-text --compile-to=executable-targets --hal-substitute-executable-object=main_dispatch_0=%t/any.txt 2>&1 | FileCheck %s --check-prefix=NAMED
// NAMED: remark: executable @main_dispatch_0 is substituted by `{{.*}}any.txt`
// NAMED: #hal.executable.object<{path = "{{.*}}any.txt", data = dense<[98, 121, 32, 104, 97, 110, 100, 10]>
// NAMED-NOT: linalg

// RUN: cp %t/any.txt %t/dump/module_main_dispatch_0_wrong_text.txt
// RUN: ropt compile %s --load-plugin=%bin/libwrong_plugin.so --target=wrong-text --compile-to=executable-targets --hal-substitute-executable-objects-from=%t/dump 2>&1 | FileCheck %s --check-prefix=FOLDER
// FOLDER: substituted by `{{.*}}dump/module_main_dispatch_0_wrong_text.txt`
// FOLDER: data = dense<[98, 121, 32

// Beside sources, objects that were dumped are left for their own phase.
// RUN: ropt compile %s --load-plugin=%bin/libwrong_plugin.so --target=wrong-text --compile-to=executable-targets --hal-substitute-executable-sources-from=%t/dump 2>&1 | FileCheck %s --check-prefix=SOURCE
// SOURCE: substituted by `{{.*}}dump/module_main_dispatch_0.mlir`
// SOURCE-NOT: #hal.executable.object<

// The target has the last word, before anything is replaced.
// RUN: not ropt compile %s --load-plugin=%bin/libwrong_plugin.so --target=wrong-text --wrong-bug=objects --compile-to=executable-targets --hal-substitute-executable-object=main_dispatch_0=%t/any.txt 2>&1 | FileCheck %s --check-prefix=REFUSED
// REFUSED: error: cannot substitute executable @main_dispatch_0: `{{.*}}any.txt` is not liked
// REFUSED: asked for by --hal-substitute-executable-object=main_dispatch_0=

// For a target that does not name it, the suffix is unknown.
// RUN: not ropt compile %s --target=llvm-cpu --compile-to=executable-targets --hal-substitute-executable-object=main_dispatch_0=%t/any.txt 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// UNKNOWN: any.txt` is can be told neither from its content nor from its extension

func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4xf32>
  %0 = linalg.add ins(%x, %x : tensor<4xf32>, tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
