/* Kernels of the test programs. A test defines WORK to make `ids` take longer, OFFSET to change what `scale` gives. */
#include <math.h>
#include <ropt/kernel.h>
#include <stdlib.h>

#ifndef WORK
#define WORK 0
#endif
#ifndef OFFSET
#define OFFSET 0.0f
#endif

ROPT_LOCAL_MEMORY(scratch, 262144);

ROPT_KERNEL(add) {
  const float *a = ROPT_BINDING(const float, 0), *b = ROPT_BINDING(const float, 1);
  float *out = ROPT_BINDING(float, 2);
  size_t count = dispatch->binding_lengths[2] / sizeof(float);
  for (size_t i = workgroup->workgroup_id_x; i < count; i += dispatch->workgroup_count_x) out[i] = a[i] + b[i];
  return 0;
}

/* out[i] = constants[0] as float * in[i], then the square root of it. */
ROPT_KERNEL(scale) {
  union { uint32_t bits; float value; } factor = {dispatch->constants[0]};
  const float *in = ROPT_BINDING(const float, 0);
  float *out = ROPT_BINDING(float, 1);
  for (size_t i = 0; i < dispatch->binding_lengths[1] / sizeof(float); ++i) out[i] = sqrtf(factor.value * in[i]) + (i == 5 ? OFFSET : 0.0f);
  return 0;
}

/* out[z][y][x] = id of the workgroup, counted once. */
ROPT_KERNEL(ids) {
  int32_t *out = ROPT_BINDING(int32_t, 0);
  for (volatile int left = WORK; left > 0;) left = left - 1;
  uint32_t index = workgroup->workgroup_id_x +
                   dispatch->workgroup_count_x * (workgroup->workgroup_id_y + dispatch->workgroup_count_y * workgroup->workgroup_id_z);
  out[index] = (int32_t)index;
  return workgroup->processor_id < dispatch->max_concurrency ? 0 : 99;
}

ROPT_KERNEL(fails) { return workgroup->workgroup_id_x == 3 ? 42 : 0; }

ROPT_KERNEL(scratch) {
  volatile char *memory = workgroup->local_memory;
  for (uint32_t i = 0; i < 262144; i += 4096) memory[i] = 1;
  ROPT_BINDING(int32_t, 0)[0] = (int32_t)workgroup->local_memory_size;
  return 0;
}

ROPT_KERNEL(segfaults) {
  *(volatile int *)(uintptr_t)(16 + workgroup->reserved) = 1;
  return 0;
}

ROPT_KERNEL(divides) {
  volatile int zero = workgroup->reserved;
  return (int)(dispatch->workgroup_count_x + 1000) / zero;
}

__attribute__((noinline)) static int deeper(volatile char *above) {
  volatile char block[4096];
  block[0] = above[0];
  return deeper(block) + block[1];
}

ROPT_KERNEL(overflows) {
  volatile char start = 0;
  return deeper(&start);
}

ROPT_KERNEL(aborts) { abort(); }
