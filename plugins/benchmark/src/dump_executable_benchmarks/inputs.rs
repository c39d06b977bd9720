//! What the inputs of a benchmark hold: the same numbers in every run, none of them zero where that can be, spread,
//! and in a range in which sums, products, quotients, roots, logarithms and exponentials stay normal numbers.
//!
//! An element is made of a hash `h` of its place:
//!
//! | elements | values |
//! |---|---|
//! | float | `0.5 + h % 61 / 64`, from 0.5 to 1.4375 |
//! | i1 | `h % 2` |
//! | integer | `1 + h % 7` |
//! | indices of a dimension of size n | `h % n` |
//! | integers that may be indices | `1 + h % min(7, n - 1)`, n the smallest size of any tensor of the dispatch |

use super::{
    cases::{Case, Operand, Tensor},
    indices::{Bound, Indices},
};
use ropt_mlir::{ir::edit::type_text, melior::ir::TypeLike};
use std::fmt::Write;

/// The numbers of one buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Numbers {
    /// From 0.5 to 1.4375.
    Float,
    /// `first + h % count`.
    Whole {
        /// The smallest.
        first: i64,
        /// How many there are.
        count: i64,
    },
}

/// The numbers that a buffer of the case is filled with. `bindings` gives for each argument its binding.
pub(super) fn numbers(case: &Case<'_>, buffer: usize, indices: &Indices) -> Numbers {
    let tensor = &case.buffers[buffer];
    if tensor.element.is_float() {
        return Numbers::Float;
    }
    if type_text(tensor.element) == "i1" {
        return Numbers::Whole { first: 0, count: 2 };
    }
    let bound = match indices {
        // Bytes index nothing in practice, and a body that cannot be read may divide by them.
        Indices::Unknown => Some(Bound::Small),
        Indices::Known(known) => {
            let tensors = case.operands.iter().filter_map(|operand| match operand {
                Operand::Tensor { buffer, .. } => Some(*buffer),
                Operand::Scalar(_) => None,
            });
            let mine = (0_i64..).zip(tensors).filter(|(_, of)| *of == buffer).map(|(binding, _)| binding);
            mine.filter_map(|binding| known.get(&binding).copied()).reduce(|a, b| match (a, b) {
                (Bound::Below(a), Bound::Below(b)) => Bound::Below(a.min(b)),
                _ => Bound::Small,
            })
        }
    };
    match bound {
        None => Numbers::Whole { first: 1, count: 7 },
        Some(Bound::Below(size)) => Numbers::Whole { first: 0, count: size.max(1) },
        Some(Bound::Small) => match smallest_size(case) {
            1 => Numbers::Whole { first: 0, count: 1 },
            size => Numbers::Whole { first: 1, count: (size - 1).min(7) },
        },
    }
}

/// The smallest size of any dimension of the dispatch's tensors.
fn smallest_size(case: &Case<'_>) -> i64 {
    let outputs = case.outputs.iter().map(|output| &output.tensor);
    let sizes = case.buffers.iter().chain(outputs).flat_map(|tensor| &tensor.shape);
    sizes.copied().filter(|size| *size > 0).min().unwrap_or(1)
}

/// Primes, so that neighbours in every dimension differ.
const STEPS: [i64; 6] = [7919, 104_729, 1_299_709, 15_485_863, 32_452_843, 49_979_687];

/// A function of that name that gives a tensor filled with such numbers. `seed` tells equal tensors apart.
pub(super) fn fill(name: &str, tensor: &Tensor<'_>, numbers: Numbers, seed: usize) -> String {
    let ty = tensor.text();
    let element = type_text(tensor.element);
    let rank = tensor.shape.len();
    let dims: Vec<String> = (0..rank).map(|dim| format!("d{dim}")).collect();
    let map = format!("affine_map<({0}) -> ({0})>", dims.join(", "));
    let loops = vec!["\"parallel\""; rank].join(", ");
    let modulus = match numbers {
        Numbers::Float => 61,
        Numbers::Whole { count, .. } => count,
    };
    let mut body = format!("    %h = arith.constant {} : index\n", 37 * seed);
    let mut sum = "%h".to_owned();
    for (dim, step) in (0..rank).rev().zip(STEPS.iter().cycle()) {
        let _ = writeln!(body, "    %i{dim} = linalg.index {dim} : index");
        let _ = writeln!(body, "    %c{dim} = arith.constant {step} : index");
        let _ = writeln!(body, "    %p{dim} = arith.muli %i{dim}, %c{dim} : index");
        let _ = writeln!(body, "    %h{dim} = arith.addi {sum}, %p{dim} : index");
        sum = format!("%h{dim}");
    }
    let _ = writeln!(body, "    %m = arith.constant {modulus} : index");
    let _ = writeln!(body, "    %r = arith.remui {sum}, %m : index");
    match numbers {
        Numbers::Float => {
            let wide = if element == "f64" { "f64" } else { "f32" };
            let _ = writeln!(body, "    %n = arith.index_castui %r : index to i32");
            let _ = writeln!(body, "    %f = arith.uitofp %n : i32 to {wide}");
            let _ = writeln!(body, "    %s = arith.constant 1.562500e-02 : {wide}");
            let _ = writeln!(body, "    %g = arith.mulf %f, %s : {wide}");
            let _ = writeln!(body, "    %o = arith.constant 5.000000e-01 : {wide}");
            let _ = writeln!(body, "    %v = arith.addf %g, %o : {wide}");
            if element == wide {
                let _ = writeln!(body, "    linalg.yield %v : {element}");
            } else if element == "bf16" {
                // The numbers have few bits, so the upper half is exact, and no machine lacks the ops.
                let _ = writeln!(body, "    %b = arith.bitcast %v : f32 to i32");
                let _ = writeln!(body, "    %c16 = arith.constant 16 : i32");
                let _ = writeln!(body, "    %u = arith.shrui %b, %c16 : i32");
                let _ = writeln!(body, "    %l = arith.trunci %u : i32 to i16");
                let _ = writeln!(body, "    %t = arith.bitcast %l : i16 to bf16");
                let _ = writeln!(body, "    linalg.yield %t : bf16");
            } else {
                let _ = writeln!(body, "    %t = arith.truncf %v : {wide} to {element}");
                let _ = writeln!(body, "    linalg.yield %t : {element}");
            }
        }
        Numbers::Whole { first, .. } => {
            let _ = writeln!(body, "    %o = arith.constant {first} : index");
            let _ = writeln!(body, "    %v = arith.addi %r, %o : index");
            if element == "index" {
                let _ = writeln!(body, "    linalg.yield %v : index");
            } else {
                let _ = writeln!(body, "    %t = arith.index_castui %v : index to {element}");
                let _ = writeln!(body, "    linalg.yield %t : {element}");
            }
        }
    }
    format!(
        "func.func private @{name}() -> {ty} {{\n  \
           %empty = tensor.empty() : {ty}\n  \
           %filled = linalg.generic {{indexing_maps = [{map}], iterator_types = [{loops}]}} outs(%empty : {ty}) {{\n  \
           ^bb0(%out: {element}):\n{body}  \
           }} -> {ty}\n  \
           return %filled : {ty}\n\
         }}\n"
    )
}
