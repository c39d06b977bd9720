/* The second layer of examples/mlp.mlir by hand: out = max(x * w + bias, 0).
 *
 * Takes the place of the executable that ropt makes of the layer (matmul, bias and relu fused): same export, same
 * bindings, any grid. Four accumulators of a row keep the additions independent of each other.
 *
 *   ropt compile examples/mlp.mlir --target=llvm-cpu -o mlp.so \
 *     --hal-substitute-executable-object=main_dispatch_1=examples/kernels/dense_relu.c
 */
#include <ropt/kernel.h>

enum { ROWS = 8, INNER = 256, COLUMNS = 128, STRIP = 16 };

/* Columns [first, first + STRIP) of one row. */
static void strip(const float *x, const float *w, const float *bias, float *out, int first) {
  float sums[STRIP];
  for (int j = 0; j < STRIP; ++j) sums[j] = bias[first + j];
  for (int k = 0; k < INNER; ++k) {
    const float v = x[k];
    const float *row = w + (size_t)k * COLUMNS + first;
    for (int j = 0; j < STRIP; ++j) sums[j] += v * row[j];
  }
  for (int j = 0; j < STRIP; ++j) out[first + j] = sums[j] > 0.0f ? sums[j] : 0.0f;
}

ROPT_KERNEL(main_dispatch_1_matmul_8x128x256_f32) {
  const float *x = ROPT_BINDING(const float, 0);
  const float *w = ROPT_BINDING(const float, 1);
  const float *bias = ROPT_BINDING(const float, 2);
  float *out = ROPT_BINDING(float, 3);
  /* The strips of all rows, dealt out over whatever grid the executable has. */
  const uint32_t group = workgroup->workgroup_id_x +
                         dispatch->workgroup_count_x *
                             (workgroup->workgroup_id_y + dispatch->workgroup_count_y * workgroup->workgroup_id_z);
  const uint32_t groups = dispatch->workgroup_count_x * dispatch->workgroup_count_y * dispatch->workgroup_count_z;
  for (uint32_t i = group; i < ROWS * (COLUMNS / STRIP); i += groups) {
    const uint32_t row = i / (COLUMNS / STRIP), first = i % (COLUMNS / STRIP) * STRIP;
    strip(x + row * INNER, w, bias, out + row * COLUMNS, (int)first);
  }
  return 0;
}
