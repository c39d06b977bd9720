//! Where plugins lie in memory: a crash on a thread that runs no pass is told by the code that it happened in.

use std::{
    ffi::{c_int, c_void},
    sync::atomic::{AtomicPtr, Ordering},
};

/// A loaded plugin. Never freed: a signal handler may read it at any time.
struct Loaded {
    start: usize,
    end: usize,
    plugin: String,
    next: *mut Self,
}

static LAST: AtomicPtr<Loaded> = AtomicPtr::new(std::ptr::null_mut());

/// Notes that the code around `address` is the plugin's.
pub(crate) fn note(address: usize, plugin: String) {
    let mut range = Range { address, found: (0, 0) };
    // SAFETY: the callback gets the range above and is done with it when this returns.
    unsafe { libc::dl_iterate_phdr(Some(look), (&raw mut range).cast()) };
    let (start, end) = range.found;
    let new = Box::leak(Box::new(Loaded { start, end, plugin, next: std::ptr::null_mut() }));
    new.next = LAST.load(Ordering::Acquire);
    while let Err(other) = LAST.compare_exchange(new.next, new, Ordering::AcqRel, Ordering::Acquire) {
        new.next = other;
    }
}

/// The plugin whose code is at the address. Async-signal-safe.
pub(crate) fn at(address: usize) -> Option<&'static str> {
    let mut next = LAST.load(Ordering::Acquire);
    // SAFETY: what is in the list is never freed, nor changed once it is there.
    while let Some(loaded) = unsafe { next.as_ref() } {
        if (loaded.start..loaded.end).contains(&address) {
            return Some(&loaded.plugin);
        }
        next = loaded.next;
    }
    None
}

struct Range {
    address: usize,
    found: (usize, usize),
}

/// Takes the extent of the object that holds the address.
unsafe extern "C" fn look(object: *mut libc::dl_phdr_info, _: usize, range: *mut c_void) -> c_int {
    // SAFETY: the loader's own record, and the range that `note` gave.
    let (object, range, headers) = unsafe {
        let object = &*object;
        let headers = std::slice::from_raw_parts(object.dlpi_phdr, usize::from(object.dlpi_phnum));
        (object, &mut *range.cast::<Range>(), headers)
    };
    let segments = headers.iter().filter(|header| header.p_type == libc::PT_LOAD).map(|header| {
        let start = object.dlpi_addr as usize + header.p_vaddr as usize;
        (start, start + header.p_memsz as usize)
    });
    let (start, end) = segments.fold((usize::MAX, 0), |(from, to), (start, end)| (from.min(start), to.max(end)));
    let is = (start..end).contains(&range.address);
    if is {
        range.found = (start, end);
    }
    c_int::from(is)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_told_by_the_object_that_it_is_in() {
        let here = code_is_told_by_the_object_that_it_is_in as *const () as usize;
        note(here, "this".to_owned());
        assert_eq!((at(here), at(here + 1)), (Some("this"), Some("this")));
        assert_eq!((at(0), at(libc::malloc as *const () as usize)), (None, None));
    }
}
