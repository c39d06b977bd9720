//! The schedule `tensor-cores`: a product of f16 or bf16 matrices on NVIDIA's matrix units, summed in f32.
//!
//! As `matmul`, but a subgroup multiplies pieces of 16 by 8 by 16 that its threads hold together. Which thread holds what
//! is told by NVIDIA's description of mma.sync and ldmatrix (PTX ISA, "Matrix fragments for mma.m16n8k16").

use ropt_mlir::{
    ir::edit::{Builder, Op, Val, type_text},
    kernel::body,
    melior::ir::{ValueLike, operation::OperationLike},
};
use ropt_plugin::tiles::Tiles;

use super::{
    Machine, Outputs, Refusal, add, both, div, elements, forall, lane, less,
    matmul::{finish, up},
    mul, packed, rem,
    staging::{Keep, Layout, Stage, Tile, pipeline, streamed, zero},
    thread, when,
};
use crate::{
    body::{Body, element},
    product::{Factor, Product},
};

/// Threads that hold a piece together.
const SUBGROUP: i64 = 32;
/// Elements behind each row in shared memory: ldmatrix then reads eight rows from different banks.
const GAP: i64 = 8;

/// Whether the matrix units do this product: both sides of one narrow type, multiplied as they are or widened to f32.
pub(crate) fn fits(product: &Product<'_>) -> Result<String, Refusal> {
    let operand = |factor: &Factor<'_>| {
        element(&type_text(ropt_mlir::ir::edit::operands(product.compute.op)[factor.number].r#type()))
    };
    let (left, right) = (operand(&product.left), operand(&product.right));
    let straight = |factor: &Factor<'_>| {
        let argument = product.compute.argument(factor.number);
        let widened = ropt_mlir::ir::edit::defining_op(factor.value).is_some_and(|op| {
            ropt_mlir::ir::edit::op_name(op) == "arith.extf"
                && ropt_mlir::ir::edit::operands(op).first().copied() == argument
        });
        Some(factor.value) == argument || widened
    };
    let narrow = left == right && matches!(left.as_str(), "f16" | "bf16");
    let sum = product.merge.scalar();
    if !narrow || !straight(&product.left) || !straight(&product.right) || !(sum == "f32" || sum == left) {
        return Err("its elements are not f16 or bf16, summed in f32".to_owned());
    }
    Ok(left)
}

/// Writes the threads of a product: `workgroup` of the sizes is the tile of a workgroup (rows, columns), `subgroup` that of
/// 32 threads, `reduction` the steps of the depth in shared memory, `buffers` how many such tiles there are.
pub(crate) fn emit<'c>(kernel: Op<'c>, known: &Body<'c>, tiles: &Tiles, machine: Machine) -> Result<(), Refusal> {
    let product = Product::of(known)?;
    let narrow = fits(&product)?;
    let outputs = Outputs::of(kernel, known)?;
    let ([rows, columns], [own_rows, own_columns], [depth]) =
        (tiles.get("workgroup"), tiles.get("subgroup"), tiles.get("reduction"))
    else {
        return Err("its tile sizes are not two, two and one".to_owned());
    };
    let buffers = tiles.get("buffers").first().copied().unwrap_or(1);
    let buffers = if product.compute.trips[product.depth].is_some() { buffers } else { 1 };
    let threads = (rows / own_rows) * (columns / own_columns) * SUBGROUP;
    let at = Builder::before(body(kernel).pop().ok_or("it has no end")?).located(product.compute.op.location());
    let length = elements::trips(at, &product.compute, product.depth).ok_or("the depth is not known")?;
    let tile = |free: i64| Tile { free, depth: *depth, buffers, gap: GAP, threads };
    let layout = |factor: &Factor<'c>| if product.along_depth(factor) { Layout::ByFree } else { Layout::ByDepth };
    let new = |factor: Factor<'c>, free: i64| {
        Stage::new(at, kernel, &product, factor, (tile(free), layout(&factor), Keep::Raw), machine)
    };
    let (mut left, mut right) = (new(product.left, *rows)?, new(product.right, *columns)?);
    let streams = buffers > 2 && left.is_direct() && right.is_direct();
    let sizes = grid(at, &product, [*rows, *columns])?;
    forall(at, &sizes.counts, true, |at, ids| {
        let loops = sizes.loops(at, &product, ids);
        left.assign(at, tile(*rows));
        right.assign(at, tile(*columns));
        let number = div(at, thread(at), SUBGROUP);
        let beside = columns / own_columns;
        let work = Work {
            narrow,
            lane: rem(at, thread(at), SUBGROUP),
            corner: [mul(at, div(at, number, beside), *own_rows), mul(at, rem(at, number, beside), *own_columns)],
            pieces: [own_rows / 16, own_columns / 8],
            depth: *depth,
        };
        let starts = [loops[product.left.free], loops[product.right.free]];
        let carried = vec![zero(at, "f32"); (own_rows * own_columns / SUBGROUP) as usize];
        let stages = [(&left, starts[0]), (&right, starts[1])];
        let multiply =
            |at: Builder<'c>, buffer: Val<'c>, sums: &[Val<'c>]| work.multiply(at, [&left, &right], buffer, sums);
        let sums = if streams {
            streamed(at, stages, (&loops, length, *depth, buffers), &carried, multiply)
        } else {
            pipeline(at, stages, (&loops, length, *depth, buffers), &carried, multiply)
        };
        work.write(at, &product, &outputs, (&loops, &sizes.ends), &sums);
    });
    Outputs::finish(kernel);
    ropt_mlir::ir::edit::set_attribute(kernel, crate::WORKGROUP_SIZE, &format!("array<i64: {threads}, 1, 1>"));
    Ok(())
}

