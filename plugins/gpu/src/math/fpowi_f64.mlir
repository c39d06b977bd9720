// Powers with whole exponents, in double precision.

// fpowi: a power of |x|, negative for odd powers of negative numbers, which a float of k may not tell.
func.func private @ropt_fpowi_f64(%x: f64, %k: i32) -> f64 {
  %v = math.absf %x : f64
  %v_1 = arith.sitofp %k : i32 to f64
  %v_2 = func.call @ropt_pow_f64(%v, %v_1) : (f64, f64) -> f64
  %i = arith.constant 1 : i32
  %v_3 = arith.andi %k, %i : i32
  %i_1 = arith.constant 0 : i32
  %v_4 = arith.cmpi ne, %v_3, %i_1 : i32
  %bits = arith.bitcast %x : f64 to i64
  %i_2 = arith.constant 0 : i64
  %v_5 = arith.cmpi slt, %bits, %i_2 : i64
  %v_6 = arith.andi %v_4, %v_5 : i1
  %v_7 = arith.negf %v_2 : f64
  %v_8 = arith.select %v_6, %v_7, %v_2 : f64
  return %v_8 : f64
}
