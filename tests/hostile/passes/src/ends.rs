//! Ends of the process.

use crate::hostile;
use ropt_plugin::prelude::*;

type Op<'c, 'a> = OperationRefMut<'c, 'a>;

hostile!(
    /// Panics.
    Panics, "hostile-panic", |_: Op<'_, '_>, _: &PassContext<'_>| panic!("on purpose")
);
hostile!(
    /// Aborts.
    Aborts, "hostile-abort", |_: Op<'_, '_>, _: &PassContext<'_>| std::process::abort()
);
hostile!(
    /// Writes to address 8.
    Segv, "hostile-segv", |_: Op<'_, '_>, _: &PassContext<'_>| {
        // SAFETY: not sound, which is the point.
        unsafe { std::ptr::without_provenance_mut::<u8>(8).write_volatile(1) };
        Ok(())
    }
);
hostile!(
    /// The same, on a thread of its own.
    SegvElsewhere, "hostile-segv-elsewhere", |_: Op<'_, '_>, _: &PassContext<'_>| {
        // SAFETY: not sound, which is the point.
        let crash = || unsafe { std::ptr::without_provenance_mut::<u8>(8).write_volatile(1) };
        let _ = std::thread::spawn(crash).join();
        Ok(())
    }
);
hostile!(
    /// Fills its stack.
    StackOverflow, "hostile-stack-overflow", |_: Op<'_, '_>, _: &PassContext<'_>| {
        #[expect(unconditional_recursion, reason = "to fill the stack")]
        fn deeper(depth: u64) -> u64 {
            let frame = std::hint::black_box([depth; 64]);
            deeper(depth + 1) + std::hint::black_box(frame)[7]
        }
        std::hint::black_box(deeper(0));
        Ok(())
    }
);
hostile!(
    /// Ends the process with what runs at an exit.
    Exits, "hostile-exit", |_: Op<'_, '_>, _: &PassContext<'_>| std::process::exit(0)
);
hostile!(
    /// The same, from a thread of its own.
    ExitsElsewhere, "hostile-exit-elsewhere", |_: Op<'_, '_>, _: &PassContext<'_>| {
        let _ = std::thread::spawn(|| std::process::exit(0)).join();
        Ok(())
    }
);
hostile!(
    /// Asks for a signal.
    Raises, "hostile-raise", |_: Op<'_, '_>, _: &PassContext<'_>| {
        // SAFETY: a call of the system without memory.
        unsafe { libc::raise(libc::SIGALRM) };
        Ok(())
    }
);
/// Crashes when it is dropped, after a victim.
#[derive(Pass, Clone, Default)]
#[pass(name = "hostile-drop", anchor = "func.func")]
struct Drops {
    had_victim: bool,
}

impl RunPass for Drops {
    fn run(&mut self, op: Op<'_, '_>, _: &PassContext<'_>) -> PassResult {
        self.had_victim |= crate::is_victim(&op);
        Ok(())
    }
}

impl Drop for Drops {
    fn drop(&mut self) {
        if self.had_victim {
            std::process::abort();
        }
    }
}

hostile!(
    /// Fails as a pass may.
    Fails, "hostile-fail", |op: Op<'_, '_>, _: &PassContext<'_>| Err(PassError::new("refused").at(op.location()))
);
