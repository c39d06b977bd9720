//! The text of a benchmark file: the executable, its inputs, and a function for each case.

use super::{
    cases::{Case, Operand, Output},
    indices::Indices,
    inputs::{Numbers, fill, numbers},
};
use ropt_executable::interface::parse_layout;
use ropt_mlir::{
    ir::{
        attributes::i64_array_text,
        clone_mapped,
        edit::{Op, context_of, erase, op_name, pin, set_attribute},
        op_text, ops_in, quietly, string_text, symbol_name,
    },
    melior::ir::{Module, Operation, operation::OperationLike},
};
use std::fmt::Write;

/// A variant whose exports are measured.
pub(super) struct Subject<'c> {
    /// The executable.
    pub(super) executable: Op<'c>,
    /// The variant.
    pub(super) variant: Op<'c>,
}

/// A case with what it needs of the variant.
pub(super) struct Measured<'a, 'c> {
    /// The dispatch.
    pub(super) case: &'a Case<'c>,
    /// The function's name.
    pub(super) function: String,
    /// Which of the bindings are indices.
    pub(super) indices: Indices,
}

impl<'c> Subject<'c> {
    /// Symbols of executable and variant.
    pub(super) fn names(&self) -> (String, String) {
        (symbol_name(self.executable).unwrap_or_default(), symbol_name(self.variant).unwrap_or_default())
    }

    /// The whole file; its module has that name.
    ///
    /// # Errors
    /// When what comes out is not valid IR by itself: the first thing that MLIR says about it.
    pub(super) fn file(&self, module_name: Option<&str>, cases: &[Measured<'_, 'c>]) -> Result<String, String> {
        let context = context_of(self.executable);
        let copy = self.copy();
        let mut text = op_text(pin_copy(&copy), false);
        text.push('\n');
        for (number, measured) in cases.iter().enumerate() {
            text.push_str(&self.program(number, measured));
        }
        let (module, said) = quietly(context, || Module::parse(context, &text));
        let module = module.ok_or_else(|| {
            let first = said.into_iter().find(|said| said.error);
            first.map_or_else(|| "it is no valid IR by itself".to_owned(), |said| said.text)
        })?;
        if let Some(name) = module_name {
            // Files that are given back by folder are named after the module.
            set_attribute(pin(module.as_operation()), "sym_name", &string_text(context, name));
        }
        let (executable, variant) = self.names();
        let mut text = format!(
            "// Measures executable {executable}, variant {variant}. `ropt bench` of this file compiles and runs it.\n\
             // Each function takes the number of dispatches and gives the results of the last.\n"
        );
        text.push_str(&op_text(pin(module.as_operation()), false));
        if !text.ends_with('\n') {
            text.push('\n');
        }
        Ok(text)
    }

