//! Taking all there is of something.

use crate::hostile;
use ropt_plugin::prelude::*;
use std::{thread, time::Duration};

type Op<'c, 'a> = OperationRefMut<'c, 'a>;

hostile!(
    /// Computes for ever.
    Loops, "hostile-infinite-loop", |_: Op<'_, '_>, _: &PassContext<'_>| {
        let mut number = 0u64;
        loop {
            number = std::hint::black_box(number.wrapping_add(1));
        }
    }
);
hostile!(
    /// Waits for ever. Its example has nothing to come to:
    ///
    /// ```mlir
    /// func.func private @victim()
    /// // becomes, by builtin.module(func.func(hostile-sleep))
    /// …
    /// ```
    Sleeps, "hostile-sleep", |_: Op<'_, '_>, _: &PassContext<'_>| loop {
        thread::sleep(Duration::from_secs(1000));
    }
);
hostile!(
    /// Takes memory until there is none. It stops at 3 GiB, should nothing else stop it.
    Memory, "hostile-memory-bomb", |_: Op<'_, '_>, _: &PassContext<'_>| {
        let mut taken = Vec::new();
        for _ in 0..192 {
            taken.push(std::hint::black_box(vec![1u8; 16 << 20]));
        }
        Err(PassError::new(format!("took {} pieces of 16 MiB", taken.len())))
    }
);
hostile!(
    /// Makes processes, 64 of them should nothing stop it, which end at once.
    Forks, "hostile-fork-bomb", |_: Op<'_, '_>, _: &PassContext<'_>| {
        for made in 0..64 {
            // SAFETY: the child only ends.
            match unsafe { libc::fork() } {
                // SAFETY: as above.
                0 => unsafe { libc::_exit(0) },
                -1 => panic!("{made} processes, then: {}", std::io::Error::last_os_error()),
                // SAFETY: a child of this process.
                child => unsafe { libc::waitpid(child, std::ptr::null_mut(), 0) },
            };
        }
        Err(PassError::new("made 64 processes"))
    }
);
