// RUN: rm -rf %t && mkdir -p %t/one %t/two/sub
// RUN: printf abcd > %t/two/sub/a.o
// RUN: ropt %s --pass-pipeline='builtin.module(hal-resolve-executable-objects{search-path=%t/one,%t/two})' | FileCheck %s
// RUN: not ropt %s --pass-pipeline='builtin.module(hal-resolve-executable-objects{search-path=%t/one})' 2>&1 | FileCheck %s --check-prefix=MISSING
// RUN: mkdir -p %t/one/sub/a.o
// RUN: not ropt %s --pass-pipeline='builtin.module(hal-resolve-executable-objects{search-path=%t/one})' 2>&1 | FileCheck %s --check-prefix=FOLDER

// MISSING: error: there is no object `sub/a.o`
// MISSING: note: tried `sub/a.o`
// MISSING: note: tried `{{.*}}/one/sub/a.o`
// MISSING: note: variant @v of executable @e links it
// FOLDER: error: cannot read the object `{{.*}}/one/sub/a.o`: Is a directory

// What has its data keeps it.

// CHECK: objects([#hal.executable.object<{path = "sub/a.o", data = dense<[97, 98, 99, 100]> : vector<4xi8>}>, #hal.executable.object<{path = "b.o", data = dense<[1, 2]> : vector<2xi8>}>])
hal.executable private @e {
  hal.executable.variant public @v target(<"llvm-cpu", "embedded-elf-x86_64">) objects([
    #hal.executable.object<{path = "sub/a.o"}>, #hal.executable.object<{path = "b.o", data = dense<[1, 2]> : vector<2xi8>}>
  ]) {
    hal.executable.export public @k layout(#hal.pipeline.layout<bindings = []>)
  }
}
