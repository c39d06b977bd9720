// Which calls fail, and how: `STAND_IN_FAIL=call:code[:n],…`. The call answers `code` from its n-th time on (the first,
// when nothing is said), or never comes back when the code is `hang`. Included by each stand-in.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

static COUNTS: Mutex<BTreeMap<&'static str, u32>> = Mutex::new(BTreeMap::new());

/// The code that the call fails with, if it does.
fn fault(call: &'static str) -> Option<i32> {
    let told = std::env::var("STAND_IN_FAIL").ok()?;
    let rule = told.split(',').find(|rule| rule.split(':').next() == Some(call))?;
    let mut parts = rule.split(':').skip(1);
    let code = parts.next().expect("STAND_IN_FAIL names a code: call:code");
    let first = parts.next().map_or(1, |n| n.parse().expect("the time is a number: call:code:time"));
    let mut counts = COUNTS.lock().unwrap_or_else(PoisonError::into_inner);
    let count = counts.entry(call).or_default();
    *count += 1;
    if *count < first {
        return None;
    }
    drop(counts);
    if code == "hang" {
        loop {
            std::thread::park();
        }
    }
    Some(code.parse().expect("the code is a number, or hang"))
}
