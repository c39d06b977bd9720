// Bufferization of kernels: a load becomes a view of its binding, a store
// writes into it, and what feeds a store is computed there in the first place.
#include "Bufferization.h"
#include "Hal.h"
#include "Subsets.h"
#include "TensorExt.h"

#include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace mlir::bufferization;
using namespace ropt;
using hal::InterfaceBindingSubspanOp;
using tensor_ext::DispatchTensorLoadOp;
using tensor_ext::DispatchTensorStoreOp;

namespace {

//===----------------------------------------------------------------------===//
// Bindings as memrefs
//===----------------------------------------------------------------------===//

/// A binding's memref type: dense, as the runtime hands it over.
MemRefType bindingType(tensor_ext::DispatchTensorType type) {
  RankedTensorType tensor = type.asRankedTensor();
  return MemRefType::get(tensor.getShape(), tensor.getElementType());
}

/// The memref twin of a binding's subspan, made beside it on first use.
FailureOr<Value> bindingBuffer(RewriterBase &rewriter, Operation *user,
                               TypedValue<tensor_ext::DispatchTensorType> binding) {
  auto subspan = binding.getDefiningOp<InterfaceBindingSubspanOp>();
  if (!subspan) {
    user->emitOpError("cannot be bufferized: expected its binding to come from "
                      "hal.interface.binding.subspan");
    return failure();
  }
  MemRefType type = bindingType(binding.getType());
  auto next =
      dyn_cast_or_null<InterfaceBindingSubspanOp>(subspan->getNextNode());
  if (next && next.getResult().getType() == type &&
      next.getLayout() == subspan.getLayout() &&
      next.getBindingAttr() == subspan.getBindingAttr() &&
      next.getByteOffset() == subspan.getByteOffset() &&
      next.getDynamicDims() == subspan.getDynamicDims())
    return next.getResult();
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPointAfter(subspan);
  return InterfaceBindingSubspanOp::create(
             rewriter, subspan.getLoc(), type, subspan.getLayout(),
             subspan.getBindingAttr(), subspan.getByteOffset(),
             subspan.getDynamicDims(), subspan.getAlignmentAttr(),
             subspan.getDescriptorFlagsAttr())
      .getResult();
}

void eraseIfUnused(RewriterBase &rewriter, Value binding) {
  if (auto subspan = binding.getDefiningOp<InterfaceBindingSubspanOp>())
    if (subspan->use_empty())
      rewriter.eraseOp(subspan);
}

/// The type of the slice of `binding` that `op` loads or stores as `tensor`.
template <typename OpTy>
MemRefType sliceType(OpTy op, MemRefType binding, RankedTensorType tensor) {
  if (op.isWhole())
    return binding;
  return cast<MemRefType>(memref::SubViewOp::inferRankReducedResultType(
      tensor.getShape(), binding, op.getMixedOffsets(), op.getMixedSizes(),
      op.getMixedStrides()));
}

template <typename OpTy>
Value sliceOf(RewriterBase &rewriter, OpTy op, Value binding,
              RankedTensorType tensor) {
  if (op.isWhole())
    return binding;
  MemRefType type =
      sliceType(op, cast<MemRefType>(binding.getType()), tensor);
  return memref::SubViewOp::create(rewriter, op.getLoc(), type, binding,
                                   op.getMixedOffsets(), op.getMixedSizes(),
                                   op.getMixedStrides());
}

//===----------------------------------------------------------------------===//
// dispatch.tensor.load, dispatch.tensor.store
//===----------------------------------------------------------------------===//

/// Whether the binding may be stored to while the loaded value is in use. Then
/// the value must be a copy.
bool mayChangeDuringUse(DispatchTensorLoadOp load) {
  if (load.getSource().getType().getAccess() !=
      tensor_ext::TensorAccess::ReadWrite)
    return false;
  Operation *last = lastUseOfBuffer(load.getResult());
  for (Operation *user : load.getSource().getUsers()) {
    if (!isa<DispatchTensorStoreOp>(user))
      continue;
    Operation *store = load->getBlock()->findAncestorOpInBlock(*user);
    if (store && load->isBeforeInBlock(store) &&
        last && store->isBeforeInBlock(last))
      return true;
  }
  return false;
}

struct LoadModel
    : BufferizableOpInterface::ExternalModel<LoadModel, DispatchTensorLoadOp> {
  bool isWritable(Operation *op, Value, const AnalysisState &) const {
    auto load = cast<DispatchTensorLoadOp>(op);
    return load.getSource().getType().getAccess() !=
           tensor_ext::TensorAccess::ReadOnly;
  }

  FailureOr<BufferLikeType>
  getBufferType(Operation *op, Value, const BufferizationOptions &,
                const BufferizationState &, SmallVector<Value> &) const {
    auto load = cast<DispatchTensorLoadOp>(op);
    auto tensor = cast<RankedTensorType>(load.getResult().getType());
    if (mayChangeDuringUse(load))
      return cast<BufferLikeType>(
          MemRefType::get(tensor.getShape(), tensor.getElementType()));
    return cast<BufferLikeType>(
        sliceType(load, bindingType(load.getSource().getType()), tensor));
  }

  LogicalResult bufferize(Operation *op, RewriterBase &rewriter,
                          const BufferizationOptions &options,
                          BufferizationState &) const {
    auto load = cast<DispatchTensorLoadOp>(op);
    bool changes = mayChangeDuringUse(load);
    Value source = load.getSource();
    FailureOr<Value> binding =
        bindingBuffer(rewriter, op, load.getSource());
    if (failed(binding))
      return failure();
    Value slice = sliceOf(rewriter, load, *binding,
                          cast<RankedTensorType>(load.getResult().getType()));
    if (changes) {
      FailureOr<Value> copy = makeCopy(rewriter, op->getLoc(), slice, options);
      if (failed(copy))
        return failure();
      slice = *copy;
    }
    replaceOpWithBufferizedValues(rewriter, op, slice);
    eraseIfUnused(rewriter, source);
    return success();
  }
};

struct StoreModel
    : BufferizableOpInterface::ExternalModel<StoreModel, DispatchTensorStoreOp> {
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
    auto store = cast<DispatchTensorStoreOp>(op);
    Value target = store.getTarget();
    FailureOr<Value> source =
        getBuffer(rewriter, store.getValue(), options, state);
    if (failed(source))
      return failure();
    FailureOr<Value> binding = bindingBuffer(rewriter, op, store.getTarget());
    if (failed(binding))
      return failure();
    Value slice = sliceOf(rewriter, store, *binding,
                          cast<RankedTensorType>(store.getValue().getType()));
    if (failed(writeTo(rewriter, op->getLoc(), *source, slice, options)))
      return failure();
    rewriter.eraseOp(op);
    eraseIfUnused(rewriter, target);
    return success();
  }
};

