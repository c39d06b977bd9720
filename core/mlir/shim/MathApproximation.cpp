#include "MathApproximation.h"
#include "mlir/CAPI/IR.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;

bool roptApproximateMath(MlirOperation op, const RoptStr *names, size_t n_names) {
  Operation *root = unwrap(op);
  auto chosen = [&](StringRef name) {
    return llvm::any_of(ArrayRef<RoptStr>(names, n_names), [&](RoptStr known) {
      return StringRef(known.ptr, known.len) == name;
    });
  };
  RewritePatternSet patterns(root->getContext());
  populateMathF32ExpansionPatterns(patterns, chosen);
  populateMathPolynomialApproximationPatterns(patterns, chosen);
  return succeeded(applyPatternsGreedily(root, std::move(patterns)));
}
