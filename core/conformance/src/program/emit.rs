//! A program as MLIR text.

use super::{Affine, Argument, Expression, Map, Nest, Number, Program, Start, Step, Tensor};
use ropt_runtime::element::Element;
use std::fmt::Write;

/// The program as a module of one function.
#[must_use]
pub fn emit(program: &Program) -> String {
    let mut writer = Writer { program, text: String::new(), names: Vec::new(), fresh: 0 };
    writer.function();
    writer.text
}

struct Writer<'a> {
    program: &'a Program,
    text: String,
    /// What each value is called.
    names: Vec<String>,
    fresh: usize,
}

impl Writer<'_> {
    fn function(&mut self) {
        let mut arguments = Vec::new();
        for (at, argument) in self.program.arguments.iter().enumerate() {
            let ty = match argument {
                Argument::Tensor(tensor, _) => self.ty(tensor),
                Argument::Scalar(element, _) => element.name().to_owned(),
            };
            arguments.push(format!("%v{at}: {ty}"));
            self.names.push(format!("%v{at}"));
        }
        let types: Vec<String> =
            self.program.results.iter().filter_map(|id| self.program.type_of(*id)).map(|ty| self.ty(ty)).collect();
        let _ = writeln!(self.text, "func.func @main({}) -> ({}) {{", arguments.join(", "), types.join(", "));
        for (step, tensors) in &self.program.steps {
            self.step(step, tensors);
        }
        let results: Vec<&str> = self.program.results.iter().map(|id| self.names[*id].as_str()).collect();
        let _ = writeln!(self.text, "  return {} : {}\n}}", results.join(", "), types.join(", "));
    }

    fn ty(&self, tensor: &Tensor) -> String {
        ty(tensor, self.program.dynamic)
    }

    fn type_of(&self, id: usize) -> String {
        self.program.type_of(id).map(|tensor| self.ty(tensor)).unwrap_or_default()
    }

    fn fresh(&mut self) -> String {
        self.fresh += 1;
        format!("%{}", self.fresh - 1)
    }

    /// An op with one result in a line of its own; gives the result's name.
    fn line(&mut self, indent: &str, text: &str) -> String {
        let name = self.fresh();
        let _ = writeln!(self.text, "{indent}{name} = {text}");
        name
    }

    fn step(&mut self, step: &Step, tensors: &[Tensor]) {
        let result = &tensors[0];
        let to = self.ty(result);
        let name = match step {
            Step::Nest(nest) => return self.nest(nest),
            Step::Slice { of, offsets, sizes, strides } => {
                let (from, name) = (self.type_of(*of), self.names[*of].clone());
                let text = format!("tensor.extract_slice {name}{offsets:?} {sizes:?} {strides:?} : {from} to {to}");
                self.line("  ", &text)
            }
            Step::Insert { piece, into, offsets } => {
                let sizes = self.program.type_of(*piece).map(|tensor| tensor.shape.clone()).unwrap_or_default();
                let (from, whole) = (self.type_of(*piece), self.names[*into].clone());
                let ones = vec![1; sizes.len()];
                let text = format!(
                    "tensor.insert_slice {} into {whole}{offsets:?} {sizes:?} {ones:?} : {from} into {to}",
                    self.names[*piece]
                );
                self.line("  ", &text)
            }
            Step::Pad { of, low, high, value } => {
                let value = self.constant("  ", result.element, *value);
                let indices: Vec<String> = (0..low.len()).map(|dim| format!("%i{dim}: index")).collect();
                let text = format!(
                    "tensor.pad {} low{low:?} high{high:?} {{\n  ^bb0({}):\n    tensor.yield {value} : {}\n  }} : {} to {to}",
                    self.names[*of],
                    indices.join(", "),
                    result.element,
                    self.type_of(*of)
                );
                self.line("  ", &text)
            }
            Step::Concat { dim, parts } => {
                let names: Vec<&str> = parts.iter().map(|part| self.names[*part].as_str()).collect();
                let types: Vec<String> = parts.iter().map(|part| self.type_of(*part)).collect();
                let text = format!("tensor.concat dim({dim}) {} : ({}) -> {to}", names.join(", "), types.join(", "));
                self.line("  ", &text)
            }
            Step::Flatten { of } => {
                let rank = self.program.type_of(*of).map_or(0, |tensor| tensor.shape.len());
                let dims: Vec<usize> = (0..rank).collect();
                let text =
                    format!("tensor.collapse_shape {} [{dims:?}] : {} into {to}", self.names[*of], self.type_of(*of));
                self.line("  ", &text)
            }
            Step::Constant { numbers } => {
                let text = format!(
                    "arith.constant dense<{}> : {}",
                    nested(numbers, &result.shape, result.element),
                    ty(result, false)
                );
                self.line("  ", &text)
            }
            Step::Softmax { of } => {
                let sizes = self.sizes(&(0..result.shape.len()).map(|dim| (*of, dim)).collect::<Vec<_>>());
                let empty = self.line("  ", &format!("tensor.empty({sizes}) : {to}"));
                let dim = result.shape.len() - 1;
                let text = format!(
                    "linalg.softmax dimension({dim}) ins({} : {to}) outs({empty} : {to}) -> {to}",
                    self.names[*of]
                );
                self.line("  ", &text)
            }
            Step::Window => self.line("  ", &format!("tensor.empty() : {}", ty(result, false))),
        };
        self.names.push(name);
    }

    /// The extents of a dynamic result, each that of a dimension of some value; nothing in a static program.
    fn sizes(&mut self, dims: &[(usize, usize)]) -> String {
        if !self.program.dynamic {
            return String::new();
        }
        let mut names = Vec::new();
        for (id, dim) in dims {
            let number = self.line("  ", &format!("arith.constant {dim} : index"));
            let text = format!("tensor.dim {}, {number} : {}", self.names[*id], self.type_of(*id));
            names.push(self.line("  ", &text));
        }
        names.join(", ")
    }

    fn constant(&mut self, indent: &str, element: Element, number: Number) -> String {
        self.line(indent, &format!("arith.constant {} : {element}", number.text(element)))
    }

    fn nest(&mut self, nest: &Nest) {
        let starts: Vec<String> = nest.outputs.iter().map(|output| self.start(nest, output)).collect();
        let ins = self.operands(&nest.inputs.iter().map(|(id, _)| self.names[*id].clone()).collect::<Vec<_>>(), |at| {
            self.type_of(nest.inputs[at].0)
        });
        let types: Vec<String> = nest.outputs.iter().map(|output| self.ty(&output.tensor)).collect();
        let outs = self.operands(&starts, |at| types[at].clone());
        let ins = if nest.inputs.is_empty() { String::new() } else { format!("ins({ins}) ") };
        let name = self.fresh();
        let several = nest.outputs.len() > 1;
        let _ = write!(
            self.text,
            "  {name}{} = ",
            if several { format!(":{}", nest.outputs.len()) } else { String::new() }
        );
        if let Some(named) = &nest.named {
            let _ = writeln!(self.text, "{named} {ins}outs({outs}) -> {}", types[0]);
        } else {
            self.generic(nest, &ins, &outs, &types);
        }
        match several {
            true => self.names.extend((0..nest.outputs.len()).map(|at| format!("{name}#{at}"))),
            false => self.names.push(name),
        }
    }

    fn operands(&self, names: &[String], ty: impl Fn(usize) -> String) -> String {
        let types: Vec<String> = (0..names.len()).map(ty).collect();
        format!("{} : {}", names.join(", "), types.join(", "))
    }

    fn start(&mut self, nest: &Nest, output: &super::Output) -> String {
        if let Start::Tied(id) = output.start {
            return self.names[id].clone();
        }
        // Every extent of a dynamic result is a loop's, and that loop's extent an operand's.
        let dims: Vec<(usize, usize)> = output.map.iter().filter_map(|dim| extent(nest, dim)).collect();
        let sizes = self.sizes(&dims);
        let ty = self.ty(&output.tensor);
        let empty = self.line("  ", &format!("tensor.empty({sizes}) : {ty}"));
        let Start::Filled(number) = output.start else { return empty };
        let element = output.tensor.element;
        let value = self.constant("  ", element, number);
        self.line("  ", &format!("linalg.fill ins({value} : {element}) outs({empty} : {ty}) -> {ty}"))
    }

    fn generic(&mut self, nest: &Nest, ins: &str, outs: &str, types: &[String]) {
        let rank = nest.extents.len();
        let maps = nest.inputs.iter().map(|(_, map)| map).chain(nest.outputs.iter().map(|output| &output.map));
        let maps: Vec<String> = maps.map(|map| map_text(map, rank)).collect();
        let kinds: Vec<&str> =
            (0..rank).map(|dim| if dim < rank - nest.reductions { "\"parallel\"" } else { "\"reduction\"" }).collect();
        let elements = nest.inputs.iter().filter_map(|(id, _)| self.program.type_of(*id)).map(|tensor| tensor.element);
        let elements: Vec<Element> = elements.chain(nest.outputs.iter().map(|output| output.tensor.element)).collect();
        let arguments: Vec<String> =
            elements.iter().enumerate().map(|(at, element)| format!("%b{at}: {element}")).collect();
        let _ = writeln!(
            self.text,
            "linalg.generic {{indexing_maps = [{}], iterator_types = [{}]}} {ins}outs({outs}) {{\n  ^bb0({}):",
            maps.join(", "),
            kinds.join(", "),
            arguments.join(", ")
        );
        let yielded: Vec<String> = nest.body.iter().map(|body| self.expression(body)).collect();
        let elements: Vec<&str> = nest.outputs.iter().map(|output| output.tensor.element.name()).collect();
        let _ = writeln!(self.text, "    linalg.yield {} : {}", yielded.join(", "), elements.join(", "));
        let result = if types.len() == 1 { types[0].clone() } else { format!("({})", types.join(", ")) };
        let _ = writeln!(self.text, "  }} -> {result}");
    }

    fn expression(&mut self, expression: &Expression) -> String {
        let text = match expression {
            Expression::Input(number) => return format!("%b{number}"),
            Expression::Scalar(id) => return self.names[*id].clone(),
            Expression::Constant(element, number) => return self.constant("    ", *element, *number),
            Expression::Index(dim) => format!("linalg.index {dim} : index"),
            Expression::Op(name, element, operands) => {
                let operands: Vec<String> = operands.iter().map(|operand| self.expression(operand)).collect();
                format!("{name} {} : {element}", operands.join(", "))
            }
            Expression::Compare(predicate, element, sides) => {
                let [left, right] = [&sides[0], &sides[1]].map(|side| self.expression(side));
                let op = if element.is_float() { "arith.cmpf" } else { "arith.cmpi" };
                format!("{op} {predicate}, {left}, {right} : {element}")
            }
            Expression::Select(element, parts) => {
                let [condition, yes, no] = [&parts[0], &parts[1], &parts[2]].map(|part| self.expression(part));
                format!("arith.select {condition}, {yes}, {no} : {element}")
            }
            Expression::Cast(name, from, to, of) => {
                let of = self.expression(of);
                format!("{name} {of} : {from} to {to}")
            }
            Expression::Extract(id, at) => {
                let at: Vec<String> = at.iter().map(|index| self.expression(index)).collect();
                format!("tensor.extract {}[{}] : {}", self.names[*id], at.join(", "), self.type_of(*id))
            }
        };
        self.line("    ", &text)
    }
}

