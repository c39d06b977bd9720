//! Which schedule a kernel gets, from its ops, shapes and element types.

mod check;
mod products;

use ropt_mlir::ir::edit::{Op, results};
use ropt_plugin::tiles::Tiles;

use crate::{
    COOPERATIVE, MATMUL, ROWS, TENSOR_CORES, VECTORS,
    body::Body,
    combine::Combine,
    emit::{self, readable},
    product::Product,
};

pub(crate) use check::check;

/// What a target's kernels may use.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Machine {
    /// Bytes that a thread reads or writes at once.
    pub(crate) vector_bytes: i64,
    /// Most threads of a workgroup.
    pub(crate) threads: i64,
    /// Bytes of shared memory that a workgroup can have.
    pub(crate) shared_memory: i64,
    /// Whether there are matrix units for mma.sync of 16 by 8 by 16.
    pub(crate) tensor_cores: bool,
    /// Whether there are cooperative matrices of 16 by 16 of f16, of bf16.
    pub(crate) cooperative: [bool; 2],
}

/// A schedule with its sizes.
#[derive(Debug, Clone)]
pub(crate) struct Choice<'c> {
    /// The schedule's name.
    pub(crate) schedule: &'static str,
    /// Its tile sizes.
    pub(crate) tiles: Tiles,
    /// The op whose result is stored.
    pub(crate) sink: Op<'c>,
}

/// Rows shorter than this are left to one thread for each element.
const SHORT: i64 = 32;
/// Taken for loops whose length is only known at run time.
const GUESS: i64 = 1024;

/// The schedule of a kernel, when another one than one thread for each element fits.
pub(crate) fn choose<'c>(kernel: Op<'c>, machine: Machine) -> Option<Choice<'c>> {
    let body = Body::of(kernel).ok()?;
    let sink = body.sink.op;
    if let Ok(product) = Product::of(&body) {
        if machine.tensor_cores
            && emit::fits_tensor_cores(&product).is_ok()
            && let Some(tiles) = products::tensor_cores(&product, machine)
        {
            return Some(Choice { schedule: TENSOR_CORES, tiles, sink });
        }
        if let Ok(narrow) = emit::fits_cooperative(&product)
            && machine.cooperative[usize::from(narrow == "bf16")]
            && let Some(tiles) = products::cooperative(&product, machine)
        {
            return Some(Choice { schedule: COOPERATIVE, tiles, sink });
        }
        let tiles = products::matmul(&product, machine)?;
        return Some(Choice { schedule: MATMUL, tiles, sink });
    }
    if body.reducing().is_empty() {
        let width = vector_width(&body, machine)?;
        let tiles = Tiles::default().with("vector", vec![width]);
        return Some(Choice { schedule: VECTORS, tiles, sink });
    }
    rows(&body, machine).map(|tiles| Choice { schedule: ROWS, tiles, sink })
}

/// Elements that a thread of an elementwise kernel computes; none when one it is.
fn vector_width(body: &Body<'_>, machine: Machine) -> Option<i64> {
    let (widest, _) = body.element_bytes()?;
    let last = (*body.sink.trips.last()?)?;
    let most = (machine.vector_bytes / widest).min(8);
    let width = (1..=most).rev().find(|width| width.count_ones() == 1 && last % width == 0)?;
    let fits = body.sink.is_identity() && results(body.sink.op).into_iter().all(|result| readable(result, &[]).is_ok());
    (width > 1 && fits).then_some(width)
}

fn rows(body: &Body<'_>, machine: Machine) -> Option<Tiles> {
    let loops = emit::rows_shape(body).ok()?;
    let first = body.reducing().into_iter().next()?;
    let columns = first.trips[loops];
    // Threads side by side read what lies side by side, or the other schedule is the better one.
    let along = |access: &Vec<Option<usize>>| !access.contains(&Some(loops)) || access.last() == Some(&Some(loops));
    let inputs = |compute: &&crate::body::Compute<'_>| compute.accesses[..compute.inputs()].iter().all(along);
    if columns.is_some_and(|columns| columns < SHORT) || !body.ops.iter().all(|compute| inputs(&compute)) {
        return None;
    }
    let (widest, _) = body.element_bytes()?;
    let wide = |compute: &&crate::body::Compute<'_>| {
        Combine::of(compute).is_some_and(|merge| !matches!(merge.scalar().as_str(), "f32" | "i32"))
    };
    let slow = body.reducing().iter().any(wide);
    let length = columns.unwrap_or(GUESS);
    let most = (machine.vector_bytes / widest).clamp(1, 8);
    let width =
        columns.map_or(1, |columns| (1..=most).rev().find(|w| w.count_ones() == 1 && columns % w == 0).unwrap_or(1));
    // Four pieces for each thread, while there are enough of them.
    let wanted = (length / width / 4).max(1);
    let limit = machine.threads.min(if slow { 64 } else { 512 });
    let threads = [512, 256, 128, 64, 32].into_iter().find(|threads| *threads <= wanted && *threads <= limit);
    Some(Tiles::default().with("threads", vec![threads.unwrap_or(32)]).with("vector", vec![width]))
}
