//! Passing arguments to a program's function and fetching its results.
//!
//! Scalars and tensor descriptors live in arrays of 64-bit words, one for each argument and result, which stay where
//! they are while the call exists.

use std::{cell::UnsafeCell, ffi::c_void, marker::PhantomData, rc::Rc};

use ropt_abi::program::FunctionPointer;

use crate::{
    context::Context,
    device::{Device, DeviceError},
    element::Element,
    fault::{self, Place},
    program::Signature,
    session::SessionError,
    types::ValueType,
    value::{Array, Value, byte_count, zeroed},
    watchdog,
};

/// Words before a descriptor's sizes: allocated, aligned, offset.
const FIXED_WORDS: usize = 3;

/// Arguments on a device, as a program's functions take them.
pub struct Arguments {
    device: Rc<Device>,
    types: Vec<ValueType>,
    bytes: u64,
    /// Device memory of the tensors.
    buffers: Vec<u64>,
    /// The scalars and descriptors. A program may write to them, which it has no reason to do.
    words: Vec<UnsafeCell<Box<[u64]>>>,
}

impl Arguments {
    /// Copies values to the device.
    pub(crate) fn upload(device: Rc<Device>, values: &[Value]) -> Result<Self, DeviceError> {
        let types = values.iter().map(Value::value_type).collect();
        let bytes = values.iter().map(|value| value.array.data.len() as u64).sum();
        let mut arguments = Self { device, types, bytes, buffers: Vec::new(), words: Vec::new() };
        for value in values {
            let words = arguments.add(value)?;
            arguments.words.push(UnsafeCell::new(words));
        }
        Ok(arguments)
    }

    fn add(&mut self, value: &Value) -> Result<Box<[u64]>, DeviceError> {
        let array = &value.array;
        if value.scalar {
            let mut word = [0; 8];
            word[..array.data.len()].copy_from_slice(&array.data);
            return Ok([u64::from_le_bytes(word)].into());
        }
        let bytes = array.data.len() as u64;
        let address = self.device.allocate(bytes)?;
        self.buffers.push(address);
        if bytes > 0 {
            // SAFETY: the memory was allocated for as many bytes.
            unsafe { self.device.write(address, array.data.as_ptr().cast(), bytes)? };
        }
        let mut words = vec![address, address, 0];
        words.extend_from_slice(&array.shape);
        words.extend(dense_strides(&array.shape).map(|stride| stride as u64));
        Ok(words.into())
    }

    /// Their types, without dynamic extents.
    #[must_use]
    pub fn types(&self) -> &[ValueType] {
        &self.types
    }

    pub(crate) fn are_on(&self, device: &Rc<Device>) -> bool {
        Rc::ptr_eq(&self.device, device)
    }
}

impl Drop for Arguments {
    fn drop(&mut self) {
        for &address in &self.buffers {
            // Errors here would only repeat what an earlier call reported.
            let _released = self.device.release(address);
        }
    }
}

/// A function with its arguments on the device; can be run many times.
pub struct Call<'s> {
    context: *mut Context,
    name: String,
    function: FunctionPointer,
    place: &'static Place,
    arguments: Rc<Arguments>,
    results: Vec<Box<[u64]>>,
    argument_pointers: Vec<*mut c_void>,
    result_pointers: Vec<*mut c_void>,
    result_types: Vec<ValueType>,
    /// Whether the results hold memory that was not released yet.
    pending: bool,
    session: PhantomData<&'s ()>,
}

