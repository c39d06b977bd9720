//! Times every kernel of both programs and prints them side by side.

use serde_json::Value;

use super::session::Session;
use crate::{
    error::{Error, Result},
    process::output,
};

/// Median time of one dispatch, or of a whole call.
struct Row {
    name: String,
    median_ns: f64,
}

pub(super) fn compare(session: &Session, before: &str, after: &str) -> Result<()> {
    let (first, second) = (measure(session, before)?, measure(session, after)?);
    println!("\n{:<44} {:>12} {:>12}", "median time", before, after);
    for row in &first {
        let other = second.iter().find(|other| other.name == row.name);
        let other = other.map_or("-".to_owned(), |other| microseconds(other.median_ns));
        println!("{:<44} {:>12} {other:>12}", row.name, microseconds(row.median_ns));
    }
    Ok(())
}

fn measure(session: &Session, program: &str) -> Result<Vec<Row>> {
    let mut command = session.tool("ropt-run");
    command
        .args(["bench", program, "--function=main"])
        .args(session.inputs())
        .args(["--per-dispatch", "--format=json"]);
    session.echo(&command);
    let printed = output(&mut command)?;
    let mut rows = Vec::new();
    let functions: Value = serde_json::from_str(&printed).map_err(|error| unreadable(error.to_string()))?;
    for function in functions.as_array().into_iter().flatten() {
        collect(function, "function", &mut rows);
        for dispatch in function["dispatches"].as_array().into_iter().flatten() {
            collect(dispatch, "export", &mut rows);
        }
    }
    if rows.is_empty() { Err(unreadable("no object with a median".to_owned())) } else { Ok(rows) }
}

fn collect(object: &Value, key: &str, rows: &mut Vec<Row>) {
    if let (Some(name), Some(median_ns)) = (object[key].as_str(), object["median_ns"].as_f64()) {
        rows.push(Row { name: name.to_owned(), median_ns });
    }
}

fn unreadable(what: String) -> Error {
    Error::Output { command: "ropt-run bench".to_owned(), what }
}

fn microseconds(nanoseconds: f64) -> String {
    format!("{:.2} µs", nanoseconds / 1000.0)
}
