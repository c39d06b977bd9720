// The `hal` dialect: executables, their variants, exports and interfaces, in
// the textual syntax of IREE 3.13, so that files travel both ways.
#ifndef ROPT_DIALECTS_HAL
#define ROPT_DIALECTS_HAL

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpAsmInterface.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Hal_Dialect : Dialect {
  let name = "hal";
  let summary = "Executables and what they are compiled for.";
  let cppNamespace = "::ropt::hal";
  let extraClassDeclaration = [{
    ::mlir::Attribute parseAttribute(::mlir::DialectAsmParser &parser,
                                     ::mlir::Type type) const override;
    void printAttribute(::mlir::Attribute attr,
                        ::mlir::DialectAsmPrinter &printer) const override;
    ::mlir::Type parseType(::mlir::DialectAsmParser &parser) const override;
    void printType(::mlir::Type type,
                   ::mlir::DialectAsmPrinter &printer) const override;
    std::optional<ParseOpHook>
    getParseOperationHook(::llvm::StringRef opName) const override;
  }];
}

class Hal_Op<string mnemonic, list<Trait> traits = []>
    : Op<Hal_Dialect, mnemonic, traits>;
class Hal_PureOp<string mnemonic, list<Trait> traits = []>
    : Hal_Op<mnemonic, !listconcat(traits, [Pure])>;
class Hal_Attr<string name, string attrMnemonic, list<Trait> traits = []>
    : AttrDef<Hal_Dialect, name, traits> {
  let mnemonic = attrMnemonic;
}
class Hal_Type<string name, string typeMnemonic> : TypeDef<Hal_Dialect, name> {
  let mnemonic = typeMnemonic;
}

//===-- Types -------------------------------------------------------------===//

def Hal_Device : Hal_Type<"Device", "device"> {
  let summary = "A device that a program runs on.";
}
def Hal_Buffer : Hal_Type<"Buffer", "buffer"> {
  let summary = "A device-visible allocation.";
}
def Hal_BufferView : Hal_Type<"BufferView", "buffer_view"> {
  let summary = "A buffer with a shape and an element type.";
}

//===-- Enums -------------------------------------------------------------===//

def Hal_DescriptorType : I32EnumAttr<"DescriptorType", "kind of a binding", [
    I32EnumAttrCase<"UniformBuffer", 6, "uniform_buffer">,
    I32EnumAttrCase<"StorageBuffer", 7, "storage_buffer">]> {
  let cppNamespace = "::ropt::hal";
  let genSpecializedAttr = 0;
}
def Hal_DescriptorFlags : I32BitEnumAttr<"DescriptorFlags", "how a binding is used", [
    I32BitEnumAttrCaseNone<"None">,
    I32BitEnumAttrCaseBit<"ReadOnly", 0>,
    I32BitEnumAttrCaseBit<"Indirect", 1>]> {
  let cppNamespace = "::ropt::hal";
  let separator = "|";
}
def Hal_PipelineLayoutFlags : I32BitEnumAttr<"PipelineLayoutFlags", "how a layout is used", [
    I32BitEnumAttrCaseNone<"None">,
    I32BitEnumAttrCaseBit<"Indirect", 0>]> {
  let cppNamespace = "::ropt::hal";
  let separator = "|";
  let genSpecializedAttr = 0;
}

//===-- Attributes --------------------------------------------------------===//

def Hal_DescriptorTypeAttr
    : EnumAttr<Hal_Dialect, Hal_DescriptorType, "descriptor_type"> {
  let assemblyFormat = "`<` $value `>`";
}

def Hal_ExecutableTargetAttr : Hal_Attr<"ExecutableTarget", "executable.target"> {
  let summary = "What a variant is compiled for: backend, format, configuration.";
  let parameters = (ins
    "::mlir::StringAttr":$backend,
    "::mlir::StringAttr":$format,
    OptionalParameter<"::mlir::DictionaryAttr">:$configuration);
  let assemblyFormat = "`<` $backend `,` $format (`,` $configuration^)? `>`";
}

