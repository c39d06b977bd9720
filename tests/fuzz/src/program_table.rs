//! The table in a compiled program: JSON that says what can be called and dispatched.

use ropt_runtime::program::read_table;

pub(crate) fn run(data: &[u8]) {
    let Ok((manifest, signatures)) = read_table(data) else { return };
    assert_eq!(manifest.functions.len(), signatures.len());
    let written = serde_json::to_vec(&manifest).expect("a manifest is plain data");
    let again = read_table(&written).expect("what was read can be written");
    assert_eq!(again, (manifest, signatures));
}
