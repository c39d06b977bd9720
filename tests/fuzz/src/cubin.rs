//! The kernels of a cubin.

use ropt_executable::cubin;

pub(crate) fn run(data: &[u8]) {
    let kernels = cubin::entries(data).unwrap_or_default();
    assert!(kernels.is_sorted_by(|a, b| a.name <= b.name));
}
