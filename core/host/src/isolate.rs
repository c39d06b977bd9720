//! Passes of plugins in processes of their own, so that a broken plugin costs nothing but itself.
//!
//! To the pass manager an isolated pass is a pass as any other: it is timed, printed around and verified here. Only its
//! work is done elsewhere, and what comes back is the op's bytecode, what was said, and what was counted. The plugin is
//! never loaded into this process.
//!
//! - `fork`: a child of this process for each run. It has the whole module and every setting, for the price of a fork,
//!   and is held to limits. MLIR runs on one thread then: a child of a process with threads would wait for ever for
//!   locks that these threads held.
//! - `worker`: a process that lives on and gets bytecode. It sees the pass's op alone, and is locked in (`sandbox`).

mod calls;
mod doing;
mod ending;
mod fork;
mod hint;
mod sandbox;
mod say;
mod serve;
mod session;
pub mod settings;
mod snapshot;
mod validator;
mod worker;

pub(crate) use hint::{Hint, apart, hint, report_to};
pub use ropt_isolation::rules::{Mode, Rules};
pub use sandbox::{SandboxError, available};
pub use serve::serve;
pub use settings::Settings;
pub(crate) use worker::Pool;

use crate::{crash, services::Running};
use ending::Ending;
use ropt_abi::{RawLocation, pass::Note, services::Severity};
use ropt_mlir::{mlir_sys::MlirOperation, sys};
use session::Done;
use snapshot::Refused;
pub(crate) use snapshot::Snapshot;
use std::time::{Duration, Instant};

/// A pass that is to run apart.
pub(crate) struct Call<'a> {
    pub(crate) running: &'a Running,
    /// The plugin's place in the host's list.
    pub(crate) plugin: usize,
    pub(crate) op: MlirOperation,
    pub(crate) rules: &'a Rules,
}

impl Call<'_> {
    /// How long the pass may take, in seconds.
    fn seconds(&self) -> f64 {
        let asked = self.running.host.settings().pass_timeout.unwrap_or(f64::INFINITY);
        asked.min(self.rules.limits.wall_s)
    }

    /// When that is over, from now on.
    fn end(&self) -> Instant {
        Instant::now() + Duration::from_secs_f64(self.seconds().min(1e9))
    }

    /// Runs it. 0, or 1 when it failed, which is reported.
    pub(crate) fn run(&self) -> i32 {
        // SAFETY: the op is alive during the call.
        if !unsafe { sys::roptOpAlone(self.op) } {
            return self.fail(&Ending::NotAlone);
        }
        let outcome = match self.rules.mode {
            Mode::Process => worker::run(self),
            _ => fork::run(self),
        };
        match outcome {
            Ok(Done { code: 0, .. }) => 0,
            Ok(Done { failure, .. }) => {
                self.running.host.failed_with(failure.clamp(1, 3));
                1
            }
            Err(ending) => self.fail(&ending),
        }
    }

    /// Puts what came back, told against `then`, in the place of what was.
    fn adopt(&self, ir: &[u8], then: &Snapshot) -> Result<(), Ending> {
        if ir.is_empty() {
            return Ok(());
        }
        // SAFETY: the op is ours to change while its pass runs.
        unsafe { snapshot::adopt(self.op, Some(then), ir) }.map_err(|refused| match refused {
            Refused::Unreadable => Ending::Unreadable,
            Refused::OtherOp => Ending::OtherOp,
        })
    }

    fn fail(&self, ending: &Ending) -> i32 {
        let host = self.running.host;
        host.failed_with(3);
        let who = crash::who(host, &self.running.record.pass);
        let none = RawLocation(std::ptr::null_mut());
        let note = |message: String| Note { location: none, message: message.into() };
        let mut notes = vec![note(format!("it ran isolated ({}); the IR is as before", self.rules.mode))];
        notes.extend(ending.help(&self.rules.limits).map(|help| note(format!("help: {help}"))));
        self.running.emit(none, Severity::Error, &format!("{who} {ending}"), &notes);
        1
    }
}
