#pragma once
// Binaries of spirv.module ops, which MLIR's C API does not give.
#include "Shim.h"

extern "C" {
// Gives the module's words to the sink, in this machine's byte order. 0: done; otherwise MLIR has reported why not.
int32_t roptSerializeSpirv(MlirOperation module, RoptSink sink, void *user);
}
