//! Filling tile sizes into a schedule.
//!
//! - `{{name}}`: the level's sizes, `8, 32, 0`
//! - `{{name.loops}}`: how many of them are not 0, which is how many loops tiling makes
//! - `{{name.types}}`: one `, !transform.any_op` for each of these loops; `{{name.for}}`: one `, !transform.op<"scf.for">`
//! - `{{peel.lines}}`: for each number i in `peel`, a line that peels the last iteration of `%loop#i`
//! - `{{name.edges}}`: for each loop `%loop#i` that tiling with this level makes, innermost first, lines that peel its last
//!   iteration where that is possible
//! - `//? name` … `//? end`: left out when the level is empty or all 0; `//? !name` the other way round; `//? +name`
//!   only asks whether the level is there

use std::collections::BTreeSet;

use super::Tiles;

/// The schedule with every placeholder filled.
pub(crate) fn fill(text: &str, tiles: &Tiles) -> String {
    let mut out = String::with_capacity(text.len());
    let mut keep = vec![true];
    for line in text.lines() {
        if let Some(guard) = line.trim_start().strip_prefix("//?") {
            match guard.trim() {
                "end" => {
                    // An `end` too many leaves the rest in, and MLIR's parser says what is wrong with it.
                    if keep.len() > 1 {
                        keep.pop();
                    }
                }
                guard => {
                    if let Some(level) = guard.strip_prefix('+') {
                        keep.push(keep.last() == Some(&true) && !tiles.get(level).is_empty());
                        continue;
                    }
                    let (level, wanted) = guard.strip_prefix('!').map_or((guard, true), |level| (level, false));
                    let present = loops(tiles.get(level)) > 0;
                    keep.push(keep.last() == Some(&true) && present == wanted);
                }
            }
            continue;
        }
        if keep.last() == Some(&true) {
            out.push_str(&placeholders(line, tiles));
            out.push('\n');
        }
    }
    out
}

/// The levels that a schedule reads.
pub(crate) fn levels(text: &str) -> BTreeSet<String> {
    let guards = text.lines().filter_map(|line| line.trim_start().strip_prefix("//?")).map(str::trim);
    let guards = guards.filter(|guard| *guard != "end").map(|guard| guard.trim_start_matches(['+', '!']));
    let fields = text.split("{{").skip(1).filter_map(|rest| rest.split_once("}}")).map(|(name, _)| name);
    let fields = fields.map(|name| name.split('.').next().unwrap_or(name));
    guards.chain(fields).map(str::to_owned).collect()
}

fn placeholders(line: &str, tiles: &Tiles) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, after)) = after.split_once("}}") else { break };
        out.push_str(before);
        let (level, form) = name.split_once('.').unwrap_or((name, ""));
        let sizes = tiles.get(level);
        out.push_str(&match form {
            "loops" => loops(sizes).to_string(),
            "types" => ", !transform.any_op".repeat(loops(sizes)),
            "lines" => sizes.iter().map(|index| peel(*index)).collect::<Vec<_>>().join("\n"),
            "edges" => (0..loops(sizes)).rev().map(edge).collect::<Vec<_>>().join("\n"),
            "for" => ", !transform.op<\"scf.for\">".repeat(loops(sizes)),
            _ => sizes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        });
        rest = after;
    }
    out.push_str(rest);
    out
}

fn peel(index: i64) -> String {
    format!(
        "    %main{index}, %edge{index} = transform.loop.peel %loop#{index} : (!transform.op<\"scf.for\">) -> (!transform.any_op, !transform.any_op)"
    )
}

/// A loop that splits evenly can not be peeled, and need not be.
fn edge(index: usize) -> String {
    [
        format!("      transform.sequence %loop#{index} : !transform.op<\"scf.for\"> failures(suppress) {{"),
        format!("      ^bb1(%each{index}: !transform.op<\"scf.for\">):"),
        format!(
            "        %most{index}, %rest{index} = transform.loop.peel %each{index} : (!transform.op<\"scf.for\">) -> (!transform.any_op, !transform.any_op)"
        ),
        "      }".to_owned(),
    ]
    .join("\n")
}

fn loops(sizes: &[i64]) -> usize {
    sizes.iter().filter(|size| **size != 0).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_sizes_counts_and_guards() {
        let tiles = Tiles::default().with("a", vec![8, 0, 4]).with("b", vec![0]);
        let text = "x [{{a}}] : {{a.loops}}{{a.types}}\n//? b\nnever\n//? end\n//? !b\nonce\n//? end\n";
        let filled = fill(text, &tiles);
        assert_eq!(filled, "x [8, 0, 4] : 2, !transform.any_op, !transform.any_op\nonce\n");
    }

    #[test]
    fn peels_each_loop_that_tiling_makes() {
        let filled = fill("{{a.edges}}", &Tiles::default().with("a", vec![0, 8, 4]));
        let peels: Vec<&str> = filled.lines().filter(|line| line.contains("transform.sequence")).collect();
        assert_eq!(peels.len(), 2);
        assert!(peels[0].contains("%loop#1") && peels[1].contains("%loop#0"));
    }
}
