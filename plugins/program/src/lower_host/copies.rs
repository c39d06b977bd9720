//! Copies that nobody needs.
//!
//! Bufferization copies a buffer whenever a loop or call might change it. Most buffers never change once they are
//! filled: whoever holds such a copy may as well hold the original. Buffers that may be the same at run time (through
//! views, loops and branches) form a class; a class *stays as it is* when every write into it fills a fresh
//! allocation before anything else holds that. A copy goes when its source's and its own class stay as they are.

use ropt_mlir::{
    ir::edit::{Op, Val, defining_op, erase, nested, op_name, operands, pin, replace_uses, results, users},
    melior::ir::{BlockLike, RegionLike, TypeLike, ValueLike, operation::OperationLike},
};
use std::collections::{HashMap, HashSet};

use crate::{
    names,
    ops::{all_named, arguments, blocks, functions, i64_array, key, same, segments, string, symbol_attribute},
};

/// Removes needless copies from every function; how many there were.
pub(crate) fn forward(module: Op<'_>) -> u64 {
    let changing = changing_globals(module);
    functions(module).into_iter().map(|function| forward_in(function, &changing)).sum()
}

/// The globals that change while functions run: those that another function than an initializer writes.
fn changing_globals(module: Op<'_>) -> HashSet<String> {
    let mut found = HashSet::new();
    for function in functions(module).into_iter().filter(|function| !initializes(*function)) {
        let targets = nested(function).into_iter().flat_map(written);
        let origins = targets.filter_map(|target| defining_op(root(target)));
        found.extend(origins.filter_map(|op| symbol_attribute(op, "name")));
    }
    found
}

fn initializes(function: Op<'_>) -> bool {
    string(function, "sym_name").is_some_and(|name| name.starts_with(names::INITIALIZER))
}

fn forward_in(function: Op<'_>, globals: &HashSet<String>) -> u64 {
    // Unstructured control flow gives values new names that are not followed here.
    if function
        .regions()
        .chain(nested(function).into_iter().flat_map(|op| op.regions().collect::<Vec<_>>()))
        .any(|region| region.first_block().is_some_and(|block| block.next_in_region().is_some()))
    {
        return 0;
    }
    let mut classes = Classes::of(function, globals);
    let mut removed = 0;
    for copy in all_named(function, "memref.copy") {
        if classes.needless(copy) {
            let (source, target) = (operands(copy)[0], operands(copy)[1]);
            classes.join(source, target);
            erase(copy);
            if let Some(alloc) = defining_op(target) {
                replace_uses(target, source);
                erase(alloc);
            }
            removed += 1;
        }
    }
    removed
}

/// Classes of buffers that may be the same at run time.
struct Classes {
    parent: HashMap<usize, usize>,
    /// Representatives of classes with a write that may change what somebody else holds.
    changing: HashSet<usize>,
}

impl Classes {
    fn of(function: Op<'_>, changing: &HashSet<String>) -> Self {
        let mut classes = Self { parent: HashMap::new(), changing: HashSet::new() };
        let ops = nested(function);
        let mut globals: HashMap<String, Val<'_>> = HashMap::new();
        for op in &ops {
            if op_name(*op) == "memref.get_global" {
                let value = results(*op)[0];
                let name = symbol_attribute(*op, "name").unwrap_or_default();
                if changing.contains(&name) || initializes(function) {
                    classes.changing.insert(key(value));
                }
                let first = *globals.entry(name).or_insert(value);
                classes.join(first, value);
            } else if op_name(*op) == "builtin.unrealized_conversion_cast" {
                // State of changing size: a store gives its memory back.
                classes.changing.extend(held(*op).into_iter().map(key));
            } else if may_alias(*op) {
                let together = held(*op);
                together.windows(2).for_each(|pair| classes.join(pair[0], pair[1]));
            }
        }
        for op in ops {
            for target in written(op) {
                if !fills(op, target) {
                    let class = classes.class(target);
                    classes.changing.insert(class);
                }
            }
        }
        classes
    }

    fn class(&mut self, value: Val<'_>) -> usize {
        self.root(key(value))
    }

    fn root(&mut self, mut at: usize) -> usize {
        while let Some(&parent) = self.parent.get(&at) {
            at = parent;
        }
        at
    }

    fn join(&mut self, a: Val<'_>, b: Val<'_>) {
        let (a, b) = (self.class(a), self.class(b));
        if a != b {
            self.parent.insert(a, b);
            if self.changing.contains(&a) {
                self.changing.insert(b);
            }
        }
    }

    fn changes(&mut self, value: Val<'_>) -> bool {
        let class = self.class(value);
        self.changing.contains(&class)
    }

