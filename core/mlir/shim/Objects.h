// Which objects of an executable are for which target.
#pragma once
#include "Shim.h"
#ifdef __cplusplus
extern "C" {
#endif
// The objects (an array attribute) that `#hal.executable.objects` holds for a `#hal.executable.target`: those of an
// equal target, or of one with the same backend and format whose configuration the target agrees with. Null: none.
MlirAttribute roptObjectsFor(MlirAttribute objects, MlirAttribute target);
// The executable targets (an array attribute) of a `#hal.device.target`. Null: the attribute is none.
MlirAttribute roptDeviceExecutableTargets(MlirAttribute device);
// Path (a string attribute) and data (null: none) of a `#hal.executable.object`; whether the attribute is one.
bool roptObjectParts(MlirAttribute object, MlirAttribute *path, MlirAttribute *data);
// A `#hal.executable.object` with these bytes.
MlirAttribute roptObjectGet(MlirAttribute path, const uint8_t *bytes, size_t length);
#ifdef __cplusplus
}
#endif
