//! The schedule `matmul`: a workgroup computes a tile of a product, a thread a part of it in registers.
//!
//! Tiles of both operands pass through shared memory, step by step of the depth. What feeds the operands is computed on
//! the way in, what follows the product on the way out. Tiles may reach beyond the result: what they read there is
//! some other element, or zero along the depth, and they write nothing there.

use ropt_mlir::{
    ir::edit::{Builder, Op, Val, operands, results},
    kernel::body,
    melior::ir::operation::OperationLike,
};
use ropt_plugin::tiles::Tiles;

use super::{
    Elements, Lanes, Machine, Outputs, Refusal, add, both, div, elements, for_loop, forall, lane, less, load_shared,
    mul, rem, spread,
    staging::{Keep, Layout, Stage, Tile, pipeline, zero},
    thread, when,
};
use crate::{
    body::{Body, bytes},
    product::Product,
};

/// The sizes that a kernel's annotations give.
#[derive(Debug, Clone, Copy)]
struct Sizes {
    /// Rows, columns and depth of a workgroup's tile.
    tile: [i64; 3],
    /// Rows and columns of a thread.
    part: [i64; 2],
}

impl Sizes {
    fn threads(&self) -> i64 {
        (self.tile[0] / self.part[0]) * (self.tile[1] / self.part[1])
    }
}

/// Writes the threads of a product: `workgroup` of the sizes is its tile (rows, columns), `thread` a thread's part,
/// `reduction` the steps of the depth in shared memory, `buffers` how many such tiles there are.
pub(crate) fn emit<'c>(kernel: Op<'c>, known: &Body<'c>, tiles: &Tiles, machine: Machine) -> Result<(), Refusal> {
    let product = Product::of(known)?;
    let outputs = Outputs::of(kernel, known)?;
    let [workgroup, part] = ["workgroup", "thread"].map(|level| tiles.get(level));
    let ([rows, columns], [part_rows, part_columns], [depth]) = (workgroup, part, tiles.get("reduction")) else {
        return Err("its tile sizes are not two, two and one".to_owned());
    };
    let buffers = tiles.get("buffers").first().copied().unwrap_or(1);
    // Without a known depth there may be nothing to fetch ahead.
    let buffers = if product.compute.trips[product.depth].is_some() { buffers } else { 1 };
    let sizes = Sizes { tile: [*rows, *columns, *depth], part: [*part_rows, *part_columns] };
    let sum = product.merge.scalar();
    let scalar =
        bytes(&product.scalar()).filter(|_| bytes(&sum).is_some()).ok_or("its elements have no whole bytes")?;
    let mut lanes = (machine.vector_bytes / scalar).clamp(1, 4);
    while sizes.part.iter().any(|part| part % lanes != 0) {
        lanes /= 2;
    }
    let at = Builder::before(body(kernel).pop().ok_or("it has no end")?).located(product.compute.op.location());
    let length = elements::trips(at, &product.compute, product.depth).ok_or("the depth is not known")?;
    // A piece that is stored across the rows of shared memory meets fewer of its neighbours' banks with a gap.
    let tile = |free: i64, gap: i64| Tile { free, depth: *depth, buffers, gap, threads: sizes.threads() };
    let gap = |along: bool| if along && lanes > 1 { lanes } else { 0 };
    let gaps = [product.left, product.right].map(|factor| gap(product.along_depth(&factor)));
    let new = |factor, tile| Stage::new(at, kernel, &product, factor, (tile, Layout::ByDepth, Keep::Factor), machine);
    let mut left = new(product.left, tile(*rows, gaps[0]))?;
    let mut right = new(product.right, tile(*columns, gaps[1]))?;
    let work = Work { product: &product, sizes, lanes, unroll: machine.unroll };
    let mut counts = Vec::new();
    for axis in &product.output {
        let size = elements::trips(at, &product.compute, *axis).ok_or("the length of a loop is not known")?;
        counts.push(match work.tile_of(*axis) {
            Some(tile) => up(at, size, tile),
            None => size,
        });
    }
    let ends: Vec<Option<Val<'c>>> = [product.left.free, product.right.free]
        .into_iter()
        .map(|axis| {
            let whole = product.compute.trips[axis].is_some_and(|trips| trips % work.tile_of(axis).unwrap_or(1) == 0);
            if whole { None } else { elements::trips(at, &product.compute, axis) }
        })
        .collect();

    forall(at, &counts, true, |at, ids| {
        let zero_index = at.index(0);
        let mut loops = vec![zero_index; product.compute.trips.len()];
        for (axis, id) in product.output.iter().zip(ids) {
            loops[*axis] = mul(at, *id, work.tile_of(*axis).unwrap_or(1));
        }
        let starts = [loops[product.left.free], loops[product.right.free]];
        left.assign(at, tile(*rows, 0));
        right.assign(at, tile(*columns, 0));
        let own = work.place(at);
        let first = spread(at, zero(at, &sum), lanes);
        let carried = vec![first; (sizes.part[0] * sizes.part[1] / lanes) as usize];
        let stages = [(&left, starts[0]), (&right, starts[1])];
        let memory = [left.memory, right.memory];
        let sums = pipeline(at, stages, (&loops, length, *depth, buffers), &carried, |at, buffer, sums| {
            work.multiply(at, memory, buffer, own, sums)
        });
        work.write(at, &outputs, (&loops, &ends), own, &sums);
    });
    Outputs::finish(kernel);
    let threads = sizes.threads();
    ropt_mlir::ir::edit::set_attribute(kernel, crate::WORKGROUP_SIZE, &format!("array<i64: {threads}, 1, 1>"));
    Ok(())
}

