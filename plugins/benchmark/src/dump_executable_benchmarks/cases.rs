//! A dispatch with every number settled: what a benchmark function repeats.

use super::{
    sites::Site,
    values::{Values, dynamic_count},
};
use ropt_mlir::{
    ir::{
        byte_width,
        edit::{Val, defining_op, op_name, operands, type_text},
    },
    melior::ir::{
        Type, TypeLike, ValueLike,
        operation::OperationLike,
        r#type::{DimSize, IntegerType, RankedTensorType, ShapedTypeLike},
    },
};
use std::collections::HashMap;
use thiserror::Error;

/// A tensor type without open sizes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tensor<'c> {
    /// Elements in each dimension.
    pub(super) shape: Vec<i64>,
    /// Type of the elements.
    pub(super) element: Type<'c>,
}

impl Tensor<'_> {
    /// As MLIR writes it.
    pub(super) fn text(&self) -> String {
        let sizes: String = self.shape.iter().map(|size| format!("{size}x")).collect();
        format!("tensor<{sizes}{}>", type_text(self.element))
    }

    /// How many elements there are.
    pub(super) fn count(&self) -> Option<i64> {
        self.shape.iter().try_fold(1_i64, |product, size| product.checked_mul(*size))
    }

    /// Its size in memory.
    pub(super) fn bytes(&self) -> Option<i64> {
        self.count()?.checked_mul(byte_width(self.element)?)
    }
}

/// An argument of the dispatch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Operand<'c> {
    /// A tensor: which buffer, and how it is seen.
    Tensor {
        /// Place among the case's buffers.
        buffer: usize,
        /// The type at the dispatch.
        tensor: Tensor<'c>,
    },
    /// A scalar, as an attribute with its type.
    Scalar(String),
}

/// A result of the dispatch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Output<'c> {
    /// Its type.
    pub(super) tensor: Tensor<'c>,
    /// The argument whose storage it is written to.
    pub(super) tied: Option<usize>,
}

/// A dispatch whose every number is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Case<'c> {
    /// The export's name.
    pub(super) export: String,
    /// What the count region takes.
    pub(super) workload: Vec<i64>,
    /// Whether the workload is the program's own in every run.
    pub(super) fixed: bool,
    /// The arguments.
    pub(super) operands: Vec<Operand<'c>>,
    /// What the tensors lie in: one for each that the program holds.
    pub(super) buffers: Vec<Tensor<'c>>,
    /// The results.
    pub(super) outputs: Vec<Output<'c>>,
    /// Arguments whose numbers were made up, being known only at run time.
    pub(super) made_up: Vec<usize>,
}

/// Why a dispatch cannot be repeated by itself.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(super) enum Obstacle {
    /// An open number of the workload.
    #[error("workload value {index} is known only at run time")]
    Workload {
        /// Its place.
        index: usize,
    },
    /// An open size.
    #[error("the size of dimension {dimension} of {what} ({ty}) is known only at run time")]
    Size {
        /// Which argument or result.
        what: String,
        /// Its type.
        ty: String,
        /// The dimension.
        dimension: usize,
    },
    /// An open scalar that nothing can be made up for.
    #[error("argument {index}, the constant of type {ty}, is known only at run time")]
    Scalar {
        /// Its place.
        index: usize,
        /// Its type.
        ty: String,
    },
    /// A negative size, from numbers that were given.
    #[error("the numbers given make {what} ({ty}) have the size {size} in dimension {dimension}")]
    Negative {
        /// Which argument or result.
        what: String,
        /// Its type.
        ty: String,
        /// The dimension.
        dimension: usize,
        /// The size.
        size: i64,
    },
    /// A type that is not handled.
    #[error("{what} is of type {ty}, for which there is no input data")]
    Type {
        /// Which argument or result.
        what: String,
        /// Its type.
        ty: String,
    },
    /// More elements than numbers count.
    #[error("{what} ({ty}) is larger than any memory")]
    Huge {
        /// Which argument or result.
        what: String,
        /// Its type.
        ty: String,
    },
    /// Nothing is computed.
    #[error("it has no results")]
    NoResults,
    /// Nothing is computed.
    #[error("its results have no elements")]
    Empty,
}

impl Obstacle {
    /// Whether numbers of the user's would help.
    pub(super) fn is_open(&self) -> bool {
        matches!(self, Self::Workload { .. } | Self::Size { .. } | Self::Scalar { .. })
    }
}

/// Bits of constants that are known, by argument.
pub(super) type Bits = HashMap<usize, u64>;

