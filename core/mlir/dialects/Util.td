// The part of the `util` dialect that programs from IREE's input phase hold:
// functions, state and hints, in the textual syntax of IREE 3.13.
#ifndef ROPT_DIALECTS_UTIL
#define ROPT_DIALECTS_UTIL

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/OpAsmInterface.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/CallInterfaces.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/FunctionInterfaces.td"
include "mlir/Interfaces/InferIntRangeInterface.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Util_Dialect : Dialect {
  let name = "util";
  let summary = "Functions, program state and hints.";
  let cppNamespace = "::ropt::util";
  // What bufferization makes of its ops.
  let dependentDialects = ["::mlir::memref::MemRefDialect"];
  let extraClassDeclaration = [{
    ::mlir::Attribute parseAttribute(::mlir::DialectAsmParser &parser,
                                     ::mlir::Type type) const override;
    void printAttribute(::mlir::Attribute attr,
                        ::mlir::DialectAsmPrinter &printer) const override;
    ::mlir::Type parseType(::mlir::DialectAsmParser &parser) const override;
    std::optional<ParseOpHook>
    getParseOperationHook(::llvm::StringRef opName) const override;
  }];
}

class Util_Op<string mnemonic, list<Trait> traits = []>
    : Op<Util_Dialect, mnemonic, traits>;

def Util_TiedOperands : OptionalAttr<TypedArrayAttrBase<IndexAttr, "indices">>;

def Util_IntAssumptionAttr : AttrDef<Util_Dialect, "IntAssumption"> {
  let mnemonic = "int.assumption";
  let summary = "Bounds and a divisor that an integer is known to have.";
  let parameters = (ins
    OptionalParameter<"std::optional<uint64_t>">:$umin,
    OptionalParameter<"std::optional<uint64_t>">:$umax,
    OptionalParameter<"std::optional<uint64_t>">:$udiv);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}

//===-- Functions ---------------------------------------------------------===//

def Util_FuncOp : Util_Op<"func", [
    AffineScope, AutomaticAllocationScope, IsolatedFromAbove,
    FunctionOpInterface, Symbol]> {
  let summary = "A function; its results may be tied to arguments.";
  let arguments = (ins
    SymbolNameAttr:$sym_name,
    TypeAttrOf<FunctionType>:$function_type,
    Util_TiedOperands:$tied_operands,
    OptionalAttr<StrAttr>:$sym_visibility,
    OptionalAttr<DictArrayAttr>:$arg_attrs,
    OptionalAttr<DictArrayAttr>:$res_attrs,
    OptionalAttr<AnyAttr>:$inlining_policy);
  let regions = (region AnyRegion:$body);
  let hasCustomAssemblyFormat = 1;
  let extraClassDeclaration = [{
    ::mlir::Region *getCallableRegion() {
      return isExternal() ? nullptr : &getBody();
    }
    ::llvm::ArrayRef<::mlir::Type> getArgumentTypes() {
      return getFunctionType().getInputs();
    }
    ::llvm::ArrayRef<::mlir::Type> getResultTypes() {
      return getFunctionType().getResults();
    }
    bool isDeclaration() { return isExternal(); }
  }];
  let hasVerifier = 1;
}

