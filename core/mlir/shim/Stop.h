// Contexts whose rewrites can be stopped; Shim.h has the calls that stop them.
#pragma once
#include "Shim.h"

namespace mlir {
class MLIRContext;
}
namespace ropt {
// To be called before the context runs anything on several threads; later calls change nothing.
void honourStops(mlir::MLIRContext *context);
} // namespace ropt
