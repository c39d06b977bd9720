// The `ropt` dialect: what IREE's dialects have no op for.
#ifndef ROPT_DIALECTS_ROPT
#define ROPT_DIALECTS_ROPT

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Ropt_Dialect : Dialect {
  let name = "ropt";
  let summary = "Host code between bufferization and the runtime.";
  let cppNamespace = "::ropt::host";
}

def Ropt_DispatchOp : Op<Ropt_Dialect, "dispatch", [
    AttrSizedOperandSegments,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "Runs an export of an executable on buffers.";
  let description = [{
    The bufferized `flow.dispatch`: its arguments in order, then a buffer for
    each result that was not tied to an argument. `reads` and `writes` hold the
    positions of the memref arguments that the kernel reads and writes.
  }];
  let arguments = (ins
    Variadic<Index>:$workload,
    TypedArrayAttrBase<SymbolRefAttr, "symbol references">:$entry_points,
    Variadic<AnyType>:$arguments,
    DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$reads,
    DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$writes);
  let assemblyFormat = [{
    custom<EntryPoints>($entry_points) (`[` $workload^ `]`)? ``
    `(` $arguments `)` (`reads` $reads^)? (`writes` $writes^)? attr-dict
    (`:` `(` type($arguments)^ `)`)?
  }];
  let extraClassDeclaration = [{
    /// The reference to the export to run (the first, when there are several).
    ::mlir::SymbolRefAttr getEntryPoint();
  }];
  let hasVerifier = 1;
}

#endif
