// The part of the `iree_codegen` dialect that dumped executables hold, in the
// textual syntax of IREE 3.13. Its attributes stay opaque text.
#ifndef ROPT_DIALECTS_CODEGEN
#define ROPT_DIALECTS_CODEGEN

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/OpAsmInterface.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "mlir/Interfaces/ViewLikeInterface.td"

def Codegen_Dialect : Dialect {
  let name = "iree_codegen";
  let summary = "What code generation writes into executables.";
  let cppNamespace = "::ropt::codegen";
  let dependentDialects = ["::mlir::memref::MemRefDialect"];
  let extraClassDeclaration = [{
    ::mlir::Attribute parseAttribute(::mlir::DialectAsmParser &parser,
                                     ::mlir::Type type) const override;
    ::mlir::Type parseType(::mlir::DialectAsmParser &parser) const override;
    std::optional<ParseOpHook>
    getParseOperationHook(::llvm::StringRef opName) const override;
  }];
}

class Codegen_Op<string mnemonic, list<Trait> traits = []>
    : Op<Codegen_Dialect, mnemonic, traits>;

def Codegen_ExtractStridedMetadataOp : Codegen_Op<"extract_strided_metadata", [
    Pure, SameVariadicResultSize,
    DeclareOpInterfaceMethods<OpAsmOpInterface, ["getAsmResultNames"]>]> {
  let summary = "A memref's base buffer, offset, sizes and strides.";
  let arguments = (ins AnyStridedMemRef:$source);
  let results = (outs AnyStridedMemRefOfRank<0>:$base_buffer, Index:$offset,
                      Variadic<Index>:$sizes, Variadic<Index>:$strides);
  // The two result groups have the same size: the rank of the source.
  let assemblyFormat = "$source attr-dict `:` type($source) `->` type(results)";
  let hasVerifier = 1;
}

def Codegen_LoadFromBufferOp : Codegen_Op<"load_from_buffer", [
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>,
    DeclareOpInterfaceMethods<ReifyRankedShapedTypeOpInterface, ["reifyResultShapes"]>]> {
  let summary = "Reads a memref as a tensor.";
  let arguments = (ins AnyStridedMemRef:$buffer);
  let results = (outs AnyRankedTensor:$tensor);
  let assemblyFormat = "$buffer attr-dict `:` type($buffer) `->` type($tensor)";
  let hasVerifier = 1;
}

def Codegen_StoreToBufferOp : Codegen_Op<"store_to_buffer", [
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "Writes a tensor to a memref.";
  let arguments = (ins AnyRankedTensor:$tensor, AnyStridedMemRef:$buffer);
  let assemblyFormat = [{
    $tensor `,` $buffer attr-dict `:` type($tensor) `into` type($buffer)
  }];
  let hasVerifier = 1;
}

def Codegen_DispatchConfigOp : Codegen_Op<"dispatch_config", [IsolatedFromAbove]> {
  let summary = "How a kernel is launched: its workgroup count and sizes.";
  let arguments = (ins
    FlatSymbolRefAttr:$function_ref,
    OptionalAttr<DenseI64ArrayAttr>:$workgroup_size,
    OptionalAttr<I64Attr>:$subgroup_size);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $function_ref
    (`workgroup_size` `=` $workgroup_size^)?
    (`subgroup_size` `=` $subgroup_size^)?
    $body attr-dict
  }];
  let hasVerifier = 1;
}

def Codegen_YieldOp : Codegen_Op<"yield", [Pure, ReturnLike, Terminator]> {
  let summary = "Ends a region of the iree_codegen dialect.";
  let arguments = (ins Variadic<AnyType>:$operands);
  let assemblyFormat = "attr-dict ($operands^ `:` type($operands))?";
}

def Codegen_WorkgroupCountHintOp : Codegen_Op<"workgroup_count_hint", []> {
  let summary = "How many workgroups this part of a kernel wants.";
  let arguments = (ins Variadic<Index>:$sizes, DenseI64ArrayAttr:$static_sizes);
  let assemblyFormat = [{
    `` custom<DynamicIndexListParen>($sizes, $static_sizes) attr-dict
  }];
  let hasVerifier = 1;
}

#endif
