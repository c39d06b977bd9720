//! An open device with the sample's executable at hand.

use super::{Question, Verdict, Violation, sample};
use crate::program::evaluate::{Call, evaluate};
use ropt_abi::program::{Binding, Variant};
use ropt_runtime::{
    compare::{Difference, Tolerance, compare},
    device::{Device, DeviceError},
    drivers::Drivers,
    program::Program,
    session::Session,
    value::{Array, Value},
};
use std::rc::Rc;

/// What is asked.
pub struct Subject {
    /// The device.
    pub device: Rc<Device>,
    /// The variant of the sample that the device loads.
    pub variant: Variant,
    /// Its binary.
    pub object: Vec<u8>,
    /// The grid and the constants of the one dispatch, as the program made it.
    pub grid: [u32; 3],
    /// Push constants.
    pub constants: Vec<u32>,
    /// The number of the dispatched export.
    pub ordinal: u32,
    /// The sample's arguments.
    pub arguments: Vec<Value>,
    /// Its result.
    pub expected: Value,
}

/// The outcome of a call, as a verdict that names it.
pub(super) fn must<T>(call: &str, result: Result<T, DeviceError>) -> Result<T, Violation> {
    result.map_err(|error| Violation::Fails { call: call.to_owned(), message: error.message })
}

/// A call that must not succeed; its error must say something.
pub(super) fn must_fail<T>(call: &str, result: Result<T, DeviceError>) -> Verdict {
    match result {
        Ok(_) => Err(Violation::Succeeds { call: call.to_owned() }),
        Err(error) if error.message.trim().is_empty() => Err(Violation::Differs {
            what: format!("the error of {call}"),
            expected: "a sentence".to_owned(),
            found: "an empty text".to_owned(),
        }),
        Err(_) => Ok(()),
    }
}

/// Opens the device of a question.
pub(super) fn open(question: &Question) -> Result<Rc<Device>, Violation> {
    Ok(Rc::new(Drivers::discover(&question.plugins, question.trust)?.open(&question.device)?))
}

impl Subject {
    /// Opens the device, and learns from one call of the sample how its kernel is dispatched.
    ///
    /// # Errors
    /// When the device or the sample cannot be used at all.
    pub fn new(question: &Question) -> Result<Self, Violation> {
        let device = open(question)?;
        let program = Program::open(&question.program)?;
        let (arguments, mut results) = evaluate(&sample(question.element), &Call::default());
        let expected = results.remove(0);
        let session = Session::load(&program, device.clone())?;
        let (found, recorded) = session.call_recorded("main", &arguments)?;
        same("the result of the sample", &found[0], &expected)?;
        drop(session);
        let (executables, dispatches) = (&program.manifest().executables, recorded.dispatches);
        let ([executable], [dispatch]) = (&executables[..], &dispatches[..]) else {
            return Err(Violation::Sample { found: executables.len(), dispatches: dispatches.len() });
        };
        let loads = |variant: &&Variant| device.formats().contains(&variant.format);
        let variant = executable.variants.iter().find(loads).cloned();
        let object = variant.as_ref().and_then(|variant| program.binary(variant).map(<[u8]>::to_vec));
        let (Some(variant), Some(object)) = (variant, object) else {
            return Err(Violation::Sample { found: 0, dispatches: dispatches.len() });
        };
        let ordinal = variant.exports.iter().find(|export| export.name == dispatch.export).map_or(0, |e| e.ordinal);
        let (grid, constants) = (dispatch.workgroups, dispatch.constants.clone());
        Ok(Self { device, variant, object, grid, constants, ordinal, arguments, expected })
    }

    /// Loads the sample's executable.
    pub fn load(&self) -> Result<u64, Violation> {
        must("loading the sample's executable", self.device.load("sample", &self.variant, &self.object, &[]))
    }

    /// Loads other bytes, or the sample's under other promises.
    pub fn try_load(&self, variant: &Variant, object: &[u8]) -> Result<u64, DeviceError> {
        self.device.load("sample", variant, object, &[])
    }

    /// Memory with these bytes, and as many before and behind it.
    pub fn place(&self, bytes: &[u8], before: u64) -> Result<Binding, Violation> {
        let length = bytes.len() as u64;
        let address = must("allocating", self.device.allocate(before + length))? + before;
        self.write(address, bytes)?;
        Ok(Binding { address, length })
    }

