//! Reaching for what lies outside: files, the network, other processes.

use crate::hostile;
use ropt_plugin::prelude::*;
use std::{fs, net::UdpSocket};

type Op<'c, 'a> = OperationRefMut<'c, 'a>;

hostile!(
    /// Kills the process that started this one.
    Kills, "hostile-kill-host", |_: Op<'_, '_>, _: &PassContext<'_>| {
        // SAFETY: calls of the system without memory.
        let refused = unsafe { libc::kill(libc::getppid(), libc::SIGKILL) } != 0;
        assert!(!refused, "cannot kill the host: {}", std::io::Error::last_os_error());
        Ok(())
    }
);
hostile!(
    /// Says what it can reach.
    Reaches, "hostile-reach", |op: Op<'_, '_>, cx: &PassContext<'_>| {
        let able = |it: bool| if it { "yes" } else { "no" };
        let read = able(fs::read("/etc/passwd").is_ok());
        let write = able(fs::write("hostile-was-here", "x").is_ok());
        let socket = able(UdpSocket::bind("127.0.0.1:0").is_ok());
        let program = able(std::process::Command::new("/bin/true").status().is_ok());
        let work = able(cx.work_dir().is_ok_and(|folder| fs::write(folder.join("own"), "x").is_ok()));
        let said = format!("read {read}, write {write}, socket {socket}, program {program}, own folder {work}");
        cx.remark(op.location(), said);
        Ok(())
    }
);
