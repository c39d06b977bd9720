//! One style for every message that is not at a place of the IR: what is wrong, where, what to do.

use std::{fmt, ops::Range};

/// A piece of text that a message points into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// What the text is, for example `--pass-pipeline`.
    pub name: String,
    /// The whole text.
    pub text: String,
    /// The bytes that are wrong.
    pub span: Range<usize>,
    /// What to say under them.
    pub label: String,
}

/// A message with its place and its notes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// `error` or `warning`.
    pub level: &'static str,
    /// One sentence without a full stop.
    pub message: String,
    /// Where.
    pub snippet: Option<Snippet>,
    /// Further lines; remedies start with `help: `.
    pub notes: Vec<String>,
}

impl Report {
    /// An error.
    pub fn error(message: impl Into<String>) -> Self {
        Self { level: "error", message: message.into(), snippet: None, notes: Vec::new() }
    }

    /// A warning.
    pub fn warning(message: impl Into<String>) -> Self {
        Self { level: "warning", ..Self::error(message) }
    }

    /// Points into a text.
    #[must_use]
    pub fn at(mut self, name: &str, text: &str, span: Range<usize>, label: impl Into<String>) -> Self {
        self.snippet = Some(Snippet { name: name.into(), text: text.into(), span, label: label.into() });
        self
    }

    /// Adds a line.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Adds a remedy, if there is one.
    #[must_use]
    pub fn help(mut self, help: impl Into<Option<String>>) -> Self {
        self.notes.extend(help.into().map(|help| format!("help: {help}")));
        self
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.level, self.message)?;
        if let Some(snippet) = &self.snippet {
            let (line, column, source) = place(&snippet.text, snippet.span.start);
            let number = line.to_string();
            let margin = " ".repeat(number.len());
            let end = snippet.span.end.min(snippet.span.start + source.len() - (column - 1).min(source.len()));
            let width = snippet.text.get(snippet.span.start..end).map_or(1, |t| t.chars().count()).max(1);
            let before = source.get(..column - 1).map_or(0, |t| t.chars().count());
            write!(f, "\n{margin}--> {}:{line}:{column}", snippet.name)?;
            write!(f, "\n{margin} |\n{number} | {source}\n{margin} | ")?;
            write!(f, "{}{} {}", " ".repeat(before), "^".repeat(width), snippet.label)?;
        }
        for note in &self.notes {
            let note = note.replace('\n', "\n    ");
            match note.strip_prefix("help: ") {
                Some(help) => write!(f, "\n  = help: {help}")?,
                None => write!(f, "\n  = note: {note}")?,
            }
        }
        Ok(())
    }
}

/// Line and column (from 1, in bytes) of an offset, and the line's text.
fn place(text: &str, offset: usize) -> (usize, usize, &str) {
    let offset = offset.min(text.len());
    let start = text[..offset].rfind('\n').map_or(0, |at| at + 1);
    let end = text[offset..].find('\n').map_or(text.len(), |at| offset + at);
    (text[..start].matches('\n').count() + 1, offset - start + 1, &text[start..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caret_stands_under_the_span() {
        let report = Report::error("no pass `b`").at("--pass-pipeline", "x(a,bb)", 4..6, "here").help(Some("c".into()));
        let text = report.to_string();
        assert_eq!(
            text,
            "error: no pass `b`\n --> --pass-pipeline:1:5\n  |\n1 | x(a,bb)\n  |     ^^ here\n  = help: c"
        );
    }
}
