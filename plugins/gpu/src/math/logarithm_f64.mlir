// Logarithms, and the inverse hyperbolic functions that are made of them, in double precision.
// Coefficients: Chebyshev fits made for this file with 60 digits.

// log(1 + f) + e ln 2 for f in [sqrt 1/2 - 1, sqrt 2 - 1]: with s = f / (2 + f), log(1 + f) = f - f^2/2 + s (f^2/2 + R),
// R an even polynomial of s: f is exact, and what is subtracted from it small. ln 2 in two parts.
func.func private @ropt_log_near_one_f64(%f: f64, %e: f64) -> f64 {
  %c = arith.constant 2.0 : f64
  %v = arith.addf %f, %c : f64
  %v_1 = arith.divf %f, %v : f64
  %v_2 = arith.mulf %v_1, %v_1 : f64
  %c_1 = arith.constant 0.11882627381096524 : f64
  %c_2 = arith.constant 0.1168805409426866 : f64
  %p = math.fma %c_1, %v_2, %c_2 : f64
  %c_3 = arith.constant 0.13335641774000268 : f64
  %p_1 = math.fma %p, %v_2, %c_3 : f64
  %c_4 = arith.constant 0.15384575060560599 : f64
  %p_2 = math.fma %p_1, %v_2, %c_4 : f64
  %c_5 = arith.constant 0.1818181859457047 : f64
  %p_3 = math.fma %p_2, %v_2, %c_5 : f64
  %c_6 = arith.constant 0.22222222219852464 : f64
  %p_4 = math.fma %p_3, %v_2, %c_6 : f64
  %c_7 = arith.constant 0.2857142857143538 : f64
  %p_5 = math.fma %p_4, %v_2, %c_7 : f64
  %c_8 = arith.constant 0.3999999999999999 : f64
  %p_6 = math.fma %p_5, %v_2, %c_8 : f64
  %c_9 = arith.constant 0.6666666666666666 : f64
  %p_7 = math.fma %p_6, %v_2, %c_9 : f64
  %v_3 = arith.mulf %v_2, %p_7 : f64
  %c_10 = arith.constant 0.5 : f64
  %v_4 = arith.mulf %f, %c_10 : f64
  %v_5 = arith.mulf %v_4, %f : f64
  %v_6 = arith.addf %v_5, %v_3 : f64
  %c_11 = arith.constant 1.9082149292705877e-10 : f64
  %v_7 = arith.mulf %e, %c_11 : f64
  %p_8 = math.fma %v_1, %v_6, %v_7 : f64
  %v_8 = arith.subf %v_5, %p_8 : f64
  %v_9 = arith.subf %f, %v_8 : f64
  %c_12 = arith.constant 0.6931471803691238 : f64
  %p_9 = math.fma %e, %c_12, %v_9 : f64
  return %p_9 : f64
}

