//! The runtime's functions as LLVM dialect text: each loads the table and calls through it.
//!
//! The declarations of `hal-lower-host` say which are needed, and with how many operands.

use std::fmt::Write as _;

use ropt_abi::program::{RUNTIME_SYMBOL, RuntimeTable};
use std::mem::offset_of;

use crate::names;

/// A memref of bytes in LLVM's terms.
const BYTES_DESCRIPTOR: &str = "!llvm.struct<(ptr, ptr, i64, array<1 x i64>, array<1 x i64>)>";

/// The definition of the runtime function `name`; nothing when it is none. `message` is the symbol of a failure's
/// text, `scalar` the LLVM type that is read or written.
pub(crate) fn definition(name: &str, message: Option<&str>, scalar: Option<&str>) -> Option<String> {
    let mut text = Text::default();
    let result = match name {
        names::ALLOCATE => {
            text.table(offset_of!(RuntimeTable, allocate));
            text.line("%address = llvm.call %function(%self, %a0) : !llvm.ptr, (!llvm.ptr, i64) -> i64");
            text.line("%pointer = llvm.inttoptr %address : i64 to !llvm.ptr");
            text.line(&format!("%d0 = llvm.mlir.undef : {BYTES_DESCRIPTOR}"));
            text.line("%zero = llvm.mlir.constant(0 : i64) : i64");
            text.line("%one = llvm.mlir.constant(1 : i64) : i64");
            let fields = [("%pointer", "0"), ("%pointer", "1"), ("%zero", "2"), ("%a0", "3, 0"), ("%one", "4, 0")];
            for (index, (value, place)) in fields.iter().enumerate() {
                let next = index + 1;
                text.line(&format!("%d{next} = llvm.insertvalue {value}, %d{index}[{place}] : {BYTES_DESCRIPTOR}"));
            }
            text.line(&format!("llvm.return %d5 : {BYTES_DESCRIPTOR}"));
            return Some(text.function(name, &["i64"], BYTES_DESCRIPTOR));
        }
        names::ALLOCATE_STATE => {
            text.table(offset_of!(RuntimeTable, allocate));
            text.line("%address = llvm.call %function(%self, %a0) : !llvm.ptr, (!llvm.ptr, i64) -> i64");
            text.line("llvm.return %address : i64");
            return Some(text.function(name, &["i64"], "i64"));
        }
        names::RELEASE => text.forward(offset_of!(RuntimeTable, release), &["i64"]),
        names::COPY => text.forward(offset_of!(RuntimeTable, copy), &["i64"; 3]),
        names::FILL => {
            text.table(offset_of!(RuntimeTable, fill));
            text.line("%width = llvm.trunc %a2 : i64 to i32");
            text.line(
                "llvm.call %function(%self, %a0, %a1, %width, %a3) : !llvm.ptr, (!llvm.ptr, i64, i64, i32, i64) -> ()",
            );
            vec!["i64"; 4]
        }
        names::VARIANT => {
            text.table(offset_of!(RuntimeTable, variant));
            text.line("%index = llvm.call %function(%self, %a0) : !llvm.ptr, (!llvm.ptr, i32) -> i32");
            text.line("llvm.return %index : i32");
            return Some(text.function(name, &["i32"], "i32"));
        }
        _ => return parametric(name, message, scalar),
    };
    text.line("llvm.return");
    Some(text.function(name, &result, "!llvm.void"))
}

