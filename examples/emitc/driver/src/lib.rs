//! The driver `cc`: kernels in C, compiled by the machine's own compiler when they are loaded.
//!
//! Memory is the host's; what every such driver does is `ropt_driver::host`'s. What this plugin brings is `compile.rs`.

mod compile;
mod device;

use ropt_driver::driver::{DeviceInfo, Driver, DriverError, DriverResult};

use crate::{compile::Compiler, device::CDevice};

struct CDriver;

ropt_driver::plugin!("driver-cc");
ropt_driver::register_driver!("cc", "compiles kernels in C with this machine's compiler, and runs them", CDriver);

impl Driver for CDriver {
    const FORMATS: &'static [&'static str] = &["c-source"];
    type Device = CDevice;

    fn devices() -> DriverResult<Vec<DeviceInfo>> {
        let compiler = Compiler::find("")?;
        Ok(vec![DeviceInfo {
            name: "cc".to_owned(),
            description: format!("the calling thread, by {}", compiler.version),
            properties: vec![("compiler".to_owned(), compiler.program)],
            ..DeviceInfo::default()
        }])
    }

    /// `options` are flags for the compiler: `--device='cc:-O3 -march=native'`.
    fn open(index: u32, options: &str) -> DriverResult<CDevice> {
        if index != 0 {
            return Err(DriverError::new(format!("the cc driver has no device number {index}")));
        }
        Ok(CDevice::new(Compiler::find(options)?))
    }
}
