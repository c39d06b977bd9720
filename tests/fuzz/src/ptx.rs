//! PTX text.

use ropt_executable::ptx;

pub(crate) fn run(data: &[u8]) {
    let Some(text) = crate::text(data) else { return };
    assert!(ptx::entries(text).iter().all(|entry| !entry.name.is_empty()));
    assert!(ptx::target(text).is_none_or(|target| target.starts_with("sm_")));
}
