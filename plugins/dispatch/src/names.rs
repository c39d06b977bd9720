//! Names of exports: the root op, its loops and its element types.

use ropt_mlir::{
    ir::{
        edit::{Op, op_name, operands, results},
        nesting::{blocks, ops_of},
    },
    melior::ir::ValueLike,
};

use crate::{
    groups::Group,
    space::{Space, Weight, is_contraction, is_convolution},
    values::Tensor,
};

/// What stands behind the executable's name in the name of its export, such as `matmul_64x32x128_f32`.
pub(crate) fn suffix(group: &Group<'_>) -> String {
    let root = root(group);
    let Some(space) = Space::of(root) else { return plain(root) };
    let name = kind(root, &space);
    if space.loops.is_empty() {
        return format!("{name}_{}", types(root));
    }
    let sizes: Vec<String> = space.loops.iter().map(|each| size(each.trips)).collect();
    format!("{name}_{}_{}", sizes.join("x"), types(root))
}

/// The member with the most work; of equals the first, which with reductions is where the chain starts.
fn root<'c>(group: &Group<'c>) -> Op<'c> {
    let cost = |op: &Op<'c>| {
        let Some(space) = Space::of(*op) else { return (0, 0) };
        let weight = match space.weight {
            Weight::Elementwise => 0,
            Weight::Reduction => 1,
            Weight::Heavy => 2,
        };
        let trips = space.loops.iter().map(|each| each.trips.unwrap_or(1).max(1));
        (weight, trips.fold(1_i64, i64::saturating_mul))
    };
    let mut best = group.sink();
    for member in group.members.iter().rev() {
        if cost(member) >= cost(&best) {
            best = *member;
        }
    }
    best
}

/// The name of an op without loops that can be told: its own, with its result's shape.
fn plain(op: Op<'_>) -> String {
    let name = op_name(op);
    match name.as_str() {
        "tensor.extract_slice" | "tensor.concat" => "slow_memcpy".into(),
        "scf.for" | "scf.forall" | "scf.parallel" => "loop".into(),
        _ => {
            let name = name.rsplit('.').next().unwrap_or_default().to_owned();
            let tensor = results(op).first().and_then(|result| Tensor::of(result.r#type()));
            let Some(tensor) = tensor else { return name };
            let sizes: Vec<String> = tensor.sizes.iter().map(|each| size(*each)).collect();
            let shape = if sizes.is_empty() { String::new() } else { format!("_{}", sizes.join("x")) };
            format!("{name}{shape}_{}", tensor.element)
        }
    }
}

fn size(size: Option<i64>) -> String {
    size.map_or_else(|| "D".into(), |size| size.to_string())
}

/// What kind of op it is, in IREE's words.
fn kind(op: Op<'_>, space: &Space) -> String {
    let name = op_name(op);
    let name = name.strip_prefix("linalg.").unwrap_or(&name);
    if name.starts_with("pooling") {
        return "pooling".into();
    }
    if is_convolution(op) {
        return "conv".into();
    }
    if name != "generic" {
        return name.into();
    }
    match space.weight {
        _ if is_contraction(op) => "matmul_like".into(),
        Weight::Elementwise => elementwise(op, space).into(),
        Weight::Reduction => "reduction".into(),
        Weight::Heavy => "generic".into(),
    }
}

/// Elementwise ops that move elements say how, and that they also compute when they do.
fn elementwise(op: Op<'_>, space: &Space) -> &'static str {
    let inputs = &space.operands[..space.operands.len() - space.inits];
    let ascending = |access: &Vec<Option<usize>>| access.windows(2).all(|pair| pair[0] < pair[1]);
    let transposes = inputs.iter().any(|access| access.len() == space.loops.len() && !ascending(access));
    let broadcasts = !inputs.is_empty() && inputs.iter().all(|access| access.len() < space.loops.len());
    let moves = blocks(op).first().is_some_and(|body| ops_of(*body).len() == 1);
    match (transposes, broadcasts, moves) {
        (true, _, true) => "transpose",
        (true, _, false) => "elementwise_transpose",
        (false, true, true) => "broadcast",
        (false, true, false) => "elementwise_broadcast",
        (false, false, _) => "elementwise",
    }
}

/// The element types of the operands: one when they are all the same.
fn types(op: Op<'_>) -> String {
    let element = |ty| Tensor::of(ty).map(|tensor| tensor.element);
    let all: Vec<String> = operands(op).into_iter().filter_map(|value| element(value.r#type())).collect();
    match all.first() {
        Some(first) if all.iter().all(|other| other == first) => first.clone(),
        _ => all.join("x"),
    }
}
