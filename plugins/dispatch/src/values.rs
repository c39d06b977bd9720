//! Questions about values and their types.

use ropt_mlir::{
    ir::edit::{Op, Val, defining_op, op_name, ranked_tensor, type_text},
    melior::ir::{
        ShapedTypeLike, Type, TypeLike, Value, ValueLike,
        attribute::{AttributeLike, DenseElementsAttribute},
        operation::OperationLike,
        r#type::RankedTensorType,
    },
    mlir_sys::{mlirDenseElementsAttrGetSplatValue, mlirDenseElementsAttrIsSplat},
};

/// What tells values apart in maps and sets.
pub(crate) fn key(value: Value<'_, '_>) -> usize {
    value.to_raw().ptr as usize
}

/// What tells ops apart in maps and sets.
pub(crate) fn op_key(op: Op<'_>) -> usize {
    op.to_raw().ptr as usize
}

/// A ranked tensor type, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tensor {
    /// The sizes; `None` for one that is known only at run time.
    pub(crate) sizes: Vec<Option<i64>>,
    /// The element type as text.
    pub(crate) element: String,
}

impl Tensor {
    /// Takes a type apart, when it is a ranked tensor.
    pub(crate) fn of(ty: Type<'_>) -> Option<Self> {
        let tensor = ranked_tensor(ty)?;
        let size = |index| match tensor.dim_size(index) {
            Ok(ropt_mlir::melior::ir::r#type::DimSize::Static(size)) => i64::try_from(size).ok(),
            _ => None,
        };
        Some(Self { sizes: (0..tensor.rank()).map(size).collect(), element: type_text(tensor.element()) })
    }

    /// The dimensions whose size is known only at run time.
    pub(crate) fn dynamic(&self) -> Vec<usize> {
        (0..self.sizes.len()).filter(|index| self.sizes[*index].is_none()).collect()
    }

    /// How many dynamic dimensions come before this one.
    pub(crate) fn dynamic_before(&self, dimension: usize) -> usize {
        self.sizes[..dimension].iter().filter(|size| size.is_none()).count()
    }
}

/// Whether the value is a ranked tensor.
pub(crate) fn is_tensor(value: Val<'_>) -> bool {
    value.r#type().is_ranked_tensor()
}

/// Whether the value is an `arith.constant` that is not a tensor.
pub(crate) fn is_scalar_constant(value: Val<'_>) -> bool {
    !is_tensor(value) && defining_op(value).is_some_and(|op| op_name(op) == "arith.constant")
}

/// The element (as attribute text) of an `arith.constant` of a tensor whose elements are all the same.
pub(crate) fn splat(op: Op<'_>) -> Option<String> {
    if op_name(op) != "arith.constant" {
        return None;
    }
    let dense = DenseElementsAttribute::try_from(op.attribute("value").ok()?).ok()?;
    // SAFETY: the attribute is a live dense elements attribute.
    if !unsafe { mlirDenseElementsAttrIsSplat(dense.to_raw()) } {
        return None;
    }
    // SAFETY: as above, and it is a splat.
    let element =
        unsafe { ropt_mlir::melior::ir::Attribute::from_raw(mlirDenseElementsAttrGetSplatValue(dense.to_raw())) };
    Some(element.to_string())
}

/// Whether two types are the same.
pub(crate) fn same_type(one: Type<'_>, other: Type<'_>) -> bool {
    one.to_raw().ptr == other.to_raw().ptr
}

/// The type in which a value leaves a kernel: a scalar as a tensor of rank 0.
pub(crate) fn carried(ty: Type<'_>) -> Type<'_> {
    if ty.is_ranked_tensor() { ty } else { RankedTensorType::new(&[], ty, None).into() }
}
