//! The C-callable side of the driver traits: one wrapper a function of the tables.

use std::{
    any::Any,
    ffi::c_void,
    panic::{AssertUnwindSafe, catch_unwind},
};

use abi_stable::{
    prefix_type::PrefixTypeTrait,
    std_types::{ROption, RResult, RSlice, RStr, RString, RVec, Tuple2},
};
use ropt_abi::{
    driver::{
        DeviceInfo as RawDeviceInfo, DeviceTable, DriverDescriptor, DriverDescriptorRef, ExecutableSource, RawDevice,
        Status,
    },
    program::Binding,
};

use super::{Device, DeviceInfo, Driver, DriverError, DriverResult, Executable, Export, View};

/// The table of a driver. Made anew at each call and never freed; the runtime asks once a process.
pub fn descriptor<D: Driver>(name: &'static str, summary: &'static str) -> DriverDescriptorRef {
    DriverDescriptor {
        name: RStr::from_str(name),
        summary: RStr::from_str(summary),
        formats: formats::<D>,
        devices: devices::<D>,
        open: open::<D>,
        device: DeviceTable {
            close: close::<D::Device>,
            allocate: allocate::<D::Device>,
            release: release::<D::Device>,
            import: import::<D::Device>,
            copy: copy::<D::Device>,
            copy_strided: copy_strided::<D::Device>,
            fill: fill::<D::Device>,
            read: read::<D::Device>,
            write: write::<D::Device>,
            load: load::<D>,
            unload: unload::<D::Device>,
            dispatch: dispatch::<D::Device>,
            begin: begin::<D::Device>,
            end: end::<D::Device>,
            synchronize: synchronize::<D::Device>,
            timestamp: timestamp::<D::Device>,
            elapsed: elapsed::<D::Device>,
            specialize: specialize::<D>,
            query: query::<D::Device>,
        }
        .leak_into_prefix(),
    }
    .leak_into_prefix()
}

/// Runs a driver's function; a panic becomes its error.
fn guard<T>(call: impl FnOnce() -> DriverResult<T>) -> RResult<T, RString> {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(value)) => RResult::ROk(value),
        Ok(Err(DriverError(message))) => RResult::RErr(message.into()),
        Err(panic) => RResult::RErr(format!("the driver panicked: {}", panic_text(&*panic)).into()),
    }
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".to_owned())
}

/// # Safety
/// `raw` came from [`open`] for the same `T`, is not closed, and nobody else uses it meanwhile.
unsafe fn device<'a, T: Device>(raw: RawDevice) -> &'a mut T {
    // SAFETY: by contract of the table; `open` made the pointer from a `Box<T>`.
    unsafe { &mut *raw.0.cast::<T>() }
}

extern "C" fn formats<D: Driver>() -> RVec<RStr<'static>> {
    D::FORMATS.iter().map(|format| RStr::from_str(format)).collect()
}

extern "C" fn devices<D: Driver>() -> RResult<RVec<RawDeviceInfo>, RString> {
    guard(|| Ok(D::devices()?.into_iter().map(raw_info).collect()))
}

fn raw_info(info: DeviceInfo) -> RawDeviceInfo {
    RawDeviceInfo {
        name: info.name.into(),
        description: info.description.into(),
        memory: info.memory,
        properties: info.properties.into_iter().map(|(name, value)| Tuple2(name.into(), value.into())).collect(),
    }
}

extern "C" fn open<D: Driver>(index: u32, options: RStr<'_>) -> RResult<RawDevice, RString> {
    guard(|| Ok(RawDevice(Box::into_raw(Box::new(D::open(index, options.as_str())?)).cast())))
}

unsafe extern "C" fn close<T: Device>(raw: RawDevice) {
    // SAFETY: `open` made the pointer from a `Box<T>`, and the caller closes once.
    let device = unsafe { Box::from_raw(raw.0.cast::<T>()) };
    let _closed = guard(|| {
        drop(device);
        Ok(())
    });
}

unsafe extern "C" fn allocate<T: Device>(raw: RawDevice, bytes: u64) -> RResult<u64, RString> {
    // SAFETY: `raw` is an open device of this type.
    guard(|| unsafe { device::<T>(raw) }.allocate(bytes))
}

unsafe extern "C" fn release<T: Device>(raw: RawDevice, address: u64) -> Status {
    // SAFETY: `raw` is an open device of this type.
    guard(|| unsafe { device::<T>(raw) }.release(address))
}

unsafe extern "C" fn import<T: Device>(raw: RawDevice, host: *const c_void, bytes: u64) -> RResult<u64, RString> {
    // SAFETY: an open device; the memory is as the caller of the table promises.
    guard(|| unsafe { device::<T>(raw).import(host, bytes) })
}

