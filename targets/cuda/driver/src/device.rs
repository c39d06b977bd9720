//! The open device: memory, copies and launches on one stream.

use std::{
    collections::{HashMap, VecDeque},
    ffi::c_void,
    rc::Rc,
};

use cudarc::driver::{result, sys};
use ropt_driver::driver::{Binding, Device, DriverResult, Executable as Source, View};

use crate::{
    capability::{TARGET, bus, capability, takes},
    error::{CudaError, Result, What},
    graphs::Graphs,
    launches::Launches,
    management::Management,
    module::Executable,
    rows::{Rows, rows},
};

/// Launches that are collected before they go to the device, so that it does not idle while the host goes on.
const COLLECTED: usize = 256;
/// Time marks that are remembered.
const MARKS: usize = 4096;

/// An open CUDA device: its primary context and a stream, on which everything happens in order.
pub(crate) struct CudaDevice {
    device: sys::CUdevice,
    context: sys::CUcontext,
    stream: sys::CUstream,
    /// Addresses in use, and their bytes.
    live: HashMap<u64, u64>,
    executables: HashMap<u64, Executable>,
    next_executable: u64,
    /// The last marks; the first has the number `next_mark - marks.len()`.
    marks: VecDeque<sys::CUevent>,
    next_mark: u64,
    /// The last kernel launched, for messages: CUDA reports faults later.
    kernel: Option<Rc<str>>,
    /// What was not handed to CUDA yet; everything else does that first.
    launches: Launches,
    graphs: Graphs,
    /// Compute capability, as ten times the major version and the minor.
    capability: i32,
    /// What tells of the GPU's clocks, once somebody asked.
    management: Option<Option<Management>>,
}

impl CudaDevice {
    pub(crate) fn open(index: i32, graphs: bool) -> Result<Self> {
        let device = result::device::get(index).what("open the device")?;
        // SAFETY: the device was given by the driver; the context is released when the device is dropped.
        let context = unsafe { result::primary_ctx::retain(device) }.what("make a context")?;
        // SAFETY: the context was just made.
        unsafe { result::ctx::set_current(context) }.what("use the context")?;
        let stream = result::stream::create(result::stream::StreamKind::NonBlocking).what("make a stream")?;
        keep_memory(device)?;
        Ok(Self {
            device,
            context,
            stream,
            live: HashMap::new(),
            executables: HashMap::new(),
            next_executable: 0,
            marks: VecDeque::new(),
            next_mark: 0,
            kernel: None,
            launches: Launches::default(),
            graphs: Graphs::new(graphs),
            capability: capability(device)?,
            management: None,
        })
    }

    /// Hands over what was collected.
    fn flush(&mut self) -> Result {
        if self.launches.len() == 0 {
            return Ok(());
        }
        let launched = self.graphs.launch(&self.launches, self.stream);
        self.kernel = self.launches.iter().last().map(|last| Rc::clone(last.name));
        self.launches.clear();
        launched
    }

    /// Before anything but a launch: makes the context the thread's, and hands over what was collected.
    fn proceed(&mut self) -> Result {
        self.enter()?;
        self.flush()
    }

    /// Makes the context the calling thread's: another device may have been used on it.
    fn enter(&self) -> Result {
        // SAFETY: the context is alive as long as `self` is.
        unsafe { result::ctx::set_current(self.context) }.what("use the context")
    }

    /// An error behind a launch is the kernel's.
    fn check<T>(&self, what: &'static str, result: Result<T, result::DriverError>) -> Result<T> {
        result.map_err(|failure| match &self.kernel {
            Some(kernel) => CudaError::Kernel { kernel: kernel.to_string(), failure },
            None => CudaError::Call { what, failure },
        })
    }

    fn wait(&mut self) -> Result {
        self.flush()?;
        // SAFETY: the stream is alive.
        self.check("wait for the device", unsafe { result::stream::synchronize(self.stream) })?;
        self.kernel = None;
        Ok(())
    }

    pub(crate) fn new_memory(&mut self, bytes: u64) -> Result<u64> {
        self.proceed()?;
        // SAFETY: the stream is alive.
        let allocated = unsafe { result::malloc_async(self.stream, (bytes as usize).max(1)) };
        let address = allocated.map_err(|failure| {
            let (free, total) = result::mem_get_info().unwrap_or_default();
            CudaError::Memory { bytes, free, total, failure }
        })?;
        self.live.insert(address, bytes);
        Ok(address)
    }

    pub(crate) fn forget(&mut self, address: u64) -> Result {
        self.live.remove(&address).ok_or(CudaError::NotAllocated { address })?;
        self.proceed()?;
        // SAFETY: the address was allocated and is not used after the work submitted so far.
        self.check("release memory", unsafe { result::free_async(address, self.stream) })
    }

    pub(crate) fn copy_bytes(&mut self, dst: u64, src: u64, bytes: u64) -> Result {
        if bytes == 0 {
            return Ok(());
        }
        self.copy_rows(&Rows { dst, src, width: bytes, height: 1, dst_pitch: bytes, src_pitch: bytes })
    }

