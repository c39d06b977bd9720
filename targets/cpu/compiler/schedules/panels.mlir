// Large matrix products. A block of the reduction is long enough to pay for a copy of what it reads: the part of the
// left side that stays in the second cache, then, panel by panel, the columns of the right side that stay in the first.
// Every loop whose length is no multiple of its step is peeled; what is left over is masked.
//
// workgroup: tile sizes of the stored op's loops; block, panel, rows, reduction: of the root's loops, each level inside
// the one before it; left, right: numbers of the operands that are copied; vector: sizes of the root's loops, output: of
// the result's dimensions; copy: of the loops of copies that compute; along: of the loops of the ops behind the root.
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
    //? block
    %whole = transform.structured.match attributes{ropt.root} in %f0 : (!transform.any_op) -> !transform.any_op
    transform.foreach %whole : !transform.any_op {
    ^bb0(%op: !transform.any_op):
      %tile, %loop:{{block.loops}} = transform.structured.tile_using_for %op tile_sizes [{{block}}] : (!transform.any_op) -> (!transform.any_op{{block.for}})
{{block.edges}}
    }
    transform.apply_patterns to %f0 { transform.apply_patterns.canonicalization transform.apply_patterns.linalg.tiling_canonicalization transform.apply_patterns.scf.for_loop_canonicalization } : !transform.any_op
    //? end
    %f1 = transform.apply_registered_pass "cpu-pack-operands" with options = { "operands" = [{{left}}] } to %f0 : (!transform.any_op) -> !transform.any_op
    //? panel
    %blocks = transform.structured.match attributes{ropt.root} in %f1 : (!transform.any_op) -> !transform.any_op
    transform.foreach %blocks : !transform.any_op {
    ^bb0(%op: !transform.any_op):
      %tile, %loop:{{panel.loops}} = transform.structured.tile_using_for %op tile_sizes [{{panel}}] : (!transform.any_op) -> (!transform.any_op{{panel.for}})
{{panel.edges}}
    }
    //? end
    transform.apply_patterns to %f1 { transform.apply_patterns.canonicalization transform.apply_patterns.linalg.tiling_canonicalization transform.apply_patterns.scf.for_loop_canonicalization } : !transform.any_op
    %f = transform.apply_registered_pass "cpu-pack-operands" with options = { "operands" = [{{right}}] } to %f1 : (!transform.any_op) -> !transform.any_op
    //? rows
    %panels = transform.structured.match attributes{ropt.root} in %f : (!transform.any_op) -> !transform.any_op
    transform.foreach %panels : !transform.any_op {
    ^bb0(%op: !transform.any_op):
      %tile, %loop:{{rows.loops}} = transform.structured.tile_using_for %op tile_sizes [{{rows}}] : (!transform.any_op) -> (!transform.any_op{{rows.for}})
{{rows.edges}}
    }
    //? end
    transform.apply_patterns to %f { transform.apply_patterns.canonicalization transform.apply_patterns.linalg.tiling_canonicalization transform.apply_patterns.scf.for_loop_canonicalization } : !transform.any_op
    //? reduction
    %tiles = transform.structured.match attributes{ropt.root} in %f : (!transform.any_op) -> !transform.any_op
    transform.foreach %tiles : !transform.any_op {
    ^bb0(%op: !transform.any_op):
      %tile, %loop:{{reduction.loops}} = transform.structured.tile_using_for %op tile_sizes [{{reduction}}] : (!transform.any_op) -> (!transform.any_op{{reduction.for}})
{{reduction.edges}}
    }
    //? end
    // The copies that transpose or widen, the initial values, and what is done with the result.
    //? copy
    %copies = transform.structured.match attributes{ropt.panel} in %f : (!transform.any_op) -> !transform.any_op
    transform.foreach %copies : !transform.any_op {
    ^bb0(%op: !transform.any_op):
      %tile, %loop:{{copy.loops}} = transform.structured.tile_using_for %op tile_sizes [{{copy}}] : (!transform.any_op) -> (!transform.any_op{{copy.for}})
{{copy.edges}}
    }
    //? end
    %fills = transform.structured.match ops{["linalg.fill"]} in %f : (!transform.any_op) -> !transform.any_op
    transform.foreach %fills : !transform.any_op {
    ^bb0(%op: !transform.any_op):
      %tile, %loop:{{output.loops}} = transform.structured.tile_using_for %op tile_sizes [{{output}}] : (!transform.any_op) -> (!transform.any_op{{output.for}})
{{output.edges}}
    }
    //? along
    %maps = transform.structured.match attributes{ropt.map} in %f : (!transform.any_op) -> !transform.any_op
    transform.foreach %maps : !transform.any_op {
    ^bb0(%op: !transform.any_op):
      %tile, %loop:{{along.loops}} = transform.structured.tile_using_for %op tile_sizes [{{along}}] : (!transform.any_op) -> (!transform.any_op{{along.for}})
{{along.edges}}
    }
    //? end
    transform.apply_patterns to %f { transform.apply_patterns.canonicalization transform.apply_patterns.linalg.tiling_canonicalization transform.apply_patterns.scf.for_loop_canonicalization } : !transform.any_op
    transform.apply_cse to %f : !transform.any_op
    %roots = transform.structured.match attributes{ropt.root} in %f : (!transform.any_op) -> !transform.any_op
    transform.foreach %roots : !transform.any_op {
    ^bb0(%op: !transform.any_op):
      transform.sequence %op : !transform.any_op failures(suppress) {
      ^bb1(%one: !transform.any_op):
        transform.structured.vectorize %one vector_sizes [{{vector}}] {create_named_contraction} : !transform.any_op
      }
    }
    %static = transform.structured.match interface{LinalgOp} in %f : (!transform.any_op) -> !transform.any_op
    transform.foreach %static : !transform.any_op {
    ^bb0(%op: !transform.any_op):
      transform.sequence %op : !transform.any_op failures(suppress) {
      ^bb1(%one: !transform.any_op):
        transform.structured.vectorize %one : !transform.any_op
      }
    }
    %initial = transform.structured.match ops{["linalg.fill"]} in %f : (!transform.any_op) -> !transform.any_op
    transform.foreach %initial : !transform.any_op {
    ^bb0(%op: !transform.any_op):
      transform.sequence %op : !transform.any_op failures(suppress) {
      ^bb1(%one: !transform.any_op):
        transform.structured.vectorize %one vector_sizes [{{output}}] : !transform.any_op
      }
    }
    //? along
    %behind = transform.structured.match attributes{ropt.map} in %f : (!transform.any_op) -> !transform.any_op
    transform.foreach %behind : !transform.any_op {
    ^bb0(%op: !transform.any_op):
      transform.sequence %op : !transform.any_op failures(suppress) {
      ^bb1(%one: !transform.any_op):
        transform.structured.vectorize %one vector_sizes [{{along}}] : !transform.any_op
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
