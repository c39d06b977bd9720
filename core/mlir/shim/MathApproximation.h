// Polynomial approximation of math ops: in upstream a library function that only a test pass of mlir-opt calls.
#pragma once
#include "Shim.h"
#ifdef __cplusplus
extern "C" {
#endif
// Rewrites the named math ops ("math.exp") of f32 and vectors of f32 under `op`; smaller floats go through f32.
bool roptApproximateMath(MlirOperation op, const RoptStr *names, size_t n_names);
#ifdef __cplusplus
}
#endif