impl Call<'_> {
    /// The signature accepts the arguments.
    pub(crate) fn new(
        context: *mut Context,
        name: &str,
        function: FunctionPointer,
        signature: &Signature,
        arguments: Rc<Arguments>,
    ) -> Self {
        // SAFETY: no reference to the words is alive.
        let pointer = |words: &UnsafeCell<Box<[u64]>>| unsafe { (*words.get()).as_mut_ptr().cast::<c_void>() };
        let mut results: Vec<Box<[u64]>> =
            signature.results.iter().map(|result| vec![0; words(result)].into()).collect();
        Self {
            context,
            name: name.to_owned(),
            function,
            place: Place::new(format!("function '{name}' of the program")),
            argument_pointers: arguments.words.iter().map(pointer).collect(),
            result_pointers: results.iter_mut().map(|words| words.as_mut_ptr().cast()).collect(),
            arguments,
            results,
            result_types: signature.results.clone(),
            pending: false,
            session: PhantomData,
        }
    }

    /// The arguments, for another call.
    #[must_use]
    pub fn arguments(&self) -> Rc<Arguments> {
        self.arguments.clone()
    }

    /// Runs the function once; results of an earlier run that nobody took are released.
    ///
    /// # Errors
    /// When the program, a kernel or the device reports an error.
    pub fn run(&mut self) -> Result<(), SessionError> {
        self.release_results()?;
        let result = self.run_once();
        match (self.context().take_error(), result) {
            // What the results hold is not defined after an error.
            (Some(message), _) => Err(self.failed(message)),
            (None, Err(error)) => Err(self.failed(error.message)),
            (None, Ok(())) => {
                self.pending = true;
                Ok(())
            }
        }
    }

    fn run_once(&mut self) -> Result<(), DeviceError> {
        let _busy = watchdog::busy(self.place);
        self.results.iter_mut().for_each(|words| words.fill(0));
        self.context().device.begin()?;
        {
            let _guard = fault::enter(self.place);
            // SAFETY: the contract of a program: the pointers are as the signature says, the table is in place.
            unsafe { (self.function)(self.argument_pointers.as_mut_ptr(), self.result_pointers.as_mut_ptr()) };
        }
        self.context().device.end()?;
        self.context().device.synchronize()
    }

    /// Copies the results of the last run to the host and releases them.
    ///
    /// # Errors
    /// When a result is not what the signature says, or the device reports an error.
    pub fn take_results(&mut self) -> Result<Vec<Value>, SessionError> {
        let values = (0..self.results.len()).map(|index| self.download(index)).collect::<Result<_, _>>();
        let released = self.release_results();
        let values = values.map_err(|error| self.failed(error.message))?;
        released.map(|()| values)
    }

    /// Bytes of the arguments and of the last run's results.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        let bytes = |(index, value_type): (usize, &ValueType)| {
            let width = value_type.element().bytes() as u64;
            let sizes = self.results[index].iter().skip(FIXED_WORDS).take(value_type.rank());
            sizes.fold(width, |product, &size| product.saturating_mul(size))
        };
        self.arguments.bytes + self.result_types.iter().enumerate().map(bytes).sum::<u64>()
    }

    fn download(&mut self, index: usize) -> Result<Value, DeviceError> {
        let words = self.results[index].clone();
        let (value_type, element) = (&self.result_types[index], self.result_types[index].element());
        let ValueType::Tensor { shape: declared, .. } = value_type else {
            return Ok(Value::scalar(element, words[0].to_le_bytes()[..element.bytes()].to_vec()));
        };
        let bad = |what: String| DeviceError { message: format!("result {index} {what}") };
        let (shape, strides) = words[FIXED_WORDS..].split_at(declared.len());
        if !value_type.accepts_shape(shape) || shape.iter().any(|&extent| extent > i64::MAX as u64) {
            return Err(bad(format!("has the shape {shape:?}, which is not of its type {value_type}")));
        }
        let bytes = byte_count(shape, element).ok_or_else(|| bad(format!("is too large: {shape:?}")))?;
        let dense = dense_strides(shape).zip(strides).zip(shape);
        // Strides of extents of one never matter.
        if bytes > 0 && dense.into_iter().any(|((dense, &stride), &extent)| extent > 1 && dense as u64 != stride) {
            return Err(bad(format!("is not dense: shape {shape:?}, strides {strides:?}")));
        }
        let mut data = zeroed(bytes).ok_or_else(|| bad(format!("does not fit memory: {bytes} bytes")))?;
        if bytes > 0 {
            let offset = words[2].wrapping_mul(element.bytes() as u64);
            let address = words[1].wrapping_add(offset);
            if address == 0 {
                return Err(bad("was never set".to_owned()));
            }
            // SAFETY: the program's contract: the result is valid memory of its shape.
            unsafe { self.context().device.read(data.as_mut_ptr().cast(), address, bytes as u64)? };
        }
        if element == Element::I1 {
            data.iter_mut().for_each(|byte| *byte &= 1);
        }
        Ok(Value::tensor(Array { element, shape: shape.to_vec(), data }))
    }

    pub(crate) fn release_results(&mut self) -> Result<(), SessionError> {
        if !std::mem::take(&mut self.pending) {
            return Ok(());
        }
        for index in 0..self.results.len() {
            let address = self.results[index][0];
            if matches!(self.result_types[index], ValueType::Tensor { .. }) && address != 0 {
                self.context().device.release(address).map_err(|error| self.failed(error.message))?;
            }
        }
        Ok(())
    }

    fn failed(&self, message: String) -> SessionError {
        SessionError::Failed { function: self.name.clone(), message }
    }

    #[expect(clippy::mut_from_ref, reason = "a session is used by one thread, and no caller keeps the reference")]
    pub(crate) fn context(&self) -> &mut Context {
        // SAFETY: the session outlives the call and has one thread; references end before the program runs.
        unsafe { &mut *self.context }
    }
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        // Errors here would only repeat what an earlier call reported.
        let _released = self.release_results();
    }
}

/// Words of a scalar, or of a tensor's descriptor.
fn words(value_type: &ValueType) -> usize {
    match value_type {
        ValueType::Scalar(_) => 1,
        ValueType::Tensor { shape, .. } => FIXED_WORDS + 2 * shape.len(),
    }
}

/// Strides of a dense row-major array, in elements.
fn dense_strides(shape: &[u64]) -> impl Iterator<Item = i64> {
    let mut strides: Vec<i64> = Vec::with_capacity(shape.len());
    let mut stride = 1_i64;
    for &extent in shape.iter().rev() {
        strides.push(stride);
        stride = stride.wrapping_mul(extent.max(1) as i64);
    }
    strides.into_iter().rev()
}