    fn copy_rows(&mut self, copy: &Rows) -> Result {
        self.proceed()?;
        // SAFETY: the caller of the table vouches for the ranges.
        let done = unsafe {
            if copy.height == 1 {
                sys::cuMemcpyDtoDAsync_v2(copy.dst, copy.src, copy.width as usize, self.stream)
            } else {
                let device = sys::CUmemorytype::CU_MEMORYTYPE_DEVICE;
                let arguments = sys::CUDA_MEMCPY2D {
                    srcXInBytes: 0,
                    srcY: 0,
                    srcMemoryType: device,
                    srcHost: std::ptr::null(),
                    srcDevice: copy.src,
                    srcArray: std::ptr::null_mut(),
                    srcPitch: copy.src_pitch as usize,
                    dstXInBytes: 0,
                    dstY: 0,
                    dstMemoryType: device,
                    dstHost: std::ptr::null_mut(),
                    dstDevice: copy.dst,
                    dstArray: std::ptr::null_mut(),
                    dstPitch: copy.dst_pitch as usize,
                    WidthInBytes: copy.width as usize,
                    Height: copy.height as usize,
                };
                sys::cuMemcpy2DAsync_v2(&raw const arguments, self.stream)
            }
        };
        self.check("copy", done.result())
    }

    fn fill_range(&mut self, dst: u64, pattern: u64, width: u32, count: usize) -> Result {
        self.proceed()?;
        let (low, high) = (pattern as u32, (pattern >> 32) as u32);
        // SAFETY: the caller of the table vouches for the range; CUDA wants addresses aligned to the pattern, which
        // those of elements are.
        let done = unsafe {
            match width {
                1 => sys::cuMemsetD8Async(dst, low as u8, count, self.stream).result(),
                2 => sys::cuMemsetD16Async(dst, low as u16, count, self.stream).result(),
                4 => sys::cuMemsetD32Async(dst, low, count, self.stream).result(),
                8 if low == high => sys::cuMemsetD32Async(dst, low, count * 2, self.stream).result(),
                8 => sys::cuMemsetD2D32Async(dst, 8, low, 1, count, self.stream)
                    .result()
                    .and_then(|()| sys::cuMemsetD2D32Async(dst + 4, 8, high, 1, count, self.stream).result()),
                bytes => return Err(CudaError::Pattern { bytes }),
            }
        };
        self.check("fill", done)
    }

    fn run(
        &mut self,
        executable: u64,
        ordinal: u32,
        grid: [u32; 3],
        constants: &[u32],
        bindings: &[Binding],
    ) -> Result {
        let executable = self.executables.get(&executable).ok_or(CudaError::NoExecutable { executable })?;
        let export = executable.export(ordinal)?;
        if bindings.len() != export.bindings || constants.len() != export.constants {
            return Err(CudaError::Arguments {
                export: export.name.to_string(),
                bindings: export.bindings,
                constants: export.constants,
                given_bindings: bindings.len(),
                given_constants: constants.len(),
            });
        }
        if grid.contains(&0) {
            return Ok(());
        }
        let addresses = bindings.iter().map(|binding| binding.address);
        let words = constants.iter().copied().map(u64::from);
        let sizes = (grid, export.workgroup, export.shared);
        self.launches.push(&export.name, export.function as usize, sizes, addresses.chain(words));
        if self.launches.len() >= COLLECTED {
            self.proceed()?;
        }
        Ok(())
    }

    fn mark(&mut self) -> Result<u64> {
        self.flush()?;
        let event = match self.marks.len() {
            MARKS => self.marks.pop_front(),
            _ => None,
        };
        let event = match event {
            Some(event) => event,
            None => result::event::create(sys::CUevent_flags::CU_EVENT_DEFAULT).what("make a time mark")?,
        };
        // SAFETY: event and stream are alive.
        unsafe { result::event::record(event, self.stream) }.what("set a time mark")?;
        self.marks.push_back(event);
        self.next_mark += 1;
        Ok(self.next_mark - 1)
    }

    fn between(&self, from: u64, to: u64) -> Result<f64> {
        let first = self.next_mark - self.marks.len() as u64;
        let event = |mark: u64| {
            let index = mark.checked_sub(first).and_then(|index| usize::try_from(index).ok());
            index.and_then(|index| self.marks.get(index)).copied().ok_or(CudaError::NoMark { mark })
        };
        // SAFETY: both events are alive and were recorded.
        let milliseconds = unsafe { result::event::elapsed(event(from)?, event(to)?) }.what("read time marks")?;
        Ok(f64::from(milliseconds) * 1e6)
    }
}

/// Memory that is released stays with the process: programs ask for the same sizes again.
fn keep_memory(device: sys::CUdevice) -> Result {
    let threshold = u64::MAX;
    // SAFETY: the device was given by the driver, the attribute is a 64-bit number.
    unsafe {
        let pool = result::device::get_default_mem_pool(device).what("ask for the memory pool")?;
        let attribute = sys::CUmemPool_attribute::CU_MEMPOOL_ATTR_RELEASE_THRESHOLD;
        sys::cuMemPoolSetAttribute(pool, attribute, (&raw const threshold).cast_mut().cast())
            .result()
            .what("set the memory pool up")
    }
}

