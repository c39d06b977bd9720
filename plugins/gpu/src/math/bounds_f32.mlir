// Rounding towards zero and clamping, in single precision.

// trunc: floor|x| with the sign of x.
func.func private @ropt_trunc_f32(%x: f32) -> f32 {
  %v = math.absf %x : f32
  %v_1 = math.floor %v : f32
  %v_2 = math.copysign %v_1, %x : f32
  return %v_2 : f32
}

// clampf: no number stays none.
func.func private @ropt_clamp_f32(%x: f32, %low: f32, %high: f32) -> f32 {
  %v = arith.maximumf %x, %low : f32
  %v_1 = arith.minimumf %v, %high : f32
  return %v_1 : f32
}
