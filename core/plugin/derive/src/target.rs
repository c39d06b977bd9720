//! `#[derive(Target)]`.

use crate::{
    attributes::{docs, flag, name, names, strings},
    record::record,
};
use proc_macro2::TokenStream;
use quote::quote;
use ropt_abi::manifest::TargetRecord;
use syn::{DeriveInput, Ident, Result};

pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let mut target = TargetRecord { help: docs(&input.attrs), ..TargetRecord::default() };
    for attribute in input.attrs.iter().filter(|a| a.path().is_ident("target")) {
        attribute.parse_nested_meta(|meta| {
            match meta.path.get_ident().map(Ident::to_string).unwrap_or_default().as_str() {
                "name" => target.target = name(&meta)?,
                "aliases" => target.aliases = names(&meta)?,
                "formats" => target.formats = strings(&meta)?,
                "supports" => {
                    let mut types = strings(&meta)?;
                    if types.len() < 2 {
                        return Err(meta.error("what a target supports is a class of ops and its element types"));
                    }
                    let class = types.remove(0);
                    target.supports.push((class, types));
                }
                "flag" => target.flags.push(flag(&meta)?),
                "stage" => match <[String; 2]>::try_from(strings(&meta)?) {
                    Ok([name, pipeline]) => target.stages.push((name, pipeline)),
                    Err(_) => return Err(meta.error("a stage is a name and a pipeline")),
                },
                _ => return Err(meta.error("a target has name, aliases, formats, supports, stage and flag")),
            }
            Ok(())
        })?;
    }
    if target.target.is_empty() || target.help.is_empty() {
        return Err(syn::Error::new_spanned(&input.ident, "a target needs #[target(name = \"…\")] and a doc comment"));
    }
    let (ident, name, record) = (&input.ident, &target.target, record(&target));
    let (stages, pipelines): (Vec<_>, Vec<_>) = target.stages.iter().cloned().unzip();
    Ok(quote! {
        impl #ident {
            /// The stages of the declaration, as (name, pipeline).
            const STAGES: &'static [(&'static str, &'static str)] = &[#((#stages, #pipelines)),*];
        }
        const _: () = {
            #record
            fn descriptor() -> ::ropt_plugin::ropt_abi::target::TargetDescriptorRef {
                ::ropt_plugin::target::descriptor::<#ident>(#name)
            }
            ::ropt_plugin::inventory::submit! { ::ropt_plugin::target::TargetEntry { descriptor } }
        };
    })
}
