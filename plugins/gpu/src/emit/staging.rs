//! A tile of an operand on its way from memory to registers and to shared memory, moved by all threads of a workgroup.

use ropt_mlir::{
    ir::edit::{Builder, Op, Val, defining_op, op_name, operands, type_text},
    melior::ir::ValueLike,
};

use super::{
    Elements, Machine, Refusal, add, div, elements, elements::inline, index_op, lane, less, mul, rem, select, shared,
    spread, store_shared, thread,
};
use crate::{
    body::{bytes, element},
    product::{Factor, Product},
};

/// Bytes of an asynchronous copy.
const PIECE: i64 = 16;

/// How a tile lies in shared memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// One row for each step of the depth.
    ByDepth,
    /// One row for each row or column of the operand.
    ByFree,
}

/// What of an operand is kept in shared memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    /// What is multiplied.
    Factor,
    /// The operand's elements.
    Raw,
    /// The operand's elements, as words of 16 bytes where a thread's pieces are such: for APIs whose memory has types, and
    /// whose vectors have at most four elements. Else one by one.
    Words,
}

/// The type of a word.
const WORD: &str = "vector<4xi32>";

/// What a workgroup keeps of an operand.
pub(crate) struct Stage<'c> {
    product: Product<'c>,
    factor: Factor<'c>,
    /// Whether the operand's element is kept as it is, not what is multiplied.
    raw: bool,
    /// Neighbours that a thread moves at once, and whether they are along the depth.
    width: i64,
    along_depth: bool,
    pub(crate) layout: Layout,
    pub(crate) memory: Val<'c>,
    /// Elements of the operand in one of the memory.
    pub(crate) word: i64,
    /// The memory's elements from a row to the next.
    pub(crate) line: i64,
    /// Where the thread's pieces begin in the tile: along the free loop and the depth.
    pieces: Vec<[Val<'c>; 2]>,
    /// The lengths of the free loop and the depth, where a tile may reach beyond.
    edges: [Option<Val<'c>>; 2],
    /// The binding, when a thread's pieces of it are pieces of 16 bytes as they are.
    binding: Option<Val<'c>>,
}

/// The sizes of a tile.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tile {
    /// Rows or columns.
    pub(crate) free: i64,
    /// Steps of the depth.
    pub(crate) depth: i64,
    /// Tiles kept at the same time.
    pub(crate) buffers: i64,
    /// Elements behind each row in shared memory, which keep neighbours of a column apart.
    pub(crate) gap: i64,
    /// Threads of the workgroup.
    pub(crate) threads: i64,
}

/// The neighbours of an operand that a thread reads at once, at most `most`.
pub(crate) fn width(product: &Product<'_>, factor: &Factor<'_>, tile: &Tile, most: i64) -> i64 {
    let inner = if product.along_depth(factor) { product.depth } else { factor.free };
    let extent = if product.along_depth(factor) { tile.depth } else { tile.free };
    let contiguous = product.compute.accesses[factor.number].last() == Some(&Some(inner));
    let mut width = if contiguous { most } else { 1 };
    while width > 1 && (product.compute.trips[inner].is_none_or(|trips| trips % width != 0) || extent % width != 0) {
        width /= 2;
    }
    width
}

