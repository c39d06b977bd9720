// Exp2, expm1, and the hyperbolic functions, in double precision.
// Coefficients: Chebyshev fits made for this file with 60 digits.

// exp2: of the nearest integer by bits, of the rest as exp.
func.func private @ropt_exp2_f64(%x: f64) -> f64 {
  %c = arith.constant 1025.0 : f64
  %v = arith.minimumf %x, %c : f64
  %c_1 = arith.constant -1080.0 : f64
  %v_1 = arith.maximumf %v, %c_1 : f64
  %c_2 = arith.constant 0.5 : f64
  %v_2 = arith.addf %v_1, %c_2 : f64
  %v_3 = math.floor %v_2 : f64
  %v_4 = arith.subf %v_1, %v_3 : f64
  %c_3 = arith.constant 0.6931471805599453 : f64
  %v_5 = arith.mulf %v_4, %c_3 : f64
  %v_6 = arith.mulf %v_5, %v_5 : f64
  %c_4 = arith.constant 1.6086677666787362e-10 : f64
  %c_5 = arith.constant 2.091821231913398e-09 : f64
  %p = math.fma %c_4, %v_5, %c_5 : f64
  %c_6 = arith.constant 2.5052070959803662e-08 : f64
  %p_1 = math.fma %p, %v_5, %c_6 : f64
  %c_7 = arith.constant 2.755726307730941e-07 : f64
  %p_2 = math.fma %p_1, %v_5, %c_7 : f64
  %c_8 = arith.constant 2.7557319247344507e-06 : f64
  %p_3 = math.fma %p_2, %v_5, %c_8 : f64
  %c_9 = arith.constant 2.480158733663095e-05 : f64
  %p_4 = math.fma %p_3, %v_5, %c_9 : f64
  %c_10 = arith.constant 0.00019841269841263252 : f64
  %p_5 = math.fma %p_4, %v_5, %c_10 : f64
  %c_11 = arith.constant 0.0013888888888879004 : f64
  %p_6 = math.fma %p_5, %v_5, %c_11 : f64
  %c_12 = arith.constant 0.008333333333333333 : f64
  %p_7 = math.fma %p_6, %v_5, %c_12 : f64
  %c_13 = arith.constant 0.04166666666666668 : f64
  %p_8 = math.fma %p_7, %v_5, %c_13 : f64
  %c_14 = arith.constant 0.16666666666666666 : f64
  %p_9 = math.fma %p_8, %v_5, %c_14 : f64
  %p_10 = math.fma %p_9, %v_5, %c_2 : f64
  %p_11 = math.fma %v_6, %p_10, %v_5 : f64
  %c_15 = arith.constant 1.0 : f64
  %v_7 = arith.addf %c_15, %p_11 : f64
  %k = arith.fptosi %v_3 : f64 to i32
  %i = arith.constant 1 : i32
  %v_8 = arith.shrsi %k, %i : i32
  %v_9 = arith.subi %k, %v_8 : i32
  %i_1 = arith.constant 1023 : i32
  %v_10 = arith.addi %v_8, %i_1 : i32
  %v_11 = arith.extsi %v_10 : i32 to i64
  %i_2 = arith.constant 52 : i64
  %v_12 = arith.shli %v_11, %i_2 : i64
  %v_13 = arith.bitcast %v_12 : i64 to f64
  %v_14 = arith.mulf %v_7, %v_13 : f64
  %v_15 = arith.addi %v_9, %i_1 : i32
  %v_16 = arith.extsi %v_15 : i32 to i64
  %v_17 = arith.shli %v_16, %i_2 : i64
  %v_18 = arith.bitcast %v_17 : i64 to f64
  %v_19 = arith.mulf %v_14, %v_18 : f64
  %v_20 = arith.cmpf uno, %x, %x : f64
  %v_21 = arith.select %v_20, %x, %v_19 : f64
  return %v_21 : f64
}

