//! `#[derive(Pass)]`.

use crate::{
    attributes::{docs, flag, kebab, literal, name, names, string, strings},
    examples,
    record::record,
};
use proc_macro2::TokenStream;
use quote::quote;
use ropt_abi::manifest::{OptionRecord, PassRecord, SlotRecord, StatisticRecord};
use syn::{Data, DeriveInput, Expr, Field, Ident, LitBool, LitInt, Result, Type, meta::ParseNestedMeta};

pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let (help, examples) = examples::split(&input.attrs)?;
    let mut pass = PassRecord { help, examples, ..PassRecord::default() };
    for attribute in input.attrs.iter().filter(|a| a.path().is_ident("pass")) {
        attribute.parse_nested_meta(|meta| declare(&mut pass, &meta))?;
    }
    if pass.pass.is_empty() {
        return Err(syn::Error::new_spanned(&input.ident, "a pass needs #[pass(name = \"…\")]"));
    }
    if pass.help.is_empty() {
        return Err(syn::Error::new_spanned(&input.ident, "a pass needs a doc comment: it is its help"));
    }
    let Data::Struct(data) = &input.data else {
        return Err(syn::Error::new_spanned(&input.ident, "a pass is a struct"));
    };
    let (mut reads, mut counters) = (Vec::new(), Vec::new());
    for field in &data.fields {
        let Some(ident) = &field.ident else { continue };
        if field.attrs.iter().any(|a| a.path().is_ident("statistic")) {
            pass.statistics.push(StatisticRecord { name: kebab(&ident.to_string()), help: docs(&field.attrs) });
            counters.push(ident.clone());
        } else if field.attrs.iter().any(|a| a.path().is_ident("option")) {
            reads.push(option(&mut pass, field, ident)?);
        }
    }
    let ident = &input.ident;
    let (name, record) = (&pass.pass, record(&pass));
    Ok(quote! {
        const _: () = {
            #record
            ::ropt_plugin::inventory::submit! {
                ::ropt_plugin::pass::PassEntry { descriptor: ::ropt_plugin::pass::descriptor::<#ident> }
            }
        };
        impl ::ropt_plugin::pass::Declared for #ident {
            const NAME: &'static str = #name;
            fn read_options(&mut self, cx: &::ropt_plugin::context::PassContext<'_>) -> ::ropt_plugin::error::PassResult {
                let _ = cx;
                #(#reads)*
                Ok(())
            }
            fn take_statistics(&mut self) -> Vec<u64> {
                vec![#(::ropt_plugin::pass::Counter::take(&mut self.#counters)),*]
            }
        }
    })
}

fn declare(pass: &mut PassRecord, meta: &ParseNestedMeta<'_>) -> Result<()> {
    let key = meta.path.get_ident().map(Ident::to_string).unwrap_or_default();
    match key.as_str() {
        "name" => pass.pass = name(meta)?,
        "anchor" => pass.anchor = string(meta)?,
        "aliases" => pass.aliases = names(meta)?,
        "dialects" => pass.dialects = strings(meta)?,
        "needs" => pass.needs = strings(meta)?,
        "establishes" => pass.establishes = strings(meta)?,
        "ends" => pass.ends = strings(meta)?,
        "idempotent" => pass.idempotent = true,
        "flag" => pass.flags.push(flag(meta)?),
        "slot" => pass.slots.push(slot(meta)?),
        _ => {
            return Err(meta.error(
                "a pass has name, anchor, aliases, dialects, idempotent, needs, establishes, ends, slot and flag",
            ));
        }
    }
    Ok(())
}

fn slot(meta: &ParseNestedMeta<'_>) -> Result<SlotRecord> {
    let mut slot = SlotRecord::default();
    meta.parse_nested_meta(|meta| {
        if meta.path.is_ident("phase") {
            slot.phase = string(&meta)?;
        } else if meta.path.is_ident("order") {
            slot.order = meta.value()?.parse::<LitInt>()?.base10_parse()?;
        } else if meta.path.is_ident("when") {
            slot.when = strings(&meta)?;
        } else if meta.path.is_ident("options") {
            slot.options = string(&meta)?;
        } else if meta.path.is_ident("replaces") {
            slot.replaces = strings(&meta)?;
        } else if meta.path.is_ident("until") {
            slot.until = string(&meta)?;
        } else if meta.path.is_ident("unless") {
            slot.unless = strings(&meta)?;
        } else if meta.path.is_ident("takes_finished") {
            slot.takes_finished = meta.value()?.parse::<LitBool>()?.value;
        } else {
            return Err(
                meta.error("a slot has phase, order, when, options, replaces, until, unless and takes_finished")
            );
        }
        Ok(())
    })?;
    Ok(slot)
}

/// Adds the option to the manifest and gives the statement that reads it.
fn option(pass: &mut PassRecord, field: &Field, ident: &Ident) -> Result<TokenStream> {
    let mut option = OptionRecord {
        name: kebab(&ident.to_string()),
        help: docs(&field.attrs),
        kind: kind(&field.ty).to_owned(),
        ..OptionRecord::default()
    };
    for attribute in field.attrs.iter().filter(|a| a.path().is_ident("option")) {
        if matches!(attribute.meta, syn::Meta::Path(_)) {
            continue;
        }
        attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("name") {
                option.name = name(&meta)?;
            } else if meta.path.is_ident("default") {
                option.default = literal(&meta.value()?.parse::<Expr>()?)?;
            } else if meta.path.is_ident("choices") {
                option.choices = strings(&meta)?;
                option.kind = "enum".into();
            } else {
                return Err(meta.error("an option has name, default and choices"));
            }
            Ok(())
        })?;
    }
    if option.kind.is_empty() {
        return Err(syn::Error::new_spanned(
            &field.ty,
            "an option is String, bool, i64, u64, f64, Vec<String>, Vec<i64>, or an enum with choices(\"…\")",
        ));
    }
    if option.default.is_empty() {
        option.default = match option.kind.as_str() {
            "bool" => "false".into(),
            "int" | "uint" | "float" => "0".into(),
            "enum" => option.choices.first().cloned().unwrap_or_default(),
            _ => String::new(),
        };
    }
    let (index, name, ty) = (pass.options.len() as u32, option.name.clone(), &field.ty);
    let checked = if option.kind == "enum" {
        let choices = &option.choices;
        quote! {
            const _: () = assert!(
                ::ropt_plugin::options::same_names(<#ty as ::ropt_plugin::options::PassEnum>::NAMES, &[#(#choices),*]),
                "choices(…) must list the enum's names"
            );
            self.#ident = ::ropt_plugin::options::read_enum(#name, &cx.option(#index))?;
        }
    } else {
        quote! {
            self.#ident = <#ty as ::ropt_plugin::options::OptionValue>::read(#name, &cx.option(#index))?;
        }
    };
    pass.options.push(option);
    Ok(checked)
}

/// The manifest's word for a field type; empty when it is none that an option can have.
fn kind(ty: &Type) -> &'static str {
    let text = quote!(#ty).to_string().replace(' ', "");
    match text.as_str() {
        "String" => "string",
        "bool" => "bool",
        "i64" => "int",
        "u64" => "uint",
        "f64" => "float",
        "Vec<String>" => "string-list",
        "Vec<i64>" => "int-list",
        _ => "",
    }
}
