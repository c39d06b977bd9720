//! Executables by hand, for what no program of tensors becomes.

use super::{ProgramCase, pointwise, small};
use crate::{
    claims::{Claims, Class},
    program::{Expression, Number, Program, input, op},
};
use ropt_runtime::element::Element;

/// One executable with two exports of different interfaces, dispatched one after the other.
const SEVERAL_EXPORTS: &str = include_str!("several_exports.mlir");

pub(super) fn cases(claims: &Claims) -> Vec<ProgramCase> {
    let element = Element::F32;
    if !claims.has(Class::Arithmetic, element) {
        return Vec::new();
    }
    let mut program = Program::new();
    let operands = [0; 2].map(|_| program.tensor(&[16], element, small(element)));
    let factor = program.scalar(element, Number::Float(3.0));
    let sum = op("arith.addf", element, [input(0), input(1)]);
    let sums = program.nest(pointwise(&[16], &operands, &[element], vec![sum]));
    let scaled = op("arith.mulf", element, [input(0), Expression::Scalar(factor)]);
    let scaled = program.nest(pointwise(&[16], &[sums], &[element], vec![scaled]));
    program.results = vec![sums, scaled];
    let case = ProgramCase::new(format!("interface/several-exports/{element}"), program);
    vec![ProgramCase { source: Some(SEVERAL_EXPORTS), ..case }]
}
