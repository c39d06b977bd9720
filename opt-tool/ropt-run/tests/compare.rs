//! `ropt-run compare` and `--verify-against`, as a user sees them.

mod support;

use std::path::Path;

use serde_json::Value as Json;
use support::{Fixture, Ran, tool};

fn compare(fixture: &Fixture, b: &Path, arguments: &[&str]) -> Ran {
    let b = b.display().to_string();
    fixture.run("compare", &[&[b.as_str(), "--device=cpu-sync"], arguments].concat())
}

/// A program whose `ids` takes much longer.
fn slower(fixture: &Fixture) -> std::path::PathBuf {
    fixture.other("slower.so", &["WORK=4000"], |manifest| manifest)
}

#[test]
fn a_slower_program_is_told_from_a_faster_one() {
    let fixture = Fixture::new();
    let b = slower(&fixture);
    let json = compare(&fixture, &b, &["--function=ids", "--format=json", "--verify"]).ok();
    let json: Json = serde_json::from_str(&json).expect("JSON");
    let function = &json["functions"][0];
    assert_eq!(function["verdict"], "slower", "{json}");
    assert!(function["ratio"].as_f64() > Some(1.5) && function["interval"][0].as_f64() > Some(1.2), "{json}");
    assert_eq!(function["verified"]["numbers"], 24, "{json}");
    let a = fixture.program.display().to_string();
    let faster = tool("compare", &b, &[&a, "--function=ids", "--device=cpu-sync"]).ok();
    assert!(faster.contains("faster"), "{faster}");
    let error = compare(&fixture, &b, &["--function=ids", "--fail-if-slower=20%"]).fails_with(1);
    assert!(error.contains("is more than 20 % slower than") && error.contains("in ids"), "{error}");
    tool("compare", &b, &[&a, "--function=ids", "--fail-if-slower=20%", "--device=cpu-sync"]).ok();
}

#[test]
fn a_program_is_no_slower_than_itself() {
    let fixture = Fixture::new();
    let copy = fixture.path("copy.so");
    std::fs::copy(&fixture.program, &copy).expect("copies");
    let flags = ["--function=scale", "--input=8xf32=2", "--input=4", "--input=1", "--verify", "--fail-if-slower=50%"];
    let table = compare(&fixture, &copy, &flags).ok();
    assert!(table.contains("10 numbers in 3 results, no difference"), "{table}");
    // Not even when there is time for one observation only.
    let table = compare(&fixture, &copy, &["--function=ids", "--max-time=0"]).ok();
    assert!(table.contains("unclear") && table.contains("too few for an interval"), "{table}");
}

#[test]
fn results_that_differ_are_shown_by_index() {
    let fixture = Fixture::new();
    let other = fixture.other("other.so", &["OFFSET=0.5f"], |manifest| manifest);
    let path = other.display().to_string();
    let verify = |flags: &[&str]| {
        let verify = format!("--verify-against={path}");
        fixture
            .run("run", &[&["--function=scale", "--input=8xf32=2", "--input=4", "--input=1", &verify], flags].concat())
    };
    let error = verify(&[]).fails_with(1);
    assert!(error.contains("result 0 of function 'scale' differs from that of"), "{error}");
    assert!(error.contains("in 1 of 8 elements") && error.contains("at [5]: expected"), "{error}");
    assert!(error.contains("largest difference 5.000e-1"), "{error}");
    let agrees = verify(&["--tolerance=f32=0.6"]).ok();
    assert!(agrees.contains("[SUCCESS] scale agrees with") && agrees.contains("largest difference 5.0e-1"), "{agrees}");
    assert!(verify(&["--tolerance=f64=0.6"]).fails_with(1).contains("differs"));
    assert!(verify(&["--atol=0.6"]).ok().contains("[SUCCESS]"));
    verify(&["--tolerance=f33=1"]).refused("'f33' is no type of numbers");
    let error = compare(&fixture, &other, &["--function=scale", "--verify"]).fails_with(1);
    assert!(error.contains("'scale' differs"), "{error}");
    let against = format!("--verify-against={path}");
    let error = compare(&fixture, &fixture.program, &["--function=scale", &against]).fails_with(1);
    assert!(error.contains("'scale' differs from that of"), "{error}");
}

#[test]
fn inputs_are_random_and_follow_from_the_seed() {
    let fixture = Fixture::new();
    let verify = format!("--verify-against={}", fixture.program.display());
    let printed = |seed: &str| fixture.run("run", &["--function=scale", "--output=-", &verify, seed]).ok();
    assert_eq!(printed("--seed=1"), printed("--seed=1"));
    assert_ne!(printed("--seed=1"), printed("--seed=2"));
    // The square roots of negative numbers are no numbers, and agree.
    assert!(
        printed("--seed=1").contains("NAN") && printed("--seed=1").contains("[SUCCESS]"),
        "{}",
        printed("--seed=1")
    );
    let error = fixture.run("run", &["--function=add", &verify]).fails_with(1);
    assert!(error.contains("cannot be verified") && error.contains("give an --input="), "{error}");
    let error = fixture.run("run", &["--function=lost", &verify]).fails_with(1);
    assert!(error.contains("there is no executable") || error.contains("asks for executable"), "{error}");
}

#[test]
fn programs_must_have_the_function_with_the_same_types() {
    let fixture = Fixture::new();
    let typed = |manifest: String| manifest.replace(r#""results":["i32"]"#, r#""results":["f32"]"#);
    let other = fixture.other("typed.so", &[], typed);
    let verify = format!("--verify-against={}", other.display());
    for error in [
        fixture.run("run", &["--function=constant", &verify]).fails_with(1),
        compare(&fixture, &other, &["--function=constant"]).fails_with(1),
        compare(&fixture, &other, &[]).fails_with(1),
    ] {
        assert!(error.contains("function 'constant' has different types in the two programs"), "{error}");
        assert!(error.contains("() -> (i32) in") && error.contains("() -> (f32) in"), "{error}");
    }
    let renamed =
        fixture.other("renamed.so", &[], |manifest| manifest.replace(r#""name":"constant""#, r#""name":"k""#));
    let error = compare(&fixture, &renamed, &["--function=constant"]).fails_with(1);
    assert!(
        error.contains("function 'constant' is in") && error.contains("but not in") && error.contains("'k'"),
        "{error}"
    );
    let error = compare(&fixture, &renamed, &["--function=none"]).fails_with(1);
    assert!(error.contains("there is no function 'none'"), "{error}");
    let error = compare(&fixture, Path::new("missing.so"), &[]).fails_with(1);
    assert!(error.contains("missing.so"), "{error}");
    compare(&fixture, &other, &["--fail-if-slower=5"]).refused("for example 5%");
}
