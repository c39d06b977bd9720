//! Schedules: transform-dialect text, with the tile sizes filled in, applied to one function.

mod check;
mod library;
mod template;

pub(crate) use check::check;
pub(crate) use ropt_mlir::ir::apply_schedule as apply;

pub(crate) use library::{Library, NAMES, files};
pub(crate) use ropt_plugin::tiles::Tiles;
pub(crate) use template::fill;

/// The function attribute that names the schedule.
pub(crate) const SCHEDULE: &str = "ropt.schedule";
/// The function attribute with the tile sizes.
pub(crate) const TILES: &str = "ropt.tiles";
/// The attribute of the op whose work the schedule is for.
pub(crate) const ROOT: &str = "ropt.root";
/// The attribute of the op whose result leaves the kernel.
pub(crate) const SINK: &str = "ropt.sink";
/// The attribute of reductions along a row.
pub(crate) const REDUCE: &str = "ropt.reduce";
/// The attribute of elementwise ops along a row.
pub(crate) const MAP: &str = "ropt.map";
/// The attribute of copies that compute that `cpu-pack-operands` makes.
pub(crate) const PANEL: &str = "ropt.panel";
/// The schedule that changes nothing.
pub(crate) const PLAIN: &str = "plain";
