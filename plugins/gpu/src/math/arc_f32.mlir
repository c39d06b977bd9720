// The inverse circular functions, in single precision.
// Coefficients: Chebyshev fits made for this file with 60 digits.

// atan(n / d) for 0 <= n <= d: above tan(pi/8), pi/4 + atan((n - d) / (n + d)); then an odd polynomial.
func.func private @ropt_atan_ratio_f32(%n: f32, %d: f32) -> f32 {
  %c = arith.constant 0.4142135679721832 : f32
  %v = arith.mulf %d, %c : f32
  %v_1 = arith.cmpf ogt, %n, %v : f32
  %v_2 = arith.subf %n, %d : f32
  %v_3 = arith.select %v_1, %v_2, %n : f32
  %v_4 = arith.addf %n, %d : f32
  %v_5 = arith.select %v_1, %v_4, %d : f32
  %v_6 = arith.divf %v_3, %v_5 : f32
  %v_7 = arith.mulf %v_6, %v_6 : f32
  %v_8 = arith.mulf %v_6, %v_7 : f32
  %c_1 = arith.constant 0.05046128109097481 : f32
  %c_2 = arith.constant -0.08623896539211273 : f32
  %p = math.fma %c_1, %v_7, %c_2 : f32
  %c_3 = arith.constant 0.11071260273456573 : f32
  %p_1 = math.fma %p, %v_7, %c_3 : f32
  %c_4 = arith.constant -0.14284145832061768 : f32
  %p_2 = math.fma %p_1, %v_7, %c_4 : f32
  %c_5 = arith.constant 0.19999976456165314 : f32
  %p_3 = math.fma %p_2, %v_7, %c_5 : f32
  %c_6 = arith.constant -0.3333333432674408 : f32
  %p_4 = math.fma %p_3, %v_7, %c_6 : f32
  %p_5 = math.fma %v_8, %p_4, %v_6 : f32
  %c_7 = arith.constant -2.1855694143368964e-08 : f32
  %v_9 = arith.addf %p_5, %c_7 : f32
  %c_8 = arith.constant 0.7853981852531433 : f32
  %v_10 = arith.addf %v_9, %c_8 : f32
  %v_11 = arith.select %v_1, %v_10, %p_5 : f32
  return %v_11 : f32
}

// atan: of 1 / |x| from pi/2 where |x| is above 1.
func.func private @ropt_atan_f32(%x: f32) -> f32 {
  %v = math.absf %x : f32
  %c = arith.constant 1.0 : f32
  %v_1 = arith.cmpf ogt, %v, %c : f32
  %v_2 = arith.select %v_1, %c, %v : f32
  %v_3 = arith.select %v_1, %v, %c : f32
  %v_4 = func.call @ropt_atan_ratio_f32(%v_2, %v_3) : (f32, f32) -> f32
  %c_1 = arith.constant -4.371138828673793e-08 : f32
  %v_5 = arith.subf %v_4, %c_1 : f32
  %c_2 = arith.constant 1.5707963705062866 : f32
  %v_6 = arith.subf %c_2, %v_5 : f32
  %v_7 = arith.select %v_1, %v_6, %v_4 : f32
  %v_8 = math.copysign %v_7, %x : f32
  %v_9 = arith.cmpf uno, %x, %x : f32
  %v_10 = arith.select %v_9, %x, %v_8 : f32
  return %v_10 : f32
}

