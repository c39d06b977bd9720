//! What a device tells of its own state: clocks, temperature, whether something holds its clock down.

use crate::session::Session;

/// The state at one moment. Drivers answer by [`ropt_abi::driver`]'s query, in the category `hal.device.state`; what they
/// do not know is None.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeviceState {
    /// MHz of the processors (`clock-mhz`).
    pub clock: Option<i64>,
    /// The highest MHz that they can have (`highest-clock-mhz`).
    pub highest_clock: Option<i64>,
    /// MHz of the memory (`memory-clock-mhz`).
    pub memory_clock: Option<i64>,
    /// Degrees Celsius (`temperature-c`).
    pub temperature: Option<i64>,
    /// What holds the clock down, of `idle`, `power`, `heat`, `hardware` (`throttle.…`: 1 or 0); None where the driver
    /// does not tell.
    pub throttled: Option<Vec<&'static str>>,
}

/// Why a clock can be held down.
const REASONS: [&str; 4] = ["idle", "power", "heat", "hardware"];

impl DeviceState {
    /// Asks the session's device; None when it tells nothing, as processors and most Vulkan drivers.
    #[must_use]
    pub fn of(session: &Session<'_>) -> Option<Self> {
        Self::from(|key| session.context().device.query("hal.device.state", key))
    }

    fn from(ask: impl Fn(&str) -> Option<i64>) -> Option<Self> {
        let reasons: Vec<_> = REASONS.iter().map(|reason| (*reason, ask(&format!("throttle.{reason}")))).collect();
        let known = reasons.iter().any(|(_, held)| held.is_some());
        let state = Self {
            clock: ask("clock-mhz"),
            highest_clock: ask("highest-clock-mhz"),
            memory_clock: ask("memory-clock-mhz"),
            temperature: ask("temperature-c"),
            throttled: known
                .then(|| reasons.into_iter().filter(|(_, held)| *held == Some(1)).map(|(name, _)| name).collect()),
        };
        (state != Self::default()).then_some(state)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_told_is_none() {
        assert_eq!(DeviceState::from(|_| None), None);
        let state = DeviceState::from(|key| match key {
            "clock-mhz" => Some(1980),
            "throttle.power" => Some(1),
            "throttle.heat" => Some(0),
            _ => None,
        });
        let state = state.expect("a state");
        assert_eq!((state.clock, state.temperature), (Some(1980), None));
        assert_eq!(state.throttled, Some(vec!["power"]));
    }
}