// log2: e + log m / ln 2, so that powers of two are exact.
func.func private @ropt_log2_f64(%x: f64) -> f64 {
  %c = arith.constant 2.2250738585072014e-308 : f64
  %v = arith.cmpf olt, %x, %c : f64
  %c_1 = arith.constant 1.8014398509481984e+16 : f64
  %v_1 = arith.mulf %x, %c_1 : f64
  %v_2 = arith.select %v, %v_1, %x : f64
  %bits = arith.bitcast %v_2 : f64 to i64
  %i = arith.constant 52 : i64
  %v_3 = arith.shrsi %bits, %i : i64
  %v_4 = arith.trunci %v_3 : i64 to i32
  %i_1 = arith.constant 1023 : i32
  %v_5 = arith.subi %v_4, %i_1 : i32
  %i_2 = arith.constant 54 : i32
  %v_6 = arith.subi %v_5, %i_2 : i32
  %v_7 = arith.select %v, %v_6, %v_5 : i32
  %i_3 = arith.constant 4503599627370495 : i64
  %v_8 = arith.andi %bits, %i_3 : i64
  %i_4 = arith.constant 4607182418800017408 : i64
  %v_9 = arith.ori %v_8, %i_4 : i64
  %v_10 = arith.bitcast %v_9 : i64 to f64
  %c_2 = arith.constant 1.4142135623730951 : f64
  %v_11 = arith.cmpf ogt, %v_10, %c_2 : f64
  %c_3 = arith.constant 0.5 : f64
  %v_12 = arith.mulf %v_10, %c_3 : f64
  %v_13 = arith.select %v_11, %v_12, %v_10 : f64
  %i_5 = arith.constant 1 : i32
  %v_14 = arith.addi %v_7, %i_5 : i32
  %v_15 = arith.select %v_11, %v_14, %v_7 : i32
  %c_4 = arith.constant 1.0 : f64
  %v_16 = arith.subf %v_13, %c_4 : f64
  %v_17 = arith.sitofp %v_15 : i32 to f64
  %c_5 = arith.constant 0.0 : f64
  %v_18 = func.call @ropt_log_near_one_f64(%v_16, %c_5) : (f64, f64) -> f64
  %c_6 = arith.constant 2.0355273740931033e-17 : f64
  %v_19 = arith.mulf %v_18, %c_6 : f64
  %c_7 = arith.constant 1.4426950408889634 : f64
  %p = math.fma %v_18, %c_7, %v_19 : f64
  %v_20 = arith.addf %v_17, %p : f64
  %c_8 = arith.constant 0x7FF0000000000000 : f64
  %v_21 = arith.cmpf oeq, %x, %c_8 : f64
  %v_22 = arith.select %v_21, %x, %v_20 : f64
  %v_23 = arith.cmpf oeq, %x, %c_5 : f64
  %c_9 = arith.constant 0xFFF0000000000000 : f64
  %v_24 = arith.select %v_23, %c_9, %v_22 : f64
  %v_25 = arith.cmpf olt, %x, %c_5 : f64
  %c_10 = arith.constant 0x7FF8000000000000 : f64
  %v_26 = arith.select %v_25, %c_10, %v_24 : f64
  %v_27 = arith.cmpf uno, %x, %x : f64
  %v_28 = arith.select %v_27, %x, %v_26 : f64
  return %v_28 : f64
}

// log10: log x / ln 10.
func.func private @ropt_log10_f64(%x: f64) -> f64 {
  %c = arith.constant 2.2250738585072014e-308 : f64
  %v = arith.cmpf olt, %x, %c : f64
  %c_1 = arith.constant 1.8014398509481984e+16 : f64
  %v_1 = arith.mulf %x, %c_1 : f64
  %v_2 = arith.select %v, %v_1, %x : f64
  %bits = arith.bitcast %v_2 : f64 to i64
  %i = arith.constant 52 : i64
  %v_3 = arith.shrsi %bits, %i : i64
  %v_4 = arith.trunci %v_3 : i64 to i32
  %i_1 = arith.constant 1023 : i32
  %v_5 = arith.subi %v_4, %i_1 : i32
  %i_2 = arith.constant 54 : i32
  %v_6 = arith.subi %v_5, %i_2 : i32
  %v_7 = arith.select %v, %v_6, %v_5 : i32
  %i_3 = arith.constant 4503599627370495 : i64
  %v_8 = arith.andi %bits, %i_3 : i64
  %i_4 = arith.constant 4607182418800017408 : i64
  %v_9 = arith.ori %v_8, %i_4 : i64
  %v_10 = arith.bitcast %v_9 : i64 to f64
  %c_2 = arith.constant 1.4142135623730951 : f64
  %v_11 = arith.cmpf ogt, %v_10, %c_2 : f64
  %c_3 = arith.constant 0.5 : f64
  %v_12 = arith.mulf %v_10, %c_3 : f64
  %v_13 = arith.select %v_11, %v_12, %v_10 : f64
  %i_5 = arith.constant 1 : i32
  %v_14 = arith.addi %v_7, %i_5 : i32
  %v_15 = arith.select %v_11, %v_14, %v_7 : i32
  %c_4 = arith.constant 1.0 : f64
  %v_16 = arith.subf %v_13, %c_4 : f64
  %v_17 = arith.sitofp %v_15 : i32 to f64
  %v_18 = func.call @ropt_log_near_one_f64(%v_16, %v_17) : (f64, f64) -> f64
  %c_5 = arith.constant 1.098319650216765e-17 : f64
  %v_19 = arith.mulf %v_18, %c_5 : f64
  %c_6 = arith.constant 0.4342944819032518 : f64
  %p = math.fma %v_18, %c_6, %v_19 : f64
  %c_7 = arith.constant 0x7FF0000000000000 : f64
  %v_20 = arith.cmpf oeq, %x, %c_7 : f64
  %v_21 = arith.select %v_20, %x, %p : f64
  %c_8 = arith.constant 0.0 : f64
  %v_22 = arith.cmpf oeq, %x, %c_8 : f64
  %c_9 = arith.constant 0xFFF0000000000000 : f64
  %v_23 = arith.select %v_22, %c_9, %v_21 : f64
  %v_24 = arith.cmpf olt, %x, %c_8 : f64
  %c_10 = arith.constant 0x7FF8000000000000 : f64
  %v_25 = arith.select %v_24, %c_10, %v_23 : f64
  %v_26 = arith.cmpf uno, %x, %x : f64
  %v_27 = arith.select %v_26, %x, %v_25 : f64
  return %v_27 : f64
}

