// Exp, exp2, expm1, and the hyperbolic functions, in single precision.
// Coefficients: Chebyshev fits made for this file with 60 digits.

// exp: x = k ln 2 + r with |r| <= ln 2 / 2, ln 2 in two parts (Cody and Waite); a Chebyshev fit of exp(r), times 2^k in
// two steps, so that subnormal results come out right. The two products with k have no factor in common that a device's
// compiler could take out of their sum.
func.func private @ropt_exp_f32(%x: f32) -> f32 {
  %c = arith.constant 89.0 : f32
  %v = arith.minimumf %x, %c : f32
  %c_1 = arith.constant -104.0 : f32
  %v_1 = arith.maximumf %v, %c_1 : f32
  %c_2 = arith.constant 1.4426950216293335 : f32
  %v_2 = arith.mulf %v_1, %c_2 : f32
  %c_3 = arith.constant 0.5 : f32
  %v_3 = arith.addf %v_2, %c_3 : f32
  %v_4 = math.floor %v_3 : f32
  %k = arith.fptosi %v_4 : f32 to i32
  %v_5 = arith.sitofp %k : i32 to f32
  %i = arith.constant 1 : i32
  %v_6 = arith.shli %k, %i : i32
  %v_7 = arith.sitofp %v_6 : i32 to f32
  %c_4 = arith.constant 0.69140625 : f32
  %v_8 = arith.mulf %v_5, %c_4 : f32
  %v_9 = arith.subf %v_1, %v_8 : f32
  %c_5 = arith.constant 0.0008704653009772301 : f32
  %v_10 = arith.mulf %v_7, %c_5 : f32
  %v_11 = arith.subf %v_9, %v_10 : f32
  %v_12 = arith.mulf %v_11, %v_11 : f32
  %c_6 = arith.constant 0.0013926250394433737 : f32
  %c_7 = arith.constant 0.00836323294788599 : f32
  %p = math.fma %c_6, %v_11, %c_7 : f32
  %c_8 = arith.constant 0.04166655242443085 : f32
  %p_1 = math.fma %p, %v_11, %c_8 : f32
  %c_9 = arith.constant 0.16666576266288757 : f32
  %p_2 = math.fma %p_1, %v_11, %c_9 : f32
  %p_3 = math.fma %p_2, %v_11, %c_3 : f32
  %p_4 = math.fma %v_12, %p_3, %v_11 : f32
  %c_10 = arith.constant 1.0 : f32
  %v_13 = arith.addf %c_10, %p_4 : f32
  %v_14 = arith.shrsi %k, %i : i32
  %v_15 = arith.subi %k, %v_14 : i32
  %i_1 = arith.constant 127 : i32
  %v_16 = arith.addi %v_14, %i_1 : i32
  %i_2 = arith.constant 23 : i32
  %v_17 = arith.shli %v_16, %i_2 : i32
  %v_18 = arith.bitcast %v_17 : i32 to f32
  %v_19 = arith.mulf %v_13, %v_18 : f32
  %v_20 = arith.addi %v_15, %i_1 : i32
  %v_21 = arith.shli %v_20, %i_2 : i32
  %v_22 = arith.bitcast %v_21 : i32 to f32
  %v_23 = arith.mulf %v_19, %v_22 : f32
  %v_24 = arith.cmpf uno, %x, %x : f32
  %v_25 = arith.select %v_24, %x, %v_23 : f32
  return %v_25 : f32
}

// exp2: of the nearest integer by bits, of the rest as exp.
func.func private @ropt_exp2_f32(%x: f32) -> f32 {
  %c = arith.constant 129.0 : f32
  %v = arith.minimumf %x, %c : f32
  %c_1 = arith.constant -155.0 : f32
  %v_1 = arith.maximumf %v, %c_1 : f32
  %c_2 = arith.constant 0.5 : f32
  %v_2 = arith.addf %v_1, %c_2 : f32
  %v_3 = math.floor %v_2 : f32
  %v_4 = arith.subf %v_1, %v_3 : f32
  %c_3 = arith.constant 0.6931471824645996 : f32
  %v_5 = arith.mulf %v_4, %c_3 : f32
  %v_6 = arith.mulf %v_5, %v_5 : f32
  %c_4 = arith.constant 0.0013926250394433737 : f32
  %c_5 = arith.constant 0.00836323294788599 : f32
  %p = math.fma %c_4, %v_5, %c_5 : f32
  %c_6 = arith.constant 0.04166655242443085 : f32
  %p_1 = math.fma %p, %v_5, %c_6 : f32
  %c_7 = arith.constant 0.16666576266288757 : f32
  %p_2 = math.fma %p_1, %v_5, %c_7 : f32
  %p_3 = math.fma %p_2, %v_5, %c_2 : f32
  %p_4 = math.fma %v_6, %p_3, %v_5 : f32
  %c_8 = arith.constant 1.0 : f32
  %v_7 = arith.addf %c_8, %p_4 : f32
  %k = arith.fptosi %v_3 : f32 to i32
  %i = arith.constant 1 : i32
  %v_8 = arith.shrsi %k, %i : i32
  %v_9 = arith.subi %k, %v_8 : i32
  %i_1 = arith.constant 127 : i32
  %v_10 = arith.addi %v_8, %i_1 : i32
  %i_2 = arith.constant 23 : i32
  %v_11 = arith.shli %v_10, %i_2 : i32
  %v_12 = arith.bitcast %v_11 : i32 to f32
  %v_13 = arith.mulf %v_7, %v_12 : f32
  %v_14 = arith.addi %v_9, %i_1 : i32
  %v_15 = arith.shli %v_14, %i_2 : i32
  %v_16 = arith.bitcast %v_15 : i32 to f32
  %v_17 = arith.mulf %v_13, %v_16 : f32
  %v_18 = arith.cmpf uno, %x, %x : f32
  %v_19 = arith.select %v_18, %x, %v_17 : f32
  return %v_19 : f32
}

