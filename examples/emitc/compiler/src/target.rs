//! The target as the host sees it: attribute, pipelines, and C text as the binary.

use ropt_plugin::{
    prelude::*,
    executable::{Contents, contents, exports},
    ropt_mlir::ir::{
        edit::{Op, pin, pin_mut},
        symbol_name, translate_to_c,
    },
};

/// Compiles executables to portable C (C11, ropt/kernel.h): for machines that have a C compiler and no backend of ours.
#[derive(Target)]
#[target(
    name = "portable-c",
    formats("c-source"),
    stage("configure", "builtin.module(cpu-decompose-ops)"),
    stage(
        "translate",
        "builtin.module(cpu-decompose-ops,canonicalize,cse,cpu-materialize-interface,canonicalize,cse,\
func.func(linalg-generalize-named-ops,linalg-fuse-elementwise-ops),canonicalize,cse,\
eliminate-empty-tensors,one-shot-bufferize,canonicalize,cse,fold-memref-alias-ops,canonicalize,cse,\
cpu-lower-copies,buffer-deallocation-pipeline,cpu-place-allocations,lower-affine,canonicalize,cse),\
cpu-distribute-workgroups,\
builtin.module(func.func(scf-forall-to-for,convert-linalg-to-loops),fold-memref-alias-ops,lower-affine,canonicalize,cse,\
math-expand-ops{ops=fpowi,ctlz,rsqrt},convert-math-to-funcs,arith-expand,c-call-helpers,canonicalize,cse,convert-math-to-libm,c-lower-interface,\
convert-scf-to-emitc,convert-memref-to-emitc,convert-arith-to-emitc,convert-func-to-emitc,reconcile-unrealized-casts,canonicalize)"
    )
)]
struct PortableC;

/// What stands in front of every kernel.
const PRELUDE: &str = include_str!("prelude.h");

impl CompileTarget for PortableC {
    // Dumped kernels are text: they can be edited, and given back by name or as a folder.
    const OBJECTS: &'static [&'static str] = &[".c"];

    fn attributes(_options: &TargetOptions) -> PassResult<Vec<String>> {
        Ok(vec!["#hal.executable.target<\"portable-c\", \"c-source\">".to_owned()])
    }

    fn pipeline(stage: &str, _attribute: &str) -> PassResult<String> {
        let declared = Self::STAGES.iter().find(|(name, _)| *name == stage);
        Ok(declared.map(|(_, text)| (*text).to_owned()).unwrap_or_default())
    }

    fn serialize(variant: OperationRefMut<'_, '_>, _cx: &PassContext<'_>) -> PassResult<Binary> {
        let variant = pin_mut(&variant);
        let executable = variant.parent_operation().and_then(|op| symbol_name(op)).unwrap_or_default();
        let data = match contents(variant, "C text", ".c")? {
            Contents::Object(name, data) => {
                // It may come from IR that nobody has checked.
                defines(variant, &name, &data)?;
                data
            }
            Contents::Module(module) => {
                let Some(text) = translate_to_c(module) else {
                    return Err(PassError::new(format!("executable @{executable} holds an op that C has no text for"))
                        .at(module.location())
                        .help("the errors above name the op; the translate stage leaves the emitc dialect alone"));
                };
                format!("{PRELUDE}\n{text}").into_bytes()
            }
        };
        Ok(Binary {
            format: "c-source".into(),
            mime: "text/x-csrc".into(),
            suffix: ".c".into(),
            data: data.into(),
            artifacts: Default::default(),
        })
    }

    fn check_object(variant: OperationRef<'_, '_>, name: &str, data: &[u8], _cx: &PassContext<'_>) -> PassResult {
        defines(pin(variant), name, data)
    }
}

/// Whether a text defines a function for each export. What else is wrong with it, the compiler says that the driver calls:
/// this target needs none.
fn defines(variant: Op<'_>, name: &str, data: &[u8]) -> PassResult {
    let refuse = |what: String, help: &str| Err(PassError::new(what).at(variant.location()).help(help));
    let Some(text) = std::str::from_utf8(data).ok().filter(|text| !text.contains('\0')) else {
        return refuse(format!("`{name}` is no C text"), "--hal-dump-executable-binaries-to=DIR writes one to begin with");
    };
    let (opened, closed) = (text.matches('{').count(), text.matches('}').count());
    if opened != closed {
        return refuse(
            format!("`{name}` is no whole C text: it has {opened} opening braces and {closed} closing ones"),
            "is the file cut off?",
        );
    }
    let defined = |export: &str| {
        // `int32_t`, space, the name, a bracket: as dumped kernels have it.
        let rest = |at: usize| text[at + export.len()..].trim_start();
        text.match_indices(export).any(|(at, _)| text[..at].trim_end().ends_with("int32_t") && rest(at).starts_with('('))
    };
    match exports(variant).into_iter().find(|export| !defined(&export.name)) {
        Some(export) => refuse(
            format!("`{name}` defines no function `int32_t {}(…)`, which the executable exports", export.name),
            "give each export a function of that name, with the three arguments of ropt/kernel.h",
        ),
        None => Ok(()),
    }
}