/// Whether a kernel reads the binding of `target` other than through what it
/// has just stored: then computing in place could overwrite what is still to
/// be read.
bool isReadElsewhere(Value target) {
  auto subspan = target.getDefiningOp<InterfaceBindingSubspanOp>();
  if (!subspan)
    return true;
  auto type = cast<tensor_ext::DispatchTensorType>(target.getType());
  return type.getAccess() != tensor_ext::TensorAccess::WriteOnly &&
         llvm::any_of(target.getUsers(), [](Operation *user) {
           return isa<DispatchTensorLoadOp>(user);
         });
}

/// Upstream's empty-tensor elimination asks for a tensor that is the place that
/// a store writes to: a load of the same slice.
struct StoreSubsetModel
    : SubsetInsertionOpInterface::ExternalModel<StoreSubsetModel,
                                                DispatchTensorStoreOp> {
  OpOperand &getSourceOperand(Operation *op) const {
    return cast<DispatchTensorStoreOp>(op).getValueMutable();
  }
  OpOperand &getDestinationOperand(Operation *op) const {
    return cast<DispatchTensorStoreOp>(op).getTargetMutable();
  }
  bool isEquivalentSubset(Operation *op, Value candidate,
                          function_ref<bool(Value, Value)>) const {
    auto store = cast<DispatchTensorStoreOp>(op);
    auto load = candidate.getDefiningOp<DispatchTensorLoadOp>();
    return load && load.getSource() == store.getTarget() &&
           load.getMixedOffsets() == store.getMixedOffsets() &&
           load.getMixedSizes() == store.getMixedSizes() &&
           load.getMixedStrides() == store.getMixedStrides();
  }
  Value buildSubsetExtraction(Operation *op, OpBuilder &builder,
                              Location loc) const {
    auto store = cast<DispatchTensorStoreOp>(op);
    if (isReadElsewhere(store.getTarget()))
      return {};
    return DispatchTensorLoadOp::create(
        builder, loc, store.getValue().getType(), store.getTarget(),
        store.getTargetDims(), store.getOffsets(), store.getSizes(),
        store.getStrides(), store.getStaticOffsets(), store.getStaticSizes(),
        store.getStaticStrides());
  }
  SmallVector<Value>
  getValuesNeededToBuildSubsetExtraction(Operation *op) const {
    return SmallVector<Value>(llvm::drop_begin(op->getOperands()));
  }
};

} // namespace

void ropt::registerKernelBufferization(DialectRegistry &registry) {
  registry.addExtension(
      +[](MLIRContext *context, tensor_ext::TensorExtDialect *) {
        DispatchTensorLoadOp::attachInterface<LoadModel>(*context);
        DispatchTensorStoreOp::attachInterface<
            StoreModel, StoreSubsetModel, SubsetModel<DispatchTensorStoreOp>>(
            *context);
      });
}
