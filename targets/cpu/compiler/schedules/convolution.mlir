// Convolutions and poolings: a row of output pixels by a few channels stays in registers, and each element of the window
// adds a product to it.
//
// workgroup, register: tile sizes of the stored op's loops; order: its loops, outermost first; reduction: sizes of the
// root's loops, 1 for the window; vector: sizes of the product's loops, narrow: of one with a single row; output: of the
// result's dimensions. Every loop whose length is no multiple of its step is peeled.
module attributes {transform.with_named_sequence} {
  transform.named_sequence @schedule(%root: !transform.any_op {transform.readonly}) {
    %f0 = transform.structured.match ops{["func.func"]} in %root : (!transform.any_op) -> !transform.any_op
    //? workgroup
    // One iteration of the forall is one workgroup.
    %sink = transform.structured.match attributes{ropt.sink} in %f0 : (!transform.any_op) -> !transform.any_op
    %grid, %forall = transform.structured.fuse %sink tile_sizes [{{workgroup}}] {use_forall} : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.apply_patterns to %f0 { transform.apply_patterns.canonicalization transform.apply_patterns.linalg.tiling_canonicalization } : !transform.any_op
    transform.apply_cse to %f0 : !transform.any_op
    //? end
    //? register
    // Tiles that stay in registers; what feeds them is computed tile by tile.
    %part = transform.structured.match attributes{ropt.sink} in %f0 : (!transform.any_op) -> !transform.any_op
    transform.foreach %part : !transform.any_op {
    ^bb0(%op: !transform.any_op):
      %tile, %loop:{{register.loops}} = transform.structured.fuse %op tile_sizes [{{register}}] interchange [{{order}}] : (!transform.any_op) -> (!transform.any_op{{register.for}})
{{register.edges}}
    }
    //? end
    %f = transform.structured.match ops{["func.func"]} in %root : (!transform.any_op) -> !transform.any_op
    transform.apply_patterns to %f { transform.apply_patterns.canonicalization transform.apply_patterns.linalg.tiling_canonicalization transform.apply_patterns.scf.for_loop_canonicalization } : !transform.any_op
    transform.apply_cse to %f : !transform.any_op
    //? reduction
    %whole = transform.structured.match attributes{ropt.root} in %f : (!transform.any_op) -> !transform.any_op
    transform.foreach %whole : !transform.any_op {
    ^bb0(%op: !transform.any_op):
      %slice, %loop:{{reduction.loops}} = transform.structured.tile_using_for %op tile_sizes [{{reduction}}] : (!transform.any_op) -> (!transform.any_op{{reduction.for}})
{{reduction.edges}}
    }
    transform.apply_patterns to %f { transform.apply_patterns.canonicalization transform.apply_patterns.linalg.tiling_canonicalization transform.apply_patterns.scf.for_loop_canonicalization } : !transform.any_op
    //? end
    // Poolings and depthwise convolutions become rows, other convolutions products.
    //? !vector
    %windows = transform.structured.match attributes{ropt.root} in %f : (!transform.any_op) -> !transform.any_op
    %rows = transform.structured.decompose %windows : (!transform.any_op) -> !transform.any_op
    //? end
    %g = transform.apply_registered_pass "cpu-fold-windows" to %f : (!transform.any_op) -> !transform.any_op
    transform.apply_patterns to %g { transform.apply_patterns.canonicalization transform.apply_patterns.linalg.tiling_canonicalization transform.apply_patterns.scf.for_loop_canonicalization } : !transform.any_op
    %ops = transform.structured.match interface{LinalgOp} in %g : (!transform.any_op) -> !transform.any_op
    transform.foreach %ops : !transform.any_op {
    ^bb0(%op: !transform.any_op):
      transform.sequence %op : !transform.any_op failures(suppress) {
      ^bb1(%one: !transform.any_op):
        transform.structured.vectorize %one {create_named_contraction} : !transform.any_op
      }
    }
    //? vector
    // What is left of sizes that are not known.
    %products = transform.structured.match attributes{ropt.root} in %g : (!transform.any_op) -> !transform.any_op
    transform.foreach %products : !transform.any_op {
    ^bb0(%op: !transform.any_op):
      transform.sequence %op : !transform.any_op failures(suppress) {
      ^bb1(%one: !transform.any_op):
        transform.structured.vectorize %one vector_sizes [{{vector}}] {create_named_contraction} : !transform.any_op
      }
    }
    %single = transform.structured.match attributes{ropt.root} in %g : (!transform.any_op) -> !transform.any_op
    transform.foreach %single : !transform.any_op {
    ^bb0(%op: !transform.any_op):
      transform.sequence %op : !transform.any_op failures(suppress) {
      ^bb1(%one: !transform.any_op):
        transform.structured.vectorize %one vector_sizes [{{narrow}}] {create_named_contraction} : !transform.any_op
      }
    }
    %edges = transform.structured.match interface{LinalgOp} in %g : (!transform.any_op) -> !transform.any_op
    transform.foreach %edges : !transform.any_op {
    ^bb0(%op: !transform.any_op):
      transform.sequence %op : !transform.any_op failures(suppress) {
      ^bb1(%one: !transform.any_op):
        transform.structured.vectorize %one vector_sizes [{{output}}] : !transform.any_op
      }
    }
    //? end
    transform.apply_patterns to %g { transform.apply_patterns.canonicalization transform.apply_patterns.vector.reduction_to_contract transform.apply_patterns.vector.transfer_permutation_patterns transform.apply_patterns.tensor.fold_tensor_subset_ops_into_vector_transfers transform.apply_patterns.vector.lower_masked_transfers transform.apply_patterns.vector.cast_away_vector_leading_one_dim } : !transform.any_op
    // Accumulators live in registers while the loops over reductions run.
    %loops = transform.structured.match interface{LoopLikeInterface} in %g : (!transform.any_op) -> !transform.any_op
    transform.apply_licm to %loops : !transform.any_op
    transform.foreach %loops : !transform.any_op {
    ^bb0(%each: !transform.any_op):
      transform.loop.hoist_loop_invariant_subsets %each : !transform.any_op
    }
    transform.apply_patterns to %g { transform.apply_patterns.canonicalization } : !transform.any_op
    transform.apply_cse to %g : !transform.any_op
    transform.yield
  }
}
