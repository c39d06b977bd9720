//! Makes an executable of a group and puts a dispatch in its place.

use ropt_mlir::{
    ir::{
        attributes::i32_array_text,
        edit::{Builder, Op, Val, erase, nested, op_name, operands, pin, replace_uses, results},
        op_text, parse_operation,
    },
    melior::ir::{
        Location, ValueLike,
        operation::{OperationLike, OperationMutLike},
    },
};
use ropt_plugin::prelude::{PassError, PassResult};
use std::collections::{HashMap, HashSet};

use crate::{
    bounds,
    capture::{Captures, may_be_overwritten},
    groups::Group,
    kernel::{self, Interface},
    names,
    values::{carried, is_tensor, same_type},
};

/// The executables of a program, made so far.
#[derive(Debug)]
pub(crate) struct Executables {
    /// Symbols that are taken.
    symbols: HashSet<String>,
    /// For the text of an executable, with its own name left out, its name and its export's.
    known: HashMap<String, (String, String)>,
    /// How many were made.
    pub(crate) made: u64,
    /// How many dispatches use one that was there already.
    pub(crate) shared: u64,
}

impl Executables {
    /// None so far, in a program with these symbols.
    pub(crate) fn new(symbols: HashSet<String>) -> Self {
        Self { symbols, known: HashMap::new(), made: 0, shared: 0 }
    }

    /// Turns a group into a dispatch. The members are erased.
    ///
    /// # Errors
    /// When the kernel would need something that can not be handed to it.
    pub(crate) fn outline<'c>(&mut self, group: &Group<'c>, site: &mut Site<'c>) -> PassResult {
        let captures = Captures::of(group);
        bounds::check(group, &captures.copies);
        let ties = ties(group, &captures);
        let interface = Interface::new(group, &captures, &ties)?;
        let (executable, export) = self.executable(group, &captures, &interface, site)?;
        let dispatch = dispatch(group, &captures, &ties, &format!("@\"{executable}\"::@\"{export}\""));
        for (old, new) in group.results().into_iter().zip(results(dispatch)) {
            let read = |tensor| Builder::before(group.sink()).op("tensor.extract", &[tensor], &[old.r#type()], &[]);
            replace_uses(old, if is_tensor(old) { new } else { results(read(new))[0] });
        }
        group.members.iter().rev().for_each(|member| erase(*member));
        Ok(())
    }

    /// The names of the group's executable and export, made or found.
    fn executable<'c>(
        &mut self,
        group: &Group<'c>,
        captures: &Captures<'c>,
        interface: &Interface<'c>,
        site: &mut Site<'c>,
    ) -> PassResult<(String, String)> {
        let number = (site.next..).find(|number| !self.symbols.contains(&site.executable(*number)));
        let number = number.unwrap_or(site.next);
        let executable = site.executable(number);
        let export = format!("{executable}_{}", names::suffix(group));
        let location = group.sink().location();
        let source =
            skeleton(&executable, &export, captures.workload.len(), &interface.layout(), site.function, location)?;
        let inside = nested(source);
        let end = inside.iter().rev().find(|op| op_name(**op) == "func.return");
        let end = end.ok_or_else(|| PassError::internal("a kernel was made without a return"))?;
        kernel::write(*end, group, captures, interface);
        let text = op_text(source, false).replace(&executable, "");
        if let Some(known) = self.known.get(&text) {
            erase(source);
            self.shared += 1;
            return Ok(known.clone());
        }
        site.next = number + 1;
        self.made += 1;
        self.symbols.insert(executable.clone());
        self.known.insert(text, (executable.clone(), export.clone()));
        Ok((executable, export))
    }
}

/// Where dispatches are being formed.
#[derive(Clone, Debug)]
pub(crate) struct Site<'c> {
    /// The function.
    pub(crate) function: Op<'c>,
    /// What its executables are named after.
    pub(crate) name: String,
    /// The number of the next executable.
    pub(crate) next: usize,
}

impl Site<'_> {
    fn executable(&self, number: usize) -> String {
        format!("{}_dispatch_{number}", self.name)
    }
}

/// An executable with an empty kernel, in front of the function.
fn skeleton<'c>(
    executable: &str,
    export: &str,
    workload: usize,
    layout: &str,
    function: Op<'c>,
    location: Location<'c>,
) -> PassResult<Op<'c>> {
    let arguments: String = (0..workload).map(|index| format!(", %w{index}: index")).collect();
    let values: Vec<String> = (0..workload).map(|index| format!("%w{index}")).collect();
    let text = format!(
        "hal.executable.source private @\"{executable}\" {{
           hal.executable.export public @\"{export}\" ordinal(0) layout(#hal.pipeline.layout<{layout}>)
               count(%device: !hal.device{arguments}) -> (index, index, index) {{
             %x, %y, %z = iree_tensor_ext.dispatch.workgroup_count_from_slice({})
             hal.return %x, %y, %z : index, index, index
           }}
           builtin.module {{
             func.func @\"{export}\"() {{ return }}
           }}
         }}",
        values.join(", ")
    );
    let context = ropt_mlir::ir::edit::context_of(function);
    let mut source = parse_operation(context, &text, executable)
        .ok_or_else(|| PassError::internal(format!("the executable @{executable} could not be made")).at(location))?;
    source.set_location(location);
    let source = Builder::before(function).insert(source);
    for op in nested(source) {
        // SAFETY: the op was just made, and nothing else holds it.
        unsafe { ropt_mlir::mlir_sys::mlirOperationSetLocation(op.to_raw(), location.to_raw()) };
    }
    Ok(pin(source))
}

/// For each result the captured tensor whose storage it takes over: the initial value that the sink updates, when
/// nothing else can see it change.
fn ties<'c>(group: &Group<'c>, captures: &Captures<'c>) -> Vec<Option<usize>> {
    let sink = group.sink();
    let (inputs, outputs) = (operands(sink), group.results());
    let updates = op_name(sink).starts_with("linalg.") && inputs.len() >= outputs.len();
    let inits = inputs.len().saturating_sub(outputs.len());
    let tie = |(index, result): (usize, &Val<'c>)| {
        let init = *inputs.get(inits + index).filter(|_| updates)?;
        let fits = same_type(init.r#type(), result.r#type()) && may_be_overwritten(init, group);
        captures.tensors.iter().position(|tensor| fits && *tensor == init)
    };
    outputs.iter().enumerate().map(tie).collect()
}

/// The dispatch in place of the sink.
fn dispatch<'c>(group: &Group<'c>, captures: &Captures<'c>, ties: &[Option<usize>], entry: &str) -> Op<'c> {
    let argument_sizes = captures.tensor_sizes.concat();
    let result_sizes = captures.result_sizes.concat();
    let lists = [
        captures.workload.clone(),
        [captures.tensors.clone(), captures.scalars.clone()].concat(),
        argument_sizes,
        result_sizes,
    ];
    let segments = i32_array_text(&lists.each_ref().map(Vec::len));
    let entries = format!("[{entry}]");
    let tied: Vec<String> =
        ties.iter().map(|tie| format!("{} : index", tie.map_or(-1, |tensor| tensor as i64))).collect();
    let tied = format!("[{}]", tied.join(", "));
    let mut attributes = vec![("entry_points", entries.as_str()), ("operandSegmentSizes", segments.as_str())];
    if ties.iter().any(Option::is_some) {
        attributes.push(("tied_operands", tied.as_str()));
    }
    let types: Vec<_> = group.results().into_iter().map(|result| carried(result.r#type())).collect();
    Builder::before(group.sink()).op("flow.dispatch", &lists.concat(), &types, &attributes)
}
