// RUN: ropt %s --pass-pipeline='builtin.module(cpu-fold-windows)' | FileCheck %s

// Channels first: the filter is the left side of the product. Dimensions of length one go away.
// CHECK-DAG: #[[$X:.*]] = affine_map<(d0, d1, d2) -> (d2, d1)>
// CHECK-DAG: #[[$W:.*]] = affine_map<(d0, d1, d2) -> (d0, d2)>
// CHECK-DAG: #[[$O:.*]] = affine_map<(d0, d1, d2) -> (d0, d1)>
// CHECK-LABEL: func.func @channels_first
// CHECK-DAG: %[[XS:.*]] = tensor.extract_slice %arg0[0, 0, 0, 0] [1, 4, 1, 16] [1, 1, 1, 1] : tensor<1x4x1x16xf32> to tensor<4x16xf32>
// CHECK-DAG: %[[WS:.*]] = tensor.extract_slice %arg1[0, 0, 0, 0] [8, 4, 1, 1] [1, 1, 1, 1] : tensor<8x4x1x1xf32> to tensor<8x4xf32>
// CHECK: %[[P:.*]] = linalg.generic {indexing_maps = [#[[$X]], #[[$W]], #[[$O]]], iterator_types = ["parallel", "parallel", "reduction"]}
// CHECK-SAME: attrs = {ropt.root, ropt.sink}
// CHECK: arith.mulf
// CHECK: arith.addf
// CHECK: tensor.insert_slice %[[P]] into %arg2
func.func @channels_first(%x: tensor<1x4x1x16xf32>, %w: tensor<8x4x1x1xf32>, %o: tensor<1x8x1x16xf32>) -> tensor<1x8x1x16xf32> {
  %y = linalg.conv_2d_nchw_fchw {dilations = dense<1> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>, ropt.root, ropt.sink} ins(%x, %w : tensor<1x4x1x16xf32>, tensor<8x4x1x1xf32>) outs(%o : tensor<1x8x1x16xf32>) -> tensor<1x8x1x16xf32>
  return %y : tensor<1x8x1x16xf32>
}

// A stride of the convolution is one of the slice; the number of elements is the result's.
// CHECK-LABEL: func.func @strided
// CHECK: %[[N:.*]] = tensor.dim %arg2, %
// CHECK: tensor.extract_slice %arg0[0, 0, 0, 0] [1, 1, %[[N]], 4] [1, 3, 2, 1] : tensor<1x1x?x4xf32> to tensor<?x4xf32>
// CHECK-NOT: linalg.conv
func.func @strided(%x: tensor<1x1x?x4xf32>, %w: tensor<1x1x4x8xf32>, %o: tensor<1x1x?x8xf32>) -> tensor<1x1x?x8xf32> {
  %y = linalg.conv_2d_nhwc_hwcf {dilations = dense<1> : tensor<2xi64>, strides = dense<[3, 2]> : tensor<2xi64>, ropt.root} ins(%x, %w : tensor<1x1x?x4xf32>, tensor<1x1x4x8xf32>) outs(%o : tensor<1x1x?x8xf32>) -> tensor<1x1x?x8xf32>
  return %y : tensor<1x1x?x8xf32>
}

// A window of more than one element is left alone, and so is an op without the mark.
// CHECK-LABEL: func.func @wide
// CHECK-COUNT-2: linalg.conv_2d_nhwc_hwcf
func.func @wide(%x: tensor<1x1x18x4xf32>, %w: tensor<1x3x4x8xf32>, %v: tensor<1x1x4x8xf32>, %o: tensor<1x1x16x8xf32>, %p: tensor<1x1x18x8xf32>) -> (tensor<1x1x16x8xf32>, tensor<1x1x18x8xf32>) {
  %y = linalg.conv_2d_nhwc_hwcf {dilations = dense<1> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>, ropt.root} ins(%x, %w : tensor<1x1x18x4xf32>, tensor<1x3x4x8xf32>) outs(%o : tensor<1x1x16x8xf32>) -> tensor<1x1x16x8xf32>
  %z = linalg.conv_2d_nhwc_hwcf {dilations = dense<1> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>} ins(%x, %v : tensor<1x1x18x4xf32>, tensor<1x1x4x8xf32>) outs(%p : tensor<1x1x18x8xf32>) -> tensor<1x1x18x8xf32>
  return %y, %z : tensor<1x1x16x8xf32>, tensor<1x1x18x8xf32>
}
