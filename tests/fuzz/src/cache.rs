//! An entry of the cache, and the parts of its content.

use ropt_cache::{KeyMaker, entry, pack, unpack};

pub(crate) fn run(data: &[u8]) {
    let key = KeyMaker::new("fuzz").finish();
    // Only the writer makes a file whose checksum holds.
    if let Ok(content) = entry::decode(&key, data.to_vec()) {
        assert_eq!(entry::encode(&key, &content), data);
    }
    assert_eq!(entry::decode(&key, entry::encode(&key, data)).as_deref(), Ok(data));
    if let Some(parts) = unpack(data) {
        assert_eq!(pack(&parts), data);
    }
}
