//! The compile side of a backend.

use crate::{RawOperation, pass::Fault, services::PassCall};
use abi_stable::{
    StableAbi,
    std_types::{RResult, RSlice, RStr, RString, RVec, Tuple2},
};

/// A file that came up on the way, for `--hal-dump-executable-intermediates-to`.
#[repr(C)]
#[derive(Clone, Debug, StableAbi)]
pub struct Artifact {
    /// What is put behind the variant's name, for example `.ll` or `.codegen.ll`.
    pub suffix: RString,
    /// The file's bytes.
    pub data: RVec<u8>,
}

/// A finished executable.
#[repr(C)]
#[derive(Clone, Debug, StableAbi)]
pub struct Binary {
    /// The format as drivers name it, for example `embedded-elf-x86_64`.
    pub format: RString,
    /// Its media type, for example `application/x-elf`.
    pub mime: RString,
    /// The extension of a dumped file, for example `.so`.
    pub suffix: RString,
    /// The binary.
    pub data: RVec<u8>,
    /// Intermediates, in the order in which they came up.
    pub artifacts: RVec<Artifact>,
}

/// The functions of one target; name, aliases and options are in the manifest.
#[repr(C)]
#[derive(StableAbi)]
#[sabi(kind(Prefix(prefix_ref = TargetDescriptorRef, prefix_fields = TargetDescriptorPrefix)))]
#[sabi(missing_field(option))]
pub struct TargetDescriptor {
    /// The target's name, as in the manifest and as backend in target attributes.
    pub name: RStr<'static>,
    /// The target attributes (`#hal.executable.target<…>`, as text) to compile for, from the compile flags that the
    /// target declares, as (name, value) pairs.
    pub attributes: extern "C" fn(options: RVec<Tuple2<RString, RString>>) -> RResult<RVec<RString>, Fault>,
    /// The textual pipeline of a stage (`configure`, `translate`), run on each variant (`hal.executable.variant`) of
    /// a target attribute with that text; empty when there is nothing to do.
    pub pipeline: extern "C" fn(stage: RStr<'_>, attribute: RStr<'_>) -> RResult<RString, Fault>,
    /// The binary of a translated variant, or of one whose contents are objects.
    #[sabi(last_prefix_field)]
    pub serialize: unsafe extern "C" fn(variant: RawOperation, PassCall) -> RResult<Binary, Fault>,
    /// The files that the stages and `serialize` read for a target attribute with that text. Since ABI 1.2.
    pub reads: extern "C" fn(attribute: RStr<'_>) -> RResult<RVec<RString>, Fault>,
    /// Whether an object, given by its file's name and its bytes, can stand for the variant's contents: it defines
    /// what the variant exports, and takes what their layouts say. Asked before anything is replaced. Since ABI 1.3.
    pub check_object: unsafe extern "C" fn(
        variant: RawOperation,
        name: RStr<'_>,
        data: RSlice<'_, u8>,
        PassCall,
    ) -> RResult<(), Fault>,
    /// What ends the names of files that hold a variant's contents in a form of the target's own, from source to binary,
    /// each with its dot. Such a file is given to `check_object` as it is. Since ABI 1.4.
    pub object_suffixes: extern "C" fn() -> RVec<RString>,
}
