//! SPIR-V words.

use ropt_executable::spirv::Module;

pub(crate) fn run(data: &[u8]) {
    if let Ok(module) = Module::read(data) {
        assert!(module.bindings.is_sorted());
        assert!(module.push_constants || module.push_constant_bytes.is_none());
        let swapped: Vec<u8> = data.as_chunks::<4>().0.iter().flat_map(|[a, b, c, d]| [*d, *c, *b, *a]).collect();
        assert_eq!(Module::read(&swapped), Ok(module), "either byte order says the same");
    }
}
