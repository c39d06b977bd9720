//! Reaching for what lies outside: files, the network, other processes.

use crate::hostile;
use ropt_plugin::prelude::*;
use std::{fs, net::UdpSocket};

type Op<'c, 'a> = OperationRefMut<'c, 'a>;

hostile!(
    /// Kills the process that started this one.
    Kills, "hostile-kill-host", |_: Op<'_, '_>, _: &PassContext<'_>| {
        // SAFETY: calls of the system without memory, and one with a signal's 128 bytes, the second int its code.
        let refused = unsafe {
            let host = libc::getppid();
            let info: [i32; 32] = std::array::from_fn(|at| if at == 2 { -1 } else { 0 });
            let (_, pipe) = std::io::pipe()?;
            let pipe = std::os::fd::AsRawFd::as_raw_fd(&pipe);
            [
                i64::from(libc::kill(host, libc::SIGKILL)),
                // Its group, to which this process belongs; nothing comes of it when it may.
                i64::from(libc::kill(-libc::getpgid(host), 0)),
                libc::syscall(libc::SYS_rt_sigqueueinfo, host, libc::SIGKILL, info.as_ptr()),
                i64::from(libc::fcntl(pipe, libc::F_SETOWN, host)),
                i64::from(libc::setpriority(libc::PRIO_PROCESS, host as u32, 19)),
            ]
        };
        assert!(refused.contains(&0), "cannot kill the host: {}", std::io::Error::last_os_error());
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
        let mode = able(fs::set_permissions("in.mlir", fs::metadata("in.mlir")?.permissions()).is_ok());
        // SAFETY: calls of the system, one with a path, one with a byte to type, one with a byte to write.
        let (size, types, left_open) = unsafe {
            (
                libc::truncate(c"in.mlir".as_ptr(), fs::metadata("in.mlir")?.len() as i64) == 0,
                libc::ioctl(1, libc::TIOCSTI, c"x".as_ptr()) == 0
                    || std::io::Error::last_os_error().raw_os_error() != Some(libc::EPERM),
                libc::write(99, c"x".as_ptr().cast(), 1) == 1,
            )
        };
        let (size, types, left_open) = (able(size), able(types), able(left_open));
        let work = cx.work_dir()?;
        let hosts = able(work.ancestors().nth(2).is_some_and(|folder| fs::write(folder.join("x"), "x").is_ok()));
        let work = able(fs::write(work.join("own"), "x").is_ok());
        let said = format!(
            "read {read}, write {write}, socket {socket}, mode {mode}, size {size}, left open {left_open}, \
             host's folder {hosts}, terminal {types}, program {program}, own folder {work}"
        );
        cx.remark(op.location(), said);
        Ok(())
    }
);
