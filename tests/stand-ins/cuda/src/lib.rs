//! A CUDA driver library without a GPU, for tests of what the driver says when calls fail.
//!
//! As `libcuda.so.1` on the library path it shows one device. Memory is the host's and starts as zeros, copies and fills
//! are done, kernels load and "run" without doing anything. Calls fail as `STAND_IN_FAIL` says (`../fault.rs`).

#![allow(missing_docs, reason = "the functions are CUDA's, and documented there")]
#![allow(unused_unsafe, reason = "some of the bodies do nothing")]
#![expect(clippy::missing_safety_doc, reason = "each function asks for what CUDA's documentation says of it")]

use std::ffi::{CStr, c_char, c_int, c_uint, c_void};

include!("../../fault.rs");

type Handle = *mut c_void;

/// A handle that is not null and never looked into.
const HANDLE: Handle = 0x10 as Handle;

/// Functions that may fail with a code of CUDA's, and otherwise run their body.
macro_rules! calls {
    ($($name:ident($($arg:ident: $ty:ty),*) $body:block)*) => {$(
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name($($arg: $ty),*) -> c_int {
            if let Some(code) = fault(stringify!($name)) {
                return code;
            }
            // SAFETY: the caller gives what CUDA's documentation asks for.
            unsafe { $body }
            0
        }
    )*};
}

calls! {
    cuInit(_flags: c_uint) {}
    cuDriverGetVersion(version: *mut c_int) { *version = 12_040; }
    cuDeviceGetCount(count: *mut c_int) { *count = 1; }
    cuDeviceGet(device: *mut c_int, _ordinal: c_int) { *device = 0; }
    cuDeviceGetName(name: *mut c_char, bytes: c_int, _device: c_int) {
        libc::strncpy(name, c"Stand-in".as_ptr(), bytes as usize);
    }
    cuDeviceTotalMem_v2(bytes: *mut usize, _device: c_int) { *bytes = 1 << 30; }
    cuDeviceGetAttribute(value: *mut c_int, attribute: c_int, _device: c_int) {
        // The numbers of cuda.h for what the driver asks.
        *value = match attribute {
            75 => 9,
            76 => 0,
            1 => 1024,
            8 => 49_152,
            _ => 64,
        };
    }
    cuDeviceGetPCIBusId(text: *mut c_char, bytes: c_int, _device: c_int) {
        libc::strncpy(text, c"0000:00:00.0".as_ptr(), bytes as usize);
    }
    cuDevicePrimaryCtxRetain(context: *mut Handle, _device: c_int) { *context = HANDLE; }
    cuDevicePrimaryCtxRelease_v2(_device: c_int) {}
    cuCtxSetCurrent(_context: Handle) {}
    cuDeviceGetDefaultMemPool(pool: *mut Handle, _device: c_int) { *pool = HANDLE; }
    cuMemPoolSetAttribute(_pool: Handle, _attribute: c_int, _value: *mut c_void) {}
    cuStreamCreate(stream: *mut Handle, _flags: c_uint) { *stream = HANDLE; }
    cuStreamDestroy_v2(_stream: Handle) {}
    cuStreamSynchronize(_stream: Handle) {}
    cuEventCreate(event: *mut Handle, _flags: c_uint) { *event = HANDLE; }
    cuEventDestroy_v2(_event: Handle) {}
    cuEventRecord(_event: Handle, _stream: Handle) {}
    cuEventElapsedTime(milliseconds: *mut f32, _start: Handle, _end: Handle) { *milliseconds = 1.0; }
    cuEventElapsedTime_v2(milliseconds: *mut f32, _start: Handle, _end: Handle) { *milliseconds = 1.0; }
    cuMemGetInfo_v2(free: *mut usize, total: *mut usize) { (*free, *total) = (1 << 20, 1 << 30); }
    cuMemAllocAsync(address: *mut u64, bytes: usize, _stream: Handle) {
        *address = libc::calloc(bytes, 1) as u64;
    }
    cuMemFreeAsync(address: u64, _stream: Handle) { libc::free(address as *mut c_void); }
    cuMemcpyHtoDAsync_v2(to: u64, from: *const c_void, bytes: usize, _stream: Handle) {
        libc::memcpy(to as *mut c_void, from, bytes);
    }
    cuMemcpyDtoHAsync_v2(to: *mut c_void, from: u64, bytes: usize, _stream: Handle) {
        libc::memcpy(to, from as *const c_void, bytes);
    }
    cuMemcpyDtoDAsync_v2(to: u64, from: u64, bytes: usize, _stream: Handle) {
        libc::memmove(to as *mut c_void, from as *const c_void, bytes);
    }
    cuMemsetD8Async(to: u64, byte: u8, count: usize, _stream: Handle) {
        libc::memset(to as *mut c_void, c_int::from(byte), count);
    }
    cuMemsetD32Async(to: u64, word: c_uint, count: usize, _stream: Handle) {
        std::slice::from_raw_parts_mut(to as *mut c_uint, count).fill(word);
    }
    cuModuleGetFunction(function: *mut Handle, _module: Handle, _name: *const c_char) { *function = HANDLE; }
    cuModuleUnload(_module: Handle) {}
    cuFuncSetAttribute(_function: Handle, _attribute: c_int, _value: c_int) {}
    cuLaunchKernel(
        _function: Handle, _x: c_uint, _y: c_uint, _z: c_uint, _width: c_uint, _height: c_uint, _depth: c_uint,
        _shared: c_uint, _stream: Handle, _parameters: *mut Handle, _extra: *mut Handle
    ) {}
}

