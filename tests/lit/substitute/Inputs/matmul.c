#include <ropt/kernel.h>

// Adds one to each element, so that a test sees that this kernel ran. The first workgroup does everything.
ROPT_KERNEL(main_dispatch_0_matmul_64x32x128_f32) {
  const float *a = ROPT_BINDING(const float, 0), *b = ROPT_BINDING(const float, 1);
  float *out = ROPT_BINDING(float, 2);
  if (workgroup->workgroup_id_x || workgroup->workgroup_id_y || workgroup->workgroup_id_z)
    return 0;
  for (int i = 0; i < 64; ++i)
    for (int j = 0; j < 32; ++j) {
      float sum = 1;
      for (int k = 0; k < 128; ++k)
        sum += a[i * 128 + k] * b[k * 32 + j];
      out[i * 32 + j] = sum;
    }
  return 0;
}
