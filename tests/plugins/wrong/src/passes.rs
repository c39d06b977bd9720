//! Passes, each with one mistake.

use ropt_plugin::{
    prelude::*,
    ropt_mlir::{
        ir::edit::{context_of, erase, nested, op_name, pin_mut, set_attribute},
        melior::ir::operation::OperationLike,
        mlir_sys::{MlirStringRef, mlirNoneTypeGet, mlirOpaqueAttrGet, mlirOperationSetAttributeByName},
    },
};
use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// Says that a second run changes nothing, and counts its runs.
#[derive(Pass, Clone, Default)]
#[pass(name = "wrong-twice", anchor = "func.func", idempotent)]
struct Twice {}

impl RunPass for Twice {
    fn run(&mut self, op: OperationRefMut<'_, '_>, _: &PassContext<'_>) -> PassResult {
        let op = pin_mut(&op);
        let marks = op.attribute("wrong.marks").map_or(0, |marks| marks.to_string().len());
        set_attribute(op, "wrong.marks", &format!("\"{}\"", "x".repeat(marks + 1)));
        Ok(())
    }
}

/// Prints to stdout, where the result may go.
#[derive(Pass, Clone, Default)]
#[pass(name = "wrong-prints", anchor = "func.func")]
struct Prints {}

impl RunPass for Prints {
    fn run(&mut self, _: OperationRefMut<'_, '_>, _: &PassContext<'_>) -> PassResult {
        println!("a function");
        Ok(())
    }
}

/// Gives another result in every process.
#[derive(Pass, Clone, Default)]
#[pass(name = "wrong-varies", anchor = "func.func")]
struct Varies {}

impl RunPass for Varies {
    fn run(&mut self, op: OperationRefMut<'_, '_>, _: &PassContext<'_>) -> PassResult {
        set_attribute(pin_mut(&op), "wrong.process", &format!("{} : i64", std::process::id()));
        Ok(())
    }
}

/// Counts modules in a variable that all its copies share.
#[derive(Pass, Clone, Default)]
#[pass(name = "wrong-shares", anchor = "builtin.module")]
struct Shares {}

static SHARED: AtomicU64 = AtomicU64::new(0);

impl RunPass for Shares {
    fn run(&mut self, op: OperationRefMut<'_, '_>, _: &PassContext<'_>) -> PassResult {
        let number = SHARED.fetch_add(1, Ordering::Relaxed);
        set_attribute(pin_mut(&op), "wrong.number", &format!("{number} : i64"));
        Ok(())
    }
}

/// Leaves functions without an end.
#[derive(Pass, Clone, Default)]
#[pass(name = "wrong-breaks", anchor = "func.func")]
struct Breaks {}

impl RunPass for Breaks {
    fn run(&mut self, op: OperationRefMut<'_, '_>, _: &PassContext<'_>) -> PassResult {
        nested(pin_mut(&op)).into_iter().filter(|op| op_name(*op) == "func.return").for_each(erase);
        Ok(())
    }
}

/// Reads what is not there.
#[derive(Pass, Clone, Default)]
#[pass(name = "wrong-crashes", anchor = "func.func")]
struct Crashes {}

impl RunPass for Crashes {
    fn run(&mut self, _: OperationRefMut<'_, '_>, _: &PassContext<'_>) -> PassResult {
        // SAFETY: none: the test is about what becomes of it.
        let _never = unsafe { std::ptr::without_provenance::<u64>(64).read_volatile() };
        Ok(())
    }
}

/// Reads what is not there on a thread of its own, where nobody sees which pass runs.
#[derive(Pass, Clone, Default)]
#[pass(name = "wrong-crashes-aside", anchor = "func.func")]
struct CrashesAside {}

impl RunPass for CrashesAside {
    fn run(&mut self, _: OperationRefMut<'_, '_>, _: &PassContext<'_>) -> PassResult {
        // SAFETY: none: the test is about what becomes of it.
        let read = || unsafe { std::ptr::without_provenance::<u64>(64).read_volatile() };
        let _never = std::thread::spawn(read).join();
        Ok(())
    }
}

/// Leaves an attribute whose text nobody can read again.
#[derive(Pass, Clone, Default)]
#[pass(name = "wrong-text-only", anchor = "func.func")]
struct TextOnly {}

impl RunPass for TextOnly {
    fn run(&mut self, op: OperationRefMut<'_, '_>, _: &PassContext<'_>) -> PassResult {
        let op = pin_mut(&op);
        let text = |text: &'static str| MlirStringRef { data: text.as_ptr().cast(), length: text.len() };
        let (dialect, broken) = (text("wrong"), text("a < that nothing closes"));
        // SAFETY: the texts are static, and the context and the op are alive.
        unsafe {
            let context = context_of(op).to_raw();
            let none = mlirNoneTypeGet(context);
            let attribute = mlirOpaqueAttrGet(context, dialect, broken.length as isize, broken.data, none);
            mlirOperationSetAttributeByName(op.to_raw(), text("wrong.broken"), attribute);
        }
        Ok(())
    }
}

/// What everybody else would refuse.
#[derive(PassEnum, Clone, Copy, Debug, Default)]
enum Anything {
    #[default]
    Some,
    NoSuchChoice,
}

/// Has an option and a choice of the names that stand for unknown ones.
#[derive(Pass, Clone, Default)]
#[pass(name = "wrong-takes", anchor = "func.func")]
struct Takes {
    /// An option.
    #[option(name = "no-such-option")]
    option: bool,
    /// A choice.
    #[option(choices("some", "no-such-choice"))]
    choice: Anything,
}

impl RunPass for Takes {
    fn run(&mut self, _: OperationRefMut<'_, '_>, _: &PassContext<'_>) -> PassResult {
        let _read = (self.option, self.choice);
        Ok(())
    }
}

/// Never comes to an end.
#[derive(Pass, Clone, Default)]
#[pass(name = "wrong-hangs", anchor = "func.func")]
struct Hangs {}

impl RunPass for Hangs {
    fn run(&mut self, _: OperationRefMut<'_, '_>, _: &PassContext<'_>) -> PassResult {
        loop {
            std::thread::sleep(Duration::from_secs(1));
        }
    }
}

/// Has a default that its own type cannot have.
#[derive(Pass, Clone, Default)]
#[pass(name = "wrong-defaults", anchor = "func.func")]
struct Defaults {
    /// A number.
    #[option(default = "many")]
    number: i64,
    #[option]
    undocumented: bool,
}

impl RunPass for Defaults {
    fn run(&mut self, _: OperationRefMut<'_, '_>, _: &PassContext<'_>) -> PassResult {
        let _read = (self.number, self.undocumented);
        Ok(())
    }
}
