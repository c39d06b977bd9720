// CHECK-LABEL: func.func @f
func.func @f(%a: tensor<4xf32>) {
  // CHECK-NEXT: "hal.tensor.barrier"(%{{.+}}) : (tensor<4xf32>) -> ()
  "hal.tensor.barrier"(%a) : (tensor<4xf32>) -> ()
  // CHECK-NEXT: "iree_linalg_ext.sort"(%{{.+}}) <{dimension = 0 : i64}> : (tensor<4xf32>) -> ()
  "iree_linalg_ext.sort"(%a) <{dimension = 0}> : (tensor<4xf32>) -> ()
  return
}
