//! Which schedule a kernel gets, from its ops, shapes and element types.

use ropt_mlir::ir::edit::Op;

use crate::{config::Simd, schedule::Tiles};

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
}

/// The schedule of a kernel; none when the plain path is the only right one.
pub(crate) fn choose<'c>(_kernel: Op<'c>, _simd: Simd) -> Option<Choice<'c>> {
    None
}
