//! Memory: allocation, copies, fills, errors.

use super::{
    Demand, Question, Verdict, Violation,
    subject::{Subject, must, must_fail, open, same_bytes},
};

pub(super) const DEMANDS: &[Demand] = &[
    Demand { name: "memory/alignment", expected: "addresses of new memory are multiples of 64", check: alignment },
    Demand { name: "memory/zero-bytes", expected: "0 bytes can be allocated and released", check: zero_bytes },
    Demand { name: "memory/write-read", expected: "bytes come back as they were written", check: write_read },
    Demand { name: "memory/write-inside", expected: "writing to the middle changes nothing else", check: write_inside },
    Demand { name: "memory/copy", expected: "copies take any byte to any byte", check: copy },
    Demand { name: "memory/copy-strided", expected: "a strided copy transposes a matrix", check: copy_strided },
    Demand { name: "memory/fill", expected: "patterns of 1, 2, 4 and 8 bytes fill ranges", check: fill },
    Demand { name: "memory/fill-odd-width", expected: "a pattern of 3 bytes is refused", check: fill_odd },
    Demand { name: "memory/import", expected: "imported host memory can be read by the device", check: import },
    Demand { name: "memory/large", expected: "64 MiB can be allocated, written and read", check: large },
    Demand {
        name: "errors/out-of-memory",
        expected: "an allocation beyond all memory is an error, and the device goes on",
        check: out_of_memory,
    },
    Demand {
        name: "errors/release-unknown",
        expected: "releasing what was never allocated is an error",
        check: release_unknown,
    },
    Demand {
        name: "errors/release-twice",
        expected: "releasing the same memory again is an error",
        check: release_twice,
    },
    Demand {
        name: "errors/unknown-option",
        expected: "a device that is opened with options that it does not know is refused",
        check: unknown_option,
    },
];

/// Numbers that differ from their neighbours.
fn pattern(bytes: usize) -> Vec<u8> {
    (0..bytes).map(|at| (at * 31 + at / 256 * 7 + 3) as u8).collect()
}

fn alignment(question: &Question) -> Verdict {
    let device = open(question)?;
    for bytes in [1, 3, 64, 65, 1000, 100_001] {
        let address = must("allocating", device.allocate(bytes))?;
        if !address.is_multiple_of(64) {
            return Err(Violation::Differs {
                what: format!("the address of {bytes} bytes"),
                expected: "a multiple of 64".into(),
                found: format!("{address:#x}"),
            });
        }
    }
    Ok(())
}

fn zero_bytes(question: &Question) -> Verdict {
    let device = open(question)?;
    let first = must("allocating 0 bytes", device.allocate(0))?;
    let second = must("allocating 0 bytes again", device.allocate(0))?;
    must("releasing 0 bytes", device.release(first))?;
    must("releasing 0 bytes again", device.release(second))
}

fn write_read(question: &Question) -> Verdict {
    let subject = Subject::new(question)?;
    for bytes in [1, 2, 3, 5, 63, 64, 4097, 100_003] {
        let data = pattern(bytes);
        let place = subject.place(&data, 0)?;
        same_bytes(&format!("{bytes} bytes"), &subject.read(place.address, bytes)?, &data)?;
        subject.release(&[place], 0)?;
    }
    Ok(())
}

fn write_inside(question: &Question) -> Verdict {
    let subject = Subject::new(question)?;
    let mut data = pattern(300);
    let place = subject.place(&data, 0)?;
    for (at, bytes) in [(1, 1), (7, 13), (100, 64), (255, 45)] {
        subject.write(place.address + at, &vec![0xee; bytes])?;
        data[at as usize..at as usize + bytes].fill(0xee);
        let inner = subject.read(place.address + at, bytes)?;
        same_bytes("what was written to the middle", &inner, &vec![0xee; bytes])?;
    }
    same_bytes("the whole", &subject.read(place.address, 300)?, &data)
}

fn copy(question: &Question) -> Verdict {
    let subject = Subject::new(question)?;
    let source = pattern(500);
    for (from, to, bytes) in [(0, 0, 500), (1, 0, 99), (0, 3, 64), (17, 5, 31), (4, 8, 0)] {
        let (a, b) = (subject.place(&source, 0)?, subject.place(&[0; 500], 0)?);
        // SAFETY: both ranges lie inside of the 500 bytes just allocated.
        must("copying", unsafe { subject.device.copy(b.address + to, a.address + from, bytes) })?;
        let mut expected = vec![0; 500];
        let (from, to, bytes) = (from as usize, to as usize, bytes as usize);
        expected[to..to + bytes].copy_from_slice(&source[from..from + bytes]);
        same_bytes(&format!("{bytes} bytes copied from {from} to {to}"), &subject.read(b.address, 500)?, &expected)?;
        subject.release(&[a, b], 0)?;
    }
    Ok(())
}

