// A kernel becomes a C function: its bindings pointers that are checked first, its constants and ids calls.
// RUN: ropt "%s" "--load-plugin=%target" --pass-pipeline='builtin.module(c-lower-interface)' --allow-unregistered-dialect | FileCheck "%s"

// CHECK: func.func @scale(%[[E:.*]]: !emitc.ptr<!emitc.opaque<"const ropt_environment_t">>, %[[D:.*]]: !emitc.ptr<{{.*}}>, %[[W:.*]]: !emitc.ptr<{{.*}}>) -> i32
func.func @scale() {
  %c0 = arith.constant 0 : index
  // CHECK: emitc.call_opaque "ropt_c_constant_index"(%[[D]]) {args = [0 : index, 1 : i32]}
  %n = hal.interface.constant.load layout(<constants = 2, bindings = [#hal.pipeline.binding<storage_buffer>]>) ordinal(1) : index
  // CHECK: emitc.call_opaque "ropt_c_id"(%[[W]])
  %i = hal.interface.workgroup.id[0] : index
  // CHECK: emitc.call_opaque "ropt_c_times"
  // CHECK: emitc.verbatim "if (ropt_c_short({}, 0, {}, {})) return ROPT_SHORT_BINDING(0);" args %[[D]]
  // CHECK: %[[P:.*]] = emitc.call_opaque "ropt_c_binding"(%[[D]], %{{.*}}) {{.*}} -> !emitc.ptr<f32>
  %m = hal.interface.binding.subspan layout(<constants = 2, bindings = [#hal.pipeline.binding<storage_buffer>]>) binding(0) offset(%c0) : memref<?x4xf32>{%n}
  // CHECK: emitc.subscript %[[P]]
  // CHECK: emitc.load
  %x = memref.load %m[%i, %c0] : memref<?x4xf32>
  %y = arith.addf %x, %x : f32
  // CHECK: emitc.assign
  memref.store %y, %m[%i, %c0] : memref<?x4xf32>
  // CHECK: return %{{.*}} : i32
  return
}
