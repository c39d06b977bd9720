//! Passes: what an author implements, and the table that is made of it.

use crate::{
    context::PassContext,
    error::{PassResult, panicked},
};
use ropt_abi::{
    RawContext, RawOperation,
    abi_stable::{prefix_type::PrefixTypeTrait, std_types::RResult},
    pass::{Outcome, PassDescriptor, PassDescriptorRef, RawPass},
    services::PassCall,
};
use ropt_driver::guard::guard;
use ropt_mlir::{
    melior::{Context, ContextRef, ir::operation::OperationRefMut},
    mlir_sys::{MlirContext, MlirOperation},
};

/// A statistic of a pass, reported with `--pass-statistics`.
#[derive(Debug, Clone, Default)]
pub struct Counter(u64);

impl Counter {
    /// Adds to it.
    pub fn add(&mut self, by: u64) {
        self.0 += by;
    }

    /// What came together since the last time.
    #[doc(hidden)]
    pub fn take(&mut self) -> u64 {
        std::mem::take(&mut self.0)
    }
}

/// The work of a pass.
///
/// An instance belongs to one thread at a time; MLIR clones it for others. What `initialize` finds out is in the clones.
///
/// ```
/// use ropt_plugin::prelude::*;
///
/// /// Refuses functions without a body.
/// #[derive(Pass, Clone, Default)]
/// #[pass(name = "acme-no-declarations", anchor = "func.func")]
/// struct NoDeclarations {
///     /// Say so, and go on.
///     #[option]
///     only_warn: bool,
/// }
///
/// impl RunPass for NoDeclarations {
///     fn run(&mut self, function: OperationRefMut<'_, '_>, cx: &PassContext<'_>) -> PassResult {
///         cx.preserve_all();
///         if function.region(0).is_ok_and(|region| region.first_block().is_some()) {
///             return Ok(());
///         }
///         if self.only_warn {
///             cx.warning(function.location(), "a function without a body");
///             return Ok(());
///         }
///         Err(PassError::new("a function without a body").at(function.location()).help("define it, or only-warn=true"))
///     }
/// }
/// # let _ = NoDeclarations::default();
/// ```
pub trait RunPass: Declared + Clone + Default + Send + 'static {
    /// Called before anything else, on one thread. Here a pass whose pipelines are known only later loads the dialects
    /// that they may make ops of; those that it knows it names in `dialects("…")`.
    fn prepare(&mut self, _context: &Context) {}

    /// Called once before the first op, with the options read.
    ///
    /// # Errors
    /// Ends the run before anything is changed.
    fn initialize(&mut self, _cx: &PassContext<'_>) -> PassResult {
        Ok(())
    }

    /// Works on one op. It may change the op and what is nested in it, and nothing else.
    ///
    /// # Errors
    /// Ends the run.
    fn run(&mut self, op: OperationRefMut<'_, '_>, cx: &PassContext<'_>) -> PassResult;
}

/// What `#[derive(Pass)]` implements.
#[doc(hidden)]
pub trait Declared {
    /// The pass's name.
    const NAME: &'static str;
    /// Reads every option into its field.
    fn read_options(&mut self, cx: &PassContext<'_>) -> PassResult;
    /// Takes the counters' values, in the order of declaration.
    fn take_statistics(&mut self) -> Vec<u64>;
}

/// A pass as the derive macro submits it.
#[doc(hidden)]
pub struct PassEntry {
    pub descriptor: fn() -> PassDescriptorRef,
}
ropt_driver::inventory::collect!(PassEntry);

/// The table of a pass type.
#[doc(hidden)]
pub fn descriptor<P: RunPass>() -> PassDescriptorRef {
    PassDescriptor {
        name: P::NAME.into(),
        create: create::<P>,
        duplicate: clone::<P>,
        destroy: destroy::<P>,
        initialize: initialize::<P>,
        run: run::<P>,
    }
    .leak_into_prefix()
}

// An instance is the address of a boxed pass. `create` and `clone` make it, `destroy` ends it, and the host uses one
// instance on one thread at a time.

extern "C" fn create<P: RunPass>() -> RawPass {
    let pass = guard(P::default).unwrap_or_else(|message| die("Default::default", P::NAME, &message));
    RawPass(Box::into_raw(Box::new(pass)).cast())
}

unsafe extern "C" fn clone<P: RunPass>(pass: RawPass) -> RawPass {
    // SAFETY: see above.
    let pass = unsafe { &*pass.0.cast::<P>() };
    let copy = guard(|| pass.clone()).unwrap_or_else(|message| die("Clone::clone", P::NAME, &message));
    RawPass(Box::into_raw(Box::new(copy)).cast())
}

unsafe extern "C" fn destroy<P: RunPass>(pass: RawPass) {
    // SAFETY: see above; the host does not use the instance again.
    let pass = unsafe { Box::from_raw(pass.0.cast::<P>()) };
    if let Err(message) = guard(|| drop(pass)) {
        eprintln!("warning: dropping pass `{}` panicked: {message}", P::NAME);
    }
}

unsafe extern "C" fn initialize<P: RunPass>(pass: RawPass, context: RawContext, call: PassCall) -> Outcome {
    // SAFETY: see above.
    let pass = unsafe { &mut *pass.0.cast::<P>() };
    let cx = PassContext::new(call);
    outcome(guard(|| {
        // SAFETY: the context is the host's, alive during the call.
        let context = unsafe { ContextRef::from_raw(MlirContext { ptr: context.0 }) };
        // SAFETY: the reference is to `context`, which outlives the call.
        pass.prepare(unsafe { context.to_ref() });
        pass.read_options(&cx)?;
        pass.initialize(&cx)
    }))
}

unsafe extern "C" fn run<P: RunPass>(pass: RawPass, op: RawOperation, call: PassCall) -> Outcome {
    // SAFETY: see above.
    let pass = unsafe { &mut *pass.0.cast::<P>() };
    let cx = PassContext::new(call);
    // SAFETY: the host lends the op for the duration of the call.
    let op = unsafe { OperationRefMut::from_raw(MlirOperation { ptr: op.0 }) };
    let result = guard(|| pass.run(op, &cx));
    for (index, by) in pass.take_statistics().into_iter().enumerate().filter(|(_, by)| *by != 0) {
        cx.count(index as u32, by);
    }
    outcome(result)
}

fn outcome(result: Result<PassResult, String>) -> Outcome {
    match result {
        Ok(Ok(())) => RResult::ROk(()),
        Ok(Err(error)) => RResult::RErr(error.into_fault()),
        Err(message) => RResult::RErr(panicked(message)),
    }
}

/// A pass without an instance cannot be reported through a call, so the process ends with the name.
fn die(what: &str, pass: &str, message: &str) -> ! {
    eprintln!("error: plugin pass `{pass}` panicked in {what}: {message}");
    std::process::exit(3)
}
