// The tangent, in double precision.

// tan: sin over cos, whose common reduction is computed once.
func.func private @ropt_tan_f64(%x: f64) -> f64 {
  %v = func.call @ropt_sin_f64(%x) : (f64) -> f64
  %v_1 = func.call @ropt_cos_f64(%x) : (f64) -> f64
  %v_2 = arith.divf %v, %v_1 : f64
  return %v_2 : f64
}