// atan2: the smaller over the larger of |x| and |y|, then by eighths of the circle. Signs, zeros and infinities are C's.
func.func private @ropt_atan2_f32(%y: f32, %x: f32) -> f32 {
  %v = math.absf %x : f32
  %v_1 = math.absf %y : f32
  %v_2 = arith.cmpf ogt, %v_1, %v : f32
  %v_3 = arith.select %v_2, %v, %v_1 : f32
  %v_4 = arith.select %v_2, %v_1, %v : f32
  %c = arith.constant 9.999999933815813e+36 : f32
  %v_5 = arith.cmpf ogt, %v_4, %c : f32
  %c_1 = arith.constant 0.25 : f32
  %v_6 = arith.mulf %v_3, %c_1 : f32
  %v_7 = arith.select %v_5, %v_6, %v_3 : f32
  %v_8 = arith.mulf %v_4, %c_1 : f32
  %v_9 = arith.select %v_5, %v_8, %v_4 : f32
  %c_2 = arith.constant 0x7F800000 : f32
  %v_10 = arith.cmpf oeq, %v_7, %c_2 : f32
  %c_3 = arith.constant 1.0 : f32
  %v_11 = arith.select %v_10, %c_3, %v_7 : f32
  %v_12 = arith.select %v_10, %c_3, %v_9 : f32
  %c_4 = arith.constant 0.0 : f32
  %v_13 = arith.cmpf oeq, %v_12, %c_4 : f32
  %v_14 = arith.select %v_13, %c_3, %v_12 : f32
  %v_15 = func.call @ropt_atan_ratio_f32(%v_11, %v_14) : (f32, f32) -> f32
  %v_16 = math.absf %x : f32
  %v_17 = arith.cmpf oeq, %v_16, %c_2 : f32
  %v_18 = math.absf %y : f32
  %v_19 = arith.cmpf olt, %v_18, %c_2 : f32
  %v_20 = arith.andi %v_17, %v_19 : i1
  %v_21 = arith.select %v_20, %c_4, %v_15 : f32
  %v_22 = math.absf %y : f32
  %v_23 = arith.cmpf oeq, %v_22, %c_2 : f32
  %v_24 = math.absf %x : f32
  %v_25 = arith.cmpf olt, %v_24, %c_2 : f32
  %v_26 = arith.andi %v_23, %v_25 : i1
  %v_27 = arith.select %v_26, %c_4, %v_21 : f32
  %c_5 = arith.constant -4.371138828673793e-08 : f32
  %v_28 = arith.subf %v_27, %c_5 : f32
  %c_6 = arith.constant 1.5707963705062866 : f32
  %v_29 = arith.subf %c_6, %v_28 : f32
  %v_30 = arith.select %v_2, %v_29, %v_27 : f32
  %bits = arith.bitcast %x : f32 to i32
  %i = arith.constant 0 : i32
  %v_31 = arith.cmpi slt, %bits, %i : i32
  %c_7 = arith.constant -8.742277657347586e-08 : f32
  %v_32 = arith.subf %v_30, %c_7 : f32
  %c_8 = arith.constant 3.1415927410125732 : f32
  %v_33 = arith.subf %c_8, %v_32 : f32
  %v_34 = arith.select %v_31, %v_33, %v_30 : f32
  %v_35 = math.copysign %v_34, %y : f32
  %v_36 = arith.cmpf uno, %x, %y : f32
  %v_37 = arith.addf %x, %y : f32
  %v_38 = arith.select %v_36, %v_37, %v_35 : f32
  return %v_38 : f32
}

