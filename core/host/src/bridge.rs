//! Puts the passes of manifests into MLIR's registry. A plugin is loaded when a pipeline with a pass of it starts.

use crate::{
    error::HostError,
    host::Host,
    isolate::{Call, Mode, Rules, apart},
    neighbours::watched,
    services::Running,
};
use ropt_abi::{
    RawContext, RawLocation, RawOperation,
    abi_stable::std_types::RResult,
    manifest::PassRecord,
    pass::{Fault, FaultKind, PassDescriptorRef, RawPass},
    services::Severity,
};
use ropt_mlir::{
    mlir_sys::{MlirContext, MlirOperation, mlirLocationUnknownGet, mlirOperationGetContext, mlirOperationGetLocation},
    sys,
};
use std::{ffi::c_void, ptr};

/// A pass as MLIR's registry knows it: `user` of the shim's callbacks.
struct Entry {
    host: &'static Host,
    plugin: usize,
    record: &'static PassRecord,
}

impl Entry {
    fn rules(&self) -> &'static Rules {
        self.host.settings().rules(&self.host.plugins[self.plugin].file.manifest.header.plugin)
    }
}

/// One thread's instance.
enum Instance {
    /// Of a plugin that is loaded.
    Here {
        /// The plugin's functions.
        table: PassDescriptorRef,
        /// The plugin's own.
        raw: RawPass,
    },
    /// Of a plugin that runs apart, and is not loaded.
    Apart,
}

/// Registers every plugin pass under its name and its aliases.
///
/// # Errors
/// When a C++ plugin has a pass of that name; MLIR's own were compared when the manifest was read.
pub fn register(host: &'static Host) -> Result<(), HostError> {
    for (name, (plugin, place)) in &host.passes {
        let file = &host.plugins[*plugin].file;
        let record = &file.manifest.passes[*place];
        let options: Vec<_> = record.options.iter().map(option).collect();
        let dialects: Vec<_> = record.dialects.iter().map(|d| sys::RoptStr::new(d)).collect();
        let (options, dialects) = (options.leak(), dialects.leak());
        let summary = record.help.lines().next().unwrap_or_default();
        let entry: &'static Entry = Box::leak(Box::new(Entry { host, plugin: *plugin, record }));
        let descriptor = Box::leak(Box::new(sys::RoptPassDesc {
            argument: sys::RoptStr::new(name),
            description: sys::RoptStr::new(summary),
            op_name: sys::RoptStr::new(&record.anchor),
            options: options.as_ptr(),
            n_options: options.len(),
            dialects: dialects.as_ptr(),
            n_dialects: dialects.len(),
            user: ptr::from_ref(entry).cast_mut().cast(),
            create,
            clone,
            destroy,
            initialize,
            run,
            foreign,
        }));
        // SAFETY: everything the descriptor refers to was leaked or belongs to the host, which was.
        if unsafe { sys::roptRegisterPass(descriptor) } != 0 {
            return Err(HostError::UpstreamClash { kind: "pass", name: name.clone(), path: file.path.clone() });
        }
    }
    Ok(())
}

fn option(record: &ropt_abi::manifest::OptionRecord) -> sys::RoptOptionDesc {
    let kind = match record.kind.as_str() {
        "bool" => 1,
        "int" => 2,
        "uint" => 3,
        "float" => 4,
        "enum" => 5,
        "string-list" => 6,
        "int-list" => 7,
        _ => 0,
    };
    sys::RoptOptionDesc {
        name: sys::RoptStr::new(&record.name),
        help: sys::RoptStr::new(&record.help),
        dflt: sys::RoptStr::new(&record.default),
        kind,
    }
}

// The shim calls these with the `user` of the descriptor and instances that they made; MLIR uses an instance on one
// thread at a time.

/// # Safety
/// `user` must be the one of a descriptor above.
unsafe fn entry(user: *mut c_void) -> &'static Entry {
    // SAFETY: `register` leaked it.
    unsafe { &*user.cast::<Entry>() }
}

unsafe extern "C" fn create(user: *mut c_void, _: *mut sys::RoptPassRun) -> *mut c_void {
    // SAFETY: see above.
    let entry = unsafe { entry(user) };
    // What a pass that runs apart runs in turn, it runs where it is.
    if entry.rules().mode != Mode::None && !apart() {
        return Box::into_raw(Box::new(Instance::Apart)).cast();
    }
    match make(entry.host, entry.plugin, entry.record) {
        Ok(instance) => Box::into_raw(Box::new(instance)).cast(),
        Err(message) => {
            eprintln!("error: {message}");
            entry.host.failed_with(3);
            ptr::null_mut()
        }
    }
}

fn make(host: &'static Host, plugin: usize, record: &PassRecord) -> Result<Instance, String> {
    let table = host.pass_table(plugin, &record.pass)?;
    Ok(Instance::Here { table, raw: table.create()() })
}

unsafe extern "C" fn clone(_: *mut c_void, instance: *mut c_void) -> *mut c_void {
    // SAFETY: see above.
    let copy = match unsafe { &*instance.cast::<Instance>() } {
        // SAFETY: the plugin made the instance.
        Instance::Here { table, raw } => Instance::Here { table: *table, raw: unsafe { table.duplicate()(*raw) } },
        Instance::Apart => Instance::Apart,
    };
    Box::into_raw(Box::new(copy)).cast()
}

