//! The reference: a program computed here, one element after another.

use super::{Argument, Expression, Id, Nest, Number, Program, Start, Step, compute};
use ropt_runtime::{
    element::Element,
    value::{Array, Value},
};

/// A computed value.
#[derive(Debug, Clone)]
struct Filled {
    shape: Vec<usize>,
    element: Element,
    numbers: Vec<Number>,
}

/// Arguments of one call: the shapes of the tensors, or none for the program's own, and what their numbers are made from.
#[derive(Debug, Clone, Default)]
pub struct Call {
    /// A shape for each argument; scalars have an empty one.
    pub shapes: Option<Vec<Vec<usize>>>,
    /// Changes the numbers.
    pub seed: u64,
}

/// The arguments of a call, and the results that it must give.
///
/// # Panics
/// When the program is not well-formed: programs are part of this crate, and its tests compute each.
#[must_use]
pub fn evaluate(program: &Program, call: &Call) -> (Vec<Value>, Vec<Value>) {
    let mut values: Vec<Filled> =
        (0..).zip(&program.arguments).map(|(at, argument)| fill(argument, at, call)).collect();
    let arguments = values.iter().zip(&program.arguments);
    let arguments = arguments.map(|(value, kind)| value.value(matches!(kind, Argument::Scalar(..)))).collect();
    for (step, tensors) in &program.steps {
        match step {
            Step::Nest(nest) => values.extend(run(nest, &values)),
            Step::Constant { numbers } => {
                values.push(Filled::new(&tensors[0].shape, tensors[0].element, numbers.clone()))
            }
            Step::Window => {
                let zero = Number::of(tensors[0].element, 0.0);
                values.push(Filled::new(&tensors[0].shape, tensors[0].element, vec![zero; tensors[0].count()]));
            }
            Step::Slice { of, offsets, sizes, strides } => {
                let at = |index: &[usize]| index.iter().enumerate().map(|(d, i)| offsets[d] + i * strides[d]).collect();
                let value = values[*of].gathered(sizes, |index| Some(at(index)), None);
                values.push(value);
            }
            Step::Insert { piece, into, offsets } => {
                let mut whole = values[*into].clone();
                each(&values[*piece].shape, |index| {
                    let at: Vec<usize> = index.iter().zip(offsets).map(|(i, offset)| i + offset).collect();
                    let place = whole.place(&at);
                    whole.numbers[place] = values[*piece].at(index);
                });
                values.push(whole);
            }
            Step::Pad { of, low, high, value } => {
                let inner = values[*of].shape.clone();
                let shape: Vec<usize> = (0..inner.len()).map(|d| low[d] + inner[d] + high[d]).collect();
                let at = |index: &[usize]| {
                    let inside = |d: usize| index[d].checked_sub(low[d]).filter(|i| *i < inner[d]);
                    (0..index.len()).map(inside).collect()
                };
                let padded = values[*of].gathered(&shape, at, Some(*value));
                values.push(padded);
            }
            Step::Concat { dim, parts } => {
                let mut shape = values[parts[0]].shape.clone();
                shape[*dim] = parts.iter().map(|part| values[*part].shape[*dim]).sum();
                let mut whole =
                    Filled::new(&shape, tensors[0].element, vec![Number::Integer(0); shape.iter().product()]);
                let mut first = 0;
                for part in parts {
                    each(&values[*part].shape, |index| {
                        let mut at = index.to_vec();
                        at[*dim] += first;
                        let place = whole.place(&at);
                        whole.numbers[place] = values[*part].at(index);
                    });
                    first += values[*part].shape[*dim];
                }
                values.push(whole);
            }
            Step::Flatten { of } => {
                let flat = values[*of].clone();
                values.push(Filled { shape: vec![flat.numbers.len()], ..flat });
            }
            Step::Softmax { of } => {
                let softmax = softmax(&values[*of]);
                values.push(softmax);
            }
        }
    }
    let results = program.results.iter().map(|id| values[*id].value(false)).collect();
    (arguments, results)
}

impl Filled {
    fn new(shape: &[usize], element: Element, numbers: Vec<Number>) -> Self {
        assert_eq!(numbers.len(), shape.iter().product::<usize>(), "as many numbers as the shape {shape:?} holds");
        Self { shape: shape.to_vec(), element, numbers }
    }

    fn place(&self, index: &[usize]) -> usize {
        index.iter().zip(&self.shape).fold(0, |place, (i, extent)| place * extent + i)
    }

    fn at(&self, index: &[usize]) -> Number {
        self.numbers[self.place(index)]
    }

    /// The tensor of this shape whose elements come from where `from` says, or are `other`.
    fn gathered(&self, shape: &[usize], from: impl Fn(&[usize]) -> Option<Vec<usize>>, other: Option<Number>) -> Self {
        let mut numbers = Vec::new();
        each(shape, |index| numbers.extend(from(index).map(|at| self.at(&at)).or(other)));
        Self::new(shape, self.element, numbers)
    }

    fn value(&self, scalar: bool) -> Value {
        let data = self.numbers.iter().flat_map(|number| number.bytes(self.element)).collect();
        let shape = self.shape.iter().map(|extent| *extent as u64).collect();
        Value { scalar, array: Array { element: self.element, shape, data } }
    }
}

