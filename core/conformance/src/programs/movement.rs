//! Copies with another shape, values of indices, and elements looked up by index.

use super::{ProgramCase, arith, output, pointwise, small};
use crate::program::{
    Expression, Id, Nest, Number, Program, Range, Start, Step, Tensor, cast, index, input, loops, op,
};
use ropt_runtime::element::Element;

fn tensor(shape: &[usize], element: Element) -> Tensor {
    Tensor { shape: shape.to_vec(), element }
}

/// Doubles every element, so that what moves is looked at by a kernel too.
fn doubled(program: &mut Program, of: Id, shape: &[usize], element: Element) -> Id {
    let body = vec![op(arith("add", element), element, [input(0), input(0)])];
    program.nest(pointwise(shape, &[of], &[element], body))
}

/// A case of one tensor argument and one step, whose result is returned doubled.
fn moved(name: &str, shape: &[usize], to: &[usize], element: Element, step: impl Fn(Id) -> Step) -> ProgramCase {
    let mut program = Program::new();
    let argument = program.tensor(shape, element, small(element));
    let moved = program.step(step(argument), tensor(to, element));
    let result = doubled(&mut program, moved, to, element);
    program.results.push(result);
    ProgramCase::new(name, program)
}

fn transposed(name: &str, shape: &[usize], order: &[usize], element: Element) -> ProgramCase {
    let mut program = Program::new();
    let argument = program.tensor(shape, element, small(element));
    let to: Vec<usize> = order.iter().map(|dim| shape[*dim]).collect();
    // Loop d is dimension d of the result.
    let from: Vec<usize> = (0..order.len()).filter_map(|dim| order.iter().position(|at| *at == dim)).collect();
    let result = program.nest(Nest {
        extents: to.clone(),
        reductions: 0,
        inputs: vec![(argument, loops(&from))],
        outputs: vec![output(&to, element, loops(&(0..order.len()).collect::<Vec<_>>()), Start::Empty)],
        body: vec![input(0)],
        named: None,
    });
    program.results.push(result);
    ProgramCase::new(name, program)
}

pub(super) fn movement(element: Element) -> Vec<ProgramCase> {
    let slice = |offsets: &[usize], sizes: &[usize], strides: &[usize]| {
        let (offsets, sizes, strides) = (offsets.to_vec(), sizes.to_vec(), strides.to_vec());
        move |of| Step::Slice { of, offsets: offsets.clone(), sizes: sizes.clone(), strides: strides.clone() }
    };
    let pad = |of| Step::Pad { of, low: vec![1, 2], high: vec![0, 3], value: Number::of(element, 5.0) };
    vec![
        transposed("transpose", &[9, 14], &[1, 0], element),
        transposed("transpose-3d", &[3, 5, 6], &[2, 0, 1], element),
        moved("slice", &[9, 14], &[4, 7], element, slice(&[3, 5], &[4, 7], &[1, 1])),
        moved("slice-strided", &[9, 14], &[4, 5], element, slice(&[1, 0], &[4, 5], &[2, 3])),
        moved("pad", &[4, 5], &[5, 10], element, pad),
        moved("flatten", &[4, 5], &[20], element, |of| Step::Flatten { of }),
        concat(element),
        insert(element),
        constants(element),
    ]
}

fn concat(element: Element) -> ProgramCase {
    let mut program = Program::new();
    let parts = [3, 4].map(|rows| program.tensor(&[rows, 5], element, small(element)));
    let whole = program.step(Step::Concat { dim: 0, parts: parts.into() }, tensor(&[7, 5], element));
    let result = doubled(&mut program, whole, &[7, 5], element);
    program.results.push(result);
    ProgramCase::new("concat", program)
}

fn insert(element: Element) -> ProgramCase {
    let mut program = Program::new();
    let piece = program.tensor(&[2, 3], element, small(element));
    let into = program.tensor(&[6, 7], element, small(element));
    let piece = doubled(&mut program, piece, &[2, 3], element);
    let result = program.step(Step::Insert { piece, into, offsets: vec![3, 1] }, tensor(&[6, 7], element));
    program.results.push(result);
    ProgramCase::new("insert", program)
}

/// A table that the program holds.
fn constants(element: Element) -> ProgramCase {
    let mut program = Program::new();
    let argument = program.tensor(&[3, 4], element, small(element));
    let numbers = (0..12).map(|at| Number::of(element, f64::from(at) - 5.0)).collect();
    let table = program.step(Step::Constant { numbers }, tensor(&[3, 4], element));
    let body = vec![op(arith("mul", element), element, [input(0), input(1)])];
    let result = program.nest(pointwise(&[3, 4], &[argument, table], &[element], body));
    program.results.push(result);
    ProgramCase::new("constant", program)
}

pub(super) fn indexing(element: Element) -> Vec<ProgramCase> {
    let number = |dim| cast(Element::I32, element, cast(Element::Index, Element::I32, index(dim)));
    let mut iota = Program::new();
    let argument = iota.tensor(&[6, 7], element, small(element));
    let sum = op(arith("add", element), element, [number(0), number(1)]);
    let body = vec![op(arith("add", element), element, [input(0), sum])];
    let result = iota.nest(pointwise(&[6, 7], &[argument], &[element], body));
    iota.results.push(result);

    // Rows of a table by number: an embedding.
    let mut gather = Program::new();
    let table = gather.tensor(&[11, 5], element, small(element));
    let rows = gather.tensor(&[8], Element::I32, Range { low: 0.0, high: 10.0 });
    let row = cast(Element::I32, Element::Index, input(0));
    let result = gather.nest(Nest {
        extents: vec![8, 5],
        reductions: 0,
        inputs: vec![(rows, loops(&[0]))],
        outputs: vec![output(&[8, 5], element, loops(&[0, 1]), Start::Empty)],
        body: vec![Expression::Extract(table, vec![row, index(1)])],
        named: None,
    });
    gather.results.push(result);
    vec![ProgramCase::new("iota", iota), ProgramCase::new("gather", gather)]
}
