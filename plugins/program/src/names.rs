//! The runtime as host code calls it: the names that `hal-lower-host` declares and `hal-emit-program` defines.
//!
//! Addresses and byte counts are `index`. A dot keeps the names out of the way of a program's own.

/// `(bytes: index) -> memref<?xi8>`: new memory.
pub(crate) const ALLOCATE: &str = "ropt.allocate";
/// `(bytes: index) -> index`: new memory that the program keeps; its address.
pub(crate) const ALLOCATE_STATE: &str = "ropt.allocate_state";
/// `(address: index)`: gives memory back.
pub(crate) const RELEASE: &str = "ropt.release";
/// `(to: index, from: index, bytes: index)`.
pub(crate) const COPY: &str = "ropt.copy";
/// `(to: index, pattern: i64, pattern_bytes: index, count: index)`.
pub(crate) const FILL: &str = "ropt.fill";
/// `(executable: i32) -> i32`: index of the variant for the device.
pub(crate) const VARIANT: &str = "ropt.variant";
/// `copy_strided_<rank>(element_bytes: index, to: index, from: index, sizes…, to_strides…, from_strides…: index)`.
pub(crate) const COPY_STRIDED: &str = "ropt.copy_strided_";
/// `dispatch_<constants>_<bindings>(executable, ordinal, x, y, z: i32, constants…: i32, (address, bytes: index)…)`.
pub(crate) const DISPATCH: &str = "ropt.dispatch_";
/// `read_<type>(address: index) -> type`: waits for the device.
pub(crate) const READ: &str = "ropt.read_";
/// `write_<type>(address: index, value: type)`.
pub(crate) const WRITE: &str = "ropt.write_";
/// `query_<category>::<key>() -> (i1, i64)`: whether the device knows the key, and its number.
pub(crate) const QUERY: &str = "ropt.query_";
/// `condition_<executable>_<variant>() -> i1`: a variant's `hal.executable.condition`.
pub(crate) const CONDITION: &str = "ropt.condition_";
/// `specialize_<executable>_<variant>() -> (i32, …)`: a variant's `hal.executable.constant.block`s.
pub(crate) const SPECIALIZE: &str = "ropt.specialize_";
/// `fail_<n>()`: the call fails with the message in the declaration's [`MESSAGE`].
pub(crate) const FAIL: &str = "ropt.fail_";
/// `initialize_<n>()`: a `util.initializer`.
pub(crate) const INITIALIZER: &str = "ropt.initializer_";
/// `bytes_<n>(factors…: index) -> index`: their product, or the largest number when it is larger than that.
pub(crate) const BYTES: &str = "ropt.bytes_";
/// What every name of this file starts with; a program's own functions may not.
pub(crate) const RESERVED: &str = "ropt.";

/// Attribute of a failure's declaration: the text.
pub(crate) const MESSAGE: &str = "ropt.message";
/// Attribute of a public function: the types of its arguments before bufferization.
pub(crate) const ARGUMENTS: &str = "ropt.arguments";
/// Attribute of a public function: the types of its results before bufferization.
pub(crate) const RESULTS: &str = "ropt.results";
/// Attribute of a public function that measures one export: a dictionary with the fields of
/// [`ropt_abi::program::Benchmark`].
pub(crate) const BENCHMARK: &str = "ropt.benchmark";
