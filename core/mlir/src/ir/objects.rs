//! Objects of executables, by target, and the targets of devices.

use melior::ir::{
    Attribute, AttributeLike,
    attribute::{ArrayAttribute, StringAttribute},
};
use mlir_sys::MlirAttribute;

// SAFETY: the declarations repeat those of shim/Objects.h; each call says why its arguments do.
unsafe extern "C" {
    fn roptObjectsFor(objects: MlirAttribute, target: MlirAttribute) -> MlirAttribute;
    fn roptDeviceExecutableTargets(device: MlirAttribute) -> MlirAttribute;
    fn roptObjectParts(object: MlirAttribute, path: *mut MlirAttribute, data: *mut MlirAttribute) -> bool;
    fn roptObjectGet(path: MlirAttribute, bytes: *const u8, length: usize) -> MlirAttribute;
}

/// What a `#hal.executable.objects` holds for a `#hal.executable.target`, as an array attribute.
pub fn objects_for<'c>(objects: Attribute<'c>, target: Attribute<'c>) -> Option<Attribute<'c>> {
    // SAFETY: both attributes are live; what comes back lives in their context.
    unsafe { Attribute::from_option_raw(roptObjectsFor(objects.to_raw(), target.to_raw())) }
}

/// The executable targets of a `#hal.device.target`; None for other attributes.
pub fn device_executable_targets<'c>(device: Attribute<'c>) -> Option<Vec<Attribute<'c>>> {
    // SAFETY: the attribute is live; what comes back lives in its context.
    let all = unsafe { Attribute::from_option_raw(roptDeviceExecutableTargets(device.to_raw())) }?;
    Some(array(all))
}

/// The elements of an array attribute; none of another one.
pub fn array<'c>(attribute: Attribute<'c>) -> Vec<Attribute<'c>> {
    let Ok(list) = ArrayAttribute::try_from(attribute) else { return Vec::new() };
    (0..list.len()).filter_map(|index| list.element(index).ok()).collect()
}

/// Path and data of a `#hal.executable.object`; None for other attributes.
pub fn object_parts<'c>(object: Attribute<'c>) -> Option<(String, Option<Attribute<'c>>)> {
    let none = MlirAttribute { ptr: std::ptr::null_mut() };
    let (mut path, mut data) = (none, none);
    // SAFETY: the attribute is live, and the shim writes to the two variables only.
    let is_object = unsafe { roptObjectParts(object.to_raw(), &raw mut path, &raw mut data) };
    if !is_object {
        return None;
    }
    // SAFETY: both live in the object's context; the path is there when the shim says that it is an object.
    let (path, data) = unsafe { (Attribute::from_raw(path), Attribute::from_option_raw(data)) };
    Some((StringAttribute::try_from(path).ok()?.value().to_owned(), data))
}

/// The same `#hal.executable.object` with its bytes embedded; None when `object` is none.
pub fn with_data<'c>(object: Attribute<'c>, bytes: &[u8]) -> Option<Attribute<'c>> {
    let (path, _) = object_parts(object)?;
    let path = StringAttribute::new(super::edit::context_of_attribute(object), &path);
    // SAFETY: the path is live, and the shim copies the bytes.
    unsafe { Attribute::from_option_raw(roptObjectGet(path.to_raw(), bytes.as_ptr(), bytes.len())) }
}
