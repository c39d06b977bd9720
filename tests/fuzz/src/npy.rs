//! NumPy's files.

use ropt_runtime::npy;

pub(crate) fn run(data: &[u8]) {
    if let Ok(array) = npy::read(data) {
        assert!(array.data.len() <= data.len());
        assert_eq!(npy::read(&npy::write(&array)), Ok(array));
    }
}
