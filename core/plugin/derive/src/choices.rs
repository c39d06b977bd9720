//! `#[derive(PassEnum)]`.

use crate::attributes::kebab;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Fields, Result};

pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let Data::Enum(data) = &input.data else {
        return Err(syn::Error::new_spanned(input, "PassEnum is for enums"));
    };
    if let Some(bad) = data.variants.iter().find(|v| !matches!(v.fields, Fields::Unit)) {
        return Err(syn::Error::new_spanned(bad, "a choice has no fields"));
    }
    let ident = &input.ident;
    let variants: Vec<_> = data.variants.iter().map(|v| &v.ident).collect();
    let names: Vec<_> = variants.iter().map(|v| kebab(&v.to_string())).collect();
    Ok(quote! {
        impl ::ropt_plugin::options::PassEnum for #ident {
            const NAMES: &'static [&'static str] = &[#(#names),*];
            fn from_name(name: &str) -> Option<Self> {
                match name {
                    #(#names => Some(Self::#variants),)*
                    _ => None,
                }
            }
        }
    })
}
