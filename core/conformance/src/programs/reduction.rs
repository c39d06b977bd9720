//! Sums, extrema and products along dimensions, positions of extrema, softmax.

use super::{ProgramCase, arith, output, small};
use crate::program::{
    Expression, Map, Nest, Number, Program, Range, Start, Step, Tensor, cast, compare, index, input, loops, op, select,
};
use ropt_runtime::element::Element;

/// The lowest number of a type.
fn lowest(element: Element) -> Number {
    let integer = || Number::Integer(i64::MIN >> (64 - 8 * element.bytes()));
    if element.is_float() { Number::Float(f64::NEG_INFINITY) } else { integer() }
}

fn reduced(
    name: &str,
    shape: &[usize],
    kept: &[usize],
    element: Element,
    start: Number,
    body: Expression,
) -> ProgramCase {
    // Loops that stay come first.
    let order: Vec<usize> = kept.iter().copied().chain((0..shape.len()).filter(|dim| !kept.contains(dim))).collect();
    let place = |dim: &usize| order.iter().position(|at| at == dim).unwrap_or_default();
    let from: Map = loops(&(0..shape.len()).map(|dim| place(&dim)).collect::<Vec<_>>());
    let to: Vec<usize> = kept.iter().map(|dim| shape[*dim]).collect();
    let mut program = Program::new();
    // Products of numbers near one stay in the type's range.
    let range = match name {
        "product" if element.is_float() => Range { low: 0.7, high: 1.3 },
        "product" => Range { low: -2.0, high: 2.0 },
        _ if element.is_float() => Range { low: -1.0, high: 1.0 },
        _ => small(element),
    };
    let argument = program.tensor(shape, element, range);
    let result = program.nest(Nest {
        extents: order.iter().map(|dim| shape[*dim]).collect(),
        reductions: shape.len() - kept.len(),
        inputs: vec![(argument, from)],
        outputs: vec![output(&to, element, loops(&(0..kept.len()).collect::<Vec<_>>()), Start::Filled(start))],
        body: vec![body],
        named: None,
    });
    program.results.push(result);
    ProgramCase::new(name, program).slack(slack(element))
}

/// Sums of few digits depend on their order.
fn slack(element: Element) -> f64 {
    if matches!(element, Element::F16 | Element::BF16) { 4.0 } else { 1.0 }
}

pub(super) fn reduction(element: Element) -> Vec<ProgramCase> {
    let zero = Number::of(element, 0.0);
    let with = |stem: &str| op(arith(stem, element), element, [input(0), input(1)]);
    vec![
        reduced("sum-rows", &[9, 37], &[0], element, zero, with("add")),
        reduced("sum-columns", &[21, 10], &[1], element, zero, with("add")),
        reduced("sum-middle", &[4, 11, 6], &[0, 2], element, zero, with("add")),
        reduced("sum-all", &[7, 9], &[], element, zero, with("add")),
        reduced("max", &[9, 37], &[0], element, lowest(element), with("max")),
        reduced("product", &[5, 6], &[0], element, Number::of(element, 1.0), with("mul")),
        argmax(element),
    ]
}

/// Value and position of the first maximum of each row.
fn argmax(element: Element) -> ProgramCase {
    let mut program = Program::new();
    let argument = program.tensor(&[6, 17], element, small(element));
    let more = || compare(if element.is_float() { "ogt" } else { "sgt" }, element, input(0), input(1));
    let at = cast(Element::Index, Element::I32, index(1));
    let value = program.nest(Nest {
        extents: vec![6, 17],
        reductions: 1,
        inputs: vec![(argument, loops(&[0, 1]))],
        outputs: vec![
            output(&[6], element, loops(&[0]), Start::Filled(lowest(element))),
            output(&[6], Element::I32, loops(&[0]), Start::Filled(Number::Integer(0))),
        ],
        body: vec![select(element, more(), input(0), input(1)), select(Element::I32, more(), at, input(2))],
        named: None,
    });
    program.results = vec![value, value + 1];
    ProgramCase::new("argmax", program)
}

pub(super) fn softmax(element: Element) -> Vec<ProgramCase> {
    let case = |name: &str, shape: &[usize]| {
        let mut program = Program::new();
        let argument = program.tensor(shape, element, Range { low: -4.0, high: 4.0 });
        let tensor = Tensor { shape: shape.to_vec(), element };
        let result = program.step(Step::Softmax { of: argument }, tensor);
        program.results.push(result);
        ProgramCase::new(name, program)
    };
    vec![case("rows", &[6, 19]), case("batched", &[2, 3, 8])]
}
