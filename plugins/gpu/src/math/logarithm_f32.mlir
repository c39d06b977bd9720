// Logarithms, and the inverse hyperbolic functions that are made of them, in single precision.
// Coefficients: Chebyshev fits made for this file with 60 digits.

// log(1 + f) + e ln 2 for f in [sqrt 1/2 - 1, sqrt 2 - 1]: with s = f / (2 + f), log(1 + f) = f - f^2/2 + s (f^2/2 + R),
// R an even polynomial of s: f is exact, and what is subtracted from it small. ln 2 in two parts.
func.func private @ropt_log_near_one_f32(%f: f32, %e: f32) -> f32 {
  %c = arith.constant 2.0 : f32
  %v = arith.addf %f, %c : f32
  %v_1 = arith.divf %f, %v : f32
  %v_2 = arith.mulf %v_1, %v_1 : f32
  %c_1 = arith.constant 0.23330964148044586 : f32
  %c_2 = arith.constant 0.28550803661346436 : f32
  %p = math.fma %c_1, %v_2, %c_2 : f32
  %c_3 = arith.constant 0.4000012278556824 : f32
  %p_1 = math.fma %p, %v_2, %c_3 : f32
  %c_4 = arith.constant 0.6666666865348816 : f32
  %p_2 = math.fma %p_1, %v_2, %c_4 : f32
  %v_3 = arith.mulf %v_2, %p_2 : f32
  %c_5 = arith.constant 0.5 : f32
  %v_4 = arith.mulf %f, %c_5 : f32
  %v_5 = arith.mulf %v_4, %f : f32
  %v_6 = arith.addf %v_5, %v_3 : f32
  %c_6 = arith.constant 0.0017409306019544601 : f32
  %v_7 = arith.mulf %e, %c_6 : f32
  %p_3 = math.fma %v_1, %v_6, %v_7 : f32
  %v_8 = arith.subf %v_5, %p_3 : f32
  %v_9 = arith.subf %f, %v_8 : f32
  %c_7 = arith.constant 0.69140625 : f32
  %p_4 = math.fma %e, %c_7, %v_9 : f32
  return %p_4 : f32
}

// log: x = m 2^e with m in [sqrt 1/2, sqrt 2); subnormal numbers are scaled first.
func.func private @ropt_log_f32(%x: f32) -> f32 {
  %c = arith.constant 1.1754943508222875e-38 : f32
  %v = arith.cmpf olt, %x, %c : f32
  %c_1 = arith.constant 33554432.0 : f32
  %v_1 = arith.mulf %x, %c_1 : f32
  %v_2 = arith.select %v, %v_1, %x : f32
  %bits = arith.bitcast %v_2 : f32 to i32
  %i = arith.constant 23 : i32
  %v_3 = arith.shrsi %bits, %i : i32
  %i_1 = arith.constant 127 : i32
  %v_4 = arith.subi %v_3, %i_1 : i32
  %i_2 = arith.constant 25 : i32
  %v_5 = arith.subi %v_4, %i_2 : i32
  %v_6 = arith.select %v, %v_5, %v_4 : i32
  %i_3 = arith.constant 8388607 : i32
  %v_7 = arith.andi %bits, %i_3 : i32
  %i_4 = arith.constant 1065353216 : i32
  %v_8 = arith.ori %v_7, %i_4 : i32
  %v_9 = arith.bitcast %v_8 : i32 to f32
  %c_2 = arith.constant 1.4142135381698608 : f32
  %v_10 = arith.cmpf ogt, %v_9, %c_2 : f32
  %c_3 = arith.constant 0.5 : f32
  %v_11 = arith.mulf %v_9, %c_3 : f32
  %v_12 = arith.select %v_10, %v_11, %v_9 : f32
  %i_5 = arith.constant 1 : i32
  %v_13 = arith.addi %v_6, %i_5 : i32
  %v_14 = arith.select %v_10, %v_13, %v_6 : i32
  %c_4 = arith.constant 1.0 : f32
  %v_15 = arith.subf %v_12, %c_4 : f32
  %v_16 = arith.sitofp %v_14 : i32 to f32
  %v_17 = func.call @ropt_log_near_one_f32(%v_15, %v_16) : (f32, f32) -> f32
  %c_5 = arith.constant 0x7F800000 : f32
  %v_18 = arith.cmpf oeq, %x, %c_5 : f32
  %v_19 = arith.select %v_18, %x, %v_17 : f32
  %c_6 = arith.constant 0.0 : f32
  %v_20 = arith.cmpf oeq, %x, %c_6 : f32
  %c_7 = arith.constant 0xFF800000 : f32
  %v_21 = arith.select %v_20, %c_7, %v_19 : f32
  %v_22 = arith.cmpf olt, %x, %c_6 : f32
  %c_8 = arith.constant 0x7FC00000 : f32
  %v_23 = arith.select %v_22, %c_8, %v_21 : f32
  %v_24 = arith.cmpf uno, %x, %x : f32
  %v_25 = arith.select %v_24, %x, %v_23 : f32
  return %v_25 : f32
}

