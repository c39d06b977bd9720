//! The body of a kernel: what it reads from its interface, the group's ops, and the stores of its results.

use ropt_mlir::{
    ir::{
        attributes::{i32_array_text, i64_array_text},
        clone_mapped,
        edit::{Builder, Op, Val, op_name, operands, results, type_text},
        fill,
    },
    melior::ir::{Type, ValueLike, operation::OperationLike},
};
use ropt_plugin::prelude::PassError;

use crate::{
    capture::Captures,
    groups::Group,
    layout::{Access, Scalar, parameters},
    values::{Tensor, carried, is_tensor, splat},
};

/// A binding of the kernel: the type of its tensor and what it is used for.
pub(crate) type Binding<'c> = (Type<'c>, Access);

/// The interface that a group's kernel has.
#[derive(Clone, Debug)]
pub(crate) struct Interface<'c> {
    /// The bindings: tensors taken, then results that have no tensor's storage.
    pub(crate) bindings: Vec<Binding<'c>>,
    /// The binding of each result.
    pub(crate) results: Vec<usize>,
    /// How each scalar travels.
    pub(crate) scalars: Vec<Scalar>,
}

impl<'c> Interface<'c> {
    /// The interface for these captures; `ties` has for each result the tensor whose storage it takes over.
    ///
    /// # Errors
    /// When a scalar can not travel.
    pub(crate) fn new(group: &Group<'c>, captures: &Captures<'c>, ties: &[Option<usize>]) -> Result<Self, PassError> {
        let scalar = |value: &Val<'c>| Scalar::of(value.r#type(), group.sink().location());
        let scalars = captures.scalars.iter().map(scalar).collect::<Result<Vec<_>, _>>()?;
        let mut bindings: Vec<Binding<'c>> = captures.tensors.iter().map(|t| (t.r#type(), Access::Read)).collect();
        let mut places = Vec::new();
        for (result, tie) in group.results().into_iter().zip(ties) {
            match *tie {
                Some(tensor) => {
                    bindings[tensor].1 = Access::Both;
                    places.push(tensor);
                }
                None => {
                    places.push(bindings.len());
                    bindings.push((carried(result.r#type()), Access::Write));
                }
            }
        }
        Ok(Self { bindings, results: places, scalars })
    }

    /// The layout's parameters as text.
    pub(crate) fn layout(&self) -> String {
        let words = self.scalars.iter().map(|scalar| scalar.words()).sum();
        parameters(words, &self.bindings.iter().map(|binding| binding.1).collect::<Vec<_>>())
    }
}

/// Values outside of the kernel and what stands for them inside.
#[derive(Default)]
struct Map<'c> {
    from: Vec<Val<'c>>,
    to: Vec<Val<'c>>,
}

impl<'c> Map<'c> {
    fn set(&mut self, from: Val<'c>, to: Val<'c>) {
        self.from.push(from);
        self.to.push(to);
    }

    fn get(&self, from: Val<'c>) -> Val<'c> {
        let index = self.from.iter().position(|value| *value == from);
        self.to[index.expect("captures hold everything that the group uses")]
    }

    fn all(&self, from: &[Val<'c>]) -> Vec<Val<'c>> {
        from.iter().map(|value| self.get(*value)).collect()
    }

    fn clone_op(&mut self, at: Builder<'c>, op: Op<'c>) {
        let copy = at.insert(clone_mapped(op, &self.from, &self.to));
        for (from, to) in results(op).into_iter().zip(results(copy)) {
            self.set(from, to);
        }
    }
}

/// Fills a kernel in before its return.
pub(crate) fn write<'c>(end: Op<'c>, group: &Group<'c>, captures: &Captures<'c>, interface: &Interface<'c>) {
    let location = group.sink().location();
    let at = Builder::before(end).located(location);
    let layout = format!("#hal.pipeline.layout<{}>", interface.layout());
    let mut map = Map::default();
    read_scalars(at, captures, interface, &layout, &mut map);
    let sized = |op: &&Op<'c>| op_name(**op) == "arith.constant" && !is_tensor(results(**op)[0]);
    for constant in captures.copies.iter().filter(sized) {
        map.clone_op(at.located(constant.location()), *constant);
    }
    for (from, to) in captures.equal.pairs() {
        let to = map.get(*to);
        map.set(*from, to);
    }
    let zero = at.index(0);
    let subspan = |binding: usize, sizes: &[Val<'c>]| {
        let (ty, access) = interface.bindings[binding];
        let ty = format!("!iree_tensor_ext.dispatch.tensor<{}:{}>", access.word(), type_text(ty));
        subspan(at, &layout, (binding, access), zero, sizes, &ty)
    };
    let mut spans = Vec::new();
    for (index, sizes) in captures.tensor_sizes.iter().enumerate() {
        spans.push((subspan(index, &map.all(sizes)), map.all(sizes)));
    }
    for (index, sizes) in captures.result_sizes.iter().enumerate() {
        if interface.results[index] >= captures.tensors.len() {
            spans.push((subspan(interface.results[index], &map.all(sizes)), map.all(sizes)));
        }
    }
    for (tensor, (span, sizes)) in captures.tensors.iter().zip(&spans) {
        map.set(*tensor, load(at, *span, tensor.r#type(), sizes));
    }
    for copy in captures.copies.iter().filter(|op| !sized(op)) {
        copy_op(at.located(copy.location()), *copy, &mut map);
    }
    for member in &group.members {
        match op_name(*member).as_str() {
            // A fill or splat for the host is a kernel of its own.
            "tensor.splat" | "arith.constant" => copy_op(at.located(member.location()), *member, &mut map),
            _ => map.clone_op(at, *member),
        }
    }
    for (index, result) in group.results().into_iter().enumerate() {
        let (span, sizes) = &spans[interface.results[index]];
        let (inside, ty) = (map.get(result), carried(result.r#type()));
        let tensor = match is_tensor(result) {
            true => inside,
            false => results(at.op("tensor.from_elements", &[inside], &[ty], &[]))[0],
        };
        store(at, tensor, *span, sizes, ty);
    }
}

/// Constants of the interface as the values that they were on the host.
fn read_scalars<'c>(
    at: Builder<'c>,
    captures: &Captures<'c>,
    interface: &Interface<'c>,
    layout: &str,
    map: &mut Map<'c>,
) {
    let mut word = 0;
    for (value, scalar) in captures.scalars.iter().zip(&interface.scalars) {
        let next = || {
            let ordinal = format!("{word} : index");
            word += 1;
            at.value("hal.interface.constant.load", &[], "i32", &[("layout", layout), ("ordinal", &ordinal)])
        };
        let mut inside = read_scalar(at, *scalar, &type_text(value.r#type()), next);
        if let Some(number) = captures.workload.iter().position(|size| size == value) {
            let ordinal = format!("{number} : index");
            let attributes = [("ordinal", ordinal.as_str())];
            inside = at.value("iree_tensor_ext.dispatch.workload.ordinal", &[inside], "index", &attributes);
        }
        map.set(*value, inside);
    }
}

fn read_scalar<'c>(at: Builder<'c>, scalar: Scalar, ty: &str, mut word: impl FnMut() -> Val<'c>) -> Val<'c> {
    let low = word();
    if scalar.words() == 1 {
        return match scalar {
            Scalar::Integer(32) => low,
            Scalar::Float(32) => at.value("arith.bitcast", &[low], ty, &[]),
            Scalar::Float(bits) => {
                let narrow = at.value("arith.trunci", &[low], &format!("i{bits}"), &[]);
                at.value("arith.bitcast", &[narrow], ty, &[])
            }
            Scalar::Integer(_) | Scalar::Index => at.value("arith.trunci", &[low], ty, &[]),
        };
    }
    let high = word();
    let wide = |value| at.value("arith.extui", &[value], "i64", &[]);
    let (low, high) = (wide(low), wide(high));
    let shift = at.value("arith.constant", &[], "i64", &[("value", "32 : i64")]);
    let high = at.value("arith.shli", &[high, shift], "i64", &[]);
    let whole = at.value("arith.ori", &[low, high], "i64", &[]);
    match scalar {
        Scalar::Index => at.value("arith.index_castui", &[whole], "index", &[]),
        Scalar::Float(_) => at.value("arith.bitcast", &[whole], ty, &[]),
        Scalar::Integer(_) => whole,
    }
}

/// Copies a cheap op; tensors of one repeated element become fills, which kernels fuse.
fn copy_op<'c>(at: Builder<'c>, op: Op<'c>, map: &mut Map<'c>) {
    let result = results(op)[0];
    let scalar = match (op_name(op).as_str(), splat(op)) {
        ("tensor.splat", _) => map.get(operands(op)[0]),
        (_, Some(element)) => {
            let ty = Tensor::of(result.r#type()).map(|tensor| tensor.element).unwrap_or_default();
            at.value("arith.constant", &[], &ty, &[("value", &element)])
        }
        _ => return map.clone_op(at, op),
    };
    let sizes: Vec<Val<'c>> = operands(op).iter().skip(1).map(|size| map.get(*size)).collect();
    let empty = at.op("tensor.empty", &sizes, &[result.r#type()], &[]);
    map.set(result, fill(at, scalar, results(empty)[0]));
}

fn subspan<'c>(
    at: Builder<'c>,
    layout: &str,
    (binding, access): (usize, Access),
    zero: Val<'c>,
    sizes: &[Val<'c>],
    ty: &str,
) -> Val<'c> {
    let operands: Vec<Val<'c>> = [zero].into_iter().chain(sizes.iter().copied()).collect();
    let (binding, segments) = (format!("{binding} : index"), i32_array_text(&[1, sizes.len()]));
    let flags = match access {
        Access::Read => "3 : i32",
        Access::Write | Access::Both => "2 : i32",
    };
    let attributes = [
        ("layout", layout),
        ("binding", binding.as_str()),
        ("alignment", "64 : index"),
        ("descriptor_flags", flags),
        ("operandSegmentSizes", segments.as_str()),
    ];
    at.value("hal.interface.binding.subspan", &operands, ty, &attributes)
}

/// Attributes of an access to a whole tensor; the operands before the dynamic sizes are `first` many.
fn whole(ty: Type<'_>, first: usize) -> Vec<(&'static str, String)> {
    let sizes = Tensor::of(ty).map(|tensor| tensor.sizes).unwrap_or_default();
    let dynamic = sizes.iter().filter(|size| size.is_none()).count();
    let list = |value: &dyn Fn(&Option<i64>) -> i64| i64_array_text(&sizes.iter().map(value).collect::<Vec<_>>());
    let mut segments = vec![1; first];
    segments.extend([dynamic, 0, dynamic, 0]);
    vec![
        ("static_offsets", list(&|_| 0)),
        ("static_sizes", list(&|size| size.unwrap_or(i64::MIN))),
        ("static_strides", list(&|_| 1)),
        ("operandSegmentSizes", i32_array_text(&segments)),
    ]
}

fn load<'c>(at: Builder<'c>, span: Val<'c>, ty: Type<'c>, sizes: &[Val<'c>]) -> Val<'c> {
    let attributes = whole(ty, 1);
    let attributes: Vec<_> = attributes.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let operands: Vec<Val<'c>> = [&[span], sizes, sizes].concat();
    results(at.op("iree_tensor_ext.dispatch.tensor.load", &operands, &[ty], &attributes))[0]
}

fn store<'c>(at: Builder<'c>, value: Val<'c>, span: Val<'c>, sizes: &[Val<'c>], ty: Type<'c>) {
    let attributes = whole(ty, 2);
    let attributes: Vec<_> = attributes.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let operands: Vec<Val<'c>> = [&[value, span], sizes, sizes].concat();
    at.op("iree_tensor_ext.dispatch.tensor.store", &operands, &[], &attributes);
}
