//! The schedule `cooperative-matrices`: a product of f16 or bf16 matrices on the matrix units of whatever GPU, summed in f32.
//!
//! As `tensor-cores`, but which thread holds what of a matrix is the device's secret: subgroups load whole pieces of 16 by 16
//! from shared memory, multiply them, and leave their sums in shared memory, from where each thread takes elements to
//! compute what follows the product.

use ropt_mlir::{
    ir::{
        edit::{Builder, Op, Val, defining_op, operands, set_attribute},
        op_is,
    },
    kernel::body,
    melior::ir::operation::OperationLike,
};
use ropt_plugin::tiles::Tiles;

use super::{
    Machine, Outputs, Refusal, add, barrier, both, div, elements, for_loop, forall, less, load_shared,
    matmul::finish,
    mma::{self, grid},
    mul, rem, shared,
    staging::{Keep, Layout, Stage, Tile, pipeline},
    thread, when,
};
use crate::{
    body::Body,
    product::{Factor, Product},
};

/// Threads that hold a matrix together.
pub(crate) const SUBGROUP: i64 = 32;
/// Rows, columns and depth of a matrix.
const SIDE: i64 = 16;
/// Elements behind each row in shared memory, a multiple of 16 bytes: neighbouring rows then begin in different banks.
const GAP: i64 = 8;

/// Whether matrices of 16 by 16 do this product; the narrow type.
pub(crate) fn fits(product: &Product<'_>) -> Result<String, Refusal> {
    let narrow = mma::fits(product)?;
    let depth = product.compute.trips[product.depth].ok_or("its depth is not known before it runs")?;
    // A thread computes with no bf16: what is multiplied has to lie in memory as it is.
    let computed = |factor: &Factor<'_>| {
        defining_op(operands(product.compute.op)[factor.number]).is_some_and(|op| op_is(op, "LinalgOp"))
    };
    if narrow == "bf16" && (computed(&product.left) || computed(&product.right) || depth % SIDE != 0) {
        return Err("its bf16 elements are not copied as they are".to_owned());
    }
    Ok(narrow)
}

/// Writes the threads of a product: `workgroup` of the sizes is the tile of a workgroup (rows, columns), `subgroup` that of
/// 32 threads, `reduction` the steps of the depth in shared memory, `buffers` how many such tiles there are.
pub(crate) fn emit<'c>(kernel: Op<'c>, known: &Body<'c>, tiles: &Tiles, machine: Machine) -> Result<(), Refusal> {
    let product = Product::of(known)?;
    let narrow = fits(&product)?;
    let outputs = Outputs::of(kernel, known)?;
    let ([rows, columns], [own_rows, own_columns], [depth], [buffers]) =
        (tiles.get("workgroup"), tiles.get("subgroup"), tiles.get("reduction"), tiles.get("buffers"))
    else {
        return Err("its tile sizes are not two, two, one and one".to_owned());
    };
    let threads = (rows / own_rows) * (columns / own_columns) * SUBGROUP;
    let at = Builder::before(body(kernel).pop().ok_or("it has no end")?).located(product.compute.op.location());
    let length = elements::trips(at, &product.compute, product.depth).ok_or("the depth is not known")?;
    let tile = |free: i64| Tile { free, depth: *depth, buffers: *buffers, gap: GAP, threads };
    let layout = |factor: &Factor<'c>| if product.along_depth(factor) { Layout::ByFree } else { Layout::ByDepth };
    let new = |factor: Factor<'c>, free: i64| {
        Stage::new(at, kernel, &product, factor, (tile(free), layout(&factor), Keep::Words), machine)
    };
    let (mut left, mut right) = (new(product.left, *rows)?, new(product.right, *columns)?);
    if narrow == "bf16" && !(left.in_words() && right.in_words()) {
        return Err("its bf16 elements do not lie in pieces of 16 bytes".to_owned());
    }
    let pieces = [own_rows / SIDE, own_columns / SIDE];
    let scratch = shared(at, kernel, &[threads / SUBGROUP, SIDE, SIDE], "f32");
    let sizes = grid(at, &product, [*rows, *columns])?;
    forall(at, &sizes.counts, true, |at, ids| {
        let loops = sizes.loops(at, &product, ids);
        left.assign(at, tile(*rows));
        right.assign(at, tile(*columns));
        let number = at.value("gpu.subgroup_id", &[], "index", &[]);
        let beside = columns / own_columns;
        let work = Work {
            number,
            corner: [mul(at, div(at, number, beside), *own_rows), mul(at, rem(at, number, beside), *own_columns)],
            pieces,
            depth: *depth,
            scratch,
        };
        let starts = [loops[product.left.free], loops[product.right.free]];
        let zero = at.value("arith.constant", &[], "f32", &[("value", "0.0 : f32")]);
        let zero = at.value("gpu.subgroup_mma_constant_matrix", &[zero], SUM, &[]);
        let carried = vec![zero; (pieces[0] * pieces[1]) as usize];
        let stages = [(&left, starts[0]), (&right, starts[1])];
        let sums = pipeline(at, stages, (&loops, length, *depth, *buffers), &carried, |at, buffer, sums| {
            work.multiply(at, [&left, &right], buffer, sums)
        });
        let own = thread(at);
        work.write(at, &product, &outputs, (&loops, &sizes.ends, [*own_rows, *own_columns, beside]), own, &sums);
    });
    Outputs::finish(kernel);
    set_attribute(kernel, crate::WORKGROUP_SIZE, &format!("array<i64: {threads}, 1, 1>"));
    set_attribute(kernel, crate::MATRIX_ELEMENT, &format!("{narrow:?}"));
    Ok(())
}

