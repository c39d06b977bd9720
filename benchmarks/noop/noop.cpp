// A pass that does nothing, as a C++ plugin of MLIR: the measure for plugin/src/lib.rs.
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Tools/Plugins/PassPlugin.h"

namespace {
struct Noop : mlir::PassWrapper<Noop, mlir::OperationPass<mlir::func::FuncOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(Noop)
  llvm::StringRef getArgument() const final { return "bench-noop-cpp"; }
  void runOnOperation() override {}
};
} // namespace

extern "C" LLVM_ATTRIBUTE_WEAK mlir::PassPluginLibraryInfo mlirGetPassPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "bench-noop", "1", [] { mlir::PassRegistration<Noop>(); }};
}
