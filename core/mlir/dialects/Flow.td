// The part of the `flow` dialect that host code needs: calls of executables on
// tensors, in the textual syntax of IREE 3.13.
#ifndef ROPT_DIALECTS_FLOW
#define ROPT_DIALECTS_FLOW

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Flow_Dialect : Dialect {
  let name = "flow";
  let summary = "Calls of executables on tensors.";
  let cppNamespace = "::ropt::flow";
  // What bufferization makes of its ops.
  let dependentDialects = ["::ropt::host::RoptDialect", "::mlir::memref::MemRefDialect"];
  let extraClassDeclaration = [{
    ::mlir::Attribute parseAttribute(::mlir::DialectAsmParser &parser,
                                     ::mlir::Type type) const override;
    ::mlir::Type parseType(::mlir::DialectAsmParser &parser) const override;
    std::optional<ParseOpHook>
    getParseOperationHook(::llvm::StringRef opName) const override;
  }];
}

def Flow_DispatchOp : Op<Flow_Dialect, "dispatch", [
    AttrSizedOperandSegments, Pure,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>,
    DeclareOpInterfaceMethods<ReifyRankedShapedTypeOpInterface, ["reifyResultShapes"]>]> {
  let summary = "Runs an export of an executable on tensors.";
  let description = [{
    `workload` is what the export's count region takes. `argument_dims` and
    `result_dims` hold the dynamic sizes of the tensors, in order. A result
    that is tied to an argument is written in that argument's storage:
    `tied_operands` has for each result the index of its argument, or -1.
  }];
  let arguments = (ins
    Variadic<Index>:$workload,
    TypedArrayAttrBase<SymbolRefAttr, "symbol references">:$entry_points,
    Variadic<AnyType>:$arguments,
    Variadic<Index>:$argument_dims,
    Variadic<Index>:$result_dims,
    OptionalAttr<TypedArrayAttrBase<IndexAttr, "indices">>:$tied_operands);
  let results = (outs Variadic<AnyType>:$results);
  let assemblyFormat = [{
    custom<EntryPoints>($entry_points) (`[` $workload^ `]`)? ``
    `(` $arguments `)` attr-dict `:`
    custom<ShapedFunctionType>(ref($arguments), type($arguments), $argument_dims,
                               type($results), $result_dims, $tied_operands)
  }];
  let extraClassDeclaration = [{
    /// The argument that `result` is tied to.
    std::optional<unsigned> getTiedArgument(unsigned result);
    /// The dynamic sizes of one result.
    ::mlir::ValueRange getResultDims(unsigned result);
    /// The dynamic sizes of one argument.
    ::mlir::ValueRange getArgumentDims(unsigned argument);
    /// The reference to the export to run (the first, when there are several).
    ::mlir::SymbolRefAttr getEntryPoint();
  }];
  let hasVerifier = 1;
}

#endif
