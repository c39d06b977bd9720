//! A cache that cannot be used does not fail a compilation; it is said once.

use ropt_cache::CacheError;
use ropt_plugin::prelude::*;

/// What went wrong with the cache.
#[derive(Default)]
pub(super) struct Trouble {
    /// The first refusal, and of how many binaries.
    write: Option<(CacheError, usize)>,
    read: Option<(CacheError, usize)>,
}

impl Trouble {
    /// A binary that could not be kept.
    pub(super) fn unwritable(&mut self, error: CacheError) {
        count(&mut self.write, error);
    }

    /// A binary that could not be looked for.
    pub(super) fn unreadable(&mut self, error: CacheError) {
        count(&mut self.read, error);
    }

    /// Warns of it.
    pub(super) fn tell(self, folder: &str, location: Location<'_>, cx: &PassContext<'_>) {
        let sides = [(self.read, "looked for in"), (self.write, "kept in")];
        for (error, count, what) in sides.into_iter().filter_map(|(side, what)| side.map(|(e, n)| (e, n, what))) {
            let binaries = if count == 1 { "a binary was" } else { "binaries were" };
            let message = format!("{count} {binaries} not {what} the cache: {error}: {}", error.source);
            let message = message.replacen("1 a binary", "a binary", 1);
            let notes = [
                format!("the cache is `{folder}`"),
                "help: name a folder that is yours and has room with --cache-dir=DIR, or leave the cache out with --no-cache"
                    .to_owned(),
            ];
            cx.warning_with(location, message, &notes);
        }
    }
}

fn count(side: &mut Option<(CacheError, usize)>, error: CacheError) {
    match side {
        Some((_, count)) => *count += 1,
        None => *side = Some((error, 1)),
    }
}
