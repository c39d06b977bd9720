// Which objects of an executable are for which target.
#pragma once
#include "Shim.h"
#ifdef __cplusplus
extern "C" {
#endif
// The objects (an array attribute) that `#hal.executable.objects` holds for a `#hal.executable.target`: those of an
// equal target, or of one with the same backend and format whose configuration the target agrees with. Null: none.
MlirAttribute roptObjectsFor(MlirAttribute objects, MlirAttribute target);
#ifdef __cplusplus
}
#endif
