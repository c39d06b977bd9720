// Registration of every dialect of this folder.
#ifndef ROPT_DIALECTS_REGISTER_H
#define ROPT_DIALECTS_REGISTER_H

#include "mlir/IR/DialectRegistry.h"

namespace ropt {

/// Adds the dialects, the opaque ones among them, and the external models that
/// bufferization needs; registers their passes, too.
void registerRoptDialects(mlir::DialectRegistry &registry);

/// Adds the hal dialect alone, for the self-test at each start.
void registerHalDialect(mlir::DialectRegistry &registry);

/// Registers the passes that prepare these dialects' IR for upstream's. Calling
/// it again does nothing.
void registerRoptPasses();

} // namespace ropt

#endif // ROPT_DIALECTS_REGISTER_H
