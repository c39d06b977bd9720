//! The device on a real Vulkan implementation (a software one will do): memory, copies, and a kernel.

use std::{ffi::c_void, process::Command};

use ropt_driver::driver::{Binding, Device, Driver, Executable, Export, View};

use crate::{VulkanDriver, device::VulkanDevice};

fn device() -> VulkanDevice {
    VulkanDriver::open(0, "").expect("a Vulkan device; Debian's mesa-vulkan-drivers has one for any machine")
}

/// The kernel of scale.comp: `b[i] = a[i] * factor` for `i < count`.
fn scale() -> Vec<u8> {
    let folder =
        std::env::temp_dir().join(format!("ropt-vulkan-{}-{:?}", std::process::id(), std::thread::current().id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    let (source, binary) = (folder.join("scale.comp"), folder.join("scale.spv"));
    std::fs::write(&source, include_str!("tests/scale.comp")).expect("writes");
    let output = Command::new("glslangValidator")
        .args(["-V", "--target-env", "vulkan1.1", "-o"])
        .args([&binary, &source])
        .output()
        .expect("glslangValidator (Debian: glslang-tools)");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    let data = std::fs::read(&binary).expect("reads");
    std::fs::remove_dir_all(&folder).expect("removes");
    data
}

fn put(device: &mut VulkanDevice, data: &[f32]) -> u64 {
    let bytes = size_of_val(data) as u64;
    let address = device.allocate(bytes).expect("allocates");
    // SAFETY: the memory is as large as the data.
    unsafe { device.write(address, data.as_ptr().cast(), bytes) }.expect("writes");
    address
}

fn get<T: Clone + Default>(device: &mut VulkanDevice, address: u64, count: usize) -> Vec<T> {
    let mut data = vec![T::default(); count];
    // SAFETY: the tests read what they allocated.
    unsafe { device.read(data.as_mut_ptr().cast::<c_void>(), address, size_of_val(&data[..]) as u64) }.expect("reads");
    data
}

fn load(device: &mut VulkanDevice, data: &[u8], export: &str) -> Result<u64, String> {
    let export =
        Export { name: export, ordinal: 3, constants: 2, bindings: vec!["storage_buffer ReadOnly", "storage_buffer"] };
    let executable =
        Executable { name: "scale", format: "vulkan-spirv-fb", target: "", data, words: &[], exports: vec![export] };
    device.load(&executable).map_err(|error| error.to_string())
}

#[test]
fn memory_is_copied_filled_and_checked() {
    let mut device = device();
    let numbers: Vec<f32> = (0..1000).map(|n| n as f32).collect();
    let (a, b) = (put(&mut device, &numbers), device.allocate(4000).expect("allocates"));
    // SAFETY: all ranges lie inside of the two allocations.
    unsafe {
        device.copy(b + 400, a, 3600).expect("copies");
        device.fill(b, u64::from(2.5_f32.to_bits()), 4, 10).expect("fills");
        device.fill(b + 40, 0x3f80_0000_4000_0000, 8, 45).expect("fills");
    }
    let read: Vec<f32> = get(&mut device, b, 1000);
    assert_eq!(read[..12], [2.5, 2.5, 2.5, 2.5, 2.5, 2.5, 2.5, 2.5, 2.5, 2.5, 2.0, 1.0]);
    assert_eq!(read[98..101], [2.0, 1.0, 0.0]);
    assert_eq!(read[999], 899.0);
    // SAFETY: the range lies inside of the allocation.
    unsafe { device.fill(a + 1, 0xabcd, 2, 70_001).expect_err("the allocation is smaller") };
    // SAFETY: as above.
    unsafe { device.fill(a + 1, 0xabcd, 2, 1000).expect("fills at odd places") };
    let bytes: Vec<u8> = get(&mut device, a, 2002);
    assert_eq!(bytes[1..5], [0xcd, 0xab, 0xcd, 0xab]);
    assert_eq!(bytes[2000], 0xab);
    device.release(a).expect("releases");
    assert!(device.release(a).expect_err("twice").to_string().contains("not the start of an allocation"));
    // SAFETY: the device checks the address.
    let stale = unsafe { device.copy(b, a, 4) };
    assert!(stale.expect_err("released").to_string().contains("not inside an allocation"));
}

#[test]
fn strided_views_are_transposed() {
    let mut device = device();
    let a = put(&mut device, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    let b = put(&mut device, &[0.0; 6]);
    // SAFETY: both views lie inside of their allocations.
    unsafe {
        device
            .copy_strided(4, &[3, 2], View { address: b, strides: &[2, 1] }, View { address: a, strides: &[1, 3] })
            .expect("copies");
    }
    assert_eq!(get::<f32>(&mut device, b, 6), [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
}

#[test]
fn a_kernel_gets_bindings_and_constants() {
    let mut device = device();
    let kernel = load(&mut device, &scale(), "main").expect("loads");
    let numbers: Vec<f32> = (0..1000).map(|n| n as f32).collect();
    let (a, b) = (put(&mut device, &numbers), put(&mut device, &[-1.0; 1000]));
    let bind = |address, length| Binding { address, length };
    let constants = |count: u32, factor: f32| [count, factor.to_bits()];
    // SAFETY: the kernel stays inside of its bindings.
    unsafe {
        device.dispatch(kernel, 3, [16, 1, 1], &constants(900, 2.0), &[bind(a, 4000), bind(b, 4000)]).expect("runs");
        // In order: the second reads what the first wrote.
        device.dispatch(kernel, 3, [16, 1, 1], &constants(100, 3.0), &[bind(b, 4000), bind(a, 4000)]).expect("runs");
        // A binding where no descriptor may begin.
        device.dispatch(kernel, 3, [1, 1, 1], &constants(8, 10.0), &[bind(b + 4, 32), bind(a + 36, 32)]).expect("runs");
        device.dispatch(kernel, 3, [0, 1, 1], &constants(100, 0.0), &[bind(b, 4000), bind(a, 4000)]).expect("nothing");
    }
    let (mark, second) = (device.timestamp(), device.timestamp());
    let (read_a, read_b): (Vec<f32>, Vec<f32>) = (get(&mut device, a, 1000), get(&mut device, b, 1000));
    assert_eq!((read_b[899], read_b[900]), (1798.0, -1.0));
    assert_eq!((read_a[8], read_a[99], read_a[100]), (48.0, 594.0, 100.0));
    assert_eq!(read_a[9..17], [20.0, 40.0, 60.0, 80.0, 100.0, 120.0, 140.0, 160.0]);
    if let (Some(mark), Some(second)) = (mark, second) {
        assert!(device.elapsed(mark, second).expect("both are done") >= 0.0);
        assert!(device.elapsed(mark, 1 << 40).is_err());
    }
    device.unload(kernel).expect("unloads");
    assert!(device.unload(kernel).is_err());
}

#[test]
fn many_dispatches_reuse_command_buffers() {
    let mut device = device();
    let kernel = load(&mut device, &scale(), "main").expect("loads");
    let a = put(&mut device, &[1.0; 64]);
    let bindings = [Binding { address: a, length: 256 }; 2];
    for round in 0..3 {
        for _ in 0..400 {
            // SAFETY: the kernel stays inside of its bindings.
            unsafe { device.dispatch(kernel, 3, [1, 1, 1], &[64, (-1.0_f32).to_bits()], &bindings) }.expect("runs");
        }
        // SAFETY: as above.
        unsafe { device.dispatch(kernel, 3, [1, 1, 1], &[64, 2.0_f32.to_bits()], &bindings) }.expect("runs");
        assert_eq!(get::<f32>(&mut device, a, 64), vec![2.0_f32.powi(round + 1); 64]);
    }
}

#[test]
fn mistakes_are_sentences() {
    let mut device = device();
    let module = scale();
    let error = load(&mut device, &module, "mian").expect_err("no such entry point");
    assert!(error.contains("no entry point `mian`") && error.contains("`main`"), "{error}");
    let error = load(&mut device, &module[..module.len() / 2], "main").expect_err("half a module");
    assert!(error.contains("no SPIR-V module"), "{error}");
    assert!(load(&mut device, b"not at all", "main").is_err());
    let kernel = load(&mut device, &module, "main").expect("loads");
    // SAFETY: the device refuses these before anything runs.
    unsafe {
        let error = device.dispatch(kernel, 3, [1, 1, 1], &[], &[]).expect_err("no bindings").to_string();
        assert!(error.contains("takes 2 bindings and 2 constants"), "{error}");
        assert!(device.dispatch(kernel, 9, [1, 1, 1], &[], &[]).is_err());
        assert!(device.dispatch(99, 3, [1, 1, 1], &[], &[]).is_err());
        let grid = device.dispatch(kernel, 3, [u32::MAX, 1, 1], &[0, 0], &[Binding { address: 0, length: 0 }; 2]);
        assert!(grid.expect_err("a grid beyond all limits").to_string().contains("beyond the device's"));
    }
    assert!(device.allocate(1 << 60).is_err());
    let error = VulkanDriver::open(0, "no such card").err().map(|error| error.to_string()).unwrap_or_default();
    assert!(error.contains("no Vulkan device is called `no such card`"), "{error}");
}
