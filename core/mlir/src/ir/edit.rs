//! Editing in place: handles that live as long as the context, a builder that takes types and attributes as text.
//!
//! melior ties a handle's life to a borrow of its parent, which in-place rewriting can not keep up with. A pass owns
//! the op that it was given, so inside it these handles are used with the rule of every MLIR pass: an erased op is
//! not touched again.

use crate::sys;
use melior::{
    Context, ContextRef,
    ir::{
        Attribute, Block, BlockLike, BlockRef, Identifier, Location, Operation, OperationRef, Region, Type, TypeLike,
        Value, ValueLike,
        operation::{OperationBuilder, OperationLike, OperationRefMut},
        r#type::RankedTensorType,
    },
};
use mlir_sys::*;
use std::sync::{Mutex, PoisonError};

/// An op inside the op that a pass owns.
pub type Op<'c> = OperationRef<'c, 'c>;
/// A value inside the op that a pass owns.
pub type Val<'c> = Value<'c, 'c>;

/// A handle whose life is not tied to a borrow of its parent.
pub fn pin<'c>(op: OperationRef<'c, '_>) -> Op<'c> {
    // SAFETY: the handle is live; the caller follows the rule in the module's documentation.
    unsafe { Op::from_raw(op.to_raw()) }
}

/// As [`pin`], for the op that a pass is run on.
pub fn pin_mut<'c>(op: &OperationRefMut<'c, '_>) -> Op<'c> {
    // SAFETY: the handle is live; the caller follows the rule in the module's documentation.
    unsafe { Op::from_raw(op.to_raw()) }
}

/// As [`pin`], for a value.
pub fn pin_value<'c>(value: impl ValueLike<'c>) -> Val<'c> {
    // SAFETY: the handle is live; the caller follows the rule in the module's documentation.
    unsafe { Val::from_raw(value.to_raw()) }
}

/// The context of an op, for as long as the IR lives.
pub fn context_of<'c>(op: OperationRef<'c, '_>) -> &'c Context {
    lasting(op.context())
}

/// The context of an attribute, for as long as the IR lives.
pub fn context_of_attribute<'c>(attribute: Attribute<'c>) -> &'c Context {
    lasting(melior::ir::AttributeLike::context(&attribute))
}

/// A reference to a context that lasts as long as the context. melior's own conversion refers to the handle that it
/// is given, which is mostly a temporary; here each context's handle is kept once.
fn lasting<'c>(context: ContextRef<'c>) -> &'c Context {
    static KEPT: Mutex<Vec<(usize, usize)>> = Mutex::new(Vec::new());
    // SAFETY: the handle that the reference refers to lives until the end of this function.
    let raw = unsafe { context.to_ref() }.to_raw().ptr as usize;
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    let place = match kept.iter().find(|(known, _)| *known == raw) {
        Some((_, place)) => *place,
        None => {
            let place = Box::into_raw(Box::new(raw)) as usize;
            kept.push((raw, place));
            place
        }
    };
    // SAFETY: a Context is nothing but the raw pointer, and the box with that pointer is never freed.
    unsafe { &*(place as *const Context) }
}

/// The op's name, such as `linalg.matmul`.
pub fn op_name(op: OperationRef<'_, '_>) -> String {
    op.name().as_string_ref().as_str().unwrap_or_default().to_owned()
}

/// The op's operands.
pub fn operands<'c>(op: Op<'c>) -> Vec<Val<'c>> {
    op.operands().map(pin_value).collect()
}

/// The op's results.
pub fn results<'c>(op: Op<'c>) -> Vec<Val<'c>> {
    op.results().map(pin_value).collect()
}

/// The op that defines a value, when it is not a block argument.
pub fn defining_op<'c>(value: Val<'c>) -> Option<Op<'c>> {
    if !value.is_operation_result() {
        return None;
    }
    // SAFETY: the value is a live op's result.
    Some(unsafe { Op::from_raw(mlirOpResultGetOwner(value.to_raw())) })
}

/// The ops that use a value, once for each use.
pub fn users<'c>(value: Val<'c>) -> Vec<Op<'c>> {
    let mut found = Vec::new();
    // SAFETY: the walk follows the live value's list of uses.
    unsafe {
        let mut each = mlirValueGetFirstUse(value.to_raw());
        while !mlirOpOperandIsNull(each) {
            found.push(Op::from_raw(mlirOpOperandGetOwner(each)));
            each = mlirOpOperandGetNextUse(each);
        }
    }
    found
}

/// Replaces every use of `old`.
pub fn replace_uses<'c>(old: Val<'c>, new: Val<'c>) {
    // SAFETY: both values are live.
    unsafe { mlirValueReplaceAllUsesOfWith(old.to_raw(), new.to_raw()) };
}

