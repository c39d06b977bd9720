// Kernels whose indices are known to fit into 32 bits stay; in others indices are i64, but for what the API gives and memory takes.
// RUN: ropt %s --pass-pipeline='builtin.module(hal.executable(hal.executable.variant(builtin.module(vulkan-widen-indices,canonicalize,cse))))' | FileCheck %s
// RUN: ropt %s --pass-pipeline='builtin.module(hal.executable(hal.executable.variant(builtin.module(vulkan-widen-indices{max-grid=2147483647}))))' --mlir-pass-statistics 2>&1 | FileCheck %s --check-prefix=COUNTS

// COUNTS-DAG: 3 narrow
// COUNTS-DAG: 7 widened

#layout = #hal.pipeline.layout<constants = 2, bindings = [#hal.pipeline.binding<storage_buffer>]>
#target = #hal.executable.target<"vulkan-spirv", "vulkan-spirv-fb">

hal.executable private @kernels {
  hal.executable.variant public @spirv target(#target) {
    // The grid is known: more rows than one, and still no index of more than 25 million.
    hal.executable.export public @large ordinal(0) layout(#layout) count(%device: !hal.device) -> (index, index, index) {
      %c131072 = arith.constant 131072 : index
      %c65535 = arith.constant 65535 : index
      %c1 = arith.constant 1 : index
      %x = arith.minui %c131072, %c65535 : index
      %y = arith.ceildivui %c131072, %c65535 : index
      hal.return %x, %y, %c1 : index, index, index
    }
    builtin.module {
      // CHECK-LABEL: func.func @large
      // CHECK-NOT: : i64
      // CHECK: return
      func.func @large() attributes {ropt.workgroup_size = array<i64: 128, 1, 1>} {
        %c128 = arith.constant 128 : index
        %c65535 = arith.constant 65535 : index
        %cst = arith.constant 0.0 : f32
        %c0 = arith.constant 0 : index
        %b = hal.interface.binding.subspan layout(#layout) binding(0) : memref<?xf32>{%c65535}
        %x = hal.interface.workgroup.id[0] : index
        %y = hal.interface.workgroup.id[1] : index
        %rows = arith.muli %y, %c65535 : index
        %group = arith.addi %rows, %x : index
        %first = arith.muli %group, %c128 : index
        %thread = gpu.thread_id x
        %at = arith.addi %first, %thread : index
        %limit = arith.constant 16777216 : index
        %inside = arith.cmpi ult, %at, %limit : index
        scf.if %inside {
          memref.store %cst, %b[%at] : memref<?xf32>
        }
        return
      }
      // Positions in memory need no more than their low bits, whatever they are made of.
      // CHECK-LABEL: func.func @gather
      // CHECK: arith.index_cast %{{.*}} : i32 to index
      // CHECK: arith.muli %{{.*}}, %{{.*}} : index
      func.func @gather() attributes {ropt.workgroup_size = array<i64: 1, 1, 1>} {
        %c24 = arith.constant 24 : index
        %c5 = arith.constant 5 : index
        %word = hal.interface.constant.load layout(#layout) ordinal(0) : i32
        %b = hal.interface.binding.subspan layout(#layout) binding(0) : memref<?xf32>{%c24}
        %row = arith.index_cast %word : i32 to index
        %start = arith.muli %row, %c24 : index
        %v = memref.load %b[%start] : memref<?xf32>
        memref.store %v, %b[%c5] : memref<?xf32>
        return
      }
      // A loop that carries an index which stays where it is.
      // CHECK-LABEL: func.func @kept
      // CHECK: scf.for {{.*}} -> (index)
      func.func @kept() attributes {ropt.workgroup_size = array<i64: 64, 1, 1>} {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %c64 = arith.constant 64 : index
        %b = hal.interface.binding.subspan layout(#layout) binding(0) : memref<?xi64>{%c64}
        %r = scf.for %i = %c0 to %c64 step %c1 iter_args(%best = %c64) -> index {
          %less = arith.cmpi ult, %i, %best : index
          %v = arith.select %less, %best, %c64 : index
          scf.yield %v : index
        }
        %d = arith.index_cast %r : index to i64
        memref.store %d, %b[%c0] : memref<?xi64>
        return
      }
      // CHECK-LABEL: func.func @data
      func.func @data() attributes {ropt.workgroup_size = array<i64: 64, 1, 1>} {
        // CHECK-DAG: %[[FACTOR:.*]] = arith.constant 3000000000 : i64
        %c3g = arith.constant 3000000000 : index
        %c64 = arith.constant 64 : index
        %b = hal.interface.binding.subspan layout(#layout) binding(0) : memref<?xi64>{%c64}
        // CHECK: %[[THREAD:.*]] = gpu.thread_id  x
        // CHECK: %[[WIDE:.*]] = arith.index_castui %[[THREAD]] : index to i64
        %i = gpu.thread_id x
        // CHECK: %[[PRODUCT:.*]] = arith.muli %[[WIDE]], %[[FACTOR]] : i64
        %p = arith.muli %i, %c3g : index
        %d = arith.index_cast %p : index to i64
        // CHECK: memref.store %[[PRODUCT]], %{{.*}}[%{{.*}}] : memref<?xi64>
        memref.store %d, %b[%i] : memref<?xi64>
        return
      }
      // Sizes that are known at run time only.
      // CHECK-LABEL: func.func @dynamic
      func.func @dynamic() attributes {ropt.workgroup_size = array<i64: 64, 1, 1>} {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %cst = arith.constant 0.0 : f32
        %low = hal.interface.constant.load layout(#layout) ordinal(0) : i32
        %high = hal.interface.constant.load layout(#layout) ordinal(1) : i32
        %l = arith.extui %low : i32 to i64
        %h = arith.extui %high : i32 to i64
        %c32 = arith.constant 32 : i64
        %hh = arith.shli %h, %c32 : i64
        // CHECK: %[[N:.*]] = arith.ori
        %both = arith.ori %hh, %l : i64
        %n = arith.index_castui %both : i64 to index
        %b = hal.interface.binding.subspan layout(#layout) binding(0) : memref<?xf32>{%n}
        // CHECK: scf.for %[[I:.*]] = %{{.*}} to %[[N]] step %{{.*}} : i64
        scf.for %i = %c0 to %n step %c1 {
          // CHECK: %[[AT:.*]] = arith.index_cast %[[I]] : i64 to index
          // CHECK: memref.store %{{.*}}, %{{.*}}[%[[AT]]]
          memref.store %cst, %b[%i] : memref<?xf32>
        }
        return
      }
      // What a loop adds to is not known to stay small; an unsigned quotient of what may be below zero is large.
      // CHECK-LABEL: func.func @grows
      // CHECK: scf.for {{.*}} -> (i64)
      func.func @grows() attributes {ropt.workgroup_size = array<i64: 64, 1, 1>} {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %c64 = arith.constant 64 : index
        %b = hal.interface.binding.subspan layout(#layout) binding(0) : memref<?xi32>{%c64}
        %r = scf.for %i = %c0 to %c64 step %c1 iter_args(%sum = %c1) -> index {
          %v = arith.muli %sum, %c64 : index
          scf.yield %v : index
        }
        %q = arith.divui %r, %c64 : index
        // CHECK: arith.trunci %{{.*}} : i64 to i32
        %d = arith.index_cast %q : index to i32
        memref.store %d, %b[%c0] : memref<?xi32>
        return
      }
      // CHECK-LABEL: func.func @below
      // CHECK: arith.divui %{{.*}}, %{{.*}} : i64
      func.func @below() attributes {ropt.workgroup_size = array<i64: 64, 1, 1>} {
        %c0 = arith.constant 0 : index
        %c3 = arith.constant 3 : index
        %b = hal.interface.binding.subspan layout(#layout) binding(0) : memref<?xi64>{%c3}
        %i = gpu.thread_id x
        %less = arith.subi %i, %c3 : index
        %q = arith.divui %less, %c3 : index
        %d = arith.index_castui %q : index to i64
        memref.store %d, %b[%c0] : memref<?xi64>
        return
      }
      // Numbers of few bits wrap around, so their sum may be below zero, and a remainder without sign takes that for large.
      // CHECK-LABEL: func.func @wraps
      // CHECK: arith.remui %{{.*}}, %{{.*}} : i64
      func.func @wraps() attributes {ropt.workgroup_size = array<i64: 64, 1, 1>} {
        %c0 = arith.constant 0 : index
        %c7 = arith.constant 7 : index
        %c100 = arith.constant 100 : i8
        %b = hal.interface.binding.subspan layout(#layout) binding(0) : memref<?xi8>{%c7}
        %x = memref.load %b[%c0] : memref<?xi8>
        %low = arith.constant 15 : i8
        %small = arith.andi %x, %low : i8
        %sum = arith.addi %small, %c100 : i8
        %more = arith.addi %sum, %c100 : i8
        %i = arith.index_cast %more : i8 to index
        %r = arith.remui %i, %c7 : index
        memref.store %x, %b[%r] : memref<?xi8>
        return
      }
      // CHECK-LABEL: func.func @unsigned
      // CHECK: arith.subi %{{.*}}, %{{.*}} : i64
      func.func @unsigned() attributes {ropt.workgroup_size = array<i64: 64, 1, 1>} {
        %c0 = arith.constant 0 : index
        %c3 = arith.constant 3 : index
        %b = hal.interface.binding.subspan layout(#layout) binding(0) : memref<?xi64>{%c3}
        %i = gpu.thread_id x
        %less = arith.subi %i, %c3 : index
        %d = arith.index_castui %less : index to i64
        memref.store %d, %b[%c0] : memref<?xi64>
        return
      }
      // No export says how many workgroups there are: as many as the option allows.
      // CHECK-LABEL: func.func @grid
      // CHECK-NOT: : i64
      // CHECK: return
      func.func @grid() attributes {ropt.workgroup_size = array<i64: 64, 1, 1>} {
        %c0 = arith.constant 0 : index
        %c16 = arith.constant 16 : index
        %one = arith.constant 1 : i32
        %b = hal.interface.binding.subspan layout(#layout) binding(0) : memref<?xi32>{%c16}
        %x = hal.interface.workgroup.id[0] : index
        %wide = arith.muli %x, %c16 : index
        %less = arith.cmpi ult, %wide, %c16 : index
        scf.if %less {
          memref.store %one, %b[%c0] : memref<?xi32>
        }
        return
      }
    }
  }
}
