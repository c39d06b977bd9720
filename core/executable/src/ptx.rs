//! What PTX text says of its kernels: names, parameters, the threads of a workgroup.

/// A `.entry` of a PTX module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// The type of each parameter, without its dot: `u64`, `u32`, `b8` (an array).
    pub parameters: Vec<String>,
    /// Threads of a workgroup, from `.reqntid`, or else `.maxntid`; missing extents are 1.
    pub workgroup_size: Option<[u32; 3]>,
}

/// The kernels of a PTX module, in order. Comments are skipped; text that is no PTX has none.
#[must_use]
pub fn entries(text: &str) -> Vec<Entry> {
    let text = without_comments(text);
    let entry = |part: &str| {
        // The parameters and directives stand before the body.
        let head = part.split('{').next().unwrap_or_default();
        let name = head.trim_start().split(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default();
        let list = head.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map_or("", |(list, _)| list);
        Entry {
            name: name.to_owned(),
            parameters: list.split(',').filter_map(parameter).collect(),
            workgroup_size: [".reqntid", ".maxntid"].iter().find_map(|directive| extents(head, directive)),
        }
    };
    text.split(".entry").skip(1).map(entry).filter(|entry| !entry.name.is_empty()).collect()
}

/// Whether every block that begins also ends: a file that was cut off inside a kernel has one that does not.
#[must_use]
pub fn is_whole(text: &str) -> bool {
    let text = without_comments(text);
    text.matches('{').count() == text.matches('}').count()
}

/// The architecture in the directive `.target`: `sm_75`.
#[must_use]
pub fn target(text: &str) -> Option<&str> {
    let lines = text.lines().map(|line| line.split("//").next().unwrap_or_default().trim());
    let directive = lines.filter_map(|line| line.strip_prefix(".target")).next()?;
    directive.trim().split([',', ' ']).next().filter(|name| name.starts_with("sm_"))
}

/// The type in `.param .u64 .ptr .global .align 16 name`, wherever the alignment stands.
fn parameter(text: &str) -> Option<String> {
    let words = text.split_whitespace().filter_map(|word| word.strip_prefix('.'));
    let mut types = words.filter(|word| {
        let digits = word.get(1..).unwrap_or_default();
        matches!(word.as_bytes().first(), Some(b'u' | b's' | b'f' | b'b'))
            && matches!(digits, "8" | "16" | "32" | "64" | "128")
    });
    types.next().map(str::to_owned)
}

fn extents(head: &str, directive: &str) -> Option<[u32; 3]> {
    let numbers = head.split_once(directive)?.1;
    let is_part = |c: &char| c.is_ascii_digit() || c.is_whitespace() || *c == ',';
    let numbers: String = numbers.chars().take_while(is_part).collect();
    let mut extents = [1; 3];
    for (extent, number) in extents.iter_mut().zip(numbers.split(',')) {
        *extent = number.trim().parse().ok()?;
    }
    Some(extents)
}

fn without_comments(text: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find("/*") {
        out.push_str(&rest[..at]);
        rest = rest[at + 2..].split_once("*/").map_or("", |(_, behind)| behind);
    }
    out.push_str(rest);
    out.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_file_that_was_cut_off_is_not_whole() {
        let text = ".entry one() {\n { ret; } // }\n}\n";
        assert!(is_whole(text) && is_whole(""));
        assert!(!is_whole(&text[..text.len() - 2]));
    }

    #[test]
    fn kernels_say_their_interface() {
        let text = "// .entry no(\n.version 7.6\n.target sm_60\n/* .entry no( */\n\
            .visible .entry one(\n.param .u64 .ptr .global .align 16 p,\n.param .align 8 .b8 q[16],\n.param .u32 n\n)\n\
            .maxntid 8, 4, 1\n{ ret; }\n.entry two\n{ ret; }\n.visible .entry three()\n.reqntid 64\n{ }\n";
        assert_eq!(target(text), Some("sm_60"));
        assert_eq!(target("// .target sm_90\n.version 8.0"), None);
        let found = entries(text);
        let names: Vec<_> = found.iter().map(|entry| entry.name.as_str()).collect();
        assert_eq!(names, ["one", "two", "three"]);
        assert_eq!(found[0].parameters, ["u64", "b8", "u32"]);
        assert!(found[1].parameters.is_empty() && found[2].parameters.is_empty());
        let sizes: Vec<_> = found.iter().map(|entry| entry.workgroup_size).collect();
        assert_eq!(sizes, [Some([8, 4, 1]), None, Some([64, 1, 1])]);
    }

    proptest! {
        #[test]
        fn any_text_has_kernels_or_none(text in "(\\.entry|/\\*|\\*/|//|[(){},. \\n]|\\.param|\\.maxntid|[a-z0-9]){0,40}") {
            let _ = entries(&text);
        }
    }
}
