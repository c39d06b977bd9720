//! `tensor.reshape` as a collapse to one dimension and an expansion to the sizes that the shape tensor holds.

use ropt_mlir::{
    ir::{
        attributes::i64_array_text,
        edit::{Builder, Op, Val, erase, operands, replace_uses, results, type_text},
    },
    melior::ir::{ValueLike, operation::OperationLike},
};
use ropt_plugin::prelude::{PassError, PassResult};

use crate::{program::constant, values::Tensor};

/// Replaces a reshape; the program checks that both shapes hold as many elements.
///
/// # Errors
/// When the result's rank is not known.
pub(crate) fn expand<'c>(op: Op<'c>) -> PassResult {
    let [source, shape] = operands(op)[..] else { return Ok(()) };
    let result = results(op)[0];
    let (Some(from), Some(to)) = (Tensor::of(source.r#type()), Tensor::of(result.r#type())) else {
        return Err(PassError::new(format!("a reshape to {} has no rank", result.r#type()))
            .at(op.location())
            .help("give the result a rank, with ? for sizes that the shape tensor says"));
    };
    let at = Builder::before(op);
    let element = from.element.clone();
    let Some(places) = Tensor::of(shape.r#type()) else { return Ok(()) };
    let sizes: Vec<Val<'c>> = (0..to.sizes.len())
        .map(|axis| match to.sizes[axis] {
            Some(known) => constant(op, known),
            None => {
                let size = at.value("tensor.extract", &[shape, constant(op, axis as i64)], &places.element, &[]);
                if places.element == "index" { size } else { at.value("arith.index_cast", &[size], "index", &[]) }
            }
        })
        .collect();
    let count = |sizes: &[Option<i64>]| sizes.iter().copied().try_fold(1_i64, |all, size| all.checked_mul(size?));
    let (before, behind) = (count(&from.sizes), count(&to.sizes));
    let flat = flatten(&at, source, &from.sizes, before, &element);
    if before.is_none() || behind.is_none() {
        let there = at.value("tensor.dim", &[flat, constant(op, 0)], "index", &[]);
        let product = |all: Val<'c>, size: &Val<'c>| at.value("arith.muli", &[all, *size], "index", &[]);
        let wanted = sizes.iter().fold(constant(op, 1), product);
        let fits = at.value("arith.cmpi", &[there, wanted], "i1", &[("predicate", "0 : i64")]);
        let message = "\"a reshape to another number of elements\"";
        at.op("cf.assert", &[fits], &[], &[("msg", message)]);
    }
    let known = behind.map_or_else(|| "?".to_owned(), |count| count.to_string());
    let flat = cast(&at, flat, &format!("tensor<{known}x{element}>"));
    let wanted = type_text(result.r#type());
    let new = match sizes.len() {
        0 => at.value("tensor.collapse_shape", &[flat], &wanted, &[("reassociation", "[]")]),
        1 => cast(&at, flat, &wanted),
        rank => {
            let dynamic: Vec<Val<'c>> =
                sizes.iter().zip(&to.sizes).filter(|(_, known)| known.is_none()).map(|(size, _)| *size).collect();
            let fixed = i64_array_text(&to.sizes.iter().map(|size| size.unwrap_or(i64::MIN)).collect::<Vec<_>>());
            let operands = [vec![flat], dynamic].concat();
            let attributes = [("reassociation", &*one_group(rank)), ("static_output_shape", &*fixed)];
            at.value("tensor.expand_shape", &operands, &wanted, &attributes)
        }
    };
    replace_uses(result, new);
    erase(op);
    Ok(())
}

/// All elements in one dimension.
fn flatten<'c>(at: &Builder<'c>, source: Val<'c>, sizes: &[Option<i64>], count: Option<i64>, element: &str) -> Val<'c> {
    let known = count.map_or_else(|| "?".to_owned(), |count| count.to_string());
    let ty = format!("tensor<{known}x{element}>");
    match sizes.len() {
        0 => {
            let attributes = [("reassociation", "[]"), ("static_output_shape", "array<i64: 1>")];
            at.value("tensor.expand_shape", &[source], &ty, &attributes)
        }
        1 => source,
        rank => at.value("tensor.collapse_shape", &[source], &ty, &[("reassociation", &one_group(rank))]),
    }
}

/// `[[0, 1, …]]`.
fn one_group(rank: usize) -> String {
    let all: Vec<_> = (0..rank).map(|axis| format!("{axis} : i64")).collect();
    format!("[[{}]]", all.join(", "))
}

fn cast<'c>(at: &Builder<'c>, value: Val<'c>, ty: &str) -> Val<'c> {
    if type_text(value.r#type()) == ty { value } else { at.value("tensor.cast", &[value], ty, &[]) }
}
