; Conversions of narrow floats that LLVM calls where the processor has no instruction, and that the C library of an
; older system lacks. Each rounds to the nearest, ties to even; NaNs stay NaNs.

define hidden bfloat @__truncsfbf2(float %x) {
  %bits = bitcast float %x to i32
  %top = lshr i32 %bits, 16
  %odd = and i32 %top, 1
  %bias = add i32 %odd, 32767
  %sum = add i32 %bits, %bias
  %rounded = lshr i32 %sum, 16
  %quiet = or i32 %top, 64
  %nan = fcmp uno float %x, %x
  %which = select i1 %nan, i32 %quiet, i32 %rounded
  %half = trunc i32 %which to i16
  %result = bitcast i16 %half to bfloat
  ret bfloat %result
}

define hidden half @__truncsfhf2(float %x) {
  %bits = bitcast float %x to i32
  %high = lshr i32 %bits, 16
  %sign = and i32 %high, 32768
  %a = and i32 %bits, 2147483647
  ; From 65520 on it is infinite.
  %nan = icmp ugt i32 %a, 2139095040
  %shifted = lshr i32 %a, 13
  %payload = and i32 %shifted, 1023
  %quiet = or i32 %payload, 32256
  %large = icmp uge i32 %a, 1199566848
  ; Below 2^-14 an addition of 0.5 rounds at the 24th bit behind the point.
  %small = icmp ult i32 %a, 947912704
  %value = bitcast i32 %a to float
  %moved = fadd float %value, 5.000000e-01
  %moved_bits = bitcast float %moved to i32
  %subnormal = sub i32 %moved_bits, 1056964608
  %odd = and i32 %shifted, 1
  %bias = add i32 %odd, -939520001
  %sum = add i32 %a, %bias
  %normal = lshr i32 %sum, 13
  %s0 = select i1 %small, i32 %subnormal, i32 %normal
  %s1 = select i1 %large, i32 31744, i32 %s0
  %s2 = select i1 %nan, i32 %quiet, i32 %s1
  %all = or i32 %s2, %sign
  %half = trunc i32 %all to i16
  %result = bitcast i16 %half to half
  ret half %result
}

define hidden float @__extendhfsf2(half %x) {
  %half = bitcast half %x to i16
  %bits = zext i16 %half to i32
  %negative = and i32 %bits, 32768
  %sign = shl i32 %negative, 16
  %a = and i32 %bits, 32767
  %shifted = shl i32 %a, 13
  %exponent = and i32 %shifted, 260046848
  %normal = add i32 %shifted, 939524096
  %special = add i32 %shifted, 1879048192
  %started = add i32 %shifted, 947912704
  %started_value = bitcast i32 %started to float
  %small = fsub float %started_value, 0x3F10000000000000
  %small_bits = bitcast float %small to i32
  %is_small = icmp eq i32 %exponent, 0
  %is_special = icmp eq i32 %exponent, 260046848
  %s0 = select i1 %is_small, i32 %small_bits, i32 %normal
  %s1 = select i1 %is_special, i32 %special, i32 %s0
  %all = or i32 %s1, %sign
  %result = bitcast i32 %all to float
  ret float %result
}

; Through f32, rounded to odd, so that the second rounding sees what the first one lost.
define internal float @odd(double %x) {
  %near = fptrunc double %x to float
  %back = fpext float %near to double
  %exact = fcmp ueq double %back, %x
  %bits = bitcast float %near to i32
  %near_size = call double @llvm.fabs.f64(double %back)
  %size = call double @llvm.fabs.f64(double %x)
  %over = fcmp ogt double %near_size, %size
  %less = sub i32 %bits, 1
  %down = select i1 %over, i32 %less, i32 %bits
  %odd = or i32 %down, 1
  %which = select i1 %exact, i32 %bits, i32 %odd
  %result = bitcast i32 %which to float
  ret float %result
}

define hidden bfloat @__truncdfbf2(double %x) {
  %single = call float @odd(double %x)
  %result = call bfloat @__truncsfbf2(float %single)
  ret bfloat %result
}

define hidden half @__truncdfhf2(double %x) {
  %single = call float @odd(double %x)
  %result = call half @__truncsfhf2(float %single)
  ret half %result
}

declare double @llvm.fabs.f64(double)
