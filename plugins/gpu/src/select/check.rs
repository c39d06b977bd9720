//! Whether the schedule and the tile sizes that a kernel carries can be used: they are meant to be edited by hand.

use ropt_mlir::{ir::edit::Op, kernel::string, melior::ir::operation::OperationLike};
use ropt_plugin::{prelude::*, tiles::Tiles};

use super::products::cooperative_bytes;
use crate::{COOPERATIVE, MATMUL, ROWS, SCHEDULE, SCHEDULES, TENSOR_CORES, TILES, VECTORS};

/// Most threads of a workgroup, on any GPU.
const MOST_THREADS: i64 = 1024;
/// Bytes of shared memory that a workgroup gets everywhere, and on GPUs with matrix units (sm_90; others have less, and
/// refuse to launch).
const MOST_SHARED: [i64; 2] = [48 * 1024, 227 * 1024];
/// Elements that a thread keeps; more would not be kept in registers.
const MOST_KEPT: i64 = 256;

/// The levels that a schedule reads, with the number of sizes of each.
fn levels(schedule: &str) -> &'static [(&'static str, usize)] {
    match schedule {
        MATMUL => &[("workgroup", 2), ("thread", 2), ("reduction", 1), ("buffers", 1)],
        TENSOR_CORES | COOPERATIVE => &[("workgroup", 2), ("subgroup", 2), ("reduction", 1), ("buffers", 1)],
        ROWS => &[("threads", 1), ("vector", 1)],
        VECTORS => &[("vector", 1)],
        _ => &[],
    }
}

/// The tile sizes of a kernel, or what is wrong with its annotations. A kernel without any is fine.
pub(crate) fn check(kernel: Op<'_>) -> PassResult<Tiles> {
    let Some(name) = string(kernel, SCHEDULE) else { return Ok(Tiles::default()) };
    let wrong = |message: String| PassError::new(message).at(kernel.location());
    if !SCHEDULES.contains(&name.as_str()) {
        return Err(wrong(format!("there is no schedule `{name}` for GPUs"))
            .note(format!("schedules: {}", SCHEDULES.join(", "))));
    }
    let tiles = Tiles::read(kernel, TILES)?;
    let known = levels(&name);
    let list = || {
        let each: Vec<String> = known.iter().map(|(level, count)| format!("{level} ({count})")).collect();
        format!("levels of `{name}`, with the number of sizes: {}", each.join(", "))
    };
    for (level, sizes) in tiles.levels() {
        let Some((_, count)) = known.iter().find(|(known, _)| *known == level) else {
            return Err(
                wrong(format!("{TILES} has a level `{level}`, which the schedule `{name}` does not read")).note(list())
            );
        };
        if sizes.len() != *count || sizes.iter().any(|size| *size < 1) {
            return Err(wrong(format!("{TILES} has {sizes:?} in `{level}`")).note(list()).help("sizes are 1 or more"));
        }
    }
    if let Some((level, _)) = known.iter().find(|(level, _)| tiles.get(level).is_empty()) {
        return Err(wrong(format!("{TILES} lacks the level `{level}`")).note(list()));
    }
    rules(&name, &tiles).map_err(|rule| wrong(format!("{TILES} of the schedule `{name}` can not be used: {rule}")))?;
    Ok(tiles)
}

/// What a schedule's sizes have to keep to; the rule that they break.
fn rules(name: &str, tiles: &Tiles) -> Result<(), String> {
    let one = |level: &str| tiles.get(level)[0];
    let two = |level: &str| [tiles.get(level)[0], tiles.get(level)[1]];
    let (part, subgroup) = match name {
        MATMUL => ("thread", 1),
        TENSOR_CORES | COOPERATIVE => ("subgroup", 32),
        ROWS => {
            let (threads, vector) = (one("threads"), one("vector"));
            return check_all(&[
                (
                    (32..=MOST_THREADS).contains(&threads) && threads.count_ones() == 1,
                    "threads is 32 to 1024, a power of two",
                ),
                (vector.count_ones() == 1 && vector <= 16, "vector is 1, 2, 4, 8 or 16"),
            ]);
        }
        VECTORS => {
            return check_all(&[(
                one("vector").count_ones() == 1 && one("vector") <= 16,
                "vector is 1, 2, 4, 8 or 16",
            )]);
        }
        _ => return Ok(()),
    };
    let (tile, part, depth, buffers) = (two("workgroup"), two(part), one("reduction"), one("buffers"));
    let even = tile[0] % part[0] == 0 && tile[1] % part[1] == 0;
    let threads = if even { (tile[0] / part[0]) * (tile[1] / part[1]) * subgroup } else { 0 };
    let bytes = if subgroup == 1 { 4 } else { 2 };
    let cooperative = name == COOPERATIVE;
    let shared = if cooperative {
        cooperative_bytes(tile, threads, depth.min(1 << 16), buffers)
    } else {
        buffers * depth.saturating_mul(tile[0] + tile[1] + 16) * bytes
    };
    check_all(&[
        (even, "the parts split the workgroup's tile evenly"),
        ((1..=MOST_THREADS).contains(&threads), "a workgroup has at most 1024 threads"),
        (part[0].saturating_mul(part[1]) / subgroup <= MOST_KEPT, "a thread keeps at most 256 sums"),
        (buffers <= if subgroup == 1 || cooperative { 2 } else { 8 }, "buffers is 1 or 2, for tensor-cores at most 8"),
        (depth <= 128, "reduction is at most 128"),
        ((subgroup > 1 && !cooperative) || shared <= MOST_SHARED[0], "the tiles take at most 48 KiB of shared memory"),
        (shared <= MOST_SHARED[1], "the tiles take at most 227 KiB of shared memory"),
        (
            subgroup == 1 || (part[0] % 16 == 0 && part[1] % 16 == 0 && depth % 16 == 0),
            "subgroup and reduction are multiples of 16",
        ),
    ])
}

fn check_all(rules: &[(bool, &str)]) -> Result<(), String> {
    rules.iter().find(|(holds, _)| !holds).map_or(Ok(()), |(_, rule)| Err((*rule).to_owned()))
}
