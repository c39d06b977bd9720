#include "Linalg.h"
#include "mlir/CAPI/IR.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include <string>

using namespace mlir;

namespace {
void give(RoptSink sink, void *user, const std::string &text) {
  sink(user, {text.data(), text.size()});
}

// Whether the body hands its inputs on without computing anything.
bool onlyMoves(linalg::GenericOp op) {
  return op.getBody()->getOperations().size() == 1 &&
         llvm::all_of(op.getBody()->getTerminator()->getOperands(),
                      [](Value v) { return isa<BlockArgument>(v); });
}

// Whether the op repeats a smaller tensor.
bool broadcasts(linalg::GenericOp op) {
  return op.getNumDpsInputs() == 1 && onlyMoves(op) &&
         op.getMatchingIndexingMap(op.getDpsInputOperand(0)).getNumResults() < op.getNumLoops();
}

bool usedOnlyBy(Operation *producer, Operation *consumer) {
  return llvm::all_of(producer->getUsers(), [&](Operation *user) { return user == consumer; });
}

bool worthFusing(OpOperand *operand) {
  auto consumer = dyn_cast<linalg::GenericOp>(operand->getOwner());
  auto producer = operand->get().getDefiningOp<linalg::GenericOp>();
  if (!consumer || !producer)
    return false;
  bool alone = usedOnlyBy(producer, consumer);
  if (!alone && !broadcasts(producer))
    return false;
  AffineMap access = consumer.getMatchingIndexingMap(operand);
  if (access.isPermutation())
    return true; // each element is read once
  return onlyMoves(producer) && access.isProjectedPermutation() &&
         !linalg::isaContractionOpInterface(consumer);
}

// Named ops whose loops are all parallel, and reductions with a body of their own: as generic ops they can be fused.
bool generalizes(linalg::LinalgOp op) {
  if (isa<linalg::GenericOp, linalg::FillOp>(op) || !op.hasPureTensorSemantics())
    return false;
  return isa<linalg::ReduceOp, linalg::MapOp>(op) ||
         (op.getNumParallelLoops() == op.getNumLoops() && op.hasOnlyProjectedPermutations());
}
// Packing and unpacking as padding, reshapes and transpositions, which every kernel can do.
bool lowerPacking(Operation *root, IRRewriter &rewriter) {
  SmallVector<Operation *> found;
  root->walk([&](Operation *op) {
    if (isa<linalg::PackOp, linalg::UnPackOp>(op))
      found.push_back(op);
  });
  for (Operation *op : found) {
    rewriter.setInsertionPoint(op);
    if (auto pack = dyn_cast<linalg::PackOp>(op)) {
      if (failed(linalg::lowerPack(rewriter, pack)))
        return false;
    } else if (failed(linalg::lowerUnPack(rewriter, cast<linalg::UnPackOp>(op)))) {
      return false;
    }
  }
  return true;
}
} // namespace

extern "C" {
void roptLinalgLoops(MlirOperation handle, RoptSink sink, void *user) {
  auto op = dyn_cast<linalg::LinalgOp>(unwrap(handle));
  if (!op)
    return;
  SmallVector<int64_t> trips = op.getStaticLoopRanges();
  for (auto [kind, trip] : llvm::zip(op.getIteratorTypesArray(), trips)) {
    std::string text = utils::stringifyIteratorType(kind).str();
    text += ShapedType::isDynamic(trip) ? " ?" : " " + std::to_string(trip);
    give(sink, user, text);
  }
}

void roptLinalgAccesses(MlirOperation handle, RoptSink sink, void *user) {
  auto op = dyn_cast<linalg::LinalgOp>(unwrap(handle));
  if (!op)
    return;
  for (OpOperand &operand : op->getOpOperands()) {
    std::string text;
    for (AffineExpr expr : op.getMatchingIndexingMap(&operand).getResults()) {
      if (!text.empty())
        text += ",";
      auto loop = dyn_cast<AffineDimExpr>(expr);
      text += loop ? std::to_string(loop.getPosition()) : "-";
    }
    give(sink, user, text);
  }
}

bool roptFuseElementwise(MlirOperation handle) {
  Operation *root = unwrap(handle);
  IRRewriter rewriter(root->getContext());
  if (!lowerPacking(root, rewriter))
    return false;
  SmallVector<linalg::LinalgOp> named;
  root->walk([&](linalg::LinalgOp op) {
    if (generalizes(op))
      named.push_back(op);
  });
  for (linalg::LinalgOp op : named) {
    rewriter.setInsertionPoint(op);
    if (failed(linalg::generalizeNamedOp(rewriter, op)))
      return false;
  }
  RewritePatternSet patterns(root->getContext());
  linalg::populateElementwiseOpsFusionPatterns(patterns, worthFusing);
  linalg::GenericOp::getCanonicalizationPatterns(patterns, root->getContext());
  tensor::EmptyOp::getCanonicalizationPatterns(patterns, root->getContext());
  return succeeded(applyPatternsGreedily(root, std::move(patterns)));
}
}