def Hal_ExecutableObjectAttr : Hal_Attr<"ExecutableObject", "executable.object"> {
  let summary = "A compiled object: where it is, and its bytes when embedded.";
  let parameters = (ins
    "::mlir::StringAttr":$path,
    OptionalParameter<"::mlir::Attribute">:$data);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}

def Hal_ExecutableObjectsAttr : Hal_Attr<"ExecutableObjects", "executable.objects"> {
  let summary = "Objects by the target that they are for.";
  let parameters = (ins
    "::mlir::ArrayAttr":$targets,
    "::mlir::ArrayAttr":$targetObjects);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}

def Hal_PipelineBindingAttr : Hal_Attr<"PipelineBinding", "pipeline.binding"> {
  let summary = "One binding of a pipeline layout.";
  let parameters = (ins
    EnumParameter<Hal_DescriptorType>:$type,
    DefaultValuedParameter<"::ropt::hal::DescriptorFlags",
                           "::ropt::hal::DescriptorFlags::None">:$flags);
  let assemblyFormat = "`<` $type (`,` $flags^)? `>`";
}

def Hal_PipelineLayoutAttr : Hal_Attr<"PipelineLayout", "pipeline.layout"> {
  let summary = "What an export takes: 32-bit constants and bindings.";
  let parameters = (ins
    DefaultValuedParameter<"int64_t", "0">:$constants,
    OptionalArrayRefParameter<"::ropt::hal::PipelineBindingAttr">:$bindings,
    DefaultValuedParameter<"::ropt::hal::PipelineLayoutFlags",
                           "::ropt::hal::PipelineLayoutFlags::None">:$flags);
  let assemblyFormat = [{
    `<` (`constants` `=` $constants^ `,` ` `)?
    `bindings` `=` custom<PipelineBindings>($bindings)
    (`,` `flags` `=` $flags^)? `>`
  }];
  let genVerifyDecl = 1;
}

def Hal_DeviceTargetAttr : Hal_Attr<"DeviceTarget", "device.target", [TypedAttrInterface]> {
  let summary = "A device: its id, configuration and the executables it takes.";
  let parameters = (ins
    "::mlir::StringAttr":$deviceID,
    OptionalParameter<"::mlir::DictionaryAttr">:$configuration,
    OptionalArrayRefParameter<"::ropt::hal::ExecutableTargetAttr">:$executableTargets);
  let hasCustomAssemblyFormat = 1;
  let extraClassDeclaration = [{
    ::mlir::Type getType() const;
  }];
}

//===-- Executables -------------------------------------------------------===//

class Hal_ContainerOp<string mnemonic, list<Trait> traits = []>
    : Hal_Op<mnemonic, !listconcat(traits, [
        IsolatedFromAbove, SingleBlock, NoTerminator, NoRegionArguments,
        SymbolTable, Symbol])> {
  let regions = (region SizedRegion<1>:$body);
  let hasVerifier = 1;
}

// IREE ends these regions with a terminator that its pretty form hides. The
// parser adds it, so that generic text is IREE's too; IR built without it is
// accepted.
class Hal_EndOp<string mnemonic, string parent>
    : Hal_Op<mnemonic, [HasParent<parent>, Terminator]> {
  let assemblyFormat = "attr-dict";
}
def Hal_ExecutableEndOp
    : Hal_EndOp<"executable_end", "::ropt::hal::ExecutableOp"> {
  let summary = "The hidden end of an executable.";
}
def Hal_ExecutableSourceEndOp
    : Hal_EndOp<"executable.source_end", "::ropt::hal::ExecutableSourceOp"> {
  let summary = "The hidden end of an executable source.";
}
def Hal_ExecutableVariantEndOp
    : Hal_EndOp<"executable.variant_end", "::ropt::hal::ExecutableVariantOp"> {
  let summary = "The hidden end of a variant.";
}

