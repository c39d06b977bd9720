// Bufferization of program state: util.global keeps its tensor type, loads give
// its storage as a memref, stores copy a memref into it.
#include "Bufferization.h"
#include "Util.h"

#include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/CallInterfaces.h"

using namespace mlir;
using namespace mlir::bufferization;
using namespace ropt;
using util::GlobalLoadOp;
using util::GlobalStoreOp;

namespace {

MemRefType storageType(Type tensor) {
  auto type = cast<RankedTensorType>(tensor);
  return MemRefType::get(type.getShape(), type.getElementType());
}

/// Whether the global may be stored to while the loaded value is in use. Then
/// the value must be a copy.
bool mayChangeDuringUse(GlobalLoadOp load) {
  if (load.getIsImmutable())
    return false;
  Operation *last = lastUseOfBuffer(load.getResult());
  if (!last)
    return true;
  for (Operation *op = load->getNextNode(); op; op = op->getNextNode()) {
    WalkResult found = op->walk([&](Operation *nested) {
      auto store = dyn_cast<GlobalStoreOp>(nested);
      bool changes = isa<CallOpInterface>(nested) ||
                     (store && store.getGlobalAttr() == load.getGlobalAttr());
      return changes ? WalkResult::interrupt() : WalkResult::advance();
    });
    // A store of the value itself, at the end, reads before it writes.
    if (found.wasInterrupted() && !(op == last && isa<GlobalStoreOp>(op)))
      return true;
    if (op == last)
      return false;
  }
  return false;
}

struct GlobalLoadModel
    : BufferizableOpInterface::ExternalModel<GlobalLoadModel, GlobalLoadOp> {
  bool isWritable(Operation *, Value, const AnalysisState &) const {
    return false;
  }
  FailureOr<BufferLikeType>
  getBufferType(Operation *, Value value, const BufferizationOptions &,
                const BufferizationState &, SmallVector<Value> &) const {
    return cast<BufferLikeType>(storageType(value.getType()));
  }
  LogicalResult bufferize(Operation *op, RewriterBase &rewriter,
                          const BufferizationOptions &options,
                          BufferizationState &) const {
    auto load = cast<GlobalLoadOp>(op);
    Location loc = op->getLoc();
    MemRefType type = storageType(load.getResult().getType());
    Value buffer = GlobalLoadOp::create(rewriter, loc, type,
                                        load.getGlobalAttr(),
                                        load.getIsImmutableAttr());
    if (mayChangeDuringUse(load)) {
      FailureOr<Value> copy = makeCopy(rewriter, loc, buffer, options);
      if (failed(copy))
        return failure();
      buffer = *copy;
    }
    replaceOpWithBufferizedValues(rewriter, op, buffer);
    return success();
  }
};

struct GlobalStoreModel
    : BufferizableOpInterface::ExternalModel<GlobalStoreModel, GlobalStoreOp> {
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
    auto store = cast<GlobalStoreOp>(op);
    FailureOr<Value> buffer =
        getBuffer(rewriter, store.getValue(), options, state);
    if (failed(buffer))
      return failure();
    FailureOr<Value> dense =
        makeContiguous(rewriter, op->getLoc(), *buffer, options);
    if (failed(dense))
      return failure();
    // The storage's type has no layout; the offset of a dense block is the
    // pointer's.
    rewriter.replaceOpWithNewOp<GlobalStoreOp>(op, *dense,
                                               store.getGlobalAttr());
    return success();
  }
};

} // namespace

void ropt::registerGlobalBufferization(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, util::UtilDialect *) {
    GlobalLoadOp::attachInterface<GlobalLoadModel>(*context);
    GlobalStoreOp::attachInterface<GlobalStoreModel>(*context);
  });
}
