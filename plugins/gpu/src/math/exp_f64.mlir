// exp and log in double precision, from sums, products and bits: what an API without them can do.
//
// exp: x = k ln 2 + r with |r| <= ln 2 / 2, ln 2 in two parts (Cody and Waite); Taylor's series of exp(r) up to r^13,
// whose rest is below 1e-17; times 2^k in two steps, so that subnormal results come out right. The two products with k
// have no factor in common that a device's compiler could take out of their sum: that would lose what is gained.
func.func private @ropt_exp_f64(%x: f64) -> f64 {
  %high = arith.constant 709.79 : f64
  %low = arith.constant -745.2 : f64
  %log2e = arith.constant 1.4426950408889634 : f64
  %ln2_high = arith.constant 6.93147180369123816490e-01 : f64
  %ln2_low_half = arith.constant 9.54107464635293850010e-11 : f64
  %half = arith.constant 0.5 : f64
  %one = arith.constant 1.0 : f64
  %small = arith.minimumf %x, %high : f64
  %inside = arith.maximumf %small, %low : f64
  %scaled = arith.mulf %inside, %log2e : f64
  %shifted = arith.addf %scaled, %half : f64
  %k0 = math.floor %shifted : f64
  %k = arith.fptosi %k0 : f64 to i32
  %i1 = arith.constant 1 : i32
  %twice_k = arith.shli %k, %i1 : i32
  %kf = arith.sitofp %k : i32 to f64
  %twice_kf = arith.sitofp %twice_k : i32 to f64
  %high_part = arith.mulf %kf, %ln2_high : f64
  %r0 = arith.subf %inside, %high_part : f64
  %low_part = arith.mulf %twice_kf, %ln2_low_half : f64
  %r = arith.subf %r0, %low_part : f64
  %c13 = arith.constant 1.6059043836821613e-10 : f64
  %c12 = arith.constant 2.08767569878681e-09 : f64
  %c11 = arith.constant 2.505210838544172e-08 : f64
  %c10 = arith.constant 2.755731922398589e-07 : f64
  %c9 = arith.constant 2.7557319223985893e-06 : f64
  %c8 = arith.constant 2.48015873015873e-05 : f64
  %c7 = arith.constant 1.984126984126984e-04 : f64
  %c6 = arith.constant 1.388888888888889e-03 : f64
  %c5 = arith.constant 8.333333333333333e-03 : f64
  %c4 = arith.constant 4.1666666666666664e-02 : f64
  %c3 = arith.constant 1.6666666666666666e-01 : f64
  %p12 = math.fma %c13, %r, %c12 : f64
  %p11 = math.fma %p12, %r, %c11 : f64
  %p10 = math.fma %p11, %r, %c10 : f64
  %p9 = math.fma %p10, %r, %c9 : f64
  %p8 = math.fma %p9, %r, %c8 : f64
  %p7 = math.fma %p8, %r, %c7 : f64
  %p6 = math.fma %p7, %r, %c6 : f64
  %p5 = math.fma %p6, %r, %c5 : f64
  %p4 = math.fma %p5, %r, %c4 : f64
  %p3 = math.fma %p4, %r, %c3 : f64
  %p2 = math.fma %p3, %r, %half : f64
  %p1 = math.fma %p2, %r, %one : f64
  %p0 = math.fma %p1, %r, %one : f64
  %k1 = arith.shrsi %k, %i1 : i32
  %k2 = arith.subi %k, %k1 : i32
  %s1 = func.call @ropt_power_of_two_f64(%k1) : (i32) -> f64
  %s2 = func.call @ropt_power_of_two_f64(%k2) : (i32) -> f64
  %m1 = arith.mulf %p0, %s1 : f64
  %m2 = arith.mulf %m1, %s2 : f64
  %nan = arith.cmpf uno, %x, %x : f64
  %result = arith.select %nan, %x, %m2 : f64
  return %result : f64
}

// 2^k for a normal number's k.
func.func private @ropt_power_of_two_f64(%k: i32) -> f64 {
  %bias = arith.constant 1023 : i32
  %place = arith.constant 52 : i64
  %biased = arith.addi %k, %bias : i32
  %wide = arith.extsi %biased : i32 to i64
  %bits = arith.shli %wide, %place : i64
  %value = arith.bitcast %bits : i64 to f64
  return %value : f64
}

