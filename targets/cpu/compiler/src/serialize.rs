//! LLVM dialect or given objects → one ELF shared object.

use ropt_executable::object::{ObjectFile, format_machine};
use ropt_mlir::{
    ir::{
        edit::{Op, op_name},
        ops_in, symbol_name,
    },
    llvm::{BUILTINS, FileKind, LinkInput, LinkOptions, LlvmError, LlvmModule, Machine, builtins, link_shared},
    melior::ir::operation::OperationLike,
};
use ropt_plugin::prelude::*;

use crate::{config::Config, objects};

/// The attribute that hal-serialize-executables puts on a variant whose intermediates are wanted.
const WANTED: &str = "ropt.intermediates";

/// The binary of a variant, from its inner module, its objects, or both.
pub(crate) fn serialize(variant: Op<'_>, _cx: &PassContext<'_>) -> PassResult<Binary> {
    let target = variant.attribute("target").map(|attribute| attribute.to_string()).unwrap_or_default();
    let config = Config::parse(&target);
    let machine = config.machine()?;
    let inside = ops_in(variant);
    let exports: Vec<String> =
        inside.iter().filter(|op| op_name(**op) == "hal.executable.export").filter_map(|op| symbol_name(*op)).collect();
    let executable = variant.parent_operation().and_then(|op| symbol_name(op)).unwrap_or_default();
    let mut job = Job { machine, exports, artifacts: Vec::new(), wanted: variant.has_attribute(WANTED) };

    let arch = config.arch().to_owned();
    let objects = objects::given(variant, &arch)?;
    let mut inputs = Vec::new();
    let module = inside.into_iter().find(|op| op_name(*op) == "builtin.module");
    if let Some(module) = module {
        // SAFETY: the op is a live builtin.module; the host registers the translations with every context.
        let mut llvm = unsafe { LlvmModule::from_mlir(module.to_raw()) }.map_err(|error| {
            PassError::new(format!("{error}: executable `{executable}`"))
                .at(module.location())
                .help("the translate stage leaves only the LLVM dialect; the errors above name the ops that are left")
        })?;
        llvm.set_name(&executable);
        job.compile(&mut llvm, &executable, objects.is_empty(), &mut inputs)?;
    }
    if let ([objects::Object::Shared { name, data }], true) = (objects.as_slice(), inputs.is_empty()) {
        objects::check_exports(name, data, &job.exports, variant)?;
        return Ok(job.finish(data.clone()));
    }
    for object in objects.clone() {
        job.add(object, variant, &mut inputs)?;
    }
    if inputs.is_empty() {
        return Err(PassError::new(format!(
            "executable @{executable} has neither a module nor objects for this variant"
        ))
        .at(variant.location())
        .help("give the variant objects([#hal.executable.object<{path = \"kernel.o\"}>])"));
    }
    job.add_builtins(&mut inputs)?;
    let options = LinkOptions {
        exports: job.exports.clone(),
        soname: Some(format!("{executable}.so")),
        needed: vec!["libm.so.6".to_owned()],
        allow_undefined: true,
        keep_symbols: job.wanted,
        machine: arch,
    };
    let data = link_shared(&inputs, &options).map_err(|error| {
        if let LlvmError::File { .. } = error {
            return PassError::new(format!("executable `{executable}`: {}", PassError::from(error).message()))
                .at(variant.location())
                .help("make room there, or name another folder with TMPDIR");
        }
        PassError::new(format!("executable `{executable}`: {}", PassError::from(error).message()))
            .at(variant.location())
            .note(format!("symbols that the executable exports: {}", job.exports.join(", ")))
            .help("objects become a shared library: compile them with -fPIC, each symbol defined once")
    })?;
    objects::check_undefined(&data, &objects, variant, &executable)?;
    Ok(job.finish(data))
}

struct Job {
    machine: Machine,
    exports: Vec<String>,
    artifacts: Vec<Artifact>,
    wanted: bool,
}

impl Job {
    fn compile(
        &mut self,
        module: &mut LlvmModule,
        name: &str,
        internal: bool,
        inputs: &mut Vec<LinkInput>,
    ) -> PassResult {
        module.set_target(&self.machine)?;
        module.allow_contraction();
        self.keep_module("codegen", module);
        module.verify()?;
        if internal {
            module.keep_only(&self.exports);
        }
        self.keep_module("linked", module);
        module.optimize(&self.machine, "default<O3>")?;
        self.keep_module("optimized", module);
        if self.wanted {
            let assembly = module.duplicate()?.emit(&self.machine, FileKind::Assembly)?;
            self.keep(".s", assembly);
        }
        let object = module.emit(&self.machine, FileKind::Object)?;
        if self.wanted {
            self.keep(".o", object.clone());
        }
        inputs.push(LinkInput::Bytes { name: format!("{name}.o"), data: object });
        Ok(())
    }

    fn add(&mut self, object: objects::Object, variant: Op<'_>, inputs: &mut Vec<LinkInput>) -> PassResult {
        match object {
            objects::Object::Llvm { name, data } => {
                let mut module =
                    LlvmModule::parse(&data, &name).map_err(|e| PassError::from(e).at(variant.location()))?;
                self.compile(&mut module, &name, false, inputs)
            }
            objects::Object::Shared { name, .. } => {
                Err(PassError::new(format!("`{name}` is a shared object, which can not be linked with other objects"))
                    .at(variant.location())
                    .help("give the relocatable object (.o) or archive (.a) that it was made of"))
            }
            objects::Object::Relocatable { name, data } => {
                inputs.push(LinkInput::Bytes { name, data });
                Ok(())
            }
        }
    }

    /// Adds the conversions that some input calls and the system's library may lack.
    fn add_builtins(&self, inputs: &mut Vec<LinkInput>) -> PassResult {
        let calls = |input: &LinkInput| match input {
            LinkInput::Bytes { data, .. } => ObjectFile::read(data)
                .is_ok_and(|object| object.undefined.iter().any(|name| BUILTINS.contains(&name.as_str()))),
            LinkInput::File(_) => false,
        };
        if inputs.iter().any(calls) {
            inputs.push(LinkInput::Bytes { name: "builtins.o".to_owned(), data: builtins(&self.machine)? });
        }
        Ok(())
    }

    fn keep_module(&mut self, stage: &str, module: &LlvmModule) {
        if self.wanted {
            self.keep(&format!(".{stage}.ll"), module.to_text().into_bytes());
            self.keep(&format!(".{stage}.bc"), module.to_bitcode());
        }
    }

    fn keep(&mut self, suffix: &str, data: Vec<u8>) {
        self.artifacts.push(Artifact { suffix: suffix.into(), data: data.into() });
    }

    fn finish(self, data: Vec<u8>) -> Binary {
        let arch = self.machine.options().triple.split('-').next().unwrap_or_default();
        Binary {
            format: format!("embedded-elf-{}", format_machine(arch)).into(),
            mime: "application/x-elf".into(),
            suffix: ".so".into(),
            data: data.into(),
            artifacts: self.artifacts.into(),
        }
    }
}
