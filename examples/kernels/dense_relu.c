/* The second layer of examples/mlp.mlir by hand: out = max(x * w + bias, 0).
 *
 * Takes the place of the executable that ropt makes of the layer (matmul, bias and relu fused): same export, same
 * bindings, any grid. A strip of columns is computed for all rows at once, so that each row of w is read once.
 *
 *   ropt compile examples/mlp.mlir --target=llvm-cpu -o mlp.so \
 *     --hal-substitute-executable-object=main_dispatch_1=examples/kernels/dense_relu.c
 */
#include <ropt/kernel.h>

enum { ROWS = 8, INNER = 256, COLUMNS = 128, STRIP = 16 };

/* STRIP neighbouring values: one register where the processor has AVX-512, several elsewhere. */
typedef float strip_t __attribute__((vector_size(STRIP * sizeof(float)), aligned(sizeof(float))));

/* Columns [first, first + STRIP) of every row; the sums of all rows stay in registers. */
static void strip(const float *x, const float *w, const float *bias, float *out, uint32_t first) {
  strip_t sums[ROWS];
#pragma clang loop unroll(full)
  for (int i = 0; i < ROWS; ++i) sums[i] = *(const strip_t *)(bias + first);
  for (int k = 0; k < INNER; ++k) {
    const strip_t row = *(const strip_t *)(w + k * COLUMNS + first);
#pragma clang loop unroll(full)
    for (int i = 0; i < ROWS; ++i) sums[i] += x[i * INNER + k] * row;
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < ROWS; ++i)
    for (int j = 0; j < STRIP; ++j) out[i * COLUMNS + first + j] = sums[i][j] > 0.0f ? sums[i][j] : 0.0f;
}

ROPT_KERNEL(main_dispatch_1_matmul_8x128x256_f32) {
  const float *x = ROPT_BINDING(const float, 0);
  const float *w = ROPT_BINDING(const float, 1);
  const float *bias = ROPT_BINDING(const float, 2);
  float *out = ROPT_BINDING(float, 3);
  /* The strips are dealt out over whatever grid the executable has. */
  const uint32_t columns = dispatch->workgroup_count_x, rows = dispatch->workgroup_count_y;
  const uint32_t groups = columns * rows * dispatch->workgroup_count_z;
  const uint32_t group =
      workgroup->workgroup_id_x + columns * (workgroup->workgroup_id_y + rows * workgroup->workgroup_id_z);
  for (uint32_t first = group * STRIP; first < COLUMNS; first += groups * STRIP) strip(x, w, bias, out, first);
  return 0;
}
