//! Products of matrices and vectors, convolutions, poolings.

use super::{ProgramCase, arith, output, positive, small, sum};
use crate::{
    claims::{Claims, Class},
    program::{Affine, Id, Map, Nest, Number, Program, Range, Start, Step, Tensor, cast, input, loops, op},
};
use ropt_runtime::element::Element;

fn unit(element: Element) -> Range {
    if element.is_float() { Range { low: -1.0, high: 1.0 } } else { small(element) }
}

/// What sums of few digits may differ by when they are made in another order.
fn slack(element: Element) -> f64 {
    if matches!(element, Element::F16 | Element::BF16) { 4.0 } else { 1.0 }
}

/// A nest that multiplies two operands of one type and sums in another.
fn products(
    extents: &[usize],
    reductions: usize,
    [left, right]: [(Id, Map); 2],
    to: super::Output,
    from: Element,
    named: Option<&str>,
) -> Nest {
    let wide = to.tensor.element;
    let product = op(arith("mul", wide), wide, [cast(from, wide, input(0)), cast(from, wide, input(1))]);
    Nest {
        extents: extents.to_vec(),
        reductions,
        inputs: vec![left, right],
        body: vec![op(arith("add", wide), wide, [input(2), product])],
        outputs: vec![to],
        named: named.map(str::to_owned),
    }
}

/// The product of two matrices of `[rows, columns, depth]`; a named op or a generic one. `types`: of the operands, of the
/// result.
pub(super) fn matmul(
    program: &mut Program,
    a: Id,
    b: Id,
    [m, n, k]: [usize; 3],
    (from, to): (Element, Element),
    named: bool,
) -> Id {
    let operands = [(a, loops(&[0, 2])), (b, loops(&[2, 1]))];
    let result = output(&[m, n], to, loops(&[0, 1]), Start::Filled(Number::of(to, 0.0)));
    program.nest(products(&[m, n, k], 1, operands, result, from, named.then_some("linalg.matmul")))
}

fn product_case(name: &str, sizes: [usize; 3], types: (Element, Element), named: bool) -> ProgramCase {
    let [m, n, k] = sizes;
    let mut program = Program::new();
    let a = program.tensor(&[m, k], types.0, unit(types.0));
    let b = program.tensor(&[k, n], types.0, unit(types.0));
    let result = matmul(&mut program, a, b, sizes, types, named);
    program.results.push(result);
    ProgramCase::new(name, program).slack(slack(types.1))
}

pub(super) fn contraction(element: Element, claims: &Claims) -> Vec<ProgramCase> {
    let same = (element, element);
    let mut cases = vec![
        product_case("matmul", [16, 32, 24], same, true),
        product_case("matmul-ragged", [17, 29, 23], same, true),
        product_case("matmul-generic", [8, 12, 10], same, false),
        two("matmul-transposed", element, &[9, 14, 12], 1, (&[9, 12], &[0, 2]), (&[14, 12], &[1, 2]), &[0, 1], None),
        two("matvec", element, &[13, 22], 1, (&[13, 22], &[0, 1]), (&[22], &[1]), &[0], Some("linalg.matvec")),
        two("vecmat", element, &[13, 22], 1, (&[22], &[1]), (&[22, 13], &[1, 0]), &[0], Some("linalg.vecmat")),
        two("dot", element, &[41], 1, (&[41], &[0]), (&[41], &[0]), &[], Some("linalg.dot")),
        two(
            "batch-matmul",
            element,
            &[3, 7, 9, 11],
            1,
            (&[3, 7, 11], &[0, 1, 3]),
            (&[3, 11, 9], &[0, 3, 2]),
            &[0, 1, 2],
            Some("linalg.batch_matmul"),
        ),
    ];
    let wide = match element {
        Element::I8 | Element::I16 => Some(Element::I32),
        Element::F16 | Element::BF16 => Some(Element::F32),
        _ => None,
    };
    if let Some(wide) = wide.filter(|wide| claims.has(Class::Contraction, *wide)) {
        cases.push(product_case(&format!("matmul-into-{wide}"), [16, 24, 20], (element, wide), true));
    }
    cases.push(dense_relu(element));
    cases
}

/// A product of two operands over loops.
#[expect(clippy::too_many_arguments, reason = "a table row: extents, operands with their loops, result's loops")]
fn two(
    name: &str,
    element: Element,
    extents: &[usize],
    reductions: usize,
    left: (&[usize], &[usize]),
    right: (&[usize], &[usize]),
    to: &[usize],
    named: Option<&str>,
) -> ProgramCase {
    let mut program = Program::new();
    let operands = [left, right].map(|(shape, dims)| (program.tensor(shape, element, unit(element)), loops(dims)));
    let shape: Vec<usize> = to.iter().map(|dim| extents[*dim]).collect();
    let result = output(&shape, element, loops(to), Start::Filled(Number::of(element, 0.0)));
    let result = program.nest(products(extents, reductions, operands, result, element, named));
    program.results.push(result);
    ProgramCase::new(name, program).slack(slack(element))
}