def Util_InitializerOp : Util_Op<"initializer", [
    IsolatedFromAbove, AutomaticAllocationScope,
    HasParent<"::mlir::ModuleOp">]> {
  let summary = "Code that runs once, before any function of the program.";
  let arguments = (ins TypeAttrOf<FunctionType>:$function_type);
  let regions = (region AnyRegion:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
}

def Util_ReturnOp : Util_Op<"return", [
    Pure, ReturnLike, Terminator,
    ParentOneOf<["::ropt::util::FuncOp", "::ropt::util::InitializerOp"]>]> {
  let summary = "Returns from a function or an initializer.";
  let arguments = (ins Variadic<AnyType>:$operands);
  let assemblyFormat = "attr-dict ($operands^ `:` type($operands))?";
  let hasVerifier = 1;
}

def Util_CallOp : Util_Op<"call", [
    CallOpInterface, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "Calls a util.func.";
  let arguments = (ins
    FlatSymbolRefAttr:$callee,
    Variadic<AnyType>:$operands,
    Util_TiedOperands:$tied_operands,
    OptionalAttr<DictArrayAttr>:$arg_attrs,
    OptionalAttr<DictArrayAttr>:$res_attrs);
  let results = (outs Variadic<AnyType>:$results);
  let assemblyFormat = [{
    $callee `(` $operands `)` attr-dict `:`
    custom<TiedFunctionType>(ref($operands), type($operands), type($results),
                             $tied_operands)
  }];
  let extraClassDeclaration = [{
    ::mlir::CallInterfaceCallable getCallableForCallee() {
      return getCalleeAttr();
    }
    void setCalleeFromCallable(::mlir::CallInterfaceCallable callee) {
      setCalleeAttr(::llvm::cast<::mlir::FlatSymbolRefAttr>(
          ::llvm::cast<::mlir::SymbolRefAttr>(callee)));
    }
    ::mlir::Operation::operand_range getArgOperands() { return getOperands(); }
    ::mlir::MutableOperandRange getArgOperandsMutable() {
      return getOperandsMutable();
    }
  }];
}

//===-- State -------------------------------------------------------------===//

def Util_GlobalOp : Util_Op<"global", [Symbol]> {
  let summary = "State of the program: a value that outlives calls.";
  let arguments = (ins
    OptionalAttr<StrAttr>:$sym_visibility,
    SymbolNameAttr:$sym_name,
    TypeAttr:$type,
    UnitAttr:$is_mutable,
    OptionalAttr<TypedAttrInterface>:$initial_value,
    OptionalAttr<AnyAttr>:$inlining_policy);
  let assemblyFormat = [{
    custom<SymbolVisibility>($sym_visibility) (`mutable` $is_mutable^)?
    $sym_name attr-dict custom<TypeOrValue>($type, $initial_value)
  }];
  let hasVerifier = 1;
}

def Util_GlobalLoadOp : Util_Op<"global.load", [
    DeclareOpInterfaceMethods<OpAsmOpInterface, ["getAsmResultNames"]>,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "The present value of a global.";
  let description = [{
    After bufferization the result is a memref: the storage of a global of
    tensor type, which stays the same between stores.
  }];
  let arguments = (ins FlatSymbolRefAttr:$global, UnitAttr:$is_immutable);
  let results = (outs AnyType:$result);
  let assemblyFormat = [{
    (`immutable` $is_immutable^)? $global attr-dict `:` type($result)
  }];
}

def Util_GlobalStoreOp : Util_Op<"global.store", [
    MemoryEffects<[MemWrite]>,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "Sets a global.";
  let description = [{
    After bufferization the value is a memref: its contents are copied into the
    storage of a global of tensor type.
  }];
  let arguments = (ins AnyType:$value, FlatSymbolRefAttr:$global);
  let assemblyFormat = "$value `,` $global attr-dict `:` type($value)";
}

//===-- Hints -------------------------------------------------------------===//

def Util_OptimizationBarrierOp : Util_Op<"optimization_barrier"> {
  let summary = "Values that no optimization sees through.";
  let arguments = (ins Variadic<AnyType>:$operands);
  let results = (outs Variadic<AnyType>:$results);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
}

def Util_AssumeIntOp : Util_Op<"assume.int", [
    Pure, DeclareOpInterfaceMethods<InferIntRangeInterface, ["inferResultRanges"]>]> {
  let summary = "Integers, with what is known about them.";
  let arguments = (ins
    Variadic<AnySignlessIntegerOrIndex>:$operands,
    ArrayAttr:$assumptions);
  let results = (outs Variadic<AnySignlessIntegerOrIndex>:$results);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
}

def Util_AlignOp : Util_Op<"align", [Pure, SameOperandsAndResultType]> {
  let summary = "A value rounded up to a multiple.";
  let arguments = (ins AnySignlessIntegerOrIndex:$value,
                       AnySignlessIntegerOrIndex:$alignment);
  let results = (outs AnySignlessIntegerOrIndex:$result);
  let assemblyFormat = "$value `,` $alignment attr-dict `:` type($result)";
}

#endif
