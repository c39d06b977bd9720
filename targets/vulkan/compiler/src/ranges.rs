//! What is known of the integers of a kernel before it runs: the least and the greatest that each can be.

use std::collections::HashMap;

use ropt_mlir::{
    ir::edit::{Op, Val, defining_op, op_name, operands, pin, pin_value, results, type_text, users},
    kernel::{body, constant, entry_block, i64_array, integer},
    melior::ir::{BlockLike, RegionLike, ValueLike, operation::OperationLike},
};

/// The least and the greatest value.
pub(crate) type Range = (i128, i128);

/// What 32 bits hold, with a sign.
const WORD: Range = (i32::MIN as i128, i32::MAX as i128);

/// Ranges of the values of a kernel, or of an export's count region. A value that is not there can be anything.
#[derive(Default)]
pub(crate) struct Ranges {
    known: HashMap<usize, Range>,
    /// Greatest numbers of workgroups along x, y, z.
    groups: [i128; 3],
    /// Threads of a workgroup along x, y, z.
    threads: [i128; 3],
}

fn key(value: Val<'_>) -> usize {
    value.to_raw().ptr as usize
}

impl Ranges {
    /// Of a kernel that is launched on a grid of at most these workgroups.
    pub(crate) fn of(kernel: Op<'_>, groups: [i128; 3]) -> Self {
        let size = i64_array(kernel, "ropt.workgroup_size");
        let threads = [0, 1, 2].map(|axis| size.get(axis).copied().unwrap_or(1).into());
        let mut ranges = Self { groups, threads, ..Self::default() };
        ranges.block(kernel, 0);
        ranges
    }

    /// The greatest grid that an export's count region gives: what it does not tell is `most`.
    pub(crate) fn grid(export: Option<Op<'_>>, most: i128) -> [i128; 3] {
        let Some(export) = export.filter(|export| entry_block(*export).is_some()) else { return [most; 3] };
        let mut ranges = Self::default();
        ranges.block(export, 0);
        let counts = body(export).last().map(|end| operands(*end)).unwrap_or_default();
        [0, 1, 2].map(|axis| counts.get(axis).and_then(|count| ranges.get(*count)).map_or(most, |(_, high)| high))
    }

    /// A value's range.
    pub(crate) fn get(&self, value: Val<'_>) -> Option<Range> {
        self.known.get(&key(value)).copied()
    }

    /// Whether the value is known to be one that 32 bits hold.
    pub(crate) fn fits(&self, value: Val<'_>) -> bool {
        self.get(value).is_some_and(|(low, high)| low >= WORD.0 && high <= WORD.1)
    }

    /// Whether the op reads an index without its sign, and the index may have one: then 32 bits make another number of it.
    pub(crate) fn misread(&self, op: Op<'_>) -> bool {
        let unsigned = ["arith.ceildivui", "arith.divui", "arith.index_castui", "arith.remui", "arith.shrui"];
        let negative =
            |value: &Val<'_>| type_text(value.r#type()) == "index" && self.get(*value).is_none_or(|(low, _)| low < 0);
        unsigned.contains(&op_name(op).as_str()) && operands(op).iter().any(negative)
    }

    fn block(&mut self, op: Op<'_>, region: usize) {
        for inner in ops_of(op, region) {
            self.op(inner);
        }
    }

    fn set(&mut self, value: Val<'_>, range: Option<Range>) {
        match range {
            Some(range) => self.known.insert(key(value), range),
            None => self.known.remove(&key(value)),
        };
    }

    fn op(&mut self, op: Op<'_>) {
        match op_name(op).as_str() {
            "scf.for" => self.repeated(op),
            "scf.if" => {
                (0..op.region_count()).for_each(|region| self.block(op, region));
                let ends: Vec<Vec<Val<'_>>> = (0..op.region_count()).map(|region| yielded(op, region)).collect();
                for (index, result) in results(op).into_iter().enumerate() {
                    let each = ends.iter().map(|end| self.get(*end.get(index)?));
                    self.set(result, each.reduce(|a, b| join(a?, b?)).flatten());
                }
            }
            _ => {
                if let [result] = results(op)[..] {
                    // What a narrow type does not hold wraps around.
                    let (range, all) = (self.value(op), signed(result));
                    let held = range.filter(|range| all.is_none_or(|all| join(*range, all) == Some(all)));
                    self.set(result, held.or(all));
                }
                (0..op.region_count()).for_each(|region| self.block(op, region));
            }
        }
    }

