//! Reading attributes that several macros share.

use ropt_abi::manifest::{FlagRecord, NAME_RULE, is_name};
use syn::{
    Attribute, Expr, ExprLit, Lit, LitStr, Result, Token, meta::ParseNestedMeta, parenthesized, punctuated::Punctuated,
};

/// `key = "value"`.
pub(crate) fn string(meta: &ParseNestedMeta<'_>) -> Result<String> {
    Ok(meta.value()?.parse::<LitStr>()?.value())
}

/// `key = "some-name"`.
pub(crate) fn name(meta: &ParseNestedMeta<'_>) -> Result<String> {
    named(&meta.value()?.parse::<LitStr>()?)
}

/// `key("some-name", "other-name")`.
pub(crate) fn names(meta: &ParseNestedMeta<'_>) -> Result<Vec<String>> {
    let content;
    parenthesized!(content in meta.input);
    Punctuated::<LitStr, Token![,]>::parse_terminated(&content)?.iter().map(named).collect()
}

/// What a host would refuse is told where it stands.
fn named(literal: &LitStr) -> Result<String> {
    let name = literal.value();
    if is_name(&name) {
        return Ok(name);
    }
    Err(syn::Error::new_spanned(literal, NAME_RULE))
}

/// `key("a", "b")`.
pub(crate) fn strings(meta: &ParseNestedMeta<'_>) -> Result<Vec<String>> {
    let content;
    parenthesized!(content in meta.input);
    let list = Punctuated::<LitStr, Token![,]>::parse_terminated(&content)?;
    Ok(list.iter().map(LitStr::value).collect())
}

/// Any literal as the text that a pipeline would hold, for example `-3`.
pub(crate) fn literal(expr: &Expr) -> Result<String> {
    match expr {
        Expr::Lit(ExprLit { lit, .. }) => match lit {
            Lit::Str(text) => Ok(text.value()),
            Lit::Bool(value) => Ok(value.value.to_string()),
            Lit::Int(value) => Ok(value.base10_digits().to_owned()),
            Lit::Float(value) => Ok(value.base10_digits().to_owned()),
            _ => Err(syn::Error::new_spanned(expr, "a string, bool or number is wanted")),
        },
        Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Neg(_)) => Ok(format!("-{}", literal(&unary.expr)?)),
        _ => Err(syn::Error::new_spanned(expr, "a literal is wanted: the manifest is written at compile time")),
    }
}

/// `flag(name = "…", value = "…", default = "…", help = "…", aliases("…"))`.
pub(crate) fn flag(meta: &ParseNestedMeta<'_>) -> Result<FlagRecord> {
    let mut flag = FlagRecord::default();
    meta.parse_nested_meta(|meta| {
        if meta.path.is_ident("name") {
            flag.name = name(&meta)?;
        } else if meta.path.is_ident("value") {
            flag.value = string(&meta)?;
        } else if meta.path.is_ident("default") {
            flag.default = string(&meta)?;
        } else if meta.path.is_ident("help") {
            flag.help = string(&meta)?;
        } else if meta.path.is_ident("aliases") {
            flag.aliases = names(&meta)?;
        } else {
            return Err(meta.error("a flag has name, value, default, help and aliases"));
        }
        Ok(())
    })?;
    if flag.name.is_empty() {
        return Err(meta.error("a flag needs a name"));
    }
    Ok(flag)
}

/// The doc comment as text.
pub(crate) fn docs(attributes: &[Attribute]) -> String {
    let lines = doc_lines(attributes).into_iter().map(|(line, _)| line.trim().to_owned());
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// The lines of the doc comment as they are written, each with the attribute that holds it.
pub(crate) fn doc_lines(attributes: &[Attribute]) -> Vec<(String, &Attribute)> {
    let lines = attributes.iter().filter(|a| a.path().is_ident("doc")).filter_map(|a| match &a.meta {
        syn::Meta::NameValue(pair) => match &pair.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some((text.value(), a)),
            _ => None,
        },
        _ => None,
    });
    // A block comment is one attribute of several lines.
    lines.flat_map(|(text, a)| text.split('\n').map(|line| (line.to_owned(), a)).collect::<Vec<_>>()).collect()
}

/// `ThisName` or `this_name` → `this-name`.
pub(crate) fn kebab(name: &str) -> String {
    let mut out = String::new();
    for (i, c) in name.chars().enumerate() {
        if c == '_' {
            out.push('-');
        } else if c.is_uppercase() {
            if i > 0 && !out.ends_with('-') {
                out.push('-');
            }
            out.extend(c.to_lowercase());
        } else {
            out.push(c);
        }
    }
    out
}
