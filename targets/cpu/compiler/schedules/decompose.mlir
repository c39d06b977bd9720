// Ops that stand for several: softmax becomes its reductions and elementwise ops. Ops that say less by their name than by
// their body: a product of numbers without signs becomes a generic one, for a vector's contraction knows signed ones only.
module attributes {transform.with_named_sequence} {
  transform.named_sequence @schedule(%root: !transform.any_op {transform.readonly}) {
    %softmax = transform.structured.match ops{["linalg.softmax"]} in %root : (!transform.any_op) -> !transform.any_op
    transform.foreach %softmax : !transform.any_op {
    ^bb0(%op: !transform.any_op):
      %parts = transform.structured.decompose_interface %op : (!transform.any_op) -> !transform.any_op
    }
    %unsigned = transform.structured.match interface{LinalgOp} attributes{cast = #linalg.type_fn<cast_unsigned>} in %root : (!transform.any_op) -> !transform.any_op
    transform.foreach %unsigned : !transform.any_op {
    ^bb0(%op: !transform.any_op):
      %generic = transform.structured.generalize %op : (!transform.any_op) -> !transform.any_op
    }
    %f = transform.structured.match ops{["func.func"]} in %root : (!transform.any_op) -> !transform.any_op
    transform.apply_patterns to %f { transform.apply_patterns.tensor.decompose_concat transform.apply_patterns.canonicalization } : !transform.any_op
    transform.yield
  }
}