impl<'c> Stage<'c> {
    /// Makes the shared memory; `at` is outside of the workgroups' loop.
    pub(crate) fn new(
        at: Builder<'c>,
        kernel: Op<'c>,
        product: &Product<'c>,
        factor: Factor<'c>,
        (tile, layout, keep): (Tile, Layout, Keep),
        machine: Machine,
    ) -> Result<Self, Refusal> {
        let raw = keep != Keep::Factor;
        let operand = operands(product.compute.op)[factor.number];
        let stored = element(&type_text(operand.r#type()));
        let kept = if raw { stored.clone() } else { product.scalar() };
        let at_once = if keep == Keep::Words { PIECE } else { machine.vector_bytes };
        let most = at_once / bytes(&stored).ok_or("its elements have no whole bytes")?;
        let mut width = width(product, &factor, &tile, most.max(1));
        let edge = |axis: usize, tile: i64| -> Result<Option<Val<'c>>, Refusal> {
            if product.compute.trips[axis].is_some_and(|trips| trips % tile == 0) {
                return Ok(None);
            }
            Ok(Some(elements::trips(at, &product.compute, axis).ok_or("the length of a loop is not known")?))
        };
        let edges = [edge(factor.free, tile.free)?, edge(product.depth, tile.depth)?];
        let along_depth = product.along_depth(&factor);
        let binding =
            defining_op(operand).filter(|op| op_name(*op) == "bufferization.to_tensor").map(|op| operands(op)[0]);
        let last = product.compute.accesses[factor.number].len().saturating_sub(1);
        let whole = |memory: &Val<'c>| {
            raw && width * bytes(&stored).unwrap_or(1) == PIECE && elements::side_by_side(*memory, last, width)
        };
        let binding = binding.filter(whole);
        let rows = if layout == Layout::ByDepth { [tile.depth, tile.free] } else { [tile.free, tile.depth] };
        let straight = along_depth == (layout == Layout::ByFree);
        // A word beyond the depth would have to be zero, which is chosen for scalars alone.
        let words = keep == Keep::Words && binding.is_some() && straight && edges[1].is_none();
        let (word, memory_type) = if words { (width, WORD) } else { (1, kept.as_str()) };
        if keep == Keep::Words && !words {
            width = 1;
        }
        let line = (rows[1] + tile.gap) / word;
        let memory = shared(at, kernel, &[tile.buffers, rows[0], line], memory_type);
        Ok(Self {
            binding,
            word,
            line,
            product: product.clone(),
            factor,
            raw,
            width,
            along_depth,
            layout,
            memory,
            pieces: Vec::new(),
            edges,
        })
    }

    /// Which pieces of a tile the thread moves.
    pub(crate) fn assign(&mut self, at: Builder<'c>, tile: Tile) {
        let own = thread(at);
        let units = tile.free * tile.depth / self.width;
        let line = if self.along_depth { tile.depth } else { tile.free } / self.width;
        let rounds = (units + tile.threads - 1) / tile.threads;
        self.pieces = (0..rounds)
            .map(|round| {
                let mut unit = add(at, own, at.index(round * tile.threads));
                if (round + 1) * tile.threads > units {
                    // Threads too many move the last piece once more.
                    unit = at.value("arith.minui", &[unit, at.index(units - 1)], "index", &[]);
                }
                let (slow, fast) = (div(at, unit, line), mul(at, rem(at, unit, line), self.width));
                if self.along_depth { [slow, fast] } else { [fast, slow] }
            })
            .collect();
    }