// log2: e + log m / ln 2, so that powers of two are exact.
func.func private @ropt_log2_f32(%x: f32) -> f32 {
  %c = arith.constant 1.1754943508222875e-38 : f32
  %v = arith.cmpf olt, %x, %c : f32
  %c_1 = arith.constant 33554432.0 : f32
  %v_1 = arith.mulf %x, %c_1 : f32
  %v_2 = arith.select %v, %v_1, %x : f32
  %bits = arith.bitcast %v_2 : f32 to i32
  %i = arith.constant 23 : i32
  %v_3 = arith.shrsi %bits, %i : i32
  %i_1 = arith.constant 127 : i32
  %v_4 = arith.subi %v_3, %i_1 : i32
  %i_2 = arith.constant 25 : i32
  %v_5 = arith.subi %v_4, %i_2 : i32
  %v_6 = arith.select %v, %v_5, %v_4 : i32
  %i_3 = arith.constant 8388607 : i32
  %v_7 = arith.andi %bits, %i_3 : i32
  %i_4 = arith.constant 1065353216 : i32
  %v_8 = arith.ori %v_7, %i_4 : i32
  %v_9 = arith.bitcast %v_8 : i32 to f32
  %c_2 = arith.constant 1.4142135381698608 : f32
  %v_10 = arith.cmpf ogt, %v_9, %c_2 : f32
  %c_3 = arith.constant 0.5 : f32
  %v_11 = arith.mulf %v_9, %c_3 : f32
  %v_12 = arith.select %v_10, %v_11, %v_9 : f32
  %i_5 = arith.constant 1 : i32
  %v_13 = arith.addi %v_6, %i_5 : i32
  %v_14 = arith.select %v_10, %v_13, %v_6 : i32
  %c_4 = arith.constant 1.0 : f32
  %v_15 = arith.subf %v_12, %c_4 : f32
  %v_16 = arith.sitofp %v_14 : i32 to f32
  %c_5 = arith.constant 0.0 : f32
  %v_17 = func.call @ropt_log_near_one_f32(%v_15, %c_5) : (f32, f32) -> f32
  %c_6 = arith.constant 1.925963033500011e-08 : f32
  %v_18 = arith.mulf %v_17, %c_6 : f32
  %c_7 = arith.constant 1.4426950216293335 : f32
  %p = math.fma %v_17, %c_7, %v_18 : f32
  %v_19 = arith.addf %v_16, %p : f32
  %c_8 = arith.constant 0x7F800000 : f32
  %v_20 = arith.cmpf oeq, %x, %c_8 : f32
  %v_21 = arith.select %v_20, %x, %v_19 : f32
  %v_22 = arith.cmpf oeq, %x, %c_5 : f32
  %c_9 = arith.constant 0xFF800000 : f32
  %v_23 = arith.select %v_22, %c_9, %v_21 : f32
  %v_24 = arith.cmpf olt, %x, %c_5 : f32
  %c_10 = arith.constant 0x7FC00000 : f32
  %v_25 = arith.select %v_24, %c_10, %v_23 : f32
  %v_26 = arith.cmpf uno, %x, %x : f32
  %v_27 = arith.select %v_26, %x, %v_25 : f32
  return %v_27 : f32
}

