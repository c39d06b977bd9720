//! Memory as a C pointer and a row-major (or strided) position: what memrefs of any shape become.

use ropt_plugin::{
    prelude::*,
    ropt_mlir::{
        ir::{
            MemRef,
            edit::{Builder, Op, Val, erase, op_name, operands, replace_uses, results, type_text, users},
        },
        kernel::constant,
    },
};

/// The element types that portable C has.
const ELEMENTS: [&str; 8] = ["i1", "i8", "i16", "i32", "i64", "f32", "f64", "index"];

/// A memref behind a pointer.
pub(crate) struct Memory<'c> {
    /// Pointer or array.
    base: Val<'c>,
    element: String,
    /// Sizes of the dimensions and elements between neighbours, as index values.
    sizes: Vec<Val<'c>>,
    strides: Vec<Val<'c>>,
}

/// Whether portable C has the type.
pub(crate) fn has_type(text: &str) -> bool {
    ELEMENTS.contains(&text)
}

/// A type as emitc writes it.
pub(crate) fn c_type(text: &str) -> &str {
    if text == "index" { "!emitc.size_t" } else { text }
}

/// An index as a size_t.
pub(crate) fn to_c<'c>(at: &Builder<'c>, value: Val<'c>) -> Val<'c> {
    if type_text(value.r#type()) != "index" {
        return value;
    }
    at.value("builtin.unrealized_conversion_cast", &[value], "!emitc.size_t", &[])
}

/// A size_t as an index.
fn from_c<'c>(at: &Builder<'c>, value: Val<'c>, wanted: &str) -> Val<'c> {
    if wanted != "index" {
        return value;
    }
    at.value("builtin.unrealized_conversion_cast", &[value], "index", &[])
}

/// A call of a C function; `args` are attributes, where `0 : index` stands for the first operand.
pub(crate) fn call<'c>(at: &Builder<'c>, callee: &str, operands: &[Val<'c>], args: &str, result: &str) -> Val<'c> {
    let callee = format!("{callee:?}");
    let mut attributes = vec![("callee", callee.as_str())];
    if !args.is_empty() {
        attributes.push(("args", args));
    }
    let value = at.value("emitc.call_opaque", operands, c_type(result), &attributes);
    from_c(at, value, result)
}

impl<'c> Memory<'c> {
    /// The memref type's sizes and strides at a place, with the sizes that only the run knows; `base` is set later.
    pub(crate) fn shape(at: &Builder<'c>, op: Op<'c>, memref: &MemRef<'c>, dynamic: &[Val<'c>]) -> PassResult<Self> {
        let mut dynamic = dynamic.iter().copied();
        let sizes: Option<Vec<_>> =
            memref.shape.iter().map(|size| size.map_or_else(|| dynamic.next(), |size| Some(at.index(size)))).collect();
        let refused = || {
            PassError::new(format!("memory of the type {} has no layout in C", type_text(results(op)[0].r#type())))
                .at(op.location())
                .help("give it a row-major layout, or strides that are known")
        };
        let sizes = sizes.ok_or_else(refused)?;
        let mut strides = Vec::new();
        let mut running = at.index(1);
        for (axis, size) in sizes.iter().enumerate().rev() {
            let known = memref.strides.get(axis).copied().flatten();
            if known.is_none() && !memref.identity {
                return Err(refused());
            }
            strides.push(known.map_or(running, |stride| at.index(stride)));
            running = at.value("arith.muli", &[running, *size], "index", &[]);
        }
        strides.reverse();
        Ok(Self { base: running, element: type_text(memref.element), sizes, strides })
    }

    /// Bytes from the first element's to behind the last one's, as a size_t; what does not fit stays at the largest number.
    pub(crate) fn bytes(&self, at: &Builder<'c>, memref: &MemRef<'c>) -> Option<Val<'c>> {
        let width = memref.element_bytes()?;
        if memref.is_contiguous() {
            let number = to_c(at, at.index(width));
            let times = |bytes, size: &Val<'c>| {
                at.value(
                    "emitc.call_opaque",
                    &[bytes, to_c(at, *size)],
                    "!emitc.size_t",
                    &[("callee", "\"ropt_c_times\"")],
                )
            };
            return Some(self.sizes.iter().fold(number, times));
        }
        let mut last = 0_i64;
        for (size, stride) in memref.shape.iter().zip(&memref.strides) {
            last += ((*size)? - 1).max(0) * (*stride)?;
        }
        let bytes = if memref.count() == Some(0) { 0 } else { (last + 1) * width };
        Some(to_c(at, at.index(bytes)))
    }

    /// The same memory behind a pointer or array.
    pub(crate) fn behind(self, base: Val<'c>) -> Self {
        Self { base, ..self }
    }

    /// Rewrites everything that uses the memref that an op makes, and erases the op.
    pub(crate) fn replace(&self, op: Op<'c>) -> PassResult {
        self.rewrite(results(op)[0])?;
        erase(op);
        Ok(())
    }

    fn rewrite(&self, memref: Val<'c>) -> PassResult {
        users(memref).into_iter().try_for_each(|user| self.access(user))
    }

    fn place(&self, at: &Builder<'c>, indices: &[Val<'c>]) -> Val<'c> {
        let products = indices.iter().zip(&self.strides).map(|(i, s)| at.value("arith.muli", &[*i, *s], "index", &[]));
        let sum = products.reduce(|a, b| at.value("arith.addi", &[a, b], "index", &[]));
        let position = to_c(at, sum.unwrap_or_else(|| at.index(0)));
        let lvalue = format!("!emitc.lvalue<{}>", c_type(&self.element));
        at.value("emitc.subscript", &[self.base, position], &lvalue, &[])
    }

    fn access(&self, user: Op<'c>) -> PassResult {
        let (name, at, from) = (op_name(user), Builder::before(user), operands(user));
        match name.as_str() {
            "memref.load" => {
                let value = at.value("emitc.load", &[self.place(&at, &from[1..])], c_type(&self.element), &[]);
                replace_uses(results(user)[0], from_c(&at, value, &self.element));
            }
            "memref.store" => {
                let place = self.place(&at, &from[2..]);
                at.op("emitc.assign", &[place, to_c(&at, from[0])], &[], &[]);
            }
            "memref.dim" => {
                let axis = constant(from[1]).and_then(|axis| self.sizes.get(usize::try_from(axis).ok()?).copied());
                let axis =
                    axis.ok_or_else(|| PassError::new("a dimension that is not constant").at(user.location()))?;
                replace_uses(results(user)[0], axis);
            }
            "memref.dealloc" => {
                at.op("emitc.call_opaque", &[self.base], &[], &[("callee", "\"free\"")]);
            }
            "memref.assume_alignment" | "memref.cast" => self.rewrite(results(user)[0])?,
            _ => {
                return Err(PassError::new(format!("`{name}` uses memory in a way that the C target does not know"))
                    .at(user.location())
                    .note("known: memref.load, memref.store, memref.dim, memref.dealloc, memref.cast")
                    .help("lower it to loads and stores before c-lower-interface (fold-memref-alias-ops, convert-linalg-to-loops)"));
            }
        }
        erase(user);
        Ok(())
    }
}
