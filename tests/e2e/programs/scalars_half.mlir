// Arithmetic of f16 and bf16 on the host itself, rounded after each op.
// call: main(f16=1.5, f16=-0.3333, f32=3.14159, f64=65519.99)
// call: main(f16=60000.0, f16=5.960464477539063e-08, f32=1.0e-40, f64=2.98e-08)
func.func @main(%a: f16, %b: f16, %x: f32, %d: f64) -> (f16, f16, f16, f32, f16, f32, i1) {
  %sum = arith.addf %a, %b : f16
  %product = arith.mulf %sum, %b : f16
  %quotient = arith.divf %a, %b : f16
  %narrow = arith.truncf %x : f32 to bf16
  %twice = arith.addf %narrow, %narrow : bf16
  %wide = arith.extf %twice : bf16 to f32
  %half = arith.truncf %d : f64 to f16
  %brain = arith.truncf %d : f64 to bf16
  %brain_wide = arith.extf %brain : bf16 to f32
  %less = arith.cmpf olt, %product, %quotient : f16
  return %sum, %product, %quotient, %wide, %half, %brain_wide, %less : f16, f16, f16, f32, f16, f32, i1
}
