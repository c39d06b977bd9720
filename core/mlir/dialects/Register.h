// Registration of every dialect of this folder.
#ifndef ROPT_DIALECTS_REGISTER_H
#define ROPT_DIALECTS_REGISTER_H

#include "mlir/IR/DialectRegistry.h"

namespace ropt {

/// Adds the dialects, the opaque ones among them, and the external models that
/// bufferization needs.
void registerRoptDialects(mlir::DialectRegistry &registry);

} // namespace ropt

#endif // ROPT_DIALECTS_REGISTER_H