// expm1: with x = k ln 2 + r as for exp, 2^k (exp(r) - 1) + (2^k - 1); nothing cancels, for the second term is exact
// where it matters. Large results are exp's.
func.func private @ropt_expm1_f32(%x: f32) -> f32 {
  %c = arith.constant 20.0 : f32
  %v = arith.minimumf %x, %c : f32
  %c_1 = arith.constant -60.0 : f32
  %v_1 = arith.maximumf %v, %c_1 : f32
  %c_2 = arith.constant 1.4426950216293335 : f32
  %v_2 = arith.mulf %v_1, %c_2 : f32
  %c_3 = arith.constant 0.5 : f32
  %v_3 = arith.addf %v_2, %c_3 : f32
  %v_4 = math.floor %v_3 : f32
  %k = arith.fptosi %v_4 : f32 to i32
  %v_5 = arith.sitofp %k : i32 to f32
  %i = arith.constant 1 : i32
  %v_6 = arith.shli %k, %i : i32
  %v_7 = arith.sitofp %v_6 : i32 to f32
  %c_4 = arith.constant 0.69140625 : f32
  %v_8 = arith.mulf %v_5, %c_4 : f32
  %v_9 = arith.subf %v_1, %v_8 : f32
  %c_5 = arith.constant 0.0008704653009772301 : f32
  %v_10 = arith.mulf %v_7, %c_5 : f32
  %v_11 = arith.subf %v_9, %v_10 : f32
  %i_1 = arith.constant 127 : i32
  %v_12 = arith.addi %k, %i_1 : i32
  %i_2 = arith.constant 23 : i32
  %v_13 = arith.shli %v_12, %i_2 : i32
  %v_14 = arith.bitcast %v_13 : i32 to f32
  %v_15 = arith.mulf %v_11, %v_11 : f32
  %c_6 = arith.constant 0.0013926250394433737 : f32
  %c_7 = arith.constant 0.00836323294788599 : f32
  %p = math.fma %c_6, %v_11, %c_7 : f32
  %c_8 = arith.constant 0.04166655242443085 : f32
  %p_1 = math.fma %p, %v_11, %c_8 : f32
  %c_9 = arith.constant 0.16666576266288757 : f32
  %p_2 = math.fma %p_1, %v_11, %c_9 : f32
  %p_3 = math.fma %p_2, %v_11, %c_3 : f32
  %p_4 = math.fma %v_15, %p_3, %v_11 : f32
  %c_10 = arith.constant 1.0 : f32
  %v_16 = arith.subf %v_14, %c_10 : f32
  %p_5 = math.fma %p_4, %v_14, %v_16 : f32
  %v_17 = arith.cmpf ogt, %x, %c : f32
  %v_18 = func.call @ropt_exp_f32(%x) : (f32) -> f32
  %v_19 = arith.select %v_17, %v_18, %p_5 : f32
  %c_11 = arith.constant 0.0 : f32
  %v_20 = arith.cmpf oeq, %x, %c_11 : f32
  %v_21 = arith.select %v_20, %x, %v_19 : f32
  %v_22 = arith.cmpf uno, %x, %x : f32
  %v_23 = arith.select %v_22, %x, %v_21 : f32
  return %v_23 : f32
}

