//! A cheap clock for decisions, and the exact one for reports.

use std::{sync::OnceLock, time::Instant};

/// Ticks of an unspecified, steady rate between one and five a nanosecond: good for "a few microseconds".
#[inline]
pub(crate) fn ticks() -> u64 {
    #[cfg(target_arch = "x86_64")]
    {
        // SAFETY: every x86-64 processor has the instruction.
        unsafe { core::arch::x86_64::_rdtsc() }
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        nanoseconds().saturating_mul(2)
    }
}

/// Nanoseconds since the first call.
pub(crate) fn nanoseconds() -> u64 {
    static START: OnceLock<Instant> = OnceLock::new();
    u64::try_from(START.get_or_init(Instant::now).elapsed().as_nanos()).unwrap_or(u64::MAX)
}
