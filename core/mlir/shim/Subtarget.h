// What a processor can do, as LLVM knows it.
#pragma once
#include "Shim.h"
#ifdef __cplusplus
extern "C" {
#endif
enum RoptSubtarget { ROPT_SUBTARGET_OK = 0, ROPT_SUBTARGET_TRIPLE = 1, ROPT_SUBTARGET_CPU = 2 };
// Hands out the name of every feature that `cpu` with `features` (`+a,-b`) has.
int32_t roptSubtargetFeatures(RoptStr triple, RoptStr cpu, RoptStr features, RoptSink sink,
                              void *user);
// Hands out every processor name known for the triple.
int32_t roptSubtargetCpus(RoptStr triple, RoptSink sink, void *user);
// Hands out every feature name known for the triple.
int32_t roptSubtargetAllFeatures(RoptStr triple, RoptSink sink, void *user);
#ifdef __cplusplus
}
#endif
