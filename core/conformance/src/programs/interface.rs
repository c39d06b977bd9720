//! How a program and its kernels talk: push constants, results in place, several results, many bindings.

use super::{ProgramCase, arith, output, pointwise, small};
use crate::{
    claims::{Claims, Class},
    program::{Nest, Number, Program, Start, cast, constant, input, loops, op},
};
use ropt_runtime::element::Element;

pub(super) fn cases(claims: &Claims) -> Vec<ProgramCase> {
    let mut cases = push_constants(claims);
    for element in [Element::F32, Element::I32, Element::F64, Element::I8, Element::F16] {
        if claims.has(Class::Arithmetic, element) {
            cases.push(in_place(element));
            cases.push(several_results(element));
            cases.push(many_bindings(element));
            cases.push(chain(element));
        }
        if claims.has(Class::Contraction, element) {
            cases.push(accumulated(element));
        }
    }
    cases
}

/// A scalar argument of each type that the target has, and one of type index, which every target has.
fn push_constants(claims: &Claims) -> Vec<ProgramCase> {
    let data = [Element::F32, Element::I32].into_iter().find(|element| claims.has(Class::Arithmetic, *element));
    let Some(data) = data else { return Vec::new() };
    // Values that need all of their type's bits.
    let scalars = [
        (Element::I8, Number::Integer(-7)),
        (Element::I16, Number::Integer(-300)),
        (Element::I32, Number::Integer(-70_000)),
        (Element::I64, Number::Integer(5_000_000_000)),
        (Element::F16, Number::Float(1.5)),
        (Element::BF16, Number::Float(-2.5)),
        (Element::F32, Number::Float(0.1)),
        (Element::F64, Number::Float(0.1)),
        (Element::Index, Number::Integer(2_000_000_000)),
        (Element::Index, Number::Integer(6_000_000_000)),
    ];
    let mut cases = Vec::new();
    for (element, number) in scalars {
        let wide = element == Element::Index && number.integer() > i64::from(i32::MAX);
        let claimed = match element {
            Element::Index => !wide || claims.has(Class::Indexing, element),
            _ => claims.has(Class::Arithmetic, element),
        };
        if !claimed {
            continue;
        }
        let mut program = Program::new();
        let argument = program.tensor(&[19], data, small(data));
        let scalar = program.scalar(element, number);
        let computed = if element == Element::Index { Element::I64 } else { element };
        let value = cast(element, computed, crate::program::Expression::Scalar(scalar));
        // What is large is divided first, so that the wide value matters and the result is small.
        let value = match computed {
            Element::I64 => op("arith.divsi", computed, [value, constant(computed, 1e7)]),
            Element::I32 => op("arith.divsi", computed, [value, constant(computed, 1e3)]),
            _ => value,
        };
        let body = op(arith("add", data), data, [input(0), cast(computed, data, value)]);
        let result = program.nest(pointwise(&[19], &[argument], &[data], vec![body]));
        program.results.push(result);
        cases.push(ProgramCase::new(
            format!("interface/push-constant/{element}{}", if wide { "-64" } else { "" }),
            program,
        ));
    }
    let mut program = Program::new();
    let argument = program.tensor(&[19], data, small(data));
    let scalars: Vec<_> = (0..12).map(|at| program.scalar(data, Number::of(data, f64::from(at) - 3.0))).collect();
    let sum = scalars
        .into_iter()
        .fold(input(0), |sum, scalar| op(arith("add", data), data, [sum, crate::program::Expression::Scalar(scalar)]));
    let result = program.nest(pointwise(&[19], &[argument], &[data], vec![sum]));
    program.results.push(result);
    cases.push(ProgramCase::new("interface/push-constant/twelve", program));
    cases
}

