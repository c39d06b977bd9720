// The inverse circular functions, in double precision.
// Coefficients: Chebyshev fits made for this file with 60 digits.

// atan(n / d) for 0 <= n <= d: above tan(pi/8), pi/4 + atan((n - d) / (n + d)); then an odd polynomial.
func.func private @ropt_atan_ratio_f64(%n: f64, %d: f64) -> f64 {
  %c = arith.constant 0.41421356237309503 : f64
  %v = arith.mulf %d, %c : f64
  %v_1 = arith.cmpf ogt, %n, %v : f64
  %v_2 = arith.subf %n, %d : f64
  %v_3 = arith.select %v_1, %v_2, %n : f64
  %v_4 = arith.addf %n, %d : f64
  %v_5 = arith.select %v_1, %v_4, %d : f64
  %v_6 = arith.divf %v_3, %v_5 : f64
  %v_7 = arith.mulf %v_6, %v_6 : f64
  %v_8 = arith.mulf %v_6, %v_7 : f64
  %c_1 = arith.constant -0.013905374533113234 : f64
  %c_2 = arith.constant 0.030622995553735516 : f64
  %p = math.fma %c_1, %v_7, %c_2 : f64
  %c_3 = arith.constant -0.04103887546862687 : f64
  %p_1 = math.fma %p, %v_7, %c_3 : f64
  %c_4 = arith.constant 0.04719259188242093 : f64
  %p_2 = math.fma %p_1, %v_7, %c_4 : f64
  %c_5 = arith.constant -0.05258020272656758 : f64
  %p_3 = math.fma %p_2, %v_7, %c_5 : f64
  %c_6 = arith.constant 0.058819230561140225 : f64
  %p_4 = math.fma %p_3, %v_7, %c_6 : f64
  %c_7 = arith.constant -0.06666641869131183 : f64
  %p_5 = math.fma %p_4, %v_7, %c_7 : f64
  %c_8 = arith.constant 0.07692306729194896 : f64
  %p_6 = math.fma %p_5, %v_7, %c_8 : f64
  %c_9 = arith.constant -0.0909090906681608 : f64
  %p_7 = math.fma %p_6, %v_7, %c_9 : f64
  %c_10 = arith.constant 0.11111111110751482 : f64
  %p_8 = math.fma %p_7, %v_7, %c_10 : f64
  %c_11 = arith.constant -0.1428571428571149 : f64
  %p_9 = math.fma %p_8, %v_7, %c_11 : f64
  %c_12 = arith.constant 0.19999999999999993 : f64
  %p_10 = math.fma %p_9, %v_7, %c_12 : f64
  %c_13 = arith.constant -0.3333333333333333 : f64
  %p_11 = math.fma %p_10, %v_7, %c_13 : f64
  %p_12 = math.fma %v_8, %p_11, %v_6 : f64
  %c_14 = arith.constant 3.061616997868383e-17 : f64
  %v_9 = arith.addf %p_12, %c_14 : f64
  %c_15 = arith.constant 0.7853981633974483 : f64
  %v_10 = arith.addf %v_9, %c_15 : f64
  %v_11 = arith.select %v_1, %v_10, %p_12 : f64
  return %v_11 : f64
}

// atan: of 1 / |x| from pi/2 where |x| is above 1.
func.func private @ropt_atan_f64(%x: f64) -> f64 {
  %v = math.absf %x : f64
  %c = arith.constant 1.0 : f64
  %v_1 = arith.cmpf ogt, %v, %c : f64
  %v_2 = arith.select %v_1, %c, %v : f64
  %v_3 = arith.select %v_1, %v, %c : f64
  %v_4 = func.call @ropt_atan_ratio_f64(%v_2, %v_3) : (f64, f64) -> f64
  %c_1 = arith.constant 6.123233995736766e-17 : f64
  %v_5 = arith.subf %v_4, %c_1 : f64
  %c_2 = arith.constant 1.5707963267948966 : f64
  %v_6 = arith.subf %c_2, %v_5 : f64
  %v_7 = arith.select %v_1, %v_6, %v_4 : f64
  %v_8 = math.copysign %v_7, %x : f64
  %v_9 = arith.cmpf uno, %x, %x : f64
  %v_10 = arith.select %v_9, %x, %v_8 : f64
  return %v_10 : f64
}

