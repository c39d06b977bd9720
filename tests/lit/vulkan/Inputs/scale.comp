#version 450
// b = 3 a, by hand.
#ifndef SIZE
#define SIZE 64
#endif
layout(local_size_x = SIZE) in;
layout(set = 0, binding = 0) readonly buffer A { float a[]; };
layout(set = 0, binding = 1) buffer B { float b[]; };
void main() {
  uint i = gl_GlobalInvocationID.x;
  if (i < 64) b[i] = a[i] * 3.0;
}