/// The workgroups of a product.
pub(super) struct Sizes<'c> {
    /// Rows and columns of a workgroup.
    tile: [i64; 2],
    /// Workgroups along each loop of the result.
    pub(super) counts: Vec<Val<'c>>,
    /// The length of each of the product's loops that tiles reach beyond.
    pub(super) ends: Vec<Option<Val<'c>>>,
}

/// How a product's result is split into tiles of these rows and columns.
pub(super) fn grid<'c>(at: Builder<'c>, product: &Product<'c>, tile: [i64; 2]) -> Result<Sizes<'c>, Refusal> {
    let mut sizes = Sizes { tile, counts: Vec::new(), ends: vec![None; product.compute.trips.len()] };
    for axis in &product.output {
        let size = elements::trips(at, &product.compute, *axis).ok_or("the length of a loop is not known")?;
        let own = sizes.of(product, *axis);
        if product.compute.trips[*axis].is_none_or(|trips| trips % own != 0) {
            sizes.ends[*axis] = Some(size);
        }
        sizes.counts.push(up(at, size, own));
    }
    Ok(sizes)
}

impl<'c> Sizes<'c> {
    fn of(&self, product: &Product<'c>, axis: usize) -> i64 {
        match axis {
            axis if axis == product.left.free => self.tile[0],
            axis if axis == product.right.free => self.tile[1],
            _ => 1,
        }
    }

