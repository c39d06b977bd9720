//! Convolutions and poolings over NHWC images.

use ropt_mlir::ir::edit::{Op, op_name};

use super::{
    Choice,
    body::Body,
    sizes::{divisor, with_grid},
};
use crate::{config::Simd, schedule::Tiles};

/// Which ops the vectorizer takes row by row, and whether the last loop is a reduction over input channels.
const KNOWN: [(&str, bool); 5] = [
    ("linalg.conv_2d_nhwc_hwcf", true),
    ("linalg.depthwise_conv_2d_nhwc_hwc", false),
    ("linalg.pooling_nhwc_sum", false),
    ("linalg.pooling_nhwc_max", false),
    ("linalg.pooling_nhwc_min", false),
];

/// The schedule `convolution`; only for sizes that are known and split evenly.
pub(super) fn choose<'c>(body: &Body<'c>, root: Op<'c>, simd: Simd) -> Option<Choice<'c>> {
    let name = op_name(root);
    let (_, channels) = KNOWN.into_iter().find(|(known, _)| *known == name)?;
    let root = body.compute(root)?;
    let trips: Vec<i64> = root.trips.iter().copied().collect::<Option<_>>()?;
    let output = root.output()?;
    let rest = body.ops.iter().filter(|op| op.op != root.op);
    let simple = rest.clone().all(|op| op.is_identity() && op.trips.len() == output.len());
    if !simple || trips.contains(&0) || root.element_bytes() < 4 {
        return None;
    }
    let lanes = simd.bytes / root.element_bytes();
    // n, oh, ow, f (or n, ow, f): pixels along a row, then channels.
    let [.., wide, last] = output[..] else { return None };
    let mut register = vec![0; trips.len()];
    let mut workgroup = vec![0; trips.len()];
    for axis in &output {
        (register[*axis], workgroup[*axis]) = (1, 1);
    }
    register[last] = [lanes * 2, lanes]
        .into_iter()
        .find(|size| trips[last] % size == 0)
        .unwrap_or_else(|| divisor(trips[last], lanes * 2));
    register[wide] = divisor(trips[wide], if simd.registers >= 32 { 8 } else { 4 });
    // A workgroup takes some rows of the image, whole.
    (workgroup[last], workgroup[wide]) = (0, 0);
    let row_axis = output.iter().rev().nth(2).copied();
    if let (Some(axis), true) = (row_axis, output.len() == 4) {
        workgroup[axis] = divisor(trips[axis], 4);
    }
    let mut reduction = vec![0; trips.len()];
    for axis in (0..trips.len()).filter(|axis| !root.parallel[*axis]) {
        reduction[axis] = 1;
    }
    if channels {
        let depth = (0..trips.len()).rev().find(|axis| !root.parallel[*axis])?;
        reduction[depth] = divisor(trips[depth], 4);
    }
    let sink = &body.sink;
    let own = sink.op == root.op;
    let moved =
        |sizes: Vec<i64>| -> Vec<i64> { if own { sizes } else { output.iter().map(|axis| sizes[*axis]).collect() } };
    let order: Vec<i64> = (0..output.len() as i64).collect();
    let known: Vec<Option<i64>> = sink.trips.clone();
    let tiles = Tiles::default()
        .with("order", order)
        .with("peel", Vec::new())
        .with("register", moved(register))
        .with("reduction", reduction);
    let tiles = with_grid(tiles, moved(workgroup), &known);
    Some(Choice::new("convolution", tiles, root.op, sink.op))
}
