//! `cpu-fold-windows`: a convolution whose window is a single element becomes the product that it is.
//!
//! ```mlir
//! %y = linalg.conv_2d_nchw_fchw {ropt.root} ins(%x, %w : tensor<1x4x1x16xf32>, tensor<8x4x1x1xf32>) outs(%o : tensor<1x8x1x16xf32>)
//! // becomes, over slices without the dimensions of length one,
//! %p = linalg.generic {ropt.root} … ins(%xs, %ws : tensor<4x16xf32>, tensor<8x4xf32>) outs(%os : tensor<8x16xf32>)
//! ```
//! A schedule calls this pass when it has tiled the window's loops by one. Strides become strides of the image's slice.

use ropt_mlir::{
    ir::{
        clone_mapped,
        edit::{
            Builder, Op, Val, erase, nested, op_name, operands, pin_mut, pin_value, replace_uses, results,
            set_attribute, single_block,
        },
        linalg_accesses,
    },
    melior::ir::{
        BlockLike, RegionLike, ShapedTypeLike, Type, ValueLike, operation::OperationLike, r#type::RankedTensorType,
    },
};
use ropt_plugin::prelude::*;

use crate::{
    ops::{body, entry_block, i32_array_text, i64_array_text, known_size},
    schedule::{ROOT, SINK},
};

/// The value MLIR uses for a size known only at run time.
const DYNAMIC: i64 = i64::MIN;

/// Rewrites convolutions marked ropt.root whose window is one element as products.
///
/// ```mlir
/// func.func @f(%x: tensor<1x1x16x4xf32>, %w: tensor<1x1x4x8xf32>, %o: tensor<1x1x16x8xf32>) -> tensor<1x1x16x8xf32> {
///   %y = linalg.conv_2d_nhwc_hwcf {dilations = dense<1> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>, ropt.root} ins(%x, %w : tensor<1x1x16x4xf32>, tensor<1x1x4x8xf32>) outs(%o : tensor<1x1x16x8xf32>) -> tensor<1x1x16x8xf32>
///   return %y : tensor<1x1x16x8xf32>
/// }
/// // becomes, by builtin.module(cpu-fold-windows)
/// …
/// func.func @f(%arg0: tensor<1x1x16x4xf32>, %arg1: tensor<1x1x4x8xf32>, %arg2: tensor<1x1x16x8xf32>) -> tensor<1x1x16x8xf32> {
///   %extracted_slice = tensor.extract_slice %arg0[0, 0, 0, 0] [1, 1, 16, 4] [1, 1, 1, 1] : tensor<1x1x16x4xf32> to tensor<16x4xf32>
///   %extracted_slice_0 = tensor.extract_slice %arg1[0, 0, 0, 0] [1, 1, 4, 8] [1, 1, 1, 1] : tensor<1x1x4x8xf32> to tensor<4x8xf32>
///   %extracted_slice_1 = tensor.extract_slice %arg2[0, 0, 0, 0] [1, 1, 16, 8] [1, 1, 1, 1] : tensor<1x1x16x8xf32> to tensor<16x8xf32>
///   %0 = linalg.generic {indexing_maps = [#map, #map1, #map2], iterator_types = ["parallel", "parallel", "reduction"]} ins(%extracted_slice, %extracted_slice_0 : tensor<16x4xf32>, tensor<4x8xf32>) outs(%extracted_slice_1 : tensor<16x8xf32>) attrs =  {ropt.root} {
///   …
///   %inserted_slice = tensor.insert_slice %0 into %arg2[0, 0, 0, 0] [1, 1, 16, 8] [1, 1, 1, 1] : tensor<16x8xf32> into tensor<1x1x16x8xf32>
///   return %inserted_slice : tensor<1x1x16x8xf32>
/// }
/// ```
#[derive(Pass, Clone, Default)]
#[pass(name = "cpu-fold-windows", dialects("arith", "linalg", "tensor"))]
struct FoldWindows {
    /// Convolutions rewritten.
    #[statistic]
    folded: Counter,
}

impl RunPass for FoldWindows {
    fn run(&mut self, op: OperationRefMut<'_, '_>, _cx: &PassContext<'_>) -> PassResult {
        let marked = nested(pin_mut(&op)).into_iter().filter(|op| op.has_attribute(ROOT));
        let convolutions: Vec<Op<'_>> = marked.filter(|op| op_name(*op).contains("conv_")).collect();
        self.folded.add(convolutions.into_iter().filter_map(fold).count() as u64);
        Ok(())
    }
}

/// What the dimensions of a convolution's operands are.
struct Parts {
    /// The loop of each dimension of the image; where the window moves, the result's loop.
    image: Vec<usize>,
    /// The image's steps in each dimension.
    steps: Vec<i64>,
    filter: Vec<usize>,
    output: Vec<usize>,
    /// Loops that are not there afterwards: the window's, and those of length one.
    dropped: Vec<usize>,
}