    /// A loop: what it carries is what it was entered with, when its body keeps it there.
    fn repeated(&mut self, op: Op<'_>) {
        let Some(block) = entry_block(op) else { return };
        let arguments: Vec<Val<'_>> =
            (0..block.argument_count()).filter_map(|index| block.argument(index).ok().map(pin_value)).collect();
        let (from, [counter, carried @ ..]) = (operands(op), &arguments[..]) else { return };
        let [lower, upper, _, initial @ ..] = &from[..] else { return };
        let bounds = self.get(*lower).zip(self.get(*upper));
        self.set(*counter, bounds.map(|((low, _), (_, high))| (low, (high - 1).max(low))));
        let entered: Vec<Option<Range>> = initial.iter().map(|value| self.get(*value)).collect();
        carried.iter().zip(&entered).for_each(|(value, range)| self.set(*value, *range));
        self.block(op, 0);
        let kept = |ranges: &Self, value: Val<'_>, range: Option<Range>| {
            range.is_none_or(|range| ranges.get(value).is_some_and(|end| join(range, end) == Some(range)))
        };
        if !yielded(op, 0).into_iter().zip(&entered).all(|(value, range)| kept(self, value, *range)) {
            carried.iter().for_each(|value| self.set(*value, None));
            self.block(op, 0);
        }
        for (result, value) in results(op).into_iter().zip(carried) {
            let range = self.get(*value);
            self.set(result, range);
        }
    }

    fn value(&self, op: Op<'_>) -> Option<Range> {
        let from = operands(op);
        let of = |number: usize| self.get(*from.get(number)?);
        let axis = || usize::try_from(integer(op, "dimension").unwrap_or_default()).unwrap_or_default().min(2);
        let thread_axis = || {
            let text = op.attribute("dimension").map(|attribute| attribute.to_string()).unwrap_or_default();
            ["x>", "y>", "z>"].iter().position(|end| text.ends_with(end)).unwrap_or_default()
        };
        let all_threads = self.threads.iter().product::<i128>();
        // What 64 bits do not hold wraps around.
        let whole = |(low, high): Range| (low >= i64::MIN.into() && high <= i64::MAX.into()).then_some((low, high));
        match op_name(op).as_str() {
            "arith.constant" => constant(results(op)[0]).map(|value| (value.into(), value.into())),
            "hal.interface.workgroup.id" => Some((0, (self.groups[axis()] - 1).max(0))),
            "hal.interface.workgroup.count" => Some((0, self.groups[axis()])),
            "hal.interface.workgroup.size" => Some((self.threads[axis()], self.threads[axis()])),
            "gpu.thread_id" => Some((0, self.threads[thread_axis()] - 1)),
            "gpu.block_dim" => Some((1, self.threads[thread_axis()])),
            "gpu.lane_id" | "gpu.subgroup_id" => Some((0, all_threads - 1)),
            "gpu.num_subgroups" | "gpu.subgroup_size" => Some((1, all_threads.max(128))),
            "arith.addi" => of(0).zip(of(1)).and_then(|(a, b)| whole((a.0 + b.0, a.1 + b.1))),
            "arith.subi" => of(0).zip(of(1)).and_then(|(a, b)| whole((a.0 - b.1, a.1 - b.0))),
            "arith.muli" => of(0).zip(of(1)).and_then(|(a, b)| {
                let all = [a.0 * b.0, a.0 * b.1, a.1 * b.0, a.1 * b.1];
                whole((*all.iter().min()?, *all.iter().max()?))
            }),
            "arith.divui" | "arith.divsi" | "arith.floordivsi" => {
                let (a, b) = positive(of(0), of(1))?;
                Some((a.0 / b.1, a.1 / b.0))
            }
            "arith.ceildivui" | "arith.ceildivsi" => {
                let (a, b) = positive(of(0), of(1))?;
                Some(((a.0 + b.1 - 1) / b.1, (a.1 + b.0 - 1) / b.0))
            }
            // Less than what it is divided by, whatever is divided.
            "arith.remui" => of(1).filter(|b| b.0 > 0).map(|b| (0, b.1 - 1)),
            "arith.remsi" => {
                let (a, b) = positive(of(0), of(1))?;
                Some((0, a.1.min(b.1 - 1)))
            }
            "arith.minsi" => of(0).zip(of(1)).map(|(a, b)| (a.0.min(b.0), a.1.min(b.1))),
            "arith.maxsi" => of(0).zip(of(1)).map(|(a, b)| (a.0.max(b.0), a.1.max(b.1))),
            // The smaller one is no more than either, as far as that one is positive.
            "arith.minui" => {
                let tops = [of(0), of(1)].into_iter().flatten().filter(|range| range.0 >= 0).map(|range| range.1);
                Some((0, tops.min()?))
            }
            "arith.maxui" => {
                of(0).zip(of(1)).filter(|(a, b)| a.0 >= 0 && b.0 >= 0).map(|(a, b)| (a.0.max(b.0), a.1.max(b.1)))
            }
            "arith.andi" => {
                let tops = [of(0), of(1)].into_iter().flatten().filter(|range| range.0 >= 0).map(|range| range.1);
                Some((0, tops.min()?))
            }
            "arith.shrui" | "arith.shrsi" => of(0).filter(|a| a.0 >= 0).map(|a| (0, a.1)),
            "arith.select" => of(1).zip(of(2)).and_then(|(a, b)| join(a, b)),
            "arith.index_cast" | "arith.extsi" => of(0).or_else(|| signed(*from.first()?)),
            "arith.index_castui" | "arith.extui" => of(0).filter(|a| a.0 >= 0).or_else(|| unsigned(*from.first()?)),
            _ => None,
        }
    }
}

