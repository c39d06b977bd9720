//! The CPU driver: loads ELF kernels from memory and runs them, on the calling thread or on a pool.
//!
//! Owns devices `cpu-task` and `cpu-sync`. Knows nothing of MLIR, programs or files.
//!
//! `cpu-task` is the default on a machine of more than one core: a dispatch that took no longer than a few microseconds
//! the last time runs on the calling thread at the cost of `cpu-sync`, and only longer ones are spread over the pool.

mod clock;
mod device;
mod grid;
mod library;
mod memory;
mod query;
mod threads;

use ropt_driver::driver::{DeviceInfo, Driver, DriverError, DriverResult};

use crate::device::CpuDevice;

/// Most threads that a kernel can be told about (`max_concurrency` has 8 bits).
const MOST_THREADS: usize = u8::MAX as usize;

/// The driver.
struct CpuDriver;

ropt_driver::plugin!("driver-cpu");
ropt_driver::register_driver!("cpu", "runs ELF kernels on this machine's processor", CpuDriver);

impl Driver for CpuDriver {
    const FORMATS: &'static [&'static str] = formats();
    type Device = CpuDevice;

    fn devices() -> DriverResult<Vec<DeviceInfo>> {
        let device = |name: &str, threads: usize, what: &str| DeviceInfo {
            name: name.to_owned(),
            description: format!("{}, {what}", processor_name()),
            memory: memory::physical(),
            properties: vec![
                ("architecture".to_owned(), std::env::consts::ARCH.to_owned()),
                ("threads".to_owned(), threads.to_string()),
                ("workgroup-local-memory".to_owned(), ropt_abi::kernel::LOCAL_MEMORY_DEFAULT.to_string()),
            ],
        };
        let task = device("cpu-task", cores(), "a pool of threads (cpu-task:N for N threads)");
        let sync = device("cpu-sync", 1, "the calling thread");
        Ok(if cores() > 1 { vec![task, sync] } else { vec![sync, task] })
    }

    fn open(index: u32, options: &str) -> DriverResult<CpuDevice> {
        let devices = Self::devices()?;
        let device = devices
            .get(index as usize)
            .ok_or_else(|| DriverError::new(format!("the cpu driver has no device number {index}")))?;
        if device.name == "cpu-sync" {
            if !options.is_empty() {
                return Err(DriverError::new(format!("cpu-sync takes no options, but got `{options}`")));
            }
            return Ok(CpuDevice::new(1));
        }
        Ok(CpuDevice::new(parse_threads(options)?))
    }
}

const fn formats() -> &'static [&'static str] {
    if cfg!(target_arch = "x86_64") {
        &["embedded-elf-x86_64", "system-elf-x86_64"]
    } else if cfg!(target_arch = "aarch64") {
        &["embedded-elf-arm_64", "system-elf-arm_64"]
    } else {
        &[]
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS)
}

fn parse_threads(options: &str) -> DriverResult<usize> {
    if options.is_empty() {
        return Ok(cores());
    }
    match options.parse::<usize>() {
        Ok(threads @ 1..=MOST_THREADS) => Ok(threads),
        _ => Err(DriverError::new(format!(
            "cpu-task takes a number of threads from 1 to {MOST_THREADS}, but got `{options}`"
        ))),
    }
}

/// Product name of the processor, or the architecture where the system does not tell it.
fn processor_name() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    info.lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(':').map(|(_, name)| name.trim().to_owned()))
        .unwrap_or_else(|| std::env::consts::ARCH.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thread_counts_are_checked() {
        assert_eq!(parse_threads("4"), Ok(4));
        assert_eq!(parse_threads(""), Ok(cores()));
        for bad in ["0", "256", "-1", "four", "4 "] {
            assert!(parse_threads(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn every_device_name_starts_with_the_drivers_name() {
        for device in CpuDriver::devices().expect("there is always a processor") {
            assert!(device.name.starts_with("cpu-"));
        }
    }
}
