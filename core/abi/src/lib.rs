//! What crosses a dylib boundary: stable-ABI tables, the static manifest, versions
