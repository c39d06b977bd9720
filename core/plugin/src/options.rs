//! Typed options: how the text of a pipeline becomes a field.

use crate::error::{PassError, PassResult};
use std::str::FromStr;

/// An enum whose values have names in a pipeline; derive it with `#[derive(PassEnum)]`.
///
/// ```
/// use ropt_plugin::options::{PassEnum, read_enum};
///
/// #[derive(ropt_plugin::PassEnum, PartialEq, Debug)]
/// enum Order {
///     RowMajor,
///     ColumnMajor,
/// }
///
/// assert_eq!(read_enum::<Order>("order", &["row-major".to_owned()]).unwrap(), Order::RowMajor);
/// let error = read_enum::<Order>("order", &["rows".to_owned()]).unwrap_err();
/// assert_eq!(error.message(), "option `order` has no value `rows`");
/// ```
pub trait PassEnum: Sized {
    /// The value of that name.
    fn from_name(name: &str) -> Option<Self>;
    /// Every name, in the order of declaration.
    const NAMES: &'static [&'static str];
}

/// A field type that an option can have.
///
/// ```
/// use ropt_plugin::options::OptionValue;
///
/// assert_eq!(i64::read("tile", &["-3".to_owned()]).unwrap(), -3);
/// let error = i64::read("tile", &["three".to_owned()]).unwrap_err();
/// assert_eq!(error.message(), "option `tile` wants an integer, not `three`");
/// ```
pub trait OptionValue: Sized {
    /// Reads the values that the host gives: exactly one for a scalar.
    ///
    /// # Errors
    /// When a value does not fit the type; `name` is the option.
    fn read(name: &str, values: &[String]) -> PassResult<Self>;
}

fn one<'a>(name: &str, values: &'a [String]) -> PassResult<&'a str> {
    match values {
        [value] => Ok(value),
        _ => Err(PassError::internal(format!("option `{name}` came with {} values", values.len()))),
    }
}

fn number<T: FromStr>(name: &str, value: &str, what: &str) -> PassResult<T> {
    value.parse().map_err(|_| PassError::usage(format!("option `{name}` wants {what}, not `{value}`")))
}

impl OptionValue for String {
    fn read(name: &str, values: &[String]) -> PassResult<Self> {
        one(name, values).map(str::to_owned)
    }
}

impl OptionValue for bool {
    fn read(name: &str, values: &[String]) -> PassResult<Self> {
        number(name, one(name, values)?, "true or false")
    }
}

macro_rules! numbers {
    ($($type:ty: $what:literal),+) => {
        $(impl OptionValue for $type {
            fn read(name: &str, values: &[String]) -> PassResult<Self> {
                number(name, one(name, values)?, $what)
            }
        })+
    };
}
numbers!(i64: "an integer", u64: "a non-negative integer", f64: "a number");

impl OptionValue for Vec<String> {
    fn read(_: &str, values: &[String]) -> PassResult<Self> {
        Ok(values.to_vec())
    }
}

impl OptionValue for Vec<i64> {
    fn read(name: &str, values: &[String]) -> PassResult<Self> {
        values.iter().map(|value| number(name, value, "integers")).collect()
    }
}

/// Reads an enum option.
///
/// # Errors
/// When the name is none of the enum's; the error lists them.
pub fn read_enum<T: PassEnum>(name: &str, values: &[String]) -> PassResult<T> {
    let value = one(name, values)?;
    T::from_name(value).ok_or_else(|| {
        PassError::usage(format!("option `{name}` has no value `{value}`"))
            .help(format!("the values are {}", T::NAMES.join(", ")))
    })
}

/// Whether two lists of names are the same; for the check at compile time that a manifest tells the truth.
#[doc(hidden)]
#[must_use]
pub const fn same_names(left: &[&str], right: &[&str]) -> bool {
    if left.len() != right.len() {
        return false;
    }
    let mut i = 0;
    while i < left.len() {
        let (a, b) = (left[i].as_bytes(), right[i].as_bytes());
        if a.len() != b.len() {
            return false;
        }
        let mut j = 0;
        while j < a.len() {
            if a[j] != b[j] {
                return false;
            }
            j += 1;
        }
        i += 1;
    }
    true
}