unsafe extern "C" fn destroy(_: *mut c_void, instance: *mut c_void) {
    // SAFETY: see above; the shim does not use it again.
    let instance = unsafe { Box::from_raw(instance.cast::<Instance>()) };
    if let Instance::Here { table, raw } = *instance {
        // SAFETY: the plugin made the instance.
        unsafe { table.destroy()(raw) }
    }
}

unsafe extern "C" fn initialize(
    user: *mut c_void,
    instance: *mut c_void,
    context: MlirContext,
    run: *mut sys::RoptPassRun,
) -> i32 {
    // SAFETY: see above.
    let (entry, instance) = unsafe { (entry(user), &*instance.cast::<Instance>()) };
    // SAFETY: the context is alive.
    let location = unsafe { mlirLocationUnknownGet(context) };
    let running = Running { host: entry.host, record: entry.record, run, location };
    begin(entry.plugin, &running, instance, context)
}

fn begin(plugin: usize, running: &Running, instance: &Instance, context: MlirContext) -> i32 {
    let Instance::Here { table, raw } = instance else {
        // A context that workers have ops of may have ended before this one.
        running.host.workers.forget();
        return 0;
    };
    // SAFETY: the instance is the plugin's own, the call lasts as long as `running`.
    let outcome = unsafe { table.initialize()(*raw, RawContext(context.ptr), running.call()) };
    finish(plugin, running, outcome)
}

unsafe extern "C" fn run(
    user: *mut c_void,
    instance: *mut c_void,
    op: MlirOperation,
    run: *mut sys::RoptPassRun,
) -> i32 {
    // SAFETY: see above.
    let (entry, instance) = unsafe { (entry(user), &*instance.cast::<Instance>()) };
    // SAFETY: the op is alive.
    let location = unsafe { mlirOperationGetLocation(op) };
    let running = Running { host: entry.host, record: entry.record, run, location };
    match instance {
        Instance::Here { .. } => work(entry.plugin, &running, instance, op),
        Instance::Apart => Call { running: &running, plugin: entry.plugin, op, rules: entry.rules() }.run(),
    }
}

fn work(plugin: usize, running: &Running, instance: &Instance, op: MlirOperation) -> i32 {
    let Instance::Here { table, raw } = instance else { return 1 };
    watched(running, op, || {
        // SAFETY: as in `begin`.
        let outcome = unsafe { table.run()(*raw, RawOperation(op.ptr), running.call()) };
        finish(plugin, running, outcome)
    })
}

/// Loads the plugin and runs the pass in this process, which is the child that was made for it.
pub(crate) fn run_here(call: &Call<'_>) -> i32 {
    let running = call.running;
    match make(running.host, call.plugin, running.record) {
        Ok(instance) => {
            // SAFETY: the op is alive.
            let context = unsafe { mlirOperationGetContext(call.op) };
            match begin(call.plugin, running, &instance, context) {
                0 => match work(call.plugin, running, &instance, call.op) {
                    // SAFETY: the op is alive.
                    0 if unsafe { sys::roptOpForeign(call.op) } => {
                        is_foreign(running);
                        1
                    }
                    code => code,
                },
                code => code,
            }
        }
        Err(message) => {
            running.host.failed_with(3);
            running.emit(RawLocation(ptr::null_mut()), Severity::Error, &message, &[]);
            1
        }
    }
}

unsafe extern "C" fn foreign(user: *mut c_void, op: MlirOperation, run: *mut sys::RoptPassRun) {
    // SAFETY: see above; the op is alive.
    let (entry, location) = unsafe { (entry(user), mlirOperationGetLocation(op)) };
    let running = Running { host: entry.host, record: entry.record, run, location };
    is_foreign(&running);
}

fn is_foreign(running: &Running) {
    running.host.failed_with(3);
    let message = format!("{} left IR of another context", crate::crash::who(running.host, &running.record.pass));
    running.emit(RawLocation(ptr::null_mut()), Severity::Error, &message, &[]);
}

fn finish(plugin: usize, running: &Running, outcome: RResult<(), Fault>) -> i32 {
    let RResult::RErr(fault) = outcome else {
        return 0;
    };
    let (code, message) = match fault.kind {
        FaultKind::Input => (1, fault.message.to_string()),
        FaultKind::Usage => (2, fault.message.to_string()),
        FaultKind::Plugin => {
            let file = &running.host.plugins[plugin].file;
            let plugin = &file.manifest.header.plugin;
            (
                3,
                format!(
                    "pass `{}` of plugin `{plugin}` ({}) {}",
                    running.record.pass,
                    file.path.display(),
                    fault.message
                ),
            )
        }
    };
    running.host.failed_with(code);
    if !message.is_empty() {
        running.emit(RawLocation(fault.location.0), Severity::Error, &message, &fault.notes);
    }
    1
}

/// So that the crash handler can name the plugin of a pass.
#[must_use]
pub fn plugin_of(host: &Host, pass: &str) -> Option<String> {
    host.pass(pass).map(|(file, _)| format!("{} ({})", file.manifest.header.plugin, file.path.display()))
}
