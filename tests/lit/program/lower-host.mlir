// RUN: ropt %s --hal-lower-host --split-input-file | FileCheck %s

// Dispatches on buffers: the grid comes from the count region, the transient buffers share one allocation.

hal.executable private @exe {
  hal.executable.variant public @embedded_elf_x86_64 target(<"llvm-cpu", "embedded-elf-x86_64", {}>) {
    hal.executable.export public @add ordinal(3) layout(#hal.pipeline.layout<constants = 3, bindings = [#hal.pipeline.binding<storage_buffer, ReadOnly>, #hal.pipeline.binding<storage_buffer>]>) count(%device: !hal.device, %w0: index) -> (index, index, index) {
      %c1 = arith.constant 1 : index
      %c64 = arith.constant 64 : index
      %x = arith.ceildivui %w0, %c64 : index
      hal.return %x, %c1, %c1 : index, index, index
    }
  }
}
// CHECK-LABEL: func.func @chain(
// CHECK-SAME: %[[X:.*]]: memref<64xf32>, %[[N:.*]]: index, %[[B:.*]]: i8) -> memref<64xf32>
// CHECK-SAME: ropt.arguments = ["tensor<64xf32>", "index", "i8"], ropt.results = ["tensor<64xf32>"]
// CHECK: %[[MEMORY:.*]] = call @ropt.allocate(%c512) : (index) -> memref<?xi8>
// CHECK: %[[ARENA:.*]] = memref.view %[[MEMORY]]
// CHECK: %[[FIRST:.*]] = memref.view %[[ARENA]][%c0][] : memref<512xi8> to memref<64xf32>
// CHECK-DAG: %[[GRID:.*]] = arith.ceildivui %[[N]], %c64
// CHECK-DAG: %[[WIDE:.*]] = arith.index_cast %[[N]] : index to i64
// CHECK-DAG: %[[LOW:.*]] = arith.trunci %[[WIDE]] : i64 to i32
// CHECK-DAG: %[[BYTE:.*]] = arith.extui %[[B]] : i8 to i32
// CHECK-DAG: %[[FITTING:.*]] = arith.minui %[[GRID]], %c4294967295
// CHECK-DAG: %[[GRID32:.*]] = arith.index_cast %[[FITTING]] : index to i32
// CHECK: call @ropt.dispatch_3_2(%c0_i32, %c3_i32, %[[GRID32]], %c1_i32, %c1_i32, %[[LOW]], %{{.*}}, %[[BYTE]], %{{.*}}, %c256, %{{.*}}, %c256)
// CHECK: memref.view %[[ARENA]][%c256][]
// CHECK-COUNT-2: call @ropt.dispatch_3_2
// CHECK: %[[OUT:.*]] = call @ropt.allocate(%c256)
// CHECK: %[[RESULT:.*]] = memref.view %[[OUT]]
// CHECK: call @ropt.dispatch_3_2
// CHECK: call @ropt.release(
// CHECK: return %[[RESULT]]
func.func @chain(%x: tensor<64xf32>, %n: index, %b: i8) -> tensor<64xf32> {
  %0 = flow.dispatch @exe::@add[%n](%x, %n, %b) : (tensor<64xf32>, index, i8) -> tensor<64xf32>
  %1 = flow.dispatch @exe::@add[%n](%0, %n, %b) : (tensor<64xf32>, index, i8) -> tensor<64xf32>
  %2 = flow.dispatch @exe::@add[%n](%1, %n, %b) : (tensor<64xf32>, index, i8) -> tensor<64xf32>
  %3 = flow.dispatch @exe::@add[%n](%2, %n, %b) : (tensor<64xf32>, index, i8) -> tensor<64xf32>
  return %3 : tensor<64xf32>
}

// -----

// With several variants the runtime says which one it loaded.

