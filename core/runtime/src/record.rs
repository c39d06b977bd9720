//! What a run dispatches: `ropt-run run --record-workloads`.

use std::collections::BTreeMap;

use ropt_abi::{
    program::{Binding, Manifest},
    workloads::{Recorded, RecordedDispatch, VERSION},
};

/// Everything that tells two dispatches apart: numbers of executable and export, grid, constants, sizes.
type Key = (u32, u32, [u32; 3], Vec<u32>, Vec<u64>);

/// Dispatches counted.
#[derive(Debug, Default)]
pub(crate) struct Recording {
    counts: BTreeMap<Key, u64>,
}

impl Recording {
    pub(crate) fn add(
        &mut self,
        executable: u32,
        ordinal: u32,
        grid: &[u32; 3],
        constants: &[u32],
        bindings: &[Binding],
    ) {
        let sizes = bindings.iter().map(|binding| binding.length).collect();
        *self.counts.entry((executable, ordinal, *grid, constants.to_owned(), sizes)).or_default() += 1;
    }

    /// With names instead of numbers; `variants` gives for each executable the variant that ran.
    pub(crate) fn finish(self, manifest: &Manifest, program: String, variants: &[u32]) -> Recorded {
        let named = |((executable, ordinal, workgroups, constants, bindings), count)| {
            let variant = *variants.get(executable as usize)?;
            let executable = manifest.executables.get(executable as usize)?;
            let exports = &executable.variants.get(variant as usize)?.exports;
            let export = exports.iter().find(|export| export.ordinal == ordinal)?.name.clone();
            let executable = executable.name.clone();
            Some(RecordedDispatch { executable, export, workgroups, constants, bindings, count })
        };
        let mut dispatches: Vec<_> = self.counts.into_iter().filter_map(named).collect();
        dispatches.sort();
        Recorded { version: VERSION, program, dispatches }
    }
}