    /// Where the workgroup of these numbers begins, in each of the product's loops.
    pub(super) fn loops(&self, at: Builder<'c>, product: &Product<'c>, ids: &[Val<'c>]) -> Vec<Val<'c>> {
        let mut loops = vec![at.index(0); product.compute.trips.len()];
        for (axis, id) in product.output.iter().zip(ids) {
            loops[*axis] = mul(at, *id, self.of(product, *axis));
        }
        loops
    }
}

/// A subgroup's work on a tile.
struct Work<'c> {
    /// f16 or bf16.
    narrow: String,
    /// The thread's number in its subgroup.
    lane: Val<'c>,
    /// The subgroup's first row and column in the workgroup's tile.
    corner: [Val<'c>; 2],
    /// Pieces of 16 rows, of 8 columns.
    pieces: [i64; 2],
    depth: i64,
}

impl<'c> Work<'c> {
    /// Four pieces of 8 by 8 of shared memory: those of an operand at `free` and `depth`, 16 each way. The first two differ
    /// in the free loop for the rows' side, in the depth for the columns' side.
    fn load(
        &self,
        at: Builder<'c>,
        stage: &Stage<'c>,
        buffer: Val<'c>,
        [free, depth]: [Val<'c>; 2],
        rows: bool,
    ) -> Vec<Val<'c>> {
        let (low, bit3, bit4) = (rem(at, self.lane, 8), rem(at, div(at, self.lane, 8), 2), div(at, self.lane, 16));
        let (bit3, bit4) = (mul(at, bit3, 8), mul(at, bit4, 8));
        // Which of the four pieces a thread points to is in bits 3 and 4 of its number.
        let (second_free, second_depth) = if rows { (bit3, bit4) } else { (bit4, bit3) };
        let (free, depth) = (add(at, free, second_free), add(at, depth, second_depth));
        // A row of a piece is eight neighbours in shared memory. The columns' side wants them along the depth, and so does
        // the rows' side; else each piece is turned on the way.
        let (place, turned) = match stage.layout {
            Layout::ByFree => ([buffer, add(at, free, low), depth], false),
            Layout::ByDepth => ([buffer, add(at, depth, low), free], true),
        };
        let operands: Vec<Val<'c>> = std::iter::once(stage.memory).chain(place).collect();
        let attributes = [("numTiles", "4 : i32"), ("transpose", if turned { "true" } else { "false" })];
        let ty = format!("vector<4x2x{}>", self.narrow);
        let loaded = at.value("nvgpu.ldmatrix", &operands, &ty, &attributes);
        let part = |number: i64| {
            let position = format!("array<i64: {number}>");
            let pair =
                at.value("vector.extract", &[loaded], &packed(&self.narrow, 2), &[("static_position", &position)]);
            if self.narrow == "f16" {
                return pair;
            }
            let word = at.value("vector.bitcast", &[pair], "vector<1xi32>", &[]);
            at.value("vector.extract", &[word], "i32", &[("static_position", "array<i64: 0>")])
        };
        (0..4).map(part).collect()
    }

    fn multiply(&self, at: Builder<'c>, stages: [&Stage<'c>; 2], buffer: Val<'c>, sums: &[Val<'c>]) -> Vec<Val<'c>> {
        let mut sums = sums.to_vec();
        let [rows, columns] = self.pieces;
        for step in 0..self.depth / 16 {
            let depth = at.index(step * 16);
            let place = |side: usize, number: i64| [add(at, self.corner[side], at.index(number * 16)), depth];
            let left: Vec<Vec<Val<'c>>> =
                (0..rows).map(|number| self.load(at, stages[0], buffer, place(0, number), true)).collect();
            let right: Vec<Vec<Val<'c>>> =
                (0..columns / 2).map(|number| self.load(at, stages[1], buffer, place(1, number), false)).collect();
            for i in 0..rows {
                for j in 0..columns {
                    let own = ((i * columns + j) * 4) as usize;
                    let pair = &right[(j / 2) as usize][(j % 2 * 2) as usize..][..2];
                    let next = self.product(at, &left[i as usize], pair, &sums[own..own + 4]);
                    sums[own..own + 4].copy_from_slice(&next);
                }
            }
        }
        sums
    }

    /// One mma.sync.
    fn product(&self, at: Builder<'c>, left: &[Val<'c>], right: &[Val<'c>], sums: &[Val<'c>]) -> Vec<Val<'c>> {
        let operands: Vec<Val<'c>> = left.iter().chain(right).chain(sums).copied().collect();
        let ty = format!("#nvvm.mma_type<{}>", self.narrow);
        let attributes = [
            ("shape", "#nvvm.shape<m = 16, n = 8, k = 16>"),
            ("layoutA", "#nvvm.mma_layout<row>"),
            ("layoutB", "#nvvm.mma_layout<col>"),
            ("multiplicandAPtxType", ty.as_str()),
            ("multiplicandBPtxType", ty.as_str()),
            ("operandSegmentSizes", "array<i32: 4, 2, 4>"),
        ];
        let all = at.value("nvvm.mma.sync", &operands, "!llvm.struct<(f32, f32, f32, f32)>", &attributes);
        (0..4)
            .map(|number| {
                let position = format!("array<i64: {number}>");
                at.value("llvm.extractvalue", &[all], "f32", &[("position", &position)])
            })
            .collect()
    }

    /// Computes what follows the product and stores the thread's elements: of each piece two neighbours in two rows.
    fn write(
        &self,
        at: Builder<'c>,
        product: &Product<'c>,
        outputs: &Outputs<'c>,
        (loops, ends): (&[Val<'c>], &[Option<Val<'c>>]),
        sums: &[Val<'c>],
    ) {
        let (row_axis, column_axis) = (product.left.free, product.right.free);
        let width = outputs.width(product.compute.trips[column_axis], 2);
        let row = add(at, add(at, loops[row_axis], self.corner[0]), div(at, self.lane, 4));
        let column = add(at, add(at, loops[column_axis], self.corner[1]), mul(at, rem(at, self.lane, 4), 2));
        let sum_type = product.merge.scalar();
        for (number, pair) in sums.chunks(2).enumerate() {
            let (piece, half) = (number as i64 / 2, number as i64 % 2);
            let (i, j) = (piece / self.pieces[1], piece % self.pieces[1]);
            let own_row = add(at, row, at.index(i * 16 + half * 8));
            let mut value = at.value("vector.from_elements", pair, "vector<2xf32>", &[]);
            if sum_type != "f32" {
                value = at.value("arith.truncf", &[value], &packed(&sum_type, 2), &[]);
            }
            for part in 0..2 / width {
                let own_column = add(at, column, at.index(j * 8 + part));
                let mut place = loops.to_vec();
                (place[row_axis], place[column_axis]) = (own_row, own_column);
                let value = if width == 2 { value } else { lane(at, value, part) };
                let inside = [(own_row, ends[row_axis]), (own_column, ends[column_axis])]
                    .map(|(index, end)| end.map(|end| less(at, index, end)));
                when(at, both(at, inside[0], inside[1]), |at| finish(at, product, outputs, &place, value, width));
            }
        }
    }
}