/// A product, a bias, and a maximum with zero: what becomes one kernel.
fn dense_relu(element: Element) -> ProgramCase {
    let mut program = Program::new();
    let a = program.tensor(&[6, 20], element, unit(element));
    let b = program.tensor(&[20, 14], element, unit(element));
    let bias = program.tensor(&[14], element, unit(element));
    let product = matmul(&mut program, a, b, [6, 14, 20], (element, element), true);
    let sum = op(arith("add", element), element, [input(0), input(1)]);
    let relu = op(arith("max", element), element, [sum, crate::program::constant(element, 0.0)]);
    let result = program.nest(Nest {
        extents: vec![6, 14],
        reductions: 0,
        inputs: vec![(product, loops(&[0, 1])), (bias, loops(&[1]))],
        outputs: vec![output(&[6, 14], element, loops(&[0, 1]), Start::Empty)],
        body: vec![relu],
        named: None,
    });
    program.results.push(result);
    ProgramCase::new("dense-relu", program).slack(slack(element))
}

pub(super) fn convolution(element: Element) -> Vec<ProgramCase> {
    vec![
        image("conv-2d", element, 1, 1),
        image("conv-2d-strided", element, 2, 1),
        image("conv-2d-dilated", element, 1, 2),
        depthwise(element),
        pooling(element, true),
        pooling(element, false),
    ]
}

fn attributes(name: &str, stride: usize, dilation: usize) -> String {
    format!("{name} {{dilations = dense<{dilation}> : tensor<2xi64>, strides = dense<{stride}> : tensor<2xi64>}}")
}

/// Height and width of an image under a window: loop, stride, window's loop, dilation.
fn window(at: usize, stride: usize, within: usize, dilation: usize) -> Affine {
    sum(&[(at, stride), (within, dilation)])
}

/// A 3x3 filter over an image of two channels, into four.
fn image(name: &str, element: Element, stride: usize, dilation: usize) -> ProgramCase {
    let (height, width) = (9, 8);
    let size = |extent: usize| (extent - 2 * dilation - 1) / stride + 1;
    let (rows, columns) = (size(height), size(width));
    let mut program = Program::new();
    let x = program.tensor(&[1, height, width, 2], element, unit(element));
    let filter = program.tensor(&[3, 3, 2, 4], element, unit(element));
    // Loops: batch, row, column, filter, window row, window column, channel.
    let from = vec![sum(&[(0, 1)]), window(1, stride, 4, dilation), window(2, stride, 5, dilation), sum(&[(6, 1)])];
    let to = output(&[1, rows, columns, 4], element, loops(&[0, 1, 2, 3]), Start::Filled(Number::of(element, 0.0)));
    let extents = [1, rows, columns, 4, 3, 3, 2];
    let named = attributes("linalg.conv_2d_nhwc_hwcf", stride, dilation);
    let operands = [(x, from), (filter, loops(&[4, 5, 6, 3]))];
    let result = program.nest(products(&extents, 3, operands, to, element, Some(&named)));
    program.results.push(result);
    ProgramCase::new(name, program).slack(slack(element))
}

fn depthwise(element: Element) -> ProgramCase {
    let mut program = Program::new();
    let x = program.tensor(&[1, 7, 6, 5], element, unit(element));
    let filter = program.tensor(&[3, 3, 5], element, unit(element));
    // Loops: batch, row, column, channel, window row, window column.
    let from = vec![sum(&[(0, 1)]), window(1, 1, 4, 1), window(2, 1, 5, 1), sum(&[(3, 1)])];
    let to = output(&[1, 5, 4, 5], element, loops(&[0, 1, 2, 3]), Start::Filled(Number::of(element, 0.0)));
    let named = attributes("linalg.depthwise_conv_2d_nhwc_hwc", 1, 1);
    let operands = [(x, from), (filter, loops(&[4, 5, 3]))];
    let result = program.nest(products(&[1, 5, 4, 5, 3, 3], 2, operands, to, element, Some(&named)));
    program.results.push(result);
    ProgramCase::new("depthwise", program).slack(slack(element))
}

/// A 2x2 window of stride 2: the largest, or the sum.
fn pooling(element: Element, largest: bool) -> ProgramCase {
    let mut program = Program::new();
    // From above zero, so that the start of a maximum need not be the type's lowest number.
    let x = program.tensor(&[1, 8, 6, 3], element, positive(element));
    let window_of = program.step(Step::Window, Tensor { shape: vec![2, 2], element });
    let from = vec![sum(&[(0, 1)]), window(1, 2, 4, 1), window(2, 2, 5, 1), sum(&[(3, 1)])];
    let name = match (largest, element.is_float()) {
        (true, _) => "linalg.pooling_nhwc_max",
        (false, _) => "linalg.pooling_nhwc_sum",
    };
    let stem = if largest { "max" } else { "add" };
    let result = program.nest(Nest {
        extents: vec![1, 4, 3, 3, 2, 2],
        reductions: 2,
        inputs: vec![(x, from), (window_of, loops(&[4, 5]))],
        outputs: vec![output(&[1, 4, 3, 3], element, loops(&[0, 1, 2, 3]), Start::Filled(Number::of(element, 0.0)))],
        body: vec![op(arith(stem, element), element, [input(2), input(0)])],
        named: Some(attributes(name, 2, 1)),
    });
    program.results.push(result);
    ProgramCase::new(if largest { "pooling-max" } else { "pooling-sum" }, program)
}
