//! `--target-pipeline=TARGET:STAGE=PIPELINE`: the user's text in the place of a target's own stage.

use crate::{
    error::HostError,
    host::Host,
    near::did_you_mean,
    pipeline,
    report::Report,
    run::{check_facts, parsed},
    upstream::Registry,
};

/// The flag's name.
pub const FLAG: &str = "target-pipeline";

/// Stages run on an op of this kind.
const ANCHOR: &str = "hal.executable.variant";

/// Checks each value, and gives it with the target's alias replaced by its name.
///
/// # Errors
/// When a value names no target or stage, says one twice, or its pipeline has a mistake.
pub fn check(host: &Host, values: &[String], strict: bool) -> Result<Vec<String>, HostError> {
    let mut found: Vec<(String, String)> = Vec::new();
    for value in values {
        let (place, text) = one(host, value, strict)?;
        if found.iter().any(|(other, _)| *other == place) {
            let report = Report::error(format!("--{FLAG} is given twice for {place}"));
            return Err(HostError::Usage(Box::new(report.help(Some("keep one".to_owned())))));
        }
        found.push((place, text));
    }
    Ok(found.into_iter().map(|(place, text)| format!("{place}={text}")).collect())
}

/// The values for one stage, as `TARGET:PIPELINE`.
pub(crate) fn of_stage<'a>(values: &'a [String], stage: &'a str) -> impl Iterator<Item = String> + 'a {
    values.iter().filter_map(move |value| {
        let (place, text) = value.split_once('=')?;
        let (target, of) = place.split_once(':')?;
        (of == stage).then(|| format!("{target}:{text}"))
    })
}

fn one(host: &Host, value: &str, strict: bool) -> Result<(String, String), HostError> {
    let usage = |report: Report| HostError::Usage(Box::new(report));
    let parts = value.split_once('=').and_then(|(place, text)| Some((place.split_once(':')?, text)));
    let Some(((target, stage), text)) = parts else {
        let report = Report::error(format!("--{FLAG}={value} is not TARGET:STAGE=PIPELINE"));
        let help = "for example --target-pipeline=llvm-cpu:configure='builtin.module(cse)'; `ropt targets show TARGET` \
                    prints the stages";
        return Err(usage(report.help(Some(help.to_owned()))));
    };
    let Some((_, record)) = host.target(target) else {
        let names: Vec<_> = host.targets.keys().map(String::as_str).collect();
        let near = did_you_mean(target, names.iter().copied());
        let help = near.unwrap_or_else(|| format!("the targets are {}", names.join(", ")));
        return Err(usage(Report::error(format!("--{FLAG}: no target `{target}`")).help(Some(help))));
    };
    let stages: Vec<_> = record.stages.iter().map(|(name, _)| name.as_str()).collect();
    if !stages.contains(&stage) {
        let near = did_you_mean(stage, stages.iter().copied());
        let help = near.unwrap_or_else(|| format!("its stages are {}", stages.join(", ")));
        let message = format!("--{FLAG}: target `{}` has no stage `{stage}`", record.target);
        return Err(usage(Report::error(message).help(Some(help))));
    }
    let place = format!("{}:{stage}", record.target);
    let name = format!("--{FLAG}={place}");
    let pipeline = parsed(text, &name).map_err(HostError::Usage)?;
    pipeline::check_inside(&pipeline, ANCHOR, text, &name, &Registry(host)).map_err(HostError::Usage)?;
    check_facts(host, &pipeline, text, &name, strict)?;
    Ok((place, text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::of_stage;

    #[test]
    fn a_stage_gets_its_own_texts() {
        let values = ["a:translate=x(y=z)".to_owned(), "b:configure=w".to_owned(), "c:translate=v".to_owned()];
        assert_eq!(of_stage(&values, "translate").collect::<Vec<_>>(), ["a:x(y=z)", "c:v"]);
    }
}
