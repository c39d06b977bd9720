//! Tile sizes of schedules as a readable attribute: `{workgroup = array<i64: 64, 128, 0>, register = array<i64: 8, 32, 0>}`.

use std::collections::BTreeMap;

use ropt_mlir::{
    ir::edit::Op,
    kernel::i64_array_text,
    melior::ir::{Attribute, AttributeLike, attribute::DenseI64ArrayAttribute, operation::OperationLike},
    mlir_sys::{
        mlirAttributeIsADictionary, mlirDictionaryAttrGetElement, mlirDictionaryAttrGetNumElements, mlirIdentifierStr,
    },
};

use crate::error::{PassError, PassResult};

/// Lists of tile sizes by level; 0 leaves a loop alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tiles(BTreeMap<String, Vec<i64>>);

impl Tiles {
    /// Adds a level.
    #[must_use]
    pub fn with(mut self, level: &str, sizes: Vec<i64>) -> Self {
        self.0.insert(level.to_owned(), sizes);
        self
    }

    /// The sizes of a level; none when it is not there.
    #[must_use]
    pub fn get(&self, level: &str) -> &[i64] {
        self.0.get(level).map_or(&[], Vec::as_slice)
    }

    /// The levels with their sizes, by name.
    pub fn levels(&self) -> impl Iterator<Item = (&str, &[i64])> {
        self.0.iter().map(|(level, sizes)| (level.as_str(), sizes.as_slice()))
    }

    /// As attribute text.
    #[must_use]
    pub fn attribute(&self) -> String {
        let list: Vec<String> =
            self.0.iter().map(|(level, sizes)| format!("{level} = {}", i64_array_text(sizes))).collect();
        format!("{{{}}}", list.join(", "))
    }

    /// From a function's attribute `name`, which a user may have edited; nothing when it is not there.
    ///
    /// # Errors
    /// When the attribute is no dictionary of lists, or a size is out of bounds.
    pub fn read(function: Op<'_>, name: &str) -> PassResult<Self> {
        let Ok(attribute) = function.attribute(name) else { return Ok(Self::default()) };
        let wrong = |what: String| {
            PassError::new(format!("{name} {what}"))
                .at(function.location())
                .note("expected: {workgroup = array<i64: 64, 128, 0>, register = array<i64: 8, 32, 0>, …}")
        };
        let mut tiles = BTreeMap::new();
        // SAFETY: the attribute is live; elements are asked for only of a dictionary and below its count.
        let entries: Vec<(String, Attribute<'_>)> = unsafe {
            let raw = attribute.to_raw();
            if !mlirAttributeIsADictionary(raw) {
                return Err(wrong(format!("is no dictionary: {attribute}")));
            }
            (0..mlirDictionaryAttrGetNumElements(raw))
                .map(|index| {
                    let entry = mlirDictionaryAttrGetElement(raw, index);
                    let name = mlirIdentifierStr(entry.name);
                    let name = std::slice::from_raw_parts(name.data.cast::<u8>(), name.length);
                    (String::from_utf8_lossy(name).into_owned(), Attribute::from_raw(entry.attribute))
                })
                .collect()
        };
        for (level, sizes) in entries {
            let array = DenseI64ArrayAttribute::try_from(sizes)
                .map_err(|_| wrong(format!("has a level that is no array<i64: …>: {level} = {sizes}")))?;
            let list: Vec<i64> = (0..array.len()).filter_map(|index| array.element(index).ok()).collect();
            if let Some(bad) = list.iter().find(|size| **size < 0 || **size > 1 << 20) {
                return Err(wrong(format!("has the tile size {bad} in `{level}`; sizes are 0 to 1048576")));
            }
            tiles.insert(level, list);
        }
        Ok(Self(tiles))
    }
}