// log1p: near 0 as the logarithm of 1 + x whose part behind 1 is known exactly; elsewhere log(1 + x), where the sum's
// rounding does not count for more than an ulp and a half.
func.func private @ropt_log1p_f64(%x: f64) -> f64 {
  %c = arith.constant 1.0 : f64
  %v = arith.addf %x, %c : f64
  %c_1 = arith.constant 2.2250738585072014e-308 : f64
  %v_1 = arith.cmpf olt, %v, %c_1 : f64
  %c_2 = arith.constant 1.8014398509481984e+16 : f64
  %v_2 = arith.mulf %v, %c_2 : f64
  %v_3 = arith.select %v_1, %v_2, %v : f64
  %bits = arith.bitcast %v_3 : f64 to i64
  %i = arith.constant 52 : i64
  %v_4 = arith.shrsi %bits, %i : i64
  %v_5 = arith.trunci %v_4 : i64 to i32
  %i_1 = arith.constant 1023 : i32
  %v_6 = arith.subi %v_5, %i_1 : i32
  %i_2 = arith.constant 54 : i32
  %v_7 = arith.subi %v_6, %i_2 : i32
  %v_8 = arith.select %v_1, %v_7, %v_6 : i32
  %i_3 = arith.constant 4503599627370495 : i64
  %v_9 = arith.andi %bits, %i_3 : i64
  %i_4 = arith.constant 4607182418800017408 : i64
  %v_10 = arith.ori %v_9, %i_4 : i64
  %v_11 = arith.bitcast %v_10 : i64 to f64
  %c_3 = arith.constant 1.4142135623730951 : f64
  %v_12 = arith.cmpf ogt, %v_11, %c_3 : f64
  %c_4 = arith.constant 0.5 : f64
  %v_13 = arith.mulf %v_11, %c_4 : f64
  %v_14 = arith.select %v_12, %v_13, %v_11 : f64
  %i_5 = arith.constant 1 : i32
  %v_15 = arith.addi %v_8, %i_5 : i32
  %v_16 = arith.select %v_12, %v_15, %v_8 : i32
  %v_17 = arith.subf %v_14, %c : f64
  %v_18 = arith.sitofp %v_16 : i32 to f64
  %c_5 = arith.constant -0.2928932188134525 : f64
  %v_19 = arith.cmpf ogt, %x, %c_5 : f64
  %c_6 = arith.constant 0.41421356237309503 : f64
  %v_20 = arith.cmpf olt, %x, %c_6 : f64
  %v_21 = arith.andi %v_19, %v_20 : i1
  %v_22 = arith.select %v_21, %x, %v_17 : f64
  %c_7 = arith.constant 0.0 : f64
  %v_23 = arith.select %v_21, %c_7, %v_18 : f64
  %v_24 = func.call @ropt_log_near_one_f64(%v_22, %v_23) : (f64, f64) -> f64
  %c_8 = arith.constant 0x7FF0000000000000 : f64
  %v_25 = arith.cmpf oeq, %v, %c_8 : f64
  %v_26 = arith.select %v_25, %v, %v_24 : f64
  %v_27 = arith.cmpf oeq, %v, %c_7 : f64
  %c_9 = arith.constant 0xFFF0000000000000 : f64
  %v_28 = arith.select %v_27, %c_9, %v_26 : f64
  %v_29 = arith.cmpf olt, %v, %c_7 : f64
  %c_10 = arith.constant 0x7FF8000000000000 : f64
  %v_30 = arith.select %v_29, %c_10, %v_28 : f64
  %v_31 = arith.cmpf uno, %v, %v : f64
  %v_32 = arith.select %v_31, %v, %v_30 : f64
  %v_33 = arith.cmpf oeq, %x, %c_7 : f64
  %v_34 = arith.select %v_33, %x, %v_32 : f64
  %v_35 = arith.cmpf uno, %x, %x : f64
  %v_36 = arith.select %v_35, %x, %v_34 : f64
  return %v_36 : f64
}

