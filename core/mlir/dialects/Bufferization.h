// External models for bufferization, by the side of a program they serve.
#ifndef ROPT_DIALECTS_BUFFERIZATION_H
#define ROPT_DIALECTS_BUFFERIZATION_H

#include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/DialectRegistry.h"

namespace ropt {

/// Kernels: what is loaded from and stored to bindings.
void registerKernelBufferization(mlir::DialectRegistry &registry);

/// Host code: dispatches.
void registerDispatchBufferization(mlir::DialectRegistry &registry);

/// Host code: program state.
void registerGlobalBufferization(mlir::DialectRegistry &registry);

/// Whether a memref of `type` is one dense row-major block, at any offset.
bool isContiguous(mlir::MemRefType type);

/// `buffer`, or a dense copy of it when it is not contiguous.
mlir::FailureOr<mlir::Value>
makeContiguous(mlir::RewriterBase &rewriter, mlir::Location loc,
               mlir::Value buffer,
               const mlir::bufferization::BufferizationOptions &options);

} // namespace ropt

#endif // ROPT_DIALECTS_BUFFERIZATION_H
