//! The target as the host sees it: attribute, pipelines, and C text as the binary.

use ropt_plugin::{
    prelude::*,
    ropt_mlir::ir::{
        edit::{op_name, pin_mut},
        ops_in, symbol_name, translate_to_c,
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
        let module = ops_in(variant).into_iter().find(|op| op_name(*op) == "builtin.module");
        let Some(module) = module.filter(|_| !variant.has_attribute("objects")) else {
            return Err(no_objects(&executable).at(variant.location()));
        };
        let Some(text) = translate_to_c(module) else {
            return Err(PassError::new(format!("executable @{executable} holds an op that C has no text for"))
                .at(module.location())
                .help("the errors above name the op; the translate stage leaves the emitc dialect alone"));
        };
        Ok(Binary {
            format: "c-source".into(),
            mime: "text/x-csrc".into(),
            suffix: ".c".into(),
            data: format!("{PRELUDE}\n{text}").into_bytes().into(),
            artifacts: Default::default(),
        })
    }

    fn check_object(variant: OperationRef<'_, '_>, name: &str, _data: &[u8], _cx: &PassContext<'_>) -> PassResult {
        Err(no_objects(name).at(variant.location()))
    }
}

fn no_objects(what: &str) -> PassError {
    PassError::new(format!("portable-c takes no objects ({what}): its kernels are compiled where they run"))
        .help("give the kernel as MLIR, with --hal-substitute-executable-source=")
}
