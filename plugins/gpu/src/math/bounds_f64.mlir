// Rounding towards zero and clamping, in double precision.

// trunc: floor|x| with the sign of x.
func.func private @ropt_trunc_f64(%x: f64) -> f64 {
  %v = math.absf %x : f64
  %v_1 = math.floor %v : f64
  %v_2 = math.copysign %v_1, %x : f64
  return %v_2 : f64
}

// clampf: no number stays none.
func.func private @ropt_clamp_f64(%x: f64, %low: f64, %high: f64) -> f64 {
  %v = arith.maximumf %x, %low : f64
  %v_1 = arith.minimumf %v, %high : f64
  return %v_1 : f64
}
