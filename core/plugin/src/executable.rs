//! Executables in IR, for passes that look at them or replace them: interfaces, dispatches, and whether one executable
//! can stand for another. The rules themselves are `ropt-executable`'s, which knows no MLIR.

mod fit;
mod interface;
mod objects;
mod replace;
mod sites;

pub use fit::{PickError, Unfit, check, pick};
pub use interface::{children, function, interface, is_defined, known_variants, variant};
pub use objects::{Contents, ExportOp, contents, exports, objects};
pub use replace::replace;
pub use ropt_executable;
pub use sites::{Sites, entry_points, tied_operands};