// expm1: with x = k ln 2 + r as for exp, 2^k (exp(r) - 1) + (2^k - 1); nothing cancels, for the second term is exact
// where it matters. Large results are exp's.
func.func private @ropt_expm1_f64(%x: f64) -> f64 {
  %c = arith.constant 40.0 : f64
  %v = arith.minimumf %x, %c : f64
  %c_1 = arith.constant -60.0 : f64
  %v_1 = arith.maximumf %v, %c_1 : f64
  %c_2 = arith.constant 1.4426950408889634 : f64
  %v_2 = arith.mulf %v_1, %c_2 : f64
  %c_3 = arith.constant 0.5 : f64
  %v_3 = arith.addf %v_2, %c_3 : f64
  %v_4 = math.floor %v_3 : f64
  %k = arith.fptosi %v_4 : f64 to i32
  %v_5 = arith.sitofp %k : i32 to f64
  %i = arith.constant 1 : i32
  %v_6 = arith.shli %k, %i : i32
  %v_7 = arith.sitofp %v_6 : i32 to f64
  %c_4 = arith.constant 0.6931471803691238 : f64
  %v_8 = arith.mulf %v_5, %c_4 : f64
  %v_9 = arith.subf %v_1, %v_8 : f64
  %c_5 = arith.constant 9.541074646352939e-11 : f64
  %v_10 = arith.mulf %v_7, %c_5 : f64
  %v_11 = arith.subf %v_9, %v_10 : f64
  %i_1 = arith.constant 1023 : i32
  %v_12 = arith.addi %k, %i_1 : i32
  %v_13 = arith.extsi %v_12 : i32 to i64
  %i_2 = arith.constant 52 : i64
  %v_14 = arith.shli %v_13, %i_2 : i64
  %v_15 = arith.bitcast %v_14 : i64 to f64
  %v_16 = arith.mulf %v_11, %v_11 : f64
  %c_6 = arith.constant 1.6086677666787362e-10 : f64
  %c_7 = arith.constant 2.091821231913398e-09 : f64
  %p = math.fma %c_6, %v_11, %c_7 : f64
  %c_8 = arith.constant 2.5052070959803662e-08 : f64
  %p_1 = math.fma %p, %v_11, %c_8 : f64
  %c_9 = arith.constant 2.755726307730941e-07 : f64
  %p_2 = math.fma %p_1, %v_11, %c_9 : f64
  %c_10 = arith.constant 2.7557319247344507e-06 : f64
  %p_3 = math.fma %p_2, %v_11, %c_10 : f64
  %c_11 = arith.constant 2.480158733663095e-05 : f64
  %p_4 = math.fma %p_3, %v_11, %c_11 : f64
  %c_12 = arith.constant 0.00019841269841263252 : f64
  %p_5 = math.fma %p_4, %v_11, %c_12 : f64
  %c_13 = arith.constant 0.0013888888888879004 : f64
  %p_6 = math.fma %p_5, %v_11, %c_13 : f64
  %c_14 = arith.constant 0.008333333333333333 : f64
  %p_7 = math.fma %p_6, %v_11, %c_14 : f64
  %c_15 = arith.constant 0.04166666666666668 : f64
  %p_8 = math.fma %p_7, %v_11, %c_15 : f64
  %c_16 = arith.constant 0.16666666666666666 : f64
  %p_9 = math.fma %p_8, %v_11, %c_16 : f64
  %p_10 = math.fma %p_9, %v_11, %c_3 : f64
  %p_11 = math.fma %v_16, %p_10, %v_11 : f64
  %c_17 = arith.constant 1.0 : f64
  %v_17 = arith.subf %v_15, %c_17 : f64
  %p_12 = math.fma %p_11, %v_15, %v_17 : f64
  %v_18 = arith.cmpf ogt, %x, %c : f64
  %v_19 = func.call @ropt_exp_f64(%x) : (f64) -> f64
  %v_20 = arith.select %v_18, %v_19, %p_12 : f64
  %c_18 = arith.constant 0.0 : f64
  %v_21 = arith.cmpf oeq, %x, %c_18 : f64
  %v_22 = arith.select %v_21, %x, %v_20 : f64
  %v_23 = arith.cmpf uno, %x, %x : f64
  %v_24 = arith.select %v_23, %x, %v_22 : f64
  return %v_24 : f64
}