/// Settles a dispatch with what is known.
pub(super) fn settle<'c>(site: &Site<'c>, values: &Values, bits: &Bits, fixed: bool) -> Result<Case<'c>, Obstacle> {
    let number = |(index, value): (usize, &Val<'c>)| values.number(*value).ok_or(Obstacle::Workload { index });
    let workload = site.workload.iter().enumerate().map(number).collect::<Result<_, _>>()?;
    let mut case = Case {
        export: site.export.clone(),
        workload,
        fixed,
        operands: Vec::new(),
        buffers: Vec::new(),
        outputs: Vec::new(),
        made_up: Vec::new(),
    };
    let mut dims = site.argument_dims.iter();
    let mut roots: Vec<usize> = Vec::new();
    for (index, argument) in site.arguments.iter().enumerate() {
        let what = format!("argument {index}");
        if RankedTensorType::try_from(argument.r#type()).is_err() {
            case.operands.push(scalar(index, *argument, values, bits, &mut case.made_up)?);
            continue;
        }
        let sizes: Vec<Val<'c>> = dims.by_ref().take(dynamic_count(*argument)).copied().collect();
        let tensor = tensor(&what, *argument, &sizes, values)?;
        let root = root(*argument).to_raw().ptr.addr();
        let buffer = match roots.iter().position(|known| *known == root) {
            // The same storage: the elements must be the same ones, seen in another shape.
            Some(place) if same_storage(&case.buffers[place], &tensor) => place,
            _ => {
                case.buffers.push(tensor.clone());
                roots.push(root);
                roots.len() - 1
            }
        };
        case.operands.push(Operand::Tensor { buffer, tensor });
    }
    let mut dims = site.result_dims.iter();
    for (index, result) in site.results.iter().enumerate() {
        let sizes: Vec<Val<'c>> = dims.by_ref().take(dynamic_count(*result)).copied().collect();
        let tensor = tensor(&format!("result {index}"), *result, &sizes, values)?;
        case.outputs.push(Output { tensor, tied: site.tied[index] });
    }
    if case.outputs.is_empty() {
        return Err(Obstacle::NoResults);
    }
    if case.outputs.iter().all(|output| output.tensor.count() == Some(0)) {
        return Err(Obstacle::Empty);
    }
    Ok(case)
}

fn same_storage(buffer: &Tensor<'_>, tensor: &Tensor<'_>) -> bool {
    buffer.element == tensor.element && buffer.count() == tensor.count()
}

/// The tensor whose storage a value has.
fn root<'c>(value: Val<'c>) -> Val<'c> {
    match defining_op(value) {
        Some(op)
            if matches!(
                op_name(op).as_str(),
                "tensor.cast"
                    | "tensor.collapse_shape"
                    | "tensor.expand_shape"
                    | "tensor.reshape"
                    | "util.optimization_barrier"
            ) && op.result_count() == 1 =>
        {
            root(operands(op)[0])
        }
        _ => value,
    }
}

fn tensor<'c>(what: &str, value: Val<'c>, sizes: &[Val<'c>], values: &Values) -> Result<Tensor<'c>, Obstacle> {
    let text = type_text(value.r#type());
    let of_type = || Obstacle::Type { what: what.to_owned(), ty: text.clone() };
    let ty = RankedTensorType::try_from(value.r#type()).map_err(|_| of_type())?;
    let mut sizes = sizes.iter();
    let mut shape = Vec::new();
    for dimension in 0..ty.rank() {
        let size = match ty.dim_size(dimension) {
            Ok(DimSize::Static(size)) => i64::try_from(size).ok(),
            _ => sizes.next().and_then(|size| values.number(*size)),
        };
        let size = size.ok_or_else(|| Obstacle::Size { what: what.to_owned(), ty: text.clone(), dimension })?;
        if size < 0 {
            return Err(Obstacle::Negative { what: what.to_owned(), ty: text, dimension, size });
        }
        shape.push(size);
    }
    let tensor = Tensor { shape, element: ty.element() };
    if byte_width(tensor.element).is_none() {
        return Err(of_type());
    }
    if tensor.bytes().is_none() {
        return Err(Obstacle::Huge { what: what.to_owned(), ty: tensor.text() });
    }
    Ok(tensor)
}

/// A scalar's value as an attribute. Of the numbers that are open, one of a float is made up.
fn scalar<'c>(
    index: usize,
    value: Val<'c>,
    values: &Values,
    bits: &Bits,
    made_up: &mut Vec<usize>,
) -> Result<Operand<'c>, Obstacle> {
    let ty = value.r#type();
    let text = type_text(ty);
    let whole = ty.is_index() || IntegerType::try_from(ty).is_ok();
    if whole {
        let number = values.number(value).ok_or_else(|| Obstacle::Scalar { index, ty: text.clone() })?;
        return Ok(Operand::Scalar(match (text.as_str(), number) {
            ("i1", 0) => "false".into(),
            ("i1", _) => "true".into(),
            _ => format!("{number} : {text}"),
        }));
    }
    if !ty.is_float() {
        return Err(Obstacle::Type { what: format!("argument {index}"), ty: text });
    }
    if let Some(bits) = bits.get(&index) {
        let digits = byte_width(ty).unwrap_or(4) as usize * 2;
        return Ok(Operand::Scalar(format!("0x{bits:0digits$X} : {text}")));
    }
    let constant = defining_op(value).filter(|op| op_name(*op) == "arith.constant");
    Ok(Operand::Scalar(match constant.and_then(|op| op.attribute("value").ok()) {
        Some(attribute) => attribute.to_string(),
        None => {
            made_up.push(index);
            format!("1.0 : {text}")
        }
    }))
}