hal.executable private @exe {
  hal.executable.variant public @a target(<"llvm-cpu", "embedded-elf-x86_64", {}>) {
    hal.executable.export public @k ordinal(0) layout(#hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer>]>) count(%device: !hal.device) -> (index, index, index) {
      %c1 = arith.constant 1 : index
      hal.return %c1, %c1, %c1 : index, index, index
    }
  }
  hal.executable.variant public @b target(<"cuda", "cuda-nvptx-fb", {}>) {
    hal.executable.export public @k ordinal(1) layout(#hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer>]>) count(%device: !hal.device) -> (index, index, index) {
      %c9 = arith.constant 9 : index
      hal.return %c9, %c9, %c9 : index, index, index
    }
  }
}
// CHECK-LABEL: func.func @variants
// CHECK: %[[V:.*]] = call @ropt.variant(%c0_i32) : (i32) -> i32
// CHECK: %[[I:.*]] = arith.index_cast %[[V]]
// CHECK: %[[S:.*]]:2 = scf.index_switch %[[I]]
// CHECK: case 0 {
// CHECK-NEXT: scf.yield %c0_i32, %c1_i32 :
// CHECK: default {
// CHECK-NEXT: scf.yield %c1_i32, %c9_i32 :
// CHECK: call @ropt.dispatch_0_1(%c0_i32, %[[S]]#0, %[[S]]#1, %[[S]]#1, %[[S]]#1, %{{.*}}, %c16)
func.func @variants() -> tensor<4xf32> {
  %0 = flow.dispatch @exe::@k() : () -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// Arguments, constants and globals are returned as copies; what only a loop hands on is not copied.

hal.executable private @exe {
  hal.executable.variant public @a target(<"llvm-cpu", "embedded-elf-x86_64", {}>) {
    hal.executable.export public @double layout(#hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer, ReadOnly>, #hal.pipeline.binding<storage_buffer>]>) count(%device: !hal.device) -> (index, index, index) {
      %c1 = arith.constant 1 : index
      hal.return %c1, %c1, %c1 : index, index, index
    }
  }
}
// CHECK-LABEL: func.func @identity(
// CHECK: call @ropt.allocate
// CHECK: call @ropt.copy(
func.func @identity(%x: tensor<8xf32>) -> tensor<8xf32> {
  return %x : tensor<8xf32>
}
// CHECK-LABEL: func.func @until(
// CHECK: scf.while
// CHECK-NOT: ropt.copy
// CHECK: ropt.read_f32
// CHECK-NOT: ropt.copy
// CHECK: scf.condition
// CHECK-NOT: ropt.copy
// CHECK: call @ropt.dispatch_0_2
// CHECK-NOT: ropt.copy
// CHECK: scf.yield
func.func @until(%x: tensor<8xf32>, %limit: f32) -> tensor<8xf32> {
  %c0 = arith.constant 0 : index
  %y = scf.while (%v = %x) : (tensor<8xf32>) -> tensor<8xf32> {
    %first = tensor.extract %v[%c0] : tensor<8xf32>
    %less = arith.cmpf olt, %first, %limit : f32
    scf.condition(%less) %v : tensor<8xf32>
  } do {
  ^bb0(%v: tensor<8xf32>):
    %d = flow.dispatch @exe::@double(%v) : (tensor<8xf32>) -> tensor<8xf32>
    scf.yield %d : tensor<8xf32>
  }
  return %y : tensor<8xf32>
}

// -----

// State: scalars in the program's memory, tensors in the device's. A value that was loaded stays what it was when
// somebody stores.

// CHECK: llvm.mlir.global internal @count(10 : i64)
util.global private mutable @count = 10 : index
// CHECK: memref.global "private" @sum : memref<4xf32> = dense<1.000000e+00>
util.global private mutable @sum = dense<1.0> : tensor<4xf32>
// CHECK: memref.global "private" @table : memref<2xi32> = uninitialized
util.global private @table : tensor<2xi32>
// CHECK: func.func private @ropt.initializer_0()
// CHECK: memref.get_global @table
util.initializer {
  %c = arith.constant dense<[4, 5]> : tensor<2xi32>
  util.global.store %c, @table : tensor<2xi32>
  util.return
}
// CHECK-LABEL: func.func public @step(
// CHECK-DAG: memref.get_global @sum
// CHECK-DAG: %[[ADDRESS:.*]] = llvm.mlir.addressof @count
// CHECK: call @ropt.allocate
// CHECK: call @ropt.copy(
// CHECK: call @ropt.copy(
// CHECK: llvm.load %[[ADDRESS]] : !llvm.ptr -> i64
util.func public @step(%x: tensor<4xf32>) -> (tensor<4xf32>, index) {
  %old = util.global.load @sum : tensor<4xf32>
  util.global.store %x, @sum : tensor<4xf32>
  %n = util.global.load @count : index
  util.return %old, %n : tensor<4xf32>, index
}

// -----

// What traps or reads foreign memory is checked; the rest of the function still runs, on harmless values.

// CHECK-LABEL: func.func @element(
// CHECK-SAME: %{{.*}}: memref<5xf32>, %[[I:.*]]: index, %[[D:.*]]: i32
// CHECK: %[[ZERO:.*]] = arith.cmpi {{eq|ne}}, %[[D]], %c0_i32
// CHECK: scf.if
// CHECK: call @[[DIVISION:ropt.fail_[0-9]+]]()
// CHECK: arith.select
// CHECK: arith.cmpi {{ult|uge}}, %[[I]], %c5
// CHECK: call @[[INDEX:ropt.fail_[0-9]+]]()
// CHECK: call @ropt.read_f32
// CHECK-DAG: func.func private @[[DIVISION]]() attributes {ropt.message = "division by zero on the host"}
// CHECK-DAG: func.func private @[[INDEX]]() attributes {ropt.message = "an index is out of bounds{{.*}}"}
func.func @element(%x: tensor<5xf32>, %i: index, %d: i32) -> (f32, i32) {
  %c7 = arith.constant 7 : i32
  %q = arith.divsi %c7, %d : i32
  %v = tensor.extract %x[%i] : tensor<5xf32>
  return %v, %q : f32, i32
}

// -----

// Slices that lie apart are copied by strides; sizes from arguments cannot wrap around.

// CHECK-LABEL: func.func @insert(
// CHECK: call @ropt.bytes_2(%{{.*}}, %{{.*}}) : (index, index) -> index
// CHECK: call @ropt.copy(
// CHECK: call @ropt.copy_strided_2(
func.func @insert(%x: tensor<?x5xf32>, %block: tensor<2x3xf32>) -> tensor<?x5xf32> {
  %y = tensor.insert_slice %block into %x[2, 1] [2, 3] [1, 1] : tensor<2x3xf32> into tensor<?x5xf32>
  return %y : tensor<?x5xf32>
}

// -----

// A reshape by a shape tensor is the same memory with the sizes that the tensor holds, once they are checked.

// CHECK-LABEL: func.func @reshape(
// CHECK-SAME: %[[X:.*]]: memref<?xf32>, %[[SHAPE:.*]]: memref<2xi32>
// CHECK: call @ropt.read_i32
// CHECK: scf.if
// CHECK: memref.reinterpret_cast %{{.*}} to offset: [0], sizes: [%{{.*}}, 4], strides: [4, 1] : memref<?xf32> to memref<?x4xf32
func.func @reshape(%x: tensor<?xf32>, %s: tensor<2xi32>) -> tensor<?x4xf32> {
  %y = tensor.reshape %x(%s) : (tensor<?xf32>, tensor<2xi32>) -> tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}
