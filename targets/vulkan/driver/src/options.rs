//! The text behind the colon of `--device=vulkan:…`.

use crate::{
    error::{Result, VulkanError},
    instance::Physical,
};

/// What it asks for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    /// Which device; none: the one that the caller counted.
    pub(crate) device: Option<Choice>,
    /// Whether the validation layer is wanted.
    pub(crate) validation: bool,
}

/// A device by number or by a part of its name.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    Number(usize),
    Name(String),
}

impl Options {
    /// Parts between commas: `validation`, a number, or a part of the device's name.
    pub(crate) fn parse(text: &str) -> Self {
        let mut options = Self::default();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            if part == "validation" {
                options.validation = true;
            } else {
                options.device = Some(part.parse().map_or_else(|_| Choice::Name(part.to_owned()), Choice::Number));
            }
        }
        options
    }
}

impl Choice {
    /// The position of the device in the list.
    pub(crate) fn choose(&self, devices: &[Physical]) -> Result<usize> {
        let found = match self {
            Self::Number(number) => Some(*number).filter(|number| *number < devices.len()),
            Self::Name(name) => {
                let name = name.to_lowercase();
                devices.iter().position(|device| device.name().to_lowercase().contains(&name))
            }
        };
        found.ok_or_else(|| {
            let asked = match self {
                Self::Number(number) => number.to_string(),
                Self::Name(name) => name.clone(),
            };
            let known: Vec<_> =
                devices.iter().enumerate().map(|(index, device)| format!("{index} ({})", device.name())).collect();
            VulkanError::UnknownDevice { asked, known: known.join(", ") }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_come_in_any_order() {
        let number = Options { device: Some(Choice::Number(1)), validation: true };
        assert_eq!(Options::parse("1,validation"), number);
        assert_eq!(Options::parse(" validation , 1"), number);
        assert_eq!(Options::parse(""), Options::default());
        assert_eq!(Options::parse("llvmpipe").device, Some(Choice::Name("llvmpipe".into())));
    }
}