/// Erases an op whose results have no use left.
pub fn erase(op: Op<'_>) {
    // SAFETY: the op is live, and by the module's rule not touched again.
    unsafe {
        mlirOperationRemoveFromParent(op.to_raw());
        mlirOperationDestroy(op.to_raw());
    }
}

/// Moves an op before another one.
pub fn move_before(op: Op<'_>, other: Op<'_>) {
    // SAFETY: both ops are live.
    unsafe { mlirOperationMoveBefore(op.to_raw(), other.to_raw()) };
}

/// Moves an op to the end of a block.
pub fn move_to_end<'c>(op: Op<'c>, block: BlockRef<'c, '_>) {
    // SAFETY: op and block are live; the op is detached before it is appended.
    unsafe {
        mlirOperationRemoveFromParent(op.to_raw());
        mlirBlockAppendOwnedOperation(block.to_raw(), op.to_raw());
    }
}

/// Replaces one operand.
pub fn set_operand<'c>(op: Op<'c>, index: usize, value: Val<'c>) {
    assert!(index < op.operand_count(), "the op has no operand {index}");
    // SAFETY: op and value are live, and the op has that operand.
    unsafe { mlirOperationSetOperand(op.to_raw(), index as isize, value.to_raw()) };
}

/// Sets or replaces an attribute given as text.
///
/// # Panics
/// When the text is not an attribute: it is the program's own, never the user's.
pub fn set_attribute(op: Op<'_>, name: &str, text: &str) {
    let context = context_of(op);
    let attribute = attribute(context, text);
    // SAFETY: the op and the attribute are live and of one context.
    unsafe {
        let key = MlirStringRef { data: name.as_ptr().cast(), length: name.len() };
        mlirOperationSetAttributeByName(op.to_raw(), key, melior::ir::AttributeLike::to_raw(&attribute));
    }
}

/// Sets or replaces an attribute.
pub fn set_attribute_value<'c>(op: Op<'c>, name: &str, value: Attribute<'c>) {
    // SAFETY: the op and the attribute are live and of one context.
    unsafe {
        let key = MlirStringRef { data: name.as_ptr().cast(), length: name.len() };
        mlirOperationSetAttributeByName(op.to_raw(), key, melior::ir::AttributeLike::to_raw(&value));
    }
}

/// Removes an attribute; whether it was there.
pub fn remove_attribute(op: Op<'_>, name: &str) -> bool {
    let key = MlirStringRef { data: name.as_ptr().cast(), length: name.len() };
    // SAFETY: the op is live.
    unsafe { mlirOperationRemoveAttributeByName(op.to_raw(), key) }
}

/// A type from text.
///
/// # Panics
/// When the text is not a type: it is the program's own, never the user's.
pub fn type_of<'c>(context: &'c Context, text: &str) -> Type<'c> {
    Type::parse(context, text).unwrap_or_else(|| panic!("not a type: {text}"))
}

/// An attribute from text.
///
/// # Panics
/// When the text is not an attribute: it is the program's own, never the user's.
pub fn attribute<'c>(context: &'c Context, text: &str) -> Attribute<'c> {
    Attribute::parse(context, text).unwrap_or_else(|| panic!("not an attribute: {text}"))
}

/// Every op nested in `op`, outer before inner, without `op` itself.
pub fn nested<'c>(op: Op<'c>) -> Vec<Op<'c>> {
    let mut found = Vec::new();
    for child in super::ops_in(op) {
        found.push(child);
        found.extend(nested(child));
    }
    found
}

/// Where a builder puts ops.
#[derive(Clone, Copy, Debug)]
enum Point<'c> {
    Before(Op<'c>),
    End(BlockRef<'c, 'c>),
}

/// Makes ops at one place.
#[derive(Clone, Copy, Debug)]
pub struct Builder<'c> {
    context: &'c Context,
    location: Location<'c>,
    point: Point<'c>,
}

impl<'c> Builder<'c> {
    /// Puts ops before `op`, with its location.
    pub fn before(op: Op<'c>) -> Self {
        Self { context: context_of(op), location: op.location(), point: Point::Before(op) }
    }

    /// Puts ops after `op`, which is not a terminator, with its location.
    ///
    /// # Panics
    /// When nothing follows `op`.
    pub fn after(op: Op<'c>) -> Self {
        let next = op.next_in_block().map(pin).expect("an op that is not a terminator has a successor");
        Self { context: context_of(op), location: op.location(), point: Point::Before(next) }
    }

    /// Puts ops at the end of a block.
    pub fn at_end(block: BlockRef<'c, '_>, location: Location<'c>) -> Self {
        // SAFETY: the block is live; see the module's documentation.
        let block = unsafe { BlockRef::from_raw(block.to_raw()) };
        let context = lasting(location.context());
        Self { context, location, point: Point::End(block) }
    }

