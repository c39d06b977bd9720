#include "EntryPoints.h"

#include "Hal.h"

using namespace mlir;
using namespace ropt;
using hal::ExecutableExportOp;

/// The exports that `path`, what follows the executable's name, can mean: one
/// in each variant that has it.
static SmallVector<ExecutableExportOp> findExports(Operation *executable,
                                                   ArrayRef<FlatSymbolRefAttr> path) {
  SmallVector<ExecutableExportOp> found;
  for (Operation &inner : executable->getRegion(0).front()) {
    if (auto op = dyn_cast<ExecutableExportOp>(inner)) {
      if (path.empty() || op.getSymName() == path.back().getValue())
        found.push_back(op);
      continue;
    }
    auto variant = dyn_cast<hal::ExecutableVariantOp>(inner);
    if (!variant || variant.getBody().empty() ||
        (path.size() > 1 && variant.getSymName() != path.front().getValue()))
      continue;
    for (auto op : variant.getBody().getOps<ExecutableExportOp>())
      if (path.empty() || op.getSymName() == path.back().getValue())
        found.push_back(op);
  }
  return found;
}

/// Whether `executable` is in a form that has exports: not yet only bytes. It
/// may not have been verified yet.
static bool hasExports(Operation *executable) {
  return llvm::hasSingleElement(executable->getRegion(0)) && llvm::any_of(executable->getRegion(0).front(), [](Operation &inner) {
    return isa<ExecutableExportOp, hal::ExecutableVariantOp>(inner);
  });
}

LogicalResult ropt::verifyEntryPoints(Operation *op, ArrayAttr entryPoints,
                                      size_t workload,
                                      SymbolTableCollection &symbols) {
  for (auto symbol : entryPoints.getAsRange<SymbolRefAttr>()) {
    Operation *target =
        symbols.lookupNearestSymbolFrom(op, symbol.getRootReference());
    // IREE's flow phases dispatch flow.executable and functions, too.
    if (!isa_and_present<hal::ExecutableOp, hal::ExecutableSourceOp>(target) ||
        !hasExports(target))
      continue;
    SmallVector<ExecutableExportOp> exports =
        findExports(target, symbol.getNestedReferences());
    if (exports.empty()) {
      InFlightDiagnostic diag = op->emitOpError()
                                << "dispatches " << symbol
                                << ", but the executable has no such export";
      diag.attachNote(target->getLoc()) << "the executable";
      return diag;
    }
    for (ExecutableExportOp found : exports) {
      Region &count = found.getWorkgroupCount();
      // Without a device the export's own verifier complains.
      if (count.empty() || count.getNumArguments() == 0 ||
          count.getNumArguments() == workload + 1)
        continue;
      InFlightDiagnostic diag =
          op->emitOpError() << "has a workload of " << workload
                            << " values, but the count region of " << symbol
                            << " takes " << count.getNumArguments() - 1;
      diag.attachNote(found.getLoc()) << "the export";
      return diag;
    }
  }
  return success();
}
