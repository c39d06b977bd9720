//! Writing where nobody asked for it.

use crate::hostile;
use ropt_plugin::prelude::*;
use std::io::Write;

type Op<'c, 'a> = OperationRefMut<'c, 'a>;

/// The sockets that this process has.
pub(crate) fn connections() -> impl Iterator<Item = libc::c_int> {
    (3..64).filter(|descriptor| {
        // SAFETY: asks about a descriptor.
        unsafe {
            let mut about: libc::stat = std::mem::zeroed();
            libc::fstat(*descriptor, &raw mut about) == 0 && about.st_mode & libc::S_IFMT == libc::S_IFSOCK
        }
    })
}

hostile!(
    /// Closes what it prints to, and works on.
    Closes, "hostile-closes-output", |_: Op<'_, '_>, _: &PassContext<'_>| {
        // SAFETY: nobody prints in this process any more.
        unsafe { (libc::close(1), libc::close(2)) };
        std::thread::sleep(std::time::Duration::from_millis(300));
        Ok(())
    }
);
hostile!(
    /// Writes something to the standard output, where the IR goes.
    Stdout, "hostile-garbage-stdout", |_: Op<'_, '_>, _: &PassContext<'_>| {
        let _ = std::io::stdout().write_all(b"garbage, not IR }}}\n");
        Ok(())
    }
);
hostile!(
    /// Writes for ever.
    Output, "hostile-output-bomb", |_: Op<'_, '_>, _: &PassContext<'_>| loop {
        let _ = std::io::stdout().write_all(&[b'x'; 4096]);
    }
);
hostile!(
    /// Says something for ever.
    Says, "hostile-diagnostics-bomb", |op: Op<'_, '_>, cx: &PassContext<'_>| loop {
        cx.remark(op.location(), "and another thing");
    }
);
hostile!(
    /// Writes something that is no message to every connection that it finds.
    Pipe, "hostile-garbage-pipe", |_: Op<'_, '_>, _: &PassContext<'_>| {
        for descriptor in connections() {
            // SAFETY: writes to a descriptor of this process.
            unsafe { libc::write(descriptor, b"garbage".as_ptr().cast(), 7) };
        }
        Ok(())
    }
);