impl Parts {
    /// None when the op is no convolution of two inputs, or its window is more than an element.
    fn of(op: Op<'_>) -> Option<Self> {
        let accesses = linalg_accesses(op);
        let [image, filter, output] = accesses.as_slice() else { return None };
        let filter: Vec<usize> = filter.iter().copied().collect::<Option<_>>()?;
        let output: Vec<usize> = output.iter().copied().collect::<Option<_>>()?;
        let window = |axis: &usize| !output.contains(axis) && !image.contains(&Some(*axis));
        let sizes = |number: usize| -> Option<Vec<Option<i64>>> {
            let ty = RankedTensorType::try_from(operands(op)[number].r#type()).ok()?;
            Some((0..ty.rank()).map(|dimension| known_size(ty.dim_size(dimension))).collect())
        };
        let mut dropped = Vec::new();
        for (axis, size) in filter.iter().zip(sizes(1)?).filter(|(axis, _)| window(axis)) {
            if size != Some(1) {
                return None;
            }
            dropped.push(*axis);
        }
        let outer = output.iter().zip(sizes(2)?).rev().skip(1);
        dropped.extend(outer.filter(|(_, size)| *size == Some(1)).map(|(axis, _)| *axis));

        let moving: Vec<usize> =
            output.iter().copied().filter(|axis| !filter.contains(axis) && !image.contains(&Some(*axis))).collect();
        let strides = strides(op, moving.len())?;
        let mut places = moving.iter().zip(strides);
        let mut found = Self { image: Vec::new(), steps: Vec::new(), filter, output, dropped };
        for axis in image {
            let (axis, step) = match axis {
                Some(axis) => (*axis, 1),
                None => places.next().map(|(axis, step)| (*axis, step))?,
            };
            found.image.push(axis);
            found.steps.push(step);
        }
        places.next().is_none().then_some(found)
    }
}

/// `dense<1>` or `dense<[2, 1]>`, one number a moving dimension.
fn strides(op: Op<'_>, count: usize) -> Option<Vec<i64>> {
    let text = op.attribute("strides").ok()?.to_string();
    let list = text.split_once("dense<")?.1.split_once('>')?.0;
    let numbers = list.trim_matches(['[', ']']).split(',').map(|number| number.trim().parse().ok());
    let numbers: Vec<i64> = numbers.collect::<Option<_>>()?;
    match numbers[..] {
        [one] => Some(vec![one; count]),
        _ => (numbers.len() == count).then_some(numbers),
    }
}

fn fold<'c>(op: Op<'c>) -> Option<()> {
    let parts = Parts::of(op)?;
    let [image, filter, output] = operands(op)[..] else { return None };
    let place = Builder::before(op);
    // The number of an image's elements that are read is the result's, whatever the step.
    let sizes = |source: Val<'c>, axes: &[usize]| -> Option<Vec<Size<'c>>> {
        let pairs = axes.iter().enumerate();
        pairs.map(|(dimension, axis)| parts.size(place, source, dimension, output, *axis)).collect()
    };
    let image_sizes = sizes(image, &parts.image)?;
    let filter_sizes = sizes(filter, &parts.filter)?;
    let output_sizes = sizes(output, &parts.output)?;
    let ones = |axes: &[usize]| vec![1; axes.len()];
    let x = parts.slice(place, image, &parts.image, &image_sizes, &parts.steps)?;
    let w = parts.slice(place, filter, &parts.filter, &filter_sizes, &ones(&parts.filter))?;
    let o = parts.slice(place, output, &parts.output, &output_sizes, &ones(&parts.output))?;

    let kept = |axes: &[usize]| axes.iter().copied().filter(|axis| !parts.dropped.contains(axis)).collect::<Vec<_>>();
    let mut loops = kept(&parts.output);
    let parallel = loops.len();
    loops.extend(kept(&parts.filter).into_iter().filter(|axis| !parts.output.contains(axis)));
    let number = |axis: &usize| loops.iter().position(|found| found == axis).map(|at| format!("d{at}"));
    let all: Vec<String> = (0..loops.len()).map(|at| format!("d{at}")).collect();
    let map = |axes: &[usize]| -> Option<String> {
        let list = kept(axes).iter().map(number).collect::<Option<Vec<_>>>()?;
        Some(format!("affine_map<({}) -> ({})>", all.join(", "), list.join(", ")))
    };
    let maps = format!("[{}, {}, {}]", map(&parts.image)?, map(&parts.filter)?, map(&parts.output)?);
    let kinds: Vec<&str> = (0..loops.len())
        .map(|at| if at < parallel { "#linalg.iterator_type<parallel>" } else { "#linalg.iterator_type<reduction>" })
        .collect();
    let kinds = format!("[{}]", kinds.join(", "));
    let attributes = [
        ("indexing_maps", maps.as_str()),
        ("iterator_types", &kinds),
        ("operandSegmentSizes", "array<i32: 2, 1>"),
        (ROOT, "unit"),
    ];
    let product =
        place.op_with_regions("linalg.generic", &[x, w, o], &[o.r#type()], &attributes, vec![arithmetic(op)?]);
    if op.has_attribute(SINK) {
        set_attribute(product, SINK, "unit");
    }
    let whole = insert(place, results(product)[0], output, &output_sizes);
    replace_uses(results(op)[0], whole);
    erase(op);
    Some(())
}

/// The op's body, for a product.
fn arithmetic<'c>(op: Op<'c>) -> Option<ropt_mlir::melior::ir::Region<'c>> {
    let block = entry_block(op)?;
    let from: Vec<Val<'c>> =
        (0..block.argument_count()).filter_map(|at| block.argument(at).ok().map(pin_value)).collect();
    let types: Vec<Type<'c>> = from.iter().map(|value| value.r#type()).collect();
    let region = single_block(&types, op.location());
    let copy = region.first_block()?;
    let to = Builder::at_end(copy, op.location());
    let mut pairs: (Vec<Val<'c>>, Vec<Val<'c>>) =
        (from, (0..types.len()).filter_map(|at| copy.argument(at).ok().map(pin_value)).collect());
    for inner in body(op) {
        let copied = to.insert(clone_mapped(inner, &pairs.0, &pairs.1));
        pairs.0.extend(results(inner));
        pairs.1.extend(results(copied));
    }
    Some(region)
}

