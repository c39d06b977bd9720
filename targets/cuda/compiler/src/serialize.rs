//! gpu.module or a given object → the PTX, or the cubin, that the driver takes.

use ropt_mlir::{
    ir::{
        clone_mapped,
        edit::{Builder, Op, erase, nested, op_name},
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
                let text = optimized(variant, module, cx)?;
                artifacts.push(Artifact { suffix: ".optimized.ll".into(), data: text.into_bytes().into() });
            }
            cx.run_pipeline("builtin.module(gpu-module-to-binary{format=isa})", variant)?;
            ("the compiled kernel".to_owned(), object(variant, module, "assembly")?)
        }
    };
    let marks = check(variant, &name, &data)?;
    let cubin = is_cubin(&data);
    // Behind a cubin's end, where nothing of it points to, or as the last lines of PTX.
    if !cubin {
        data.truncate(data.trim_ascii_end().len());
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

/// The LLVM IR that PTX is made of, as text: a copy of the module is taken as far as that.
fn optimized(variant: Op<'_>, module: Op<'_>, cx: &PassContext<'_>) -> PassResult<String> {
    let copy = Builder::before(module).insert(clone_mapped(module, &[], &[]));
    let text = cx.run_pipeline("gpu-module-to-binary{format=llvm}", copy).and_then(|()| {
        let bitcode = object(variant, copy, "offload")?;
        let module = LlvmModule::parse(&bitcode, "kernels").map_err(|error| PassError::internal(error.to_string()))?;
        Ok(module.to_text())
    });
    erase(copy);
    text
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
}
