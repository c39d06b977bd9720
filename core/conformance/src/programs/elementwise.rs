//! Ops on one element of each operand.

use super::{ProgramCase, arith, output, pointwise, positive, small};
use crate::{
    claims::{Claims, Class, ELEMENTS},
    program::{Affine, Expression, Nest, Program, Range, Start, cast, compare, constant, input, loops, op, select},
};
use ropt_runtime::element::Element;

/// Not a multiple of any vector's length.
const SHAPE: [usize; 2] = [7, 13];

/// A case of one nest over two operands of these ranges.
fn binary(name: &str, element: Element, ranges: [Range; 2], results: &[Element], body: Vec<Expression>) -> ProgramCase {
    let mut program = Program::new();
    let operands = ranges.map(|range| program.tensor(&SHAPE, element, range));
    let first = program.nest(pointwise(&SHAPE, &operands, results, body));
    program.results = (first..first + results.len()).collect();
    ProgramCase::new(name, program)
}

fn unary(name: &str, element: Element, range: Range, body: Expression) -> ProgramCase {
    let mut program = Program::new();
    let operand = program.tensor(&SHAPE, element, range);
    let result = program.nest(pointwise(&SHAPE, &[operand], &[element], vec![body]));
    program.results.push(result);
    ProgramCase::new(name, program)
}

pub(super) fn arithmetic(element: Element) -> Vec<ProgramCase> {
    let ranges = [small(element); 2];
    let of = |stem: &str| op(arith(stem, element), element, [input(0), input(1)]);
    let mut cases: Vec<ProgramCase> =
        ["add", "sub", "mul"].map(|stem| binary(stem, element, ranges, &[element], vec![of(stem)])).into();
    cases.push(binary("min-max", element, ranges, &[element, element], vec![of("min"), of("max")]));
    if element.is_float() {
        cases.push(unary("neg", element, small(element), op("arith.negf", element, [input(0)])));
    } else {
        // Sums and products beyond the type's range wrap around.
        let wide = 2_f64.powi(element.bytes() as i32 * 8 - 2);
        let ranges = [Range { low: -wide, high: wide }; 2];
        let wrapped = op("arith.addi", element, [of("mul"), of("add")]);
        cases.push(binary("wrapping", element, ranges, &[element], vec![wrapped]));
        cases.push(binary(
            "unsigned-min-max",
            element,
            [small(element); 2],
            &[element, element],
            vec![op("arith.minui", element, [input(0), input(1)]), op("arith.maxui", element, [input(0), input(1)])],
        ));
    }
    cases.push(named_add(element));
    cases.push(broadcast(element));
    cases
}

/// `linalg.add`, not a generic.
fn named_add(element: Element) -> ProgramCase {
    let mut program = Program::new();
    let operands = [0; 2].map(|_| program.tensor(&SHAPE, element, small(element)));
    let body = vec![op(arith("add", element), element, [input(0), input(1)])];
    let nest = Nest { named: Some("linalg.add".to_owned()), ..pointwise(&SHAPE, &operands, &[element], body) };
    let result = program.nest(nest);
    program.results.push(result);
    ProgramCase::new("named-add", program)
}

/// A row, a column and a single number against a matrix.
fn broadcast(element: Element) -> ProgramCase {
    let mut program = Program::new();
    let [rows, columns] = SHAPE;
    let shapes: [&[usize]; 4] = [&SHAPE, &[columns], &[rows], &[]];
    let operands = shapes.map(|shape| program.tensor(shape, element, small(element)));
    let maps: [Vec<Affine>; 4] = [loops(&[0, 1]), loops(&[1]), loops(&[0]), Vec::new()];
    let add = |a, b| op(arith("add", element), element, [a, b]);
    let result = program.nest(Nest {
        extents: SHAPE.to_vec(),
        reductions: 0,
        inputs: operands.into_iter().zip(maps).collect(),
        outputs: vec![output(&SHAPE, element, loops(&[0, 1]), Start::Empty)],
        body: vec![add(add(input(0), input(1)), add(input(2), input(3)))],
        named: None,
    });
    program.results.push(result);
    ProgramCase::new("broadcast", program)
}