/// A result that takes the memory of an operand.
fn in_place(element: Element) -> ProgramCase {
    let mut program = Program::new();
    let shape = [6, 11];
    let argument = program.tensor(&shape, element, small(element));
    let added = program.tensor(&[11], element, small(element));
    let result = program.nest(Nest {
        extents: shape.to_vec(),
        reductions: 0,
        inputs: vec![(added, loops(&[1]))],
        outputs: vec![output(&shape, element, loops(&[0, 1]), Start::Tied(argument))],
        body: vec![op(arith("add", element), element, [input(0), input(1)])],
        named: None,
    });
    // The argument itself is returned too: it must not have changed.
    let unchanged = program.nest(pointwise(&shape, &[argument], &[element], vec![input(0)]));
    program.results = vec![result, unchanged];
    ProgramCase::new(format!("interface/in-place/elementwise/{element}"), program)
}

/// A product summed into an argument.
fn accumulated(element: Element) -> ProgramCase {
    let mut program = Program::new();
    let a = program.tensor(&[8, 9], element, small(element));
    let b = program.tensor(&[9, 10], element, small(element));
    let c = program.tensor(&[8, 10], element, small(element));
    let product = op(arith("mul", element), element, [input(0), input(1)]);
    let result = program.nest(Nest {
        extents: vec![8, 10, 9],
        reductions: 1,
        inputs: vec![(a, loops(&[0, 2])), (b, loops(&[2, 1]))],
        outputs: vec![output(&[8, 10], element, loops(&[0, 1]), Start::Tied(c))],
        body: vec![op(arith("add", element), element, [input(2), product])],
        named: Some("linalg.matmul".to_owned()),
    });
    program.results.push(result);
    ProgramCase::new(format!("interface/in-place/product/{element}"), program).slack(4.0)
}

fn several_results(element: Element) -> ProgramCase {
    let mut program = Program::new();
    let operands = [0; 2].map(|_| program.tensor(&[5, 9], element, small(element)));
    let body = ["add", "sub", "mul"].map(|stem| op(arith(stem, element), element, [input(0), input(1)]));
    let first = program.nest(pointwise(&[5, 9], &operands, &[element; 3], body.into()));
    program.results = vec![first + 2, first, first + 1];
    ProgramCase::new(format!("interface/several-results/{element}"), program)
}

/// A kernel of nine operands.
fn many_bindings(element: Element) -> ProgramCase {
    let mut program = Program::new();
    let operands = [0; 9].map(|_| program.tensor(&[23], element, small(element)));
    let body = (1..9).fold(input(0), |sum, at| op(arith("add", element), element, [sum, input(at)]));
    let result = program.nest(pointwise(&[23], &operands, &[element], vec![body]));
    program.results.push(result);
    ProgramCase::new(format!("interface/nine-operands/{element}"), program)
}

/// Kernels that read what the ones before wrote: a transposition between two sums keeps them apart.
fn chain(element: Element) -> ProgramCase {
    let mut program = Program::new();
    let argument = program.tensor(&[8, 6], element, small(element));
    let mut last = argument;
    for step in 0..6_usize {
        let (from, to) = if step.is_multiple_of(2) { ([8, 6], [6, 8]) } else { ([6, 8], [8, 6]) };
        let sums = program.nest(Nest {
            extents: from.to_vec(),
            reductions: 1,
            inputs: vec![(last, loops(&[0, 1]))],
            outputs: vec![output(&from[..1], element, loops(&[0]), Start::Filled(Number::of(element, 0.0)))],
            body: vec![op(arith("max", element), element, [input(0), input(1)])],
            named: None,
        });
        let body = op(arith("sub", element), element, [input(0), input(1)]);
        last = program.nest(Nest {
            extents: to.to_vec(),
            reductions: 0,
            inputs: vec![(last, loops(&[1, 0])), (sums, loops(&[1]))],
            outputs: vec![output(&to, element, loops(&[0, 1]), Start::Empty)],
            body: vec![body],
            named: None,
        });
    }
    program.results.push(last);
    ProgramCase::new(format!("interface/chain/{element}"), program).slack(4.0)
}