def Hal_ExecutableOp : Hal_ContainerOp<"executable"> {
  let summary = "An executable: the same exports, once for each target.";
  let arguments = (ins
    OptionalAttr<StrAttr>:$sym_visibility,
    SymbolNameAttr:$sym_name);
  let assemblyFormat = [{
    custom<SymbolVisibility>($sym_visibility) $sym_name
    attr-dict-with-keyword custom<ExecutableBody>($body)
  }];
}

def Hal_ExecutableSourceOp : Hal_ContainerOp<"executable.source"> {
  let summary = "A hand-written executable, not yet for any target.";
  let arguments = (ins
    OptionalAttr<StrAttr>:$sym_visibility,
    SymbolNameAttr:$sym_name,
    OptionalAttr<Hal_ExecutableObjectsAttr>:$objects);
  let assemblyFormat = [{
    custom<SymbolVisibility>($sym_visibility) $sym_name
    `` custom<SourceProperties>($objects)
    attr-dict-with-keyword custom<SourceBody>($body)
  }];
  let hasRegionVerifier = 1;
}

def Hal_ExecutableVariantOp : Hal_ContainerOp<"executable.variant",
    [HasParent<"::ropt::hal::ExecutableOp">]> {
  let summary = "An executable's exports for one target.";
  let arguments = (ins
    OptionalAttr<StrAttr>:$sym_visibility,
    SymbolNameAttr:$sym_name,
    Hal_ExecutableTargetAttr:$target,
    OptionalAttr<ArrayAttr>:$objects,
    OptionalAttr<DictionaryAttr>:$sources);
  let assemblyFormat = [{
    custom<SymbolVisibility>($sym_visibility) $sym_name
    `target` `(` $target `)`
    (`objects` `(` $objects^ `)`)?
    (`sources` `(` $sources^ `)`)?
    attr-dict-with-keyword custom<VariantBody>($body)
  }];
  let hasRegionVerifier = 1;
}

def Hal_ExecutableExportOp : Hal_Op<"executable.export", [
    IsolatedFromAbove, Symbol,
    ParentOneOf<["::ropt::hal::ExecutableVariantOp",
                 "::ropt::hal::ExecutableSourceOp"]>]> {
  let summary = "An entry point: its layout and how many workgroups it takes.";
  let arguments = (ins
    OptionalAttr<StrAttr>:$sym_visibility,
    SymbolNameAttr:$sym_name,
    OptionalAttr<IndexAttr>:$ordinal,
    Hal_PipelineLayoutAttr:$layout,
    OptionalAttr<ArrayAttr>:$workgroup_size,
    OptionalAttr<IndexAttr>:$subgroup_size,
    OptionalAttr<IndexAttr>:$workgroup_local_memory,
    OptionalAttr<FlatSymbolRefAttr>:$condition_fallback,
    OptionalAttr<DictionaryAttr>:$source_locs);
  let regions = (region AnyRegion:$workgroup_count, AnyRegion:$condition);
  let assemblyFormat = [{
    custom<SymbolVisibility>($sym_visibility) $sym_name
    (`ordinal` `(` $ordinal^ `)`)?
    `layout` `(` qualified($layout) `)`
    (`condition` `` custom<HostRegion>($condition)^)?
    (`fallback` `(` $condition_fallback^ `)`)?
    (`count` `` custom<HostRegion>($workgroup_count)^)?
    `` custom<ExportProperties>($workgroup_size, $subgroup_size,
                             $workgroup_local_memory, $source_locs)
    attr-dict-with-keyword
    `` custom<TrailingCount>(ref($workgroup_count))
  }];
  let hasVerifier = 1;
}

def Hal_ExecutableConditionOp : Hal_Op<"executable.condition", [
    IsolatedFromAbove, HasParent<"::ropt::hal::ExecutableVariantOp">]> {
  let summary = "Host code that says whether a variant suits a device.";
  let arguments = (ins TypeAttrOf<FunctionType>:$function_type);
  let regions = (region AnyRegion:$body);
  let assemblyFormat = [{
    `` custom<HostFunction>($function_type, $body) attr-dict-with-keyword
  }];
  let hasVerifier = 1;
}

