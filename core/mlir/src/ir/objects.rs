//! Objects of executables by target.

use melior::ir::{Attribute, AttributeLike};
use mlir_sys::MlirAttribute;

// SAFETY: the declarations repeat those of shim/Objects.h; each call says why its arguments do.
unsafe extern "C" {
    fn roptObjectsFor(objects: MlirAttribute, target: MlirAttribute) -> MlirAttribute;
}

/// What a `#hal.executable.objects` holds for a `#hal.executable.target`, as an array attribute.
pub fn objects_for<'c>(objects: Attribute<'c>, target: Attribute<'c>) -> Option<Attribute<'c>> {
    // SAFETY: both attributes are live; what comes back lives in their context.
    unsafe { Attribute::from_option_raw(roptObjectsFor(objects.to_raw(), target.to_raw())) }
}
