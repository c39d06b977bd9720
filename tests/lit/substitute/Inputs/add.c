#include <ropt/kernel.h>

ROPT_KERNEL(x_add) {
  const float *in = ROPT_BINDING(const float, 0);
  float *out = ROPT_BINDING(float, 1);
  for (size_t i = 0; i < dispatch->binding_lengths[1] / sizeof(float); ++i)
    out[i] = in[i];
  return 0;
}
