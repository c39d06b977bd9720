//! Ops on memory become calls of the runtime.
//!
//! ```mlir
//! %a = memref.alloc() : memref<4xf32>            %m = call @ropt.allocate(%c16) : (index) -> memref<?xi8>
//!                                                %a = memref.view %m[%c0][] : memref<?xi8> to memref<4xf32>
//! memref.copy %a, %b : …                         call @ropt.copy(%address_b, %address_a, %c16)
//! %v = memref.load %a[%i] : memref<4xf32>        %v = call @ropt.read_f32(%address) : (index) -> f32
//! ```

use ropt_mlir::{
    ir::edit::{Builder, Op, Val, erase, op_name, operands, replace_uses, results, type_text},
    melior::ir::{Type, TypeLike, ValueLike, operation::OperationLike},
};
use ropt_plugin::prelude::*;

use super::{
    calls::Calls,
    layout::{buffer, byte_count, place, pointer, product, sizes, sum},
};
use crate::{
    names,
    ops::{all_named, functions},
};

/// Lowers what works on whole buffers: allocations, deallocations, copies, fills.
pub(crate) fn lower_whole(module: Op<'_>) -> PassResult {
    let calls = Calls::new(module);
    for function in functions(module) {
        for op in ropt_mlir::ir::edit::nested(function) {
            match op_name(op).as_str() {
                "memref.alloc" => allocate(&calls, op)?,
                "memref.dealloc" => release(&calls, op),
                "memref.copy" => copy(&calls, op)?,
                "linalg.fill" => fill(&calls, op)?,
                _ => {}
            }
        }
    }
    Ok(())
}

/// Lowers reads and writes of single elements.
pub(crate) fn lower_elements(module: Op<'_>) -> PassResult {
    let calls = Calls::new(module);
    for function in functions(module) {
        for load in all_named(function, "memref.load") {
            let all = operands(load);
            let at = Builder::before(load);
            let address = element(&at, load, all[0], &all[1..])?;
            let ty = results(load)[0].r#type();
            let value = calls.call(&at, &format!("{}{ty}", names::READ), &[address], &[ty])[0];
            replace_uses(results(load)[0], value);
            erase(load);
        }
        for store in all_named(function, "memref.store") {
            let all = operands(store);
            let at = Builder::before(store);
            let address = element(&at, store, all[1], &all[2..])?;
            calls.call(&at, &format!("{}{}", names::WRITE, all[0].r#type()), &[address, all[0]], &[]);
            erase(store);
        }
    }
    Ok(())
}

fn allocate<'c>(calls: &Calls<'c>, alloc: Op<'c>) -> PassResult {
    let result = results(alloc)[0];
    let (memref, bytes) = buffer(result, alloc.location())?;
    let at = Builder::before(alloc);
    let dynamic = operands(alloc);
    let total = match memref.count() {
        Some(count) => match count.checked_mul(bytes) {
            Some(total) => at.index(total),
            None => {
                return Err(
                    PassError::new(format!("{} is larger than an address space", result.r#type())).at(alloc.location())
                );
            }
        },
        None => {
            // Sizes that come from the program's arguments may be anything: their product must not wrap around.
            let mut factors = vec![at.index(memref.shape.iter().flatten().product::<i64>().saturating_mul(bytes))];
            factors.extend(&dynamic);
            calls.value(&at, &format!("{}{}", names::BYTES, factors.len()), &factors, "index")
        }
    };
    let memory = calls.value(&at, names::ALLOCATE, &[total], "memref<?xi8>");
    let mut view = vec![memory, at.index(0)];
    view.extend(dynamic);
    let view = at.value("memref.view", &view, &type_text(result.r#type()), &[]);
    replace_uses(result, view);
    erase(alloc);
    Ok(())
}

fn release<'c>(calls: &Calls<'c>, dealloc: Op<'c>) {
    let at = Builder::before(dealloc);
    let address = pointer(&at, operands(dealloc)[0]);
    calls.call(&at, names::RELEASE, &[address], &[]);
    erase(dealloc);
}

fn copy<'c>(calls: &Calls<'c>, copy: Op<'c>) -> PassResult {
    let [source, target] = operands(copy)[..] else { return Ok(()) };
    let at = Builder::before(copy);
    let (from_type, bytes) = buffer(source, copy.location())?;
    let (to_type, _) = buffer(target, copy.location())?;
    let from = place(&at, source, &from_type, bytes);
    let to = place(&at, target, &to_type, bytes);
    if from_type.is_contiguous() && to_type.is_contiguous() {
        let total = byte_count(&at, source, &from_type, bytes);
        calls.call(&at, names::COPY, &[to.address, from.address, total], &[]);
    } else {
        let mut all = vec![at.index(bytes), to.address, from.address];
        all.extend(sizes(&at, source, &from_type));
        all.extend(to.strides);
        all.extend(from.strides);
        calls.call(&at, &format!("{}{}", names::COPY_STRIDED, from_type.rank()), &all, &[]);
    }
    erase(copy);
    Ok(())
}

/// A fill of memory without gaps is one call; others become loops.
fn fill<'c>(calls: &Calls<'c>, fill: Op<'c>) -> PassResult {
    let [value, target] = operands(fill)[..] else { return Ok(()) };
    let (memref, bytes) = buffer(target, fill.location())?;
    if !memref.is_contiguous() || value.r#type() != memref.element {
        return Ok(());
    }
    let at = Builder::before(fill);
    let Some(pattern) = bits(&at, value, 64) else { return Ok(()) };
    let address = place(&at, target, &memref, bytes).address;
    let count = match memref.count() {
        Some(count) => at.index(count),
        None => product(&at, &sizes(&at, target, &memref)),
    };
    calls.call(&at, names::FILL, &[address, pattern, at.index(bytes), count], &[]);
    erase(fill);
    Ok(())
}

/// A scalar's bits in an integer of `width` bits, zero-extended; nothing for types that are no number.
pub(crate) fn bits<'c>(at: &Builder<'c>, value: Val<'c>, width: u32) -> Option<Val<'c>> {
    let ty: Type<'c> = value.r#type();
    let own = if ty.is_index() { 64 } else { bit_width(ty)? };
    let integer = if ty.is_index() {
        at.value("arith.index_cast", &[value], "i64", &[])
    } else if ty.is_integer() {
        value
    } else {
        at.value("arith.bitcast", &[value], &format!("i{own}"), &[])
    };
    Some(if own < width { at.value("arith.extui", &[integer], &format!("i{width}"), &[]) } else { integer })
}

/// Bits of an integer or float type.
pub(crate) fn bit_width(ty: Type<'_>) -> Option<u32> {
    if ty.is_integer() && type_text(ty) == "i1" {
        return Some(1);
    }
    ropt_mlir::ir::byte_width(ty).map(|bytes| bytes as u32 * 8)
}

/// The address of one element.
fn element<'c>(at: &Builder<'c>, op: Op<'c>, target: Val<'c>, indices: &[Val<'c>]) -> PassResult<Val<'c>> {
    let (memref, bytes) = buffer(target, op.location())?;
    let place = place(at, target, &memref, bytes);
    let steps = indices.iter().zip(&place.strides).map(|(index, stride)| product(at, &[*index, *stride]));
    let elements = sum(at, &steps.collect::<Vec<_>>());
    let offset = product(at, &[elements, at.index(bytes)]);
    Ok(sum(at, &[place.address, offset]))
}
