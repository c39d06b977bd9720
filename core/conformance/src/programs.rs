//! The programs that a target must compile, and whose results must be those of the reference.
//!
//! A case is made from what the target claims: nothing is asked of a type or a class of ops that it does not name.

mod contraction;
mod elementwise;
mod executables;
mod interface;
mod movement;
mod reduction;
mod shapes;

use crate::{
    claims::{Claims, Class},
    program::{
        Affine, Expression, Id, Map, Nest, Output, Program, Range, Start, Tensor, emit::emit, evaluate::Call, loops,
    },
};
use ropt_runtime::element::Element;

/// A program with the calls that are made of it.
#[derive(Debug, Clone)]
pub struct ProgramCase {
    /// For instance `ops/contraction/matmul/f32`.
    pub name: String,
    /// The program.
    pub program: Program,
    /// The calls.
    pub calls: Vec<Call>,
    /// What is compiled in place of the program's own text, and computes the same.
    pub source: Option<&'static str>,
    /// The tolerance of the results' types is multiplied by this: sums of narrow types depend on their order.
    pub slack: f64,
}

impl ProgramCase {
    fn new(name: impl Into<String>, program: Program) -> Self {
        Self { name: name.into(), program, calls: vec![Call::default()], source: None, slack: 1.0 }
    }

    /// The MLIR text.
    #[must_use]
    pub fn text(&self) -> String {
        self.source.map_or_else(|| emit(&self.program), str::to_owned)
    }

    fn slack(self, slack: f64) -> Self {
        Self { slack, ..self }
    }

    /// A dynamic program, called with these shapes of its arguments.
    fn dynamic(mut self, shapes: Vec<Vec<Vec<usize>>>) -> Self {
        self.program.dynamic = true;
        self.calls = (0..).zip(shapes).map(|(seed, shapes)| Call { shapes: Some(shapes), seed }).collect();
        self
    }
}

/// Every case for a target that claims this, in the order of their names' groups.
#[must_use]
pub fn cases(claims: &Claims) -> Vec<ProgramCase> {
    let mut cases = Vec::new();
    // What is claimed of indices is not a type of tensors.
    for (class, element) in claims.pairs().filter(|(_, element)| *element != Element::Index) {
        let of_class = match class {
            Class::Arithmetic => elementwise::arithmetic(element),
            Class::Division => elementwise::division(element),
            Class::Comparison => elementwise::comparison(element),
            Class::Bits => elementwise::bits(element),
            Class::Math => elementwise::math(element),
            Class::Conversion => elementwise::conversion(element, claims),
            Class::Movement => movement::movement(element),
            Class::Indexing => movement::indexing(element),
            Class::Reduction => reduction::reduction(element),
            Class::Contraction => contraction::contraction(element, claims),
            Class::Convolution => contraction::convolution(element),
            Class::Softmax => reduction::softmax(element),
        };
        cases.extend(of_class.into_iter().map(|case| {
            let name = format!("ops/{}/{}/{element}", class.name(), case.name);
            ProgramCase { name, ..case }
        }));
    }
    cases.extend(shapes::cases(claims));
    cases.extend(interface::cases(claims));
    cases.extend(executables::cases(claims));
    cases
}

/// Numbers that the type holds exactly enough, on both sides of zero.
pub(crate) fn small(element: Element) -> Range {
    if element.is_float() { Range { low: -2.0, high: 2.0 } } else { Range { low: -9.0, high: 9.0 } }
}

/// Numbers above zero.
fn positive(element: Element) -> Range {
    if element.is_float() { Range { low: 0.25, high: 3.0 } } else { Range { low: 1.0, high: 7.0 } }
}

/// The op of the type: `arith.addf` for `add`.
pub(crate) fn arith(stem: &str, element: Element) -> &'static str {
    let (float, integer) = match stem {
        "add" => ("arith.addf", "arith.addi"),
        "sub" => ("arith.subf", "arith.subi"),
        "mul" => ("arith.mulf", "arith.muli"),
        "div" => ("arith.divf", "arith.divsi"),
        "rem" => ("arith.remf", "arith.remsi"),
        "max" => ("arith.maximumf", "arith.maxsi"),
        _ => ("arith.minimumf", "arith.minsi"),
    };
    if element.is_float() { float } else { integer }
}

/// A result of this type, written at these loops.
fn output(shape: &[usize], element: Element, map: Map, start: Start) -> Output {
    Output { tensor: Tensor { shape: shape.to_vec(), element }, map, start }
}

/// A nest without reductions, whose operands and results are all read and written in the order of the loops.
pub(crate) fn pointwise(shape: &[usize], inputs: &[Id], results: &[Element], body: Vec<Expression>) -> Nest {
    let same: Map = loops(&(0..shape.len()).collect::<Vec<_>>());
    Nest {
        extents: shape.to_vec(),
        reductions: 0,
        inputs: inputs.iter().map(|id| (*id, same.clone())).collect(),
        outputs: results.iter().map(|element| output(shape, *element, same.clone(), Start::Empty)).collect(),
        body,
        named: None,
    }
}

/// A sum of loops times factors.
fn sum(terms: &[(usize, usize)]) -> Affine {
    Affine { terms: terms.to_vec() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::evaluate::evaluate;
    use std::collections::HashSet;

    fn everything() -> Claims {
        let all = |class: Class| {
            let types = crate::claims::ELEMENTS.into_iter().filter(|element| class.has(*element));
            (class.name().to_owned(), types.map(|element| element.name().to_owned()).collect())
        };
        Claims::read(&Class::all().map(all).collect::<Vec<_>>()).expect("every class has its types")
    }

    #[test]
    fn every_case_has_a_name_of_its_own_and_can_be_computed() {
        let cases = cases(&everything());
        let names: HashSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
        assert_eq!(names.len(), cases.len());
        for case in &cases {
            assert!(case.text().contains("func.func @main("), "{}", case.name);
            for call in &case.calls {
                let (arguments, results) = evaluate(&case.program, call);
                assert_eq!(arguments.len(), case.program.arguments.len(), "{}", case.name);
                assert!(!results.is_empty(), "{}", case.name);
            }
        }
    }

    #[test]
    fn a_target_that_claims_little_is_still_asked_more_than_a_hundred_times() {
        let claims = Claims::read(&[]).expect("nothing is a claim too");
        assert!(cases(&claims).len() > 100, "{}", cases(&claims).len());
    }

    #[test]
    fn the_reference_agrees_with_sums_made_by_hand() {
        let mut program = Program::new();
        let a = program.tensor(&[2, 3], Element::I32, Range { low: 1.0, high: 1.0 });
        let b = program.tensor(&[3, 2], Element::I32, Range { low: 2.0, high: 2.0 });
        let product = contraction::matmul(&mut program, a, b, [2, 2, 3], (Element::I32, Element::I32), true);
        program.results.push(product);
        let (_, results) = evaluate(&program, &Call::default());
        assert_eq!(results[0].array.data, [6, 0, 0, 0].repeat(4));
    }
}
