//! A manifest record as a static in the plugin's ELF section.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde::Serialize;

/// The static, and its registration, which keeps it in the dylib.
pub(crate) fn record(value: &impl Serialize) -> TokenStream {
    let mut bytes = serde_json::to_vec(value).unwrap_or_default();
    bytes.push(0);
    let length = bytes.len();
    let bytes = Literal::byte_string(&bytes);
    quote! {
        #[unsafe(link_section = "ropt_manifest")]
        #[used]
        static RECORD: [u8; #length] = *#bytes;
        ::ropt_plugin::inventory::submit! { ::ropt_plugin::manifest::Record(&RECORD) }
    }
}