    /// Writes bytes to memory of the device.
    pub fn write(&self, address: u64, bytes: &[u8]) -> Verdict {
        // SAFETY: callers name memory that they allocated for as many bytes.
        must("writing", unsafe { self.device.write(address, bytes.as_ptr().cast(), bytes.len() as u64) })
    }

    /// Reads bytes from memory of the device.
    pub fn read(&self, address: u64, bytes: usize) -> Result<Vec<u8>, Violation> {
        let mut data = vec![0; bytes];
        // SAFETY: callers name memory that they allocated; the buffer has as many bytes.
        must("reading", unsafe { self.device.read(data.as_mut_ptr().cast(), address, bytes as u64) })?;
        Ok(data)
    }

    /// The bindings of the sample's dispatch, with memory that begins `before` bytes behind an allocation.
    pub fn bindings(&self, before: u64) -> Result<Vec<Binding>, Violation> {
        let nothing = vec![0xa5; self.expected.array.data.len()];
        let contents = self.arguments.iter().map(|value| &value.array.data).chain([&nothing]);
        contents.map(|bytes| self.place(bytes, before)).collect()
    }

    /// Gives back what `bindings` allocated.
    pub fn release(&self, bindings: &[Binding], before: u64) -> Verdict {
        bindings.iter().try_for_each(|binding| must("releasing", self.device.release(binding.address - before)))
    }

    /// Dispatches, with anything changed that a demand is about.
    pub fn dispatch(
        &self,
        executable: u64,
        ordinal: u32,
        grid: [u32; 3],
        constants: &[u32],
        bindings: &[Binding],
    ) -> Result<(), DeviceError> {
        // SAFETY: the bindings are those of the sample, or are to be refused before the kernel runs.
        let status = unsafe { self.device.dispatch(executable, ordinal, &grid, constants, bindings) };
        status.into_result().map_err(|message| DeviceError { message: message.into() })?;
        self.device.synchronize()
    }

    /// Dispatches as the program did.
    pub fn run(&self, executable: u64, bindings: &[Binding]) -> Verdict {
        must("dispatching", self.dispatch(executable, self.ordinal, self.grid, &self.constants, bindings))
    }

    /// Whether the last binding holds the sample's result.
    pub fn right(&self, what: &str, bindings: &[Binding]) -> Verdict {
        let last = bindings[bindings.len() - 1];
        let data = self.read(last.address, self.expected.array.data.len())?;
        let found = Value { scalar: false, array: Array { data, ..self.expected.array.clone() } };
        same(what, &found, &self.expected)
    }

    /// Whether the device does its work, also after it refused something.
    pub fn still_works(&self) -> Verdict {
        let (executable, bindings) = (self.load()?, self.bindings(0)?);
        self.run(executable, &bindings)?;
        self.right("the result of a dispatch afterwards", &bindings)?;
        self.release(&bindings, 0)?;
        must("unloading", self.device.unload(executable))
    }
}

/// Whether two values are the same within the tolerance of their type.
pub(super) fn same(what: &str, found: &Value, expected: &Value) -> Verdict {
    compare(found, expected, Tolerance::of(expected.array.element)).map(drop).map_err(|difference| {
        let (expected, found) = match difference {
            Difference::Type { expected, actual } => (expected, actual),
            Difference::Elements { count, total, first, .. } => {
                let (at, expected, found) = first.into_iter().next().unwrap_or_default();
                (format!("{expected} at {at:?}"), format!("{found} ({count} of {total} elements differ)"))
            }
        };
        Violation::Differs { what: what.to_owned(), expected, found }
    })
}

/// Whether bytes are the same.
pub(super) fn same_bytes(what: &str, found: &[u8], expected: &[u8]) -> Verdict {
    if found == expected {
        return Ok(());
    }
    let at = found.iter().zip(expected).position(|(a, b)| a != b).unwrap_or_default();
    let show = |bytes: &[u8]| {
        let part: String = bytes.iter().skip(at).take(8).map(|byte| format!("{byte:02x}")).collect();
        format!("{part} at byte {at}")
    };
    Err(Violation::Differs { what: what.to_owned(), expected: show(expected), found: show(found) })
}