/// Both ranges, when nothing is divided that is below zero, by nothing but what is above.
fn positive(a: Option<Range>, b: Option<Range>) -> Option<(Range, Range)> {
    a.zip(b).filter(|(a, b)| a.0 >= 0 && b.0 > 0)
}

fn join(a: Range, b: Range) -> Option<Range> {
    Some((a.0.min(b.0), a.1.max(b.1)))
}

/// What an integer's type holds with a sign; not known of 64 bits and indices.
fn signed(value: Val<'_>) -> Option<Range> {
    let bits = narrow_bits(value)?;
    Some((-(1 << (bits - 1)), (1 << (bits - 1)) - 1))
}

/// As [`signed`], without a sign.
fn unsigned(value: Val<'_>) -> Option<Range> {
    Some((0, (1 << narrow_bits(value)?) - 1))
}

fn narrow_bits(value: Val<'_>) -> Option<u32> {
    type_text(value.r#type()).strip_prefix('i')?.parse().ok().filter(|bits| *bits <= 32)
}

fn ops_of<'c>(op: Op<'c>, region: usize) -> Vec<Op<'c>> {
    let Some(block) = op.region(region).ok().and_then(|region| region.first_block()) else { return Vec::new() };
    let first = block.first_operation().map(pin);
    std::iter::successors(first, |op| op.next_in_block().map(pin)).collect()
}

fn yielded<'c>(op: Op<'c>, region: usize) -> Vec<Val<'c>> {
    ops_of(op, region).last().map(|end| operands(*end)).unwrap_or_default()
}

/// Whether more of an index than its low 32 bits makes a difference. Sums and products of low halves are low halves of
/// sums and products, and memory of an API with 32-bit indices asks for no more.
pub(crate) fn matters(value: Val<'_>, seen: &mut HashMap<usize, bool>) -> bool {
    if let Some(known) = seen.get(&key(value)) {
        return *known;
    }
    let answer = users(value).into_iter().any(|user| match op_name(user).as_str() {
        "memref.load" | "memref.store" | "vector.load" | "vector.store" => false,
        "arith.addi" | "arith.subi" | "arith.muli" => results(user).into_iter().any(|result| matters(result, seen)),
        "arith.index_cast" | "arith.index_castui" => results(user).into_iter().any(|result| {
            let narrow = matches!(type_text(result.r#type()).as_str(), "i1" | "i8" | "i16" | "i32");
            !narrow
        }),
        _ => true,
    });
    let answer = answer || defining_op(value).is_some_and(|op| op_name(op) == "arith.constant");
    seen.insert(key(value), answer);
    answer
}
