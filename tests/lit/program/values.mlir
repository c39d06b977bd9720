// Values stay what they are, however buffers are shared: loops, branches, calls and repeated results.

// RUN: ropt %s --pass-pipeline='builtin.module(hal-lower-host,hal-emit-program{path=%t.so})' -o %t.mlir
// RUN: ropt-run run %t.so --function=swap --input=3xf32="1 2 3" --input=3xf32="4 5 6" --input=index=3 | FileCheck %s --check-prefix=SWAP
// RUN: ropt-run run %t.so --function=inc --input=3xf32="1 2 3" --input=index=3 | FileCheck %s --check-prefix=INC
// RUN: ropt-run run %t.so --function=swapinc --input=3xf32="1 2 3" --input=index=3 | FileCheck %s --check-prefix=SWAPINC
// RUN: ropt-run run %t.so --function=fib --input=3xf32="1 2 3" --input=index=3 | FileCheck %s --check-prefix=FIB
// RUN: ropt-run run %t.so --function=calls --input=3xf32="1 2 3" --input=index=2 | FileCheck %s --check-prefix=CALLS
// RUN: ropt-run run %t.so --function=nested --input=3xf32="1 2 3" --input=index=3 | FileCheck %s --check-prefix=NESTED
// RUN: ropt-run run %t.so --function=choose --input=3xf32="1 2 3" --input=i1=1 | FileCheck %s --check-prefix=CHOOSE
// RUN: ropt-run run %t.so --function=twice --input=3xf32="1 2 3" | FileCheck %s --check-prefix=TWICE
// RUN: ropt-run run %t.so --function=cast --input=3xf32="1 2 3" | FileCheck %s --check-prefix=CAST

