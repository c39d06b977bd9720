/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The calling convention of CPU kernels.
 *
 * An executable for the CPU (formats embedded-elf-<arch> and system-elf-<arch>) is an ELF
 * shared object with one exported C function an export. The function is called once for each
 * workgroup of the grid, possibly from several threads at once, and has the memory layout of
 * IREE's executable library, version 0: a kernel written for one runs under the other.
 *
 * A kernel may use libc and libm. It must not keep pointers after it returns, and must not write
 * outside of its bindings. Bindings are numbered as in the executable's layout; their order is
 * that of the dispatch: tensor operands first, then results that are not tied to an operand.
 *
 * A whole kernel, out[i] = a[i] * b[i], for any grid (a grid-stride loop):
 *
 *   #include <ropt/kernel.h>
 *   ROPT_KERNEL(main_dispatch_0_elementwise_1024_f32) {
 *     const float *a = ROPT_BINDING(const float, 0), *b = ROPT_BINDING(const float, 1);
 *     float *out = ROPT_BINDING(float, 2);
 *     size_t count = dispatch->binding_lengths[2] / sizeof(float);
 *     for (size_t i = workgroup->workgroup_id_x; i < count; i += dispatch->workgroup_count_x)
 *       out[i] = a[i] * b[i];
 *     return 0;
 *   }
 *
 *   clang -O3 -march=native -fPIC -shared -I"$(ropt config --include-dir)" kernel.c -o kernel.so
 *
 * A longer run of elements for each workgroup is faster than single ones: workgroup w of W takes
 * [count * w / W, count * (w + 1) / W). In a grid of more than one dimension do the same with
 * workgroup_id_y and _z, or return at once where they are not 0.
 */
#ifndef ROPT_KERNEL_H_
#define ROPT_KERNEL_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define ROPT_EXTERN_C extern "C"
#define ROPT_STATIC_ASSERT static_assert
#else
#define ROPT_EXTERN_C
#define ROPT_STATIC_ASSERT _Static_assert
#endif

/* The same for all calls of an executable. */
typedef struct ropt_environment_t {
  /* Specialization constants of the executable. Null: there are none. */
  const uint32_t *constants;
  /* Reserved for imports (IREE's import thunk and table). Null. */
  int (*import_thunk)(int (*import)(void *), void *parameters);
  int (*const *imports)(void *);
  /* Facts of the processor, by architecture. All zero: unknown. */
  uint64_t processor[8];
} ropt_environment_t;

/* The same for all workgroups of a dispatch. */
typedef struct ropt_dispatch_state_t {
  /* Invocations of a workgroup; 1 unless the export says otherwise. */
  uint32_t workgroup_size_x;
  uint32_t workgroup_size_y;
  uint16_t workgroup_size_z;
  /* Number of 32-bit words in `constants`. */
  uint16_t constant_count;
  /* The grid. */
  uint32_t workgroup_count_x;
  uint32_t workgroup_count_y;
  uint16_t workgroup_count_z;
  /* How many workgroups may run at the same time (an estimate). */
  uint8_t max_concurrency;
  /* Number of entries in `binding_ptrs` and `binding_lengths`. */
  uint8_t binding_count;
  /* Push constants: the dispatch's scalar operands. 64-bit values take two words, low first. */
  const uint32_t *constants;
  /* First byte of each binding, at least 64-byte aligned unless the binding is a slice. */
  void *const *binding_ptrs;
  /* Bytes of each binding. */
  const size_t *binding_lengths;
} ropt_dispatch_state_t;

/* Of one workgroup. */
typedef struct ropt_workgroup_state_t {
  /* Position in the grid. */
  uint32_t workgroup_id_x;
  uint32_t workgroup_id_y;
  uint16_t workgroup_id_z;
  uint16_t reserved;
  /* Number of the thread that runs the workgroup, from 0 below max_concurrency. */
  uint32_t processor_id;
  /* Scratch memory of this workgroup, 64-byte aligned, contents undefined. */
  void *local_memory;
  /* Bytes there: at least ROPT_LOCAL_MEMORY_DEFAULT, or what ROPT_LOCAL_MEMORY asked for. */
  uint32_t local_memory_size;
} ropt_workgroup_state_t;

