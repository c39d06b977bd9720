//! The cache of compiled executables: `ropt cache`, and the flags of `ropt compile`.

use crate::cli::{CacheCommand, CachePlace};
use clap::{Arg, ArgAction, ArgMatches, Command};
use ropt_cache::{Cache, CacheError, Settings, size_text};
use ropt_host::{
    HostError,
    compile::{CACHE, CACHE_SIZE, Flags},
    output,
    report::Report,
    writable_in_pipeline,
};
use std::path::{Path, PathBuf};

/// Adds the flags of `ropt compile`.
pub(crate) fn flags(command: Command) -> Command {
    let value = |name: &'static str, what: &'static str| Arg::new(name).long(name).value_name(what);
    command
        .arg(value("cache-dir", "DIR").help(
            "Keep compiled executables in this folder [default: ROPT_CACHE_DIR, or ropt in the user's cache folder]",
        ))
        .arg(value("cache-size", "SIZE").help(
            "What the cache may hold, for example 512MiB: what was not used for longest goes [default: ROPT_CACHE_SIZE, \
             or 1GiB]",
        ))
        .arg(
            Arg::new("no-cache")
                .long("no-cache")
                .action(ArgAction::SetTrue)
                .conflicts_with_all(["cache-dir", "cache-size"])
                .help("Compile everything, and keep nothing"),
        )
}

/// Puts what was given, or what holds otherwise, among the flags that slots take.
///
/// # Errors
/// When a size is none.
pub(crate) fn give(matches: &ArgMatches, given: &mut Flags) -> Result<(), HostError> {
    if matches.get_flag("no-cache") {
        return Ok(());
    }
    let text = |name: &str| matches.get_one::<String>(name).map(String::as_str);
    let settings = settings(text("cache-dir"), text("cache-size"))?;
    let Some(folder) = settings.folder else { return Ok(()) };
    // A pipeline is text, and the folder stands in it.
    match folder.to_str().filter(|text| writable_in_pipeline(text)) {
        Some(text) => {
            given.insert(CACHE.into(), vec![absolute(text)]);
            given.insert(CACHE_SIZE.into(), vec![settings.size.to_string()]);
        }
        None => {
            let report = Report::warning(format!("there is no cache: a pipeline cannot name `{}`", folder.display()));
            eprintln!("{}", report.help(Some("name another folder with --cache-dir=DIR".to_owned())));
        }
    }
    Ok(())
}

/// A printed pipeline means the same folder wherever it runs.
fn absolute(text: &str) -> String {
    let path = std::path::absolute(text).unwrap_or_else(|_| PathBuf::from(text));
    path.to_str().filter(|text| writable_in_pipeline(text)).unwrap_or(text).to_owned()
}

fn settings(folder: Option<&str>, size: Option<&str>) -> Result<Settings, HostError> {
    Settings::new(folder, size, |name| std::env::var_os(name)).map_err(|error| {
        let report = Report::error(error.to_string());
        HostError::Usage(Box::new(report.help(Some("for example 512MiB".to_owned()))))
    })
}

/// Runs `ropt cache`.
///
/// # Errors
/// When there is no cache, or the system refuses.
pub(crate) fn command(wanted: &CacheCommand) -> Result<i32, HostError> {
    let (CacheCommand::Show { place, .. } | CacheCommand::Prune { place } | CacheCommand::Clear { place }) = wanted;
    let CachePlace { cache_dir, cache_size } = place;
    let settings = settings(cache_dir.as_deref(), cache_size.as_deref())?;
    let Some(folder) = settings.folder else {
        let report = Report::error("there is no cache: ROPT_CACHE_DIR is empty, or there is no home folder");
        return Err(HostError::Usage(Box::new(report.help(Some("name its folder with --cache-dir=DIR".to_owned())))));
    };
    let cache = Cache::new(&folder, settings.size);
    let text = match wanted {
        CacheCommand::Show { json, .. } => show(&cache, &folder, settings.size, *json).map_err(refused)?,
        CacheCommand::Prune { .. } => removed(cache.prune().map_err(refused)?),
        CacheCommand::Clear { .. } => removed(cache.clear().map_err(refused)?),
    };
    output::print(&text)?;
    Ok(0)
}

fn show(cache: &Cache, folder: &Path, limit: u64, json: bool) -> Result<String, CacheError> {
    let usage = cache.usage()?;
    if json {
        let value = serde_json::json!({
            "folder": folder.display().to_string(), "entries": usage.entries, "bytes": usage.bytes, "limit": limit
        });
        return Ok(format!("{value:#}\n"));
    }
    Ok(format!(
        "folder   {}\nentries  {}\nsize     {} of {}\n",
        folder.display(),
        usage.entries,
        size_text(usage.bytes),
        size_text(limit)
    ))
}

fn removed(count: u64) -> String {
    format!("removed {count} {}\n", if count == 1 { "entry" } else { "entries" })
}

fn refused(error: CacheError) -> HostError {
    let report = Report::error(format!("{error}: {}", error.source));
    HostError::Input(Box::new(report.help(Some("name another folder with --cache-dir=DIR".to_owned()))))
}