    /// Reads the thread's pieces of the tile at `start` (of the free loop) and `step` (of the depth); `loops` are the
    /// product's, of which only the others are taken.
    pub(crate) fn fetch(&self, at: Builder<'c>, loops: &[Val<'c>], start: Val<'c>, step: Val<'c>) -> Vec<Val<'c>> {
        let compute = &self.product.compute;
        let over = if self.along_depth { self.product.depth } else { self.factor.free };
        let piece = |[free, depth]: &[Val<'c>; 2]| {
            let mut loops = loops.to_vec();
            let mut values = Elements::default();
            let (source, inside) = self.source(at, [add(at, start, *free), add(at, step, *depth)]);
            [loops[self.factor.free], loops[self.product.depth]] = source;
            let argument = compute.argument(self.factor.number).expect("an operand of the product");
            let own = values.operand(at, compute, self.factor.number, &loops, Some(over), self.width);
            let mut value = own;
            if !self.raw {
                let place = (loops.as_slice(), Some(over), self.width);
                value = inline(at, compute, &[(argument, own)], &[], place, self.factor.value);
            }
            value = spread(at, value, self.width);
            if let Some(inside) = inside {
                value = select(at, inside, value, zero(at, &type_text(value.r#type())));
            }
            value
        };
        self.pieces.iter().map(piece).collect()
    }

    /// Whether the memory is of words of 16 bytes.
    pub(crate) fn in_words(&self) -> bool {
        self.word > 1
    }

    /// Whether the tile can go to shared memory without passing through registers.
    pub(crate) fn is_direct(&self) -> bool {
        self.binding.is_some() && self.along_depth == (self.layout == Layout::ByFree)
    }

    /// Where a piece is read: in the free loop and the depth, both inside of the operand, and whether the depth was.
    fn source(&self, at: Builder<'c>, [free, depth]: [Val<'c>; 2]) -> ([Val<'c>; 2], Option<Val<'c>>) {
        let (mut free, mut depth) = (free, depth);
        if let Some(end) = self.edges[0] {
            // What lies beyond is never written: any element will do.
            let last = index_op(at, "arith.subi", end, at.index(if self.along_depth { 1 } else { self.width }));
            free = at.value("arith.minui", &[free, last], "index", &[]);
        }
        let inside = self.edges[1].map(|end| less(at, depth, end));
        if let Some(inside) = inside {
            depth = select(at, inside, depth, at.index(0));
        }
        ([free, depth], inside)
    }

    /// Starts copying the thread's pieces to a buffer; see [`Stage::fetch`]. What lies beyond the depth becomes zero.
    pub(crate) fn copy(&self, at: Builder<'c>, loops: &[Val<'c>], [start, step, buffer]: [Val<'c>; 3]) {
        let Some(binding) = self.binding else { return };
        for [free, depth] in &self.pieces {
            let (source, inside) = self.source(at, [add(at, start, *free), add(at, step, *depth)]);
            let mut loops = loops.to_vec();
            [loops[self.factor.free], loops[self.product.depth]] = source;
            let access = &self.product.compute.accesses[self.factor.number];
            let from: Vec<Val<'c>> = access.iter().flatten().map(|axis| loops[*axis]).collect();
            let to = match self.layout {
                Layout::ByDepth => [buffer, *depth, *free],
                Layout::ByFree => [buffer, *free, *depth],
            };
            let count = inside.map(|inside| select(at, inside, at.index(self.width), at.index(0)));
            let all: Vec<Val<'c>> =
                [self.memory].into_iter().chain(to).chain([binding]).chain(from.iter().copied()).chain(count).collect();
            let segments = format!("array<i32: 1, 3, 1, {}, {}>", from.len(), usize::from(count.is_some()));
            let elements = format!("{} : index", self.width);
            at.op(
                "nvgpu.device_async_copy",
                &all,
                &[at.ty("!nvgpu.device.async.token")],
                &[("dstElements", &elements), ("bypassL1", "unit"), ("operandSegmentSizes", &segments)],
            );
        }
    }

    /// Writes the thread's pieces to a buffer.
    pub(crate) fn put(&self, at: Builder<'c>, pieces: &[Val<'c>], buffer: Val<'c>) {
        for ([free, depth], value) in self.pieces.iter().zip(pieces) {
            let straight = self.along_depth == (self.layout == Layout::ByFree);
            let place = |free: Val<'c>, depth: Val<'c>| match self.layout {
                Layout::ByDepth => [buffer, depth, free],
                Layout::ByFree => [buffer, free, depth],
            };
            if self.in_words() {
                let [buffer, line, first] = place(*free, *depth);
                let value = at.value("vector.bitcast", &[*value], WORD, &[]);
                let word = div(at, first, self.word);
                at.op("memref.store", &[value, self.memory, buffer, line, word], &[], &[]);
                continue;
            }
            if straight || self.width == 1 {
                store_shared(at, *value, self.memory, &place(*free, *depth));
                continue;
            }
            for number in 0..self.width {
                let (mut free, mut depth) = (*free, *depth);
                let moved = if self.along_depth { &mut depth } else { &mut free };
                *moved = add(at, *moved, at.index(number));
                store_shared(at, lane(at, *value, number), self.memory, &place(free, depth));
            }
        }
    }
}

/// Zero of a type.
pub(crate) fn zero<'c>(at: Builder<'c>, ty: &str) -> Val<'c> {
    let number = if element(ty).starts_with('i') { "0" } else { "0.0" };
    let text = if ty.starts_with("vector<") { format!("dense<{number}> : {ty}") } else { format!("{number} : {ty}") };
    at.value("arith.constant", &[], ty, &[("value", &text)])
}

