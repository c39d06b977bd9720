/* The time of a kernel launch, and nothing around it: launch MODULE KERNEL GRID BLOCK. Prints nanoseconds for each launch,
   the median over repetitions of a loop of cuLaunchKernel calls between two events. The kernel takes two addresses. */
#include <cuda.h>
#include <stdio.h>
#include <stdlib.h>

#define CHECK(call)                                                                                                    \
  do {                                                                                                                 \
    CUresult result = (call);                                                                                          \
    if (result != CUDA_SUCCESS) {                                                                                      \
      const char *text = "?";                                                                                          \
      cuGetErrorString(result, &text);                                                                                 \
      fprintf(stderr, "%s: %s\n", #call, text);                                                                        \
      exit(1);                                                                                                         \
    }                                                                                                                  \
  } while (0)

enum { LAUNCHES = 1000, REPETITIONS = 51 };

static int ascending(const void *a, const void *b) {
  float x = *(const float *)a, y = *(const float *)b;
  return (x > y) - (x < y);
}

int main(int argc, char **argv) {
  if (argc != 5) {
    fprintf(stderr, "launch MODULE KERNEL GRID BLOCK\n");
    return 2;
  }
  CUdevice device;
  CUcontext context;
  CUmodule module;
  CUfunction kernel;
  CUstream stream;
  CUevent from, to;
  CUdeviceptr a, b;
  CHECK(cuInit(0));
  CHECK(cuDeviceGet(&device, 0));
  CHECK(cuDevicePrimaryCtxRetain(&context, device));
  CHECK(cuCtxSetCurrent(context));
  CHECK(cuModuleLoad(&module, argv[1]));
  CHECK(cuModuleGetFunction(&kernel, module, argv[2]));
  CHECK(cuStreamCreate(&stream, CU_STREAM_NON_BLOCKING));
  CHECK(cuEventCreate(&from, CU_EVENT_DEFAULT));
  CHECK(cuEventCreate(&to, CU_EVENT_DEFAULT));
  CHECK(cuMemAlloc(&a, 1 << 20));
  CHECK(cuMemAlloc(&b, 1 << 20));
  CHECK(cuMemsetD8(a, 1, 1 << 20));
  void *parameters[] = {&a, &b};
  float times[REPETITIONS];
  for (int repetition = -5; repetition < REPETITIONS; repetition++) {
    CHECK(cuEventRecord(from, stream));
    for (int launch = 0; launch < LAUNCHES; launch++)
      CHECK(cuLaunchKernel(kernel, atoi(argv[3]), 1, 1, atoi(argv[4]), 1, 1, 0, stream, parameters, NULL));
    CHECK(cuEventRecord(to, stream));
    CHECK(cuStreamSynchronize(stream));
    float milliseconds;
    CHECK(cuEventElapsedTime(&milliseconds, from, to));
    if (repetition >= 0)
      times[repetition] = milliseconds;
  }
  qsort(times, REPETITIONS, sizeof *times, ascending);
  printf("%.1f\n", times[REPETITIONS / 2] * 1e6 / LAUNCHES);
  return 0;
}
