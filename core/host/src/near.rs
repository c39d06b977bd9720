//! Nearest names, for "did you mean".

/// The names that a typist may have meant, best first, three at most.
pub fn nearest<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut scored: Vec<(f64, &str)> =
        names.into_iter().map(|name| (score(wanted, name), name)).filter(|(score, _)| *score >= 0.72).collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    scored.dedup_by(|a, b| a.1 == b.1);
    scored.into_iter().take(3).map(|(_, name)| name).collect()
}

/// One line of help, or none when nothing is near.
pub fn did_you_mean<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let names: Vec<_> = nearest(wanted, names).into_iter().map(|name| format!("`{name}`")).collect();
    match names.as_slice() {
        [] => None,
        [one] => Some(format!("did you mean {one}?")),
        [first @ .., last] => Some(format!("did you mean {} or {last}?", first.join(", "))),
    }
}

fn score(wanted: &str, name: &str) -> f64 {
    // Nobody mistypes so much, and the comparison takes time by the product of the lengths.
    if wanted.len().max(name.len()) > 1000 {
        return 0.0;
    }
    let typo = strsim::normalized_damerau_levenshtein(wanted, name);
    // A name that begins or ends with what was typed is near whatever its length.
    let part = wanted.len() >= 4 && (name.starts_with(wanted) || name.ends_with(wanted));
    // One slip in a short name is a large part of it.
    let slip = wanted.len() >= 3 && strsim::damerau_levenshtein(wanted, name) == 1;
    if part || slip { typo.max(0.8) } else { typo }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typos_find_their_name() {
        assert_eq!(nearest("canonicalise", ["cse", "canonicalize", "sccp"]), ["canonicalize"]);
        assert_eq!(nearest("dump-executable-sources", ["hal-dump-executable-sources"]).len(), 1);
        assert!(nearest("xyz", ["canonicalize"]).is_empty());
    }
}