// atan2: the smaller over the larger of |x| and |y|, then by eighths of the circle. Signs, zeros and infinities are C's.
func.func private @ropt_atan2_f64(%y: f64, %x: f64) -> f64 {
  %v = math.absf %x : f64
  %v_1 = math.absf %y : f64
  %v_2 = arith.cmpf ogt, %v_1, %v : f64
  %v_3 = arith.select %v_2, %v, %v_1 : f64
  %v_4 = arith.select %v_2, %v_1, %v : f64
  %c = arith.constant 1.0e+300 : f64
  %v_5 = arith.cmpf ogt, %v_4, %c : f64
  %c_1 = arith.constant 0.25 : f64
  %v_6 = arith.mulf %v_3, %c_1 : f64
  %v_7 = arith.select %v_5, %v_6, %v_3 : f64
  %v_8 = arith.mulf %v_4, %c_1 : f64
  %v_9 = arith.select %v_5, %v_8, %v_4 : f64
  %c_2 = arith.constant 0x7FF0000000000000 : f64
  %v_10 = arith.cmpf oeq, %v_7, %c_2 : f64
  %c_3 = arith.constant 1.0 : f64
  %v_11 = arith.select %v_10, %c_3, %v_7 : f64
  %v_12 = arith.select %v_10, %c_3, %v_9 : f64
  %c_4 = arith.constant 0.0 : f64
  %v_13 = arith.cmpf oeq, %v_12, %c_4 : f64
  %v_14 = arith.select %v_13, %c_3, %v_12 : f64
  %v_15 = func.call @ropt_atan_ratio_f64(%v_11, %v_14) : (f64, f64) -> f64
  %v_16 = math.absf %x : f64
  %v_17 = arith.cmpf oeq, %v_16, %c_2 : f64
  %v_18 = math.absf %y : f64
  %v_19 = arith.cmpf olt, %v_18, %c_2 : f64
  %v_20 = arith.andi %v_17, %v_19 : i1
  %v_21 = arith.select %v_20, %c_4, %v_15 : f64
  %v_22 = math.absf %y : f64
  %v_23 = arith.cmpf oeq, %v_22, %c_2 : f64
  %v_24 = math.absf %x : f64
  %v_25 = arith.cmpf olt, %v_24, %c_2 : f64
  %v_26 = arith.andi %v_23, %v_25 : i1
  %v_27 = arith.select %v_26, %c_4, %v_21 : f64
  %c_5 = arith.constant 6.123233995736766e-17 : f64
  %v_28 = arith.subf %v_27, %c_5 : f64
  %c_6 = arith.constant 1.5707963267948966 : f64
  %v_29 = arith.subf %c_6, %v_28 : f64
  %v_30 = arith.select %v_2, %v_29, %v_27 : f64
  %bits = arith.bitcast %x : f64 to i64
  %i = arith.constant 0 : i64
  %v_31 = arith.cmpi slt, %bits, %i : i64
  %c_7 = arith.constant 1.2246467991473532e-16 : f64
  %v_32 = arith.subf %v_30, %c_7 : f64
  %c_8 = arith.constant 3.141592653589793 : f64
  %v_33 = arith.subf %c_8, %v_32 : f64
  %v_34 = arith.select %v_31, %v_33, %v_30 : f64
  %v_35 = math.copysign %v_34, %y : f64
  %v_36 = arith.cmpf uno, %x, %y : f64
  %v_37 = arith.addf %x, %y : f64
  %v_38 = arith.select %v_36, %v_37, %v_35 : f64
  return %v_38 : f64
}

// asin: up to 1/2 an odd polynomial, beyond pi/2 - 2 asin(sqrt((1 - |x|) / 2)).
func.func private @ropt_asin_f64(%x: f64) -> f64 {
  %v = math.absf %x : f64
  %c = arith.constant 0.5 : f64
  %v_1 = arith.cmpf ogt, %v, %c : f64
  %c_1 = arith.constant 1.0 : f64
  %v_2 = arith.subf %c_1, %v : f64
  %v_3 = arith.mulf %v_2, %c : f64
  %v_4 = arith.mulf %v, %v : f64
  %v_5 = arith.select %v_1, %v_3, %v_4 : f64
  %v_6 = math.sqrt %v_3 : f64
  %v_7 = arith.select %v_1, %v_6, %v : f64
  %v_8 = arith.mulf %v_7, %v_5 : f64
  %c_2 = arith.constant 0.02965806130390572 : f64
  %c_3 = arith.constant -0.019313465666024366 : f64
  %p = math.fma %c_2, %v_5, %c_3 : f64
  %c_4 = arith.constant 0.01960393110799315 : f64
  %p_1 = math.fma %p, %v_5, %c_4 : f64
  %c_5 = arith.constant 0.0030251140174674947 : f64
  %p_2 = math.fma %p_1, %v_5, %c_5 : f64
  %c_6 = arith.constant 0.009324648476317875 : f64
  %p_3 = math.fma %p_2, %v_5, %c_6 : f64
  %c_7 = arith.constant 0.009620961262630293 : f64
  %p_4 = math.fma %p_3, %v_5, %c_7 : f64
  %c_8 = arith.constant 0.011566564202171593 : f64
  %p_5 = math.fma %p_4, %v_5, %c_8 : f64
  %c_9 = arith.constant 0.013963771548009896 : f64
  %p_6 = math.fma %p_5, %v_5, %c_9 : f64
  %c_10 = arith.constant 0.017352816997695017 : f64
  %p_7 = math.fma %p_6, %v_5, %c_10 : f64
  %c_11 = arith.constant 0.022372157427705222 : f64
  %p_8 = math.fma %p_7, %v_5, %c_11 : f64
  %c_12 = arith.constant 0.030381944475855856 : f64
  %p_9 = math.fma %p_8, %v_5, %c_12 : f64
  %c_13 = arith.constant 0.04464285714254847 : f64
  %p_10 = math.fma %p_9, %v_5, %c_13 : f64
  %c_14 = arith.constant 0.07500000000000119 : f64
  %p_11 = math.fma %p_10, %v_5, %c_14 : f64
  %c_15 = arith.constant 0.16666666666666666 : f64
  %p_12 = math.fma %p_11, %v_5, %c_15 : f64
  %p_13 = math.fma %v_8, %p_12, %v_7 : f64
  %v_9 = arith.addf %p_13, %p_13 : f64
  %c_16 = arith.constant 6.123233995736766e-17 : f64
  %v_10 = arith.subf %v_9, %c_16 : f64
  %c_17 = arith.constant 1.5707963267948966 : f64
  %v_11 = arith.subf %c_17, %v_10 : f64
  %v_12 = arith.select %v_1, %v_11, %p_13 : f64
  %v_13 = math.copysign %v_12, %x : f64
  %v_14 = arith.cmpf uno, %x, %x : f64
  %v_15 = arith.select %v_14, %x, %v_13 : f64
  return %v_15 : f64
}