/// Calls `visit` with every index of the shape, the last dimension fastest.
fn each(shape: &[usize], mut visit: impl FnMut(&[usize])) {
    if shape.contains(&0) {
        return;
    }
    let mut index = vec![0; shape.len()];
    loop {
        visit(&index);
        let Some(dim) = (0..shape.len()).rev().find(|dim| index[*dim] + 1 < shape[*dim]) else { return };
        index[dim] += 1;
        index[dim + 1..].fill(0);
    }
}

/// Numbers that differ from their neighbours, and are the same in every run.
fn fill(argument: &Argument, at: u64, call: &Call) -> Filled {
    match argument {
        Argument::Scalar(element, number) => Filled::new(&[], *element, vec![number.rounded(*element)]),
        Argument::Tensor(tensor, range) => {
            let shape = call.shapes.as_ref().map_or(&tensor.shape, |shapes| &shapes[at as usize]);
            let mut state =
                (at + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ call.seed.wrapping_mul(0xd134_2543_de82_ef95) | 1;
            let mut next = || {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                let unit = (state >> 11) as f64 / (1_u64 << 53) as f64;
                let spread = range.high - range.low;
                // Integers reach both ends.
                let value = if tensor.element.is_float() { unit * spread } else { (unit * (spread + 1.0)).floor() };
                Number::of(tensor.element, range.low + value)
            };
            let count = shape.iter().product();
            Filled::new(shape, tensor.element, std::iter::repeat_with(&mut next).take(count).collect())
        }
    }
}

fn run(nest: &Nest, values: &[Filled]) -> Vec<Filled> {
    // What a dynamic program's extents are is told by the operands.
    let mut extents = nest.extents.clone();
    for (id, map) in &nest.inputs {
        for (affine, extent) in map.iter().zip(&values[*id].shape) {
            if let [(dim, 1)] = affine.terms[..] {
                extents[dim] = *extent;
            }
        }
    }
    let mut results: Vec<Filled> = nest
        .outputs
        .iter()
        .map(|output| {
            let extent = |(dim, fixed): (&super::Affine, &usize)| match dim.terms[..] {
                [(dim, 1)] => extents[dim],
                _ => *fixed,
            };
            let shape: Vec<usize> = output.map.iter().zip(&output.tensor.shape).map(extent).collect();
            let count = shape.iter().product();
            let numbers = match output.start {
                Start::Empty => vec![Number::of(output.tensor.element, 0.0); count],
                Start::Filled(number) => vec![number.rounded(output.tensor.element); count],
                Start::Tied(id) => values[id].numbers.clone(),
            };
            Filled::new(&shape, output.tensor.element, numbers)
        })
        .collect();
    let place = |map: &super::Map, shape: &[usize], index: &[usize]| {
        map.iter().zip(shape).fold(0, |place, (affine, extent)| {
            place * extent + affine.terms.iter().map(|(dim, factor)| index[*dim] * factor).sum::<usize>()
        })
    };
    each(&extents, |index| {
        let read = |(id, map): &(Id, super::Map)| values[*id].numbers[place(map, &values[*id].shape, index)];
        let mut inputs: Vec<Number> = nest.inputs.iter().map(read).collect();
        let places: Vec<usize> = nest
            .outputs
            .iter()
            .zip(&results)
            .map(|(output, result)| place(&output.map, &result.shape, index))
            .collect();
        inputs.extend(results.iter().zip(&places).map(|(result, place)| result.numbers[*place]));
        let yielded: Vec<Number> = nest.body.iter().map(|body| compute(body, &inputs, index, values)).collect();
        for ((result, place), number) in results.iter_mut().zip(places).zip(yielded) {
            result.numbers[place] = number;
        }
    });
    results
}

fn compute(expression: &Expression, inputs: &[Number], index: &[usize], values: &[Filled]) -> Number {
    let of = |expression: &Expression| compute(expression, inputs, index, values);
    let known = match expression {
        Expression::Input(number) => Some(inputs[*number]),
        Expression::Scalar(id) => Some(values[*id].numbers[0]),
        Expression::Constant(_, number) => Some(*number),
        Expression::Index(dim) => Some(Number::Integer(index[*dim] as i64)),
        Expression::Op(name, element, operands) => {
            let operands: Vec<Number> = operands.iter().map(of).collect();
            compute::apply(name, *element, &operands)
        }
        Expression::Compare(predicate, element, sides) => {
            let holds = compute::compare(predicate, *element, of(&sides[0]), of(&sides[1]));
            holds.map(|holds| Number::Integer(holds.into()))
        }
        Expression::Select(_, parts) => Some(of(&parts[if of(&parts[0]).integer() == 1 { 1 } else { 2 }])),
        Expression::Cast(name, from, to, inner) => compute::convert(name, *from, *to, of(inner)),
        Expression::Extract(id, at) => {
            let at: Vec<usize> = at.iter().map(|index| of(index).integer() as usize).collect();
            Some(values[*id].at(&at))
        }
    };
    known.unwrap_or_else(|| panic!("the reference does not know {expression:?} on {inputs:?}"))
}

fn softmax(of: &Filled) -> Filled {
    let row = of.shape.last().copied().unwrap_or(1).max(1);
    let mut numbers = Vec::with_capacity(of.numbers.len());
    for row in of.numbers.chunks(row) {
        let largest = row.iter().fold(f64::NEG_INFINITY, |most, number| most.max(number.float()));
        let powers: Vec<f64> = row.iter().map(|number| (number.float() - largest).exp()).collect();
        let sum: f64 = powers.iter().sum();
        numbers.extend(powers.iter().map(|power| Number::of(of.element, power / sum)));
    }
    Filled::new(&of.shape, of.element, numbers)
}