// log10: log x / ln 10.
func.func private @ropt_log10_f32(%x: f32) -> f32 {
  %c = arith.constant 1.1754943508222875e-38 : f32
  %v = arith.cmpf olt, %x, %c : f32
  %c_1 = arith.constant 33554432.0 : f32
  %v_1 = arith.mulf %x, %c_1 : f32
  %v_2 = arith.select %v, %v_1, %x : f32
  %bits = arith.bitcast %v_2 : f32 to i32
  %i = arith.constant 23 : i32
  %v_3 = arith.shrsi %bits, %i : i32
  %i_1 = arith.constant 127 : i32
  %v_4 = arith.subi %v_3, %i_1 : i32
  %i_2 = arith.constant 25 : i32
  %v_5 = arith.subi %v_4, %i_2 : i32
  %v_6 = arith.select %v, %v_5, %v_4 : i32
  %i_3 = arith.constant 8388607 : i32
  %v_7 = arith.andi %bits, %i_3 : i32
  %i_4 = arith.constant 1065353216 : i32
  %v_8 = arith.ori %v_7, %i_4 : i32
  %v_9 = arith.bitcast %v_8 : i32 to f32
  %c_2 = arith.constant 1.4142135381698608 : f32
  %v_10 = arith.cmpf ogt, %v_9, %c_2 : f32
  %c_3 = arith.constant 0.5 : f32
  %v_11 = arith.mulf %v_9, %c_3 : f32
  %v_12 = arith.select %v_10, %v_11, %v_9 : f32
  %i_5 = arith.constant 1 : i32
  %v_13 = arith.addi %v_6, %i_5 : i32
  %v_14 = arith.select %v_10, %v_13, %v_6 : i32
  %c_4 = arith.constant 1.0 : f32
  %v_15 = arith.subf %v_12, %c_4 : f32
  %v_16 = arith.sitofp %v_14 : i32 to f32
  %v_17 = func.call @ropt_log_near_one_f32(%v_15, %v_16) : (f32, f32) -> f32
  %c_5 = arith.constant -1.0103049952192578e-08 : f32
  %v_18 = arith.mulf %v_17, %c_5 : f32
  %c_6 = arith.constant 0.4342944920063019 : f32
  %p = math.fma %v_17, %c_6, %v_18 : f32
  %c_7 = arith.constant 0x7F800000 : f32
  %v_19 = arith.cmpf oeq, %x, %c_7 : f32
  %v_20 = arith.select %v_19, %x, %p : f32
  %c_8 = arith.constant 0.0 : f32
  %v_21 = arith.cmpf oeq, %x, %c_8 : f32
  %c_9 = arith.constant 0xFF800000 : f32
  %v_22 = arith.select %v_21, %c_9, %v_20 : f32
  %v_23 = arith.cmpf olt, %x, %c_8 : f32
  %c_10 = arith.constant 0x7FC00000 : f32
  %v_24 = arith.select %v_23, %c_10, %v_22 : f32
  %v_25 = arith.cmpf uno, %x, %x : f32
  %v_26 = arith.select %v_25, %x, %v_24 : f32
  return %v_26 : f32
}

// log1p: near 0 as the logarithm of 1 + x whose part behind 1 is known exactly; elsewhere log(1 + x), where the sum's
// rounding does not count for more than an ulp and a half.
func.func private @ropt_log1p_f32(%x: f32) -> f32 {
  %c = arith.constant 1.0 : f32
  %v = arith.addf %x, %c : f32
  %c_1 = arith.constant 1.1754943508222875e-38 : f32
  %v_1 = arith.cmpf olt, %v, %c_1 : f32
  %c_2 = arith.constant 33554432.0 : f32
  %v_2 = arith.mulf %v, %c_2 : f32
  %v_3 = arith.select %v_1, %v_2, %v : f32
  %bits = arith.bitcast %v_3 : f32 to i32
  %i = arith.constant 23 : i32
  %v_4 = arith.shrsi %bits, %i : i32
  %i_1 = arith.constant 127 : i32
  %v_5 = arith.subi %v_4, %i_1 : i32
  %i_2 = arith.constant 25 : i32
  %v_6 = arith.subi %v_5, %i_2 : i32
  %v_7 = arith.select %v_1, %v_6, %v_5 : i32
  %i_3 = arith.constant 8388607 : i32
  %v_8 = arith.andi %bits, %i_3 : i32
  %i_4 = arith.constant 1065353216 : i32
  %v_9 = arith.ori %v_8, %i_4 : i32
  %v_10 = arith.bitcast %v_9 : i32 to f32
  %c_3 = arith.constant 1.4142135381698608 : f32
  %v_11 = arith.cmpf ogt, %v_10, %c_3 : f32
  %c_4 = arith.constant 0.5 : f32
  %v_12 = arith.mulf %v_10, %c_4 : f32
  %v_13 = arith.select %v_11, %v_12, %v_10 : f32
  %i_5 = arith.constant 1 : i32
  %v_14 = arith.addi %v_7, %i_5 : i32
  %v_15 = arith.select %v_11, %v_14, %v_7 : i32
  %v_16 = arith.subf %v_13, %c : f32
  %v_17 = arith.sitofp %v_15 : i32 to f32
  %c_5 = arith.constant -0.2928932309150696 : f32
  %v_18 = arith.cmpf ogt, %x, %c_5 : f32
  %c_6 = arith.constant 0.4142135679721832 : f32
  %v_19 = arith.cmpf olt, %x, %c_6 : f32
  %v_20 = arith.andi %v_18, %v_19 : i1
  %v_21 = arith.select %v_20, %x, %v_16 : f32
  %c_7 = arith.constant 0.0 : f32
  %v_22 = arith.select %v_20, %c_7, %v_17 : f32
  %v_23 = func.call @ropt_log_near_one_f32(%v_21, %v_22) : (f32, f32) -> f32
  %c_8 = arith.constant 0x7F800000 : f32
  %v_24 = arith.cmpf oeq, %v, %c_8 : f32
  %v_25 = arith.select %v_24, %v, %v_23 : f32
  %v_26 = arith.cmpf oeq, %v, %c_7 : f32
  %c_9 = arith.constant 0xFF800000 : f32
  %v_27 = arith.select %v_26, %c_9, %v_25 : f32
  %v_28 = arith.cmpf olt, %v, %c_7 : f32
  %c_10 = arith.constant 0x7FC00000 : f32
  %v_29 = arith.select %v_28, %c_10, %v_27 : f32
  %v_30 = arith.cmpf uno, %v, %v : f32
  %v_31 = arith.select %v_30, %v, %v_29 : f32
  %v_32 = arith.cmpf oeq, %x, %c_7 : f32
  %v_33 = arith.select %v_32, %x, %v_31 : f32
  %v_34 = arith.cmpf uno, %x, %x : f32
  %v_35 = arith.select %v_34, %x, %v_33 : f32
  return %v_35 : f32
}

