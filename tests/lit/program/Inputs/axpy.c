// Functions that kernels in MLIR call. A memref is a pointer to the data (llvm.bareptr), or all of its descriptor.
#include <stddef.h>
#include <stdint.h>

// out[i] = a * x[i] + y[i] for the 16 elements from `first` on.
void axpy_block(const float *x, size_t x_offset, const float *y, size_t y_offset, float *out, size_t out_offset, float a,
                size_t count, size_t first) {
  for (size_t i = first; i < count && i < first + 16; ++i)
    out[out_offset + i] = a * x[x_offset + i] + y[y_offset + i];
}

// x[i] = -x[i] for the 16 elements from `first` on.
void negate_block(float *allocated, float *x, size_t offset, size_t size, size_t stride, size_t first) {
  for (size_t i = first; i < size && i < first + 16; ++i)
    x[offset + i * stride] = -x[offset + i * stride];
}
