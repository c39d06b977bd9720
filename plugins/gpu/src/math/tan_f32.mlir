// The tangent, in single precision.

// tan: sin over cos, whose common reduction is computed once.
func.func private @ropt_tan_f32(%x: f32) -> f32 {
  %v = func.call @ropt_sin_f32(%x) : (f32) -> f32
  %v_1 = func.call @ropt_cos_f32(%x) : (f32) -> f32
  %v_2 = arith.divf %v, %v_1 : f32
  return %v_2 : f32
}