/// The functions that come in many widths.
fn parametric(name: &str, message: Option<&str>, scalar: Option<&str>) -> Option<String> {
    let mut text = Text::default();
    if let Some(counts) = name.strip_prefix(names::DISPATCH) {
        let (constants, bindings) = counts.split_once('_')?;
        return Some(dispatch(name, constants.parse().ok()?, bindings.parse().ok()?));
    }
    if let Some(rank) = name.strip_prefix(names::COPY_STRIDED) {
        return Some(copy_strided(name, rank.parse().ok()?));
    }
    if let Some(count) = name.strip_prefix(names::BYTES) {
        return Some(bytes(name, count.parse().ok()?));
    }
    if let Some(question) = name.strip_prefix(names::QUERY) {
        let (category, key) = question.split_once("::")?;
        return Some(query(name, category, key));
    }
    if name.starts_with(names::FAIL) {
        text.table(offset_of!(RuntimeTable, fail));
        text.line(&format!("%message = llvm.mlir.addressof @{} : !llvm.ptr", message?));
        text.line("llvm.call %function(%self, %message) : !llvm.ptr, (!llvm.ptr, !llvm.ptr) -> ()");
        text.line("llvm.return");
        return Some(text.function(name, &[], "!llvm.void"));
    }
    let scalar = scalar?;
    // In memory i1 is a byte; the runtime writes and reads whole bytes.
    let stored = if scalar == "i1" { "i8" } else { scalar };
    let width = byte_width(stored)?;
    text.line(&format!("%bytes = llvm.mlir.constant({width} : i64) : i64"));
    text.line("%one = llvm.mlir.constant(1 : i64) : i64");
    text.line(&format!("%slot = llvm.alloca %one x {stored} : (i64) -> !llvm.ptr"));
    if name.starts_with(names::READ) {
        text.table(offset_of!(RuntimeTable, read));
        text.line("llvm.call %function(%self, %slot, %a0, %bytes) : !llvm.ptr, (!llvm.ptr, !llvm.ptr, i64, i64) -> ()");
        text.line(&format!("%value = llvm.load %slot : !llvm.ptr -> {stored}"));
        if scalar == "i1" {
            text.line("%zero = llvm.mlir.constant(0 : i8) : i8");
            text.line("%bit = llvm.icmp \"ne\" %value, %zero : i8");
        }
        text.line(&format!("llvm.return {} : {scalar}", if scalar == "i1" { "%bit" } else { "%value" }));
        return Some(text.function(name, &["i64"], scalar));
    }
    if name.starts_with(names::WRITE) {
        if scalar == "i1" {
            text.line("%byte = llvm.zext %a1 : i1 to i8");
        }
        text.line(&format!("llvm.store {}, %slot : {stored}, !llvm.ptr", if scalar == "i1" { "%byte" } else { "%a1" }));
        text.table(offset_of!(RuntimeTable, write));
        text.line("llvm.call %function(%self, %a0, %slot, %bytes) : !llvm.ptr, (!llvm.ptr, i64, !llvm.ptr, i64) -> ()");
        text.line("llvm.return");
        return Some(text.function(name, &["i64", scalar], "!llvm.void"));
    }
    None
}

/// Bytes of an LLVM scalar type.
fn byte_width(ty: &str) -> Option<u32> {
    Some(match ty {
        "i8" => 1,
        "i16" | "f16" | "bf16" => 2,
        "i32" | "f32" => 4,
        "i64" | "f64" => 8,
        _ => return None,
    })
}

fn dispatch(name: &str, constants: usize, bindings: usize) -> String {
    let mut text = Text::default();
    let types: Vec<&str> = [vec!["i32"; 5 + constants], vec!["i64"; 2 * bindings]].concat();
    text.array("grid", "i32", 2, 3);
    text.array("constants", "i32", 5, constants);
    text.array("bindings", "i64", 5 + constants, 2 * bindings);
    text.line(&format!("%constant_count = llvm.mlir.constant({constants} : i32) : i32"));
    text.line(&format!("%binding_count = llvm.mlir.constant({bindings} : i32) : i32"));
    text.table(offset_of!(RuntimeTable, dispatch));
    text.line(
        "llvm.call %function(%self, %a0, %a1, %grid, %constants, %constant_count, %bindings, %binding_count) : \
         !llvm.ptr, (!llvm.ptr, i32, i32, !llvm.ptr, !llvm.ptr, i32, !llvm.ptr, i32) -> ()",
    );
    text.line("llvm.return");
    text.function(name, &types, "!llvm.void")
}