// SWAP: =4 5 6
// SWAP: =1 2 3
func.func @swap(%x: tensor<3xf32>, %y: tensor<3xf32>, %n: index) -> (tensor<3xf32>, tensor<3xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%a = %x, %b = %y) -> (tensor<3xf32>, tensor<3xf32>) {
    scf.yield %b, %a : tensor<3xf32>, tensor<3xf32>
  }
  return %r#0, %r#1 : tensor<3xf32>, tensor<3xf32>
}
// INC: =1 5 3
// INC: =1 2 3
func.func @inc(%x: tensor<3xf32>, %n: index) -> (tensor<3xf32>, tensor<3xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %one = arith.constant 1.0 : f32
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%a = %x) -> (tensor<3xf32>) {
    %v = tensor.extract %a[%c1] : tensor<3xf32>
    %w = arith.addf %v, %one : f32
    %b = tensor.insert %w into %a[%c1] : tensor<3xf32>
    scf.yield %b : tensor<3xf32>
  }
  return %r, %x : tensor<3xf32>, tensor<3xf32>
}
// SWAPINC: =1 5 3
// SWAPINC: =1 4 3
func.func @swapinc(%x: tensor<3xf32>, %n: index) -> (tensor<3xf32>, tensor<3xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %one = arith.constant 1.0 : f32
  %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%a = %x, %p = %x) -> (tensor<3xf32>, tensor<3xf32>) {
    %v = tensor.extract %a[%c1] : tensor<3xf32>
    %w = arith.addf %v, %one : f32
    %b = tensor.insert %w into %a[%c1] : tensor<3xf32>
    scf.yield %b, %a : tensor<3xf32>, tensor<3xf32>
  }
  return %r#0, %r#1 : tensor<3xf32>, tensor<3xf32>
}
// FIB: =5 10 15
// FIB: =3 6 9
func.func @fib(%x: tensor<3xf32>, %n: index) -> (tensor<3xf32>, tensor<3xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%a = %x, %b = %x) -> (tensor<3xf32>, tensor<3xf32>) {
    %e = tensor.empty() : tensor<3xf32>
    %s = linalg.add ins(%a, %b : tensor<3xf32>, tensor<3xf32>) outs(%e : tensor<3xf32>) -> tensor<3xf32>
    scf.yield %s, %a : tensor<3xf32>, tensor<3xf32>
  }
  return %r#0, %r#1 : tensor<3xf32>, tensor<3xf32>
}
// CHOOSE: =1 2 3
// CHOOSE: =9 2 3
// CHOOSE: =2 4 6
func.func @choose(%x: tensor<3xf32>, %c: i1) -> (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) {
  %c0 = arith.constant 0 : index
  %one = arith.constant 9.0 : f32
  %e = tensor.empty() : tensor<3xf32>
  %s = linalg.add ins(%x, %x : tensor<3xf32>, tensor<3xf32>) outs(%e : tensor<3xf32>) -> tensor<3xf32>
  %k = scf.if %c -> tensor<3xf32> { scf.yield %x : tensor<3xf32> } else { scf.yield %s : tensor<3xf32> }
  %m = tensor.insert %one into %k[%c0] : tensor<3xf32>
  %q = arith.select %c, %s, %m : tensor<3xf32>
  return %k, %m, %q : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>
}
func.func private @set(%x: tensor<3xf32>, %v: f32) -> (tensor<3xf32>, tensor<3xf32>) {
  %c0 = arith.constant 0 : index
  %y = tensor.insert %v into %x[%c0] : tensor<3xf32>
  return %x, %y : tensor<3xf32>, tensor<3xf32>
}
// CALLS: =7 2 3
// CALLS: =7 2 3
// CALLS: =1 2 3
func.func @calls(%x: tensor<3xf32>, %n: index) -> (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %f = arith.constant 7.0 : f32
  %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%a = %x, %b = %x) -> (tensor<3xf32>, tensor<3xf32>) {
    %p:2 = func.call @set(%a, %f) : (tensor<3xf32>, f32) -> (tensor<3xf32>, tensor<3xf32>)
    scf.yield %p#1, %p#0 : tensor<3xf32>, tensor<3xf32>
  }
  return %r#0, %r#1, %x : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>
}
// NESTED: =1 11 3
// NESTED: =1 8 3
func.func @nested(%x: tensor<3xf32>, %n: index) -> (tensor<3xf32>, tensor<3xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %one = arith.constant 1.0 : f32
  %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%a = %x, %k = %x) -> (tensor<3xf32>, tensor<3xf32>) {
    %q = scf.for %j = %c0 to %n step %c1 iter_args(%b = %a) -> (tensor<3xf32>) {
      %v = tensor.extract %b[%c1] : tensor<3xf32>
      %w = arith.addf %v, %one : f32
      %d = tensor.insert %w into %b[%c1] : tensor<3xf32>
      scf.yield %d : tensor<3xf32>
    }
    scf.yield %q, %a : tensor<3xf32>, tensor<3xf32>
  }
  return %r#0, %r#1 : tensor<3xf32>, tensor<3xf32>
}
// TWICE: =2 4 6
// TWICE: ={{\[}}2]{{\[}}4]{{\[}}6]
// TWICE: =2 4 6
func.func @twice(%x: tensor<3xf32>) -> (tensor<3xf32>, tensor<3x1xf32>, tensor<3xf32>) {
  %e = tensor.empty() : tensor<3xf32>
  %s = linalg.add ins(%x, %x : tensor<3xf32>, tensor<3xf32>) outs(%e : tensor<3xf32>) -> tensor<3xf32>
  %t = tensor.expand_shape %s [[0, 1]] output_shape [3, 1] : tensor<3xf32> into tensor<3x1xf32>
  return %s, %t, %s : tensor<3xf32>, tensor<3x1xf32>, tensor<3xf32>
}
// CAST: 3xf32=1 2 3
func.func @cast(%x: tensor<3xf32>) -> tensor<?xf32> {
  %y = tensor.cast %x : tensor<3xf32> to tensor<?xf32>
  return %y : tensor<?xf32>
}
