// Stopping rewrites that run away. MLIR cannot be interrupted, but asks a context's action handler before each pattern
// and pass: ours lets none of those run any more that lie below an op whose rewriting is to end.
#include "Stop.h"
#include "mlir/CAPI/IR.h"
#include "mlir/IR/Action.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/Unit.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Rewrite/PatternApplicator.h"
#include "llvm/ADT/SmallPtrSet.h"
#include <atomic>
#include <mutex>
using namespace mlir;

namespace {
struct Stops {
  std::mutex mutex;
  llvm::SmallPtrSet<Operation *, 4> roots;
  // How many roots there are: almost always none, which costs one load.
  std::atomic<size_t> count{0};
};
Stops &stops() {
  static Stops instance;
  return instance;
}
bool asked(Operation *op) {
  Stops &all = stops();
  if (all.count.load(std::memory_order_acquire) == 0)
    return false;
  std::lock_guard<std::mutex> lock(all.mutex);
  for (; op; op = op->getParentOp())
    if (all.roots.contains(op))
      return true;
  return false;
}
Operation *place(const tracing::Action &action) {
  for (IRUnit unit : action.getContextIRUnits()) {
    if (auto *op = dyn_cast_if_present<Operation *>(unit))
      return op;
    if (auto *block = dyn_cast_if_present<Block *>(unit))
      return block->getParentOp();
    if (auto *region = dyn_cast_if_present<Region *>(unit))
      return region->getParentOp();
  }
  return nullptr;
}
} // namespace

void (*ropt::beforePass)(const Pass &, Operation *) = nullptr;

void ropt::honourStops(MLIRContext *context) {
  // One that is there already belongs to --log-actions-to and the like.
  if (context->hasActionHandler())
    return;
  context->registerActionHandler([](llvm::function_ref<void()> act, const tracing::Action &action) {
    // A pattern that does not run has not matched, a pass that does not run has changed nothing.
    bool skips = stops().count.load(std::memory_order_relaxed) != 0 &&
                 isa<ApplyPatternAction, PassExecutionAction>(action) && asked(place(action));
    if (skips)
      return;
    if (ropt::beforePass)
      if (auto *pass = dyn_cast<PassExecutionAction>(&action))
        ropt::beforePass(pass->getPass(), place(action));
    act();
  });
}

extern "C" {
void roptStop(MlirOperation root) {
  Stops &all = stops();
  std::lock_guard<std::mutex> lock(all.mutex);
  all.roots.insert(unwrap(root));
  all.count.store(all.roots.size(), std::memory_order_release);
}
void roptStopEnd(MlirOperation root) {
  Stops &all = stops();
  std::lock_guard<std::mutex> lock(all.mutex);
  all.roots.erase(unwrap(root));
  all.count.store(all.roots.size(), std::memory_order_release);
}
bool roptStopAsked(MlirOperation op) { return asked(unwrap(op)); }
}
