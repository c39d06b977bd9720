//! From a dispatch to the cases that are measured: what is fixed, what was given or recorded, what is bounded.

use super::{
    cases::{Bits, Case, Obstacle, settle},
    sites::Site,
    values::{Conflict, Values, open_dimensions},
    workloads::{Given, workload_text},
};
use ropt_mlir::{
    ir::{
        byte_width,
        edit::{Val, type_text},
    },
    melior::ir::{TypeLike, ValueLike, r#type::IntegerType},
};
use ropt_plugin::{prelude::*, ropt_abi::workloads::RecordedDispatch};

/// Where sizes come from that the program leaves open.
pub(super) struct Sources<'a> {
    /// Given by hand, for this export.
    pub(super) given: Vec<&'a Given>,
    /// Recorded, of this export.
    pub(super) recorded: Vec<&'a RecordedDispatch>,
}

/// The cases of one dispatch.
pub(super) struct Resolved<'c> {
    /// What is measured.
    pub(super) cases: Vec<Case<'c>>,
    /// What the user should know about them.
    pub(super) remarks: Vec<String>,
}

/// Why a dispatch has no case.
pub(super) enum Unresolved {
    /// It cannot be repeated.
    Obstacle(Obstacle),
    /// No recorded dispatch fits.
    NotRecorded,
    /// What was given by hand does not fit.
    Given(String),
}

/// Finds the cases of a dispatch.
///
/// # Errors
/// When there is none.
pub(super) fn resolve<'c>(site: &Site<'c>, sources: &Sources<'_>) -> Result<Resolved<'c>, Unresolved> {
    let mut given = Vec::new();
    for one in &sources.given {
        given.push(assigned(site, one).map_err(Unresolved::Given)?);
    }
    let obstacle = match settle(site, &Values::default(), &Bits::new(), true) {
        Ok(case) if case.made_up.is_empty() || sources.recorded.is_empty() => {
            return Ok(Resolved { remarks: made_up(&case), cases: vec![case] });
        }
        // A constant that would be made up may have been recorded.
        Ok(case) => match recorded(site, sources) {
            Ok(resolved) => return Ok(resolved),
            Err(_) => return Ok(Resolved { remarks: made_up(&case), cases: vec![case] }),
        },
        Err(obstacle) if !obstacle.is_open() => return Err(Unresolved::Obstacle(obstacle)),
        Err(obstacle) => obstacle,
    };
    if !given.is_empty() {
        let mut resolved = Resolved { cases: Vec::new(), remarks: Vec::new() };
        for mut values in given {
            values.add_bounds(site.function);
            let case = settle(site, &values, &Bits::new(), false).map_err(Unresolved::Obstacle)?;
            resolved.remarks.extend(made_up(&case));
            resolved.cases.push(case);
        }
        return Ok(resolved);
    }
    if !sources.recorded.is_empty() {
        return recorded(site, sources).map_err(|_| Unresolved::NotRecorded);
    }
    let mut bounds = Values::default();
    bounds.add_bounds(site.function);
    match settle(site, &bounds, &Bits::new(), false) {
        Ok(case) => {
            let mut remarks =
                vec![format!("its sizes are taken at their upper bounds: workload {}", workload_text(&case.workload))];
            remarks.extend(made_up(&case));
            Ok(Resolved { cases: vec![case], remarks })
        }
        Err(_) => Err(Unresolved::Obstacle(obstacle)),
    }
}

fn made_up(case: &Case<'_>) -> Vec<String> {
    let list: Vec<String> = case.made_up.iter().map(ToString::to_string).collect();
    if list.is_empty() {
        return Vec::new();
    }
    vec![format!("argument {} is known only at run time and taken to be 1.0", list.join(", "))]
}

/// The values with the workload given.
fn assigned(site: &Site<'_>, given: &Given) -> Result<Values, String> {
    let (takes, has) = (site.workload.len(), given.workload.len());
    if takes != has {
        return Err(format!(
            "workload {} has {has} value{}, the dispatch of @{} takes {takes}",
            given.text(),
            if has == 1 { "" } else { "s" },
            site.export
        ));
    }
    let mut values = Values::default();
    for (index, (value, number)) in site.workload.iter().zip(&given.workload).enumerate() {
        values.assign(*value, *number).map_err(|Conflict { known }| {
            format!("value {index} of workload {} cannot be {number}: in this dispatch it is {known}", given.text())
        })?;
    }
    Ok(values)
}

/// A case for each recorded dispatch that can come from this place.
fn recorded<'c>(site: &Site<'c>, sources: &Sources<'_>) -> Result<Resolved<'c>, Obstacle> {
    let mut resolved = Resolved { cases: Vec::new(), remarks: Vec::new() };
    let mut obstacle = Obstacle::Workload { index: 0 };
    for one in &sources.recorded {
        let Some((mut values, bits)) = from_constants(site, &one.constants) else { continue };
        values.add_bounds(site.function);
        match settle(site, &values, &bits, false) {
            // Another place of the same export can have other sizes with the same constants.
            Ok(case) if fits(&case, one) => resolved.cases.push(case),
            Ok(_) => {}
            Err(found) => obstacle = found,
        }
    }
    if resolved.cases.is_empty() { Err(obstacle) } else { Ok(resolved) }
}

