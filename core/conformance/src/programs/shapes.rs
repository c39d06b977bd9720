//! Extents that are known at run time only, that are zero, one, odd or large, and data that begins anywhere.

use super::{ProgramCase, arith, contraction, output, pointwise, small};
use crate::{
    claims::{Claims, Class},
    program::{Nest, Number, Program, Range, Start, Step, Tensor, input, loops, op},
};
use ropt_runtime::element::Element;

/// The types that shapes are tried with: one of each kind, as far as they are claimed.
fn tried(claims: &Claims, class: Class) -> impl Iterator<Item = Element> + '_ {
    [Element::F32, Element::I32, Element::F16, Element::I8]
        .into_iter()
        .filter(move |element| claims.has(class, *element))
}

fn added(shape: &[usize], element: Element) -> Program {
    let mut program = Program::new();
    let operands = [0; 2].map(|_| program.tensor(shape, element, small(element)));
    let body = vec![op(arith("add", element), element, [input(0), input(1)])];
    let result = program.nest(pointwise(shape, &operands, &[element], body));
    program.results.push(result);
    program
}

fn row_sums(shape: [usize; 2], element: Element) -> Program {
    let mut program = Program::new();
    let range = if element.is_float() { Range { low: -1.0, high: 1.0 } } else { small(element) };
    let argument = program.tensor(&shape, element, range);
    let zero = Start::Filled(Number::of(element, 0.0));
    let result = program.nest(Nest {
        extents: shape.to_vec(),
        reductions: 1,
        inputs: vec![(argument, loops(&[0, 1]))],
        outputs: vec![output(&shape[..1], element, loops(&[0]), zero)],
        body: vec![op(arith("add", element), element, [input(0), input(1)])],
        named: None,
    });
    program.results.push(result);
    program
}

fn product([m, n, k]: [usize; 3], element: Element) -> Program {
    let mut program = Program::new();
    let range = if element.is_float() { Range { low: -1.0, high: 1.0 } } else { small(element) };
    let a = program.tensor(&[m, k], element, range);
    let b = program.tensor(&[k, n], element, range);
    let result = contraction::matmul(&mut program, a, b, [m, n, k], (element, element), true);
    program.results.push(result);
    program
}

pub(super) fn cases(claims: &Claims) -> Vec<ProgramCase> {
    let mut cases = Vec::new();
    let mut add = |group: &str, name: String, element: Element, program: Program| {
        let slack = if matches!(element, Element::F16 | Element::BF16) { 4.0 } else { 1.0 };
        cases.push(ProgramCase::new(format!("shapes/{group}/{name}/{element}"), program).slack(slack));
    };
    for element in tried(claims, Class::Arithmetic) {
        add("one-element", "vector".into(), element, added(&[1], element));
        add("one-element", "rank-0".into(), element, added(&[], element));
        add("one-element", "unit-dims".into(), element, added(&[1, 1, 5, 1], element));
        add("zero-sized", "vector".into(), element, added(&[0], element));
        add("zero-sized", "matrix".into(), element, added(&[3, 0], element));
        add("odd", "prime".into(), element, added(&[31, 37], element));
        add("odd", "rank-5".into(), element, added(&[2, 3, 2, 3, 5], element));
        add("large", "vector".into(), element, added(&[300_007], element));
        for offset in [1, 3, 17] {
            add("alignment", format!("offset-{offset}"), element, unaligned(element, offset));
        }
    }
    for element in tried(claims, Class::Reduction) {
        add("zero-sized", "reduction-of-nothing".into(), element, row_sums([4, 0], element));
        add("one-element", "reduction".into(), element, row_sums([1, 1], element));
        // Sums of many narrow floats say little.
        if element != Element::F16 {
            add("large", "reduction".into(), element, row_sums([2, 70_001], element));
        }
    }
    for element in tried(claims, Class::Contraction) {
        add("zero-sized", "product-of-depth-0".into(), element, product([3, 4, 0], element));
        add("one-element", "product".into(), element, product([1, 1, 1], element));
        if element != Element::F16 {
            add("large", "product".into(), element, product([96, 130, 120], element));
        }
    }
    cases.extend(dynamic(claims));
    cases
}

fn dynamic(claims: &Claims) -> Vec<ProgramCase> {
    let mut cases = Vec::new();
    let name = |name: &str, element: Element| format!("shapes/dynamic/{name}/{element}");
    for element in tried(claims, Class::Arithmetic) {
        let case = ProgramCase::new(name("elementwise", element), added(&[4, 5], element));
        cases.push(case.dynamic(vec![
            vec![vec![4, 5]; 2],
            vec![vec![1, 1]; 2],
            vec![vec![0, 5]; 2],
            vec![vec![33, 130]; 2],
        ]));
    }
    for element in tried(claims, Class::Reduction) {
        let case = ProgramCase::new(name("reduction", element), row_sums([4, 5], element)).slack(4.0);
        cases.push(case.dynamic(vec![
            vec![vec![4, 5]],
            vec![vec![1, 1]],
            vec![vec![3, 0]],
            vec![vec![0, 4]],
            vec![vec![9, 67]],
        ]));
    }
    for element in tried(claims, Class::Contraction) {
        let case = ProgramCase::new(name("product", element), product([4, 6, 5], element)).slack(4.0);
        cases.push(case.dynamic(vec![
            vec![vec![4, 5], vec![5, 6]],
            vec![vec![1, 1], vec![1, 1]],
            vec![vec![17, 9], vec![9, 33]],
            vec![vec![2, 0], vec![0, 3]],
        ]));
    }
    for element in tried(claims, Class::Softmax) {
        let mut program = Program::new();
        let argument = program.tensor(&[3, 5], element, small(element));
        let result = program.step(Step::Softmax { of: argument }, Tensor { shape: vec![3, 5], element });
        program.results.push(result);
        let case = ProgramCase::new(name("softmax", element), program);
        cases.push(case.dynamic(vec![vec![vec![3, 5]], vec![vec![1, 1]], vec![vec![6, 41]]]));
    }
    cases
}

/// Rows of an operand from an odd element on: its binding begins between two vectors.
fn unaligned(element: Element, offset: usize) -> Program {
    let mut program = Program::new();
    let argument = program.tensor(&[64], element, small(element));
    let tensor = Tensor { shape: vec![29], element };
    let slice = Step::Slice { of: argument, offsets: vec![offset], sizes: vec![29], strides: vec![1] };
    let piece = program.step(slice, tensor);
    let body = vec![op(arith("add", element), element, [input(0), input(0)])];
    let result = program.nest(pointwise(&[29], &[piece], &[element], body));
    program.results.push(result);
    program
}
