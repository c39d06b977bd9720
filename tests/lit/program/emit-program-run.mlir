// RUN: ropt %s --pass-pipeline='builtin.module(hal-lower-host,hal-emit-program{path=%t.so})' -o %t.mlir
// RUN: ropt-run run %t.so --function=state --input=4xf32=2 | FileCheck %s --check-prefix=STATE
// RUN: ropt-run run %t.so '--function=a slice!' --input=6xf32=2 --input=index=3 | FileCheck %s --check-prefix=SLICE
// RUN: ropt-run run %t.so --function=scalars --input=i1=1 --input=index=40 --input=f64=0 | FileCheck %s --check-prefix=SCALARS
// RUN: not ropt-run run %t.so --function=check --input=i32=0 2>&1 | FileCheck %s --check-prefix=CHECKED
// RUN: not ropt-run run %t.so '--function=a slice!' --input=6xf32=2 --input=index=-1 2>&1 | FileCheck %s --check-prefix=BOUNDS

// What a program does without any executable.

util.global private mutable @sum = dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
util.global private mutable @count = 10 : i32
util.initializer {
  %c = arith.constant 20 : i32
  util.global.store %c, @count : i32
  util.return
}
func.func private @add(%x: tensor<4xf32>) {
  %c1 = arith.constant 1 : index
  %one = arith.constant 1 : i32
  %old = util.global.load @sum : tensor<4xf32>
  %a = tensor.extract %old[%c1] : tensor<4xf32>
  %b = tensor.extract %x[%c1] : tensor<4xf32>
  %s = arith.addf %a, %b : f32
  %new = tensor.insert %s into %old[%c1] : tensor<4xf32>
  util.global.store %new, @sum : tensor<4xf32>
  %n = util.global.load @count : i32
  %m = arith.addi %n, %one : i32
  util.global.store %m, @count : i32
  return
}
// STATE: 4xf32=1 4 3 4
// STATE: 4xf32=1 8 3 4
// STATE: i32=22
// STATE: =1 0 1
func.func @state(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, i32, tensor<3xi1>) {
  call @add(%x) : (tensor<4xf32>) -> ()
  %first = util.global.load @sum : tensor<4xf32>
  call @add(%first) : (tensor<4xf32>) -> ()
  %last = util.global.load @sum : tensor<4xf32>
  %n = util.global.load @count : i32
  %mask = arith.constant dense<[true, false, true]> : tensor<3xi1>
  return %first, %last, %n, %mask : tensor<4xf32>, tensor<4xf32>, i32, tensor<3xi1>
}
// SLICE: 3xf32=2 2 2
// BOUNDS: a slice is out of bounds
func.func @"a slice!"(%x: tensor<6xf32>, %size: index) -> tensor<?xf32> {
  %y = tensor.extract_slice %x[1] [%size] [1] : tensor<6xf32> to tensor<?xf32>
  return %y : tensor<?xf32>
}
// SCALARS: =1
// SCALARS: =42
// SCALARS: f64=1
func.func @scalars(%b: i1, %i: index, %f: f64) -> (i1, index, f64) {
  %c2 = arith.constant 2 : index
  %j = arith.addi %i, %c2 : index
  %e = math.exp %f : f64
  return %b, %j, %e : i1, index, f64
}
// CHECKED: x must not be 0
func.func @check(%x: i32) -> i32 {
  %c0 = arith.constant 0 : i32
  %ok = arith.cmpi ne, %x, %c0 : i32
  cf.assert %ok, "x must not be 0"
  return %x : i32
}
