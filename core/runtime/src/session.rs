//! A program loaded on a device, ready to be called.

use std::{cell::UnsafeCell, ffi::c_void, rc::Rc};

use ropt_abi::{
    library::Library,
    program::{
        ConditionPointer, Executable, Function, FunctionPointer, INITIALIZE_SYMBOL, InitializePointer, RUNTIME_SYMBOL,
        RuntimeTable, SpecializePointer, Variant,
    },
    workloads::Recorded,
};
use thiserror::Error;

use crate::{
    call::{Arguments, Call},
    context::{Context, Loaded, table},
    device::{Device, DeviceError},
    fault::{self, Place},
    program::{Program, Signature},
    record::Recording,
    types::ValueType,
    value::Value,
    watchdog,
};

/// What drivers are asked for a variant whose format they load: 0 says that the device is none of the target's, by the
/// text of its attribute. A driver that does not know the question takes every variant.
const TARGET: &str = "hal.executable.target";

/// A loaded program. Not for several threads: a program has one state.
pub struct Session<'a> {
    program: &'a Program,
    image: Library,
    // The program holds the table's address, the table the context's: both stay where they are.
    context: Box<UnsafeCell<Context>>,
    _table: Box<RuntimeTable>,
}

/// Why a program cannot be loaded or called.
#[derive(Debug, Error)]
#[expect(missing_docs, reason = "each variant's message says what it is")]
pub enum SessionError {
    #[error("cannot load program '{program}': {reason}")]
    Load { program: String, reason: String },
    #[error("executable '{executable}' has no variant for device '{device}'")]
    NoVariant { executable: String, device: String, has: Vec<String>, loads: Vec<String> },
    #[error("{message}")]
    Executable { message: String },
    #[error("the program's initialisation failed: {message}")]
    Initialize { message: String },
    #[error("there is no function '{name}' in the program")]
    NoFunction { name: String, known: Vec<String> },
    #[error("function '{function}' takes {expected} arguments, {given} are given")]
    Count { function: String, expected: usize, given: usize, types: Vec<ValueType> },
    #[error("argument {index} of function '{function}' has the wrong type")]
    Type { function: String, index: usize, expected: ValueType, found: ValueType },
    #[error("function '{function}' failed: {message}")]
    Failed { function: String, message: String },
}

impl<'a> Session<'a> {
    /// Loads the program and its executables, and runs its initialisation. Several sessions can share a device.
    ///
    /// # Errors
    /// When the device cannot run it.
    pub fn load(program: &'a Program, device: impl Into<Rc<Device>>) -> Result<Self, SessionError> {
        let name = program.path().display().to_string();
        let load_error = |reason: String| SessionError::Load { program: name.clone(), reason };
        let _busy = watchdog::busy(Place::new(format!("loading program '{name}'")));
        let place = Place::new(format!("program '{name}', while it was loaded (is the file damaged?)"));
        let image = {
            let _guard = fault::enter(place);
            Library::open(&program.manifest().module, program.image()).map_err(load_error)?
        };
        let context = Context::new(device.into());
        let slot = image.symbol(RUNTIME_SYMBOL).ok_or_else(|| load_error(format!("no symbol '{RUNTIME_SYMBOL}'")))?;
        let context = Box::new(UnsafeCell::new(context));
        let table = Box::new(table(context.get()));
        // SAFETY: opening the program has checked that the symbol is a pointer variable.
        unsafe { slot.cast::<*const RuntimeTable>().write(&raw const *table) };
        let mut session = Self { program, image, context, _table: table };
        for executable in &program.manifest().executables {
            session.load_executable(executable)?;
        }
        session.initialize()?;
        Ok(session)
    }

    fn load_executable(&mut self, executable: &Executable) -> Result<(), SessionError> {
        let place = Place::new(format!("executable '{}', while it was loaded", executable.name));
        let _guard = fault::enter(place);
        let (index, variant) = self.choose(executable)?;
        let data = self.symbol(&variant.data)?;
        // SAFETY: opening the program has checked that the symbol's bytes come from the file.
        let data = unsafe { std::slice::from_raw_parts(data.cast::<u8>(), variant.size as usize) };
        let mut words = vec![0; variant.words as usize];
        if !variant.specialize.is_empty() {
            let symbol = self.symbol(&variant.specialize)?;
            // SAFETY: opening the program has checked that it is a function, whose contract is to write the words.
            unsafe { std::mem::transmute::<*mut c_void, SpecializePointer>(symbol)(words.as_mut_ptr()) };
        }
        let failed = |message| SessionError::Executable { message };
        if let Some(message) = self.context().take_error() {
            return Err(failed(format!("the constants of executable '{}' failed: {message}", executable.name)));
        }
        let loaded = self.context().device.load(&executable.name, variant, data, &words);
        let handle = loaded.map_err(|error| failed(error.message))?;
        let places = places(&executable.name, variant);
        self.context().executables.push(Loaded { variant: index, handle, places });
        Ok(())
    }