// acos: as asin, from pi/2, 0 or pi.
func.func private @ropt_acos_f64(%x: f64) -> f64 {
  %v = math.absf %x : f64
  %c = arith.constant 0.5 : f64
  %v_1 = arith.cmpf ogt, %v, %c : f64
  %c_1 = arith.constant 1.0 : f64
  %v_2 = arith.subf %c_1, %v : f64
  %v_3 = arith.mulf %v_2, %c : f64
  %v_4 = arith.mulf %v, %v : f64
  %v_5 = arith.select %v_1, %v_3, %v_4 : f64
  %v_6 = math.sqrt %v_3 : f64
  %v_7 = arith.select %v_1, %v_6, %v : f64
  %v_8 = arith.mulf %v_7, %v_5 : f64
  %c_2 = arith.constant 0.02965806130390572 : f64
  %c_3 = arith.constant -0.019313465666024366 : f64
  %p = math.fma %c_2, %v_5, %c_3 : f64
  %c_4 = arith.constant 0.01960393110799315 : f64
  %p_1 = math.fma %p, %v_5, %c_4 : f64
  %c_5 = arith.constant 0.0030251140174674947 : f64
  %p_2 = math.fma %p_1, %v_5, %c_5 : f64
  %c_6 = arith.constant 0.009324648476317875 : f64
  %p_3 = math.fma %p_2, %v_5, %c_6 : f64
  %c_7 = arith.constant 0.009620961262630293 : f64
  %p_4 = math.fma %p_3, %v_5, %c_7 : f64
  %c_8 = arith.constant 0.011566564202171593 : f64
  %p_5 = math.fma %p_4, %v_5, %c_8 : f64
  %c_9 = arith.constant 0.013963771548009896 : f64
  %p_6 = math.fma %p_5, %v_5, %c_9 : f64
  %c_10 = arith.constant 0.017352816997695017 : f64
  %p_7 = math.fma %p_6, %v_5, %c_10 : f64
  %c_11 = arith.constant 0.022372157427705222 : f64
  %p_8 = math.fma %p_7, %v_5, %c_11 : f64
  %c_12 = arith.constant 0.030381944475855856 : f64
  %p_9 = math.fma %p_8, %v_5, %c_12 : f64
  %c_13 = arith.constant 0.04464285714254847 : f64
  %p_10 = math.fma %p_9, %v_5, %c_13 : f64
  %c_14 = arith.constant 0.07500000000000119 : f64
  %p_11 = math.fma %p_10, %v_5, %c_14 : f64
  %c_15 = arith.constant 0.16666666666666666 : f64
  %p_12 = math.fma %p_11, %v_5, %c_15 : f64
  %p_13 = math.fma %v_8, %p_12, %v_7 : f64
  %v_9 = math.copysign %p_13, %x : f64
  %c_16 = arith.constant 6.123233995736766e-17 : f64
  %v_10 = arith.subf %v_9, %c_16 : f64
  %c_17 = arith.constant 1.5707963267948966 : f64
  %v_11 = arith.subf %c_17, %v_10 : f64
  %v_12 = arith.addf %p_13, %p_13 : f64
  %c_18 = arith.constant 0.0 : f64
  %v_13 = arith.cmpf olt, %x, %c_18 : f64
  %c_19 = arith.constant 1.2246467991473532e-16 : f64
  %v_14 = arith.subf %v_12, %c_19 : f64
  %c_20 = arith.constant 3.141592653589793 : f64
  %v_15 = arith.subf %c_20, %v_14 : f64
  %v_16 = arith.select %v_13, %v_15, %v_12 : f64
  %v_17 = arith.select %v_1, %v_16, %v_11 : f64
  %v_18 = arith.cmpf uno, %x, %x : f64
  %v_19 = arith.select %v_18, %x, %v_17 : f64
  return %v_19 : f64
}