impl Device for CudaDevice {
    fn allocate(&mut self, bytes: u64) -> DriverResult<u64> {
        Ok(self.new_memory(bytes)?)
    }

    fn release(&mut self, address: u64) -> DriverResult {
        Ok(self.forget(address)?)
    }

    unsafe fn import(&mut self, host: *const c_void, bytes: u64) -> DriverResult<u64> {
        let address = self.new_memory(bytes)?;
        // SAFETY: as the caller promises.
        unsafe { self.write(address, host, bytes) }?;
        Ok(address)
    }

    unsafe fn copy(&mut self, dst: u64, src: u64, bytes: u64) -> DriverResult {
        Ok(self.copy_bytes(dst, src, bytes)?)
    }

    unsafe fn copy_strided(&mut self, element_bytes: u32, sizes: &[i64], dst: View<'_>, src: View<'_>) -> DriverResult {
        let copies = rows(element_bytes.into(), sizes, (dst.address, dst.strides), (src.address, src.strides));
        Ok(copies.iter().try_for_each(|copy| self.copy_rows(copy))?)
    }

    unsafe fn fill(&mut self, dst: u64, pattern: u64, pattern_bytes: u32, count: u64) -> DriverResult {
        if count > 0 {
            self.fill_range(dst, pattern, pattern_bytes, count as usize)?;
        }
        Ok(())
    }

    unsafe fn read(&mut self, host: *mut c_void, src: u64, bytes: u64) -> DriverResult {
        self.proceed()?;
        if bytes > 0 {
            // SAFETY: as the caller promises.
            let done = unsafe { sys::cuMemcpyDtoHAsync_v2(host, src, bytes as usize, self.stream) };
            self.check("read memory", done.result())?;
        }
        Ok(self.wait()?)
    }

    unsafe fn write(&mut self, dst: u64, host: *const c_void, bytes: u64) -> DriverResult {
        if bytes == 0 {
            return Ok(());
        }
        self.proceed()?;
        // SAFETY: as the caller promises. CUDA has copied what is not page-locked when the call returns.
        let done = unsafe { sys::cuMemcpyHtoDAsync_v2(dst, host, bytes as usize, self.stream) };
        Ok(self.check("write memory", done.result())?)
    }

    fn load(&mut self, executable: &Source<'_>) -> DriverResult<u64> {
        self.enter()?;
        let loaded = Executable::load(executable)?;
        let handle = self.next_executable;
        self.executables.insert(handle, loaded);
        self.next_executable += 1;
        Ok(handle)
    }

    fn unload(&mut self, executable: u64) -> DriverResult {
        self.enter()?;
        self.wait()?;
        self.graphs.forget();
        self.executables.remove(&executable).ok_or(CudaError::NoExecutable { executable })?;
        Ok(())
    }

    unsafe fn dispatch(
        &mut self,
        executable: u64,
        ordinal: u32,
        grid: [u32; 3],
        constants: &[u32],
        bindings: &[Binding],
    ) -> DriverResult {
        let detours = self.detours(bindings)?;
        let given = detours.as_ref().map_or(bindings, |detours| &detours.bindings);
        self.run(executable, ordinal, grid, constants, given)?;
        Ok(detours.map_or(Ok(()), |detours| self.end_detours(detours))?)
    }

    fn end(&mut self) -> DriverResult {
        Ok(self.proceed()?)
    }

    fn query(&mut self, category: &str, key: &str) -> Option<i64> {
        match (category, key) {
            (TARGET, target) => Some(i64::from(takes(target, self.capability))),
            ("hal.device.state", key) => {
                let management = self.management.get_or_insert_with(|| Management::open(&bus(self.device)?));
                management.as_ref()?.state(key)
            }
            ("cuda", "compute_capability") => Some(self.capability.into()),
            _ => None,
        }
    }

    fn synchronize(&mut self) -> DriverResult {
        self.enter()?;
        Ok(self.wait()?)
    }

    fn timestamp(&mut self) -> Option<u64> {
        self.enter().ok()?;
        self.mark().ok()
    }

    fn elapsed(&mut self, from: u64, to: u64) -> DriverResult<f64> {
        self.enter()?;
        Ok(self.between(from, to)?)
    }
}

impl Drop for CudaDevice {
    fn drop(&mut self) {
        // What a failed context answers does not matter any more.
        let _ = self.enter();
        let _ = self.wait();
        self.graphs.forget();
        self.executables.clear();
        // SAFETY: everything was made by this device, is freed once, and the device is idle.
        unsafe {
            for address in self.live.keys() {
                let _ = result::free_async(*address, self.stream);
            }
            for event in self.marks.drain(..) {
                let _ = result::event::destroy(event);
            }
            let _ = result::stream::synchronize(self.stream);
            let _ = result::stream::destroy(self.stream);
            let _ = result::primary_ctx::release(self.device);
        }
    }
}
