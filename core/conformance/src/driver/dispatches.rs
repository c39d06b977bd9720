//! Dispatches: bindings anywhere, in place, in order, in batches; and those that must be refused.

use super::{
    Demand, Question, Verdict, Violation,
    subject::{Subject, must, must_fail, same_bytes},
};

pub(super) const DEMANDS: &[Demand] = &[
    Demand { name: "dispatch/offsets", expected: "bindings may begin at any element of an allocation", check: offsets },
    Demand { name: "dispatch/in-place", expected: "a result may have the memory of an operand", check: in_place },
    Demand { name: "dispatch/neighbours", expected: "a kernel writes nothing beside its bindings", check: neighbours },
    Demand { name: "dispatch/order", expected: "work takes effect in the order of the calls", check: order },
    Demand { name: "dispatch/batch", expected: "work between `begin` and `end` gives the same", check: batch },
    Demand { name: "dispatch/empty-grid", expected: "a grid with an extent of 0 runs nothing", check: empty_grid },
    Demand { name: "dispatch/deterministic", expected: "the same input gives the same bytes", check: deterministic },
    Demand {
        name: "dispatch/clock",
        expected: "a device with a clock tells times that are not negative",
        check: clock,
    },
    Demand { name: "errors/grid-too-large", expected: "a grid beyond the device's limits is refused", check: grid },
    Demand {
        name: "errors/too-many-bindings",
        expected: "more bindings than the export takes are refused",
        check: many,
    },
    Demand {
        name: "errors/too-few-bindings",
        expected: "fewer bindings than the export takes are refused",
        check: few,
    },
    Demand {
        name: "errors/wrong-constants",
        expected: "a wrong number of push constants is refused",
        check: constants,
    },
    Demand {
        name: "errors/unknown-ordinal",
        expected: "a dispatch of an export that is not there is refused",
        check: ordinal,
    },
    Demand {
        name: "errors/unknown-executable",
        expected: "a dispatch of a handle that is not there is refused",
        check: handle,
    },
];

fn offsets(question: &Question) -> Verdict {
    let subject = Subject::new(question)?;
    let executable = subject.load()?;
    for elements in [1, 2, 3, 5, 16, 17] {
        let before = elements * question.element.bytes() as u64;
        let bindings = subject.bindings(before)?;
        subject.run(executable, &bindings)?;
        subject.right(&format!("the result with bindings {before} bytes behind an allocation"), &bindings)?;
        subject.release(&bindings, before)?;
    }
    Ok(())
}

fn in_place(question: &Question) -> Verdict {
    let subject = Subject::new(question)?;
    let executable = subject.load()?;
    let mut bindings = subject.bindings(0)?;
    // The sum is elementwise: it may overwrite its first operand.
    bindings[2] = bindings[0];
    subject.run(executable, &bindings)?;
    subject.right("the result in the memory of the first operand", &bindings)
}

fn neighbours(question: &Question) -> Verdict {
    let subject = Subject::new(question)?;
    let executable = subject.load()?;
    let mut bindings = subject.bindings(0)?;
    let bytes = subject.expected.array.data.len();
    let whole = subject.place(&vec![0x5a; bytes + 512], 0)?;
    bindings[2].address = whole.address + 256;
    subject.run(executable, &bindings)?;
    subject.right("the result", &bindings)?;
    let found = subject.read(whole.address, bytes + 512)?;
    same_bytes("the 256 bytes before the result", &found[..256], &[0x5a; 256])?;
    same_bytes("the 256 bytes behind the result", &found[bytes + 256..], &[0x5a; 256])
}

fn order(question: &Question) -> Verdict {
    let subject = Subject::new(question)?;
    let executable = subject.load()?;
    let bindings = subject.bindings(0)?;
    let bytes = subject.expected.array.data.len() as u64;
    let after = subject.place(&vec![0; bytes as usize], 0)?;
    for _ in 0..20 {
        // SAFETY: the range is the result's; the copies below stay inside of both allocations.
        must("filling", unsafe { subject.device.fill(bindings[2].address, 0, 1, bytes) })?;
        // SAFETY: the bindings are the sample's.
        let status = unsafe {
            subject.device.dispatch(executable, subject.ordinal, &subject.grid, &subject.constants, &bindings)
        };
        must(
            "dispatching",
            status.into_result().map_err(|message| ropt_runtime::device::DeviceError { message: message.into() }),
        )?;
        // SAFETY: as above.
        must("copying", unsafe { subject.device.copy(after.address, bindings[2].address, bytes) })?;
        // SAFETY: as above.
        must("filling", unsafe { subject.device.fill(bindings[2].address, 0xff, 1, bytes) })?;
        subject.right("the copy made between a dispatch and a fill", &[after])?;
    }
    Ok(())
}

