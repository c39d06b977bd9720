module attributes {gpu.container_module} {
  gpu.module @kernels {
    gpu.func @scale(%x: memref<?xf32>, %factor: f32) kernel {
      %block = gpu.block_id x
      %size = gpu.block_dim x
      %thread = gpu.thread_id x
      %first = arith.muli %block, %size : index
      %i = arith.addi %first, %thread : index
      %v = memref.load %x[%i] : memref<?xf32>
      %w = arith.mulf %v, %factor : f32
      %e = math.exp %w : f32
      memref.store %e, %x[%i] : memref<?xf32>
      gpu.return
    }
  }
  func.func @launch(%x: memref<?xf32>, %factor: f32, %n: index) {
    %c1 = arith.constant 1 : index
    %c64 = arith.constant 64 : index
    gpu.launch_func @kernels::@scale blocks in (%n, %c1, %c1) threads in (%c64, %c1, %c1) args(%x : memref<?xf32>, %factor : f32)
    return
  }
}
