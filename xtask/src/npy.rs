//! Writes and reads float32 arrays as .npy files, so that the demo needs no Python.

use std::{fs, path::Path};

use crate::error::{Error, Result};

/// Writes an array in C order.
pub(crate) fn write(path: &Path, shape: &[usize], values: &[f32]) -> Result<()> {
    let dims: String = shape.iter().map(|d| format!("{d}, ")).collect();
    let mut header = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({}), }}", dims.trim_end());
    // Magic, version and length take 10 bytes; the data starts at a multiple of 64.
    let padded = (10 + header.len() + 1).next_multiple_of(64) - 10;
    header.extend(std::iter::repeat_n(' ', padded - header.len() - 1));
    header.push('\n');
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
    fs::write(path, bytes).map_err(Error::file("write", path))
}

/// Reads the values of a float32 array.
pub(crate) fn read(path: &Path) -> Result<Vec<f32>> {
    let bytes = fs::read(path).map_err(Error::file("read", path))?;
    let wrong = |what: &str| Error::Wrong(format!("{} is not a float32 .npy file: {what}", path.display()));
    if !bytes.starts_with(b"\x93NUMPY\x01") {
        return Err(wrong("no version 1 header"));
    }
    let length = bytes.get(8..10).ok_or_else(|| wrong("cut short"))?;
    let start = 10 + usize::from(u16::from_le_bytes([length[0], length[1]]));
    let header = String::from_utf8_lossy(bytes.get(10..start).ok_or_else(|| wrong("cut short"))?);
    if !header.contains("'<f4'") {
        return Err(wrong(&header));
    }
    Ok(bytes[start..].as_chunks::<4>().0.iter().map(|chunk| f32::from_le_bytes(*chunk)).collect())
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_written_is_read() {
        let path = std::env::temp_dir().join(format!("xtask-npy-{}.npy", std::process::id()));
        let values = [1.0, -2.5, f32::MAX, 0.0, 1e-30, 7.0];
        super::write(&path, &[2, 3], &values).expect("the temporary folder is writable");
        assert_eq!(super::read(&path).expect("it was just written"), values);
        std::fs::remove_file(&path).expect("it was just written");
    }
}