pub(super) fn division(element: Element) -> Vec<ProgramCase> {
    let ranges = [small(element), positive(element)];
    let both = |names: [&'static str; 2]| names.map(|name| op(name, element, [input(0), input(1)])).to_vec();
    if element.is_float() {
        return vec![binary("div", element, ranges, &[element], vec![op("arith.divf", element, [input(0), input(1)])])];
    }
    vec![
        binary("signed", element, ranges, &[element; 2], both(["arith.divsi", "arith.remsi"])),
        binary("unsigned", element, ranges, &[element; 2], both(["arith.divui", "arith.remui"])),
    ]
}

pub(super) fn comparison(element: Element) -> Vec<ProgramCase> {
    let predicates: &[&'static str] = if element.is_float() {
        &["oeq", "olt", "ole", "ogt", "une", "uno"]
    } else {
        &["eq", "slt", "sle", "sgt", "ult"]
    };
    let zero = || constant(element, 0.0);
    // Few different numbers, so that some are equal.
    let range = if element.is_float() { small(element) } else { Range { low: -2.0, high: 2.0 } };
    let body = |predicate: &'static str| {
        let holds = compare(predicate, element, input(0), input(1));
        op(
            arith("sub", element),
            element,
            [
                select(element, holds, input(0), zero()),
                select(element, compare(predicate, element, input(1), zero()), input(1), input(0)),
            ],
        )
    };
    let mut cases = vec![binary(
        "select",
        element,
        [range; 2],
        &vec![element; predicates.len()],
        predicates.iter().map(|predicate| body(predicate)).collect(),
    )];
    let less = compare(predicates[1], element, input(0), input(1));
    cases.push(binary("truth-values", element, [range; 2], &[Element::I8], vec![cast(Element::I1, Element::I8, less)]));
    cases
}

pub(super) fn bits(element: Element) -> Vec<ProgramCase> {
    let two = |names: &[&'static str]| names.iter().map(|name| op(name, element, [input(0), input(1)])).collect();
    let logic: Vec<Expression> = two(&["arith.andi", "arith.ori", "arith.xori"]);
    let shifts: Vec<Expression> = two(&["arith.shli", "arith.shrsi", "arith.shrui"]);
    let amounts = Range { low: 0.0, high: (element.bytes() * 8 - 1) as f64 };
    vec![
        binary("logic", element, [small(element); 2], &[element; 3], logic),
        binary("shifts", element, [small(element), amounts], &[element; 3], shifts),
    ]
}

pub(super) fn math(element: Element) -> Vec<ProgramCase> {
    let wide = Range { low: -4.0, high: 4.0 };
    let functions: [(&'static str, Range); 14] = [
        ("math.absf", wide),
        ("math.ceil", wide),
        ("math.cos", wide),
        ("math.exp", wide),
        ("math.exp2", wide),
        ("math.floor", wide),
        ("math.log", positive(element)),
        ("math.log2", positive(element)),
        ("math.rsqrt", positive(element)),
        ("math.sin", wide),
        ("math.sqrt", positive(element)),
        ("math.tanh", wide),
        ("math.powf", positive(element)),
        ("math.fma", wide),
    ];
    let case = |(function, range): (&'static str, Range)| {
        let body = match function {
            "math.powf" => op(function, element, [input(0), constant(element, 1.5)]),
            "math.fma" => op(function, element, [input(0), input(0), constant(element, 0.75)]),
            function => op(function, element, [input(0)]),
        };
        unary(function.trim_start_matches("math."), element, range, body)
    };
    functions.into_iter().map(case).collect()
}

pub(super) fn conversion(element: Element, claims: &Claims) -> Vec<ProgramCase> {
    let range = if element.is_float() { Range { low: -100.0, high: 100.0 } } else { small(element) };
    let others: Vec<Element> =
        ELEMENTS.into_iter().filter(|other| *other != element && claims.has(Class::Conversion, *other)).collect();
    let case = |(name, others): (&str, &[Element])| {
        let mut program = Program::new();
        let operand = program.tensor(&SHAPE, element, range);
        let there = others.iter().map(|other| cast(element, *other, input(0))).collect();
        let first = program.nest(pointwise(&SHAPE, &[operand], others, there));
        program.results = (first..first + others.len()).collect();
        ProgramCase::new(name, program)
    };
    let (floats, integers): (Vec<Element>, Vec<Element>) = others.into_iter().partition(|other| other.is_float());
    let both = [("to-floats", floats.as_slice()), ("to-integers", integers.as_slice())];
    both.into_iter().filter(|(_, others)| !others.is_empty()).map(case).collect()
}
