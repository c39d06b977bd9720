// RUN: ropt %s | FileCheck %s
// RUN: ropt %s | ropt | FileCheck %s
// RUN: ropt --mlir-print-op-generic %s | ropt | FileCheck %s
// RUN: ropt --emit-bytecode %s | ropt | FileCheck %s

// Attributes and types of IREE's dialects that are not defined here stay as
// they are written. Aliases inside them are written out.

#mma = #iree_gpu.mma<NV_WMMA, 1>
#gpu = #iree_gpu.target<arch = "sm_80", wgp = <compute = fp64|fp32, sizes = [1, -2, 3.5], mma = #mma>>
!fence = !hal.fence
#target = #hal.executable.target<"cuda", "cuda-nvptx-fb", {info = #gpu}>

// CHECK-LABEL: func.func private @attributes() attributes {
func.func private @attributes() attributes {
  // CHECK-SAME: t.a = #iree_codegen.translation_info<pipeline = #iree_cpu.pipeline<DoubleTilingExpert> workgroup_size = [8, 1], {options = #iree_gpu.target<arch = "sm_80", wgp = <compute = fp64|fp32, sizes = [1, -2, 3.5], mma = #iree_gpu.mma<NV_WMMA, 1>>>, type = !hal.fence, symbol = @name, map = affine_map<(d0) -> (d0)>, text = "a#mma"}>
  t.a = #iree_codegen.translation_info<pipeline = #iree_cpu.pipeline<DoubleTilingExpert> workgroup_size = [8, 1], {options = #gpu, type = !fence, symbol = @name, map = affine_map<(d0) -> (d0)>, text = "a#mma"}>,
  // CHECK-SAME: t.b = #iree_codegen.foo<!hal.fence, #hal.executable.target<"cuda", "cuda-nvptx-fb", {info = #iree_gpu.target<{{.+}}>}>>
  t.b = #iree_codegen.foo<!fence, #target>,
  // CHECK-SAME: t.c = #iree_cpu.lowering_config<vector_common_parallel = [8, 16]>
  t.c = #iree_cpu.lowering_config<vector_common_parallel = [8, 16]>,
  // CHECK-SAME: t.d = #iree_cpu.cpu_encoding_resolver<>
  t.d = #iree_cpu.cpu_encoding_resolver<>,
  // CHECK-SAME: t.e = #iree_encoding.identity
  t.e = #iree_encoding.identity,
  // CHECK-SAME: t.f = #util.byte_pattern<3> : i8
  t.f = #util.byte_pattern<3> : i8,
  // CHECK-SAME: t.g = #flow.splat<1>, t.h = #iree_tensor_ext.ragged_shape<1>, t.i = #hal.device.promise<@d>
  t.g = #flow.splat<1>, t.h = #iree_tensor_ext.ragged_shape<1>, t.i = #hal.device.promise<@d>
}

// CHECK: func.func private @types(!stream.resource<*>, !util.buffer, !hal.fence, !vm.ref<!hal.buffer>, !flow.channel, !iree_codegen.null_pointer, !iree_tensor_ext.other<4>, tensor<4xf32, #iree_encoding.layout<[#iree_gpu.mma<NV_WMMA, 1>]>>)
func.func private @types(!stream.resource<*>, !util.buffer, !fence, !vm.ref<!hal.buffer>, !flow.channel, !iree_codegen.null_pointer, !iree_tensor_ext.other<4>, tensor<4xf32, #iree_encoding.layout<[#mma]>>)
