//! The wall at the boundary: a panic becomes a value.

use std::{
    any::Any,
    cell::RefCell,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Once,
};

thread_local! {
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs `call`; a panic comes back as its message with its place in the plugin's source.
///
/// # Errors
/// The panic's message.
pub fn guard<T>(call: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    // A cdylib has a panic runtime of its own, so this hook is the plugin's and not the host's.
    HOOK.call_once(|| {
        std::panic::set_hook(Box::new(|info| {
            let place = info.location().map(|at| format!("{}:{}:{}", at.file(), at.line(), at.column()));
            PLACE.with(|slot| *slot.borrow_mut() = place);
        }));
    });
    catch_unwind(AssertUnwindSafe(call)).map_err(|payload| {
        let message = text(&*payload);
        match PLACE.with(|slot| slot.borrow_mut().take()) {
            Some(place) => format!("{message} (at {place})"),
            None => message,
        }
    })
}

fn text(payload: &(dyn Any + Send)) -> String {
    if let Some(text) = payload.downcast_ref::<&str>() {
        (*text).to_owned()
    } else if let Some(text) = payload.downcast_ref::<String>() {
        text.clone()
    } else {
        "a panic without a message".to_owned()
    }
}
