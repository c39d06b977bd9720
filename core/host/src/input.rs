//! Reading the input: MLIR text or bytecode.

use crate::{HostError, report::Report};
use std::io::Read;

/// What MLIR's bytecode begins with.
const BYTECODE: &[u8] = b"ML\xefR";

/// What editors of some systems put before a text, and MLIR does not know.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads a file or, for `-`, stdin; never more than the machine's memory holds twice.
///
/// # Errors
/// When the system refuses, when there is too much, or what cannot be MLIR.
pub fn read(name: &str) -> Result<(String, Vec<u8>), HostError> {
    let failed = |reason| HostError::Read { path: name.into(), reason };
    let most = rustix::system::sysinfo().totalram / 2;
    let too_much = || {
        let message = format!("{name} is too large: more than {most} bytes, half of this machine's memory");
        refused(message, "look at what wrote it: a program is MLIR text or bytecode")
    };
    let mut bytes = Vec::new();
    let read = if name == "-" {
        std::io::stdin().lock().take(most + 1).read_to_end(&mut bytes)
    } else {
        let file = std::fs::File::open(name).map_err(failed)?;
        let about = file.metadata().map_err(failed)?;
        if about.is_file() && about.len() > most {
            return Err(too_much());
        }
        file.take(most + 1).read_to_end(&mut bytes)
    };
    if read.map_err(failed)? as u64 > most {
        return Err(too_much());
    }
    let name = if name == "-" { "<stdin>" } else { name };
    if starts_as_mlir(&bytes) {
        return Ok((name.into(), bytes));
    }
    let help = if bytes.starts_with(BYTE_ORDER_MARK) {
        "save the text without a byte order mark"
    } else {
        "a program is MLIR text or bytecode; data goes to the compiled program, as `ropt-run run PROGRAM --input=@FILE`"
    };
    let start = bytes[..bytes.len().min(6)].escape_ascii();
    Err(refused(format!("{name} is no MLIR: it begins with the bytes `{start}`"), help))
}

fn refused(message: String, help: &str) -> HostError {
    HostError::Input(Box::new(Report::error(message).help(Some(help.to_owned()))))
}

/// Whether MLIR gets past the first character: what is wrong behind it, MLIR points at.
fn starts_as_mlir(bytes: &[u8]) -> bool {
    let is_text = |first: &u8| first.is_ascii_graphic() || first.is_ascii_whitespace();
    bytes.first().is_none_or(is_text) || bytes.starts_with(BYTECODE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_cannot_be_mlir_is_refused() {
        for bytes in [&b""[..], b"module {}", b"\n\n#map = 1", b"// \xc3\xa4", b"ML\xefR\x06", b"PK\x03\x04", b"%"] {
            assert!(starts_as_mlir(bytes), "{}", bytes.escape_ascii());
        }
        for bytes in [&b"\x93NUMPY\x01"[..], b"\x7fELF", b"\x08\x07", b"\0", b"\xef\xbb\xbfmodule"] {
            assert!(!starts_as_mlir(bytes), "{}", bytes.escape_ascii());
        }
    }
}
