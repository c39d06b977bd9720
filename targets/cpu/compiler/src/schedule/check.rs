//! Whether the schedule and the tile sizes that a kernel carries can be used: they are meant to be edited by hand.

use std::collections::BTreeSet;

use ropt_mlir::{
    ir::{
        edit::{Op, nested},
        linalg_loops, symbol_name,
    },
    melior::ir::operation::OperationLike,
};
use ropt_plugin::prelude::*;

use super::{Library, NAMES, PLAIN, ROOT, SCHEDULE, SINK, TILES, Tiles, template::levels};
use crate::ops::string;

/// Levels whose sizes are by the loops of the op marked ropt.sink, and of the one marked ropt.root.
const BY_LOOPS: [(&str, &[&str]); 2] =
    [(SINK, &["workgroup", "register"]), (ROOT, &["block", "panel", "rows", "reduction", "vector"])];
/// Levels whose tiles become vectors, unrolled.
const VECTORS: [&str; 5] = ["copy", "output", "piece", "register", "vector"];
/// Elements of such a tile; far more than registers hold, far fewer than what MLIR takes minutes for.
const MOST: i64 = 16384;

/// The tile sizes of a kernel, or what is wrong with its annotations. A kernel without any is fine.
pub(crate) fn check(kernel: Op<'_>, library: &Library) -> PassResult<Tiles> {
    let location = kernel.location();
    if !kernel.has_attribute(SCHEDULE) {
        return Ok(Tiles::default());
    }
    let name = string(kernel, SCHEDULE).ok_or_else(|| {
        PassError::new(format!("{SCHEDULE} of `{}` is no string", symbol_name(kernel).unwrap_or_default()))
            .at(location)
            .help(format!("write {SCHEDULE} = \"{PLAIN}\""))
    })?;
    if name == PLAIN {
        return Tiles::read(kernel, TILES);
    }
    if !library.has(&name) {
        return Err(PassError::new(format!("there is no schedule `{name}`"))
            .at(location)
            .note(format!("schedules: {}, {PLAIN}", NAMES.join(", ")))
            .help("--cpu-schedules=DIR names a folder with a file <name>.mlir"));
    }
    // A file that goes before a built-in schedule need not read all that its choice of sizes gives.
    let texts = [Some(library.text(&name)?), Library::default().text(&name).ok()];
    let known: BTreeSet<String> = texts.iter().flatten().flat_map(|text| levels(text)).collect();
    let tiles = Tiles::read(kernel, TILES)?;
    for (level, sizes) in tiles.levels() {
        let wrong = |what: String| PassError::new(format!("{TILES} {what}")).at(location);
        if !known.contains(level) {
            let list = known.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
            return Err(wrong(format!("has a level `{level}`, which the schedule `{name}` does not read"))
                .note(format!("levels of `{name}`: {list}")));
        }
        let elements = sizes.iter().filter(|size| **size > 0).fold(1, |all: i64, size| all.saturating_mul(*size));
        if VECTORS.contains(&level) && elements > MOST {
            return Err(wrong(format!("has tiles of {elements} elements in `{level}`, more than {MOST}"))
                .note("these tiles become vectors, whose elements are handled one by one in the code that is made"));
        }
        for (mark, _) in BY_LOOPS.iter().filter(|(_, names)| names.contains(&level)) {
            let marked = nested(kernel).into_iter().find(|op| op.has_attribute(mark));
            let loops = marked.map_or(sizes.len(), |op| linalg_loops(op).len());
            if sizes.len() > loops {
                return Err(wrong(format!("has {} sizes in `{level}`, but the op has {loops} loops", sizes.len()))
                    .note(format!("`{level}` counts the loops of the op marked {mark}, outermost first")));
            }
        }
    }
    Ok(tiles)
}
