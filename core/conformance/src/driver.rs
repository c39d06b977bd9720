//! What a driver's tables must do, asked of them directly: memory, executables, dispatches, errors, endurance.
//!
//! A demand is one question with a yes or a sentence for an answer. Each is asked in a process of its own, since a driver
//! that is wrong may well crash. The object is that of a small program, [`sample`], which the target has compiled.

mod dispatches;
mod endurance;
mod executables;
mod memory;
mod subject;

use crate::{
    program::{Program, input, op},
    programs,
};
use ropt_runtime::{drivers::DriversError, element::Element, program::ProgramError, session::SessionError};
use std::path::PathBuf;
use thiserror::Error;

pub use subject::Subject;

/// Where to ask.
#[derive(Debug, Clone)]
pub struct Question {
    /// The compiled [`sample`].
    pub program: PathBuf,
    /// Type of the sample's numbers.
    pub element: Element,
    /// The device, as `--device=` takes it.
    pub device: String,
    /// Driver plugins besides those that are found.
    pub plugins: Vec<PathBuf>,
    /// Whether plugins are taken that somebody else can have written.
    pub trust: ropt_runtime::drivers::Trust,
}

/// What is wrong with a driver, or with asking it.
#[derive(Debug, Error)]
#[expect(missing_docs, reason = "each variant's message says what it is")]
pub enum Violation {
    #[error("{call} fails: {message}")]
    Fails { call: String, message: String },
    #[error("{call} succeeds")]
    Succeeds { call: String },
    #[error("{what}: expected {expected}, found {found}")]
    Differs { what: String, expected: String, found: String },
    #[error("after {rounds} rounds of {what}, {expected}; found {found}")]
    Grows { what: String, rounds: usize, expected: String, found: String },
    #[error(transparent)]
    Drivers(#[from] DriversError),
    #[error(transparent)]
    Program(#[from] ProgramError),
    #[error(transparent)]
    Session(#[from] SessionError),
    #[error("the sample has {found} executables and {dispatches} dispatches, expected one of each")]
    Sample { found: usize, dispatches: usize },
    #[error("a thread panicked")]
    Thread,
}

/// Whether a demand is met.
pub type Verdict = Result<(), Violation>;

/// One demand.
#[derive(Debug, Clone, Copy)]
pub struct Demand {
    /// For instance `memory/out-of-memory`.
    pub name: &'static str,
    /// What is expected, as a sentence without a full stop.
    pub expected: &'static str,
    /// Asks.
    pub check: fn(&Question) -> Verdict,
}

/// All demands, by group.
pub fn demands() -> impl Iterator<Item = Demand> {
    [memory::DEMANDS, executables::DEMANDS, dispatches::DEMANDS, endurance::DEMANDS].into_iter().flatten().copied()
}

/// How many numbers the sample's tensors hold.
pub const SAMPLE: usize = 97;

/// The sum of two vectors.
#[must_use]
pub fn sample(element: Element) -> Program {
    let mut program = Program::new();
    let operands = [0; 2].map(|_| program.tensor(&[SAMPLE], element, programs::small(element)));
    let body = vec![op(programs::arith("add", element), element, [input(0), input(1)])];
    let result = program.nest(programs::pointwise(&[SAMPLE], &operands, &[element], body));
    program.results.push(result);
    program
}
