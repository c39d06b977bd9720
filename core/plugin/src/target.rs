//! Targets: the compile side of a backend.

use crate::{
    context::{PassContext, fold},
    error::{PassError, PassResult, panicked},
};
use ropt_abi::{
    RawOperation,
    abi_stable::{
        prefix_type::PrefixTypeTrait,
        std_types::{RResult, RSlice, RStr, RString, RVec, Tuple2},
    },
    pass::Fault,
    services::PassCall,
    target::{TargetDescriptor, TargetDescriptorRef},
};
use ropt_driver::guard::guard;
use ropt_mlir::{
    melior::ir::{OperationRef, operation::OperationRefMut},
    mlir_sys::MlirOperation,
};

use std::path::PathBuf;

pub use ropt_abi::target::{Artifact, Binary};

/// The compile flags that a target declared, as given.
#[derive(Debug, Clone, Default)]
pub struct TargetOptions(Vec<(String, String)>);

impl TargetOptions {
    /// The last value given for a flag.
    #[must_use]
    pub fn get(&self, flag: &str) -> Option<&str> {
        self.0.iter().rev().find(|(name, _)| name == flag).map(|(_, value)| value.as_str())
    }
}

/// What a target does: the host asks for attributes when `ropt compile` is told its name, runs the pipelines of the stages on
/// each variant with such an attribute, and then has it serialized. [`Target`](derive@crate::Target) declares the rest.
///
/// ```
/// use ropt_plugin::prelude::*;
///
/// /// Compiles for acme's accelerator.
/// #[derive(Target)]
/// #[target(name = "acme", formats("acme-code"), stage("translate", "builtin.module(cse)"))]
/// struct Acme;
///
/// impl CompileTarget for Acme {
///     // What it writes can be edited and given back.
///     const OBJECTS: &'static [&'static str] = &[".acme"];
///
///     fn attributes(_options: &TargetOptions) -> PassResult<Vec<String>> {
///         Ok(vec!["#hal.executable.target<\"acme\", \"acme-code\">".to_owned()])
///     }
///
///     fn pipeline(stage: &str, _attribute: &str) -> PassResult<String> {
///         // A stage that there is nothing to do in has no pipeline.
///         Ok(if stage == "translate" { Self::STAGES[0].1.to_owned() } else { String::new() })
///     }
///
///     fn serialize(variant: OperationRefMut<'_, '_>, _cx: &PassContext<'_>) -> PassResult<Binary> {
///         Err(PassError::new("acme has no code generator yet").at(variant.location()))
///     }
///
///     fn check_object(
///         variant: OperationRef<'_, '_>,
///         name: &str,
///         data: &[u8],
///         _cx: &PassContext<'_>,
///     ) -> PassResult {
///         if data.starts_with(b"ACME") {
///             return Ok(());
///         }
///         Err(PassError::new(format!("`{name}` is no code of acme's")).at(variant.location()))
///     }
/// }
/// assert_eq!(Acme::pipeline("configure", "").unwrap(), "");
/// ```
pub trait CompileTarget: 'static {
    /// What ends the names of files that hold a variant's contents in a form of the target's own, from source to binary:
    /// [`Binary::suffix`], and those of artifacts that can stand for a kernel too. A file of such a name is given back
    /// with `--hal-substitute-executable-object=NAME=FILE`, or by a folder, and comes to `check_object` and `serialize` as
    /// it is: the host neither compiles it nor looks into it.
    ///
    /// ELF, LLVM, PTX and SPIR-V files need not be named here, nor C for CPUs and the sources of shaders and CUDA kernels:
    /// the host knows those, and compiles sources.
    const OBJECTS: &'static [&'static str] = &[];

    /// The target attributes (as text) to compile for.
    ///
    /// # Errors
    /// When an option does not do.
    fn attributes(options: &TargetOptions) -> PassResult<Vec<String>>;

    /// The textual pipeline of a stage (`configure` or `translate`) for variants with that target attribute.
    ///
    /// # Errors
    /// When the attribute does not do.
    fn pipeline(stage: &str, attribute: &str) -> PassResult<String>;

    /// The binary of a translated variant, or of one whose contents are objects.
    ///
    /// # Errors
    /// When the code generator or linker fails.
    fn serialize(variant: OperationRefMut<'_, '_>, cx: &PassContext<'_>) -> PassResult<Binary>;

    /// The files that the stages and the serializer read for a target attribute, besides what the variant holds. A binary
    /// in the cache counts only while these are as they were.
    ///
    /// # Errors
    /// When the attribute does not do, or a folder cannot be listed.
    fn reads(_attribute: &str) -> PassResult<Vec<PathBuf>> {
        Ok(Vec::new())
    }

    /// Whether an object can stand for the variant's contents; nothing of the variant is to be changed. A target that
    /// looks at objects only when it serializes takes all of them here.
    ///
    /// # Errors
    /// What the object lacks, with both sides.
    fn check_object(_variant: OperationRef<'_, '_>, _name: &str, _data: &[u8], _cx: &PassContext<'_>) -> PassResult {
        Ok(())
    }
}

/// A target of some plugin.
#[derive(Clone, Copy)]
pub struct TargetHandle(pub(crate) TargetDescriptorRef);

