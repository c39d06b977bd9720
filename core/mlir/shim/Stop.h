// Contexts whose rewrites can be stopped; Shim.h has the calls that stop them.
#pragma once
#include "Shim.h"

namespace mlir {
class MLIRContext;
class Operation;
class Pass;
} // namespace mlir
namespace ropt {
// To be called before the context runs anything on several threads; later calls change nothing.
void honourStops(mlir::MLIRContext *context);
// Called before each pass of such a context, with no lock held; null: nothing. For Probe.cpp, which has one thread.
extern void (*beforePass)(const mlir::Pass &pass, mlir::Operation *op);
} // namespace ropt