/// What the constants say about the arguments; nothing when they cannot be this place's.
fn from_constants(site: &Site<'_>, words: &[u32]) -> Option<(Values, Bits)> {
    let (mut values, mut bits) = (Values::default(), Bits::new());
    let mut words = words.iter();
    for (index, argument) in site.arguments.iter().enumerate() {
        let ty = argument.r#type();
        let whole = ty.is_index() || IntegerType::try_from(ty).is_ok();
        if !whole && !ty.is_float() {
            continue;
        }
        let mut value = u64::from(*words.next()?);
        if byte_width(ty)? == 8 {
            value |= u64::from(*words.next()?) << 32;
        }
        if whole {
            values.assign(*argument, signed(value, &type_text(ty))).ok()?;
        } else {
            bits.insert(index, value);
        }
    }
    words.next().is_none().then_some((values, bits))
}

/// The number that the low bits of a word are, in the signed type of that name.
fn signed(value: u64, ty: &str) -> i64 {
    match ty {
        "i1" => i64::from(value & 1 == 1),
        "i8" => i64::from(value as u8 as i8),
        "i16" => i64::from(value as u16 as i16),
        "i32" => i64::from(value as u32 as i32),
        _ => value as i64,
    }
}

/// Whether the sizes of the bindings are those of the case.
fn fits(case: &Case<'_>, recorded: &RecordedDispatch) -> bool {
    use super::cases::Operand;
    let arguments = case.operands.iter().filter_map(|operand| match operand {
        Operand::Tensor { tensor, .. } => Some(tensor.bytes()),
        Operand::Scalar(_) => None,
    });
    let results = case.outputs.iter().filter(|output| output.tied.is_none()).map(|output| output.tensor.bytes());
    let sizes: Vec<i64> = arguments.chain(results).flatten().collect();
    sizes.len() == recorded.bindings.len()
        && sizes
            .iter()
            .zip(&recorded.bindings)
            .all(|(size, there)| i64::try_from(*there).is_ok_and(|there| there >= *size))
}

/// What the user is told about a dispatch without a benchmark.
pub(super) fn unresolved(site: &Site<'_>, executable: &str, why: Unresolved) -> (String, Vec<String>) {
    let obstacle = match why {
        Unresolved::Given(text) => return (text, Vec::new()),
        Unresolved::NotRecorded => {
            let help = "help: record a run that comes here, or give the workload with --hal-benchmark-workload";
            return ("the recorded run has no such dispatch".into(), vec![help.to_owned()]);
        }
        Unresolved::Obstacle(obstacle) => obstacle,
    };
    let mut help = Vec::new();
    if obstacle.is_open() {
        let record = "a recorded run: `ropt-run run PROGRAM --record-workloads=FILE`, then \
                      --hal-benchmark-workloads-from=FILE";
        help.push(match site.workload.len() {
            0 => format!("help: it is taken from {record}"),
            count => format!(
                "help: the workload is ({}); give it with --hal-benchmark-workload={executable}::{}={}, or take it from \
                 {record}",
                workload(site).join(", "),
                site.export,
                vec!["N"; count].join("x")
            ),
        });
    }
    (obstacle.to_string(), help)
}

/// What the values of the workload are, in words.
fn workload(site: &Site<'_>) -> Vec<String> {
    let mut sizes = site.argument_dims.iter();
    let mut named: Vec<(Val<'_>, String)> = Vec::new();
    for (index, argument) in site.arguments.iter().enumerate() {
        for dimension in open_dimensions(*argument) {
            named.extend(sizes.next().map(|size| (*size, format!("dimension {dimension} of argument {index}"))));
        }
    }
    let mut sizes = site.result_dims.iter();
    for (index, result) in site.results.iter().enumerate() {
        for dimension in open_dimensions(*result) {
            named.extend(sizes.next().map(|size| (*size, format!("dimension {dimension} of result {index}"))));
        }
    }
    let plain = site.arguments.iter().enumerate().map(|(index, argument)| (*argument, format!("argument {index}")));
    named.extend(plain);
    let name = |value: &Val<'_>| {
        let number = Values::default().number(*value).map(|number| number.to_string());
        let known = named.iter().find(|(known, _)| known == value).map(|(_, name)| name.clone());
        number.or(known).unwrap_or_else(|| "a value of the host's".to_owned())
    };
    site.workload.iter().map(name).collect()
}

/// Where the remarks and warnings about a dispatch stand.
pub(super) fn place<'c>(site: &Site<'c>) -> Location<'c> {
    site.op.location()
}
