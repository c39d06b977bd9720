//! A plugin of the tests: what an author can declare, and what happens when he errs.
//!
//! Its file is not named `libropt_…`, so no tool finds it unless it is named.

use ropt_plugin::prelude::*;

/// A choice of the option `shape`.
#[derive(PassEnum, Clone, Copy, Debug, Default)]
enum Shape {
    #[default]
    Square,
    RoundedCorner,
}

/// Says what its options are.
#[derive(Pass, Clone, Default)]
#[pass(name = "probe-options", anchor = "func.func", aliases("probe-alias"), dialects("arith"))]
struct ProbeOptions {
    /// A text.
    #[option(default = "some text")]
    text: String,
    /// A switch.
    #[option]
    switch: bool,
    /// An integer.
    #[option(default = -3)]
    integer: i64,
    /// A natural number.
    #[option(default = 18446744073709551615)]
    natural: u64,
    /// A number.
    #[option(default = 0.1)]
    real: f64,
    /// A choice.
    #[option(choices("square", "rounded-corner"))]
    shape: Shape,
    /// Texts.
    #[option]
    texts: Vec<String>,
    /// Integers.
    #[option]
    integers: Vec<i64>,
    /// Functions seen.
    #[statistic]
    functions_seen: Counter,
}

impl RunPass for ProbeOptions {
    fn run(&mut self, op: OperationRefMut<'_, '_>, cx: &PassContext<'_>) -> PassResult {
        self.functions_seen.add(1);
        let text = format!(
            "text={:?} switch={} integer={} natural={} real={} shape={:?} texts={:?} integers={:?}",
            self.text, self.switch, self.integer, self.natural, self.real, self.shape, self.texts, self.integers
        );
        cx.remark(op.location(), text);
        Ok(())
    }
}

/// Panics on every function.
#[derive(Pass, Clone, Default)]
#[pass(name = "probe-panic", anchor = "func.func")]
struct ProbePanic {}

impl RunPass for ProbePanic {
    fn run(&mut self, _: OperationRefMut<'_, '_>, _: &PassContext<'_>) -> PassResult {
        panic!("on purpose");
    }
}

/// Fails with a note and a remedy.
#[derive(Pass, Clone, Default)]
#[pass(name = "probe-fail", anchor = "func.func")]
struct ProbeFail {}

impl RunPass for ProbeFail {
    fn run(&mut self, op: OperationRefMut<'_, '_>, _: &PassContext<'_>) -> PassResult {
        Err(PassError::new("this function is refused").at(op.location()).note("it is a test").help("remove it"))
    }
}

ropt_plugin::plugin!("probe");