/// Asks the device; a runtime that is too old for the question does not know the answer.
fn query(name: &str, category: &str, key: &str) -> String {
    let (size, offset) = (offset_of!(RuntimeTable, query) + size_of::<usize>(), offset_of!(RuntimeTable, query));
    let context = offset_of!(RuntimeTable, context);
    format!(
        "llvm.mlir.global internal constant @\"{name}.category\"(\"{category}\\00\")
llvm.mlir.global internal constant @\"{name}.key\"(\"{key}\\00\")
llvm.func internal @\"{name}\"() -> !llvm.struct<(i1, i64)> {{
  %one = llvm.mlir.constant(1 : i64) : i64
  %zero = llvm.mlir.constant(0 : i64) : i64
  %slot = llvm.alloca %one x i64 : (i64) -> !llvm.ptr
  llvm.store %zero, %slot : i64, !llvm.ptr
  %variable = llvm.mlir.addressof @{RUNTIME_SYMBOL} : !llvm.ptr
  %table = llvm.load %variable : !llvm.ptr -> !llvm.ptr
  %size = llvm.load %table : !llvm.ptr -> i32
  %needed = llvm.mlir.constant({size} : i32) : i32
  %enough = llvm.icmp \"uge\" %size, %needed : i32
  %no = llvm.mlir.constant(0 : i32) : i32
  llvm.cond_br %enough, ^ask, ^done(%no : i32)
^ask:
  %self_at = llvm.getelementptr %table[{context}] : (!llvm.ptr) -> !llvm.ptr, i8
  %self = llvm.load %self_at : !llvm.ptr -> !llvm.ptr
  %function_at = llvm.getelementptr %table[{offset}] : (!llvm.ptr) -> !llvm.ptr, i8
  %function = llvm.load %function_at : !llvm.ptr -> !llvm.ptr
  %category = llvm.mlir.addressof @\"{name}.category\" : !llvm.ptr
  %key = llvm.mlir.addressof @\"{name}.key\" : !llvm.ptr
  %answer = llvm.call %function(%self, %category, %key, %slot) : !llvm.ptr, (!llvm.ptr, !llvm.ptr, !llvm.ptr, !llvm.ptr) -> i32
  llvm.br ^done(%answer : i32)
^done(%known: i32):
  %ok = llvm.icmp \"ne\" %known, %no : i32
  %value = llvm.load %slot : !llvm.ptr -> i64
  %s0 = llvm.mlir.undef : !llvm.struct<(i1, i64)>
  %s1 = llvm.insertvalue %ok, %s0[0] : !llvm.struct<(i1, i64)>
  %s2 = llvm.insertvalue %value, %s1[1] : !llvm.struct<(i1, i64)>
  llvm.return %s2 : !llvm.struct<(i1, i64)>
}}
"
    )
}

fn copy_strided(name: &str, rank: usize) -> String {
    let mut text = Text::default();
    text.array("sizes", "i64", 3, rank);
    text.array("to", "i64", 3 + rank, rank);
    text.array("from", "i64", 3 + 2 * rank, rank);
    text.line(&format!("%rank = llvm.mlir.constant({rank} : i32) : i32"));
    text.line("%bytes = llvm.trunc %a0 : i64 to i32");
    text.table(offset_of!(RuntimeTable, copy_strided));
    text.line(
        "llvm.call %function(%self, %rank, %bytes, %sizes, %a1, %to, %a2, %from) : \
         !llvm.ptr, (!llvm.ptr, i32, i32, !llvm.ptr, i64, !llvm.ptr, i64, !llvm.ptr) -> ()",
    );
    text.line("llvm.return");
    text.function(name, &vec!["i64"; 3 + 3 * rank], "!llvm.void")
}

/// A product that stays the largest number once it is larger.
fn bytes(name: &str, count: usize) -> String {
    let mut text = Text::default();
    text.line("%none = llvm.mlir.constant(false) : i1");
    text.line("%most = llvm.mlir.constant(-1 : i64) : i64");
    text.line("%p0 = llvm.mlir.constant(1 : i64) : i64");
    text.line("%o0 = llvm.or %none, %none : i1");
    for index in 0..count {
        let next = index + 1;
        let pair = "!llvm.struct<(i64, i1)>";
        text.line(&format!(
            "%m{index} = llvm.call_intrinsic \"llvm.umul.with.overflow.i64\"(%p{index}, %a{index}) : (i64, i64) -> {pair}"
        ));
        text.line(&format!("%p{next} = llvm.extractvalue %m{index}[0] : {pair}"));
        text.line(&format!("%b{index} = llvm.extractvalue %m{index}[1] : {pair}"));
        text.line(&format!("%o{next} = llvm.or %o{index}, %b{index} : i1"));
    }
    text.line(&format!("%total = llvm.select %o{count}, %most, %p{count} : i1, i64"));
    text.line("llvm.return %total : i64");
    text.function(name, &vec!["i64"; count], "i64")
}