/// An operand's dimension that has the extent of this one.
fn extent(nest: &Nest, dim: &Affine) -> Option<(usize, usize)> {
    nest.inputs.iter().find_map(|(id, map)| map.iter().position(|other| other == dim).map(|at| (*id, at)))
}

fn map_text(map: &Map, rank: usize) -> String {
    let dims: Vec<String> = (0..rank).map(|dim| format!("d{dim}")).collect();
    let term = |(dim, factor): &(usize, usize)| match factor {
        1 => format!("d{dim}"),
        factor => format!("d{dim} * {factor}"),
    };
    let results: Vec<String> =
        map.iter().map(|affine| affine.terms.iter().map(term).collect::<Vec<_>>().join(" + ")).collect();
    format!("affine_map<({}) -> ({})>", dims.join(", "), results.join(", "))
}

fn ty(tensor: &Tensor, dynamic: bool) -> String {
    let extent = |extent: &usize| if dynamic { "?x".to_owned() } else { format!("{extent}x") };
    format!("tensor<{}{}>", tensor.shape.iter().map(extent).collect::<String>(), tensor.element)
}

/// Numbers in brackets, as a dense constant has them.
fn nested(numbers: &[Number], shape: &[usize], element: Element) -> String {
    let Some((extent, inner)) = shape.split_first() else { return numbers[0].text(element) };
    let each = inner.iter().product::<usize>();
    let parts: Vec<String> =
        (0..*extent).map(|at| nested(&numbers[at * each..(at + 1) * each], inner, element)).collect();
    format!("[{}]", parts.join(", "))
}
