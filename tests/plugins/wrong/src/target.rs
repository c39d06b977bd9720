//! A target whose objects are texts. What is wrong with it, the flag says.

use ropt_plugin::{
    prelude::*,
    ropt_mlir::ir::{
        edit::{pin, pin_mut},
        op_text,
    },
};
use std::time::SystemTime;

/// Writes each kernel's text, with mistakes.
#[derive(Target)]
#[target(
    name = "wrong-text",
    formats("wrong-text"),
    supports("arithmetic", "f32"),
    stage(
        "translate",
        "builtin.module(cpu-decompose-ops,canonicalize,cse,cpu-materialize-interface,canonicalize,cse,cpu-apply-schedule{plain=true},\
eliminate-empty-tensors,one-shot-bufferize,canonicalize,cse,cpu-lower-copies,buffer-deallocation-pipeline,cpu-place-allocations,\
lower-affine,canonicalize,cse),cpu-distribute-workgroups"
    ),
    flag(
        name = "wrong-bug",
        value = "BUG",
        default = "none",
        help = "What is wrong: random, leak, crash, hang, objects or none"
    )
)]
struct WrongText;

impl CompileTarget for WrongText {
    const OBJECTS: &'static [&'static str] = &[".txt"];

    fn attributes(options: &TargetOptions) -> PassResult<Vec<String>> {
        let bug = options.get("wrong-bug").unwrap_or("none");
        Ok(vec![format!("#hal.executable.target<\"wrong-text\", \"wrong-text\", {{bug = \"{bug}\"}}>")])
    }

    fn pipeline(stage: &str, _attribute: &str) -> PassResult<String> {
        let found = Self::STAGES.iter().find(|(name, _)| *name == stage);
        Ok(found.map(|(_, text)| (*text).to_owned()).unwrap_or_default())
    }

    fn check_object(variant: OperationRef<'_, '_>, name: &str, _: &[u8], _: &PassContext<'_>) -> PassResult {
        // Without this mistake every object is taken, which is one too.
        if op_text(pin(variant), true).contains("bug = \"objects\"") {
            return Err(PassError::new(format!("`{name}` is not liked")).at(variant.location()));
        }
        Ok(())
    }

    fn serialize(variant: OperationRefMut<'_, '_>, _: &PassContext<'_>) -> PassResult<Binary> {
        let mut text = op_text(pin_mut(&variant), true);
        if text.contains("bug = \"random\"") {
            let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
            text.push_str(&format!("// made at {} ns\n", now.as_nanos()));
        }
        if text.contains("bug = \"leak\"") {
            std::mem::forget(std::hint::black_box(vec![1_u8; 16 << 20]));
        }
        if text.contains("bug = \"crash\"") {
            std::process::abort();
        }
        while text.contains("bug = \"hang\"") {
            std::thread::park();
        }
        // Objects given in a kernel's place are in the text too, whatever they are.
        let data = text.into_bytes().into();
        let (format, mime) = ("wrong-text".into(), "text/plain".into());
        Ok(Binary { format, mime, suffix: ".txt".into(), data, artifacts: Vec::new().into() })
    }
}
