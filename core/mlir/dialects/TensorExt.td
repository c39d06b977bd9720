// The part of the `iree_tensor_ext` dialect that executables hold: tensors in
// bindings and the count region's ops, in the textual syntax of IREE 3.13.
#ifndef ROPT_DIALECTS_TENSOR_EXT
#define ROPT_DIALECTS_TENSOR_EXT

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpAsmInterface.td"
include "mlir/IR/OpBase.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "mlir/Interfaces/ViewLikeInterface.td"

def TensorExt_Dialect : Dialect {
  let name = "iree_tensor_ext";
  let summary = "Tensors that live in an executable's bindings.";
  let cppNamespace = "::ropt::tensor_ext";
  // What bufferization makes of its ops.
  let dependentDialects = ["::ropt::hal::HalDialect", "::mlir::memref::MemRefDialect"];
  let extraClassDeclaration = [{
    ::mlir::Attribute parseAttribute(::mlir::DialectAsmParser &parser,
                                     ::mlir::Type type) const override;
    ::mlir::Type parseType(::mlir::DialectAsmParser &parser) const override;
    void printType(::mlir::Type type,
                   ::mlir::DialectAsmPrinter &printer) const override;
    std::optional<ParseOpHook>
    getParseOperationHook(::llvm::StringRef opName) const override;
  }];
}

class TensorExt_Op<string mnemonic, list<Trait> traits = []>
    : Op<TensorExt_Dialect, mnemonic, traits>;

def TensorExt_TensorAccess : I32EnumAttr<"TensorAccess", "how a kernel uses a binding", [
    I32EnumAttrCase<"ReadOnly", 0, "readonly">,
    I32EnumAttrCase<"ReadWrite", 1, "readwrite">,
    I32EnumAttrCase<"WriteOnly", 2, "writeonly">]> {
  let cppNamespace = "::ropt::tensor_ext";
  let genSpecializedAttr = 0;
}

def TensorExt_DispatchTensorType : TypeDef<TensorExt_Dialect, "DispatchTensor"> {
  let mnemonic = "dispatch.tensor";
  let summary = "A tensor in a binding, and how the kernel may use it.";
  let parameters = (ins "::ropt::tensor_ext::TensorAccess":$access,
                        "::mlir::Type":$boundType);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// The bound type as a ranked tensor; null when it is a scalar.
    ::mlir::RankedTensorType asRankedTensor() const {
      return ::mlir::dyn_cast<::mlir::RankedTensorType>(getBoundType());
    }
  }];
}

def TensorExt_BoundTensor : Type<
    And<[TensorExt_DispatchTensorType.predicate,
         CPred<"::llvm::cast<::ropt::tensor_ext::DispatchTensorType>($_self)"
               ".asRankedTensor()">]>,
    "a binding of a tensor", "::ropt::tensor_ext::DispatchTensorType">;

def TensorExt_DispatchTensorLoadOp : TensorExt_Op<"dispatch.tensor.load", [
    AttrSizedOperandSegments, OffsetSizeAndStrideOpInterface,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>,
    DeclareOpInterfaceMethods<ReifyRankedShapedTypeOpInterface, ["reifyResultShapes"]>]> {
  let summary = "Loads a tensor, or a slice of it, from a binding.";
  let arguments = (ins
    TensorExt_BoundTensor:$source,
    Variadic<Index>:$source_dims,
    Variadic<Index>:$offsets,
    Variadic<Index>:$sizes,
    Variadic<Index>:$strides,
    DenseI64ArrayAttr:$static_offsets,
    DenseI64ArrayAttr:$static_sizes,
    DenseI64ArrayAttr:$static_strides);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = [{
    $source
    `,` `offsets` `=` custom<DynamicIndexList>($offsets, $static_offsets)
    `,` `sizes` `=` custom<DynamicIndexList>($sizes, $static_sizes)
    `,` `strides` `=` custom<DynamicIndexList>($strides, $static_strides)
    attr-dict `:` qualified(type($source)) (`{` $source_dims^ `}`)? `->` type($result)
  }];
  let extraClassDeclaration = [{
    std::array<unsigned, 3> getArrayAttrMaxRanks() {
      unsigned rank = getSource().getType().asRankedTensor().getRank();
      return {rank, rank, rank};
    }
    static unsigned getOffsetSizeAndStrideStartOperandIndex() { return 1; }
    /// Whether the slice is the whole tensor, with the same type.
    bool isWhole();
    /// The dimensions of the slice that the tensor value does not have.
    ::llvm::SmallBitVector getDroppedDims();
  }];
  let hasVerifier = 1;
}

