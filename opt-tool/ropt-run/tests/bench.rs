//! `ropt-run bench`, as a user sees it.

mod support;

use serde_json::Value as Json;
use support::Fixture;

/// Short, whatever the machine does.
const SHORT: [&str; 2] = ["--min-time=0.02", "--max-time=0.1"];

fn json(fixture: &Fixture, arguments: &[&str]) -> Json {
    let printed = fixture.run("bench", &[&SHORT[..], arguments, &["--format=json"]].concat()).ok();
    serde_json::from_str(&printed).expect("JSON")
}

/// A fixture whose function `batches` is a benchmark function.
fn with_benchmark() -> Fixture {
    let fixture = Fixture::new();
    let record = r#""benchmark":{"executable":"kernels","variant":"cpu","export":"ids","workload":[4,2,3],
        "bytes_read":0,"bytes_written":96},"name":"batches""#;
    let other = fixture.other("benchmark.so", &[], |manifest| manifest.replace(r#""name":"batches""#, record));
    std::fs::rename(other, &fixture.program).expect("same folder");
    fixture
}

#[test]
fn every_figure_is_there() {
    let fixture = Fixture::new();
    let entry = &json(&fixture, &["--function=scale", "--per-dispatch", "--device=cpu-sync", "--flops=2*8"])[0];
    assert_eq!(entry["function"], "scale");
    for key in ["median_ns", "min_ns", "mean_ns", "p20_ns", "p80_ns", "iterations", "gb_per_s", "gflop_per_s"] {
        assert!(entry[key].as_f64().is_some_and(|value| value > 0.0), "{key}: {entry}");
    }
    // The argument's and the result's tensor, two scalars in, two out.
    assert_eq!(
        (&entry["bytes"], &entry["flops"]),
        (&Json::from(32 + 4 + 1 + 32 + 4 + 8).as_f64().into(), &16.0.into())
    );
    let [low, high] = [0, 1].map(|end| entry["interval_ns"][end].as_f64().expect("an interval"));
    let median = entry["median_ns"].as_f64().expect("a number");
    assert!(low <= median && median <= high && entry["min_ns"].as_f64() <= Some(low), "{entry}");
    let exports: Vec<_> = entry["dispatches"].as_array().expect("a list").iter().map(|d| &d["export"]).collect();
    assert_eq!(exports, ["add", "scale"]);
    assert_eq!(entry["dispatches"][0]["bytes"], 96.0);
    for key in ["processors", "load", "ropt_run", "plugin_abi", "producer", "system"] {
        assert!(!entry["environment"][key].is_null(), "{key}: {entry}");
    }
    assert_eq!(entry["environment"]["producer"], "by hand");
}

#[test]
fn the_table_says_what_was_measured() {
    let fixture = Fixture::new();
    let table = fixture.run("bench", &[&SHORT[..], &["--function=ids", "--cold"]].concat()).ok();
    for text in [
        "median",
        "±95 %",
        "ids",
        "  cold",
        "producer by hand",
        "governor",
        "last-level cache",
        "before every call each of",
    ] {
        assert!(table.contains(text), "{text}: {table}");
    }
    // Six samples, the fewest there are, span their interval: only equal ones would be that precise.
    let hasty = ["--function=ids", "--min-time=0", "--max-time=0", "--precision=0.0001%"];
    let table = fixture.run("bench", &hasty).ok();
    assert!(table.contains("interval ±") && table.contains("limit reached"), "{table}");
    let printed = fixture.run("bench", &[&hasty[..], &["--format=json"]].concat()).ok();
    let entry: Json = serde_json::from_str(&printed).expect("JSON");
    assert_eq!((&entry[0]["limit_reached"], &entry[0]["samples"]), (&true.into(), &6.into()));
    let csv = fixture.run("bench", &[&SHORT[..], &["--function=ids", "--format=csv"]].concat()).ok();
    let fields: Vec<usize> = csv.lines().map(|line| line.split(',').count()).collect();
    assert_eq!(fields, [19, 19], "{csv}");
}

#[test]
fn benchmark_functions_are_measured_by_the_dispatch() {
    let fixture = with_benchmark();
    let all = json(&fixture, &[]);
    let functions: Vec<_> = all.as_array().expect("a list").iter().map(|entry| &entry["function"]).collect();
    assert_eq!(functions, ["batches"]);
    assert!(all[0]["batch"].as_i64().is_some_and(|batch| batch > 8), "{all}");
    assert_eq!((&all[0]["bytes"], &all[0]["benchmark"]["export"]), (&96.0.into(), &"ids".into()));
    let one = json(&fixture, &["--function=batches", "--batch=1"]);
    // Bytes are a dispatch's, however many a call has.
    assert_eq!((&one[0]["batch"], &one[0]["bytes"]), (&1.into(), &96.0.into()), "{one}");
    assert!(one[0]["median_ns"].as_f64().is_some_and(|median| median > 0.0), "{one}");
    let table = fixture.run("bench", &[&SHORT[..], &["--batch=16", "--cold"]].concat()).ok();
    assert!(table.contains("a dispatch of ids, 16 in a call"), "{table}");
    fixture.run("bench", &["--batch=0"]).refused("0 is not in 1..");
    let error = fixture.run("bench", &["--function=ids", "--batch=2"]).fails_with(2);
    assert!(error.contains("function 'ids' is no benchmark function"), "{error}");
    let error = Fixture::new().run("bench", &["--batch=2"]).fails_with(2);
    assert!(error.contains("the program has no benchmark functions"), "{error}");
}

#[test]
fn wrong_flags_are_refused() {
    let fixture = Fixture::new();
    let error = fixture.run("bench", &["--function=add"]).fails_with(1);
    assert!(error.contains("dynamic shapes"), "{error}");
    json(&fixture, &["--function=add", "--input=4xf32=1", "--input=4xf32=1"]);
    let error = fixture.run("bench", &["--function=idz"]).fails_with(1);
    assert!(error.contains("did you mean 'ids'?"), "{error}");
    for (flag, why) in [
        ("--flops=many", "a product of numbers is expected"),
        ("--flops=0", "a number above 0"),
        ("--precision=1", "a percentage above 0 %"),
        ("--max-time=-1", "a number of seconds"),
        ("--format=xml", "possible values: console, json, csv"),
    ] {
        fixture.run("bench", &["--function=ids", flag]).refused(why);
    }
    fixture.run("bench", &["--flops=5"]).refused("--function <NAME>");
}

#[test]
fn a_history_grows_and_garbage_in_it_is_named() {
    let fixture = Fixture::new();
    let path = fixture.path("history.jsonl");
    let flag = format!("--history={}", path.display());
    for _ in 0..2 {
        json(&fixture, &["--function=ids", &flag]);
    }
    let text = std::fs::read_to_string(&path).expect("was written");
    let times: Vec<Json> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert!(times.len() == 2 && times.iter().all(|entry| entry["time"].is_string()), "{text}");
    std::fs::write(&path, format!("{text}garbage\n")).expect("writable");
    let error = fixture.run("bench", &["--function=ids", &flag]).fails_with(1);
    assert!(error.contains("line 3 of the history") && error.contains("remove the line"), "{error}");
    assert_eq!(std::fs::read_to_string(&path).expect("is there"), format!("{text}garbage\n"));
    let error = fixture.run("bench", &["--function=ids", "--history=/nowhere/h.jsonl"]).fails_with(1);
    assert!(error.contains("cannot write the history '/nowhere/h.jsonl'"), "{error}");
}

#[test]
fn the_report_is_one_page_in_which_names_are_no_markup() {
    let fixture = Fixture::new();
    let renamed = |manifest: String| manifest.replacen(r#""name":"ids""#, r#""name":"<script>alert(1)</script>""#, 1);
    let program = fixture.other("named.so", &[], renamed);
    std::fs::rename(program, &fixture.program).expect("same folder");
    let (page, history) = (fixture.path("page.html"), fixture.path("history.jsonl"));
    let function = "--function=<script>alert(1)</script>";
    let (report, history) = (format!("--report={}", page.display()), format!("--history={}", history.display()));
    let arguments = [&SHORT[..], &[function, "--cold", "--per-dispatch", &report, &history]].concat();
    fixture.run("bench", &arguments).ok();
    let text = std::fs::read_to_string(&page).expect("was written");
    assert!(!text.contains("The last 2 runs"), "{text}");
    fixture.run("bench", &arguments).ok();
    let text = std::fs::read_to_string(&page).expect("was written");
    for part in
        ["Warm caches", "Cold caches", "The last 2 runs", "Load (1, 5, 15 min)", "&lt;script&gt;alert(1)", "</html>"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    for part in ["<script", "http:", "https:", "url(", "NaN"] {
        assert!(!text.contains(part), "{part}: {text}");
    }
    // Refused before anything is measured, and nothing is left behind.
    for bad in ["/nowhere/page.html", &fixture.folder.path().display().to_string()] {
        let started = std::time::Instant::now();
        let slow = ["--function=scale", "--min-time=60", &format!("--report={bad}")];
        let error = fixture.run("bench", &slow).fails_with(1);
        assert!(error.contains("cannot write the report '") && started.elapsed().as_secs() < 30, "{error}");
    }
    let names: Vec<_> = fixture.folder.path().read_dir().expect("readable").flatten().map(|e| e.file_name()).collect();
    assert_eq!(names.len(), 3, "{names:?}");
}
