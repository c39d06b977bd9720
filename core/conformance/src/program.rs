//! Small tensor programs: written once, printed as MLIR and computed here.
//!
//! A program is a list of steps in single-assignment form. Values are numbered: arguments first, then what steps give.
//! [`emit`] prints it, [`evaluate`] computes it with numbers of its own, so that a target's results are compared with
//! something that shares nothing with any target.

mod compute;
pub mod emit;
pub mod evaluate;
mod expression;
mod number;

use ropt_runtime::element::Element;

pub use self::{
    expression::{Expression, cast, compare, constant, index, input, op, select},
    number::Number,
};

/// A value's number.
pub type Id = usize;

/// Which numbers an argument holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// The lowest.
    pub low: f64,
    /// The highest.
    pub high: f64,
}

/// The type of a tensor; a dynamic program has the extents of its first call here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tensor {
    /// Extents.
    pub shape: Vec<usize>,
    /// Type of the numbers.
    pub element: Element,
}

impl Tensor {
    /// How many numbers it holds.
    #[must_use]
    pub fn count(&self) -> usize {
        self.shape.iter().product()
    }
}

/// An argument of the function.
#[derive(Debug, Clone)]
pub enum Argument {
    /// A tensor with numbers of a range.
    Tensor(Tensor, Range),
    /// A scalar, and the number that it is given.
    Scalar(Element, Number),
}

/// An index of a tensor: a sum of loops times numbers, and a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Affine {
    /// Loop and factor.
    pub terms: Vec<(usize, usize)>,
}

/// Where an operand is read or written: an index for each of its dimensions.
pub type Map = Vec<Affine>;

/// A map of plain loops.
#[must_use]
pub fn loops(loops: &[usize]) -> Map {
    loops.iter().map(|dim| Affine { terms: vec![(*dim, 1)] }).collect()
}

/// What a result begins with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Start {
    /// Nothing: it is written before it is read.
    Empty,
    /// One number everywhere.
    Filled(Number),
    /// A value of the program.
    Tied(Id),
}

/// A result of a loop nest.
#[derive(Debug, Clone)]
pub struct Output {
    /// Its type.
    pub tensor: Tensor,
    /// Where it is written.
    pub map: Map,
    /// What it begins with.
    pub start: Start,
}

/// A loop nest, which is one `linalg` op.
#[derive(Debug, Clone)]
pub struct Nest {
    /// Extents of the loops.
    pub extents: Vec<usize>,
    /// How many of them, the last ones, are reductions.
    pub reductions: usize,
    /// Tensors read.
    pub inputs: Vec<(Id, Map)>,
    /// Results.
    pub outputs: Vec<Output>,
    /// What is yielded for each result; inputs, then the results so far, are its arguments.
    pub body: Vec<Expression>,
    /// A named op with its attributes, printed in place of `linalg.generic`.
    pub named: Option<String>,
}

/// A step.
#[derive(Debug, Clone)]
pub enum Step {
    /// A loop nest.
    Nest(Nest),
    /// `tensor.extract_slice`.
    Slice {
        /// The tensor.
        of: Id,
        /// First index of each dimension.
        offsets: Vec<usize>,
        /// Extents of the result.
        sizes: Vec<usize>,
        /// Distance of neighbours.
        strides: Vec<usize>,
    },
    /// `tensor.insert_slice`, of stride 1.
    Insert {
        /// What is put in.
        piece: Id,
        /// The tensor.
        into: Id,
        /// First index of each dimension.
        offsets: Vec<usize>,
    },
    /// `tensor.pad` with one number.
    Pad {
        /// The tensor.
        of: Id,
        /// Elements before the first, in each dimension.
        low: Vec<usize>,
        /// Elements behind the last.
        high: Vec<usize>,
        /// The number.
        value: Number,
    },
    /// `tensor.concat`.
    Concat {
        /// The dimension.
        dim: usize,
        /// The parts.
        parts: Vec<Id>,
    },
    /// `tensor.collapse_shape` to one dimension.
    Flatten {
        /// The tensor.
        of: Id,
    },
    /// A constant.
    Constant {
        /// Its numbers.
        numbers: Vec<Number>,
    },
    /// `linalg.softmax` along the last dimension.
    Softmax {
        /// The tensor.
        of: Id,
    },
    /// `tensor.empty`, of which nothing is read.
    Window,
}

/// A program of one function, `main`.
#[derive(Debug, Clone, Default)]
pub struct Program {
    /// Arguments.
    pub arguments: Vec<Argument>,
    /// Steps, each with the types of what it gives.
    pub steps: Vec<(Step, Vec<Tensor>)>,
    /// Values that the function returns.
    pub results: Vec<Id>,
    /// Whether all extents of arguments and results are dynamic.
    pub dynamic: bool,
}

impl Program {
    /// A program without arguments.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a tensor argument. Arguments come before steps.
    pub fn tensor(&mut self, shape: &[usize], element: Element, range: Range) -> Id {
        self.arguments.push(Argument::Tensor(Tensor { shape: shape.to_vec(), element }, range));
        self.arguments.len() - 1
    }

    /// Adds a scalar argument.
    pub fn scalar(&mut self, element: Element, number: Number) -> Id {
        self.arguments.push(Argument::Scalar(element, number));
        self.arguments.len() - 1
    }

    /// Adds a step with one result.
    pub fn step(&mut self, step: Step, tensor: Tensor) -> Id {
        let id = self.values();
        self.steps.push((step, vec![tensor]));
        id
    }

    /// Adds a loop nest; gives the number of its first result, the others follow.
    pub fn nest(&mut self, nest: Nest) -> Id {
        let id = self.values();
        let tensors = nest.outputs.iter().map(|output| output.tensor.clone()).collect();
        self.steps.push((Step::Nest(nest), tensors));
        id
    }

    /// How many values there are.
    #[must_use]
    pub fn values(&self) -> usize {
        self.arguments.len() + self.steps.iter().map(|(_, tensors)| tensors.len()).sum::<usize>()
    }

    /// The type of a tensor value; None for scalars.
    #[must_use]
    pub fn type_of(&self, id: Id) -> Option<&Tensor> {
        match self.arguments.get(id) {
            Some(Argument::Tensor(tensor, _)) => Some(tensor),
            Some(Argument::Scalar(..)) => None,
            None => self.steps.iter().flat_map(|(_, tensors)| tensors).nth(id - self.arguments.len()),
        }
    }
}