def TensorExt_DispatchTensorStoreOp : TensorExt_Op<"dispatch.tensor.store", [
    AttrSizedOperandSegments, OffsetSizeAndStrideOpInterface,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "Stores a tensor into a binding, or into a slice of it.";
  let arguments = (ins
    AnyRankedTensor:$value,
    TensorExt_BoundTensor:$target,
    Variadic<Index>:$target_dims,
    Variadic<Index>:$offsets,
    Variadic<Index>:$sizes,
    Variadic<Index>:$strides,
    DenseI64ArrayAttr:$static_offsets,
    DenseI64ArrayAttr:$static_sizes,
    DenseI64ArrayAttr:$static_strides);
  let assemblyFormat = [{
    $value `,` $target
    `,` `offsets` `=` custom<DynamicIndexList>($offsets, $static_offsets)
    `,` `sizes` `=` custom<DynamicIndexList>($sizes, $static_sizes)
    `,` `strides` `=` custom<DynamicIndexList>($strides, $static_strides)
    attr-dict `:` type($value) `->` qualified(type($target)) (`{` $target_dims^ `}`)?
  }];
  let extraClassDeclaration = [{
    std::array<unsigned, 3> getArrayAttrMaxRanks() {
      unsigned rank = getTarget().getType().asRankedTensor().getRank();
      return {rank, rank, rank};
    }
    static unsigned getOffsetSizeAndStrideStartOperandIndex() { return 2; }
    /// Whether the slice is the whole tensor, with the same type.
    bool isWhole();
    /// The dimensions of the slice that the tensor value does not have.
    ::llvm::SmallBitVector getDroppedDims();
  }];
  let hasVerifier = 1;
}

def TensorExt_DispatchWorkloadOrdinalOp
    : TensorExt_Op<"dispatch.workload.ordinal", [Pure, AllTypesMatch<["operand", "result"]>]> {
  let summary = "Marks a value of the kernel as an element of the workload.";
  let arguments = (ins Index:$operand, IndexAttr:$ordinal);
  let results = (outs Index:$result);
  let assemblyFormat = "$operand `,` $ordinal attr-dict `:` type($operand)";
  let hasVerifier = 1;
}

class TensorExt_WorkgroupCountOp<string mnemonic> : TensorExt_Op<mnemonic, [
    Pure, DeclareOpInterfaceMethods<OpAsmOpInterface, ["getAsmResultNames"]>]> {
  let arguments = (ins Variadic<Index>:$operands);
  let results = (outs Index:$x, Index:$y, Index:$z);
  let assemblyFormat = "`` `(` $operands `)` attr-dict";
}
def TensorExt_DispatchWorkgroupCountFromSliceOp
    : TensorExt_WorkgroupCountOp<"dispatch.workgroup_count_from_slice"> {
  let summary = "The workgroup count, to be derived from the kernel's tiling.";
}
def TensorExt_DispatchWorkgroupCountFromDagRootOp
    : TensorExt_WorkgroupCountOp<"dispatch.workgroup_count_from_dag_root"> {
  let summary = "The workgroup count, to be derived from the root's loop ranges.";
}

def TensorExt_DispatchWorkgroupCountSplitReductionOp
    : TensorExt_Op<"dispatch.workgroup_count_split_reduction_modifier", [
        Pure, DeclareOpInterfaceMethods<OpAsmOpInterface, ["getAsmResultNames"]>]> {
  let summary = "A workgroup count, multiplied by a split reduction's tiles.";
  let arguments = (ins Index:$workgroup_x, Index:$workgroup_y, Index:$workgroup_z,
                       Variadic<Index>:$workload);
  let results = (outs Index:$x, Index:$y, Index:$z);
  let assemblyFormat = [{
    `workgroups` `(` $workgroup_x `,` $workgroup_y `,` $workgroup_z `)`
    `workload` `(` $workload `)` attr-dict
  }];
}

#endif
