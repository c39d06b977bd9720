// RUN: ropt %s | FileCheck %s
// RUN: ropt %s | ropt | FileCheck %s
// RUN: ropt --mlir-print-op-generic %s | ropt | FileCheck %s
// RUN: ropt --emit-bytecode %s | ropt | FileCheck %s

// Inside a variant a binary stands in the place of the inner module.
// CHECK-LABEL: hal.executable public @executable
hal.executable public @executable {
  // CHECK-NEXT: hal.executable.variant public @variant target(<"a", "b">) {
  hal.executable.variant public @variant target(<"a", "b">) {
    // CHECK-NEXT: hal.executable.export public @main ordinal(0) layout(#hal.pipeline.layout<bindings = []>)
    hal.executable.export public @main ordinal(0) layout(#hal.pipeline.layout<bindings = []>)
    // CHECK-NEXT: hal.executable.binary public @variant <format = "b", data = dense<[1, 2]> : vector<2xi8>, mime_type = "text/plain"> attributes {note}
    hal.executable.binary public @variant <format = "b", data = dense<[1, 2]> : vector<2xi8>, mime_type = "text/plain"> attributes {note}
  }
}

// The properties may stand in the attribute dictionary.
// CHECK-LABEL: hal.executable nested @dictionary
hal.executable nested @dictionary {
  // CHECK-NEXT: hal.executable.binary public @b <format = "f", data = dense<1> : vector<2xi8>>
  hal.executable.binary public @b attributes {data = dense<1> : vector<2xi8>, format = "f"}
}

// IR that is built without the hidden ends is accepted.
// CHECK-LABEL: hal.executable public @bare
"hal.executable"() <{sym_name = "bare"}> ({
  // CHECK-NEXT: hal.executable.variant public @v target(<"a", "b">) {
  "hal.executable.variant"() <{sym_name = "v", target = #hal.executable.target<"a", "b">}> ({
    // CHECK-NEXT: hal.executable.export public @e
    "hal.executable.export"() <{sym_name = "e", layout = #hal.pipeline.layout<bindings = []>}> ({}, {}) : () -> ()
  }) : () -> ()
}) : () -> ()
