// LLVM's code generators and lld, in process.
#pragma once
#include "Shim.h"
#ifdef __cplusplus
extern "C" {
#endif

// Registers every code generator of this LLVM; safe to call again.
void roptInitializeTargets(void);
// Runs ld.lld with these arguments (argv[0] is the tool's name). 0: linked. Everything that lld says goes to `output`.
// 2: lld crashed and can not be called again in this process.
int32_t roptLldLink(size_t argc, const char *const *argv, RoptSink output, void *user);
#ifdef __cplusplus
}
#endif
