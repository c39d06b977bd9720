//! `ropt-run run`, as a user sees it.

mod support;

use support::Fixture;

#[test]
fn prints_results_in_irees_notation() {
    let fixture = Fixture::new();
    for device in ["cpu-sync", "cpu-task", "cpu-task:3", "cpu"] {
        let device = format!("--device={device}");
        let add = ["--function=add", "--input=4xf32=1,2.5,3,4e10", "--input=4xf32=0.5", &device];
        assert_eq!(fixture.run("run", &add).ok(), "result[0]: hal.buffer_view\n4xf32=1.5 3 3.5 4E+10\n");
        let ids = fixture.run("run", &["--function=ids", &device]).ok();
        let expected = "3x2x4xi32=[[0 1 2 3][4 5 6 7]][[8 9 10 11][12 13 14 15]][[16 17 18 19][20 21 22 23]]";
        assert_eq!(ids, format!("result[0]: hal.buffer_view\n{expected}\n"));
        let scale = ["--function=scale", "--input=8xf32=2", "--input=f32=4", "--input=true", &device];
        let expected = "result[0]: hal.buffer_view\n8xf32=4 4 4 4 4 4 4 4\nresult[1]: f32=4\nresult[2]: i64=-8\n";
        assert_eq!(fixture.run("run", &scale).ok(), expected);
        let scratch = fixture.run("run", &["--function=scratch", &device]).ok();
        assert_eq!(scratch, "result[0]: hal.buffer_view\n1xi32=262144\n");
    }
    assert_eq!(fixture.run("run", &["--function=constant"]).ok(), "result[0]: i32=7\n");
    let empty = fixture.run("run", &["--function=add", "--input=0xf32", "--input=0xf32="]).ok();
    assert_eq!(empty, "result[0]: hal.buffer_view\n0xf32=\n");
    let elided = ["--function=ids", "--output_max_element_count=3"];
    assert!(fixture.run("run", &elided).ok().contains("[[0 1 2...][...]]"));
}

#[test]
fn files_go_in_and_out() {
    let fixture = Fixture::new();
    let (npy, raw) = (fixture.path("out.npy"), fixture.path("out.bin"));
    let text = |prefix: &str, path: &std::path::Path| format!("{prefix}@{}", path.display());
    let input = "--input=3xf32=1 2 3";
    let save = ["--function=add", input, input, &text("--output=", &npy)];
    assert_eq!(fixture.run("run", &save).ok(), "");
    let again = ["--function=add", &text("--input=", &npy), input, &text("--output=", &raw)];
    fixture.run("run", &again).ok();
    assert_eq!(std::fs::read(&raw).expect("was written").len(), 12);
    let check = ["--function=add", &text("--input=3xf32=", &raw), "--input=3xf32", "--expected-output=3xf32=3 6 9"];
    assert!(fixture.run("run", &check).ok().starts_with("[SUCCESS]"));
    let names: Vec<_> = fixture.folder.path().read_dir().expect("readable").flatten().collect();
    assert_eq!(names.len(), 3, "no temporary files are left: {names:?}");
}

#[test]
fn a_difference_is_shown_by_index() {
    let fixture = Fixture::new();
    let add =
        |expected: &str| fixture.run("run", &["--function=add", "--input=3xf32=1 2 3", "--input=3xf32=1", expected]);
    add("--expected-output=3xf32=2 3 4.00001").ok();
    add("--expected-output=(ignored)").ok();
    let error = add("--expected-output=3xf32=2 3.5 4").fails_with(1);
    assert!(error.contains("in 1 of 3 elements") && error.contains("at [1]: expected 3.5, found 3"), "{error}");
    let error = fixture.run(
        "run",
        &["--function=add", "--input=3xf32=1", "--input=3xf32=1", "--expected-output=3xf32=2.01", "--atol=0.1"],
    );
    error.ok();
}

#[test]
fn arguments_are_checked_against_the_signature() {
    let fixture = Fixture::new();
    let scale = |inputs: &[&str]| fixture.run("run", &[&["--function=scale"], inputs].concat());
    let error = scale(&["--input=8xf32=1"]).fails_with(1);
    assert!(error.contains("takes 3 arguments, 1 are given") && error.contains("(tensor<8xf32>, f32, i1)"), "{error}");
    let error = scale(&["--input=7xf32=1", "--input=1", "--input=1"]).fails_with(1);
    assert!(error.contains("expected: tensor<8xf32>") && error.contains("found: tensor<7xf32>"), "{error}");
    for input in ["8xf64=1", "2x4xf32=1", "8xf32=1 2", "8xf32=a", "@no.npy", "1"] {
        scale(&[&format!("--input={input}"), "--input=1", "--input=1"]).fails_with(1);
    }
}

#[test]
fn failures_name_export_and_workgroup() {
    let fixture = Fixture::new();
    for device in ["--device=cpu-sync", "--device=cpu-task:4"] {
        let error = fixture.run("run", &["--function=fails", device]).fails_with(1);
        assert!(error.contains("export 'fails' of executable 'kernels' returned 42 in workgroup (3, 0, 0)"), "{error}");
        for (function, why) in
            [("segfaults", "SIGSEGV"), ("divides", "SIGFPE"), ("overflows", "SIGSEGV"), ("aborts", "SIGABRT")]
        {
            let error = fixture.run("run", &[&format!("--function={function}"), device]).fails_with(1);
            let place = format!("a crash in export '{function}' of executable 'kernels'");
            assert!(error.contains(&place) && error.contains(why), "{error}");
        }
    }
    for (function, message) in [
        ("lost", "asks for executable number 7"),
        ("waits", "it broke"),
        ("double_release", "not the start of an allocation in use"),
        ("unset", "result 0"),
        ("huge", "cannot allocate 1152921504606846976 bytes"),
    ] {
        let error = fixture.run("run", &[&format!("--function={function}")]).fails_with(1);
        assert!(error.contains(message), "{error}");
    }
    let error = fixture.run("run", &["--function=add", "--input=3xf32", "--input=4xf32"]).fails_with(1);
    assert!(error.contains("function 'add' failed: the operands have different sizes"), "{error}");
}

#[test]
fn wrong_names_get_the_nearest_one() {
    let fixture = Fixture::new();
    let error = fixture.run("run", &["--function=scal"]).fails_with(1);
    assert!(error.contains("did you mean 'scale'?"), "{error}");
    let error = fixture.run("run", &[]).fails_with(2);
    assert!(error.contains("--function="), "{error}");
    let error = fixture.run("run", &["--function=ids", "--device=cpu-tsk"]).fails_with(2);
    assert!(error.contains("did you mean 'cpu-task'?"), "{error}");
    let error = fixture.run("run", &["--function=ids", "--device=metal"]).fails_with(2);
    assert!(error.contains("there is no device 'metal'"), "{error}");
    for options in ["cpu-task:0", "cpu-task:x", "cpu-sync:2"] {
        fixture.run("run", &["--function=ids", &format!("--device={options}")]).fails_with(2);
    }
}
