//! Running a transform-dialect sequence on a copy of a function.

use super::{
    Said, clone_mapped,
    edit::{Builder, Op, context_of, erase, op_name},
    ops_in, parse_operation, quietly,
};
use melior::ir::operation::OperationLike;
use mlir_sys::{mlirTransformApplyNamedSequence, mlirTransformOptionsCreate, mlirTransformOptionsDestroy};

/// Why a schedule left a function as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    /// The filled-in text is not a transform module; nobody's input but the schedule's author's.
    #[error("schedule `{name}` is not a transform module with one named sequence: {reason}")]
    Text {
        /// The schedule.
        name: String,
        /// MLIR's words.
        reason: String,
    },
    /// A step did not apply to this function.
    #[error("schedule `{name}` does not fit: {reason}")]
    Refused {
        /// The schedule.
        name: String,
        /// MLIR's words.
        reason: String,
    },
}

/// Applies a schedule (text) to a function; the function is replaced when all of it succeeded, else untouched.
pub fn apply<'c>(function: Op<'c>, name: &str, text: &str) -> Result<(), ScheduleError> {
    let context = context_of(function);
    let file = format!("{name}.mlir");
    let (module, said) = quietly(context, || parse_operation(context, text, &file));
    let sequence = module.as_ref().and_then(|module| {
        // SAFETY: the module lives until the end of this function.
        let module = unsafe { Op::from_raw(module.to_raw()) };
        ops_in(module).into_iter().find(|op| op_name(*op) == "transform.named_sequence")
    });
    let (Some(module), Some(sequence)) = (module, sequence) else {
        return Err(ScheduleError::Text { name: name.to_owned(), reason: first(&said) });
    };
    let copy = Builder::before(function).insert(clone_mapped(function, &[], &[]));
    let (done, said) = quietly(context, || {
        // SAFETY: payload, sequence and module are live ops of one context; options are ours.
        let applied = unsafe {
            let options = mlirTransformOptionsCreate();
            let result = mlirTransformApplyNamedSequence(copy.to_raw(), sequence.to_raw(), module.to_raw(), options);
            mlirTransformOptionsDestroy(options);
            result.value != 0
        };
        applied && copy.verify()
    });
    if done {
        erase(function);
        return Ok(());
    }
    erase(copy);
    Err(ScheduleError::Refused { name: name.to_owned(), reason: first(&said) })
}

fn first(said: &[Said<'_>]) -> String {
    said.first().map(|said| said.text.clone()).unwrap_or_else(|| "MLIR gave no reason".to_owned())
}