unsafe extern "C" fn copy<T: Device>(raw: RawDevice, dst: u64, src: u64, bytes: u64) -> Status {
    // SAFETY: an open device; the ranges are as the caller of the table promises.
    guard(|| unsafe { device::<T>(raw).copy(dst, src, bytes) })
}

unsafe extern "C" fn copy_strided<T: Device>(
    raw: RawDevice,
    element_bytes: u32,
    sizes: RSlice<'_, i64>,
    dst: u64,
    dst_strides: RSlice<'_, i64>,
    src: u64,
    src_strides: RSlice<'_, i64>,
) -> Status {
    let dst = View { address: dst, strides: dst_strides.as_slice() };
    let src = View { address: src, strides: src_strides.as_slice() };
    // SAFETY: an open device; the views are as the caller of the table promises.
    guard(|| unsafe { device::<T>(raw).copy_strided(element_bytes, sizes.as_slice(), dst, src) })
}

unsafe extern "C" fn fill<T: Device>(raw: RawDevice, dst: u64, pattern: u64, pattern_bytes: u32, count: u64) -> Status {
    // SAFETY: an open device; the range is as the caller of the table promises.
    guard(|| unsafe { device::<T>(raw).fill(dst, pattern, pattern_bytes, count) })
}

unsafe extern "C" fn read<T: Device>(raw: RawDevice, host: *mut c_void, src: u64, bytes: u64) -> Status {
    // SAFETY: an open device; the ranges are as the caller of the table promises.
    guard(|| unsafe { device::<T>(raw).read(host, src, bytes) })
}

unsafe extern "C" fn write<T: Device>(raw: RawDevice, dst: u64, host: *const c_void, bytes: u64) -> Status {
    // SAFETY: an open device; the ranges are as the caller of the table promises.
    guard(|| unsafe { device::<T>(raw).write(dst, host, bytes) })
}

unsafe extern "C" fn load<D: Driver>(raw: RawDevice, source: &ExecutableSource<'_>) -> RResult<u64, RString> {
    // SAFETY: `raw` is an open device of this type.
    unsafe { specialize::<D>(raw, source, RSlice::EMPTY) }
}

unsafe extern "C" fn specialize<D: Driver>(
    raw: RawDevice,
    source: &ExecutableSource<'_>,
    words: RSlice<'_, u32>,
) -> RResult<u64, RString> {
    guard(|| {
        let format = source.format.as_str();
        if !D::FORMATS.contains(&format) {
            let (name, known) = (source.name.as_str(), D::FORMATS.join(", "));
            return Err(DriverError::new(format!(
                "cannot load executable '{name}': its format is '{format}', the driver loads {known}"
            )));
        }
        let exports = source
            .exports
            .iter()
            .map(|export| Export {
                name: export.name.as_str(),
                ordinal: export.ordinal,
                constants: export.constants,
                bindings: export.bindings.iter().map(RString::as_str).collect(),
            })
            .collect();
        let executable = Executable {
            name: source.name.as_str(),
            format: source.format.as_str(),
            target: source.target.as_str(),
            data: source.data.as_slice(),
            words: words.as_slice(),
            exports,
        };
        // SAFETY: `raw` is an open device of this type.
        unsafe { device::<D::Device>(raw) }.load(&executable)
    })
}

unsafe extern "C" fn unload<T: Device>(raw: RawDevice, executable: u64) -> Status {
    // SAFETY: `raw` is an open device of this type.
    guard(|| unsafe { device::<T>(raw) }.unload(executable))
}

unsafe extern "C" fn dispatch<T: Device>(
    raw: RawDevice,
    executable: u64,
    ordinal: u32,
    grid: &[u32; 3],
    constants: RSlice<'_, u32>,
    bindings: RSlice<'_, Binding>,
) -> Status {
    // SAFETY: an open device; the bindings are as the caller of the table promises.
    guard(|| unsafe {
        device::<T>(raw).dispatch(executable, ordinal, *grid, constants.as_slice(), bindings.as_slice())
    })
}

unsafe extern "C" fn begin<T: Device>(raw: RawDevice) -> Status {
    // SAFETY: `raw` is an open device of this type.
    guard(|| unsafe { device::<T>(raw) }.begin())
}

unsafe extern "C" fn end<T: Device>(raw: RawDevice) -> Status {
    // SAFETY: `raw` is an open device of this type.
    guard(|| unsafe { device::<T>(raw) }.end())
}

