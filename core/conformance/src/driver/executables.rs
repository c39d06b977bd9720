//! Executables: loading, and everything that must not load.

use super::{
    Demand, Question, Verdict,
    subject::{Subject, must, must_fail},
};

pub(super) const DEMANDS: &[Demand] = &[
    Demand { name: "executables/load-unload", expected: "an executable loads, runs and unloads", check: load_unload },
    Demand { name: "executables/two-at-once", expected: "two loaded copies of an executable both run", check: two },
    Demand { name: "executables/again", expected: "an executable that was unloaded can be loaded again", check: again },
    Demand { name: "errors/empty-object", expected: "an object of 0 bytes is refused", check: empty },
    Demand { name: "errors/truncated-object", expected: "an object that was cut off is refused", check: truncated },
    Demand { name: "errors/garbage-object", expected: "an object of random bytes is refused", check: garbage },
    Demand {
        name: "errors/damaged-header",
        expected: "an object whose first bytes are zero is refused",
        check: header,
    },
    Demand { name: "errors/foreign-object", expected: "an object for another target is refused", check: foreign },
    Demand {
        name: "errors/unknown-format",
        expected: "a format that the driver does not name is refused",
        check: format,
    },
    Demand { name: "errors/missing-export", expected: "an object without the export is refused", check: missing },
    Demand {
        name: "errors/unload-unknown",
        expected: "unloading a handle that was never given is an error",
        check: unload,
    },
    Demand { name: "errors/unload-twice", expected: "unloading a handle again is an error", check: unload_twice },
];

fn load_unload(question: &Question) -> Verdict {
    Subject::new(question)?.still_works()
}

fn two(question: &Question) -> Verdict {
    let subject = Subject::new(question)?;
    let (one, other) = (subject.load()?, subject.load()?);
    for executable in [one, other, one] {
        let bindings = subject.bindings(0)?;
        subject.run(executable, &bindings)?;
        subject.right("the result", &bindings)?;
    }
    must("unloading the first", subject.device.unload(one))?;
    let bindings = subject.bindings(0)?;
    subject.run(other, &bindings)?;
    subject.right("the result of the second after the first was unloaded", &bindings)
}

fn again(question: &Question) -> Verdict {
    let subject = Subject::new(question)?;
    (0..3).try_for_each(|_| subject.still_works())
}

fn refused(question: &Question, objects: &[(String, Vec<u8>)]) -> Verdict {
    let subject = Subject::new(question)?;
    for (what, object) in objects {
        must_fail(&format!("loading {what}"), subject.try_load(&subject.variant, object))?;
    }
    subject.still_works()
}

fn empty(question: &Question) -> Verdict {
    refused(question, &[("no bytes".to_owned(), Vec::new())])
}

fn truncated(question: &Question) -> Verdict {
    let whole = Subject::new(question)?.object;
    let lengths = [1, 3, 16, whole.len() / 8, whole.len() / 4, whole.len() / 2];
    let objects: Vec<_> = lengths
        .iter()
        .map(|length| (format!("{length} of {} bytes", whole.len()), whole[..*length].to_vec()))
        .collect();
    refused(question, &objects)
}

fn garbage(question: &Question) -> Verdict {
    let noise = |seed: u64, length: usize| {
        let mut state = seed;
        let next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 32) as u8
        };
        std::iter::repeat_with(next).take(length).collect::<Vec<u8>>()
    };
    let objects: Vec<_> =
        [4, 64, 5000].iter().map(|length| (format!("{length} random bytes"), noise(0x9e37_79b9, *length))).collect();
    refused(question, &objects)
}

fn header(question: &Question) -> Verdict {
    let mut object = Subject::new(question)?.object;
    let end = object.len().min(16);
    object[..end].fill(0);
    refused(question, &[("an object whose first 16 bytes are zero".to_owned(), object)])
}

/// The beginnings of other formats' objects, each enough to be told apart.
fn foreign(question: &Question) -> Verdict {
    let ptx = b".version 7.0\n.target sm_75\n.address_size 64\n.visible .entry other() { ret; }\n\0".to_vec();
    let spirv = [0x0723_0203_u32, 0x0001_0300, 0, 1, 0].iter().flat_map(|word| word.to_le_bytes()).collect();
    // ELF, 64 bits, little-endian, a shared object for RISC-V without any section or segment.
    let mut elf = vec![0x7f, b'E', b'L', b'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 243, 0, 1, 0, 0, 0];
    elf.resize(52, 0);
    elf.extend([64, 0, 56, 0, 0, 0, 64, 0, 0, 0, 0, 0]);
    let objects = [("PTX", ptx), ("SPIR-V", spirv), ("an ELF library for RISC-V", elf)];
    refused(question, &objects.map(|(what, object)| (format!("{what} with nothing of the sample"), object)))
}

fn format(question: &Question) -> Verdict {
    let subject = Subject::new(question)?;
    let mut variant = subject.variant.clone();
    variant.format = "no-such-format".to_owned();
    must_fail("loading an executable of format `no-such-format`", subject.try_load(&variant, &subject.object))?;
    subject.still_works()
}

fn missing(question: &Question) -> Verdict {
    let subject = Subject::new(question)?;
    let mut variant = subject.variant.clone();
    for export in &mut variant.exports {
        export.name = "no_such_export".to_owned();
    }
    must_fail("loading an object for the export `no_such_export`", subject.try_load(&variant, &subject.object))?;
    subject.still_works()
}

fn unload(question: &Question) -> Verdict {
    let subject = Subject::new(question)?;
    must_fail("unloading handle 987654321", subject.device.unload(987_654_321))?;
    subject.still_works()
}

fn unload_twice(question: &Question) -> Verdict {
    let subject = Subject::new(question)?;
    let executable = subject.load()?;
    must("unloading", subject.device.unload(executable))?;
    must_fail("unloading the same handle again", subject.device.unload(executable))?;
    subject.still_works()
}
