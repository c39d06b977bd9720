//! A plugin that writes a file into the working folder of whatever process loads it.

use ropt_plugin::prelude::*;

/// Does nothing; its plugin is what matters.
#[derive(Pass, Clone, Default)]
#[pass(name = "hostile-constructor-writes", anchor = "func.func")]
struct Idle {}

impl RunPass for Idle {
    fn run(&mut self, _: OperationRefMut<'_, '_>, _: &PassContext<'_>) -> PassResult {
        Ok(())
    }
}

extern "C" fn constructor() {
    let _ = std::fs::write("hostile-was-here", "x");
}

#[used]
// SAFETY: the loader calls what this section holds, as functions without arguments.
#[unsafe(link_section = ".init_array")]
static CONSTRUCTOR: extern "C" fn() = constructor;

ropt_plugin::plugin!("hostile-constructor-writes");