// tanh: t / (t + 2) with t = exp(2|x|) - 1.
func.func private @ropt_tanh_f64(%x: f64) -> f64 {
  %v = math.absf %x : f64
  %c = arith.constant 20.0 : f64
  %v_1 = arith.minimumf %v, %c : f64
  %v_2 = arith.addf %v_1, %v_1 : f64
  %v_3 = func.call @ropt_expm1_f64(%v_2) : (f64) -> f64
  %c_1 = arith.constant 2.0 : f64
  %v_4 = arith.addf %v_3, %c_1 : f64
  %v_5 = arith.divf %v_3, %v_4 : f64
  %v_6 = math.copysign %v_5, %x : f64
  %v_7 = arith.cmpf uno, %x, %x : f64
  %v_8 = arith.select %v_7, %x, %v_6 : f64
  return %v_8 : f64
}

// sinh: (t + t / (t + 1)) / 2 with t = exp|x| - 1; for large |x|, exp(|x|/2) exp(|x|/2) / 2.
func.func private @ropt_sinh_f64(%x: f64) -> f64 {
  %v = math.absf %x : f64
  %c = arith.constant 30.0 : f64
  %v_1 = arith.minimumf %v, %c : f64
  %v_2 = func.call @ropt_expm1_f64(%v_1) : (f64) -> f64
  %c_1 = arith.constant 1.0 : f64
  %v_3 = arith.addf %v_2, %c_1 : f64
  %v_4 = arith.divf %v_2, %v_3 : f64
  %v_5 = arith.addf %v_2, %v_4 : f64
  %c_2 = arith.constant 0.5 : f64
  %v_6 = arith.mulf %v_5, %c_2 : f64
  %v_7 = arith.mulf %v, %c_2 : f64
  %v_8 = func.call @ropt_exp_f64(%v_7) : (f64) -> f64
  %v_9 = arith.cmpf olt, %v, %c : f64
  %v_10 = arith.mulf %v_8, %c_2 : f64
  %v_11 = arith.mulf %v_10, %v_8 : f64
  %v_12 = arith.select %v_9, %v_6, %v_11 : f64
  %v_13 = math.copysign %v_12, %x : f64
  %v_14 = arith.cmpf uno, %x, %x : f64
  %v_15 = arith.select %v_14, %x, %v_13 : f64
  return %v_15 : f64
}

// cosh: (e + 1 / e) / 2 with e = exp|x|; for large |x| as sinh.
func.func private @ropt_cosh_f64(%x: f64) -> f64 {
  %v = math.absf %x : f64
  %c = arith.constant 30.0 : f64
  %v_1 = arith.minimumf %v, %c : f64
  %v_2 = func.call @ropt_exp_f64(%v_1) : (f64) -> f64
  %c_1 = arith.constant 1.0 : f64
  %v_3 = arith.divf %c_1, %v_2 : f64
  %v_4 = arith.addf %v_2, %v_3 : f64
  %c_2 = arith.constant 0.5 : f64
  %v_5 = arith.mulf %v_4, %c_2 : f64
  %v_6 = arith.mulf %v, %c_2 : f64
  %v_7 = func.call @ropt_exp_f64(%v_6) : (f64) -> f64
  %v_8 = arith.cmpf olt, %v, %c : f64
  %v_9 = arith.mulf %v_7, %c_2 : f64
  %v_10 = arith.mulf %v_9, %v_7 : f64
  %v_11 = arith.select %v_8, %v_5, %v_10 : f64
  %v_12 = arith.cmpf uno, %x, %x : f64
  %v_13 = arith.select %v_12, %x, %v_11 : f64
  return %v_13 : f64
}
