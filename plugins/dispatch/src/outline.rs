//! Makes an executable of a group and puts a dispatch in its place.

use ropt_mlir::{
    ir::{
        attributes::i32_array_text,
        clone_mapped,
        edit::{
            Builder, Op, Val, context_of, erase, nested, op_name, operands, replace_uses, results, set_attribute_value,
        },
        op_text, parse_operation, structure_hash,
    },
    melior::{
        Context,
        ir::{Location, Operation, ValueLike, attribute::StringAttribute, operation::OperationLike},
    },
};
use ropt_plugin::prelude::{PassError, PassResult};
use std::collections::{HashMap, HashSet, hash_map::Entry};

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
pub(crate) struct Executables<'c> {
    /// Symbols that are taken.
    symbols: HashSet<String>,
    /// The executables made, by what they hold apart from names.
    known: HashMap<u64, Vec<Made<'c>>>,
    /// An empty kernel for each number of workload values and layout: copying one is quicker than reading it.
    skeletons: HashMap<(usize, String), Operation<'c>>,
    /// How many were made.
    pub(crate) made: u64,
    /// How many dispatches use one that was there already.
    pub(crate) shared: u64,
}

/// An executable that was made.
#[derive(Debug)]
struct Made<'c> {
    source: Op<'c>,
    executable: String,
    export: String,
}

impl Made<'_> {
    /// Its text without its own name. Two executables with the same one are the same.
    fn text(&self) -> String {
        op_text(self.source, false).replace(&self.executable, "")
    }
}

impl<'c> Executables<'c> {
    /// None so far, in a program with these symbols.
    pub(crate) fn new(symbols: HashSet<String>) -> Self {
        Self { symbols, known: HashMap::new(), skeletons: HashMap::new(), made: 0, shared: 0 }
    }

    /// Turns a group into a dispatch. The members are erased.
    ///
    /// # Errors
    /// When the kernel would need something that can not be handed to it.
    pub(crate) fn outline(&mut self, group: &Group<'c>, site: &mut Site<'c>) -> PassResult {
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
    fn executable(
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
            self.skeleton(&executable, &export, captures.workload.len(), interface.layout(), site.function, location)?;
        let inside = nested(source);
        let end = inside.iter().rev().find(|op| op_name(**op) == "func.return");
        let end = end.ok_or_else(|| PassError::internal("a kernel was made without a return"))?;
        kernel::write(*end, group, captures, interface);
        let new = Made { source, executable, export };
        let alike = self.known.entry(structure_hash(source)).or_default();
        // Most executables differ in their hash already, and texts take their time.
        if !alike.is_empty() {
            let text = new.text();
            if let Some(same) = alike.iter().find(|known| known.text() == text) {
                erase(source);
                self.shared += 1;
                return Ok((same.executable.clone(), same.export.clone()));
            }
        }
        let names = (new.executable.clone(), new.export.clone());
        alike.push(new);
        site.next = number + 1;
        self.made += 1;
        self.symbols.insert(names.0.clone());
        Ok(names)
    }

    /// An executable with an empty kernel, in front of the function.
    fn skeleton(
        &mut self,
        executable: &str,
        export: &str,
        workload: usize,
        layout: String,
        function: Op<'c>,
        location: Location<'c>,
    ) -> PassResult<Op<'c>> {
        let known = match self.skeletons.entry((workload, layout)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                let layout = place.key().1.clone();
                place.insert(skeleton(workload, &layout, context_of(function), location)?)
            }
        };
        // SAFETY: the skeleton lives as long as `self`, and is only copied.
        let known = unsafe { Op::from_raw(known.to_raw()) };
        let source = Builder::before(function).insert(clone_mapped(known, &[], &[]));
        for op in std::iter::once(source).chain(nested(source)) {
            // SAFETY: the op was just made, and nothing else holds it.
            unsafe { ropt_mlir::mlir_sys::mlirOperationSetLocation(op.to_raw(), location.to_raw()) };
            let name = match op_name(op).as_str() {
                "hal.executable.source" => executable,
                "hal.executable.export" | "func.func" => export,
                _ => continue,
            };
            set_attribute_value(op, "sym_name", StringAttribute::new(context_of(function), name).into());
        }
        Ok(source)
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

/// An executable with an empty kernel and names that stand for nothing.
fn skeleton<'c>(
    workload: usize,
    layout: &str,
    context: &'c Context,
    location: Location<'c>,
) -> PassResult<Operation<'c>> {
    let arguments: String = (0..workload).map(|index| format!(", %w{index}: index")).collect();
    let values: Vec<String> = (0..workload).map(|index| format!("%w{index}")).collect();
    let text = format!(
        "hal.executable.source private @executable {{
           hal.executable.export public @export ordinal(0) layout(#hal.pipeline.layout<{layout}>)
               count(%device: !hal.device{arguments}) -> (index, index, index) {{
             %x, %y, %z = iree_tensor_ext.dispatch.workgroup_count_from_slice({})
             hal.return %x, %y, %z : index, index, index
           }}
           builtin.module {{
             func.func @export() {{ return }}
           }}
         }}",
        values.join(", ")
    );
    parse_operation(context, &text, "executable")
        .ok_or_else(|| PassError::internal("an executable could not be made").at(location))
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
