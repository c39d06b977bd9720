// Questions about linalg ops, and fusion of elementwise ones, for which MLIR's C API has no call.
#pragma once
#include "Shim.h"
#ifdef __cplusplus
extern "C" {
#endif
// The loops of a linalg op, outermost first: "parallel", "reduction" or "window", and the trip count ("?" when it is
// known only at run time) behind a space.
void roptLinalgLoops(MlirOperation op, RoptSink sink, void *user);
// For each operand, how its dimensions are indexed: the loops' numbers with commas between, "-" for a dimension that
// is not indexed by one loop alone.
void roptLinalgAccesses(MlirOperation op, RoptSink sink, void *user);
// Makes named elementwise linalg ops under `op` generic and fuses elementwise producers into their consumers where
// each element is computed once, or is only moved. False when the rewriting did not come to an end.
bool roptFuseElementwise(MlirOperation op);
#ifdef __cplusplus
}
#endif
