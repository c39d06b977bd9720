//! Sizes as people write them.

use thiserror::Error;

const UNITS: [(&str, u32); 5] = [("KiB", 10), ("MiB", 20), ("GiB", 30), ("TiB", 40), ("B", 0)];

/// Not a size.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is not a size: expected a number of bytes, or one with KiB, MiB, GiB or TiB behind it")]
pub struct SizeError(pub String);

/// Bytes of `1048576`, `512MiB`, `1.5GiB`.
///
/// # Errors
/// When the text is no size.
pub fn parse_size(text: &str) -> Result<u64, SizeError> {
    let wrong = || SizeError(text.to_owned());
    let trimmed = text.trim();
    let (number, shift) = UNITS
        .iter()
        .find_map(|(unit, shift)| Some((trimmed.strip_suffix(unit)?.trim_end(), *shift)))
        .unwrap_or((trimmed, 0));
    if let Ok(whole) = number.parse::<u64>() {
        return whole.checked_mul(1 << shift).ok_or_else(wrong);
    }
    let plain = number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let part: f64 = number.parse().ok().filter(|_| plain && shift > 0).ok_or_else(wrong)?;
    let bytes = part * (1_u64 << shift) as f64;
    // Beyond 2^53 a fraction says nothing.
    if bytes < 9e15 { Ok(bytes as u64) } else { Err(wrong()) }
}

/// The size for people: `3.2 MiB`.
#[must_use]
pub fn size_text(bytes: u64) -> String {
    let unit = UNITS[..4].iter().rev().find(|(_, shift)| bytes >> shift > 0);
    unit.map_or_else(
        || format!("{bytes} B"),
        |(unit, shift)| format!("{:.1} {unit}", bytes as f64 / (1_u64 << shift) as f64),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_and_written() {
        for (text, bytes) in [("0", 0), ("1048576", 1 << 20), ("512MiB", 512 << 20), ("1.5 GiB", 3 << 29), ("7B", 7)] {
            assert_eq!(parse_size(text), Ok(bytes), "{text}");
        }
        for text in ["", "MiB", "1GB", "-1", "1.5", "1e3KiB", "99999999TiB", "inf KiB"] {
            assert!(parse_size(text).is_err(), "{text}");
        }
        assert_eq!((size_text(0).as_str(), size_text(1 << 30).as_str()), ("0 B", "1.0 GiB"));
        assert_eq!(size_text(3_400_000), "3.2 MiB");
    }
}
