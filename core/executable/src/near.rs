//! The names nearest to a misspelt one.

/// At most three of `names` that look like `name`, the most similar first.
pub fn nearest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let lower = name.to_lowercase();
    let mut ranked: Vec<(f64, &str)> = names
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(similarity, _)| *similarity >= 0.75)
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    ranked.dedup_by(|a, b| a.1 == b.1);
    ranked.into_iter().take(3).map(|(_, candidate)| candidate).collect()
}

/// A sentence that leads from `name` to the names that there are: the nearest, or the first few.
pub fn did_you_mean<'a>(name: &str, what: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let mut all: Vec<&str> = names.into_iter().collect();
    all.sort_unstable();
    all.dedup();
    let near = nearest(name, all.iter().copied());
    if !near.is_empty() {
        return format!("did you mean {}?", list(&near, "or"));
    }
    match all.len() {
        0 => format!("there are no {what}"),
        1..=8 => format!("the {what} are {}", list(&all, "and")),
        n => format!("the {what} are {}, and {} more", quoted(&all[..6]).join(", "), n - 6),
    }
}

fn quoted(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| format!("`{name}`")).collect()
}

fn list(names: &[&str], last: &str) -> String {
    let mut names = quoted(names);
    match names.pop() {
        Some(end) if names.is_empty() => end,
        Some(end) => format!("{} {last} {end}", names.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_likely_name() {
        let names = ["main_dispatch_0", "main_dispatch_1", "other"];
        assert_eq!(nearest("main_dispach_1", names)[0], "main_dispatch_1");
        assert_eq!(nearest("zzz", names), Vec::<&str>::new());
        assert_eq!(did_you_mean("zzz", "executables", ["a", "b"]), "the executables are `a` and `b`");
        assert_eq!(did_you_mean("zzz", "executables", []), "there are no executables");
    }
}
