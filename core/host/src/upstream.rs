//! MLIR's own passes beside those of plugins: what names a pipeline may hold, and `ropt passes show` of them.

use crate::{bridge, error::HostError, host::Host, output, pipeline::Names, report::Report};
use ropt_mlir::sys;
use std::sync::Once;

/// Puts MLIR's own passes and dialects into its registries, once in a process.
pub(crate) fn register() {
    static ONCE: Once = Once::new();
    // SAFETY: once, and nothing of MLIR is used before it.
    ONCE.call_once(|| unsafe { sys::roptRegisterUpstream() });
}

/// Shows a pass of MLIR's own, for `ropt passes show`.
///
/// # Errors
/// When there is none of that name either.
pub fn show_upstream(host: &'static Host, name: &str, json: bool) -> Result<i32, HostError> {
    register();
    bridge::register(host)?;
    // SAFETY: every pass is registered now.
    unsafe { sys::roptRegisterFlags() };
    let names = Registry(host);
    let pass = sys::RoptStr::new(name);
    if !names.known(name) {
        let all = names.all();
        let near = crate::near::did_you_mean(name, all.iter().map(String::as_str));
        let help = near.unwrap_or_else(|| "`ropt passes list` lists the plugins' passes".into());
        return Err(HostError::Usage(Box::new(Report::error(format!("no pass `{name}`")).help(Some(help)))));
    }
    // SAFETY: the sink lives during the call.
    let help = sys::collect(|sink, user| unsafe { sys::roptPassDescription(pass, sink, user) }).concat();
    let anchor = names.anchor(name);
    if json {
        let value = serde_json::json!({"pass": name, "help": help, "anchor": anchor, "file": ropt_mlir::SONAME});
        output::print(&format!("{value:#}\n"))?;
    } else {
        output::print(&format!(
            "{name}\n  {help}\n\n  plugin   none: a pass of MLIR itself\n  runs on  {}\n",
            anchor.as_deref().unwrap_or("any op")
        ))?;
        // SAFETY: prints from MLIR's registry.
        unsafe { sys::roptPassPrintHelp(pass) };
    }
    Ok(0)
}

/// Whether MLIR's registry, which has the plugins' passes too, has a pass or pipeline of that name.
pub(crate) fn is_pass(name: &str) -> bool {
    // SAFETY: reads MLIR's registry.
    unsafe { sys::roptPassKind(sys::RoptStr::new(name)) != 0 }
}

/// The names of MLIR's registry and of the manifests.
pub(crate) struct Registry<'a>(pub(crate) &'a Host);

impl Names for Registry<'_> {
    fn known(&self, name: &str) -> bool {
        is_pass(name)
    }
    fn all(&self) -> Vec<String> {
        // SAFETY: the sink lives during the call.
        sys::collect(|sink, user| unsafe { sys::roptForEachPass(sink, user) })
    }
    fn anchor(&self, name: &str) -> Option<String> {
        if let Some((_, record)) = self.0.pass(name) {
            return Some(record.anchor.clone()).filter(|anchor| !anchor.is_empty());
        }
        // SAFETY: as above.
        sys::collect(|sink, user| unsafe { sys::roptPassAnchor(sys::RoptStr::new(name), sink, user) }).pop()
    }
    fn options(&self, name: &str, options: &str) -> Result<(), String> {
        let mut code = 0;
        let (name, options) = (sys::RoptStr::new(name), sys::RoptStr::new(options));
        // SAFETY: as above.
        let words = sys::collect(|sink, user| code = unsafe { sys::roptPassCheckOptions(name, options, sink, user) });
        if code == 0 { Ok(()) } else { Err(words.concat()) }
    }
    fn option_names(&self, name: &str) -> Vec<String> {
        let record = self.0.pass(name).map(|(_, record)| record);
        record.map(|r| r.options.iter().map(|o| o.name.clone()).collect()).unwrap_or_default()
    }
    fn choices(&self, name: &str, option: &str) -> Vec<String> {
        let options = self.0.pass(name).map(|(_, record)| record.options.as_slice()).unwrap_or_default();
        options.iter().find(|one| one.name == option).map(|one| one.choices.clone()).unwrap_or_default()
    }
}
