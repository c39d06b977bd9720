// The verifiers of what kernels take of their exports.
#include "Hal.h"
#include "TensorExt.h"

#include "mlir/IR/BuiltinOps.h"

using namespace mlir;
using namespace ropt;
using namespace ropt::hal;

/// The export that `function` is the code of, or that it helps: the only one.
static ExecutableExportOp exportOf(Operation &function,
                                   ArrayRef<ExecutableExportOp> exports) {
  auto name = function.getAttrOfType<StringAttr>(
      SymbolTable::getSymbolAttrName());
  for (ExecutableExportOp op : exports)
    if (op.getSymNameAttr() == name)
      return op;
  return exports.size() == 1 ? exports.front() : ExecutableExportOp();
}

/// Checks that `op` of a kernel takes only what its export gives.
static LogicalResult verifyTaken(Operation *op, ExecutableExportOp from) {
  PipelineLayoutAttr layout;
  if (auto load = dyn_cast<InterfaceConstantLoadOp>(op))
    layout = load.getLayout();
  else if (auto subspan = dyn_cast<InterfaceBindingSubspanOp>(op))
    layout = subspan.getLayout();
  auto ordinal = dyn_cast<tensor_ext::DispatchWorkloadOrdinalOp>(op);
  Region &count = from.getWorkgroupCount();
  auto workload = static_cast<int64_t>(
      count.empty() ? 0 : count.getNumArguments() - 1);
  bool beyond =
      ordinal && !count.empty() && ordinal.getOrdinal().sge(workload);
  if ((!layout || layout == from.getLayout()) && !beyond)
    return success();
  InFlightDiagnostic diag = op->emitOpError();
  if (beyond)
    diag << "takes workload value " << ordinal.getOrdinalAttr().getInt()
         << ", but the count region of export @" << from.getSymName()
         << " takes " << workload;
  else
    diag << "has the layout " << layout << ", but its export @"
         << from.getSymName() << " has " << from.getLayout();
  diag.attachNote(from.getLoc()) << "the export";
  return diag;
}

/// Checks that the functions of the inner module take what their exports give.
static LogicalResult verifyKernels(Region &body) {
  auto exports = llvm::to_vector(body.getOps<ExecutableExportOp>());
  for (auto module : body.getOps<ModuleOp>())
    for (Operation &function : *module.getBody()) {
      ExecutableExportOp from = exportOf(function, exports);
      if (!from)
        continue;
      WalkResult walked = function.walk([&](Operation *op) {
        return failed(verifyTaken(op, from)) ? WalkResult::interrupt()
                                             : WalkResult::advance();
      });
      if (walked.wasInterrupted())
        return failure();
    }
  return success();
}

LogicalResult ExecutableSourceOp::verifyRegions() {
  return verifyKernels(getBody());
}
LogicalResult ExecutableVariantOp::verifyRegions() {
  return verifyKernels(getBody());
}
