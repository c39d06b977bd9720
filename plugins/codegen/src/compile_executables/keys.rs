//! What a variant's binary depends on, as a key of the cache.
//!
//! - the executable's name (it is in the binary's soname), and the variant in MLIR's generic form without places: kernels,
//!   exports, the target attribute, the bytes of its objects;
//! - the pipelines of the stages, the user's own where there are such, and the plain one that a stage falls back to;
//! - the files that the target reads (schedules), by name and content;
//! - the code: MLIR's build, the files of this plugin, of the target's and of those that bring a pass of the pipelines,
//!   upstream plugins, MLIR's flags.
//!
//! Limits of time and memory do not count: what they change is said, and nothing of which something was said is kept.

use std::collections::{HashMap, hash_map::Entry};

use ropt_cache::{Key, KeyMaker};
use ropt_mlir::{
    ir::{array, key_text, object_parts},
    melior::ir::operation::OperationLike,
};
use ropt_plugin::prelude::*;

use crate::{stage, variants::Variant};

/// The stages to run, each with the pipelines that the user gave for it.
pub(super) struct Stages<'a> {
    /// None when the kernels are configured already.
    pub(super) configure: Option<&'a [String]>,
    pub(super) translate: &'a [String],
}

/// What all variants with a target attribute have in common.
#[derive(Debug)]
pub(super) struct Common(HashMap<usize, KeyMaker>);

impl Common {
    /// Of these variants' target attributes. Those whose target cannot say which files it reads are left out.
    ///
    /// # Errors
    /// When a target or the host refuses, or a file cannot be read.
    pub(super) fn of(variants: &[Variant<'_>], stages: &Stages<'_>, cx: &PassContext<'_>) -> PassResult<Self> {
        let mut found = HashMap::new();
        for variant in variants {
            if let Entry::Vacant(place) = found.entry(variant.target_key()) {
                place.insert(common(*variant, &variant.attribute(), stages, cx)?);
            }
        }
        Ok(Self(found.into_iter().filter_map(|(attribute, maker)| Some((attribute, maker?))).collect()))
    }

    /// The variant's key; None when something of it cannot be told, so that it is compiled each time.
    pub(super) fn key(&self, variant: Variant<'_>) -> Option<Key> {
        let mut maker = self.0.get(&variant.target_key())?.clone();
        let objects = variant.op.attribute("objects").map(array).unwrap_or_default();
        if objects.into_iter().any(|object| object_parts(object).is_none_or(|(_, data)| data.is_none())) {
            return None;
        }
        let text = key_text(variant.op, None);
        // Their bytes lie outside of the text.
        if text.windows(RESOURCE.len()).any(|part| part == RESOURCE) {
            return None;
        }
        maker.add("executable", variant.executable_name().as_bytes());
        maker.add("variant", &text);
        Some(maker.finish())
    }
}

const RESOURCE: &[u8] = b"dense_resource<";

fn common(
    variant: Variant<'_>,
    attribute: &str,
    stages: &Stages<'_>,
    cx: &PassContext<'_>,
) -> PassResult<Option<KeyMaker>> {
    let target = variant.target(cx)?;
    let Some(files) = target.reads(attribute)? else { return Ok(None) };
    let mut texts = Vec::new();
    let all = stages.configure.map(|own| ("configure", own)).into_iter().chain([("translate", stages.translate)]);
    for (name, own) in all {
        let (pipeline, fallback) = stage::pipelines(name, own, target, attribute, cx)?;
        texts.push((name, pipeline));
        texts.push(("fallback", fallback));
    }
    let pipelines: Vec<&str> = texts.iter().map(|(_, text)| text.as_str()).filter(|text| !text.is_empty()).collect();
    let Some(code) = cx.identity(Some(target.name()), &pipelines)? else { return Ok(None) };
    let mut maker = KeyMaker::new("variant").field("code", code.as_bytes()).field("target", target.name().as_bytes());
    texts.iter().for_each(|(name, text)| maker.add(name, text.as_bytes()));
    for file in files {
        // Whether it is there is a fact as well.
        let content = std::fs::read(&file).ok();
        maker.add("file", file.as_os_str().as_encoded_bytes());
        maker.add("content", &content.map_or_else(Vec::new, |bytes| [b"+".as_slice(), &bytes].concat()));
    }
    Ok(Some(maker))
}
