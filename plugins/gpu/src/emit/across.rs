//! One value of all threads of a workgroup.

use ropt_mlir::{
    ir::edit::{Builder, Op, Val, results},
    melior::ir::ValueLike,
};

use super::{Machine, barrier, div, for_loop, index_op, less, load_shared, rem, shared, store_shared, thread, when};
use crate::combine::Combine;

/// How the threads' values meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Exchanged in a subgroup of known size, then through shared memory.
    Shuffles(i64),
    /// Merged by a subgroup of whatever size, then through shared memory.
    Subgroup(&'static str),
    /// Halved step by step in shared memory.
    Halves,
}

/// A place for a workgroup's values to meet; used once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Meeting<'c> {
    way: Way,
    /// Shared memory; none where a subgroup is all.
    memory: Option<Val<'c>>,
    threads: i64,
}

impl<'c> Meeting<'c> {
    /// For workgroups of `threads`, a power of two; `at` is outside of the workgroups' loop.
    pub(crate) fn new(at: Builder<'c>, kernel: Op<'c>, merge: &Combine<'c>, threads: i64, machine: Machine) -> Self {
        let scalar = merge.scalar();
        let word = matches!(scalar.as_str(), "f32" | "i32");
        let way = match (machine.subgroup, merge.over_subgroup()) {
            (subgroup, _) if subgroup > 1 && word && threads % subgroup == 0 => Way::Shuffles(subgroup),
            (0, Some(kind)) if word => Way::Subgroup(kind),
            _ => Way::Halves,
        };
        let slots = match way {
            Way::Shuffles(subgroup) => threads / subgroup,
            // A subgroup may be a single thread.
            Way::Subgroup(_) | Way::Halves => threads,
        };
        let memory = (slots > 1).then(|| shared(at, kernel, &[slots], &scalar));
        Self { way, memory, threads }
    }

    /// All threads' values merged; every thread of the workgroup gets the result, and has to take part.
    pub(crate) fn merge(&self, at: Builder<'c>, merge: &Combine<'c>, own: Val<'c>) -> Val<'c> {
        let own_thread = thread(at);
        let Some(memory) = self.memory else { return self.in_subgroup(at, merge, own) };
        match self.way {
            Way::Shuffles(subgroup) => {
                let part = self.in_subgroup(at, merge, own);
                let first = equal_zero(at, rem(at, own_thread, subgroup));
                when(at, Some(first), |at| store_shared(at, part, memory, &[div(at, own_thread, subgroup)]));
                barrier(at);
                let parts = (0..self.threads / subgroup).map(|slot| load_shared(at, memory, &[at.index(slot)], 1));
                let parts: Vec<Val<'c>> = parts.collect();
                let (first, rest) = parts.split_first().expect("a workgroup has subgroups");
                rest.iter().fold(*first, |so_far, each| merge.apply(at, so_far, *each))
            }
            Way::Subgroup(_) => {
                let part = self.in_subgroup(at, merge, own);
                let of = |name: &str| at.value(name, &[], "index", &[]);
                let (lane, number, count) = (of("gpu.lane_id"), of("gpu.subgroup_id"), of("gpu.num_subgroups"));
                when(at, Some(equal_zero(at, lane)), |at| store_shared(at, part, memory, &[number]));
                barrier(at);
                let first = load_shared(at, memory, &[at.index(0)], 1);
                let one = at.index(1);
                for_loop(at, [one, count, one], &[first], |at, slot, so_far| {
                    vec![merge.apply(at, so_far[0], load_shared(at, memory, &[slot], 1))]
                })[0]
            }
            Way::Halves => {
                store_shared(at, own, memory, &[own_thread]);
                barrier(at);
                let mut half = self.threads / 2;
                while half >= 1 {
                    let takes = less(at, own_thread, at.index(half));
                    when(at, Some(takes), |at| {
                        let other = index_op(at, "arith.addi", own_thread, at.index(half));
                        let (a, b) = (load_shared(at, memory, &[own_thread], 1), load_shared(at, memory, &[other], 1));
                        store_shared(at, merge.apply(at, a, b), memory, &[own_thread]);
                    });
                    barrier(at);
                    half /= 2;
                }
                load_shared(at, memory, &[at.index(0)], 1)
            }
        }
    }

    fn in_subgroup(&self, at: Builder<'c>, merge: &Combine<'c>, own: Val<'c>) -> Val<'c> {
        let number = |value: i64| at.value("arith.constant", &[], "i32", &[("value", &format!("{value} : i32"))]);
        match self.way {
            Way::Shuffles(subgroup) => {
                let (mut value, mut distance) = (own, subgroup / 2);
                while distance >= 1 {
                    let types = [value.r#type(), at.ty("i1")];
                    let mode = [("mode", "#gpu<shuffle_mode xor>")];
                    let exchange = at.op("gpu.shuffle", &[value, number(distance), number(subgroup)], &types, &mode);
                    value = merge.apply(at, value, results(exchange)[0]);
                    distance /= 2;
                }
                value
            }
            Way::Subgroup(kind) => {
                let attributes = [("op", format!("#gpu<all_reduce_op {kind}>"))];
                let attributes = attributes.each_ref().map(|(name, text)| (*name, text.as_str()));
                at.value("gpu.subgroup_reduce", &[own], &merge.scalar(), &attributes)
            }
            Way::Halves => own,
        }
    }
}

fn equal_zero<'c>(at: Builder<'c>, value: Val<'c>) -> Val<'c> {
    // 0 is "equal".
    at.value("arith.cmpi", &[value, at.index(0)], "i1", &[("predicate", "0 : i64")])
}
