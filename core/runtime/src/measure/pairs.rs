//! Two programs against each other: calls in turn, a ratio for each turn, and a verdict from the ratios' interval.
//!
//! One observation is a call of either side, right after one another, in an order chosen at random; its ratio is `b / a`.
//! What slows the machine down for a while meets both of them, so ratios are far steadier than times; a program against
//! itself gives ratios above and below 1 with the same chance, however the machine's noise hangs together and wherever it
//! drifts. Both sides use the same arguments, and the same memory for their results: where memory lies can make one
//! program some percent faster than itself.
//!
//! The interval is the one of `statistics`, at 99 %. It is looked at five times at most, so that all looks together are
//! right in 95 of 100 comparisons.

use std::time::{Duration, Instant};

use super::{
    Effort, group,
    random::Random,
    sampling,
    statistics::{Confidence, Interval, Statistics, median_interval},
    timed, warm,
};
use crate::{call::Call, session::SessionError};

/// When a comparison ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairLimits {
    /// Most time; the interval is looked at after 1/81, 1/27, 1/9, 1/3 and all of it.
    pub max_time: Duration,
    /// Programs whose times differ by no more than this part are the same: 0.02 is 2 %.
    pub threshold: f64,
}

/// What is known of B against A.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The whole interval lies within the threshold.
    Same,
    /// B takes less time: the whole interval lies below the threshold.
    Faster,
    /// B takes more time: the whole interval lies above the threshold.
    Slower,
    /// The interval reaches over an end of the threshold, or there is none.
    Unclear,
}

impl Verdict {
    /// `same`, `faster`, `slower`, `unclear`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Faster => "faster",
            Self::Slower => "slower",
            Self::Unclear => "unclear",
        }
    }

    fn of(interval: Option<Interval>, threshold: f64) -> Self {
        let (low, high) = (1.0 / (1.0 + threshold), 1.0 + threshold);
        match interval {
            Some(interval) if interval.high < low => Self::Faster,
            Some(interval) if interval.low > high => Self::Slower,
            Some(interval) if low <= interval.low && interval.high <= high => Self::Same,
            _ => Self::Unclear,
        }
    }
}

/// Two programs, measured in turn.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Times of a call of A.
    pub a: Statistics,
    /// Times of a call of B.
    pub b: Statistics,
    /// Observations, each of one call or group of calls of either side.
    pub observations: usize,
    /// Median of the ratios of B's time to A's.
    pub ratio: f64,
    /// Its 99 % interval; None when there were too few observations.
    pub interval: Option<Interval>,
    /// What that says.
    pub verdict: Verdict,
    /// How long it took.
    pub spent: Duration,
}

/// A group of calls takes at least this long.
const SHORTEST_SAMPLE: Duration = Duration::from_micros(50);

/// Compares two prepared calls.
///
/// # Errors
/// When a call fails.
pub fn compare_calls<'s>(
    a: &mut Call<'s>,
    b: &mut Call<'s>,
    effort: Effort,
    limits: PairLimits,
) -> Result<Comparison, SessionError> {
    let (_, a_each) = warm(a, effort)?;
    let (_, b_each) = warm(b, effort)?;
    let shortest = SHORTEST_SAMPLE.max(limits.max_time / (sampling::MOST / 2) as u32);
    let groups = [group(shortest, a_each), group(shortest, b_each)];
    let start = Instant::now();
    compare(
        limits,
        groups,
        || start.elapsed(),
        |side| {
            let call = if side == 0 { &mut *a } else { &mut *b };
            let time = timed(call, groups[side])? / f64::from(effort.batch);
            // The other side gets the same memory for its results.
            call.release_results()?;
            Ok(time)
        },
    )
}