    /// The executable with this variant alone.
    fn copy(&self) -> Operation<'c> {
        let copy = clone_mapped(self.executable, &[], &[]);
        let op = pin_copy(&copy);
        let (_, variant) = self.names();
        for inner in ops_in(op).into_iter().map(pin) {
            let other = matches!(op_name(inner).as_str(), "hal.executable.variant" | "hal.executable.binary")
                && symbol_name(inner).as_deref() != Some(variant.as_str());
            if other {
                erase(inner);
            }
        }
        set_attribute(op, "sym_visibility", "\"private\"");
        copy
    }

    /// Globals, their initialization and the function of one case.
    fn program(&self, number: usize, measured: &Measured<'_, 'c>) -> String {
        let Measured { case, function, indices } = measured;
        let mut text = String::new();
        let mut stores = String::new();
        let name = |kind: &str, buffer: usize| format!("benchmark_{kind}_{number}_{buffer}");
        for (buffer, tensor) in case.buffers.iter().enumerate() {
            let (global, ty) = (name("input", buffer), tensor.text());
            let numbers = numbers(case, buffer, indices);
            if tensor.shape.is_empty() {
                let one = match (numbers, ty.as_str()) {
                    (Numbers::Float, _) => "1.0",
                    (Numbers::Whole { .. }, "tensor<i1>") => "true",
                    (Numbers::Whole { .. }, _) if numbers == (Numbers::Whole { first: 0, count: 1 }) => "0",
                    (Numbers::Whole { .. }, _) => "1",
                };
                let _ = writeln!(text, "util.global private @{global} = dense<{one}> : {ty}");
                continue;
            }
            let fill_name = name("fill", buffer);
            let _ = writeln!(text, "util.global private @{global} : {ty}");
            text.push_str(&fill(&fill_name, tensor, numbers, buffer + 1));
            let _ = writeln!(stores, "  %{buffer} = func.call @{fill_name}() : () -> {ty}");
            let _ = writeln!(stores, "  util.global.store %{buffer}, @{global} : {ty}");
        }
        if !stores.is_empty() {
            let _ = writeln!(text, "util.initializer {{\n{stores}  util.return\n}}");
        }
        text.push_str(&self.function(case, function, &name));
        text
    }

    fn function(&self, case: &Case<'c>, name: &str, symbol: &dyn Fn(&str, usize) -> String) -> String {
        let types: Vec<String> = case.outputs.iter().map(|output| output.tensor.text()).collect();
        let types = types.join(", ");
        let mut text = format!(
            "func.func public @{}(%batch: i32) -> ({types}) attributes {{ropt.benchmark = {}}} {{\n  \
             %c0 = arith.constant 0 : index\n  %c1 = arith.constant 1 : index\n  \
             %count = arith.index_cast %batch : i32 to index\n",
            self.quoted(name),
            self.attribute(case)
        );
        for (index, value) in case.workload.iter().enumerate() {
            let _ = writeln!(text, "  %w{index} = arith.constant {value} : index");
        }
        for (buffer, tensor) in case.buffers.iter().enumerate() {
            let _ = writeln!(text, "  %b{buffer} = util.global.load @{} : {}", symbol("input", buffer), tensor.text());
        }
        for (index, operand) in case.operands.iter().enumerate() {
            match operand {
                Operand::Scalar(value) => {
                    let _ = writeln!(text, "  %a{index} = arith.constant {value}");
                }
                Operand::Tensor { buffer, tensor } => {
                    text.push_str(&reshape(index, *buffer, &case.buffers[*buffer].shape, tensor));
                }
            }
        }
        let carried: Vec<String> = (0..case.outputs.len()).map(|index| format!("%x{index}")).collect();
        let mut starts = Vec::new();
        for (index, output) in case.outputs.iter().enumerate() {
            let start = match output.tied {
                Some(argument) => value(case, argument),
                None => {
                    let _ = writeln!(text, "  %e{index} = tensor.empty() : {}", output.tensor.text());
                    format!("%e{index}")
                }
            };
            starts.push(format!("%x{index} = {start}"));
        }
        let results = if case.outputs.len() == 1 { vec!["%r".to_owned()] } else { numbered("%r", case.outputs.len()) };
        let dispatched =
            if case.outputs.len() == 1 { vec!["%d".to_owned()] } else { numbered("%d", case.outputs.len()) };
        let count = if case.outputs.len() == 1 { String::new() } else { format!(":{}", case.outputs.len()) };
        let _ = writeln!(
            text,
            "  %r{count} = scf.for %i = %c0 to %count step %c1 iter_args({}) -> ({types}) {{\n    \
               %d{count} = {}\n    scf.yield {} : {types}\n  }}\n  return {} : {types}\n}}",
            starts.join(", "),
            self.dispatch(case, &carried),
            dispatched.join(", "),
            results.join(", "),
        );
        text
    }

    /// The dispatch. Results without storage of their own are written to what the loop carries: a result that is tied
    /// to a further argument has the binding that it has without.
    fn dispatch(&self, case: &Case<'c>, carried: &[String]) -> String {
        let (executable, _) = self.names();
        let mut arguments = Vec::new();
        let mut types = Vec::new();
        for (index, operand) in case.operands.iter().enumerate() {
            let tied = case.outputs.iter().position(|output| shares(case, output, operand));
            arguments.push(tied.map_or_else(|| value(case, index), |output| carried[output].clone()));
            types.push(match operand {
                Operand::Tensor { tensor, .. } => tensor.text(),
                Operand::Scalar(text) => text.rsplit(" : ").next().map_or_else(String::new, scalar_type),
            });
        }
        for (output, carried) in case.outputs.iter().zip(carried).filter(|(output, _)| output.tied.is_none()) {
            arguments.push(carried.clone());
            types.push(output.tensor.text());
        }
        let workload: Vec<String> = (0..case.workload.len()).map(|index| format!("%w{index}")).collect();
        let workload = if workload.is_empty() { String::new() } else { format!("[{}]", workload.join(", ")) };
        format!(
            "flow.dispatch @{}::@{}{workload}({}) : ({}) -> ({})",
            self.quoted(&executable),
            self.quoted(&case.export),
            arguments.join(", "),
            types.join(", "),
            carried.join(", ")
        )
    }

    /// What the program's table says about the function.
    fn attribute(&self, case: &Case<'c>) -> String {
        let (executable, variant) = self.names();
        let (read, written) = self.traffic(case);
        format!(
            "{{executable = {}, variant = {}, export = {}, workload = {}, bytes_read = {read} : i64, bytes_written = \
             {written} : i64}}",
            self.quoted(&executable),
            self.quoted(&variant),
            self.quoted(&case.export),
            i64_array_text(&case.workload)
        )
    }

    /// Bytes that a dispatch may read and write: each buffer counts once in each direction.
    fn traffic(&self, case: &Case<'c>) -> (i64, i64) {
        let export = ops_in(self.variant)
            .into_iter()
            .find(|op| op_name(*op) == "hal.executable.export" && symbol_name(*op).as_ref() == Some(&case.export));
        let layout = export.and_then(|op| parse_layout(&op.attribute("layout").ok()?.to_string()));
        let read_only = |binding: usize| {
            layout.as_ref().and_then(|layout| layout.bindings.get(binding)).is_some_and(|binding| binding.read_only)
        };
        let mut written = vec![false; case.buffers.len()];
        let tensors = case.operands.iter().filter_map(|operand| match operand {
            Operand::Tensor { buffer, .. } => Some(*buffer),
            Operand::Scalar(_) => None,
        });
        for (binding, buffer) in tensors.enumerate() {
            written[buffer] |= !read_only(binding);
        }
        let sizes = || case.buffers.iter().map(|buffer| buffer.bytes().unwrap_or(0));
        let own = case.outputs.iter().filter(|output| output.tied.is_none());
        let fresh: i64 = own.map(|output| output.tensor.bytes().unwrap_or(0)).sum();
        let kept: i64 = sizes().zip(&written).map(|(size, written)| if *written { size } else { 0 }).sum();
        (sizes().sum(), kept.saturating_add(fresh))
    }

    fn quoted(&self, text: &str) -> String {
        string_text(context_of(self.executable), text)
    }
}