fn copy_strided(question: &Question) -> Verdict {
    let subject = Subject::new(question)?;
    for width in [1_usize, 2, 4, 8] {
        let (rows, columns) = (5, 7);
        let source = pattern(rows * columns * width);
        let (a, b) = (subject.place(&source, 0)?, subject.place(&vec![0; source.len()], 0)?);
        let (sizes, from, to) = ([rows as i64, columns as i64], [columns as i64, 1], [1, rows as i64]);
        // SAFETY: both views are permutations of the elements just allocated.
        let copied = unsafe { subject.device.copy_strided(width as u32, &sizes, (b.address, &to), (a.address, &from)) };
        must("a strided copy", copied)?;
        let mut expected = vec![0; source.len()];
        for row in 0..rows {
            for column in 0..columns {
                let (from, to) = ((row * columns + column) * width, (column * rows + row) * width);
                expected[to..to + width].copy_from_slice(&source[from..from + width]);
            }
        }
        let found = subject.read(b.address, source.len())?;
        same_bytes(&format!("elements of {width} bytes transposed"), &found, &expected)?;
    }
    Ok(())
}

fn fill(question: &Question) -> Verdict {
    let subject = Subject::new(question)?;
    let number: u64 = 0x0123_4567_89ab_cdef;
    for width in [1_usize, 2, 4, 8] {
        for (at, count) in [(0, 16), (1, 5), (3, 1), (2, 0)] {
            let place = subject.place(&[0x77; 256], 0)?;
            let start = at * width;
            // SAFETY: the range lies inside of the 256 bytes just allocated.
            let filled =
                unsafe { subject.device.fill(place.address + start as u64, number, width as u32, count as u64) };
            must("filling", filled)?;
            let mut expected = vec![0x77; 256];
            let pattern = number.to_le_bytes()[..width].repeat(count);
            expected[start..start + pattern.len()].copy_from_slice(&pattern);
            let what = format!("{count} patterns of {width} bytes at {start}");
            same_bytes(&what, &subject.read(place.address, 256)?, &expected)?;
            subject.release(&[place], 0)?;
        }
    }
    Ok(())
}

fn fill_odd(question: &Question) -> Verdict {
    let subject = Subject::new(question)?;
    let place = subject.place(&[0; 64], 0)?;
    // SAFETY: 12 bytes of the 64 just allocated.
    must_fail("filling with 3 bytes", unsafe { subject.device.fill(place.address, 1, 3, 4) })?;
    subject.still_works()
}

fn import(question: &Question) -> Verdict {
    let subject = Subject::new(question)?;
    let host = pattern(1000);
    // SAFETY: `host` stays as it is until the address is released, and longer.
    let address = must("importing", unsafe { subject.device.import(host.as_ptr().cast(), 1000) })?;
    let to = subject.place(&[0; 1000], 0)?;
    // SAFETY: both ranges have 1000 bytes.
    must("copying imported memory", unsafe { subject.device.copy(to.address, address, 1000) })?;
    same_bytes("imported memory", &subject.read(to.address, 1000)?, &host)?;
    must("releasing imported memory", subject.device.release(address))
}

fn large(question: &Question) -> Verdict {
    let subject = Subject::new(question)?;
    let data = pattern(64 << 20);
    let place = subject.place(&data, 0)?;
    same_bytes("64 MiB", &subject.read(place.address, data.len())?, &data)
}

fn out_of_memory(question: &Question) -> Verdict {
    let subject = Subject::new(question)?;
    for bytes in [1 << 50, 1 << 62, u64::MAX - 100, u64::MAX] {
        must_fail(&format!("allocating {bytes} bytes"), subject.device.allocate(bytes))?;
    }
    subject.still_works()
}

fn release_unknown(question: &Question) -> Verdict {
    let subject = Subject::new(question)?;
    let place = subject.place(&[0; 64], 0)?;
    must_fail("releasing an address that nobody gave out", subject.device.release(0x1234_5678_0000))?;
    must_fail("releasing an address inside of an allocation", subject.device.release(place.address + 1))?;
    subject.still_works()
}

fn release_twice(question: &Question) -> Verdict {
    let subject = Subject::new(question)?;
    let place = subject.place(&[0; 64], 0)?;
    subject.release(&[place], 0)?;
    must_fail("releasing an address for the second time", subject.device.release(place.address))?;
    subject.still_works()
}

fn unknown_option(question: &Question) -> Verdict {
    let (name, options) = question.device.split_once(':').unwrap_or((&question.device, ""));
    let known = if options.is_empty() { String::new() } else { format!("{options},") };
    let device = format!("{name}:{known}no-such-option=1");
    match open(&Question { device: device.clone(), ..question.clone() }) {
        Ok(_) => Err(Violation::Succeeds { call: format!("opening `{device}`") }),
        Err(_) => Ok(()),
    }
}
