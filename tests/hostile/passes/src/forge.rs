//! Messages in the worker's name. Their number stands on its command line, for whoever looks.
//!
//! `deadly/` holds bytecode in which some bytes were changed: MLIR's reader aborts on one, and does not end on the other.

use crate::{hostile, output::connections};
use ropt_isolation::wire::{Kind, message};
use ropt_plugin::prelude::*;
use std::{fs::File, io::Write, mem::ManuallyDrop, os::fd::FromRawFd, time::Duration};

type Op<'c, 'a> = OperationRefMut<'c, 'a>;

/// Gives `bytecode` to the host as the pass's result.
fn forge(bytecode: &[u8]) -> PassResult {
    let line = std::fs::read_to_string("/proc/self/cmdline").expect("readable");
    let number = line.split('\0').find_map(|word| word.strip_prefix("--isolated-worker=")).expect("a worker");
    let number = number.parse().expect("a number");
    let mut bytes = message(number, Kind::Ir, &[b"w", bytecode].concat());
    bytes.extend(message(number, Kind::Done, b"[0,0,true]"));
    let descriptor = connections().next().expect("a connection");
    // SAFETY: it is open, and stays so.
    let mut connection = ManuallyDrop::new(unsafe { File::from_raw_fd(descriptor) });
    connection.write_all(&bytes).expect("written");
    // The worker's own answer would come behind it.
    loop {
        std::thread::sleep(Duration::from_secs(1));
    }
}

hostile!(
    /// Gives back bytecode on which whoever reads it aborts.
    Aborts, "hostile-forges-abort", |_: Op<'_, '_>, _: &PassContext<'_>| forge(include_bytes!("../deadly/abort.mlirbc"))
);
hostile!(
    /// Gives back bytecode that keeps whoever reads it busy for ever.
    Hangs, "hostile-forges-hang", |_: Op<'_, '_>, _: &PassContext<'_>| forge(include_bytes!("../deadly/hang.mlirbc"))
);
