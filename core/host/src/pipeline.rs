//! What can be said about a pipeline's text before anything is loaded.

mod check;
pub mod facts;

pub use check::{Names, check, check_inside, check_outermost};
pub use ropt_pipeline::{Element, Pipeline, PipelineError, Word, parse};