impl TargetHandle {
    /// The target's name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.0.name().as_str()
    }

    /// See [`CompileTarget::attributes`].
    ///
    /// # Errors
    /// The target's.
    pub fn attributes(&self, options: Vec<(String, String)>) -> PassResult<Vec<String>> {
        let options = options.into_iter().map(|(name, value)| Tuple2(name.into(), value.into())).collect();
        fold(self.0.attributes()(options)).map(|list| list.into_iter().map(Into::into).collect())
    }

    /// See [`CompileTarget::pipeline`].
    ///
    /// # Errors
    /// The target's.
    pub fn pipeline(&self, stage: &str, attribute: &str) -> PassResult<String> {
        fold(self.0.pipeline()(stage.into(), attribute.into())).map(Into::into)
    }

    /// See [`CompileTarget::serialize`].
    ///
    /// # Errors
    /// The target's.
    pub fn serialize(&self, variant: OperationRef<'_, '_>, cx: &PassContext<'_>) -> PassResult<Binary> {
        // SAFETY: the op is alive during the call, and so is the host's handle.
        fold(unsafe { self.0.serialize()(RawOperation(variant.to_raw().ptr), cx.call) })
    }

    /// See [`CompileTarget::reads`]; None of a target that was built before it could say so.
    ///
    /// # Errors
    /// The target's.
    pub fn reads(&self, attribute: &str) -> PassResult<Option<Vec<PathBuf>>> {
        let Some(reads) = self.0.reads() else { return Ok(None) };
        let files = fold(reads(attribute.into()))?;
        Ok(Some(files.into_iter().map(|file| PathBuf::from(file.as_str())).collect()))
    }

    /// See [`CompileTarget::check_object`]. A target that was built before ABI 1.3 is not asked.
    ///
    /// # Errors
    /// The target's.
    pub fn check_object(
        &self,
        variant: OperationRef<'_, '_>,
        name: &str,
        data: &[u8],
        cx: &PassContext<'_>,
    ) -> PassResult {
        let Some(check) = self.0.check_object() else { return Ok(()) };
        // SAFETY: the op is alive during the call, and so is the host's handle.
        fold(unsafe { check(RawOperation(variant.to_raw().ptr), name.into(), data.into(), cx.call) })
    }

    /// See [`CompileTarget::OBJECTS`]; none of a target that was built before ABI 1.4.
    #[must_use]
    pub fn object_suffixes(&self) -> Vec<String> {
        self.0.object_suffixes().map(|suffixes| suffixes().into_iter().map(Into::into).collect()).unwrap_or_default()
    }
}

/// A target as the derive macro submits it.
#[doc(hidden)]
pub struct TargetEntry {
    pub descriptor: fn() -> TargetDescriptorRef,
}
ropt_driver::inventory::collect!(TargetEntry);

/// The table of a target type.
#[doc(hidden)]
pub fn descriptor<T: CompileTarget>(name: &'static str) -> TargetDescriptorRef {
    TargetDescriptor {
        name: name.into(),
        attributes: attributes::<T>,
        pipeline: pipeline::<T>,
        serialize: serialize::<T>,
        reads: reads::<T>,
        check_object: check_object::<T>,
        object_suffixes: object_suffixes::<T>,
    }
    .leak_into_prefix()
}

extern "C" fn attributes<T: CompileTarget>(options: RVec<Tuple2<RString, RString>>) -> RResult<RVec<RString>, Fault> {
    wall(|| {
        let options = options.into_iter().map(|pair| (pair.0.into(), pair.1.into())).collect();
        T::attributes(&TargetOptions(options)).map(|list| list.into_iter().map(Into::into).collect())
    })
}

extern "C" fn pipeline<T: CompileTarget>(stage: RStr<'_>, attribute: RStr<'_>) -> RResult<RString, Fault> {
    wall(|| T::pipeline(stage.as_str(), attribute.as_str()).map(Into::into))
}

unsafe extern "C" fn serialize<T: CompileTarget>(op: RawOperation, call: PassCall) -> RResult<Binary, Fault> {
    // SAFETY: the caller lends the op for the duration of the call.
    let op = unsafe { OperationRefMut::from_raw(MlirOperation { ptr: op.0 }) };
    wall(|| T::serialize(op, &PassContext::new(call)))
}

extern "C" fn reads<T: CompileTarget>(attribute: RStr<'_>) -> RResult<RVec<RString>, Fault> {
    wall(|| {
        let files = T::reads(attribute.as_str())?.into_iter().map(|file| match file.into_os_string().into_string() {
            Ok(text) => Ok(RString::from(text)),
            Err(name) => Err(PassError::new(format!("the file name {name:?} is not UTF-8")).help("rename the file")),
        });
        files.collect()
    })
}

unsafe extern "C" fn check_object<T: CompileTarget>(
    op: RawOperation,
    name: RStr<'_>,
    data: RSlice<'_, u8>,
    call: PassCall,
) -> RResult<(), Fault> {
    // SAFETY: the caller lends the op for the duration of the call.
    let op = unsafe { OperationRef::from_raw(MlirOperation { ptr: op.0 }) };
    wall(|| T::check_object(op, name.as_str(), data.as_slice(), &PassContext::new(call)))
}

extern "C" fn object_suffixes<T: CompileTarget>() -> RVec<RString> {
    T::OBJECTS.iter().copied().map(RString::from).collect()
}

fn wall<T>(call: impl FnOnce() -> PassResult<T>) -> RResult<T, Fault> {
    match guard(call) {
        Ok(result) => result.map_err(PassError::into_fault).into(),
        Err(message) => RResult::RErr(panicked(message)),
    }
}
