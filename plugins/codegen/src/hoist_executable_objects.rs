//! `hal-hoist-executable-objects`.

use ropt_mlir::{
    ir::{
        edit::{nested, pin_mut, remove_attribute, set_attribute},
        objects_for,
    },
    melior::ir::{Attribute, attribute::ArrayAttribute, operation::OperationLike},
};
use ropt_plugin::prelude::*;

/// Moves the objects that ops of a kernel name to the variant, where they are linked.
///
/// An op, usually the declaration of a function that is defined elsewhere, names them in the attribute
/// `hal.executable.objects`: a list of `#hal.executable.object`, or a `#hal.executable.objects` with a list for each
/// target. Each object is linked once, in the order in which they are met, after those that the variant has already.
///
/// ```mlir
/// hal.executable private @e {
///   hal.executable.variant public @v target(<"llvm-cpu", "embedded-elf-x86_64">) {
///     builtin.module {
///       func.func private @fast_exp(f32) -> f32 attributes {hal.executable.objects = [#hal.executable.object<{path = "exp.o"}>]}
///     }
///   }
/// }
/// // becomes, by builtin.module(hal.executable(hal.executable.variant(hal-hoist-executable-objects)))
/// hal.executable private @e {
///   hal.executable.variant public @v target(<"llvm-cpu", "embedded-elf-x86_64">) objects([#hal.executable.object<{path = "exp.o"}>]) {
///     builtin.module {
///       func.func private @fast_exp(f32) -> f32
///     }
///   }
/// }
/// ```
#[derive(Pass, Clone, Default)]
#[pass(
    name = "hal-hoist-executable-objects",
    anchor = "hal.executable.variant",
    aliases("iree-hal-hoist-executable-objects"),
    dialects("hal"),
    needs("executable-variants"),
    slot(phase = "executable-configurations", order = 5)
)]
struct HoistExecutableObjects {
    /// Objects moved.
    #[statistic]
    hoisted: Counter,
}

/// The attribute on the ops.
const OBJECTS: &str = "hal.executable.objects";

impl RunPass for HoistExecutableObjects {
    fn run(&mut self, op: OperationRefMut<'_, '_>, cx: &PassContext<'_>) -> PassResult {
        let variant = pin_mut(&op);
        let mut objects: Vec<String> = Vec::new();
        let mut holders = Vec::new();
        for inner in nested(variant) {
            let Ok(named) = inner.attribute(OBJECTS) else { continue };
            let target = variant.attribute("target").ok();
            let list = match target.and_then(|target| objects_for(named, target)) {
                Some(list) => list,
                // A list for targets that has none for this one.
                None if named.to_string().starts_with("#hal.executable.objects<") => {
                    holders.push(inner);
                    continue;
                }
                None => named,
            };
            let Some(list) = texts(list) else {
                return Err(PassError::new(format!("`{OBJECTS}` is no list of objects: {named}"))
                    .at(inner.location())
                    .help("write [#hal.executable.object<{path = \"FILE\"}>, …] or #hal.executable.objects<{…}>"));
            };
            objects.extend(list);
            holders.push(inner);
        }
        if holders.is_empty() {
            cx.preserve_all();
            return Ok(());
        }
        for inner in holders {
            remove_attribute(inner, OBJECTS);
        }
        let mut all = variant.attribute("objects").ok().and_then(texts).unwrap_or_default();
        let before = all.len();
        for object in objects {
            if !all.contains(&object) {
                all.push(object);
            }
        }
        self.hoisted.add((all.len() - before) as u64);
        if !all.is_empty() {
            set_attribute(variant, "objects", &format!("[{}]", all.join(", ")));
        }
        Ok(())
    }
}

/// The objects of a list as text; none when it is something else.
fn texts(list: Attribute<'_>) -> Option<Vec<String>> {
    let list = ArrayAttribute::try_from(list).ok()?;
    let one = |index| list.element(index).ok().map(|one| one.to_string());
    (0..list.len()).map(one).map(|text| text.filter(|text| text.starts_with("#hal.executable.object<"))).collect()
}
