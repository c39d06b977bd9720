//! The records of a plugin's manifest.

use ropt_abi::manifest::{Manifest, read_records};

pub(crate) fn run(data: &[u8]) {
    let manifest = match read_records(data) {
        Ok(manifest) => manifest,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    assert_eq!(read_records(&written(&manifest)), Ok(manifest));
}

/// The records as a macro would write them.
fn written(manifest: &Manifest) -> Vec<u8> {
    let Manifest { header, passes, targets, drivers } = manifest;
    let mut records = vec![serde_json::to_vec(header)];
    records.extend(passes.iter().map(serde_json::to_vec));
    records.extend(targets.iter().map(serde_json::to_vec));
    records.extend(drivers.iter().map(serde_json::to_vec));
    let records: Vec<Vec<u8>> = records.into_iter().map(|record| record.expect("records are plain data")).collect();
    records.join(&0)
}
