// Bufferization of configured kernels: a tensor read from a memref is that
// memref, and what is written to one is computed there.
#include "Bufferization.h"
#include "Codegen.h"
#include "Hal.h"
#include "Subsets.h"

#include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;
using namespace mlir::bufferization;
using namespace ropt;
using hal::InterfaceBindingSubspanOp;

namespace {

/// Whether `buffer` may be written: not if its binding says that it is read
/// only.
bool isWritableBuffer(Value buffer) {
  while (Operation *op = buffer.getDefiningOp()) {
    if (auto subspan = dyn_cast<InterfaceBindingSubspanOp>(op)) {
      auto flags = subspan.getDescriptorFlags();
      return !flags ||
             !hal::bitEnumContainsAny(*flags, hal::DescriptorFlags::ReadOnly);
    }
    auto view = dyn_cast<ViewLikeOpInterface>(op);
    if (!view)
      return true;
    buffer = view.getViewSource();
  }
  return true;
}

struct LoadFromBufferModel
    : BufferizableOpInterface::ExternalModel<LoadFromBufferModel,
                                             codegen::LoadFromBufferOp> {
  bool isWritable(Operation *op, Value, const AnalysisState &) const {
    return isWritableBuffer(cast<codegen::LoadFromBufferOp>(op).getBuffer());
  }
  FailureOr<BufferLikeType>
  getBufferType(Operation *op, Value, const BufferizationOptions &,
                const BufferizationState &, SmallVector<Value> &) const {
    return cast<BufferLikeType>(
        cast<codegen::LoadFromBufferOp>(op).getBuffer().getType());
  }
  LogicalResult bufferize(Operation *op, RewriterBase &rewriter,
                          const BufferizationOptions &,
                          BufferizationState &) const {
    replaceOpWithBufferizedValues(
        rewriter, op, cast<codegen::LoadFromBufferOp>(op).getBuffer());
    return success();
  }
};

struct StoreToBufferModel
    : BufferizableOpInterface::ExternalModel<StoreToBufferModel,
                                             codegen::StoreToBufferOp> {
  bool bufferizesToMemoryRead(Operation *, OpOperand &,
                              const AnalysisState &) const {
    return true;
  }
  bool bufferizesToMemoryWrite(Operation *, OpOperand &,
                               const AnalysisState &) const {
    return false;
  }
  AliasingValueList getAliasingValues(Operation *, OpOperand &,
                                      const AnalysisState &) const {
    return {};
  }
  LogicalResult bufferize(Operation *op, RewriterBase &rewriter,
                          const BufferizationOptions &options,
                          BufferizationState &state) const {
    auto store = cast<codegen::StoreToBufferOp>(op);
    FailureOr<Value> source =
        getBuffer(rewriter, store.getTensor(), options, state);
    if (failed(source) || failed(writeTo(rewriter, op->getLoc(), *source,
                                         store.getBuffer(), options)))
      return failure();
    rewriter.eraseOp(op);
    return success();
  }
};

struct StoreToBufferSubsetModel
    : SubsetInsertionOpInterface::ExternalModel<StoreToBufferSubsetModel,
                                                codegen::StoreToBufferOp> {
  OpOperand &getSourceOperand(Operation *op) const {
    return cast<codegen::StoreToBufferOp>(op).getTensorMutable();
  }
  OpOperand &getDestinationOperand(Operation *op) const {
    return cast<codegen::StoreToBufferOp>(op).getBufferMutable();
  }
  bool isEquivalentSubset(Operation *op, Value candidate,
                          function_ref<bool(Value, Value)>) const {
    auto load = candidate.getDefiningOp<codegen::LoadFromBufferOp>();
    return load &&
           load.getBuffer() == cast<codegen::StoreToBufferOp>(op).getBuffer();
  }
  Value buildSubsetExtraction(Operation *op, OpBuilder &builder,
                              Location loc) const {
    auto store = cast<codegen::StoreToBufferOp>(op);
    bool isRead = llvm::any_of(
        store.getBuffer().getUsers(), [&](Operation *user) {
          return !isa<codegen::StoreToBufferOp>(user);
        });
    if (isRead)
      return {};
    return codegen::LoadFromBufferOp::create(
        builder, loc, store.getTensor().getType(), store.getBuffer());
  }
  SmallVector<Value>
  getValuesNeededToBuildSubsetExtraction(Operation *op) const {
    return {cast<codegen::StoreToBufferOp>(op).getBuffer()};
  }
};

} // namespace

void ropt::registerBufferBufferization(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, codegen::CodegenDialect *) {
    codegen::LoadFromBufferOp::attachInterface<LoadFromBufferModel>(*context);
    codegen::StoreToBufferOp::attachInterface<
        StoreToBufferModel, StoreToBufferSubsetModel,
        SubsetModel<codegen::StoreToBufferOp>>(*context);
  });
}