    /// Puts ops at the start of a block.
    pub fn at_start(block: BlockRef<'c, '_>, location: Location<'c>) -> Self {
        match block.first_operation() {
            Some(first) => Self { location, ..Self::before(pin(first)) },
            None => Self::at_end(block, location),
        }
    }

    /// The same place with another location.
    pub fn located(self, location: Location<'c>) -> Self {
        Self { location, ..self }
    }

    /// The context.
    pub fn context(&self) -> &'c Context {
        self.context
    }

    /// The location of what is made.
    pub fn location(&self) -> Location<'c> {
        self.location
    }

    /// A type from text; see [`type_of`].
    pub fn ty(&self, text: &str) -> Type<'c> {
        type_of(self.context, text)
    }

    /// Makes an op.
    ///
    /// # Panics
    /// When MLIR refuses it, which only an unregistered name does.
    pub fn op(&self, name: &str, operands: &[Val<'c>], results: &[Type<'c>], attributes: &[(&str, &str)]) -> Op<'c> {
        self.op_with_regions(name, operands, results, attributes, Vec::new())
    }

    /// Makes an op with regions; see [`Builder::op`].
    ///
    /// # Panics
    /// When MLIR refuses it, which only an unregistered name does.
    pub fn op_with_regions(
        &self,
        name: &str,
        operands: &[Val<'c>],
        results: &[Type<'c>],
        attributes: &[(&str, &str)],
        regions: Vec<Region<'c>>,
    ) -> Op<'c> {
        let attributes: Vec<_> = attributes
            .iter()
            .map(|(key, text)| (Identifier::new(self.context, key), attribute(self.context, text)))
            .collect();
        let op = OperationBuilder::new(name, self.location)
            .add_operands(operands)
            .add_results(results)
            .add_attributes(&attributes)
            .add_regions_vec(regions)
            .build()
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        self.insert(op)
    }

    /// Makes an op with one result of the type in `result`.
    ///
    /// # Panics
    /// As [`Builder::op`].
    pub fn value(&self, name: &str, operands: &[Val<'c>], result: &str, attributes: &[(&str, &str)]) -> Val<'c> {
        let op = self.op(name, operands, &[self.ty(result)], attributes);
        pin_value(op.result(0).expect("made with one result"))
    }

    /// A `cf.cond_br` to one of two blocks without arguments, by an i1.
    ///
    /// # Panics
    /// When the `cf` dialect is not loaded.
    pub fn branch(&self, condition: Val<'c>, then: BlockRef<'c, '_>, otherwise: BlockRef<'c, '_>) -> Op<'c> {
        let segments = Identifier::new(self.context, "operandSegmentSizes");
        let op = OperationBuilder::new("cf.cond_br", self.location)
            .add_operands(&[condition])
            .add_successors(&[&then, &otherwise])
            .add_attributes(&[(segments, attribute(self.context, "array<i32: 1, 0, 0>"))])
            .build()
            .unwrap_or_else(|error| panic!("cf.cond_br: {error}"));
        self.insert(op)
    }

    /// An index constant.
    pub fn index(&self, value: i64) -> Val<'c> {
        self.value("arith.constant", &[], "index", &[("value", &format!("{value} : index"))])
    }

    /// An LLVM integer constant of that type.
    pub fn llvm_constant(&self, value: i64, ty: &str) -> Val<'c> {
        self.value("llvm.mlir.constant", &[], ty, &[("value", &format!("{value} : {ty}"))])
    }

    /// Puts a detached op here.
    pub fn insert(&self, op: Operation<'c>) -> Op<'c> {
        match self.point {
            Point::End(block) => pin(block.append_operation(op)),
            Point::Before(next) => {
                let block = next.block().expect("an op that ops are put before is in a block");
                pin(block.insert_operation_before(next, op))
            }
        }
    }
}

/// A region of one block with arguments of these types.
pub fn single_block<'c>(arguments: &[Type<'c>], location: Location<'c>) -> Region<'c> {
    let region = Region::new();
    let block = Block::new(&arguments.iter().map(|ty| (*ty, location)).collect::<Vec<_>>());
    melior::ir::RegionLike::append_block(&region, block);
    region
}

/// A type as MLIR prints it.
pub fn type_text(ty: Type<'_>) -> String {
    // SAFETY: the type is live, and the sink and its list live during the call.
    sys::collect(|sink, user| unsafe { sys::roptTypeText(ty.to_raw(), sink, user) }).concat()
}

/// A ranked tensor type; nothing for another one. melior's `try_from` prints a type that is none into its error.
pub fn ranked_tensor(ty: Type<'_>) -> Option<RankedTensorType<'_>> {
    ty.is_ranked_tensor().then(|| RankedTensorType::try_from(ty).ok()).flatten()
}
