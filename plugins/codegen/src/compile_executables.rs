//! `hal-compile-executables`.

mod finished;
mod keys;
mod parallel;
mod trouble;

use ropt_cache::{Cache, Found, Key, Stored};
use ropt_mlir::{
    ir::edit::{Op, pin_mut, remove_attribute},
    melior::ir::operation::OperationLike,
};
use ropt_plugin::{prelude::*, ropt_abi::quote};

use crate::{binary::BINARY, compile_variant::SAID, stage, variants::Variant};
use finished::Finished;
use trouble::Trouble;

/// Takes every variant from its kernels to its binary, on all processors, and keeps the binaries for the next time.
///
/// It does what `hal-configure-executables` (with `configure`), `hal-translate-executables` and
/// `hal-serialize-executables` do for variants with a module, and takes their place in `ropt compile` where nothing needs
/// to see what lies between. With a `cache`, a variant whose binary is there is not compiled. A binary is there when it was
/// made of the same kernels, for the same target, by the same pipelines, plugins and MLIR, and of the same files where the
/// target reads any. A variant of which something was said while it was compiled (a warning, a remark) is not kept, so that
/// it is said again. When one fails, those that were finished by then are kept.
#[derive(Pass, Clone, Default)]
#[pass(
    name = "hal-compile-executables",
    anchor = "builtin.module",
    dialects("hal"),
    needs("executable-variants"),
    establishes("executable-targets"),
    ends("executable-sources", "executable-configurations"),
    slot(
        phase = "executable-configurations",
        order = 10,
        replaces("hal-configure-executables", "hal-translate-executables"),
        until = "hal-serialize-executables",
        unless("hal-dump-executable-intermediates-to", "hal-dump-executable-files-to"),
        options = "configure=true configure-pipelines={@target-pipeline:configure} translate-pipelines={@target-pipeline:translate} timeout-s={codegen-timeout-s} memory-mb={codegen-memory-mb} cache={@cache} cache-size={@cache-size}"
    ),
    slot(
        phase = "executable-targets",
        order = 10,
        replaces("hal-translate-executables"),
        until = "hal-serialize-executables",
        unless("hal-dump-executable-intermediates-to", "hal-dump-executable-files-to"),
        options = "translate-pipelines={@target-pipeline:translate} timeout-s={codegen-timeout-s} memory-mb={codegen-memory-mb} cache={@cache} cache-size={@cache-size}"
    )
)]
struct CompileExecutables {
    /// Whether the kernels are to be configured first.
    #[option(default = false)]
    configure: bool,
    /// Pipelines to run instead of a target's own `configure`, as `TARGET:PIPELINE`.
    #[option(name = "configure-pipelines")]
    configure_pipelines: Vec<String>,
    /// Pipelines to run instead of a target's own `translate`, as `TARGET:PIPELINE`.
    #[option(name = "translate-pipelines")]
    translate_pipelines: Vec<String>,
    /// Seconds that one variant may take in each stage; 0 is no limit.
    #[option(name = "timeout-s", default = 300)]
    timeout_s: u64,
    /// MiB that the process may hold meanwhile; 0 is no limit.
    #[option(name = "memory-mb", default = 8192)]
    memory_mb: u64,
    /// Folder of the cache; empty for none.
    #[option(default = "")]
    cache: String,
    /// Bytes that the cache may have.
    #[option(name = "cache-size", default = 1073741824)]
    cache_size: u64,
    /// Binaries made.
    #[statistic]
    compiled: Counter,
    /// Binaries that came out of the cache.
    #[statistic]
    cached: Counter,
    /// Binaries that went into the cache.
    #[statistic]
    stored: Counter,
}

impl RunPass for CompileExecutables {
    fn prepare(&mut self, context: &Context) {
        stage::load_dialects(context);
    }

    fn run(&mut self, op: OperationRefMut<'_, '_>, cx: &PassContext<'_>) -> PassResult {
        let module = pin_mut(&op);
        stage::check_own("configure-pipelines", &self.configure_pipelines, cx)?;
        stage::check_own("translate-pipelines", &self.translate_pipelines, cx)?;
        let variants: Vec<_> =
            Variant::all(module).into_iter().filter(|one| one.inner("builtin.module").is_some()).collect();
        if variants.is_empty() {
            return Ok(());
        }
        let cache = (!self.cache.is_empty()).then(|| Cache::new(&self.cache, self.cache_size));
        let mut trouble = Trouble::default();
        let missing = match &cache {
            Some(cache) => self.take(&variants, cache, &mut trouble, cx)?,
            None => variants.iter().map(|variant| (*variant, None)).collect(),
        };
        let made = self.make(&missing, &variants, module, cx);
        if let Some(cache) = &cache {
            // Who mends the one that failed need not wait for the others again.
            let finished = |(variant, _): &&Missing<'_>| made.is_ok() || variant.inner(BINARY).is_some();
            let kept = self.keep(missing.iter().filter(finished), cache, &mut trouble);
            trouble.tell(&self.cache, module.location(), cx);
            made.and(kept)?;
        } else {
            made?;
        }
        for (variant, _) in &missing {
            remove_attribute(variant.op, SAID);
        }
        Ok(())
    }
}

