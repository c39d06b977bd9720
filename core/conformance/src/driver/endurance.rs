//! Many rounds, and several threads: nothing grows, nothing is mixed up.

use super::{
    Demand, Question, Verdict, Violation,
    subject::{Subject, must, open, same},
};
use crate::program::evaluate::{Call, evaluate};
use ropt_runtime::{drivers::Drivers, program::Program, session::Session};
use std::time::{Duration, Instant};

pub(super) const DEMANDS: &[Demand] = &[
    Demand { name: "leaks/memory", expected: "allocating and releasing leaves nothing behind", check: memory },
    Demand {
        name: "leaks/executables",
        expected: "loading, running and unloading leaves nothing behind",
        check: executables,
    },
    Demand { name: "leaks/refused-objects", expected: "objects that are refused leave nothing behind", check: refused },
    Demand { name: "leaks/dispatches", expected: "dispatches leave nothing behind", check: dispatches },
    Demand { name: "leaks/devices", expected: "opening and closing a device leaves nothing behind", check: devices },
    Demand {
        name: "threads/devices",
        expected: "devices of several threads run the same program at once",
        check: threads,
    },
];

/// What the allocator and the system may keep for themselves between two looks.
const SLACK: u64 = 768 << 10;

/// Resident bytes and open descriptors of this process.
fn held() -> (u64, usize) {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: u64 = pages.split_whitespace().nth(1).and_then(|text| text.parse().ok()).unwrap_or_default();
    let descriptors = std::fs::read_dir("/proc/self/fd").map(Iterator::count).unwrap_or_default();
    (pages * 4096, descriptors)
}

/// How long a quarter of the rounds may take. A driver that compiles what it loads does fewer, a quarter at least this many.
const QUARTER: Duration = Duration::from_secs(5);
const FEWEST: usize = 10;

/// Runs `round` in four equal parts; what the process holds must not grow from each of the last three to the next.
/// The first part is for what is made once; memory that a cache gets grows once more, a leak in each part.
fn steady(what: &str, rounds: usize, mut round: impl FnMut() -> Verdict) -> Verdict {
    let (mut quarter, start) = (0, Instant::now());
    while quarter < rounds / 4 && (quarter < FEWEST || start.elapsed() < QUARTER) {
        round()?;
        quarter += 1;
    }
    let (rounds, mut looks) = (4 * quarter, vec![held()]);
    for _ in 1..4 {
        for _ in 0..quarter {
            round()?;
        }
        looks.push(held());
    }
    let grows = |expected: String, found: String| Violation::Grows { what: what.to_owned(), rounds, expected, found };
    let grown: Vec<u64> = looks.windows(2).map(|pair| pair[1].0.saturating_sub(pair[0].0)).collect();
    if grown.iter().all(|bytes| *bytes > SLACK / 4) && grown.iter().sum::<u64>() > SLACK {
        let found = format!("{grown:?} bytes more after each quarter");
        return Err(grows("as much memory as after the first quarter of them".into(), found));
    }
    let descriptors: Vec<usize> = looks.iter().map(|look| look.1).collect();
    if descriptors.windows(2).all(|pair| pair[1] > pair[0]) {
        return Err(grows("as many open descriptors as before".into(), format!("{descriptors:?} after each quarter")));
    }
    Ok(())
}

fn memory(question: &Question) -> Verdict {
    let subject = Subject::new(question)?;
    let data = vec![1; 50_000];
    steady("allocating 50000 bytes, writing and releasing them", 400, || {
        let place = subject.place(&data, 0)?;
        subject.release(&[place], 0)
    })
}

fn executables(question: &Question) -> Verdict {
    let subject = Subject::new(question)?;
    steady("loading, running and unloading an executable", 400, || subject.still_works())
}

fn refused(question: &Question) -> Verdict {
    let subject = Subject::new(question)?;
    let half = subject.object[..subject.object.len() / 2].to_vec();
    steady("loading half an object", 800, || {
        if let Ok(handle) = subject.try_load(&subject.variant, &half) {
            must("unloading", subject.device.unload(handle))?;
        }
        Ok(())
    })
}

fn dispatches(question: &Question) -> Verdict {
    let subject = Subject::new(question)?;
    let executable = subject.load()?;
    let bindings = subject.bindings(0)?;
    steady("dispatching", 4000, || subject.run(executable, &bindings))
}

fn devices(question: &Question) -> Verdict {
    // Finding and loading the driver is the runtime's work, and done once.
    let drivers = Drivers::discover(&question.plugins, question.trust)?;
    steady("opening and closing the device", 60, || {
        drop(drivers.open(&question.device)?);
        Ok(())
    })
}

fn threads(question: &Question) -> Verdict {
    let work = |question: &Question| -> Verdict {
        let program = Program::open(&question.program)?;
        let session = Session::load(&program, open(question)?)?;
        for seed in 0..25 {
            let (arguments, expected) = evaluate(&super::sample(question.element), &Call { shapes: None, seed });
            let found = session.call("main", &arguments)?;
            same("a result of one of four threads", &found[0], &expected[0])?;
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..4).map(|_| scope.spawn(|| work(question).map_err(|error| error.to_string()))).collect();
        threads.into_iter().try_for_each(|thread| match thread.join() {
            Ok(Ok(())) => Ok(()),
            Ok(Err(message)) => Err(Violation::Fails { call: "one of four threads".into(), message }),
            Err(_) => Err(Violation::Thread),
        })
    })
}
