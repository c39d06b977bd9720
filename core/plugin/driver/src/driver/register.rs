//! Which drivers a plugin has.

use abi_stable::std_types::RVec;
use ropt_abi::driver::DriverDescriptorRef;

/// A driver as `register_driver!` submits it.
pub struct DriverEntry {
    /// Its name.
    pub name: &'static str,
    /// One line for people.
    pub summary: &'static str,
    /// Makes its table from name and summary.
    pub descriptor: fn(&'static str, &'static str) -> DriverDescriptorRef,
}

inventory::collect!(DriverEntry);

/// The tables of the drivers registered in this dylib, as the root module hands them over.
pub(crate) extern "C" fn registered_drivers_c() -> RVec<DriverDescriptorRef> {
    registered_drivers()
}

/// The tables of the drivers registered in this dylib, by name.
pub fn registered_drivers() -> RVec<DriverDescriptorRef> {
    let mut drivers: Vec<_> =
        inventory::iter::<DriverEntry>.into_iter().map(|entry| (entry.descriptor)(entry.name, entry.summary)).collect();
    drivers.sort_by_key(|driver| driver.name().as_str());
    drivers.into()
}

/// Registers a type that implements [`Driver`](crate::driver::Driver): its name, one line for people, the type.
///
/// ```
/// use ropt_driver::driver::{DeviceInfo, Driver, DriverResult, registered_drivers};
/// # use std::ffi::c_void;
/// # use ropt_driver::driver::{Binding, Device, Executable, View};
/// # struct Card;
/// # impl Device for Card {
/// #     fn allocate(&mut self, _: u64) -> DriverResult<u64> { Ok(0) }
/// #     fn release(&mut self, _: u64) -> DriverResult { Ok(()) }
/// #     unsafe fn import(&mut self, _: *const c_void, _: u64) -> DriverResult<u64> { Ok(0) }
/// #     unsafe fn copy(&mut self, _: u64, _: u64, _: u64) -> DriverResult { Ok(()) }
/// #     unsafe fn copy_strided(&mut self, _: u32, _: &[i64], _: View<'_>, _: View<'_>) -> DriverResult { Ok(()) }
/// #     unsafe fn fill(&mut self, _: u64, _: u64, _: u32, _: u64) -> DriverResult { Ok(()) }
/// #     unsafe fn read(&mut self, _: *mut c_void, _: u64, _: u64) -> DriverResult { Ok(()) }
/// #     unsafe fn write(&mut self, _: u64, _: *const c_void, _: u64) -> DriverResult { Ok(()) }
/// #     fn load(&mut self, _: &Executable<'_>) -> DriverResult<u64> { Ok(0) }
/// #     fn unload(&mut self, _: u64) -> DriverResult { Ok(()) }
/// #     unsafe fn dispatch(&mut self, _: u64, _: u32, _: [u32; 3], _: &[u32], _: &[Binding]) -> DriverResult { Ok(()) }
/// # }
///
/// struct Acme;
///
/// impl Driver for Acme {
///     const FORMATS: &'static [&'static str] = &["acme-code"];
///     type Device = Card;
///
///     fn devices() -> DriverResult<Vec<DeviceInfo>> {
///         Ok(vec![DeviceInfo { name: "acme".to_owned(), ..DeviceInfo::default() }])
///     }
///     fn open(_index: u32, _options: &str) -> DriverResult<Card> {
///         Ok(Card)
///     }
/// }
///
/// ropt_driver::register_driver!("acme", "drives acme's cards", Acme);
///
/// # fn main() {
/// let drivers = registered_drivers();
/// assert_eq!(drivers[0].name().as_str(), "acme");
/// assert_eq!(drivers[0].devices()().unwrap()[0].name.as_str(), "acme");
/// # }
/// ```
#[macro_export]
macro_rules! register_driver {
    ($name:literal, $help:literal, $driver:ty) => {
        $crate::record!(concat!("{\"driver\":\"", $name, "\",\"help\":\"", $help, "\"}"));
        $crate::inventory::submit! {
            $crate::driver::DriverEntry {
                name: $name,
                summary: $help,
                descriptor: $crate::driver::descriptor::<$driver>,
            }
        }
    };
}
