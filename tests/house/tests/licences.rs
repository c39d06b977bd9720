//! Everything that is linked in may be shipped under our licence: the list is deny.toml's.

use std::{collections::BTreeSet, fs};

use ropt_house_tests::{Crates, assert_none, root};

/// The strings of `allow = [ … ]` in deny.toml's `[licenses]`.
fn allowed() -> BTreeSet<String> {
    let text = fs::read_to_string(root().join("deny.toml")).expect("deny.toml is part of the repository");
    let section = text.split_once("[licenses]").map_or("", |(_, rest)| rest);
    let list = section.split_once("allow = [").and_then(|(_, rest)| rest.split_once(']')).map_or("", |(list, _)| list);
    let names = list.lines().filter(|line| !line.trim_start().starts_with('#'));
    names.filter_map(|line| line.split('"').nth(1)).map(str::to_owned).collect()
}

/// The licence that deny.toml's `[[licenses.clarify]]` gives a crate whose manifest names none.
fn clarified(name: &str) -> String {
    let text = fs::read_to_string(root().join("deny.toml")).expect("deny.toml is part of the repository");
    let entry = text.split("[[licenses.clarify]]").skip(1).find(|entry| entry.contains(&format!("crate = {name:?}\n")));
    let expression = entry.and_then(|entry| entry.split_once("expression = \"")?.1.split_once('"'));
    expression.map_or_else(String::new, |(expression, _)| expression.to_owned())
}

/// Whether an SPDX expression can be met with these licences: one of an `OR`, all of an `AND`.
fn met(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let flat = expression.replace(['(', ')'], " ").replace('/', " OR ");
    flat.split(" AND ").all(|part| part.split(" OR ").any(|licence| allowed.contains(licence.trim())))
}

#[test]
fn every_crate_has_a_licence_that_may_be_shipped() {
    let allowed = allowed();
    assert!(allowed.contains("Apache-2.0 WITH LLVM-exception"), "deny.toml's licence list was not found");
    let crates = Crates::read();
    let foreign = crates.packages().filter(|package| !package["source"].is_null());
    let licences = foreign.map(|package| {
        let name = package["name"].as_str().unwrap_or_default();
        (name, package["license"].as_str().map_or_else(|| clarified(name), str::to_owned))
    });
    let unmet = licences.filter(|(_, licence)| !met(licence, &allowed));
    let complaints: Vec<String> = unmet.map(|(name, licence)| format!("{name}: {licence:?}")).collect();
    assert_none("a licence is not on deny.toml's list:", &complaints);
}

#[test]
fn crates_come_from_the_registry() {
    let crates = Crates::read();
    let foreign = crates.packages().filter_map(|package| Some((package["name"].clone(), package["source"].as_str()?)));
    let elsewhere = foreign.filter(|(_, source)| !source.starts_with("registry+"));
    let complaints: Vec<String> = elsewhere.map(|(name, source)| format!("{name}: {source}")).collect();
    assert_none("a crate comes from elsewhere:", &complaints);
}

#[test]
fn expressions_are_read() {
    let allowed = BTreeSet::from(["MIT".to_owned(), "Unicode-3.0".to_owned()]);
    assert!(met("MIT OR Apache-2.0", &allowed) && met("(MIT OR Apache-2.0) AND Unicode-3.0", &allowed));
    assert!(met("MIT/Apache-2.0", &allowed));
    assert!(!met("GPL-3.0", &allowed) && !met("MIT AND GPL-3.0", &allowed) && !met("", &allowed));
}
