//! A pass that does nothing, as a Rust plugin: what remains is the cost of calling it.

use ropt_plugin::prelude::*;

/// Does nothing.
#[derive(Pass, Clone, Default)]
#[pass(name = "bench-noop-rust", anchor = "func.func")]
struct Noop {}

impl RunPass for Noop {
    fn run(&mut self, _operation: OperationRefMut<'_, '_>, _context: &PassContext<'_>) -> PassResult {
        Ok(())
    }
}

ropt_plugin::plugin!("bench-noop");
