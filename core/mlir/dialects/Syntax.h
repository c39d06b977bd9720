// Pieces of textual syntax that several dialects share.
#ifndef ROPT_DIALECTS_SYNTAX_H
#define ROPT_DIALECTS_SYNTAX_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/OpImplementation.h"

namespace ropt {

using OperandList =
    llvm::SmallVectorImpl<mlir::OpAsmParser::UnresolvedOperand>;

/// `public`, `private` or `nested`; printed always, as IREE does.
mlir::ParseResult parseSymbolVisibility(mlir::OpAsmParser &parser,
                                        mlir::StringAttr &visibility);
void printSymbolVisibility(mlir::OpAsmPrinter &printer, mlir::Operation *op,
                           mlir::StringAttr visibility);

/// `@exe`, `@exe::@export`, or `{@a::@b, @c::@d}`.
mlir::ParseResult parseEntryPoints(mlir::OpAsmParser &parser,
                                   mlir::ArrayAttr &entryPoints);
void printEntryPoints(mlir::OpAsmPrinter &printer, mlir::Operation *op,
                      mlir::ArrayAttr entryPoints);

/// `(type{%dims}, …) -> (type{%dims}, %tied, %tied as type{%dims}, …)`.
mlir::ParseResult parseShapedFunctionType(
    mlir::OpAsmParser &parser,
    llvm::ArrayRef<mlir::OpAsmParser::UnresolvedOperand> arguments,
    llvm::SmallVectorImpl<mlir::Type> &argumentTypes, OperandList &argumentDims,
    llvm::SmallVectorImpl<mlir::Type> &resultTypes, OperandList &resultDims,
    mlir::ArrayAttr &tiedOperands);
void printShapedFunctionType(mlir::OpAsmPrinter &printer, mlir::Operation *op,
                             mlir::ValueRange arguments,
                             mlir::TypeRange argumentTypes,
                             mlir::ValueRange argumentDims,
                             mlir::TypeRange resultTypes,
                             mlir::ValueRange resultDims,
                             mlir::ArrayAttr tiedOperands);

/// `(types) -> (type, %tied, %tied as type, …)`, without sizes.
mlir::ParseResult parseTiedFunctionType(
    mlir::OpAsmParser &parser,
    llvm::ArrayRef<mlir::OpAsmParser::UnresolvedOperand> arguments,
    llvm::SmallVectorImpl<mlir::Type> &argumentTypes,
    llvm::SmallVectorImpl<mlir::Type> &resultTypes,
    mlir::ArrayAttr &tiedOperands);
void printTiedFunctionType(mlir::OpAsmPrinter &printer, mlir::Operation *op,
                           mlir::ValueRange arguments,
                           mlir::TypeRange argumentTypes,
                           mlir::TypeRange resultTypes,
                           mlir::ArrayAttr tiedOperands);

/// The number of dynamic sizes that `type` has: of a shaped type its own, of a
/// type with a bound tensor that tensor's.
int64_t dynamicDimCount(mlir::Type type);

/// The argument that `result` is tied to by the attribute, if any.
std::optional<unsigned> tiedArgument(mlir::ArrayAttr tiedOperands,
                                     unsigned result);

/// Checks the tied operands of `op`: as many as results, each -1 or the
/// position of an argument.
mlir::LogicalResult verifyTiedOperands(mlir::Operation *op,
                                       mlir::ArrayAttr tiedOperands,
                                       size_t results, size_t arguments);

} // namespace ropt

#endif // ROPT_DIALECTS_SYNTAX_H