unsafe extern "C" fn synchronize<T: Device>(raw: RawDevice) -> Status {
    // SAFETY: `raw` is an open device of this type.
    guard(|| unsafe { device::<T>(raw) }.synchronize())
}

unsafe extern "C" fn timestamp<T: Device>(raw: RawDevice) -> ROption<u64> {
    // SAFETY: `raw` is an open device of this type.
    guard(|| Ok(unsafe { device::<T>(raw) }.timestamp())).unwrap_or(None).into()
}

unsafe extern "C" fn elapsed<T: Device>(raw: RawDevice, from: u64, to: u64) -> RResult<f64, RString> {
    // SAFETY: `raw` is an open device of this type.
    guard(|| unsafe { device::<T>(raw) }.elapsed(from, to))
}

unsafe extern "C" fn query<T: Device>(raw: RawDevice, category: RStr<'_>, key: RStr<'_>) -> ROption<i64> {
    // SAFETY: `raw` is an open device of this type.
    guard(|| Ok(unsafe { device::<T>(raw) }.query(category.as_str(), key.as_str()))).unwrap_or(None).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Broken;

    impl Driver for Broken {
        const FORMATS: &'static [&'static str] = &["best", "second"];
        type Device = BrokenDevice;

        fn devices() -> DriverResult<Vec<DeviceInfo>> {
            panic!("no {}", "libbroken.so")
        }

        fn open(index: u32, options: &str) -> DriverResult<BrokenDevice> {
            if index == 0 { Ok(BrokenDevice) } else { Err(DriverError::new(format!("no device {index}:{options}"))) }
        }
    }

    /// Every call panics.
    struct BrokenDevice;

    impl Device for BrokenDevice {
        fn allocate(&mut self, _: u64) -> DriverResult<u64> {
            panic!("allocate")
        }
        fn release(&mut self, _: u64) -> DriverResult {
            panic!("release")
        }
        unsafe fn import(&mut self, _: *const c_void, _: u64) -> DriverResult<u64> {
            panic!("import")
        }
        unsafe fn copy(&mut self, _: u64, _: u64, _: u64) -> DriverResult {
            panic!("copy")
        }
        unsafe fn copy_strided(&mut self, _: u32, _: &[i64], _: View<'_>, _: View<'_>) -> DriverResult {
            panic!("copy_strided")
        }
        unsafe fn fill(&mut self, _: u64, _: u64, _: u32, _: u64) -> DriverResult {
            panic!("fill")
        }
        unsafe fn read(&mut self, _: *mut c_void, _: u64, _: u64) -> DriverResult {
            panic!("read")
        }
        unsafe fn write(&mut self, _: u64, _: *const c_void, _: u64) -> DriverResult {
            panic!("write")
        }
        fn load(&mut self, executable: &Executable<'_>) -> DriverResult<u64> {
            panic!("load {} of {}", executable.name, executable.format)
        }
        fn unload(&mut self, _: u64) -> DriverResult {
            panic!("unload")
        }
        unsafe fn dispatch(&mut self, _: u64, _: u32, _: [u32; 3], _: &[u32], _: &[Binding]) -> DriverResult {
            panic!("dispatch")
        }
    }

    fn message<T>(result: RResult<T, RString>) -> String {
        result.into_result().err().map(String::from).unwrap_or_default()
    }

    #[test]
    fn a_panic_is_the_calls_error() {
        let driver = descriptor::<Broken>("broken", "does nothing right");
        assert_eq!(driver.name().as_str(), "broken");
        assert_eq!(driver.formats()()[1].as_str(), "second");
        assert_eq!(message(driver.devices()()), "the driver panicked: no libbroken.so");
        assert_eq!(message(driver.open()(3, "x".into())), "no device 3:x");
        let device = driver.open()(0, "".into()).into_result().expect("opens");
        let table = driver.device();
        let source = ExecutableSource {
            name: "e".into(),
            format: "best".into(),
            target: "".into(),
            data: RSlice::EMPTY,
            exports: RSlice::EMPTY,
        };
        // SAFETY: an open device, which looks at none of the addresses.
        unsafe {
            assert_eq!(message(table.allocate()(device, 1)), "the driver panicked: allocate");
            assert_eq!(message(table.load()(device, &source)), "the driver panicked: load e of best");
            let dispatched = table.dispatch()(device, 0, 0, &[1; 3], RSlice::EMPTY, RSlice::EMPTY);
            assert_eq!(message(dispatched), "the driver panicked: dispatch");
            assert_eq!(message(table.synchronize()(device)), "");
            let timestamp = table.timestamp().map(|timestamp| timestamp(device));
            assert_eq!(timestamp, Some(ROption::RNone));
            table.close()(device);
        }
    }
}
