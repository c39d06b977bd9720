//! `hal-build-program`.

mod kept;
mod key;

use ropt_cache::{Cache, CacheError, Found, Key};
use ropt_mlir::{
    ir::{
        edit::{Op, context_of, pin_mut},
        heard,
    },
    melior::ir::operation::OperationLike,
};
use ropt_plugin::prelude::*;

use crate::{
    emit_program::{self, Parts},
    lower_host::LowerHost,
};

/// Writes the program of a module whose executables are serialized: what `hal-lower-host` and `hal-emit-program` do.
///
/// It takes their place in `ropt compile` where nothing comes behind them. With a `cache`, host code that was compiled
/// before is taken from there, and only the executables' binaries are new; the module is then not lowered. Host code is
/// the same when the functions and globals are, and the executables' names, targets, exports and conditions, whatever
/// their kernels do.
#[derive(Pass, Clone, Default)]
#[pass(
    name = "hal-build-program",
    anchor = "builtin.module",
    dialects(
        "affine",
        "arith",
        "bufferization",
        "cf",
        "func",
        "hal",
        "index",
        "linalg",
        "llvm",
        "math",
        "memref",
        "ropt",
        "scf",
        "tensor",
        "ub"
    ),
    needs("executable-binaries"),
    ends("executables", "executable-variants", "executable-binaries"),
    slot(
        phase = "end",
        order = 10,
        replaces("hal-lower-host", "hal-emit-program"),
        options = "path={o} cache={@cache} cache-size={@cache-size}"
    )
)]
struct BuildProgram {
    /// The file to write.
    #[option]
    path: String,
    /// Folder of the cache; empty for none.
    #[option(default = "")]
    cache: String,
    /// Bytes that the cache may have.
    #[option(name = "cache-size", default = 1073741824)]
    cache_size: u64,
    /// Bytes of the program.
    #[statistic]
    bytes: Counter,
    /// Host code that came out of the cache.
    #[statistic]
    cached: Counter,
    /// Dispatches that became calls.
    #[statistic]
    dispatches: Counter,
    /// Copies of whole buffers that were not needed.
    #[statistic]
    copies_avoided: Counter,
    /// Buffers that share another one's storage.
    #[statistic]
    buffers_shared: Counter,
}

impl RunPass for BuildProgram {
    fn run(&mut self, op: OperationRefMut<'_, '_>, cx: &PassContext<'_>) -> PassResult {
        emit_program::has_path(&self.path, "hal-build-program")?;
        let module = pin_mut(&op);
        let cache = (!self.cache.is_empty()).then(|| Cache::new(&self.cache, self.cache_size));
        let key = if cache.is_some() { key::of(module, cx)? } else { None };
        let keep = cache.as_ref().zip(key);
        if let Some(parts) = keep.and_then(|(cache, key)| self.look(cache, &key, module, cx)) {
            self.bytes.add(emit_program::emit_parts(module, parts, &self.path)?);
            self.cached.add(1);
            cx.preserve_all();
            return Ok(());
        }
        let (made, said) = heard(context_of(module), || {
            let mut lower = LowerHost::default();
            lower.lower(module, cx)?;
            self.dispatches.add(lower.dispatches.take());
            self.copies_avoided.add(lower.copies_avoided.take());
            self.buffers_shared.add(lower.buffers_shared.take());
            emit_program::emit(module, &self.path, "hal-build-program", cx)
        });
        let (parts, bytes) = made?;
        self.bytes.add(bytes);
        // What was said once is to be said again.
        if let Some((cache, key)) = keep.filter(|_| !said) {
            let put = cache.put(&key, &kept::pack(&parts)?).and_then(|_| cache.settle());
            if let Err(error) = put {
                self.warn("kept in", &error, module, cx);
            }
        }
        Ok(())
    }
}

impl BuildProgram {
    /// The parts in the cache. What is wrong with it is said and does not fail the pass.
    fn look(&self, cache: &Cache, key: &Key, module: Op<'_>, cx: &PassContext<'_>) -> Option<Parts> {
        let damaged = |reason: String| {
            let message = format!("the host code in the cache is damaged ({reason}): it is compiled again");
            cx.remark(module.location(), message);
        };
        match cache.get(key) {
            Ok(Found::Nothing) => None,
            Ok(Found::Entry(content)) => {
                let parts = kept::unpack(&content);
                if parts.is_none() {
                    damaged("it holds no host code".to_owned());
                }
                parts
            }
            Ok(Found::Damaged(damage)) => {
                damaged(damage.to_string());
                None
            }
            Err(error) => {
                self.warn("looked for in", &error, module, cx);
                None
            }
        }
    }

    fn warn(&self, what: &str, error: &CacheError, module: Op<'_>, cx: &PassContext<'_>) {
        let notes = [
            format!("the cache is `{}`", self.cache),
            "help: name a folder that is yours and has room with --cache-dir=DIR, or leave the cache out with --no-cache"
                .to_owned(),
        ];
        let message = format!("the host code was not {what} the cache: {error}: {}", error.source);
        cx.warning_with(module.location(), message, &notes);
    }
}