/// `size / tile`, rounded up.
pub(super) fn up<'c>(at: Builder<'c>, size: Val<'c>, tile: i64) -> Val<'c> {
    match ropt_mlir::kernel::constant(size) {
        Some(size) => at.index((size + tile - 1) / tile),
        None => at.value("arith.ceildivui", &[size, at.index(tile)], "index", &[]),
    }
}

/// A thread's work on a tile.
struct Work<'a, 'c> {
    product: &'a Product<'c>,
    sizes: Sizes,
    /// Columns of a vector.
    lanes: i64,
    unroll: bool,
}

impl<'c> Work<'_, 'c> {
    fn tile_of(&self, axis: usize) -> Option<i64> {
        match axis {
            axis if axis == self.product.left.free => Some(self.sizes.tile[0]),
            axis if axis == self.product.right.free => Some(self.sizes.tile[1]),
            _ => None,
        }
    }

    /// Threads beside each other along the columns.
    fn across(&self) -> i64 {
        self.sizes.tile[1] / self.sizes.part[1]
    }

    /// The thread's first row and first column in the tile. Its columns come in vectors, one for each round over the
    /// threads beside it.
    fn place(&self, at: Builder<'c>) -> [Val<'c>; 2] {
        let own = thread(at);
        let row = mul(at, div(at, own, self.across()), self.sizes.part[0]);
        [row, mul(at, rem(at, own, self.across()), self.lanes)]
    }

    fn column(&self, at: Builder<'c>, first: Val<'c>, group: i64) -> Val<'c> {
        add(at, first, at.index(group * self.across() * self.lanes))
    }

    /// Adds the products of a tile in shared memory.
    fn multiply(
        &self,
        at: Builder<'c>,
        memory: [Val<'c>; 2],
        buffer: Val<'c>,
        [row, column]: [Val<'c>; 2],
        sums: &[Val<'c>],
    ) -> Vec<Val<'c>> {
        let [rows, columns] = self.sizes.part;
        let one_step = |at: Builder<'c>, k: Val<'c>, sums: &[Val<'c>]| {
            let groups = columns / self.lanes;
            let right: Vec<Val<'c>> = (0..groups)
                .map(|group| load_shared(at, memory[1], &[buffer, k, self.column(at, column, group)], self.lanes))
                .collect();
            let left: Vec<Val<'c>> = (0..rows / self.lanes)
                .map(|group| {
                    load_shared(at, memory[0], &[buffer, k, add(at, row, at.index(group * self.lanes))], self.lanes)
                })
                .collect();
            let mut next = Vec::with_capacity(sums.len());
            for i in 0..rows {
                let own = spread(at, lane(at, left[(i / self.lanes) as usize], i % self.lanes), self.lanes);
                for (group, right) in right.iter().enumerate() {
                    let so_far = sums[i as usize * groups as usize + group];
                    next.push(self.product.accumulate(at, own, *right, so_far));
                }
            }
            next
        };
        let depth = self.sizes.tile[2];
        if self.unroll {
            return (0..depth).fold(sums.to_vec(), |sums, k| one_step(at, at.index(k), &sums));
        }
        let bounds = [at.index(0), at.index(depth), at.index(1)];
        for_loop(at, bounds, sums, |at, k, sums| one_step(at, k, sums))
    }

    /// Computes what follows the product and stores the thread's part.
    fn write(
        &self,
        at: Builder<'c>,
        outputs: &Outputs<'c>,
        (loops, ends): (&[Val<'c>], &[Option<Val<'c>>]),
        [row, column]: [Val<'c>; 2],
        sums: &[Val<'c>],
    ) {
        let last = self.product.compute.trips[self.product.right.free];
        let width = if outputs.width(last, self.lanes) == self.lanes { self.lanes } else { 1 };
        let groups = self.sizes.part[1] / self.lanes;
        for (number, sum) in sums.iter().enumerate() {
            let (i, group) = ((number / groups as usize) as i64, number as i64 % groups);
            let own_row = add(at, add(at, loops[self.product.left.free], row), at.index(i));
            let first = add(at, loops[self.product.right.free], self.column(at, column, group));
            for piece in 0..self.lanes / width {
                let own_column = add(at, first, at.index(piece * width));
                let mut place = loops.to_vec();
                (place[self.product.left.free], place[self.product.right.free]) = (own_row, own_column);
                let value = if width == self.lanes { *sum } else { lane(at, *sum, piece) };
                let inside =
                    [(own_row, ends[0]), (own_column, ends[1])].map(|(index, end)| end.map(|end| less(at, index, end)));
                when(at, both(at, inside[0], inside[1]), |at| finish(at, self.product, outputs, &place, value, width));
            }
        }
    }
}

/// Stores what follows a sum of products, for `width` neighbours along the columns.
pub(super) fn finish<'c>(
    at: Builder<'c>,
    product: &Product<'c>,
    outputs: &Outputs<'c>,
    loops: &[Val<'c>],
    sum: Val<'c>,
    width: i64,
) {
    let place: Vec<Val<'c>> = product.output.iter().map(|axis| loops[*axis]).collect();
    let lanes = Lanes::along(place.len() - 1, width);
    let mut values = Elements::default();
    let compute = &product.compute;
    let initial = operands(compute.op)[compute.inputs()];
    let mut total = sum;
    if !is_zero(initial) {
        let initial = values.value(at, initial, &place, lanes);
        total = product.merge.apply(at, sum, spread(at, initial, width));
    }
    values.set(results(compute.op)[0], total);
    for (tensor, target) in &outputs.stores {
        let value = values.value(at, *tensor, &place, lanes);
        Outputs::store(at, value, *target, &place, width);
    }
}

/// Whether the tensor is filled with zero.
fn is_zero(tensor: Val<'_>) -> bool {
    use ropt_mlir::ir::edit::{defining_op, op_name};
    let fill = defining_op(tensor).filter(|op| op_name(*op) == "linalg.fill");
    let scalar = fill.and_then(|op| defining_op(operands(op)[0])).filter(|op| op_name(*op) == "arith.constant");
    let text = scalar.and_then(|op| op.attribute("value").ok()).map(|value| value.to_string()).unwrap_or_default();
    text.split(' ').next().and_then(|number| number.parse::<f64>().ok()).is_some_and(|value| value == 0.0)
}
