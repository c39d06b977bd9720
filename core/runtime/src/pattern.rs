//! Patterns of names: `*` stands for any text, `?` for one character.

/// Whether the whole text matches.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut p, mut t) = (0, 0);
    // Where the last star is, and how far the text is that it stands for.
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        if pattern.get(p) == Some(&'*') {
            star = Some((p, t));
            p += 1;
        } else if pattern.get(p).is_some_and(|c| *c == '?' || *c == text[t]) {
            (p, t) = (p + 1, t + 1);
        } else if let Some((at, taken)) = star {
            star = Some((at, taken + 1));
            (p, t) = (at + 1, taken + 1);
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn stars_and_question_marks() {
        assert!(matches("cpu-*", "cpu-task") && matches("*", "") && matches("c?u-sync", "cpu-sync"));
        assert!(matches("*-elf-*64", "embedded-elf-x86_64") && matches("a*b*c", "a-b-b-c"));
        assert!(!matches("cpu", "cpu-task") && !matches("cpu-?", "cpu-") && !matches("", "x"));
    }
}