/* A kernel. 0 is success; any other value ends the program's call with an error that names the
 * export, the workgroup and the value. */
typedef int32_t (*ropt_kernel_t)(const ropt_environment_t *environment,
                                 const ropt_dispatch_state_t *dispatch,
                                 const ropt_workgroup_state_t *workgroup);

/* Scratch bytes that every workgroup gets without asking. */
#define ROPT_LOCAL_MEMORY_DEFAULT 65536

/* Asks for more scratch memory: ROPT_LOCAL_MEMORY(my_export, 262144); at file level. */
#define ROPT_LOCAL_MEMORY(name, bytes) \
  ROPT_EXTERN_C __attribute__((visibility("default"), used)) const uint32_t name##__local_memory = (bytes)

/* What a kernel may return when a binding is shorter than what it takes of it: generated kernels do. */
#define ROPT_SHORT_BINDING(index) (0x5b000000 + (index))

/* Opens the definition of a kernel; its parameters are environment, dispatch and workgroup. */
#define ROPT_KERNEL(name)                                                                        \
  ROPT_EXTERN_C __attribute__((visibility("default"))) int32_t name(                             \
      __attribute__((unused)) const ropt_environment_t *environment,                             \
      __attribute__((unused)) const ropt_dispatch_state_t *dispatch,                             \
      __attribute__((unused)) const ropt_workgroup_state_t *workgroup)

/* Binding number `index` as a pointer to `type`, inside a ROPT_KERNEL. */
#define ROPT_BINDING(type, index) ((type *)dispatch->binding_ptrs[index])

#if UINTPTR_MAX == UINT64_MAX
ROPT_STATIC_ASSERT(sizeof(ropt_environment_t) == 88, "layout of ropt_environment_t");
ROPT_STATIC_ASSERT(offsetof(ropt_environment_t, processor) == 24, "layout of ropt_environment_t");
ROPT_STATIC_ASSERT(sizeof(ropt_dispatch_state_t) == 48, "layout of ropt_dispatch_state_t");
ROPT_STATIC_ASSERT(offsetof(ropt_dispatch_state_t, constant_count) == 10, "layout");
ROPT_STATIC_ASSERT(offsetof(ropt_dispatch_state_t, workgroup_count_x) == 12, "layout");
ROPT_STATIC_ASSERT(offsetof(ropt_dispatch_state_t, workgroup_count_z) == 20, "layout");
ROPT_STATIC_ASSERT(offsetof(ropt_dispatch_state_t, max_concurrency) == 22, "layout");
ROPT_STATIC_ASSERT(offsetof(ropt_dispatch_state_t, binding_count) == 23, "layout");
ROPT_STATIC_ASSERT(offsetof(ropt_dispatch_state_t, constants) == 24, "layout");
ROPT_STATIC_ASSERT(offsetof(ropt_dispatch_state_t, binding_ptrs) == 32, "layout");
ROPT_STATIC_ASSERT(offsetof(ropt_dispatch_state_t, binding_lengths) == 40, "layout");
ROPT_STATIC_ASSERT(sizeof(ropt_workgroup_state_t) == 32, "layout of ropt_workgroup_state_t");
ROPT_STATIC_ASSERT(offsetof(ropt_workgroup_state_t, workgroup_id_z) == 8, "layout");
ROPT_STATIC_ASSERT(offsetof(ropt_workgroup_state_t, processor_id) == 12, "layout");
ROPT_STATIC_ASSERT(offsetof(ropt_workgroup_state_t, local_memory) == 16, "layout");
ROPT_STATIC_ASSERT(offsetof(ropt_workgroup_state_t, local_memory_size) == 24, "layout");
#endif

#endif /* ROPT_KERNEL_H_ */
