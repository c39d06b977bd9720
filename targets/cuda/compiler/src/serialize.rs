//! gpu.module or a given object → the PTX, or the cubin, that the driver takes.

use ropt_mlir::{
    ir::{
        clone_mapped,
        edit::{Builder, Op, erase, nested, op_name, set_attribute},
        op_text,
    },
    llvm::LlvmModule,
    melior::ir::operation::OperationLike,
};
use ropt_plugin::{
    executable::{Contents, contents, ropt_executable::cubin::is_cubin},
    prelude::*,
};

use crate::{check::check, shared};

/// The attribute that hal-serialize-executables puts on a variant whose intermediates are wanted.
const WANTED: &str = "ropt.intermediates";

/// The binary of a variant, from its inner module or its object.
pub(crate) fn serialize(variant: Op<'_>, cx: &PassContext<'_>) -> PassResult<Binary> {
    let mut artifacts = Vec::new();
    let (name, mut data) = match contents(variant, "PTX", ".ptx")? {
        Contents::Object(name, data) => (name, data),
        Contents::Module(module) => {
            if variant.has_attribute(WANTED) {
                let text = op_text(module, false).into_bytes();
                artifacts.push(Artifact { suffix: ".nvvm.mlir".into(), data: text.into() });
                for (suffix, level) in [(".linked.ll", Some('0')), (".optimized.ll", None)] {
                    let text = llvm_text(variant, module, level, cx)?;
                    artifacts.push(Artifact { suffix: suffix.into(), data: text.into_bytes().into() });
                }
            }
            cx.run_pipeline("builtin.module(gpu-module-to-binary{format=isa})", variant)?;
            ("the compiled kernel".to_owned(), object(variant, module, "assembly")?)
        }
    };
    let marks = check(variant, &name, &data)?;
    let cubin = is_cubin(&data);
    // Behind a cubin's end, where nothing of it points to, or as the last lines of PTX.
    if !cubin {
        data.truncate(without_marks(&data).len());
    }
    data.push(b'\n');
    data.extend(marks.into_bytes());
    data.extend(shared::marks(variant).into_bytes());
    let (mime, suffix) = if cubin { ("application/x-elf", ".cubin") } else { ("text/plain", ".ptx") };
    Ok(Binary {
        format: "cuda-nvptx-fb".into(),
        mime: mime.into(),
        suffix: suffix.into(),
        data: data.into(),
        artifacts: artifacts.into(),
    })
}

/// PTX without the lines that were put behind it when it was dumped.
fn without_marks(ptx: &[u8]) -> &[u8] {
    let mut text = ptx.trim_ascii_end();
    loop {
        let line = text.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
        if !line.starts_with(b"// ropt.") {
            return text;
        }
        text = text[..text.len() - line.len()].trim_ascii_end();
    }
}

/// The LLVM IR of a module as text, optimized as the kernel's target says, or at `level`: a copy of the module is taken as
/// far as that.
fn llvm_text(variant: Op<'_>, module: Op<'_>, level: Option<char>, cx: &PassContext<'_>) -> PassResult<String> {
    let copy = Builder::before(module).insert(clone_mapped(module, &[], &[]));
    if let Some(level) = level {
        for kernels in nested(copy).into_iter().filter(|op| op_name(*op) == "gpu.module") {
            if let Ok(targets) = kernels.attribute("targets") {
                set_attribute(kernels, "targets", &at_level(&targets.to_string(), level));
            }
        }
    }
    let text = cx.run_pipeline("gpu-module-to-binary{format=llvm}", copy).and_then(|()| {
        let bitcode = object(variant, copy, "offload")?;
        let module = LlvmModule::parse(&bitcode, "kernels").map_err(|error| PassError::internal(error.to_string()))?;
        Ok(module.to_text())
    });
    erase(copy);
    text
}

/// `#nvvm.target` attributes with another level of optimization; 2, the default, is not printed.
fn at_level(targets: &str, level: char) -> String {
    let plain: String = ('0'..='3').fold(targets.to_owned(), |text, one| text.replace(&format!("<O = {one}, "), "<"));
    plain.replace("#nvvm.target<", &format!("#nvvm.target<O = {level}, "))
}

/// The bytes of the gpu.binary in a module; `format` is what the object says that they are.
fn object(variant: Op<'_>, module: Op<'_>, format: &str) -> PassResult<Vec<u8>> {
    let binary = nested(module).into_iter().find(|op| op_name(*op) == "gpu.binary");
    let bytes = binary.and_then(|binary| quoted(&binary.attribute("objects").ok()?.to_string(), format));
    bytes.ok_or_else(|| {
        PassError::new("the variant holds no gpu.module with a target")
            .at(variant.location())
            .help("run hal-translate-executables first, or give it an object (.ptx)")
    })
}

/// The bytes behind `format = ` in the text of a `#gpu.object`.
fn quoted(objects: &str, format: &str) -> Option<Vec<u8>> {
    let quoted = objects.split_once(&format!("{format} = \""))?.1;
    let (mut bytes, mut rest) = (Vec::new(), quoted.bytes());
    loop {
        match rest.next()? {
            b'"' => return Some(bytes),
            b'\\' => match rest.next()? {
                b'\\' => bytes.push(b'\\'),
                high => {
                    let digits = [high, rest.next()?];
                    bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
                }
            },
            byte => bytes.push(byte),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assembly_is_unescaped() {
        let text = r#"[#gpu.object<#nvvm.target, properties = {O = 3 : i32}, assembly = "a\0A\09b \22c\22 \\d\5C">]"#;
        assert_eq!(quoted(text, "assembly").as_deref(), Some(&b"a\n\tb \"c\" \\d\\"[..]));
        assert_eq!(quoted("[]", "assembly"), None);
    }

    #[test]
    fn marks_are_put_once() {
        assert_eq!(without_marks(b"ret;\n}\n// ropt.workgroup k 1 1 1\n// ropt.shared k 9\n\n"), b"ret;\n}");
        assert_eq!(without_marks(b"// ropt.workgroup k 1 1 1"), b"");
    }

    #[test]
    fn the_level_is_another() {
        for text in ["[#nvvm.target<O = 3, chip = \"sm_90\">]", "[#nvvm.target<chip = \"sm_90\">]"] {
            assert_eq!(at_level(text, '0'), "[#nvvm.target<O = 0, chip = \"sm_90\">]");
        }
    }
}