// asin: up to 1/2 an odd polynomial, beyond pi/2 - 2 asin(sqrt((1 - |x|) / 2)).
func.func private @ropt_asin_f32(%x: f32) -> f32 {
  %v = math.absf %x : f32
  %c = arith.constant 0.5 : f32
  %v_1 = arith.cmpf ogt, %v, %c : f32
  %c_1 = arith.constant 1.0 : f32
  %v_2 = arith.subf %c_1, %v : f32
  %v_3 = arith.mulf %v_2, %c : f32
  %v_4 = arith.mulf %v, %v : f32
  %v_5 = arith.select %v_1, %v_3, %v_4 : f32
  %v_6 = math.sqrt %v_3 : f32
  %v_7 = arith.select %v_1, %v_6, %v : f32
  %v_8 = arith.mulf %v_7, %v_5 : f32
  %c_2 = arith.constant 0.03371061012148857 : f32
  %c_3 = arith.constant 0.01713819056749344 : f32
  %p = math.fma %c_2, %v_5, %c_3 : f32
  %c_4 = arith.constant 0.031102793291211128 : f32
  %p_1 = math.fma %p, %v_5, %c_4 : f32
  %c_5 = arith.constant 0.04459923505783081 : f32
  %p_2 = math.fma %p_1, %v_5, %c_5 : f32
  %c_6 = arith.constant 0.07500094920396805 : f32
  %p_3 = math.fma %p_2, %v_5, %c_6 : f32
  %c_7 = arith.constant 0.1666666567325592 : f32
  %p_4 = math.fma %p_3, %v_5, %c_7 : f32
  %p_5 = math.fma %v_8, %p_4, %v_7 : f32
  %v_9 = arith.addf %p_5, %p_5 : f32
  %c_8 = arith.constant -4.371138828673793e-08 : f32
  %v_10 = arith.subf %v_9, %c_8 : f32
  %c_9 = arith.constant 1.5707963705062866 : f32
  %v_11 = arith.subf %c_9, %v_10 : f32
  %v_12 = arith.select %v_1, %v_11, %p_5 : f32
  %v_13 = math.copysign %v_12, %x : f32
  %v_14 = arith.cmpf uno, %x, %x : f32
  %v_15 = arith.select %v_14, %x, %v_13 : f32
  return %v_15 : f32
}

// acos: as asin, from pi/2, 0 or pi.
func.func private @ropt_acos_f32(%x: f32) -> f32 {
  %v = math.absf %x : f32
  %c = arith.constant 0.5 : f32
  %v_1 = arith.cmpf ogt, %v, %c : f32
  %c_1 = arith.constant 1.0 : f32
  %v_2 = arith.subf %c_1, %v : f32
  %v_3 = arith.mulf %v_2, %c : f32
  %v_4 = arith.mulf %v, %v : f32
  %v_5 = arith.select %v_1, %v_3, %v_4 : f32
  %v_6 = math.sqrt %v_3 : f32
  %v_7 = arith.select %v_1, %v_6, %v : f32
  %v_8 = arith.mulf %v_7, %v_5 : f32
  %c_2 = arith.constant 0.03371061012148857 : f32
  %c_3 = arith.constant 0.01713819056749344 : f32
  %p = math.fma %c_2, %v_5, %c_3 : f32
  %c_4 = arith.constant 0.031102793291211128 : f32
  %p_1 = math.fma %p, %v_5, %c_4 : f32
  %c_5 = arith.constant 0.04459923505783081 : f32
  %p_2 = math.fma %p_1, %v_5, %c_5 : f32
  %c_6 = arith.constant 0.07500094920396805 : f32
  %p_3 = math.fma %p_2, %v_5, %c_6 : f32
  %c_7 = arith.constant 0.1666666567325592 : f32
  %p_4 = math.fma %p_3, %v_5, %c_7 : f32
  %p_5 = math.fma %v_8, %p_4, %v_7 : f32
  %v_9 = math.copysign %p_5, %x : f32
  %c_8 = arith.constant -4.371138828673793e-08 : f32
  %v_10 = arith.subf %v_9, %c_8 : f32
  %c_9 = arith.constant 1.5707963705062866 : f32
  %v_11 = arith.subf %c_9, %v_10 : f32
  %v_12 = arith.addf %p_5, %p_5 : f32
  %c_10 = arith.constant 0.0 : f32
  %v_13 = arith.cmpf olt, %x, %c_10 : f32
  %c_11 = arith.constant -8.742277657347586e-08 : f32
  %v_14 = arith.subf %v_12, %c_11 : f32
  %c_12 = arith.constant 3.1415927410125732 : f32
  %v_15 = arith.subf %c_12, %v_14 : f32
  %v_16 = arith.select %v_13, %v_15, %v_12 : f32
  %v_17 = arith.select %v_1, %v_16, %v_11 : f32
  %v_18 = arith.cmpf uno, %x, %x : f32
  %v_19 = arith.select %v_18, %x, %v_17 : f32
  return %v_19 : f32
}