/// A variant to be compiled, and the key to keep its binary under.
type Missing<'c> = (Variant<'c>, Option<Key>);

impl CompileExecutables {
    /// Gives variants their binaries out of the cache; those that are not in it come back.
    fn take<'c>(
        &mut self,
        variants: &[Variant<'c>],
        cache: &Cache,
        trouble: &mut Trouble,
        cx: &PassContext<'_>,
    ) -> PassResult<Vec<Missing<'c>>> {
        let stages = keys::Stages {
            configure: self.configure.then_some(self.configure_pipelines.as_slice()),
            translate: &self.translate_pipelines,
        };
        let common = keys::Common::of(variants, &stages, cx)?;
        let found = parallel::map(variants, |variant| {
            let key = common.key(*variant)?;
            Some((key, cache.get(&key)))
        });
        let mut missing = Vec::new();
        for (variant, found) in variants.iter().zip(found) {
            let (key, outcome) = match found {
                Some((key, found)) => (Some(key), take_one(*variant, found)),
                None => (None, Outcome::Missing),
            };
            match outcome {
                Outcome::Taken => {
                    self.cached.add(1);
                    continue;
                }
                Outcome::Missing => {}
                Outcome::Damaged(reason) => cx.remark(
                    variant.op.location(),
                    format!(
                        "the binary of @{} in the cache is damaged ({reason}): it is compiled again",
                        variant.executable_name()
                    ),
                ),
                Outcome::Unreadable(error) => trouble.unreadable(error),
            }
            missing.push((*variant, key));
        }
        Ok(missing)
    }

    /// Compiles those that are missing of all variants.
    fn make(
        &mut self,
        missing: &[Missing<'_>],
        variants: &[Variant<'_>],
        module: Op<'_>,
        cx: &PassContext<'_>,
    ) -> PassResult {
        if missing.is_empty() {
            return Ok(());
        }
        stage::prepare(variants, cx)?;
        let pipeline = format!("hal.executable(hal.executable.variant({}))", self.element()?);
        cx.run_pipeline(&pipeline, module)?;
        self.compiled.add(missing.len() as u64);
        Ok(())
    }

    /// Puts what was compiled into the cache.
    fn keep<'k>(
        &mut self,
        compiled: impl Iterator<Item = &'k Missing<'k>>,
        cache: &Cache,
        trouble: &mut Trouble,
    ) -> PassResult {
        for (variant, key) in compiled {
            let Some(key) = key.filter(|_| !variant.op.has_attribute(SAID)) else { continue };
            match cache.put(&key, &Finished::of(*variant)?.pack()) {
                Ok(Stored::Kept) => self.stored.add(1),
                Ok(Stored::TooLarge) => {}
                Err(error) => trouble.unwritable(error),
            }
        }
        if let Err(error) = cache.settle() {
            trouble.unwritable(error);
        }
        Ok(())
    }

    fn element(&self) -> PassResult<String> {
        let mut options =
            format!("configure={} timeout-s={} memory-mb={}", self.configure, self.timeout_s, self.memory_mb);
        for (name, own) in
            [("configure-pipelines", &self.configure_pipelines), ("translate-pipelines", &self.translate_pipelines)]
        {
            if !own.is_empty() {
                options.push_str(&format!(" {name}={}", quote::list(own.iter().map(String::as_str))?));
            }
        }
        Ok(format!("hal-compile-variant{{{options}}}"))
    }
}

/// What asking the cache for a variant came to.
enum Outcome {
    /// The variant has its binary.
    Taken,
    Missing,
    Damaged(String),
    Unreadable(ropt_cache::CacheError),
}

/// Gives one variant the binary that was found for it.
fn take_one(variant: Variant<'_>, found: Result<Found, ropt_cache::CacheError>) -> Outcome {
    match found {
        Ok(Found::Nothing) => Outcome::Missing,
        Ok(Found::Damaged(damage)) => Outcome::Damaged(damage.to_string()),
        Ok(Found::Entry(content)) => match Finished::unpack(&content).is_some_and(|finished| finished.give(variant)) {
            true => Outcome::Taken,
            false => Outcome::Damaged("it holds no variant".to_owned()),
        },
        Err(error) => Outcome::Unreadable(error),
    }
}

/// The name of a variant's op, for the modules below.
const END: &str = "hal.executable.variant_end";

/// What a variant holds besides its end.
fn inside(variant: Op<'_>) -> impl Iterator<Item = Op<'_>> {
    use ropt_mlir::ir::{edit::op_name, ops_in};
    ops_in(variant).into_iter().filter(|op| op_name(*op) != END)
}
