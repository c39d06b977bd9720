//! What the CPU device answers to `hal.device.query`.

/// A number by category and key; None for what is not known here.
pub(crate) fn query(category: &str, key: &str, threads: usize) -> Option<i64> {
    match (category, key) {
        ("hal.device" | "hal.dispatch", "concurrency") => i64::try_from(threads).ok(),
        ("hal.cpu", feature) => has(feature).map(i64::from),
        _ => None,
    }
}

/// A table of features by LLVM's name and, where it is another, by Rust's.
macro_rules! features {
    ($detected:ident, $key:expr; $($llvm:tt $(= $rust:tt)?),* $(,)?) => {
        match $key {
            $($llvm => Some(features!(@ask $detected, $llvm $(, $rust)?)),)*
            _ => None,
        }
    };
    (@ask $detected:ident, $llvm:tt) => { std::arch::$detected!($llvm) };
    (@ask $detected:ident, $llvm:tt, $rust:tt) => { std::arch::$detected!($rust) };
}

/// Whether this processor has a feature; None for names that are no feature of its architecture.
#[cfg(target_arch = "x86_64")]
fn has(feature: &str) -> Option<bool> {
    features!(is_x86_feature_detected, feature;
        "sse2", "sse3", "ssse3", "sse4.1", "sse4.2", "sse4a", "popcnt", "avx", "avx2", "fma", "f16c", "bmi" = "bmi1",
        "bmi2", "lzcnt", "adx", "aes", "sha", "vaes", "gfni", "avxvnni", "avx512f", "avx512cd", "avx512dq", "avx512bw",
        "avx512vl", "avx512ifma", "avx512vbmi", "avx512vbmi2", "avx512vnni", "avx512bitalg", "avx512vpopcntdq",
        "avx512bf16", "avx512fp16",
    )
}

/// Whether this processor has a feature; None for names that are no feature of its architecture.
#[cfg(target_arch = "aarch64")]
fn has(feature: &str) -> Option<bool> {
    features!(is_aarch64_feature_detected, feature;
        "neon", "fp16", "dotprod", "i8mm", "bf16", "sve", "sve2", "lse", "rdm", "aes", "sha2",
    )
}

/// Nothing is known of other architectures.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn has(_feature: &str) -> Option<bool> {
    None
}

#[cfg(test)]
mod tests {
    use super::query;

    #[test]
    fn answers_what_it_knows() {
        assert_eq!(query("hal.device", "concurrency", 3), Some(3));
        assert_eq!(query("hal.cpu", "no-such-feature", 1), None);
        assert_eq!(query("some", "feature", 1), None);
        let base = if cfg!(target_arch = "x86_64") { "sse2" } else { "neon" };
        assert_eq!(query("hal.cpu", base, 1), Some(1));
    }
}
