// Contractions (matmul and its batched, transposed and generic kin) and reductions along outer dimensions: a tile of
// the result stays in registers while the reduction runs in small steps. Ragged edges are peeled off and masked.
//
// workgroup, register: tile sizes of the stored op's loops; order: its loops, outermost first; peel: register loops to
// peel; reduction, vector: sizes of the root's loops; output: sizes of the result's dimensions; ragged: the reduction
// loop whose last step is shorter.
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
    %tile, %loop:{{register.loops}} = transform.structured.fuse %part tile_sizes [{{register}}] interchange [{{order}}] : (!transform.any_op) -> (!transform.any_op{{register.for}})
{{peel.lines}}
    //? end
    %f = transform.structured.match ops{["func.func"]} in %root : (!transform.any_op) -> !transform.any_op
    transform.apply_patterns to %f { transform.apply_patterns.canonicalization transform.apply_patterns.linalg.tiling_canonicalization transform.apply_patterns.scf.for_loop_canonicalization } : !transform.any_op
    transform.apply_cse to %f : !transform.any_op
    //? reduction
    %whole = transform.structured.match attributes{ropt.root} in %f : (!transform.any_op) -> !transform.any_op
    transform.foreach %whole : !transform.any_op {
    ^bb0(%op: !transform.any_op):
      %slice, %steps:{{reduction.loops}} = transform.structured.tile_using_for %op tile_sizes [{{reduction}}] : (!transform.any_op) -> (!transform.any_op{{reduction.for}})
      //? +ragged
      %most, %rest = transform.loop.peel %steps#{{ragged}} : (!transform.op<"scf.for">) -> (!transform.any_op, !transform.any_op)
      //? end
    }
    transform.apply_patterns to %f { transform.apply_patterns.canonicalization transform.apply_patterns.linalg.tiling_canonicalization transform.apply_patterns.scf.for_loop_canonicalization } : !transform.any_op
    //? end
    %roots = transform.structured.match attributes{ropt.root} in %f : (!transform.any_op) -> !transform.any_op
    transform.foreach %roots : !transform.any_op {
    ^bb0(%op: !transform.any_op):
      transform.sequence %op : !transform.any_op failures(suppress) {
      ^bb1(%one: !transform.any_op):
        transform.structured.vectorize %one vector_sizes [{{vector}}] {create_named_contraction} : !transform.any_op
      }
    }
    %rest_static = transform.structured.match interface{LinalgOp} in %f : (!transform.any_op) -> !transform.any_op
    transform.foreach %rest_static : !transform.any_op {
    ^bb0(%op: !transform.any_op):
      transform.sequence %op : !transform.any_op failures(suppress) {
      ^bb1(%one: !transform.any_op):
        transform.structured.vectorize %one : !transform.any_op
      }
    }
    //? output
    %fills = transform.structured.match ops{["linalg.fill"]} in %f : (!transform.any_op) -> !transform.any_op
    transform.foreach %fills : !transform.any_op {
    ^bb0(%op: !transform.any_op):
      transform.sequence %op : !transform.any_op failures(suppress) {
      ^bb1(%one: !transform.any_op):
        transform.structured.vectorize %one vector_sizes [{{output}}] : !transform.any_op
      }
    }
    //? end
    //? edge
    %edges = transform.structured.match attributes{ropt.sink} in %f : (!transform.any_op) -> !transform.any_op
    transform.foreach %edges : !transform.any_op {
    ^bb0(%op: !transform.any_op):
      transform.sequence %op : !transform.any_op failures(suppress) {
      ^bb1(%one: !transform.any_op):
        transform.structured.vectorize %one vector_sizes [{{edge}}] : !transform.any_op
      }
    }
    //? end
    transform.apply_patterns to %f { transform.apply_patterns.canonicalization transform.apply_patterns.vector.reduction_to_contract transform.apply_patterns.vector.transfer_permutation_patterns transform.apply_patterns.tensor.fold_tensor_subset_ops_into_vector_transfers transform.apply_patterns.vector.lower_masked_transfers } : !transform.any_op
    // Accumulators live in registers while the loops over reductions run.
    %loops = transform.structured.match interface{LoopLikeInterface} in %f : (!transform.any_op) -> !transform.any_op
    transform.apply_licm to %loops : !transform.any_op
    transform.foreach %loops : !transform.any_op {
    ^bb0(%each: !transform.any_op):
      transform.loop.hoist_loop_invariant_subsets %each : !transform.any_op
    }
    transform.apply_patterns to %f { transform.apply_patterns.canonicalization } : !transform.any_op
    transform.apply_cse to %f : !transform.any_op
    transform.yield
  }
}
