// The error function and its complement, in single precision.
// Coefficients: Chebyshev fits made for this file with 60 digits.

// erfc: up to 1/2 from erf's odd polynomial; beyond, exp(-x^2) g(t) / (1 + 2|x|) with x^2 in two parts and g a
// polynomial of t = (|x| - c) / (|x| + c).
func.func private @ropt_erfc_f32(%x: f32) -> f32 {
  %v = math.absf %x : f32
  %v_1 = arith.mulf %x, %x : f32
  %c = arith.constant 0.004718605894595385 : f32
  %c_1 = arith.constant -0.02675752341747284 : f32
  %p = math.fma %c, %v_1, %c_1 : f32
  %c_2 = arith.constant 0.11282828450202942 : f32
  %p_1 = math.fma %p, %v_1, %c_2 : f32
  %c_3 = arith.constant -0.37612608075141907 : f32
  %p_2 = math.fma %p_1, %v_1, %c_3 : f32
  %c_4 = arith.constant 5.907283195938362e-08 : f32
  %p_3 = math.fma %v_1, %p_2, %c_4 : f32
  %v_2 = arith.mulf %x, %p_3 : f32
  %c_5 = arith.constant 1.1283791065216064 : f32
  %p_4 = math.fma %x, %c_5, %v_2 : f32
  %c_6 = arith.constant 1.0 : f32
  %v_3 = arith.subf %c_6, %p_4 : f32
  %c_7 = arith.constant 11.0 : f32
  %v_4 = arith.minimumf %v, %c_7 : f32
  %c_8 = arith.constant 0.5 : f32
  %v_5 = arith.maximumf %v_4, %c_8 : f32
  %c_9 = arith.constant 3.75 : f32
  %v_6 = arith.subf %v_5, %c_9 : f32
  %v_7 = arith.addf %v_5, %c_9 : f32
  %v_8 = arith.divf %v_6, %v_7 : f32
  %c_10 = arith.constant 1.592063546180725 : f32
  %c_11 = arith.constant 0.21746031939983368 : f32
  %p_5 = math.fma %v_8, %c_10, %c_11 : f32
  %c_12 = arith.constant -1.7338828683932661e-06 : f32
  %c_13 = arith.constant 7.288233973667957e-06 : f32
  %p_6 = math.fma %c_12, %p_5, %c_13 : f32
  %c_14 = arith.constant 1.5453601008630358e-05 : f32
  %p_7 = math.fma %p_6, %p_5, %c_14 : f32
  %c_15 = arith.constant -0.0002791915612760931 : f32
  %p_8 = math.fma %p_7, %p_5, %c_15 : f32
  %c_16 = arith.constant 0.001545627135783434 : f32
  %p_9 = math.fma %p_8, %p_5, %c_16 : f32
  %c_17 = arith.constant -0.005603758618235588 : f32
  %p_10 = math.fma %p_9, %p_5, %c_17 : f32
  %c_18 = arith.constant 0.014956723898649216 : f32
  %p_11 = math.fma %p_10, %p_5, %c_18 : f32
  %c_19 = arith.constant -0.02973693609237671 : f32
  %p_12 = math.fma %p_11, %p_5, %c_19 : f32
  %c_20 = arith.constant 0.040221523493528366 : f32
  %p_13 = math.fma %p_12, %p_5, %c_20 : f32
  %c_21 = arith.constant -0.01775289885699749 : f32
  %p_14 = math.fma %p_13, %p_5, %c_21 : f32
  %c_22 = arith.constant -0.08500110357999802 : f32
  %p_15 = math.fma %p_14, %p_5, %c_22 : f32
  %c_23 = arith.constant 1.256482720375061 : f32
  %p_16 = math.fma %p_15, %p_5, %c_23 : f32
  %bits = arith.bitcast %v_5 : f32 to i32
  %i = arith.constant -4096 : i32
  %v_9 = arith.andi %bits, %i : i32
  %v_10 = arith.bitcast %v_9 : i32 to f32
  %v_11 = arith.subf %v_5, %v_10 : f32
  %v_12 = arith.mulf %v_10, %v_10 : f32
  %v_13 = arith.negf %v_12 : f32
  %v_14 = func.call @ropt_exp_f32(%v_13) : (f32) -> f32
  %v_15 = arith.addf %v_5, %v_10 : f32
  %v_16 = arith.mulf %v_11, %v_15 : f32
  %v_17 = arith.negf %v_16 : f32
  %c_24 = arith.constant 0.0013888889225199819 : f32
  %c_25 = arith.constant 0.008333333767950535 : f32
  %p_17 = math.fma %c_24, %v_17, %c_25 : f32
  %c_26 = arith.constant 0.0416666679084301 : f32
  %p_18 = math.fma %p_17, %v_17, %c_26 : f32
  %c_27 = arith.constant 0.1666666716337204 : f32
  %p_19 = math.fma %p_18, %v_17, %c_27 : f32
  %p_20 = math.fma %p_19, %v_17, %c_8 : f32
  %p_21 = math.fma %p_20, %v_17, %c_6 : f32
  %v_18 = arith.mulf %v_17, %p_21 : f32
  %p_22 = math.fma %v_14, %v_18, %v_14 : f32
  %v_19 = arith.mulf %p_22, %p_16 : f32
  %c_28 = arith.constant 2.0 : f32
  %p_23 = math.fma %v_5, %c_28, %c_6 : f32
  %v_20 = arith.divf %v_19, %p_23 : f32
  %c_29 = arith.constant 0.0 : f32
  %v_21 = arith.cmpf olt, %x, %c_29 : f32
  %v_22 = arith.subf %c_28, %v_20 : f32
  %v_23 = arith.select %v_21, %v_22, %v_20 : f32
  %v_24 = arith.cmpf olt, %v, %c_8 : f32
  %v_25 = arith.select %v_24, %v_3, %v_23 : f32
  %v_26 = arith.cmpf uno, %x, %x : f32
  %v_27 = arith.select %v_26, %x, %v_25 : f32
  return %v_27 : f32
}

