//! Objects that a variant carries instead of, or beside, a module.
//!
//! ```text
//! objects([#hal.executable.object<{path = "kernel.o", data = dense<…> : vector<…xi8>}>])
//! ```

use std::path::Path;

use ropt_executable::object::ObjectFile;
use ropt_mlir::ir::edit::Op;
use ropt_plugin::{executable, prelude::*};

/// An object by what its first bytes say it is.
#[derive(Debug, Clone)]
pub(crate) enum Object {
    /// A relocatable object or an archive: lld links it.
    Relocatable { name: String, data: Vec<u8> },
    /// A finished shared object.
    Shared { name: String, data: Vec<u8> },
    /// LLVM IR, bitcode or text.
    Llvm { name: String, data: Vec<u8> },
}

impl Object {
    /// What it is called.
    pub(crate) fn name(&self) -> &str {
        let (Self::Relocatable { name, .. } | Self::Shared { name, .. } | Self::Llvm { name, .. }) = self;
        name
    }

    /// What an ELF file or archive holds; None of LLVM IR.
    fn read(&self) -> Option<Result<ObjectFile, String>> {
        let (Self::Relocatable { data, .. } | Self::Shared { data, .. }) = self else { return None };
        Some(ObjectFile::read(data).map_err(|error| error.to_string()))
    }
}

/// The objects of a variant, in order, each for the machine `arch`.
pub(crate) fn given(variant: Op<'_>, arch: &str) -> PassResult<Vec<Object>> {
    let objects = executable::objects(variant)?.into_iter().map(|(name, data)| {
        let object = kind(&name, data).ok_or_else(|| {
            PassError::new(format!("`{name}` is no object for the CPU"))
                .at(variant.location())
                .note("accepted: ELF objects and shared objects (.o, .so), archives (.a), LLVM IR (.bc, .ll)")
        })?;
        machine_fits(&object, arch).map_err(|error| error.at(variant.location()))?;
        Ok(object)
    });
    objects.collect()
}

fn machine_fits(object: &Object, arch: &str) -> PassResult {
    let Some(file) = object.read() else { return Ok(()) };
    let name = object.name();
    let file = file.map_err(|error| PassError::new(format!("`{name}`: {error}")))?;
    if file.machine.is_empty() || file.machine == arch {
        return Ok(());
    }
    Err(PassError::new(format!("`{name}` is for {}, the variant for {arch}", file.machine))
        .help(format!("compile it with clang --target={arch}-none-elf, or give it to a variant for {}", file.machine)))
}

/// What nobody defines: symbols of a linked kernel that neither the objects nor libc and libm have.
pub(crate) fn check_undefined(linked: &[u8], objects: &[Object], variant: Op<'_>, executable: &str) -> PassResult {
    let file = ObjectFile::read(linked)
        .map_err(|error| PassError::internal(format!("the linked kernel: {error}")).at(variant.location()))?;
    let missing: Vec<String> =
        file.undefined.iter().filter(|name| !ropt_executable::libc_has(name)).map(|name| format!("`{name}`")).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let error = PassError::new(format!("executable @{executable} calls {}, which nothing defines", missing.join(", ")))
        .at(variant.location());
    if objects.is_empty() {
        return Err(error.help(
            "link an object that defines it: objects([#hal.executable.object<{path = \"functions.o\"}>]) on the variant",
        ));
    }
    let defined = |error: PassError, object: &Object| match object.read() {
        Some(Ok(file)) => error.note(format!("`{}` defines: {}", object.name(), file.functions.join(", "))),
        _ => error.note(format!("`{}` is linked", object.name())),
    };
    Err(objects.iter().fold(error, defined).help("define it in one of the objects, or list another object"))
}

/// A finished shared object must define every export for the target's machine.
pub(crate) fn check_exports(name: &str, data: &[u8], exports: &[String], variant: Op<'_>) -> PassResult {
    let located = |message: String| PassError::new(message).at(variant.location());
    let file = ObjectFile::read(data).map_err(|error| located(format!("`{name}`: {error}")))?;
    for export in exports {
        if !file.functions.contains(export) {
            return Err(located(format!("`{name}` defines no function `{export}`"))
                .note(format!("it defines: {}", file.functions.join(", ")))
                .help("name the kernel's function as the export"));
        }
    }
    Ok(())
}

fn kind(name: &str, data: Vec<u8>) -> Option<Object> {
    const DYNAMIC: u8 = 3;
    let name = name.to_owned();
    if data.starts_with(b"\x7fELF") {
        // e_type, the two bytes at 16, in the object's own byte order.
        let ty = if data.get(5) == Some(&2) { *data.get(17)? } else { *data.get(16)? };
        return Some(if ty == DYNAMIC { Object::Shared { name, data } } else { Object::Relocatable { name, data } });
    }
    if data.starts_with(b"!<arch>\n") || data.starts_with(b"!<thin>\n") {
        return Some(Object::Relocatable { name, data });
    }
    let bitcode = data.starts_with(b"BC\xC0\xDE") || data.starts_with(&[0xDE, 0xC0, 0x17, 0x0B]);
    let text = Path::new(&name).extension().is_some_and(|e| e == "ll");
    (bitcode || text).then_some(Object::Llvm { name, data })
}
