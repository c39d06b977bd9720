//! Calls of one command for many executables, on all cores.

use crate::command::{Answer, Command, Failure};
use ropt_plugin::prelude::*;
use std::{
    sync::{
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc::{RecvTimeoutError, channel},
    },
    thread,
    time::Duration,
};

/// How often the main thread asks whether the run is to end.
const ASK: Duration = Duration::from_millis(50);

/// The answers in the order of the inputs; none for those that were not reached when the run was interrupted or a
/// command failed.
pub(super) fn run(command: &Command, inputs: &[String], cx: &PassContext<'_>) -> Vec<Option<Result<Answer, Failure>>> {
    let workers = thread::available_parallelism().map_or(1, usize::from).min(inputs.len());
    let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let mut answers: Vec<Option<Result<Answer, Failure>>> = inputs.iter().map(|_| None).collect();
    thread::scope(|scope| {
        let (sender, receiver) = channel();
        for _ in 0..workers {
            let (sender, next, stop) = (sender.clone(), &next, &stop);
            scope.spawn(move || {
                let stopped = || stop.load(Ordering::Relaxed);
                loop {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let Some(input) = inputs.get(place).filter(|_| !stopped()) else { return };
                    // Nobody listens any more only when the pass is over.
                    let _ = sender.send((place, command.run(input, &stopped)));
                }
            });
        }
        drop(sender);
        loop {
            match receiver.recv_timeout(ASK) {
                Ok((place, answer)) => {
                    if answer.is_err() {
                        stop.store(true, Ordering::Relaxed);
                    }
                    answers[place] = Some(answer);
                }
                Err(RecvTimeoutError::Timeout) if cx.cancelled() => stop.store(true, Ordering::Relaxed),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    });
    answers
}
