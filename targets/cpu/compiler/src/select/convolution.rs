//! Convolutions over NHWC and NCHW images, and poolings over NHWC images.

use ropt_mlir::{
    ir::edit::{Op, op_name},
    melior::ir::operation::OperationLike,
};

use super::{
    Choice,
    body::{Body, Compute},
    sizes::{divisor, multiple, pick, with_grid},
};
use crate::{config::Simd, schedule::Tiles};

/// How the ops that the schedule knows become vectors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A product for each element of the window: pixels by channels.
    PixelsFirst,
    /// The same, channels by pixels.
    ChannelsFirst,
    /// Rows of the image, channel by channel.
    Rows,
}

const KNOWN: [(&str, Kind); 6] = [
    ("linalg.conv_2d_nhwc_hwcf", Kind::PixelsFirst),
    ("linalg.conv_2d_nchw_fchw", Kind::ChannelsFirst),
    ("linalg.depthwise_conv_2d_nhwc_hwc", Kind::Rows),
    ("linalg.pooling_nhwc_sum", Kind::Rows),
    ("linalg.pooling_nhwc_max", Kind::Rows),
    ("linalg.pooling_nhwc_min", Kind::Rows),
];

/// Rows of the image in a workgroup's part.
const PART: i64 = 4;

/// The schedule `convolution`.
pub(super) fn choose<'c>(body: &Body<'c>, root: Op<'c>, simd: Simd) -> Option<Choice<'c>> {
    let name = op_name(root);
    let (_, kind) = KNOWN.into_iter().find(|(known, _)| *known == name)?;
    let root = body.compute(root)?;
    let output = root.output()?;
    let rest = body.ops.iter().filter(|op| op.op != root.op);
    let simple = rest.clone().all(|op| op.is_identity() && op.trips.len() == output.len());
    if !simple || root.trips.contains(&Some(0)) || root.element_bytes() < 4 || output.len() != 4 {
        return None;
    }
    // The view of every second pixel of a view, without its one channel: MLIR's fold-memref-alias-ops crashes on it.
    let strided = root.op.attribute("strides").is_ok_and(|strides| !strides.to_string().contains("dense<1>"));
    if kind == Kind::PixelsFirst && strided && root.trips.last() == Some(&Some(1)) {
        return None;
    }
    let lanes = simd.bytes / root.element_bytes();
    let tall = if simd.registers >= 32 { 8 } else { 4 };
    let tiles = match kind {
        Kind::Rows => rows(root, &output, lanes, tall)?,
        Kind::PixelsFirst => product(root, [output[1], output[2], output[3]], 4, lanes, tall)?,
        // The filter's channels lie a window apart in memory: more than one at a time is no vector.
        Kind::ChannelsFirst => product(root, [output[2], output[1], output[3]], 1, lanes, tall)?,
    };
    let Sizes { register, workgroup, reduction, tiles } = tiles;
    let own = body.sink.op == root.op;
    let moved =
        |sizes: Vec<i64>| -> Vec<i64> { if own { sizes } else { output.iter().map(|axis| sizes[*axis]).collect() } };
    let known: Vec<Option<i64>> = body.sink.trips.clone();
    let tiles = tiles
        .with("order", (0..output.len() as i64).collect())
        .with("output", output.iter().map(|axis| register[*axis]).collect())
        .with("register", moved(register))
        .with("reduction", reduction);
    Some(Choice::new("convolution", with_grid(tiles, moved(workgroup), &known), root.op, body.sink.op))
}

/// Sizes by the root's loops.
struct Sizes {
    register: Vec<i64>,
    workgroup: Vec<i64>,
    reduction: Vec<i64>,
    tiles: Tiles,
}

impl Sizes {
    /// One of each of the result's loops, one step of each reduction.
    fn ones(root: &Compute<'_>) -> Self {
        let by_kind = |parallel: bool| root.parallel.iter().map(|p| i64::from(*p == parallel)).collect::<Vec<_>>();
        Self { register: by_kind(true), workgroup: by_kind(true), reduction: by_kind(false), tiles: Tiles::default() }
    }
}

/// A product: its rows are `row`, its columns `last`, `deep` the most channels at a time; a workgroup takes some lines
/// of the image.
fn product(root: &Compute<'_>, [line, row, last]: [usize; 3], deep: i64, lanes: i64, tall: i64) -> Option<Sizes> {
    let depth =
        (0..root.trips.len()).rev().find(|axis| !root.parallel[*axis] && root.inputs()[0].contains(&Some(*axis)))?;
    let mut sizes = Sizes::ones(root);
    let rows = pick(root.trips[row], &[tall]).size;
    let columns = pick(root.trips[last], &[lanes * 2, lanes]).size;
    let steps = pick(root.trips[depth], &[deep]).size;
    (sizes.register[row], sizes.register[last], sizes.reduction[depth]) = (rows, columns, steps);
    (sizes.workgroup[row], sizes.workgroup[last]) = (0, 0);
    sizes.workgroup[line] = root.trips[line].map_or(PART, |trips| multiple(Some(trips), 1, PART));
    let narrow = vec![columns, steps];
    let vector = if rows == 1 { narrow.clone() } else { vec![rows, columns, steps] };
    sizes.tiles = sizes.tiles.with("vector", vector).with("narrow", narrow);
    Some(sizes)
}

/// Rows of pixels; only for sizes that are known and split evenly.
fn rows(root: &Compute<'_>, output: &[usize], lanes: i64, tall: i64) -> Option<Sizes> {
    let trips: Vec<i64> = root.trips.iter().copied().collect::<Option<_>>()?;
    let [_, line, wide, last] = *output else { return None };
    let mut sizes = Sizes::ones(root);
    let wanted = [lanes * 2, lanes].into_iter().find(|size| trips[last] % size == 0);
    sizes.register[last] = wanted.unwrap_or_else(|| divisor(trips[last], lanes * 2));
    sizes.register[wide] = divisor(trips[wide], tall);
    (sizes.workgroup[last], sizes.workgroup[wide]) = (0, 0);
    sizes.workgroup[line] = divisor(trips[line], PART);
    Some(sizes)
}