fn batch(question: &Question) -> Verdict {
    let subject = Subject::new(question)?;
    let executable = subject.load()?;
    let sets: Vec<_> = (0..8).map(|_| subject.bindings(0)).collect::<Result<_, _>>()?;
    must("`begin`", subject.device.begin())?;
    for bindings in &sets {
        // SAFETY: the bindings are the sample's.
        let status = unsafe {
            subject.device.dispatch(executable, subject.ordinal, &subject.grid, &subject.constants, bindings)
        };
        must(
            "dispatching",
            status.into_result().map_err(|message| ropt_runtime::device::DeviceError { message: message.into() }),
        )?;
    }
    must("`end`", subject.device.end())?;
    must("`synchronize`", subject.device.synchronize())?;
    sets.iter().try_for_each(|bindings| subject.right("a result of the batch", bindings))
}

fn empty_grid(question: &Question) -> Verdict {
    let subject = Subject::new(question)?;
    let executable = subject.load()?;
    let bindings = subject.bindings(0)?;
    for grid in [[0, 1, 1], [1, 0, 1], [1, 1, 0], [0, 0, 0]] {
        let done = subject.dispatch(executable, subject.ordinal, grid, &subject.constants, &bindings);
        must(&format!("dispatching {grid:?} workgroups"), done)?;
    }
    let bytes = subject.expected.array.data.len();
    same_bytes("the result's memory", &subject.read(bindings[2].address, bytes)?, &vec![0xa5; bytes])
}

fn deterministic(question: &Question) -> Verdict {
    let subject = Subject::new(question)?;
    let executable = subject.load()?;
    let mut first: Option<Vec<u8>> = None;
    for _ in 0..10 {
        let bindings = subject.bindings(0)?;
        subject.run(executable, &bindings)?;
        let bytes = subject.read(bindings[2].address, subject.expected.array.data.len())?;
        same_bytes("the result of another dispatch", &bytes, first.as_ref().unwrap_or(&bytes))?;
        first.get_or_insert(bytes);
    }
    Ok(())
}

fn clock(question: &Question) -> Verdict {
    let subject = Subject::new(question)?;
    let executable = subject.load()?;
    let bindings = subject.bindings(0)?;
    let Some(from) = subject.device.timestamp() else { return Ok(()) };
    subject.run(executable, &bindings)?;
    let to = subject.device.timestamp();
    must("`synchronize`", subject.device.synchronize())?;
    match to.map(|to| subject.device.elapsed(from, to)) {
        Some(Some(time)) if time.is_finite() && time >= 0.0 => Ok(()),
        other => Err(Violation::Differs {
            what: "the time of a dispatch".into(),
            expected: "nanoseconds, since the device gave a mark".into(),
            found: format!("{other:?}"),
        }),
    }
}

/// A dispatch with something wrong must be refused before its kernel runs.
fn refused(
    question: &Question,
    what: &str,
    wrong: impl Fn(&Subject, u64) -> Result<(), ropt_runtime::device::DeviceError>,
) -> Verdict {
    let subject = Subject::new(question)?;
    let executable = subject.load()?;
    must_fail(what, wrong(&subject, executable))?;
    subject.still_works()
}

fn grid(question: &Question) -> Verdict {
    refused(question, "dispatching 2^96 workgroups", |subject, executable| {
        let bindings = subject.bindings(0).unwrap_or_default();
        subject.dispatch(executable, subject.ordinal, [u32::MAX; 3], &subject.constants, &bindings)
    })
}

fn many(question: &Question) -> Verdict {
    for more in [1, 300] {
        refused(question, &format!("dispatching with {more} bindings too many"), |subject, executable| {
            let mut bindings = subject.bindings(0).unwrap_or_default();
            bindings.extend(bindings.first().copied().into_iter().cycle().take(more));
            subject.dispatch(executable, subject.ordinal, subject.grid, &subject.constants, &bindings)
        })?;
    }
    Ok(())
}

fn few(question: &Question) -> Verdict {
    for kept in [0, 2] {
        refused(question, &format!("dispatching with {kept} of 3 bindings"), |subject, executable| {
            let bindings = subject.bindings(0).unwrap_or_default();
            let kept = &bindings[..kept.min(bindings.len())];
            subject.dispatch(executable, subject.ordinal, subject.grid, &subject.constants, kept)
        })?;
    }
    Ok(())
}

fn constants(question: &Question) -> Verdict {
    refused(question, "dispatching with a push constant too many", |subject, executable| {
        let bindings = subject.bindings(0).unwrap_or_default();
        let constants: Vec<u32> = subject.constants.iter().copied().chain([7]).collect();
        subject.dispatch(executable, subject.ordinal, subject.grid, &constants, &bindings)
    })
}

fn ordinal(question: &Question) -> Verdict {
    refused(question, "dispatching export number 4321", |subject, executable| {
        let bindings = subject.bindings(0).unwrap_or_default();
        subject.dispatch(executable, 4321, subject.grid, &subject.constants, &bindings)
    })
}

fn handle(question: &Question) -> Verdict {
    refused(question, "dispatching executable 987654321", |subject, _| {
        let bindings = subject.bindings(0).unwrap_or_default();
        subject.dispatch(987_654_321, subject.ordinal, subject.grid, &subject.constants, &bindings)
    })
}