/// A dimension's length: known, or a value.
enum Size<'c> {
    Known(i64),
    Value(Val<'c>),
}

impl Parts {
    /// The length of a slice's dimension: the result's where the window moves, else the operand's own.
    fn size<'c>(
        &self,
        place: Builder<'c>,
        source: Val<'c>,
        dimension: usize,
        output: Val<'c>,
        axis: usize,
    ) -> Option<Size<'c>> {
        let (source, dimension) = match self.output.iter().position(|found| *found == axis) {
            Some(at) => (output, at),
            None => (source, dimension),
        };
        let ty = RankedTensorType::try_from(source.r#type()).ok()?;
        Some(match known_size(ty.dim_size(dimension)) {
            Some(size) => Size::Known(size),
            None => {
                let index = place.index(dimension as i64);
                Size::Value(place.value("tensor.dim", &[source, index], "index", &[]))
            }
        })
    }

    /// A slice from the operand's start, without the dimensions of dropped loops.
    fn slice<'c>(
        &self,
        place: Builder<'c>,
        source: Val<'c>,
        axes: &[usize],
        sizes: &[Size<'c>],
        steps: &[i64],
    ) -> Option<Val<'c>> {
        let mut shape = String::new();
        for (_, size) in axes.iter().zip(sizes).filter(|(axis, _)| !self.dropped.contains(axis)) {
            match size {
                Size::Known(size) => shape.push_str(&format!("{size}x")),
                Size::Value(_) => shape.push_str("?x"),
            }
        }
        let element = RankedTensorType::try_from(source.r#type()).ok()?.element();
        let (operands, attributes) = window(&[source], sizes, steps);
        let attributes: Vec<(&str, &str)> = attributes.iter().map(|(name, text)| (*name, text.as_str())).collect();
        Some(place.value("tensor.extract_slice", &operands, &format!("tensor<{shape}{element}>"), &attributes))
    }
}

/// Puts a slice back over the whole of the result.
fn insert<'c>(place: Builder<'c>, value: Val<'c>, output: Val<'c>, sizes: &[Size<'c>]) -> Val<'c> {
    let (operands, attributes) = window(&[value, output], sizes, &vec![1; sizes.len()]);
    let attributes: Vec<(&str, &str)> = attributes.iter().map(|(name, text)| (*name, text.as_str())).collect();
    results(place.op("tensor.insert_slice", &operands, &[output.r#type()], &attributes))[0]
}

/// Operands and attributes of a slice op from the start of a tensor.
fn window<'c>(first: &[Val<'c>], sizes: &[Size<'c>], steps: &[i64]) -> (Vec<Val<'c>>, [(&'static str, String); 4]) {
    let dynamic: Vec<Val<'c>> = sizes
        .iter()
        .filter_map(|size| match size {
            Size::Value(value) => Some(*value),
            Size::Known(_) => None,
        })
        .collect();
    let known: Vec<i64> = sizes
        .iter()
        .map(|size| match size {
            Size::Known(size) => *size,
            Size::Value(_) => DYNAMIC,
        })
        .collect();
    let mut counts = vec![1; first.len()];
    counts.extend([0, dynamic.len(), 0]);
    let attributes = [
        ("operandSegmentSizes", i32_array_text(&counts)),
        ("static_offsets", i64_array_text(&vec![0; sizes.len()])),
        ("static_sizes", i64_array_text(&known)),
        ("static_strides", i64_array_text(steps)),
    ];
    ([first, &dynamic].concat(), attributes)
}