fn pin_copy<'c>(copy: &Operation<'c>) -> Op<'c> {
    // SAFETY: the handle is used while the copy lives only.
    unsafe { Op::from_raw(copy.to_raw()) }
}

fn numbered(name: &str, count: usize) -> Vec<String> {
    (0..count).map(|index| format!("{name}#{index}")).collect()
}

/// `1.0 : f32` is of type f32; `true` has no type behind it.
fn scalar_type(text: &str) -> String {
    if matches!(text, "true" | "false") { "i1".to_owned() } else { text.to_owned() }
}

/// What an argument is before the loop.
fn value(case: &Case<'_>, index: usize) -> String {
    match &case.operands[index] {
        Operand::Tensor { buffer, tensor } if case.buffers[*buffer].shape == tensor.shape => format!("%b{buffer}"),
        _ => format!("%a{index}"),
    }
}

/// Whether an argument is the storage that an output is written to, seen as the output is.
fn shares(case: &Case<'_>, output: &Output<'_>, operand: &Operand<'_>) -> bool {
    let (Some(tied), Operand::Tensor { buffer, tensor }) = (output.tied, operand) else { return false };
    matches!(&case.operands[tied], Operand::Tensor { buffer: theirs, .. } if theirs == buffer)
        && *tensor == output.tensor
}

/// `%a<index>` is the buffer in the tensor's shape; nothing when it has that shape.
fn reshape(index: usize, buffer: usize, from: &[i64], tensor: &super::cases::Tensor<'_>) -> String {
    let to = &tensor.shape;
    if from == to {
        return String::new();
    }
    let flat = super::cases::Tensor { shape: vec![from.iter().product()], element: tensor.element };
    let source = super::cases::Tensor { shape: from.to_vec(), element: tensor.element };
    let all = |rank: usize| match rank {
        0 => "[]".to_owned(),
        rank => format!("[[{}]]", (0..rank).map(|dim| dim.to_string()).collect::<Vec<_>>().join(", ")),
    };
    let sizes = |shape: &[i64]| shape.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let mut text = String::new();
    let mut current = format!("%b{buffer}");
    if from.len() != 1 {
        let name = if to.len() == 1 { format!("%a{index}") } else { format!("%f{index}") };
        let _ = if from.is_empty() {
            writeln!(
                text,
                "  {name} = tensor.expand_shape {current} [] output_shape [1] : {} into {}",
                source.text(),
                flat.text()
            )
        } else {
            writeln!(
                text,
                "  {name} = tensor.collapse_shape {current} {} : {} into {}",
                all(from.len()),
                source.text(),
                flat.text()
            )
        };
        current = name;
    }
    if to.len() != 1 {
        let _ = if to.is_empty() {
            writeln!(text, "  %a{index} = tensor.collapse_shape {current} [] : {} into {}", flat.text(), tensor.text())
        } else {
            writeln!(
                text,
                "  %a{index} = tensor.expand_shape {current} {} output_shape [{}] : {} into {}",
                all(to.len()),
                sizes(to),
                flat.text(),
                tensor.text()
            )
        };
    }
    text
}