    /// Whether everybody who holds the copy may hold its source instead.
    fn needless(&mut self, copy: Op<'_>) -> bool {
        let (source, target) = (operands(copy)[0], operands(copy)[1]);
        let Some(alloc) = defining_op(target).filter(|op| op_name(*op) == "memref.alloc") else { return false };
        if source.r#type() != target.r#type() || self.changes(source) || self.changes(target) {
            return false;
        }
        let alone = closure(alloc)
            .iter()
            .all(|user| same(*user, copy) || written(*user).is_empty() || !writes_to(*user, alloc));
        let after = users(target).into_iter().all(|user| same(user, copy) || follows(copy, user));
        let filled = match defining_op(root(source)).filter(|op| op_name(*op) == "memref.alloc") {
            Some(origin) => closure(origin)
                .iter()
                .all(|user| same(*user, copy) || !writes_to(*user, origin) || follows(*user, copy)),
            None => true,
        };
        alone && after && filled
    }
}

/// Whether the op may make two buffers the same. A call's results are its caller's own, and allocations are new.
fn may_alias(op: Op<'_>) -> bool {
    !matches!(
        op_name(op).as_str(),
        "memref.alloc"
            | "memref.copy"
            | "memref.load"
            | "memref.store"
            | "memref.dim"
            | "func.call"
            | "ropt.dispatch"
            | "func.return"
            | "func.func"
    ) && !op_name(op).starts_with("linalg.")
}

/// Every buffer that an op takes, gives, or hands to or gets from its regions.
fn held<'c>(op: Op<'c>) -> Vec<Val<'c>> {
    let mut all = operands(op);
    all.extend(results(op));
    for block in blocks(op) {
        all.extend(arguments(block));
        if let Some(end) = crate::ops::ops_of(block).last() {
            all.extend(operands(*end));
        }
    }
    all.retain(|value| value.r#type().is_mem_ref());
    all
}

/// The buffers that an op writes.
fn written<'c>(op: Op<'c>) -> Vec<Val<'c>> {
    let name = op_name(op);
    let all = operands(op);
    match name.as_str() {
        "memref.copy" | "memref.store" => vec![all[1]],
        "ropt.dispatch" => {
            let arguments = segments(op).pop().unwrap_or_default();
            i64_array(op, "writes").into_iter().filter_map(|index| arguments.get(index as usize).copied()).collect()
        }
        _ if view(&name) || held_only(&name) => Vec::new(),
        _ => all.into_iter().filter(|value| value.r#type().is_mem_ref()).collect(),
    }
}

/// Ops that hand buffers on, or read them. Callees do not write to their arguments.
fn held_only(name: &str) -> bool {
    matches!(name, "func.call" | "func.return" | "memref.load" | "memref.dim" | "arith.select" | "memref.alloc")
        || name.starts_with("scf.")
}

fn view(name: &str) -> bool {
    matches!(
        name,
        "memref.subview"
            | "memref.cast"
            | "memref.reinterpret_cast"
            | "memref.collapse_shape"
            | "memref.expand_shape"
            | "memref.extract_strided_metadata"
            | "memref.transpose"
            | "memref.view"
            | "memref.memory_space_cast"
    )
}

/// The buffer behind views.
pub(crate) fn root(value: Val<'_>) -> Val<'_> {
    let mut at = value;
    while let Some(op) = defining_op(at).filter(|op| view(&op_name(*op))) {
        at = operands(op)[0];
    }
    at
}

fn writes_to(op: Op<'_>, alloc: Op<'_>) -> bool {
    written(op).into_iter().any(|target| defining_op(root(target)).is_some_and(|origin| same(origin, alloc)))
}

/// The users of an allocation, also through views.
fn closure<'c>(alloc: Op<'c>) -> Vec<Op<'c>> {
    let mut found = Vec::new();
    let mut open = results(alloc);
    while let Some(value) = open.pop() {
        for user in users(value) {
            if view(&op_name(user)) {
                open.extend(results(user));
            }
            found.push(user);
        }
    }
    found
}

/// Whether a write fills an allocation that only its own views hold so far.
fn fills(op: Op<'_>, target: Val<'_>) -> bool {
    let Some(alloc) = defining_op(root(target)).filter(|op| op_name(*op) == "memref.alloc") else { return false };
    closure(alloc).into_iter().all(|user| {
        let name = op_name(user);
        let keeps = !view(&name) && may_alias(user) && written(user).is_empty();
        !keeps || (beside(user, alloc) && follows(op, user))
    }) && within(op, alloc)
}

/// Whether the op lies in the allocation's block, or deeper.
fn within(op: Op<'_>, alloc: Op<'_>) -> bool {
    ancestor_beside(op, alloc).is_some()
}

fn beside(op: Op<'_>, other: Op<'_>) -> bool {
    ancestor_beside(op, other).is_some()
}

/// The op itself or the one around it that lies in the same block as `other`.
fn ancestor_beside<'c>(op: Op<'c>, other: Op<'c>) -> Option<Op<'c>> {
    let mut at = op;
    loop {
        if at.block() == other.block() {
            return Some(at);
        }
        at = pin(at.parent_operation()?);
    }
}

/// Whether `later` certainly comes after `earlier`, whenever both run in the same run of their common block.
fn follows(earlier: Op<'_>, later: Op<'_>) -> bool {
    let mut at = earlier;
    loop {
        if let Some(later) = ancestor_beside(later, at) {
            return !same(at, later) && at.is_before_in_block(later);
        }
        match at.parent_operation() {
            Some(parent) => at = pin(parent),
            None => return false,
        }
    }
}