/// The lines of a function's body. `%a0`, `%a1` … are its arguments.
#[derive(Default)]
struct Text(String);

impl Text {
    fn line(&mut self, line: &str) {
        self.0.push_str("  ");
        self.0.push_str(line);
        self.0.push('\n');
    }

    /// Loads `%self` and the `%function` at an offset of the runtime's table.
    fn table(&mut self, offset: usize) {
        let context = offset_of!(RuntimeTable, context);
        self.line(&format!("%variable = llvm.mlir.addressof @{RUNTIME_SYMBOL} : !llvm.ptr"));
        self.line("%table = llvm.load %variable : !llvm.ptr -> !llvm.ptr");
        for (name, offset) in [("self", context), ("function", offset)] {
            self.line(&format!("%{name}_at = llvm.getelementptr %table[{offset}] : (!llvm.ptr) -> !llvm.ptr, i8"));
            self.line(&format!("%{name} = llvm.load %{name}_at : !llvm.ptr -> !llvm.ptr"));
        }
    }

    /// Calls the function at an offset with all arguments, which are of these types.
    fn forward<'t>(&mut self, offset: usize, types: &[&'t str]) -> Vec<&'t str> {
        self.table(offset);
        let arguments: String = (0..types.len()).map(|index| format!(", %a{index}")).collect();
        let list: String = types.iter().map(|ty| format!(", {ty}")).collect();
        self.line(&format!("llvm.call %function(%self{arguments}) : !llvm.ptr, (!llvm.ptr{list}) -> ()"));
        types.to_vec()
    }

    /// Puts `count` arguments from the `first` on into an array on the stack; null for none.
    fn array(&mut self, name: &str, ty: &str, first: usize, count: usize) {
        if count == 0 {
            self.line(&format!("%{name} = llvm.mlir.zero : !llvm.ptr"));
            return;
        }
        self.line(&format!("%{name}_length = llvm.mlir.constant({count} : i64) : i64"));
        self.line(&format!("%{name} = llvm.alloca %{name}_length x {ty} {{alignment = 8 : i64}} : (i64) -> !llvm.ptr"));
        for index in 0..count {
            let argument = first + index;
            self.line(&format!(
                "%{name}_{index} = llvm.getelementptr %{name}[{index}] : (!llvm.ptr) -> !llvm.ptr, {ty}"
            ));
            self.line(&format!("llvm.store %a{argument}, %{name}_{index} : {ty}, !llvm.ptr"));
        }
    }

    fn function(self, name: &str, types: &[&str], result: &str) -> String {
        let mut text = format!("llvm.func internal @\"{name}\"(");
        for (index, ty) in types.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            let _ = write!(text, "{comma}%a{index}: {ty}");
        }
        let arrow = if result == "!llvm.void" { String::new() } else { format!(" -> {result}") };
        // Calls of these are many and their bodies long; a call costs nothing beside what they do.
        let attributes = if name.starts_with(names::DISPATCH) { " attributes {no_inline}" } else { "" };
        let _ = write!(text, "){arrow}{attributes} {{\n{}}}\n", self.0);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::definition;

    #[test]
    fn knows_its_own_names_only() {
        assert!(definition("ropt.allocate", None, None).is_some());
        assert!(definition("ropt.dispatch_2_3", None, None).is_some_and(|text| text.contains("%a12: i64")));
        assert!(definition("ropt.fail_0", Some("m"), None).is_some());
        assert!(definition("ropt.read_i1", None, Some("i1")).is_some_and(|text| text.contains("-> i1")));
        assert!(definition("ropt.read_x", None, None).is_none());
        assert!(
            definition("ropt.query_hal.cpu::avx2", None, None).is_some_and(|text| text.contains("\"hal.cpu\\00\""))
        );
        assert!(definition("ropt.query_x", None, None).is_none());
        assert!(definition("ropt.dispatch_x_3", None, None).is_none());
        assert!(definition("other", None, None).is_none());
    }
}
