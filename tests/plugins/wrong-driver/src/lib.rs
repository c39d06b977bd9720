//! A driver of the tests: the CPU driver that lies beside the running program, with a mistake put before it. The text
//! behind `--device=wrong:` names the mistake.

mod device;

use device::{Bug, WrongDevice};
use ropt_abi::{abi_stable::std_types::RString, driver::DriverDescriptorRef, open::open_plugin};
use ropt_driver::driver::{DeviceInfo, Driver, DriverError, DriverResult};
use std::sync::OnceLock;

/// The driver.
struct WrongDriver;

ropt_driver::plugin!("wrong-driver");
ropt_driver::register_driver!("wrong", "runs ELF kernels, wrongly", WrongDriver);

impl Driver for WrongDriver {
    // The second one is what the suite takes for unknown.
    const FORMATS: &'static [&'static str] = &["embedded-elf-x86_64", "no-such-format"];
    type Device = WrongDevice;

    fn devices() -> DriverResult<Vec<DeviceInfo>> {
        // The second one is what the suite takes for unknown.
        let device = |name: &str| DeviceInfo {
            name: name.into(),
            description: "the CPU, wrongly".into(),
            ..DeviceInfo::default()
        };
        Ok(["wrong", "wrong-no-such-device"].map(device).into())
    }

    fn open(_: u32, options: &str) -> DriverResult<WrongDevice> {
        let bug = Bug::parse(options)?;
        let driver = cpu()?;
        // SAFETY: the table's contract: the second device of the CPU driver runs everything on the calling thread.
        let raw = result(driver.open()(1, "".into()))?;
        Ok(WrongDevice::new(bug, driver.device(), raw))
    }
}

/// The driver behind, which is opened once: what is kept of a plugin stays as long as the process.
fn cpu() -> DriverResult<DriverDescriptorRef> {
    static DRIVER: OnceLock<DriverDescriptorRef> = OnceLock::new();
    if let Some(driver) = DRIVER.get() {
        return Ok(*driver);
    }
    let program = std::env::current_exe().map_err(|error| DriverError::new(error.to_string()))?;
    let file = program.with_file_name("libropt_driver_cpu.so");
    let abi = format!("{}.{}", ropt_abi::ABI_MAJOR, ropt_abi::ABI_MINOR);
    let root = open_plugin(&file, &abi).map_err(|error| DriverError::new(error.to_string()))?;
    let first = root.drivers()().into_iter().next();
    let driver = first.ok_or_else(|| DriverError::new("the CPU driver's plugin has no driver"))?;
    Ok(*DRIVER.get_or_init(|| driver))
}

/// What the driver behind says, as a result of ours.
fn result<T>(result: ropt_abi::abi_stable::std_types::RResult<T, RString>) -> DriverResult<T> {
    result.into_result().map_err(|message| DriverError::new(message.to_string()))
}
