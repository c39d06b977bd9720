//! Memref types, read into plain numbers.

use melior::ir::{
    Type, TypeLike, ValueLike,
    r#type::{DimSize, MemRefType, ShapedTypeLike},
};
use mlir_sys::{
    mlirAffineMapIsIdentity, mlirFloatTypeGetWidth, mlirIntegerTypeGetWidth, mlirMemRefTypeGetAffineMap,
    mlirShapedTypeGetDynamicStrideOrOffset, mlirTypeIsAFloat, mlirTypeIsAIndex, mlirTypeIsAInteger,
};

/// A ranked memref type. `None` stands for a number that is only known when the program runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemRef<'c> {
    /// Elements in each dimension.
    pub shape: Vec<Option<i64>>,
    /// Elements between neighbours in each dimension.
    pub strides: Vec<Option<i64>>,
    /// Elements before the first.
    pub offset: Option<i64>,
    /// Whether the type has no layout: row-major, without offset, whatever the sizes turn out to be.
    pub identity: bool,
    /// Type of the elements.
    pub element: Type<'c>,
}

impl<'c> MemRef<'c> {
    /// The type in numbers; nothing when it is no ranked memref.
    pub fn of(ty: Type<'c>) -> Option<Self> {
        let memref = MemRefType::try_from(ty).ok()?;
        // SAFETY: it takes nothing.
        let dynamic_stride = unsafe { mlirShapedTypeGetDynamicStrideOrOffset() };
        // A layout that is no strided form gives neither strides nor offset; its strides count as unknown.
        let (strides, offset) = memref.strides_and_offset();
        // SAFETY: the type is a live memref type.
        let identity = unsafe { mlirAffineMapIsIdentity(mlirMemRefTypeGetAffineMap(ty.to_raw())) };
        let known = |value: i64| (value != dynamic_stride).then_some(value);
        let shape = (0..memref.rank())
            .map(|axis| match memref.dim_size(axis) {
                Ok(DimSize::Static(size)) => i64::try_from(size).ok(),
                _ => None,
            })
            .collect();
        Some(Self {
            shape,
            strides: strides.into_iter().map(known).collect(),
            offset: known(offset),
            identity,
            element: memref.element(),
        })
    }

    /// The value's type in numbers; nothing when it is no ranked memref.
    pub fn of_value(value: impl ValueLike<'c>) -> Option<Self> {
        Self::of(value.r#type())
    }

    /// Number of dimensions.
    pub fn rank(&self) -> usize {
        self.shape.len()
    }

    /// Bytes of an element in memory; nothing for types without a whole number of bytes (i1 has one byte).
    pub fn element_bytes(&self) -> Option<i64> {
        byte_width(self.element)
    }

    /// Number of elements, when every size is known.
    pub fn count(&self) -> Option<i64> {
        self.shape.iter().try_fold(1_i64, |product, size| product.checked_mul((*size)?))
    }

    /// Whether the elements certainly lie without gaps, in row-major order. The offset may be anything.
    pub fn is_contiguous(&self) -> bool {
        let mut expected = Some(1_i64);
        for (size, stride) in self.shape.iter().zip(&self.strides).rev() {
            // A dimension of one element is never stepped along.
            if *size == Some(1) {
                continue;
            }
            if expected.is_none() || *stride != expected {
                return self.identity;
            }
            expected = size.and_then(|size| expected?.checked_mul(size));
        }
        true
    }
}

/// Bytes of a scalar in memory; nothing for types without a whole number of bytes (i1 has one byte).
pub fn byte_width(ty: Type<'_>) -> Option<i64> {
    let raw = ty.to_raw();
    // SAFETY: the type is live, and each width is asked of its own kind.
    let bits = unsafe {
        if mlirTypeIsAIndex(raw) {
            64
        } else if mlirTypeIsAInteger(raw) {
            mlirIntegerTypeGetWidth(raw)
        } else if mlirTypeIsAFloat(raw) {
            mlirFloatTypeGetWidth(raw)
        } else {
            return None;
        }
    };
    match bits {
        1 => Some(1),
        8 | 16 | 32 | 64 => Some(i64::from(bits) / 8),
        _ => None,
    }
}
