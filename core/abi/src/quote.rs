//! How a value is written as an option in a pipeline's text, so that MLIR's parser gives it back.
//!
//! MLIR strips one pair of quotes or braces around a whole value, and splits lists at commas outside of quotes and
//! brackets. It keeps the quotes of a list's entry, and our passes take them off. Both parsers count braces wherever
//! they stand, so a value with a brace of no partner cannot be written.

use thiserror::Error;

/// A value that no spelling stands for.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` cannot be written in a pipeline: it holds both kinds of quotes, or a brace without its partner")]
pub struct Unwritable(pub String);

/// One value.
///
/// # Errors
/// When nothing stands for it.
pub fn scalar(value: &str) -> Result<String, Unwritable> {
    if !balanced(value) {
        return Err(Unwritable(value.into()));
    }
    let (marks, braces) = (value.contains(['\'', '"']), value.contains('{'));
    if marks || braces {
        // With both kinds of quotes there are braces left, which MLIR takes off as well.
        match quoted(value) {
            Err(_) if !braces => Ok(format!("{{{value}}}")),
            other => other,
        }
    } else if value.contains(char::is_whitespace) || value.contains(';') {
        Ok(format!("{{{value}}}"))
    } else {
        Ok(value.into())
    }
}

/// The entries of a list.
///
/// # Errors
/// When nothing stands for one of them.
pub fn list<'a>(entries: impl IntoIterator<Item = &'a str>) -> Result<String, Unwritable> {
    let special = |entry: &str| entry.contains(|c: char| c.is_whitespace() || ",;'\"(){}[]".contains(c));
    let (mut written, mut any) = (Vec::new(), false);
    for entry in entries {
        any |= special(entry);
        written.push(match special(entry) {
            true if balanced(entry) => quoted(entry)?,
            true => return Err(Unwritable(entry.into())),
            false => entry.into(),
        });
    }
    let text = written.join(",");
    Ok(if any { format!("{{{text}}}") } else { text })
}

fn quoted(value: &str) -> Result<String, Unwritable> {
    match (value.contains('"'), value.contains('\'')) {
        (false, _) => Ok(format!("\"{value}\"")),
        (true, false) => Ok(format!("'{value}'")),
        (true, true) => Err(Unwritable(value.into())),
    }
}

fn balanced(value: &str) -> bool {
    let mut depth = 0_usize;
    for c in value.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return false,
            '}' => depth -= 1,
            _ => {}
        }
    }
    depth == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_values_stay_and_others_are_wrapped() {
        assert_eq!(scalar("/tmp/a,b").as_deref(), Ok("/tmp/a,b"));
        assert_eq!(scalar("a b").as_deref(), Ok("{a b}"));
        assert_eq!(scalar("it's").as_deref(), Ok("\"it's\""));
        assert!(scalar("a}b").is_err());
        assert_eq!(scalar("f{a=b}").as_deref(), Ok("\"f{a=b}\""));
        assert_eq!(scalar("'a' \"b\"").as_deref(), Ok("{'a' \"b\"}"));
        assert!(scalar("'a' \"{}\"").is_err());
    }

    #[test]
    fn an_entry_with_a_comma_is_quoted() {
        assert_eq!(list(["a=b", "c"]).as_deref(), Ok("a=b,c"));
        assert_eq!(list(["a=x,y", "c"]).as_deref(), Ok("{\"a=x,y\",c}"));
        assert_eq!(list(["it's"]).as_deref(), Ok("{\"it's\"}"));
        assert!(list(["a{"]).is_err());
    }
}
