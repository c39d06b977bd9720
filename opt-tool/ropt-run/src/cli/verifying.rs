//! The flags that say how close numbers must be.

use clap::Args;
use ropt_runtime::{compare::Tolerances, element::Element};

use super::values::tolerance;

/// Numbers agree when |actual - expected| <= absolute + relative * |expected|.
#[derive(Debug, Args)]
pub(crate) struct Tolerance {
    /// How close results must be: |actual - expected| <= T + T * |expected|, for all floating-point types, or as
    /// TYPE=T for one type; may be repeated [default: f64=1e-9, f32=1e-4, f16=1e-2, bf16: 5e-2 and 2e-2 of the value;
    /// integers exactly]. NaN agrees with NaN, an infinity with the same one
    #[arg(long = "tolerance", help_heading = "Verifying", value_name = "[TYPE=]T", value_parser = tolerance)]
    by_type: Vec<(Option<Element>, f64)>,

    /// The absolute part alone, of all floating-point types
    #[arg(long, value_name = "NUMBER", help_heading = "Verifying")]
    atol: Option<f64>,

    /// The relative part alone, of all floating-point types
    #[arg(long, value_name = "NUMBER", help_heading = "Verifying")]
    rtol: Option<f64>,
}

impl Tolerance {
    /// The tolerances of all types.
    pub(crate) fn by_type(&self) -> Tolerances {
        let mut tolerances = Tolerances::default();
        for &(element, number) in &self.by_type {
            tolerances.set(element, Some(number), Some(number));
        }
        tolerances.set(None, self.atol, self.rtol);
        tolerances
    }
}
