// What dispatches of every form check about the exports that they name.
#ifndef ROPT_DIALECTS_ENTRY_POINTS_H
#define ROPT_DIALECTS_ENTRY_POINTS_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/SymbolTable.h"

namespace ropt {

/// Checks that each of `entryPoints` (`@exe`, `@exe::@export` or
/// `@exe::@variant::@export`) names an export that takes a workload of
/// `workload` values, and whose kernel reaches no further than `bindings`, the
/// tensors by their binding, are long. An executable that is not there is not an error: host code
/// may be read without its executables.
mlir::LogicalResult verifyEntryPoints(mlir::Operation *op,
                                      mlir::ArrayAttr entryPoints,
                                      size_t workload,
                                      llvm::ArrayRef<mlir::Type> bindings,
                                      mlir::SymbolTableCollection &symbols);

/// Checks how many tensors and words of constants a dispatch gives against the
/// layout of each export that it names. `scalars` are the constants' types.
mlir::LogicalResult verifyLayouts(mlir::Operation *op,
                                  mlir::ArrayAttr entryPoints, size_t tensors,
                                  llvm::ArrayRef<mlir::Type> scalars,
                                  mlir::SymbolTableCollection &symbols);

} // namespace ropt

#endif // ROPT_DIALECTS_ENTRY_POINTS_H
