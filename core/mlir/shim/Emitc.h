// C text of a module in the emitc dialect, by MLIR's own emitter.
#pragma once
#include "Shim.h"
#ifdef __cplusplus
extern "C" {
#endif
// Gives the C text of `module` to the sink. 0, or 1: it holds ops that C has no text for, which is reported at their
// places.
int32_t roptTranslateToC(MlirOperation module, RoptSink sink, void *user);
#ifdef __cplusplus
}
#endif
