// A vendor's passes, made for another version of MLIR than the host's: one over ops that this MLIR knows, one over the
// host's ops, which it does not.

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/SCF/Utils/Utils.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Tools/Plugins/PassPlugin.h"

using namespace mlir;

namespace {

/// Doubling becomes a sum, and loops of two rounds are written out: arith, scf, and the bodies of linalg ops.
struct Simplify : PassWrapper<Simplify, OperationPass<>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(Simplify)
  StringRef getArgument() const final { return "vendor-simplify"; }
  StringRef getDescription() const final {
    return "x * 2 is x + x, loops of two rounds are unrolled, and scalars of linalg ops take part";
  }
  void getDependentDialects(DialectRegistry &registry) const final {
    registry.insert<arith::ArithDialect, scf::SCFDialect, linalg::LinalgDialect>();
  }

  void runOnOperation() final {
    SmallVector<arith::MulFOp> products;
    SmallVector<scf::ForOp> loops;
    getOperation()->walk([&](Operation *op) {
      if (auto product = dyn_cast<arith::MulFOp>(op))
        products.push_back(product);
      if (auto loop = dyn_cast<scf::ForOp>(op))
        if (std::optional<int64_t> rounds = constantTripCount(loop.getLowerBound(), loop.getUpperBound(), loop.getStep());
            rounds && *rounds == 2)
          loops.push_back(loop);
    });
    for (arith::MulFOp product : products) {
      FloatAttr factor;
      if (!matchPattern(product.getRhs(), m_Constant(&factor)) || !factor.getValue().isExactlyValue(2.0))
        continue;
      OpBuilder builder(product);
      Value sum = builder.create<arith::AddFOp>(product.getLoc(), product.getLhs(), product.getLhs(),
                                                product.getFastmathAttr());
      product.getResult().replaceAllUsesWith(sum);
      product.erase();
    }
    for (scf::ForOp loop : loops)
      if (failed(loopUnrollByFactor(loop, 2)))
        return signalPassFailure();
  }
};

/// Each `hal.executable.export` gets a subgroup size: an op of a dialect that is not registered here.
struct Annotate : PassWrapper<Annotate, OperationPass<>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(Annotate)
  Annotate() = default;
  Annotate(const Annotate &other) : PassWrapper(other) {}
  StringRef getArgument() const final { return "vendor-annotate-exports"; }
  StringRef getDescription() const final { return "says the subgroup size of each hal.executable.export"; }
  Option<int64_t> size{*this, "subgroup-size", llvm::cl::desc("Threads of a subgroup"), llvm::cl::init(32)};

  void runOnOperation() final {
    getOperation()->walk([&](Operation *op) {
      if (op->getName().getStringRef() != "hal.executable.export")
        return;
      Builder builder(op->getContext());
      // What stands between `<{` and `}>` is one attribute for an op that is not registered.
      auto properties = dyn_cast_or_null<DictionaryAttr>(op->getPropertiesAsAttribute());
      if (!properties) {
        op->emitError("has no properties, expected the generic form of MLIR 16 or later");
        return signalPassFailure();
      }
      NamedAttrList attributes(properties);
      attributes.set("subgroup_size", builder.getIndexAttr(size));
      if (failed(op->setPropertiesFromAttribute(attributes.getDictionary(op->getContext()),
                                                [&] { return op->emitError(); })))
        signalPassFailure();
    });
  }
};

} // namespace

extern "C" LLVM_ATTRIBUTE_WEAK PassPluginLibraryInfo mlirGetPassPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "vendor", LLVM_VERSION_STRING, [] {
            PassRegistration<Simplify>();
            PassRegistration<Annotate>();
          }};
}
