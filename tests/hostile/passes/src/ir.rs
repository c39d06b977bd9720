//! Breaking IR: the pass's own, that of others, and that of another context.

use crate::hostile;
use ropt_plugin::{prelude::*, ropt_mlir::mlir_sys::*};
use std::sync::Mutex;

type Op<'c, 'a> = OperationRefMut<'c, 'a>;

/// Gives an op the unit attribute `name`.
pub(crate) fn mark(op: &mut Op<'_, '_>, name: &str) {
    mark_raw(op.to_raw(), name);
}

fn mark_raw(op: MlirOperation, name: &str) {
    // SAFETY: the op is taken to be alive, which a hostile pass does not know.
    unsafe {
        let unit = mlirUnitAttrGet(mlirOperationGetContext(op));
        mlirOperationSetAttributeByName(op, MlirStringRef { data: name.as_ptr().cast(), length: name.len() }, unit);
    }
}

fn body(op: &Op<'_, '_>) -> MlirBlock {
    // SAFETY: modules and the victims have a body.
    unsafe { mlirRegionGetFirstBlock(mlirOperationGetRegion(op.to_raw(), 0)) }
}

hostile!(
    /// Leaves a block without its end.
    Invalid, "hostile-invalid-ir", |op: Op<'_, '_>, _: &PassContext<'_>| {
        // SAFETY: the op is the pass's own.
        unsafe { mlirOperationDestroy(mlirBlockGetTerminator(body(&op))) };
        Ok(())
    }
);
/// Takes a value's type away from each victim. MLIR's verifier, on threads that run no pass, reads it.
#[derive(Pass, Clone, Default)]
#[pass(name = "hostile-crashes-verifier", anchor = "builtin.module")]
struct CrashesVerifier {}

impl RunPass for CrashesVerifier {
    fn run(&mut self, op: Op<'_, '_>, _: &PassContext<'_>) -> PassResult {
        // SAFETY: no type is a null pointer, which is the point.
        unsafe {
            let mut function = mlirBlockGetFirstOperation(body(&op));
            while !function.ptr.is_null() {
                let is_victim = crate::is_victim(&OperationRefMut::from_raw(function));
                let first = mlirBlockGetFirstOperation(mlirRegionGetFirstBlock(mlirOperationGetRegion(function, 0)));
                if is_victim {
                    mlirValueSetType(mlirOperationGetResult(first, 0), MlirType { ptr: std::ptr::null_mut() });
                }
                function = mlirOperationGetNextInBlock(function);
            }
        }
        Ok(())
    }
}
hostile!(
    /// Puts an op of another context into the function.
    OtherContext, "hostile-other-context", |op: Op<'_, '_>, _: &PassContext<'_>| {
        // SAFETY: the context is leaked, so that the op stays alive.
        unsafe {
            let module = mlirModuleCreateEmpty(mlirLocationUnknownGet(mlirContextCreate()));
            mlirBlockInsertOwnedOperation(body(&op), 0, mlirModuleGetOperation(module));
        }
        Ok(())
    }
);
hostile!(
    /// Changes the function before it in the module.
    Neighbour, "hostile-corrupts-neighbour", |op: Op<'_, '_>, _: &PassContext<'_>| {
        // SAFETY: not sound while that function's own passes run, which is the point.
        unsafe {
            let block = mlirOperationGetBlock(op.to_raw());
            if !block.ptr.is_null() {
                mark_raw(mlirBlockGetFirstOperation(block), "corrupted");
            }
        }
        Ok(())
    }
);

struct Kept(MlirOperation);
// SAFETY: not sound, which is the point.
unsafe impl Send for Kept {}

/// The function of an earlier run.
static KEPT: Mutex<Option<Kept>> = Mutex::new(None);

/// Keeps each function and changes it when the next one comes.
#[derive(Pass, Clone, Default)]
#[pass(name = "hostile-keeps-references", anchor = "func.func")]
struct Keeps {}

impl RunPass for Keeps {
    fn run(&mut self, op: Op<'_, '_>, _: &PassContext<'_>) -> PassResult {
        if let Some(before) = KEPT.lock().ok().and_then(|mut kept| kept.replace(Kept(op.to_raw()))) {
            mark_raw(before.0, "kept");
        }
        Ok(())
    }
}
