// A whole kernel: one element a workgroup, twice its value, or ten times where several threads may run.
#include <ropt/kernel.h>
ROPT_KERNEL(scale_by_ten) {
  const float *a = ROPT_BINDING(const float, 0);
  float *out = ROPT_BINDING(float, 1);
  uint32_t i = workgroup->workgroup_id_x;
  if (i < dispatch->constants[0])
    out[i] = a[i] * (dispatch->max_concurrency > 1 ? 10.0f : 2.0f);
  return 0;
}