/// Compares sides 0 and 1, whose times `sample` gives in nanoseconds.
fn compare<E>(
    limits: PairLimits,
    groups: [u32; 2],
    elapsed: impl Fn() -> Duration,
    mut sample: impl FnMut(usize) -> Result<f64, E>,
) -> Result<Comparison, E> {
    let (mut random, mut ratios, mut times) = (Random::new(0), Vec::new(), [Vec::new(), Vec::new()]);
    let mut look = (limits.max_time / 81).max(Duration::from_nanos(1));
    loop {
        let first = (random.bits() & 1) as usize;
        let mut pair = [0.0; 2];
        for side in [first, 1 - first] {
            pair[side] = sample(side)?;
            times[side].push(pair[side]);
        }
        let [a, b] = pair.map(|time: f64| time.max(f64::MIN_POSITIVE));
        ratios.push(b / a);
        let spent = elapsed();
        let over = spent >= limits.max_time;
        if spent < look && !over {
            continue;
        }
        while look <= spent {
            look *= 3;
        }
        let (ratio, interval) = median_interval(&ratios, Confidence::P99);
        let verdict = Verdict::of(interval, limits.threshold);
        if over || verdict != Verdict::Unclear {
            let [a, b] = [0, 1].map(|side| Statistics::of(&times[side], groups[side]));
            return Ok(Comparison { a, b, observations: ratios.len(), ratio, interval, verdict, spent });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{cell::Cell, convert::Infallible};

    const LIMITS: PairLimits = PairLimits { max_time: Duration::from_secs(3), threshold: 0.02 };

    /// Compares a program with one of `factor` times its time, on a machine whose noise comes in spells and which gets
    /// slower by a tenth over the comparison.
    fn noisy(factor: f64, seed: u64) -> Comparison {
        let (clock, mut random, mut spell) = (Cell::new(Duration::ZERO), Random::new(seed), 0.0);
        let sample = |side: usize| {
            spell = 0.95 * spell + 0.05 * random.unit();
            let outlier = if random.unit() < 0.02 { 4.0 } else { 1.0 };
            let drift = 1.0 + clock.get().as_secs_f64() / 20.0;
            let time =
                1e6 * drift * outlier * (1.0 + spell + 0.1 * random.unit()) * if side == 1 { factor } else { 1.0 };
            clock.set(clock.get() + Duration::from_nanos(time as u64));
            Ok(time)
        };
        compare::<Infallible>(LIMITS, [1, 1], || clock.get(), sample).expect("cannot fail")
    }

    /// How often each verdict comes.
    fn verdicts(factor: f64) -> [usize; 4] {
        let mut counts = [0; 4];
        for seed in 0..200 {
            counts[noisy(factor, seed).verdict as usize] += 1;
        }
        counts
    }

    #[test]
    fn a_program_is_the_same_as_itself_in_spite_of_noise_and_drift() {
        let [same, faster, slower, _] = verdicts(1.0);
        assert!(same >= 195 && faster + slower <= 2, "{same} same, {faster} faster, {slower} slower of 200");
    }

    #[test]
    fn differences_are_seen_on_both_sides() {
        let [same, faster, slower, unclear] = verdicts(1.1);
        assert!(slower >= 195 && same + faster == 0, "{slower} slower, {unclear} unclear of 200");
        let [same, faster, slower, unclear] = verdicts(0.9);
        assert!(faster >= 195 && same + slower == 0, "{faster} faster, {unclear} unclear of 200");
    }

    #[test]
    fn the_interval_holds_the_true_ratio() {
        let holds = |seed: &u64| {
            let interval = noisy(1.1, *seed).interval.expect("observations enough");
            interval.low <= 1.1 && 1.1 <= interval.high
        };
        let held = (0..200).filter(holds).count();
        assert!(held >= 188, "{held} of 200");
    }

    #[test]
    fn a_difference_at_the_threshold_is_unclear() {
        let [same, faster, slower, unclear] = verdicts(1.02);
        assert!(unclear >= 180 && faster == 0, "{same} same, {slower} slower of 200");
    }

    #[test]
    fn too_few_observations_tell_nothing() {
        let clock = Cell::new(Duration::ZERO);
        let slow = |_| {
            clock.set(clock.get() + Duration::from_millis(300));
            Ok(3e8)
        };
        let comparison = compare::<Infallible>(LIMITS, [1, 1], || clock.get(), slow).expect("cannot fail");
        assert_eq!((comparison.verdict, comparison.interval, comparison.observations), (Verdict::Unclear, None, 5));
    }

    #[test]
    fn no_time_is_time_for_one_observation() {
        let limits = PairLimits { max_time: Duration::ZERO, ..LIMITS };
        let comparison = compare::<Infallible>(limits, [1, 1], || Duration::ZERO, |_| Ok(1.0)).expect("cannot fail");
        assert_eq!((comparison.verdict, comparison.observations), (Verdict::Unclear, 1));
    }

    #[test]
    fn verdicts_are_about_the_whole_interval() {
        let of = |low, high| Verdict::of(Some(Interval { low, high }), 0.02);
        assert_eq!(of(0.99, 1.01), Verdict::Same);
        assert_eq!(of(0.9, 0.97), Verdict::Faster);
        assert_eq!(of(1.021, 1.2), Verdict::Slower);
        assert_eq!(of(0.97, 1.0), Verdict::Unclear);
        assert_eq!(of(1.01, 1.2), Verdict::Unclear);
        assert_eq!(Verdict::of(None, 0.02), Verdict::Unclear);
    }
}