// asinh: log1p(a + a^2 / (1 + sqrt(a^2 + 1))) with a = |x|; for large a log a + ln 2.
func.func private @ropt_asinh_f64(%x: f64) -> f64 {
  %v = math.absf %x : f64
  %c = arith.constant 268435456.0 : f64
  %v_1 = arith.minimumf %v, %c : f64
  %v_2 = arith.mulf %v_1, %v_1 : f64
  %c_1 = arith.constant 1.0 : f64
  %v_3 = arith.addf %v_2, %c_1 : f64
  %v_4 = math.sqrt %v_3 : f64
  %v_5 = arith.addf %v_4, %c_1 : f64
  %v_6 = arith.divf %v_2, %v_5 : f64
  %v_7 = arith.addf %v_1, %v_6 : f64
  %v_8 = func.call @ropt_log1p_f64(%v_7) : (f64) -> f64
  %v_9 = func.call @ropt_log_f64(%v) : (f64) -> f64
  %c_2 = arith.constant 0.6931471805599453 : f64
  %v_10 = arith.addf %v_9, %c_2 : f64
  %v_11 = arith.cmpf olt, %v, %c : f64
  %v_12 = arith.select %v_11, %v_8, %v_10 : f64
  %v_13 = math.copysign %v_12, %x : f64
  %v_14 = arith.cmpf uno, %x, %x : f64
  %v_15 = arith.select %v_14, %x, %v_13 : f64
  return %v_15 : f64
}

// acosh: log1p(t + sqrt(t (t + 2))) with t = x - 1; for large x log x + ln 2.
func.func private @ropt_acosh_f64(%x: f64) -> f64 {
  %c = arith.constant 268435456.0 : f64
  %v = arith.minimumf %x, %c : f64
  %c_1 = arith.constant 1.0 : f64
  %v_1 = arith.subf %v, %c_1 : f64
  %c_2 = arith.constant 2.0 : f64
  %v_2 = arith.addf %v_1, %c_2 : f64
  %v_3 = arith.mulf %v_1, %v_2 : f64
  %v_4 = math.sqrt %v_3 : f64
  %v_5 = arith.addf %v_1, %v_4 : f64
  %v_6 = func.call @ropt_log1p_f64(%v_5) : (f64) -> f64
  %v_7 = func.call @ropt_log_f64(%x) : (f64) -> f64
  %c_3 = arith.constant 0.6931471805599453 : f64
  %v_8 = arith.addf %v_7, %c_3 : f64
  %v_9 = arith.cmpf olt, %x, %c : f64
  %v_10 = arith.select %v_9, %v_6, %v_8 : f64
  %v_11 = arith.cmpf olt, %x, %c_1 : f64
  %c_4 = arith.constant 0x7FF8000000000000 : f64
  %v_12 = arith.select %v_11, %c_4, %v_10 : f64
  %v_13 = arith.cmpf uno, %x, %x : f64
  %v_14 = arith.select %v_13, %x, %v_12 : f64
  return %v_14 : f64
}

// atanh: log1p(2a / (1 - a)) / 2 with a = |x|.
func.func private @ropt_atanh_f64(%x: f64) -> f64 {
  %v = math.absf %x : f64
  %v_1 = arith.addf %v, %v : f64
  %c = arith.constant 1.0 : f64
  %v_2 = arith.subf %c, %v : f64
  %v_3 = arith.divf %v_1, %v_2 : f64
  %v_4 = func.call @ropt_log1p_f64(%v_3) : (f64) -> f64
  %c_1 = arith.constant 0.5 : f64
  %v_5 = arith.mulf %v_4, %c_1 : f64
  %v_6 = arith.cmpf oeq, %v, %c : f64
  %c_2 = arith.constant 0x7FF0000000000000 : f64
  %v_7 = arith.select %v_6, %c_2, %v_5 : f64
  %v_8 = math.copysign %v_7, %x : f64
  %v_9 = arith.cmpf uno, %x, %x : f64
  %v_10 = arith.select %v_9, %x, %v_8 : f64
  return %v_10 : f64
}
