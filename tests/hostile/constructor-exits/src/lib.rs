//! A plugin that ends whatever process loads it.

use ropt_plugin::prelude::*;

/// Does nothing; its plugin is what matters.
#[derive(Pass, Clone, Default)]
#[pass(name = "hostile-constructor-exits", anchor = "func.func")]
struct Idle {}

impl RunPass for Idle {
    fn run(&mut self, _: OperationRefMut<'_, '_>, _: &PassContext<'_>) -> PassResult {
        Ok(())
    }
}

extern "C" fn constructor() {
    std::process::exit(5);
}

#[used]
// SAFETY: the loader calls what this section holds, as functions without arguments.
#[unsafe(link_section = ".init_array")]
static CONSTRUCTOR: extern "C" fn() = constructor;

ropt_plugin::plugin!("hostile-constructor-exits");