// asinh: log1p(a + a^2 / (1 + sqrt(a^2 + 1))) with a = |x|; for large a log a + ln 2.
func.func private @ropt_asinh_f32(%x: f32) -> f32 {
  %v = math.absf %x : f32
  %c = arith.constant 8192.0 : f32
  %v_1 = arith.minimumf %v, %c : f32
  %v_2 = arith.mulf %v_1, %v_1 : f32
  %c_1 = arith.constant 1.0 : f32
  %v_3 = arith.addf %v_2, %c_1 : f32
  %v_4 = math.sqrt %v_3 : f32
  %v_5 = arith.addf %v_4, %c_1 : f32
  %v_6 = arith.divf %v_2, %v_5 : f32
  %v_7 = arith.addf %v_1, %v_6 : f32
  %v_8 = func.call @ropt_log1p_f32(%v_7) : (f32) -> f32
  %v_9 = func.call @ropt_log_f32(%v) : (f32) -> f32
  %c_2 = arith.constant 0.6931471824645996 : f32
  %v_10 = arith.addf %v_9, %c_2 : f32
  %v_11 = arith.cmpf olt, %v, %c : f32
  %v_12 = arith.select %v_11, %v_8, %v_10 : f32
  %v_13 = math.copysign %v_12, %x : f32
  %v_14 = arith.cmpf uno, %x, %x : f32
  %v_15 = arith.select %v_14, %x, %v_13 : f32
  return %v_15 : f32
}

// acosh: log1p(t + sqrt(t (t + 2))) with t = x - 1; for large x log x + ln 2.
func.func private @ropt_acosh_f32(%x: f32) -> f32 {
  %c = arith.constant 8192.0 : f32
  %v = arith.minimumf %x, %c : f32
  %c_1 = arith.constant 1.0 : f32
  %v_1 = arith.subf %v, %c_1 : f32
  %c_2 = arith.constant 2.0 : f32
  %v_2 = arith.addf %v_1, %c_2 : f32
  %v_3 = arith.mulf %v_1, %v_2 : f32
  %v_4 = math.sqrt %v_3 : f32
  %v_5 = arith.addf %v_1, %v_4 : f32
  %v_6 = func.call @ropt_log1p_f32(%v_5) : (f32) -> f32
  %v_7 = func.call @ropt_log_f32(%x) : (f32) -> f32
  %c_3 = arith.constant 0.6931471824645996 : f32
  %v_8 = arith.addf %v_7, %c_3 : f32
  %v_9 = arith.cmpf olt, %x, %c : f32
  %v_10 = arith.select %v_9, %v_6, %v_8 : f32
  %v_11 = arith.cmpf olt, %x, %c_1 : f32
  %c_4 = arith.constant 0x7FC00000 : f32
  %v_12 = arith.select %v_11, %c_4, %v_10 : f32
  %v_13 = arith.cmpf uno, %x, %x : f32
  %v_14 = arith.select %v_13, %x, %v_12 : f32
  return %v_14 : f32
}

// atanh: log1p(2a / (1 - a)) / 2 with a = |x|.
func.func private @ropt_atanh_f32(%x: f32) -> f32 {
  %v = math.absf %x : f32
  %v_1 = arith.addf %v, %v : f32
  %c = arith.constant 1.0 : f32
  %v_2 = arith.subf %c, %v : f32
  %v_3 = arith.divf %v_1, %v_2 : f32
  %v_4 = func.call @ropt_log1p_f32(%v_3) : (f32) -> f32
  %c_1 = arith.constant 0.5 : f32
  %v_5 = arith.mulf %v_4, %c_1 : f32
  %v_6 = arith.cmpf oeq, %v, %c : f32
  %c_2 = arith.constant 0x7F800000 : f32
  %v_7 = arith.select %v_6, %c_2, %v_5 : f32
  %v_8 = math.copysign %v_7, %x : f32
  %v_9 = arith.cmpf uno, %x, %x : f32
  %v_10 = arith.select %v_9, %x, %v_8 : f32
  return %v_10 : f32
}