    /// The first variant that the device loads and that has no condition or one that holds.
    fn choose<'v>(&self, executable: &'v Executable) -> Result<(u32, &'v Variant), SessionError> {
        let mut has = Vec::new();
        for (index, variant) in (0..).zip(&executable.variants) {
            let loads = self.context().device.formats().contains(&variant.format);
            if loads && self.context().device.query(TARGET, &variant.target) == Some(0) {
                has.push(format!("{} for another device ({})", variant.format, variant.target));
                continue;
            }
            if loads && (variant.condition.is_empty() || self.holds(executable, variant)?) {
                return Ok((index, variant));
            }
            let why = if loads { ", whose condition does not hold" } else { "" };
            has.push(format!("{}{why}", variant.format));
        }
        Err(SessionError::NoVariant {
            executable: executable.name.clone(),
            device: self.context().device.name().to_owned(),
            has,
            loads: self.context().device.formats().to_owned(),
        })
    }

    fn holds(&self, executable: &Executable, variant: &Variant) -> Result<bool, SessionError> {
        let symbol = self.symbol(&variant.condition)?;
        // SAFETY: opening the program has checked that it is a function, whose contract this type is.
        let holds = unsafe { std::mem::transmute::<*mut c_void, ConditionPointer>(symbol)() };
        match self.context().take_error() {
            None => Ok(holds != 0),
            Some(message) => Err(SessionError::Executable {
                message: format!(
                    "the condition of variant '{}' of executable '{}' failed: {message}",
                    variant.name, executable.name
                ),
            }),
        }
    }

    /// The address of one of the program's own symbols.
    fn symbol(&self, name: &str) -> Result<*mut c_void, SessionError> {
        self.image.symbol(name).ok_or_else(|| SessionError::Load {
            program: self.program.path().display().to_string(),
            reason: format!("symbol '{name}' is missing"),
        })
    }

    fn initialize(&mut self) -> Result<(), SessionError> {
        let Some(symbol) = self.image.symbol(INITIALIZE_SYMBOL) else { return Ok(()) };
        let _guard = fault::enter(Place::new("the program's initialisation".to_owned()));
        // SAFETY: the contract of a program: the symbol is such a function.
        let initialize = unsafe { std::mem::transmute::<*mut c_void, InitializePointer>(symbol) };
        let run = || -> Result<i32, String> {
            self.context().device.begin().map_err(|error| error.message)?;
            // SAFETY: as above; the table is in place.
            let code = unsafe { initialize() };
            self.context().device.end().map_err(|error| error.message)?;
            self.context().device.synchronize().map_err(|error| error.message)?;
            Ok(code)
        };
        let result = run();
        let message = match (self.context().take_error(), result) {
            (Some(message), _) | (None, Err(message)) => message,
            (None, Ok(0)) => return Ok(()),
            (None, Ok(code)) => format!("it returned {code}"),
        };
        Err(SessionError::Initialize { message })
    }

    /// The program.
    #[must_use]
    pub fn program(&self) -> &'a Program {
        self.program
    }

    /// Name of the device.
    #[must_use]
    pub fn device_name(&self) -> &str {
        self.context().device.name()
    }

    /// Writes as many bytes of fresh device memory, so that the device's caches hold nothing else.
    pub(crate) fn scrub(&self, bytes: u64) -> Result<(), SessionError> {
        let device = &self.context().device;
        let scrub = || {
            let address = device.allocate(bytes)?;
            // SAFETY: the memory was allocated for as many bytes.
            let filled = unsafe { device.fill(address, 0x5a, 1, bytes) };
            let released = device.release(address);
            filled.and(released).and_then(|()| device.synchronize())
        };
        scrub().map_err(|error: DeviceError| SessionError::Executable {
            message: format!("cannot flush the device's caches: {}", error.message),
        })
    }

    /// Prepares calls of a function with these arguments, which go to the device once.
    ///
    /// # Errors
    /// When the function is unknown or does not take the arguments.
    pub fn prepare(&self, name: &str, arguments: &[Value]) -> Result<Call<'_>, SessionError> {
        let (_, signature) = self.function(name)?;
        // Before they are copied.
        check_arguments(name, signature, &arguments.iter().map(Value::value_type).collect::<Vec<_>>())?;
        let arguments = Arguments::upload(self.context().device.clone(), arguments)
            .map_err(|error| SessionError::Failed { function: name.to_owned(), message: error.message })?;
        self.prepare_with(name, Rc::new(arguments))
    }

    /// Prepares calls of a function with the arguments of another call, perhaps of another session on this device.
    ///
    /// # Errors
    /// As [`Session::prepare`], and when they are on another device.
    pub fn prepare_with(&self, name: &str, arguments: Rc<Arguments>) -> Result<Call<'_>, SessionError> {
        let (function, signature) = self.function(name)?;
        check_arguments(name, signature, arguments.types())?;
        if !arguments.are_on(&self.context().device) {
            let message = "its arguments are on another device".to_owned();
            return Err(SessionError::Failed { function: name.to_owned(), message });
        }
        let symbol = self.symbol(&function.symbol)?;
        // SAFETY: the contract of a program: the symbol is such a function.
        let pointer = unsafe { std::mem::transmute::<*mut c_void, FunctionPointer>(symbol) };
        Ok(Call::new(self.context.get(), name, pointer, signature, arguments))
    }

    fn function(&self, name: &str) -> Result<(&'a Function, &'a Signature), SessionError> {
        self.program.function(name).ok_or_else(|| {
            let known = self.program.functions().map(|(function, _)| function.name.clone()).collect();
            SessionError::NoFunction { name: name.to_owned(), known }
        })
    }

    /// Calls a function once.
    ///
    /// # Errors
    /// As [`Session::prepare`], and when the call fails.
    pub fn call(&self, name: &str, arguments: &[Value]) -> Result<Vec<Value>, SessionError> {
        let mut call = self.prepare(name, arguments)?;
        call.run()?;
        call.take_results()
    }

    /// Calls a function once, and says which dispatches it made.
    ///
    /// # Errors
    /// As [`Session::call`].
    pub fn call_recorded(&self, name: &str, arguments: &[Value]) -> Result<(Vec<Value>, Recorded), SessionError> {
        self.context().recording = Some(Recording::default());
        let results = self.call(name, arguments);
        let recording = self.context().recording.take().unwrap_or_default();
        let variants: Vec<u32> = self.context().executables.iter().map(|loaded| loaded.variant).collect();
        let program = self.program.path().display().to_string();
        Ok((results?, recording.finish(self.program.manifest(), program, &variants)))
    }

    #[expect(clippy::mut_from_ref, reason = "a session is used by one thread, and no caller keeps the reference")]
    pub(crate) fn context(&self) -> &mut Context {
        // SAFETY: one thread; references end before the program, which uses the context as well, runs.
        unsafe { &mut *self.context.get() }
    }
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        // The device may run what the image holds; both end here, the device's executables first.
        let handles: Vec<u64> = self.context().executables.drain(..).map(|loaded| loaded.handle).collect();
        for handle in handles {
            // Nothing is left to do about an error.
            let _closing = self.context().device.unload(handle);
        }
        // Another session may go on with the device.
        for address in self.context().take_constants() {
            let _closing = self.context().device.release(address);
        }
    }
}

fn places(executable: &str, variant: &Variant) -> Vec<&'static Place> {
    let unknown = Place::new(format!("executable '{executable}'"));
    let mut places = Vec::new();
    for export in &variant.exports {
        let place = Place::new(format!("export '{}' of executable '{executable}'", export.name));
        let slot = export.ordinal as usize;
        if places.len() <= slot {
            places.resize(slot + 1, unknown);
        }
        places[slot] = place;
    }
    places
}

fn check_arguments(function: &str, signature: &Signature, arguments: &[ValueType]) -> Result<(), SessionError> {
    let expected = &signature.arguments;
    if expected.len() != arguments.len() {
        return Err(SessionError::Count {
            function: function.to_owned(),
            expected: expected.len(),
            given: arguments.len(),
            types: expected.clone(),
        });
    }
    for (index, (expected, argument)) in expected.iter().zip(arguments).enumerate() {
        if !expected.accepts(argument) {
            return Err(SessionError::Type {
                function: function.to_owned(),
                index,
                expected: expected.clone(),
                found: argument.clone(),
            });
        }
    }
    Ok(())
}
