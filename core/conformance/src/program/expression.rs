//! Scalar expressions: what a loop nest does with one element of each operand.

use super::{Id, Number};
use ropt_runtime::element::Element;

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    /// An argument of the nest's body.
    Input(usize),
    /// A scalar argument of the program.
    Scalar(Id),
    /// A constant.
    Constant(Element, Number),
    /// The index of a loop.
    Index(usize),
    /// An op whose operands and result are of one type.
    Op(&'static str, Element, Vec<Expression>),
    /// `arith.cmpi` or `arith.cmpf`: predicate, type, both sides.
    Compare(&'static str, Element, Box<[Expression; 2]>),
    /// `arith.select`: type, condition, and what is taken when it holds and when not.
    Select(Element, Box<[Expression; 3]>),
    /// A conversion: op, from, to.
    Cast(&'static str, Element, Element, Box<Expression>),
    /// `tensor.extract` of a value of the program.
    Extract(Id, Vec<Expression>),
}

/// The argument of that number.
#[must_use]
pub fn input(number: usize) -> Expression {
    Expression::Input(number)
}

/// The index of that loop.
#[must_use]
pub fn index(number: usize) -> Expression {
    Expression::Index(number)
}

/// A constant, rounded to the type.
#[must_use]
pub fn constant(element: Element, value: f64) -> Expression {
    Expression::Constant(element, Number::of(element, value))
}

/// An op on operands of one type.
#[must_use]
pub fn op<const N: usize>(name: &'static str, element: Element, operands: [Expression; N]) -> Expression {
    Expression::Op(name, element, operands.into())
}

/// A comparison.
#[must_use]
pub fn compare(predicate: &'static str, element: Element, left: Expression, right: Expression) -> Expression {
    Expression::Compare(predicate, element, Box::new([left, right]))
}

/// A choice.
#[must_use]
pub fn select(element: Element, condition: Expression, yes: Expression, no: Expression) -> Expression {
    Expression::Select(element, Box::new([condition, yes, no]))
}

/// A conversion, by the op that MLIR has for the two types; signed where integers are concerned.
#[must_use]
pub fn cast(from: Element, to: Element, of: Expression) -> Expression {
    let name = match (from.is_float(), to.is_float()) {
        _ if from == to => return of,
        _ if to == Element::Index || from == Element::Index => "arith.index_cast",
        (true, true) if from.bytes() < to.bytes() => "arith.extf",
        // f16 and bf16 hold different numbers in as many bits: there is no op between them.
        (true, true) if from.bytes() == to.bytes() => {
            return cast(Element::F32, to, cast(from, Element::F32, of));
        }
        (true, true) => "arith.truncf",
        (true, false) => "arith.fptosi",
        (false, true) if from == Element::I1 => "arith.uitofp",
        (false, true) => "arith.sitofp",
        (false, false) if from == Element::I1 => "arith.extui",
        (false, false) if from.bytes() < to.bytes() => "arith.extsi",
        (false, false) => "arith.trunci",
    };
    Expression::Cast(name, from, to, Box::new(of))
}