/// Writes a line of the compiler's into the log when it fails, as CUDA's does.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cuModuleLoadDataEx(
    module: *mut Handle,
    _image: *const c_void,
    count: c_uint,
    options: *const c_int,
    values: *const Handle,
) -> c_int {
    let code = fault("cuModuleLoadDataEx");
    // SAFETY: the caller gives as many options and values as it says, and the log is longer than the line.
    unsafe {
        *module = HANDLE;
        for option in 0..count as usize {
            // CU_JIT_ERROR_LOG_BUFFER
            if code.is_some() && *options.add(option) == 5 {
                libc::strcpy((*values.add(option)).cast(), c"ptxas stand-in, line 1; fatal: told to fail".as_ptr());
            }
        }
    }
    code.unwrap_or(0)
}

/// The codes that tests use, with their names and sentences from cuda.h.
const CODES: [(c_int, &CStr, &CStr); 6] = [
    (2, c"CUDA_ERROR_OUT_OF_MEMORY", c"out of memory"),
    (46, c"CUDA_ERROR_DEVICE_UNAVAILABLE", c"CUDA-capable device(s) is/are busy or unavailable"),
    (218, c"CUDA_ERROR_INVALID_PTX", c"a PTX JIT compilation failed"),
    (500, c"CUDA_ERROR_NOT_FOUND", c"named symbol not found"),
    (700, c"CUDA_ERROR_ILLEGAL_ADDRESS", c"an illegal memory access was encountered"),
    (719, c"CUDA_ERROR_LAUNCH_FAILED", c"unspecified launch failure"),
];

fn text(code: c_int, name: bool, to: *mut *const c_char) -> c_int {
    let Some((_, its_name, sentence)) = CODES.iter().find(|(one, ..)| *one == code) else { return 1 };
    // SAFETY: the caller gives a place for the pointer.
    unsafe { *to = if name { its_name.as_ptr() } else { sentence.as_ptr() } };
    0
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn cuGetErrorName(code: c_int, to: *mut *const c_char) -> c_int {
    text(code, true, to)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn cuGetErrorString(code: c_int, to: *mut *const c_char) -> c_int {
    text(code, false, to)
}