def Hal_ExecutableConstantBlockOp : Hal_Op<"executable.constant.block", [
    IsolatedFromAbove,
    ParentOneOf<["::ropt::hal::ExecutableVariantOp",
                 "::ropt::hal::ExecutableSourceOp"]>]> {
  let summary = "Host code that computes named constants of a variant.";
  let arguments = (ins TypeAttrOf<FunctionType>:$function_type, ArrayAttr:$keys);
  let regions = (region AnyRegion:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
}

def Hal_ExecutableConstantLoadOp : Hal_PureOp<"executable.constant.load"> {
  let summary = "A constant of the variant's constant blocks, by its key.";
  let arguments = (ins StrAttr:$key);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$key attr-dict `:` type($result)";
  let hasVerifier = 1;
}

def Hal_ExecutableBinaryOp : Hal_Op<"executable.binary", [
    Symbol, ParentOneOf<["::ropt::hal::ExecutableOp",
                         "::ropt::hal::ExecutableVariantOp"]>]> {
  let summary = "The bytes of a compiled executable.";
  let description = [{
    Inside `hal.executable` it stands for a variant, as in IREE. Inside
    `hal.executable.variant` it replaces the inner module after serialization
    while the exports stay.
  }];
  let arguments = (ins
    OptionalAttr<StrAttr>:$sym_visibility,
    SymbolNameAttr:$sym_name,
    StrAttr:$format,
    AnyAttr:$data,
    OptionalAttr<StrAttr>:$mime_type);
  let assemblyFormat = [{
    custom<SymbolVisibility>($sym_visibility) $sym_name
    `` custom<BinaryProperties>($format, $data, $mime_type)
    attr-dict-with-keyword
  }];
  let hasVerifier = 1;
}

def Hal_ReturnOp : Hal_Op<"return", [Pure, ReturnLike, Terminator,
    ParentOneOf<["::ropt::hal::ExecutableExportOp",
                 "::ropt::hal::ExecutableConditionOp",
                 "::ropt::hal::ExecutableConstantBlockOp",
                 "::ropt::hal::DispatchExternOp"]>]> {
  let summary = "Returns from a host region of an executable.";
  let arguments = (ins Variadic<AnyType>:$operands);
  let assemblyFormat = "attr-dict ($operands^ `:` type($operands))?";
}

//===-- Host code ----------------------------------------------------------===//

def Hal_DeviceQueryOp : Hal_PureOp<"device.query"> {
  let summary = "Asks a device for a number by category and key.";
  let description = [{
    `ok` says whether the device knows the key; `value` is the default, or 0,
    when it does not.
  }];
  let arguments = (ins
    Hal_Device:$device,
    StrAttr:$category,
    StrAttr:$key,
    OptionalAttr<TypedAttrInterface>:$default_value);
  let results = (outs I1:$ok, AnyTypeOf<[AnySignlessInteger, Index]>:$value);
  let assemblyFormat = [{
    `` `<` $device `:` type($device) `>`
    `key` `(` custom<QueryKey>($category, $key) `)`
    `:` type($ok) `,` type($value) (`=` $default_value^)?
    attr-dict-with-keyword
  }];
  let hasVerifier = 1;
}

def Hal_DispatchExternOp : Hal_PureOp<"dispatch.extern", [AttrSizedOperandSegments]> {
  let summary = "Runs an export of objects that are named in place.";
  let description = [{
    As `flow.dispatch`, with the executable in the op: one list of objects, an
    ordinal and perhaps a condition for each target.
  }];
  let arguments = (ins
    Variadic<Index>:$workload,
    Variadic<AnyType>:$arguments,
    Variadic<Index>:$argument_dims,
    Variadic<Index>:$result_dims,
    OptionalAttr<TypedArrayAttrBase<IndexAttr, "indices">>:$tied_operands,
    StrAttr:$export_name,
    Hal_PipelineLayoutAttr:$layout,
    ArrayAttr:$targets,
    TypedArrayAttrBase<IndexAttr, "ordinals">:$target_ordinals,
    ArrayAttr:$target_objects);
  let results = (outs Variadic<AnyType>:$results);
  let regions = (region AnyRegion:$workgroup_count, VariadicRegion<AnyRegion>:$target_regions);
  let assemblyFormat = [{
    $export_name (`[` $workload^ `]`)? `` `(` $arguments `)` `:`
    custom<ShapedFunctionType>(ref($arguments), type($arguments), $argument_dims,
                               type($results), $result_dims, $tied_operands)
    `count` `` custom<HostRegion>($workgroup_count)
    `layout` `(` qualified($layout) `)`
    `objects` `(` custom<TargetObjects>($targets, $target_ordinals, $target_objects,
                                        $target_regions) `)`
    attr-dict-with-keyword
  }];
  let hasVerifier = 1;
}

//===-- Interfaces, seen from inside a kernel -----------------------------===//

class Hal_WorkgroupOp<string mnemonic> : Hal_PureOp<mnemonic> {
  let arguments = (ins IndexAttr:$dimension, OptionalAttr<IndexAttr>:$upper_bound);
  let results = (outs Index:$result);
  let assemblyFormat = [{
    `[` $dimension `]` (`upper_bound` $upper_bound^)? attr-dict `:` type($result)
  }];
  let hasVerifier = 1;
}
def Hal_InterfaceWorkgroupIDOp : Hal_WorkgroupOp<"interface.workgroup.id"> {
  let summary = "This workgroup's coordinate in one dimension.";
}
def Hal_InterfaceWorkgroupCountOp : Hal_WorkgroupOp<"interface.workgroup.count"> {
  let summary = "How many workgroups there are in one dimension.";
}
def Hal_InterfaceWorkgroupSizeOp : Hal_WorkgroupOp<"interface.workgroup.size"> {
  let summary = "How many work items a workgroup has in one dimension.";
}

def Hal_InterfaceConstantLoadOp : Hal_PureOp<"interface.constant.load"> {
  let summary = "One of the layout's constants.";
  let arguments = (ins
    Hal_PipelineLayoutAttr:$layout,
    IndexAttr:$ordinal,
    OptionalAttr<IndexAttr>:$alignment,
    OptionalAttr<ArrayAttr>:$values);
  let results = (outs AnyType:$result);
  let assemblyFormat = [{
    `layout` `(` $layout `)` `ordinal` `(` $ordinal `)`
    (`alignment` `(` $alignment^ `)`)?
    (`values` `(` $values^ `)`)?
    attr-dict `:` type($result)
  }];
  let hasVerifier = 1;
}

def Hal_InterfaceBindingSubspanOp : Hal_PureOp<"interface.binding.subspan",
    [AttrSizedOperandSegments]> {
  let summary = "A part of one of the layout's bindings, seen as a type.";
  let arguments = (ins
    Hal_PipelineLayoutAttr:$layout,
    IndexAttr:$binding,
    Optional<Index>:$byte_offset,
    Variadic<Index>:$dynamic_dims,
    OptionalAttr<IndexAttr>:$alignment,
    OptionalAttr<Hal_DescriptorFlags>:$descriptor_flags);
  let results = (outs AnyType:$result);
  let assemblyFormat = [{
    `layout` `(` $layout `)` `binding` `(` $binding `)`
    (`alignment` `(` $alignment^ `)`)?
    (`offset` `(` $byte_offset^ `)`)?
    (`flags` `(` $descriptor_flags^ `)`)?
    attr-dict `:` type($result) (`{` $dynamic_dims^ `}`)?
  }];
  let hasVerifier = 1;
}

#endif
