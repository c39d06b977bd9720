//! Outputs appear whole or not at all.

use crate::error::HostError;
use std::{fs, io::Write, path::Path};

/// Writes a file through a temporary one in the same folder, which is renamed at the end. `-` is stdout. A device or
/// pipe is written directly, for there is nothing to rename.
///
/// # Errors
/// When the system refuses; an older file stays as it was.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), HostError> {
    let failed = |reason| HostError::Write { path: path.to_path_buf(), reason };
    if path.as_os_str() == "-" {
        let mut stdout = std::io::stdout().lock();
        return stdout.write_all(bytes).and_then(|()| stdout.flush()).map_err(failed);
    }
    if fs::metadata(path).is_ok_and(|data| !data.is_file()) {
        return fs::write(path, bytes).map_err(failed);
    }
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.flush()).map_err(failed)?;
    let mode = fs::metadata(path).map(|data| data.permissions()).ok();
    let mode = mode.unwrap_or_else(|| std::os::unix::fs::PermissionsExt::from_mode(0o644));
    file.as_file().set_permissions(mode).map_err(failed)?;
    file.persist(path).map(drop).map_err(|error| failed(error.error))
}
