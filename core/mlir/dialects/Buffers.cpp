// What the bufferization models share: layouts, copies, lifetimes of views.
#include "Bufferization.h"
#include "Flow.h"
#include "TensorExt.h"
#include "Util.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"

using namespace mlir;
using namespace mlir::bufferization;
using namespace ropt;

bool ropt::isContiguous(MemRefType type) {
  if (type.getLayout().isIdentity())
    return true;
  SmallVector<int64_t> strides;
  int64_t offset;
  if (failed(type.getStridesAndOffset(strides, offset)))
    return false;
  // The stride that a dense block has in each dimension, from the last on;
  // dynamic once a dynamic size stands behind.
  int64_t expected = 1;
  for (int64_t i = type.getRank() - 1; i >= 0; --i) {
    int64_t size = type.getDimSize(i);
    if (size == 1)
      continue;
    if (ShapedType::isDynamic(expected) || strides[i] != expected)
      return false;
    expected = ShapedType::isDynamic(size) ? size : expected * size;
  }
  return true;
}

FailureOr<Value> ropt::makeCopy(RewriterBase &rewriter, Location loc,
                                Value buffer,
                                const BufferizationOptions &options) {
  auto type = cast<MemRefType>(buffer.getType());
  auto dense = MemRefType::get(type.getShape(), type.getElementType());
  SmallVector<Value> sizes;
  for (int64_t i = 0; i < type.getRank(); ++i)
    if (type.isDynamicDim(i))
      sizes.push_back(memref::DimOp::create(rewriter, loc, buffer, i));
  FailureOr<Value> copy = options.createAlloc(rewriter, loc, dense, sizes);
  if (failed(copy) ||
      failed(options.createMemCpy(rewriter, loc, buffer, *copy)))
    return failure();
  return copy;
}

FailureOr<Value> ropt::makeContiguous(RewriterBase &rewriter, Location loc,
                                      Value buffer,
                                      const BufferizationOptions &options) {
  if (isContiguous(cast<MemRefType>(buffer.getType())))
    return buffer;
  return makeCopy(rewriter, loc, buffer, options);
}

/// Whether two buffers are the same memory for a reason that can be seen.
static bool isSameBuffer(Value a, Value b) {
  auto strip = [](Value value) {
    while (auto cast = value.getDefiningOp<memref::CastOp>())
      value = cast.getSource();
    return value;
  };
  a = strip(a), b = strip(b);
  if (a == b)
    return true;
  auto viewA = a.getDefiningOp<memref::SubViewOp>();
  auto viewB = b.getDefiningOp<memref::SubViewOp>();
  return viewA && viewB && isSameBuffer(viewA.getSource(), viewB.getSource()) &&
         viewA.getMixedOffsets() == viewB.getMixedOffsets() &&
         viewA.getMixedSizes() == viewB.getMixedSizes() &&
         viewA.getMixedStrides() == viewB.getMixedStrides();
}

LogicalResult ropt::writeTo(RewriterBase &rewriter, Location loc, Value source,
                            Value target, const BufferizationOptions &options) {
  if (isSameBuffer(source, target))
    return success();
  return options.createMemCpy(rewriter, loc, source, target);
}

/// Whether `op` leaves no view of its tensor operands behind. What is computed
/// in place of an operand counts as new: the analysis saw that nobody reads the
/// operand after it.
static bool endsViews(Operation *op) {
  return isa<AllocTensorOp, DestinationStyleOpInterface, flow::DispatchOp,
             tensor_ext::DispatchTensorStoreOp, util::GlobalStoreOp>(op);
}

Operation *ropt::lastUseOfBuffer(Value value) {
  Operation *last = value.getDefiningOp();
  Block *block = last->getBlock();
  SmallVector<Value> views = {value};
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
