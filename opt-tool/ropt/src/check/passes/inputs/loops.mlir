memref.global "private" constant @table : memref<4xf32> = dense<[1.0, 2.0, 3.0, 4.0]>

func.func @sum(%x: memref<?xf32>, %out: memref<f32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %n = memref.dim %x, %c0 : memref<?xf32>
  %s = scf.for %i = %c0 to %n step %c1 iter_args(%acc = %zero) -> f32 {
    %v = memref.load %x[%i] : memref<?xf32>
    %e = math.exp %v : f32
    %t = arith.addf %acc, %e : f32
    scf.yield %t : f32
  }
  memref.store %s, %out[] : memref<f32>
  return
}

func.func @copy(%a: memref<8x8xf32>, %b: memref<8x8xf32>) {
  %t = memref.alloc() : memref<8x8xf32>
  memref.copy %a, %t : memref<8x8xf32> to memref<8x8xf32>
  linalg.transpose ins(%t : memref<8x8xf32>) outs(%b : memref<8x8xf32>) permutation = [1, 0]
  memref.dealloc %t : memref<8x8xf32>
  return
}

func.func @vectors(%x: memref<16xf32>, %i: index) -> f32 {
  %zero = arith.constant 0.0 : f32
  %v = vector.transfer_read %x[%i], %zero : memref<16xf32>, vector<4xf32>
  %w = math.tanh %v : vector<4xf32>
  %m = arith.mulf %v, %w : vector<4xf32>
  %s = vector.reduction <add>, %m : vector<4xf32> into f32
  return %s : f32
}

func.func @branches(%a: i32, %b: i32) -> i32 {
  %less = arith.cmpi slt, %a, %b : i32
  cf.cond_br %less, ^low, ^high(%a : i32)
^low:
  %d = arith.divsi %b, %a : i32
  cf.br ^high(%d : i32)
^high(%r: i32):
  return %r : i32
}

func.func @table_at(%i: index) -> f32 {
  %t = memref.get_global @table : memref<4xf32>
  %v = memref.load %t[%i] : memref<4xf32>
  return %v : f32
}