// log: x = m 2^e with m in [sqrt 1/2, sqrt 2), f = (m - 1) / (m + 1), log m = 2 (f + f^3/3 + … + f^23/23): the rest is
// below 1e-18. Subnormal numbers are scaled by 2^54 first.
func.func private @ropt_log_f64(%x: f64) -> f64 {
  %zero = arith.constant 0.0 : f64
  %one = arith.constant 1.0 : f64
  %two = arith.constant 2.0 : f64
  %tiny = arith.constant 2.2250738585072014e-308 : f64
  %two54 = arith.constant 1.8014398509481984e16 : f64
  %sqrt2 = arith.constant 1.4142135623730951 : f64
  %ln2_high = arith.constant 6.93147180369123816490e-01 : f64
  %ln2_low = arith.constant 1.90821492927058770002e-10 : f64
  %inf = arith.constant 0x7FF0000000000000 : f64
  %ninf = arith.constant 0xFFF0000000000000 : f64
  %nan = arith.constant 0x7FF8000000000000 : f64
  %subnormal = arith.cmpf olt, %x, %tiny : f64
  %up = arith.mulf %x, %two54 : f64
  %y = arith.select %subnormal, %up, %x : f64
  %bits = arith.bitcast %y : f64 to i64
  %place = arith.constant 52 : i64
  %exponent0 = arith.shrui %bits, %place : i64
  %exponent1 = arith.trunci %exponent0 : i64 to i32
  %bias = arith.constant 1023 : i32
  %exponent2 = arith.subi %exponent1, %bias : i32
  %i54 = arith.constant 54 : i32
  %lowered = arith.subi %exponent2, %i54 : i32
  %exponent3 = arith.select %subnormal, %lowered, %exponent2 : i32
  %mask = arith.constant 0x000FFFFFFFFFFFFF : i64
  %unit = arith.constant 0x3FF0000000000000 : i64
  %fraction = arith.andi %bits, %mask : i64
  %mantissa = arith.ori %fraction, %unit : i64
  %m0 = arith.bitcast %mantissa : i64 to f64
  %large = arith.cmpf ogt, %m0, %sqrt2 : f64
  %half = arith.constant 0.5 : f64
  %halved = arith.mulf %m0, %half : f64
  %m = arith.select %large, %halved, %m0 : f64
  %i1 = arith.constant 1 : i32
  %more = arith.addi %exponent3, %i1 : i32
  %exponent = arith.select %large, %more, %exponent3 : i32
  %e = arith.sitofp %exponent : i32 to f64
  %numerator = arith.subf %m, %one : f64
  %denominator = arith.addf %m, %one : f64
  %f = arith.divf %numerator, %denominator : f64
  %s = arith.mulf %f, %f : f64
  %c23 = arith.constant 4.3478260869565216e-02 : f64
  %c21 = arith.constant 4.7619047619047616e-02 : f64
  %c19 = arith.constant 5.263157894736842e-02 : f64
  %c17 = arith.constant 5.8823529411764705e-02 : f64
  %c15 = arith.constant 6.666666666666667e-02 : f64
  %c13 = arith.constant 7.692307692307693e-02 : f64
  %c11 = arith.constant 9.090909090909091e-02 : f64
  %c9 = arith.constant 1.1111111111111111e-01 : f64
  %c7 = arith.constant 1.4285714285714285e-01 : f64
  %c5 = arith.constant 2.0e-01 : f64
  %c3 = arith.constant 3.333333333333333e-01 : f64
  %q21 = math.fma %c23, %s, %c21 : f64
  %q19 = math.fma %q21, %s, %c19 : f64
  %q17 = math.fma %q19, %s, %c17 : f64
  %q15 = math.fma %q17, %s, %c15 : f64
  %q13 = math.fma %q15, %s, %c13 : f64
  %q11 = math.fma %q13, %s, %c11 : f64
  %q9 = math.fma %q11, %s, %c9 : f64
  %q7 = math.fma %q9, %s, %c7 : f64
  %q5 = math.fma %q7, %s, %c5 : f64
  %q3 = math.fma %q5, %s, %c3 : f64
  %cubed = arith.mulf %s, %q3 : f64
  %twice = arith.mulf %two, %f : f64
  %tail = arith.mulf %twice, %cubed : f64
  %low = math.fma %e, %ln2_low, %tail : f64
  %middle = arith.addf %twice, %low : f64
  %log = math.fma %e, %ln2_high, %middle : f64
  %is_inf = arith.cmpf oeq, %x, %inf : f64
  %r1 = arith.select %is_inf, %inf, %log : f64
  %is_zero = arith.cmpf oeq, %x, %zero : f64
  %r2 = arith.select %is_zero, %ninf, %r1 : f64
  %negative = arith.cmpf ult, %x, %zero : f64
  %r3 = arith.select %negative, %nan, %r2 : f64
  return %r3 : f64
}
