//! `ropt-run check-driver`: one demand of `ropt plugins check`, in this process.

use crate::{cli::CheckDriverArguments, failure::Failure};
use ropt_conformance::driver::{Question, demands};
use ropt_runtime::element::Element;

pub(crate) fn run(arguments: &CheckDriverArguments) -> Result<(), Failure> {
    let Some(demand) = demands().find(|demand| demand.name == arguments.demand) else {
        return Err(Failure::usage(format!("there is no demand '{}'", arguments.demand)));
    };
    let Some(element) = Element::parse(&arguments.element) else {
        return Err(Failure::usage(format!("'{}' is no element type", arguments.element)));
    };
    let question = Question {
        program: arguments.program.clone(),
        element,
        device: arguments.device.clone(),
        plugins: arguments.plugins.load_plugin.clone(),
        trust: arguments.plugins.trust(),
    };
    (demand.check)(&question).map_err(|violation| Failure::input(violation.to_string()))
}