/// The loop over the depth: tiles are fetched, put into shared memory, and multiplied by `step`, which is given the
/// buffer and what is summed so far. With two buffers the next tile is fetched while this one is multiplied.
pub(crate) fn pipeline<'c>(
    at: Builder<'c>,
    stages: [(&Stage<'c>, Val<'c>); 2],
    (loops, length, depth, buffers): (&[Val<'c>], Val<'c>, i64, i64),
    carried: &[Val<'c>],
    step: impl Fn(Builder<'c>, Val<'c>, &[Val<'c>]) -> Vec<Val<'c>>,
) -> Vec<Val<'c>> {
    let fetch = |at: Builder<'c>, k: Val<'c>| stages.map(|(stage, start)| stage.fetch(at, loops, start, k));
    let put = |at: Builder<'c>, pieces: &[Vec<Val<'c>>; 2], buffer: Val<'c>| {
        stages.iter().zip(pieces).for_each(|((stage, _), pieces)| stage.put(at, pieces, buffer));
    };
    let bounds = [at.index(0), length, at.index(depth)];
    if buffers < 2 {
        return super::for_loop(at, bounds, carried, |at, k, so_far| {
            let pieces = fetch(at, k);
            put(at, &pieces, at.index(0));
            super::barrier(at);
            let next = step(at, at.index(0), so_far);
            super::barrier(at);
            next
        });
    }
    let pieces = fetch(at, at.index(0));
    put(at, &pieces, at.index(0));
    super::barrier(at);
    let carried: Vec<Val<'c>> = carried.iter().copied().chain([at.index(0)]).collect();
    let mut all = super::for_loop(at, bounds, &carried, |at, k, so_far| {
        let (buffer, sums) = so_far.split_last().expect("the buffer is carried");
        let next = add(at, k, at.index(depth));
        // Behind the last tile the first one is read again, and not used.
        let next = select(at, less(at, next, length), next, at.index(0));
        let pieces = fetch(at, next);
        let mut sums = step(at, *buffer, sums);
        let other = index_op(at, "arith.subi", at.index(1), *buffer);
        put(at, &pieces, other);
        super::barrier(at);
        sums.push(other);
        sums
    });
    all.pop();
    all
}

/// As [`pipeline`], with three buffers or more and copies that run while earlier tiles are multiplied: `buffers - 1` tiles
/// are on their way.
pub(crate) fn streamed<'c>(
    at: Builder<'c>,
    stages: [(&Stage<'c>, Val<'c>); 2],
    (loops, length, depth, buffers): (&[Val<'c>], Val<'c>, i64, i64),
    carried: &[Val<'c>],
    step: impl Fn(Builder<'c>, Val<'c>, &[Val<'c>]) -> Vec<Val<'c>>,
) -> Vec<Val<'c>> {
    let copy = |at: Builder<'c>, k: Val<'c>, buffer: Val<'c>| {
        // Behind the last tile the first one is copied again, and not used: the numbers of copies stay the same.
        let k = select(at, less(at, k, length), k, at.index(0));
        stages.iter().for_each(|(stage, start)| stage.copy(at, loops, [*start, k, buffer]));
        at.op("nvvm.cp.async.commit.group", &[], &[], &[]);
    };
    for number in 0..buffers - 1 {
        copy(at, at.index(number * depth), at.index(number));
    }
    let after = |at: Builder<'c>, buffer: Val<'c>| {
        let next = add(at, buffer, at.index(1));
        select(at, less(at, next, at.index(buffers)), next, at.index(0))
    };
    let carried: Vec<Val<'c>> = carried.iter().copied().chain([at.index(0), at.index(buffers - 1)]).collect();
    let bounds = [at.index(0), length, at.index(depth)];
    let mut all = super::for_loop(at, bounds, &carried, |at, k, so_far| {
        let (sums, [from, to]) = so_far.split_at(so_far.len() - 2) else { return so_far.to_vec() };
        let waiting = format!("{} : i32", buffers - 2);
        at.op("nvvm.cp.async.wait.group", &[], &[], &[("n", &waiting)]);
        // The tile is there for all threads, and none still reads the buffer that is filled next.
        super::barrier(at);
        copy(at, add(at, k, at.index((buffers - 1) * depth)), *to);
        let mut sums = step(at, *from, sums);
        sums.extend([after(at, *from), after(at, *to)]);
        sums
    });
    all.truncate(all.len() - 2);
    all
}
