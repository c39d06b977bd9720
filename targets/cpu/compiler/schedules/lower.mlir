// Vectors of any rank become one-dimensional loads, stores, fused multiply-adds and shuffles.
module attributes {transform.with_named_sequence} {
  transform.named_sequence @lower(%root: !transform.any_op {transform.readonly}) {
    %f0 = transform.structured.match ops{["func.func"]} in %root : (!transform.any_op) -> !transform.any_op
    transform.apply_patterns to %f0 { transform.apply_patterns.memref.fold_memref_alias_ops transform.apply_patterns.canonicalization } : !transform.any_op
    transform.apply_cse to %f0 : !transform.any_op
    %f = transform.structured.hoist_redundant_vector_transfers %f0 : (!transform.any_op) -> !transform.any_op

    transform.apply_patterns to %f {
      transform.apply_patterns.vector.lower_contraction lowering_strategy = "outerproduct"
      transform.apply_patterns.vector.transfer_permutation_patterns
      transform.apply_patterns.vector.lower_multi_reduction lowering_strategy = "innerparallel"
      transform.apply_patterns.vector.transfer_to_scf max_transfer_rank = 1 full_unroll = true
      transform.apply_patterns.vector.lower_transfer max_transfer_rank = 1
      transform.apply_patterns.vector.lower_transpose lowering_strategy = "shuffle_1d"
      transform.apply_patterns.vector.lower_outerproduct
      transform.apply_patterns.canonicalization
    } : !transform.any_op
    // By itself: with the others, the transpose of one column becomes a cast, and the cast a transpose, for ever.
    transform.apply_patterns to %f { transform.apply_patterns.vector.lower_shape_cast } : !transform.any_op
    transform.apply_cse to %f : !transform.any_op
    transform.yield
  }
}
