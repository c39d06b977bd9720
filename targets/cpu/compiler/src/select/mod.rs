//! Which schedule a kernel gets, from its ops, shapes and element types.

mod body;
mod contraction;
mod convolution;
mod elementwise;
mod panels;
mod rows;
mod sizes;

use ropt_mlir::ir::edit::Op;

use crate::{config::Simd, schedule::Tiles};
use body::Body;

/// A schedule with its sizes.
#[derive(Debug, Clone)]
pub(crate) struct Choice<'c> {
    /// The schedule's name.
    pub(crate) schedule: &'static str,
    /// Its tile sizes.
    pub(crate) tiles: Tiles,
    /// The op whose work matters.
    pub(crate) root: Op<'c>,
    /// The op whose result is stored.
    pub(crate) sink: Op<'c>,
    /// Reductions along a row.
    pub(crate) reductions: Vec<Op<'c>>,
    /// Elementwise ops along a row.
    pub(crate) maps: Vec<Op<'c>>,
}

impl<'c> Choice<'c> {
    fn new(schedule: &'static str, tiles: Tiles, root: Op<'c>, sink: Op<'c>) -> Self {
        Self { schedule, tiles, root, sink, reductions: Vec::new(), maps: Vec::new() }
    }
}

/// The schedule of a kernel; none when only the plain path will do.
pub(crate) fn choose<'c>(kernel: Op<'c>, simd: Simd) -> Option<Choice<'c>> {
    let body = Body::of(kernel)?;
    match body.reducing.as_slice() {
        _ if body.bits => elementwise::grid_only(&body),
        [] => elementwise::choose(&body, simd),
        [root] => convolution::choose(&body, *root, simd)
            .or_else(|| panels::choose(&body, *root, simd))
            .or_else(|| contraction::choose(&body, *root, simd))
            .or_else(|| rows::choose(&body, simd))
            .or_else(|| elementwise::grid_only(&body)),
        _ => rows::choose(&body, simd).or_else(|| elementwise::grid_only(&body)),
    }
}