/// The type of a matrix of sums.
const SUM: &str = "!gpu.mma_matrix<16x16xf32, \"COp\">";

/// A subgroup's work on a tile.
struct Work<'c> {
    /// The subgroup's number in the workgroup.
    number: Val<'c>,
    /// Its first row and column in the workgroup's tile.
    corner: [Val<'c>; 2],
    /// Its matrices along rows and columns.
    pieces: [i64; 2],
    depth: i64,
    /// Shared memory for a matrix of sums of each subgroup.
    scratch: Val<'c>,
}

impl<'c> Work<'c> {
    /// The matrix of an operand at `free` and `depth` of the tile; `rows`: it is the rows' side.
    fn load(
        &self,
        at: Builder<'c>,
        stage: &Stage<'c>,
        buffer: Val<'c>,
        [free, depth]: [Val<'c>; 2],
        rows: bool,
    ) -> Val<'c> {
        let (line, place) = if stage.layout == Layout::ByFree { (free, depth) } else { (depth, free) };
        // The rows' side wants a row for each of its own, the columns' side one for each step of the depth.
        let turned = rows == (stage.layout == Layout::ByDepth);
        let operands = [stage.memory, buffer, line, div(at, place, stage.word)];
        let lead = format!("{} : index", stage.line);
        let attributes = [("leadDimension", lead.as_str()), ("transpose", "unit")];
        // bf16 is f16 here, where MLIR's type knows no other; see `MATRIX_ELEMENT`.
        let ty = format!("!gpu.mma_matrix<16x16xf16, {:?}>", if rows { "AOp" } else { "BOp" });
        at.value("gpu.subgroup_mma_load_matrix", &operands, &ty, &attributes[..1 + usize::from(turned)])
    }

    fn multiply(&self, at: Builder<'c>, stages: [&Stage<'c>; 2], buffer: Val<'c>, sums: &[Val<'c>]) -> Vec<Val<'c>> {
        let mut sums = sums.to_vec();
        let [rows, columns] = self.pieces;
        for step in 0..self.depth / SIDE {
            let depth = at.index(step * SIDE);
            let load = |side: usize, number: i64| {
                let free = add(at, self.corner[side], at.index(number * SIDE));
                self.load(at, stages[side], buffer, [free, depth], side == 0)
            };
            let left: Vec<Val<'c>> = (0..rows).map(|number| load(0, number)).collect();
            let right: Vec<Val<'c>> = (0..columns).map(|number| load(1, number)).collect();
            let pairs = left.iter().flat_map(|left| right.iter().map(move |right| [*left, *right]));
            for (sum, [left, right]) in sums.iter_mut().zip(pairs) {
                *sum = at.value("gpu.subgroup_mma_compute", &[left, right, *sum], SUM, &[]);
            }
        }
        sums
    }

    /// Computes what follows the product: matrix by matrix through shared memory, each thread some of its elements.
    fn write(
        &self,
        at: Builder<'c>,
        product: &Product<'c>,
        outputs: &Outputs<'c>,
        (loops, ends, [own_rows, own_columns, beside]): (&[Val<'c>], &[Option<Val<'c>>], [i64; 3]),
        own: Val<'c>,
        sums: &[Val<'c>],
    ) {
        let (row_axis, column_axis) = (product.left.free, product.right.free);
        // Which subgroup a thread is of does not matter any more: 32 neighbours take the elements of one.
        let (taken, lane) = (div(at, own, SUBGROUP), rem(at, own, SUBGROUP));
        let row = add(at, loops[row_axis], mul(at, div(at, taken, beside), own_rows));
        let column = add(at, loops[column_axis], mul(at, rem(at, taken, beside), own_columns));
        let sum_type = product.merge.scalar();
        let zero = at.index(0);
        for (number, sum) in sums.iter().enumerate() {
            let (i, j) = (number as i64 / self.pieces[1], number as i64 % self.pieces[1]);
            let operands = [*sum, self.scratch, self.number, zero, zero];
            let lead = format!("{SIDE} : index");
            at.op("gpu.subgroup_mma_store_matrix", &operands, &[], &[("leadDimension", &lead)]);
            barrier(at);
            let bounds = [lane, at.index(SIDE * SIDE), at.index(SUBGROUP)];
            for_loop(at, bounds, &[], |at, element, _| {
                let (r, c) = (div(at, element, SIDE), rem(at, element, SIDE));
                let mut value = load_shared(at, self.scratch, &[taken, r, c], 1);
                if sum_type != "f32" {
                    value = at.value("arith.truncf", &[value], &sum_type, &[]);
                }
                let own_row = add(at, add(at, row, at.index(i * SIDE)), r);
                let own_column = add(at, add(at, column, at.index(j * SIDE)), c);
                let mut place = loops.to_vec();
                (place[row_axis], place[column_axis]) = (own_row, own_column);
                let inside = [(own_row, ends[row_axis]), (own_column, ends[column_axis])]
                    .map(|(index, end)| end.map(|end| less(at, index, end)));
                when(at, both(at, inside[0], inside[1]), |at| finish(at, product, outputs, &place, value, 1));
                Vec::new()
            });
            barrier(at);
        }
    }
}