// erf: up to 1 an odd polynomial, beyond 1 - erfc|x|.
func.func private @ropt_erf_f32(%x: f32) -> f32 {
  %v = math.absf %x : f32
  %v_1 = arith.mulf %x, %x : f32
  %c = arith.constant -9.662911907071248e-06 : f32
  %c_1 = arith.constant 0.00011264612840022892 : f32
  %p = math.fma %c, %v_1, %c_1 : f32
  %c_2 = arith.constant -0.0008483909186907113 : f32
  %p_1 = math.fma %p, %v_1, %c_2 : f32
  %c_3 = arith.constant 0.005221020895987749 : f32
  %p_2 = math.fma %p_1, %v_1, %c_3 : f32
  %c_4 = arith.constant -0.02686542645096779 : f32
  %p_3 = math.fma %p_2, %v_1, %c_4 : f32
  %c_5 = arith.constant 0.11283782124519348 : f32
  %p_4 = math.fma %p_3, %v_1, %c_5 : f32
  %c_6 = arith.constant -0.37612637877464294 : f32
  %p_5 = math.fma %p_4, %v_1, %c_6 : f32
  %c_7 = arith.constant -5.866961316769448e-08 : f32
  %p_6 = math.fma %v_1, %p_5, %c_7 : f32
  %v_2 = arith.mulf %x, %p_6 : f32
  %c_8 = arith.constant 1.128379225730896 : f32
  %p_7 = math.fma %x, %c_8, %v_2 : f32
  %v_3 = func.call @ropt_erfc_f32(%v) : (f32) -> f32
  %c_9 = arith.constant 1.0 : f32
  %v_4 = arith.subf %c_9, %v_3 : f32
  %v_5 = math.copysign %v_4, %x : f32
  %v_6 = arith.cmpf olt, %v, %c_9 : f32
  %v_7 = arith.select %v_6, %p_7, %v_5 : f32
  %v_8 = arith.cmpf uno, %x, %x : f32
  %v_9 = arith.select %v_8, %x, %v_7 : f32
  return %v_9 : f32
}
