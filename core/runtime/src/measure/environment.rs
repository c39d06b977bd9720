//! The machine that times come from, as far as it tells.

use std::fs::read_to_string;

use super::cold::{allowed_processors, last_level_cache};

/// What times depend on besides the program.
#[derive(Debug, Clone, PartialEq)]
pub struct Environment {
    /// The processor's name.
    pub processor: Option<String>,
    /// Processors that this process may use.
    pub processors: usize,
    /// Bytes of the last-level cache.
    pub cache: Option<u64>,
    /// MHz at this moment.
    pub frequency: Option<f64>,
    /// Highest MHz.
    pub highest_frequency: Option<f64>,
    /// How the system chooses the frequency, for example `performance`.
    pub governor: Option<String>,
    /// Processes that ran or waited to run, in the mean of the last minute, five and fifteen minutes.
    pub load: Option<[f64; 3]>,
    /// The kernel's name and version.
    pub system: Option<String>,
}

impl Environment {
    /// Asks the system. What it does not tell is None, as the frequency often is on virtual machines.
    #[must_use]
    pub fn read() -> Self {
        let processors = allowed_processors();
        let first = processors.first().copied().unwrap_or_default();
        let frequency_file = |name: &str| {
            let text = read_to_string(format!("/sys/devices/system/cpu/cpu{first}/cpufreq/{name}")).ok()?;
            Some(text.trim().to_owned()).filter(|text| !text.is_empty())
        };
        let megahertz = |name: &str| frequency_file(name)?.parse::<f64>().ok().map(|kilohertz| kilohertz / 1e3);
        let info = read_to_string("/proc/cpuinfo").unwrap_or_default();
        let version = |name: &str| read_to_string(format!("/proc/sys/kernel/{name}")).ok();
        Self {
            processor: cpuinfo(&info, "model name"),
            processors: processors.len(),
            cache: last_level_cache(),
            frequency: megahertz("scaling_cur_freq").or_else(|| cpuinfo(&info, "cpu MHz")?.parse().ok()),
            highest_frequency: megahertz("cpuinfo_max_freq"),
            governor: frequency_file("scaling_governor"),
            load: read_to_string("/proc/loadavg").ok().and_then(|text| load(&text)),
            system: version("ostype")
                .zip(version("osrelease"))
                .map(|(name, release)| format!("{} {}", name.trim(), release.trim())),
        }
    }
}

/// The value of a line `key : value` of /proc/cpuinfo.
fn cpuinfo(text: &str, key: &str) -> Option<String> {
    let values = text.lines().filter_map(|line| line.split_once(':'));
    values.into_iter().find(|(name, _)| name.trim() == key).map(|(_, value)| value.trim().to_owned())
}

fn load(text: &str) -> Option<[f64; 3]> {
    let mut numbers = text.split_whitespace().map_while(|word| word.parse().ok());
    Some([numbers.next()?, numbers.next()?, numbers.next()?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_the_system_are_read() {
        let info = "processor\t: 0\nmodel name\t: A CPU @ 2.0GHz: fast\ncpu MHz\t\t: 2445.43\n";
        assert_eq!(cpuinfo(info, "model name").as_deref(), Some("A CPU @ 2.0GHz: fast"));
        assert_eq!(cpuinfo(info, "cpu MHz").as_deref(), Some("2445.43"));
        assert_eq!(cpuinfo(info, "governor"), None);
        assert_eq!(load("1.30 0.50 0.25 2/300 1234\n"), Some([1.3, 0.5, 0.25]));
        assert_eq!(load("garbage"), None);
    }

    #[test]
    fn this_machine_tells_something() {
        let environment = Environment::read();
        assert!(environment.processors >= 1);
        assert!(environment.system.is_some_and(|system| system.starts_with("Linux")));
    }
}