// tanh: below 0.62 an odd polynomial, from there on 1 - 2 / (exp(2|x|) + 1), in which the quotient's error counts half.
func.func private @ropt_tanh_f32(%x: f32) -> f32 {
  %v = math.absf %x : f32
  %z = arith.mulf %v, %v : f32
  %c = arith.constant 0.0022460035979747772 : f32
  %c_1 = arith.constant -0.008301695808768272 : f32
  %p = math.fma %c, %z, %c_1 : f32
  %c_2 = arith.constant 0.021755700930953026 : f32
  %p_1 = math.fma %p, %z, %c_2 : f32
  %c_3 = arith.constant -0.05395759642124176 : f32
  %p_2 = math.fma %p_1, %z, %c_3 : f32
  %c_4 = arith.constant 0.1333329677581787 : f32
  %p_3 = math.fma %p_2, %z, %c_4 : f32
  %c_5 = arith.constant -0.3333333432674408 : f32
  %p_4 = math.fma %p_3, %z, %c_5 : f32
  %v_1 = arith.mulf %p_4, %z : f32
  %near = math.fma %v, %v_1, %v : f32
  %c_6 = arith.constant 10.0 : f32
  %v_2 = arith.minimumf %v, %c_6 : f32
  %v_3 = arith.addf %v_2, %v_2 : f32
  %v_4 = func.call @ropt_exp_f32(%v_3) : (f32) -> f32
  %c_7 = arith.constant 1.0 : f32
  %v_5 = arith.addf %v_4, %c_7 : f32
  %c_8 = arith.constant 2.0 : f32
  %v_6 = arith.divf %c_8, %v_5 : f32
  %far = arith.subf %c_7, %v_6 : f32
  %c_9 = arith.constant 0.62 : f32
  %v_7 = arith.cmpf olt, %v, %c_9 : f32
  %v_8 = arith.select %v_7, %near, %far : f32
  %v_9 = math.copysign %v_8, %x : f32
  %v_10 = arith.cmpf uno, %x, %x : f32
  %v_11 = arith.select %v_10, %x, %v_9 : f32
  return %v_11 : f32
}

// sinh: (t + t / (t + 1)) / 2 with t = exp|x| - 1; for large |x|, exp(|x|/2) exp(|x|/2) / 2.
func.func private @ropt_sinh_f32(%x: f32) -> f32 {
  %v = math.absf %x : f32
  %c = arith.constant 30.0 : f32
  %v_1 = arith.minimumf %v, %c : f32
  %v_2 = func.call @ropt_expm1_f32(%v_1) : (f32) -> f32
  %c_1 = arith.constant 1.0 : f32
  %v_3 = arith.addf %v_2, %c_1 : f32
  %v_4 = arith.divf %v_2, %v_3 : f32
  %v_5 = arith.addf %v_2, %v_4 : f32
  %c_2 = arith.constant 0.5 : f32
  %v_6 = arith.mulf %v_5, %c_2 : f32
  %v_7 = arith.mulf %v, %c_2 : f32
  %v_8 = func.call @ropt_exp_f32(%v_7) : (f32) -> f32
  %v_9 = arith.cmpf olt, %v, %c : f32
  %v_10 = arith.mulf %v_8, %c_2 : f32
  %v_11 = arith.mulf %v_10, %v_8 : f32
  %v_12 = arith.select %v_9, %v_6, %v_11 : f32
  %v_13 = math.copysign %v_12, %x : f32
  %v_14 = arith.cmpf uno, %x, %x : f32
  %v_15 = arith.select %v_14, %x, %v_13 : f32
  return %v_15 : f32
}

// cosh: (e + 1 / e) / 2 with e = exp|x|; for large |x| as sinh.
func.func private @ropt_cosh_f32(%x: f32) -> f32 {
  %v = math.absf %x : f32
  %c = arith.constant 30.0 : f32
  %v_1 = arith.minimumf %v, %c : f32
  %v_2 = func.call @ropt_exp_f32(%v_1) : (f32) -> f32
  %c_1 = arith.constant 1.0 : f32
  %v_3 = arith.divf %c_1, %v_2 : f32
  %v_4 = arith.addf %v_2, %v_3 : f32
  %c_2 = arith.constant 0.5 : f32
  %v_5 = arith.mulf %v_4, %c_2 : f32
  %v_6 = arith.mulf %v, %c_2 : f32
  %v_7 = func.call @ropt_exp_f32(%v_6) : (f32) -> f32
  %v_8 = arith.cmpf olt, %v, %c : f32
  %v_9 = arith.mulf %v_7, %c_2 : f32
  %v_10 = arith.mulf %v_9, %v_7 : f32
  %v_11 = arith.select %v_8, %v_5, %v_10 : f32
  %v_12 = arith.cmpf uno, %x, %x : f32
  %v_13 = arith.select %v_12, %x, %v_11 : f32
  return %v_13 : f32
}
