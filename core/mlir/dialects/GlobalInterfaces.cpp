// Bufferization of program state: util.global keeps its tensor type, loads give
// its storage as a memref, stores copy a memref into it.
#include "Bufferization.h"
#include "Util.h"

#include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/CallInterfaces.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"

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

/// Whether `op` is known to leave no view of its tensor operands behind.
bool endsViews(Operation *op) {
  return op->getName().getStringRef() == "flow.dispatch" ||
         isa<AllocTensorOp, DestinationStyleOpInterface, GlobalStoreOp>(op);
}

/// The last operation of the load's block that may still look at the global's
/// storage through the loaded value; null when that cannot be told.
Operation *lastUse(GlobalLoadOp load) {
  Block *block = load->getBlock();
  Operation *last = load;
  SmallVector<Value> views = {load.getResult()};
  while (!views.empty()) {
    Value view = views.pop_back_val();
    for (Operation *user : view.getUsers()) {
      Operation *here = block->findAncestorOpInBlock(*user);
      // What a terminator hands on is used nobody knows how long.
      if (!here || user->hasTrait<OpTrait::IsTerminator>())
        return nullptr;
      if (last->isBeforeInBlock(here))
        last = here;
      if (!endsViews(user))
        llvm::append_range(views, user->getResults());
    }
  }
  return last;
}

/// Whether the global may be stored to while the loaded value is in use. Then
/// the value must be a copy.
bool mayChangeDuringUse(GlobalLoadOp load) {
  if (load.getIsImmutable())
    return false;
  Operation *last = lastUse(load);
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
      SmallVector<Value> sizes;
      for (int64_t i = 0; i < type.getRank(); ++i)
        if (type.isDynamicDim(i))
          sizes.push_back(memref::DimOp::create(rewriter, loc, buffer, i));
      FailureOr<Value> copy = options.createAlloc(rewriter, loc, type, sizes);
      if (failed(copy) ||
          failed(options.createMemCpy(rewriter, loc, buffer, *copy)))
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
