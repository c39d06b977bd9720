//! The edit that a person would make in an editor, and its diff.

use std::fs;

use super::session::{Session, print_text, read};
use crate::error::{Error, Result};

/// Replaces the relu of a dumped executable by a leaky one and returns the new file's name.
pub(super) fn leak(session: &Session, executable: &str, part: f64) -> Result<String> {
    let original = format!("sources/{}", session.dumped(executable)?);
    let text = read(&session.path(&original))?;
    let relu = text
        .lines()
        .find(|line| line.contains("arith.maximumf"))
        .ok_or_else(|| Error::Wrong(format!("{original} holds no arith.maximumf that could be edited")))?;
    let edited_text = text.replacen(relu, &leaky(relu, part)?, 1);

    let edited = format!("{executable}_leaky.mlir");
    let path = session.path(&edited);
    fs::write(&path, edited_text).map_err(Error::file("write", &path))?;
    let mut diff = session.tool("/usr/bin/env");
    diff.args(["diff", "-U1", "--label", &original, "--label", &edited, &original, &edited]);
    println!("$ diff -U1 {original} {edited}");
    // diff ends with 1 when the files differ, which they must.
    let difference = diff.output().map_err(|source| Error::Start { program: "diff".into(), source })?;
    print_text(&String::from_utf8_lossy(&difference.stdout));
    Ok(edited)
}

/// `%r = arith.maximumf %s, %zero : f32` becomes `%r = max(%s, part * %s)`, at the same indentation.
fn leaky(relu: &str, part: f64) -> Result<String> {
    let unreadable = || Error::Wrong(format!("cannot read the operation `{}`", relu.trim()));
    let indent: String = relu.chars().take_while(|c| *c == ' ').collect();
    let (result, rest) = relu.trim().split_once(" = arith.maximumf ").ok_or_else(unreadable)?;
    let (operand, _) = rest.split_once(',').ok_or_else(unreadable)?;
    Ok([
        format!("{indent}%part = arith.constant {part:?} : f32"),
        format!("{indent}%kept = arith.mulf {operand}, %part : f32"),
        format!("{indent}{result} = arith.maximumf {operand}, %kept : f32"),
    ]
    .join("\n"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_other_operand_is_replaced() {
        let edited = super::leaky("      %8 = arith.maximumf %7, %cst : f32", 0.125).expect("it is a relu");
        let lines: Vec<_> = edited.lines().map(str::trim).collect();
        assert_eq!(lines[1], "%kept = arith.mulf %7, %part : f32");
        assert_eq!(lines[2], "%8 = arith.maximumf %7, %kept : f32");
    }
}
