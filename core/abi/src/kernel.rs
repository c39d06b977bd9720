//! Rust mirror of `ropt/kernel.h`: how a CPU kernel is called.
//!
//! Owns the memory layout only; who calls, and on which thread, is the driver's business.

use core::ffi::{c_int, c_void};

/// The text of `ropt/kernel.h`, for a driver that compiles kernels in C where no ropt is installed.
pub const HEADER: &str = include_str!("../include/ropt/kernel.h");

/// Scratch bytes that every workgroup gets without asking (`ROPT_LOCAL_MEMORY_DEFAULT`).
pub const LOCAL_MEMORY_DEFAULT: u32 = 65_536;

/// Suffix of the data symbol with which a kernel asks for more scratch memory.
pub const LOCAL_MEMORY_SUFFIX: &str = "__local_memory";

/// What a kernel returns when binding 0 is shorter than what it takes of it (`ROPT_SHORT_BINDING`); the binding's number
/// is added.
pub const SHORT_BINDING: i32 = 0x5b00_0000;

/// Largest grid extent in z, number of bindings and number of constants that the layout can say.
pub mod limits {
    /// `workgroup_count_z` has 16 bits.
    pub const GRID_Z: u32 = u16::MAX as u32;
    /// `binding_count` has 8 bits.
    pub const BINDINGS: usize = u8::MAX as usize;
    /// `constant_count` has 16 bits.
    pub const CONSTANTS: usize = u16::MAX as usize;
}

/// `ropt_environment_t`: the same for all calls of an executable.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct Environment {
    /// Specialization constants, or null.
    pub constants: *const u32,
    /// Reserved, null.
    pub import_thunk: *const c_void,
    /// Reserved, null.
    pub imports: *const c_void,
    /// Facts of the processor; all zero when unknown.
    pub processor: [u64; 8],
}

/// `ropt_dispatch_state_t`: the same for all workgroups of a dispatch.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct DispatchState {
    /// Invocations of a workgroup along x.
    pub workgroup_size_x: u32,
    /// Invocations of a workgroup along y.
    pub workgroup_size_y: u32,
    /// Invocations of a workgroup along z.
    pub workgroup_size_z: u16,
    /// Words in `constants`.
    pub constant_count: u16,
    /// Workgroups along x.
    pub workgroup_count_x: u32,
    /// Workgroups along y.
    pub workgroup_count_y: u32,
    /// Workgroups along z.
    pub workgroup_count_z: u16,
    /// Workgroups that may run at the same time.
    pub max_concurrency: u8,
    /// Entries in `binding_ptrs` and `binding_lengths`.
    pub binding_count: u8,
    /// Push constants.
    pub constants: *const u32,
    /// First byte of each binding.
    pub binding_ptrs: *const *mut c_void,
    /// Bytes of each binding.
    pub binding_lengths: *const usize,
}

/// `ropt_workgroup_state_t`: one workgroup.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct WorkgroupState {
    /// Position along x.
    pub workgroup_id_x: u32,
    /// Position along y.
    pub workgroup_id_y: u32,
    /// Position along z.
    pub workgroup_id_z: u16,
    /// Zero.
    pub reserved: u16,
    /// Number of the thread, from 0.
    pub processor_id: u32,
    /// Scratch memory.
    pub local_memory: *mut c_void,
    /// Bytes of scratch memory.
    pub local_memory_size: u32,
}

/// `ropt_kernel_t`: 0 is success.
pub type Kernel = unsafe extern "C" fn(*const Environment, *const DispatchState, *const WorkgroupState) -> c_int;

#[cfg(target_pointer_width = "64")]
const _: () = {
    use core::mem::{offset_of, size_of};
    assert!(size_of::<Environment>() == 88 && offset_of!(Environment, processor) == 24);
    assert!(size_of::<DispatchState>() == 48);
    assert!(offset_of!(DispatchState, constant_count) == 10);
    assert!(offset_of!(DispatchState, workgroup_count_x) == 12);
    assert!(offset_of!(DispatchState, workgroup_count_z) == 20);
    assert!(offset_of!(DispatchState, max_concurrency) == 22);
    assert!(offset_of!(DispatchState, binding_count) == 23);
    assert!(offset_of!(DispatchState, constants) == 24);
    assert!(offset_of!(DispatchState, binding_lengths) == 40);
    assert!(size_of::<WorkgroupState>() == 32);
    assert!(offset_of!(WorkgroupState, processor_id) == 12);
    assert!(offset_of!(WorkgroupState, local_memory) == 16);
};
