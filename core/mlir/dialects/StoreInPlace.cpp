// The pass `ropt-store-in-place`: rewrites kernels so that what feeds a store
// can be computed in the store's binding.
//
// Upstream's empty-tensor elimination follows a stored value back through
// destinations to a tensor.empty and puts the binding in its place. Two forms
// end that way too early:
//
//   %m = matmul … outs(%fill)            %m = matmul … outs(%fill)
//   %r = generic ins(%m) outs(%empty)    %r = generic outs(%m)
//
//   %c = load read-only binding          %d = linalg.copy ins(%c) outs(%empty)
//   %m = matmul … outs(%c)               %m = matmul … outs(%d)
//
// Stores move behind what is computed: a value that is stored is in its binding
// for good, and nothing may be computed in its place any more.
#include "Register.h"
#include "TensorExt.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;
using namespace ropt;

namespace {

/// An elementwise operation writes over the input that nobody else needs.
struct ReuseInput : OpRewritePattern<linalg::GenericOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(linalg::GenericOp op,
                                PatternRewriter &rewriter) const override {
    if (op.getNumDpsInits() != 1 || op.getNumLoops() != op.getNumParallelLoops())
      return failure();
    OpOperand *init = op.getDpsInitOperand(0);
    AffineMap map = op.getMatchingIndexingMap(init);
    if (!init->get().getDefiningOp<tensor::EmptyOp>() ||
        op.payloadUsesValueFromOperand(init) || !map.isPermutation())
      return failure();
    OpOperand *reused = nullptr;
    for (OpOperand *input : op.getDpsInputOperands())
      if (input->get().getType() == init->get().getType() &&
          input->get().hasOneUse() && op.getMatchingIndexingMap(input) == map &&
          input->get().getDefiningOp<DestinationStyleOpInterface>())
        reused = input;
    if (!reused)
      return rewriter.notifyMatchFailure(op, "no input can be written over");

    unsigned index = reused->getOperandNumber();
    SmallVector<Value> inputs(op.getInputs());
    SmallVector<AffineMap> maps = op.getIndexingMapsArray();
    inputs.erase(inputs.begin() + index);
    maps.erase(maps.begin() + index);
    auto generic = linalg::GenericOp::create(
        rewriter, op.getLoc(), op.getResultTypes(), inputs, reused->get(), maps,
        op.getIteratorTypesArray());
    for (NamedAttribute attr : op->getDiscardableAttrs())
      generic->setDiscardableAttr(attr.getName(), attr.getValue());
    rewriter.inlineRegionBefore(op.getRegion(), generic.getRegion(),
                                generic.getRegion().begin());
    // The input's block argument becomes the output's.
    Block *body = generic.getBody();
    BlockArgument output = body->getArgument(body->getNumArguments() - 1);
    rewriter.replaceAllUsesWith(body->getArgument(index), output);
    body->eraseArgument(index);
    rewriter.replaceOp(op, generic.getResults());
    return success();
  }
};

/// What accumulates onto a read-only binding accumulates onto a copy.
struct CopyReadOnlyInit : OpInterfaceRewritePattern<linalg::LinalgOp> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;

  LogicalResult matchAndRewrite(linalg::LinalgOp op,
                                PatternRewriter &rewriter) const override {
    bool changed = false;
    for (OpOperand &init : op.getDpsInitsMutable()) {
      auto load = init.get().getDefiningOp<tensor_ext::DispatchTensorLoadOp>();
      if (!load || load.getSource().getType().getAccess() !=
                       tensor_ext::TensorAccess::ReadOnly)
        continue;
      Location loc = op.getLoc();
      Value empty = tensor::EmptyOp::create(
          rewriter, loc, tensor::getMixedSizes(rewriter, loc, init.get()),
          getElementTypeOrSelf(init.get().getType()));
      Value copy =
          linalg::CopyOp::create(rewriter, loc, init.get(), empty).getResult(0);
      rewriter.modifyOpInPlace(op, [&] { init.set(copy); });
      changed = true;
    }
    return success(changed);
  }
};

/// Whether `op` holds an access to `binding`.
bool accesses(Operation *op, Value binding) {
  return op
      ->walk([&](Operation *nested) {
        return llvm::is_contained(nested->getOperands(), binding)
                   ? WalkResult::interrupt()
                   : WalkResult::advance();
      })
      .wasInterrupted();
}

/// Moves `store` towards its block's end, up to the next access to its binding.
void sink(tensor_ext::DispatchTensorStoreOp store) {
  Operation *before = store->getNextNode();
  while (!before->hasTrait<OpTrait::IsTerminator>() &&
         !accesses(before, store.getTarget()))
    before = before->getNextNode();
  store->moveBefore(before);
}

struct StoreInPlace : PassWrapper<StoreInPlace, OperationPass<>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(StoreInPlace)

  StringRef getArgument() const override { return "ropt-store-in-place"; }
  StringRef getDescription() const override {
    return "Rewrite kernels so that what feeds a store is computed in the "
           "store's binding";
  }
  void getDependentDialects(DialectRegistry &registry) const override {
    registry.insert<linalg::LinalgDialect, tensor::TensorDialect>();
  }
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<ReuseInput, CopyReadOnlyInit>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      return signalPassFailure();
    SmallVector<tensor_ext::DispatchTensorStoreOp> stores;
    getOperation()->walk(
        [&](tensor_ext::DispatchTensorStoreOp op) { stores.push_back(op); });
    for (tensor_ext::DispatchTensorStoreOp store : stores)
      sink(store);
  }
};

} // namespace

void ropt::registerRoptPasses() {
  // Once a process: the pass registry has no way to ask.
  static const bool registered = [] {
    PassRegistration<StoreInPlace>();
    return true;
  }();
  (void)registered;
}
