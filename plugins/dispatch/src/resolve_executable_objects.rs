//! `hal-resolve-executable-objects`: objects that are named by path are found, read and embedded.
//!
//! ```mlir
//! objects([#hal.executable.object<{path = "kernels/mul.o"}>])
//! // becomes
//! objects([#hal.executable.object<{path = "kernels/mul.o", data = dense<…> : vector<…xi8>}>])
//! ```

use std::path::{Path, PathBuf};

use ropt_mlir::{
    ir::{
        array,
        edit::{Op, op_name, pin_mut, set_attribute_value},
        object_parts, ops_in, symbol_name, with_data,
    },
    melior::ir::{Attribute, attribute::ArrayAttribute, operation::OperationLike},
};
use ropt_plugin::prelude::*;

/// Embeds the objects that variants name by path, so that what follows depends on no file.
///
/// A relative path is looked for in the current folder and then along the search path.
#[derive(Pass, Clone, Default)]
#[pass(
    name = "hal-resolve-executable-objects",
    anchor = "builtin.module",
    dialects("hal"),
    needs("executable-variants"),
    slot(phase = "executable-configurations", order = 7, options = "search-path={hal-executable-object-search-path}"),
    slot(
        phase = "executable-targets",
        order = 7,
        options = "search-path={hal-executable-object-search-path}",
        takes_finished = true
    ),
    slot(
        phase = "executable-binaries",
        order = 7,
        options = "search-path={hal-executable-object-search-path}",
        takes_finished = true
    )
)]
pub(crate) struct ResolveExecutableObjects {
    /// Folders that relative paths are looked for in, behind the current one.
    #[option(name = "search-path")]
    search_path: Vec<String>,
    /// Objects embedded.
    #[statistic]
    embedded: Counter,
}

impl RunPass for ResolveExecutableObjects {
    fn run(&mut self, op: OperationRefMut<'_, '_>, _cx: &PassContext<'_>) -> PassResult {
        for executable in ops_in(pin_mut(&op)).into_iter().filter(|op| op_name(*op) == "hal.executable") {
            for variant in ops_in(executable).into_iter().filter(|op| op_name(*op) == "hal.executable.variant") {
                self.resolve(executable, variant)?;
            }
        }
        Ok(())
    }
}

impl ResolveExecutableObjects {
    fn resolve<'c>(&mut self, executable: Op<'c>, variant: Op<'c>) -> PassResult {
        let Ok(list) = variant.attribute("objects") else { return Ok(()) };
        let objects = array(list);
        let mut embedded = Vec::new();
        for object in &objects {
            embedded.push(match object_parts(*object) {
                Some((path, None)) => {
                    let found = self.find(&path).map_err(|error| {
                        error.at(variant.location()).note(format!(
                            "variant @{} of executable @{} links it",
                            symbol_name(variant).unwrap_or_default(),
                            symbol_name(executable).unwrap_or_default()
                        ))
                    })?;
                    self.embedded.add(1);
                    with_data(*object, &found).unwrap_or(*object)
                }
                _ => *object,
            });
        }
        if embedded != objects {
            let context = ropt_mlir::ir::edit::context_of(variant);
            let list: Attribute<'c> = ArrayAttribute::new(context, &embedded).into();
            set_attribute_value(variant, "objects", list);
        }
        Ok(())
    }

    fn find(&self, path: &str) -> PassResult<Vec<u8>> {
        let mut tried = vec![PathBuf::from(path)];
        if Path::new(path).is_relative() {
            tried.extend(
                self.search_path.iter().filter(|folder| !folder.is_empty()).map(|folder| Path::new(folder).join(path)),
            );
        }
        if let Some(there) = tried.iter().find(|path| path.exists()) {
            return std::fs::read(there)
                .map_err(|error| PassError::new(format!("cannot read the object `{}`: {error}", there.display())));
        }
        let missing = PassError::new(format!("there is no object `{path}`"));
        let missing = tried.iter().fold(missing, |error, path| error.note(format!("tried `{}`", path.display())));
        Err(missing.help("paths are relative to the current folder and to --hal-executable-object-search-path="))
    }
}
