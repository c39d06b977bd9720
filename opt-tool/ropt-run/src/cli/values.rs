//! How the values of flags are read.

use ropt_runtime::element::Element;

/// `2.5` or `2.5s`.
pub(super) fn seconds(text: &str) -> Result<f64, String> {
    match text.trim_end_matches('s').parse::<f64>() {
        Ok(seconds) if (0.0..=3600.0).contains(&seconds) => Ok(seconds),
        _ => Err("a number of seconds from 0 to 3600 is expected".to_owned()),
    }
}

/// As [`seconds`], but not 0.
pub(super) fn timeout(text: &str) -> Result<f64, String> {
    match seconds(text) {
        Ok(seconds) if seconds > 0.0 => Ok(seconds),
        _ => Err("a number of seconds above 0 and up to 3600 is expected; for no limit leave the flag out".to_owned()),
    }
}

/// `5%` as 0.05. A number without the sign could be meant either way and is refused.
pub(super) fn part(text: &str) -> Result<f64, String> {
    match text.strip_suffix('%').map(|number| number.trim().parse::<f64>()) {
        Some(Ok(percent)) if percent > 0.0 && percent <= 1000.0 => Ok(percent / 100.0),
        _ => Err("a percentage above 0 % and up to 1000 % is expected, for example 5%".to_owned()),
    }
}

/// `1e9` or `2*512*512`.
pub(super) fn operations(text: &str) -> Result<f64, String> {
    let product = text.split('*').map(|factor| factor.trim().parse::<f64>().ok()).product::<Option<f64>>();
    product
        .filter(|product| product.is_finite() && *product > 0.0)
        .ok_or_else(|| "a number above 0 or a product of numbers is expected, for example 2*512*512*512".to_owned())
}

/// `1e-3`, or `f16=1e-2` for one type.
pub(super) fn tolerance(text: &str) -> Result<(Option<Element>, f64), String> {
    let (element, number) = match text.split_once('=') {
        None => (None, text),
        Some((name, number)) => {
            let element = Element::parse(name)
                .ok_or_else(|| format!("'{name}' is no type of numbers; types are {}", Element::names()))?;
            (Some(element), number)
        }
    };
    match number.parse::<f64>() {
        Ok(number) if number >= 0.0 && number.is_finite() => Ok((element, number)),
        _ => Err("a number from 0 is expected, for example 1e-3 or f16=1e-2".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_or_refused() {
        assert_eq!(seconds("2.5s"), Ok(2.5));
        assert!(timeout("0.5").is_ok() && timeout("0").is_err());
        assert!(seconds("-1").is_err() && seconds("NaN").is_err());
        assert_eq!(part("5%"), Ok(0.05));
        assert!(["5", "0%", "-1%", "x%", "NaN%", "%"].iter().all(|text| part(text).is_err()));
        assert_eq!(operations("2*512 * 512"), Ok(524_288.0));
        assert_eq!(operations("1.5e9"), Ok(1.5e9));
        assert!(["", "0", "-1", "2*", "inf", "two"].iter().all(|text| operations(text).is_err()));
        assert_eq!(tolerance("1e-3"), Ok((None, 1e-3)));
        assert_eq!(tolerance("f16=0.5"), Ok((Some(Element::F16), 0.5)));
        assert!(["", "-1", "f7=1", "f32=", "f32=nan"].iter().all(|text| tolerance(text).is_err()));
    }
}
