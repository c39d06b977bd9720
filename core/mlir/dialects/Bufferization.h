// External models for bufferization, by the side of a program they serve.
#ifndef ROPT_DIALECTS_BUFFERIZATION_H
#define ROPT_DIALECTS_BUFFERIZATION_H

#include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/DialectRegistry.h"

namespace ropt {

/// Kernels: what is loaded from and stored to bindings.
void registerKernelBufferization(mlir::DialectRegistry &registry);

/// Configured kernels: what is read from and written to memrefs.
void registerBufferBufferization(mlir::DialectRegistry &registry);

/// Host code: dispatches.
void registerDispatchBufferization(mlir::DialectRegistry &registry);

/// Host code: program state.
void registerGlobalBufferization(mlir::DialectRegistry &registry);

/// Writes `source` to `target`, unless it is seen to be there already.
mlir::LogicalResult
writeTo(mlir::RewriterBase &rewriter, mlir::Location loc, mlir::Value source,
        mlir::Value target,
        const mlir::bufferization::BufferizationOptions &options);

/// The last operation of `value`'s block that may look at its buffer, through
/// `value` itself or a view of it; null when that cannot be told. Called before
/// the users of `value` are bufferized.
mlir::Operation *lastUseOfBuffer(mlir::Value value);

/// Whether a memref of `type` is one dense row-major block, at any offset.
bool isContiguous(mlir::MemRefType type);

/// A dense copy of `buffer`.
mlir::FailureOr<mlir::Value>
makeCopy(mlir::RewriterBase &rewriter, mlir::Location loc, mlir::Value buffer,
         const mlir::bufferization::BufferizationOptions &options);

/// `buffer`, or a dense copy of it when it is not contiguous.
mlir::FailureOr<mlir::Value>
makeContiguous(mlir::RewriterBase &rewriter, mlir::Location loc,
               mlir::Value buffer,
               const mlir::bufferization::BufferizationOptions &options);

} // namespace ropt

#endif // ROPT_DIALECTS_BUFFERIZATION_H
