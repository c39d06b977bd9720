/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The contract between a compiled program and the runtime that runs it.
 *
 * A program is an ELF shared object:
 *
 *  - Section `.ropt.program` (allocated, so that strip keeps it) holds UTF-8 JSON, read without
 *    loading the program. ropt_abi::program::Manifest is its schema:
 *      {"version": 1, "module": "name", "producer": "ropt 0.1.0 (MLIR 22.1.8)",
 *       "functions": [{"name": "main", "symbol": "ropt_fn_main",
 *                      "arguments": ["tensor<64x128xf32>", "i32", "tensor<?x4xf32>"],
 *                      "results": ["tensor<64x32xf32>"]}],
 *       "executables": [{"name": "main_dispatch_0", "variants": [
 *          {"name": "embedded_elf_x86_64", "backend": "llvm-cpu", "format": "embedded-elf-x86_64",
 *           "data": "ropt_exe_0_0", "size": 1234, "target": "#hal.executable.target<...>",
 *           "exports": [{"name": "main_dispatch_0_matmul", "ordinal": 0, "constants": 0,
 *                        "bindings": ["storage_buffer ReadOnly", "storage_buffer"]}]}]}]}
 *  - `symbol` of a function is an exported function of type ropt_function_t.
 *  - `data` of a variant is an exported data symbol of `size` bytes: the executable's binary.
 *  - A variant may name an exported function of type ropt_condition_t ("condition") and one of type
 *    ropt_specialize_t ("specialize", with the number of its "words"). The runtime takes the first
 *    variant whose format the device loads and whose condition is not 0, or which has none. Both are
 *    called while the program is loaded: of the table they use `query` and `fail` only.
 *  - Exported variable `const ropt_runtime_table_t *ropt_runtime`, initially null: the runtime
 *    stores its table there before any call.
 *  - Optional exported function `int32_t ropt_initialize(void)`: run once, before the first call.
 *    0 is success.
 *
 * Device memory is named by 64-bit addresses. An address plus an offset inside its allocation
 * is an address as well; on the CPU they are plain pointers, elsewhere they are opaque.
 *
 * Errors stick: after the first one later calls do nothing (`read` gives zeros), and the function
 * call as a whole fails with that first error. A program that still makes 2^20 calls in that state
 * (a loop that waits for a value) is ended by the runtime: message, exit status 1.
 */
#ifndef ROPT_PROGRAM_H_
#define ROPT_PROGRAM_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define ROPT_PROGRAM_STATIC_ASSERT static_assert
#else
#define ROPT_PROGRAM_STATIC_ASSERT _Static_assert
#endif

/* Value of "version" in the JSON, and of `version` in the table. */
#define ROPT_PROGRAM_VERSION 1u

/* A range of device memory that a dispatch reads or writes. */
typedef struct ropt_binding_t {
  uint64_t address;
  uint64_t length; /* bytes */
} ropt_binding_t;

/* What the runtime offers to a program. Append-only: `size` is the number of bytes the runtime
 * knows, so a program checks it before it uses a field that is newer than version 1. */
typedef struct ropt_runtime_table_t {
  uint32_t size;
  uint32_t version;
  /* First argument of every function below. */
  void *self;
  /* New device memory, at least 64-byte aligned, contents undefined. 0 bytes are allowed. */
  uint64_t (*allocate)(void *self, uint64_t bytes);
  /* Gives back an address that `allocate` returned (never an address inside). 0 is ignored. */
  void (*release)(void *self, uint64_t address);
  /* Copies; the ranges do not overlap. */
  void (*copy)(void *self, uint64_t dst, uint64_t src, uint64_t bytes);
  /* Copies elements between strided views of equal sizes; strides count elements. */
  void (*copy_strided)(void *self, uint32_t rank, uint32_t element_bytes, const int64_t *sizes,
                       uint64_t dst, const int64_t *dst_strides, uint64_t src,
                       const int64_t *src_strides);
  /* Writes the low `pattern_bytes` (1, 2, 4 or 8) of `pattern`, `count` times. */
  void (*fill)(void *self, uint64_t dst, uint64_t pattern, uint32_t pattern_bytes, uint64_t count);
  /* Copies to host memory; waits for the work submitted before. */
  void (*read)(void *self, void *host, uint64_t src, uint64_t bytes);
  /* Copies from host memory; `host` may be changed after the call. */
  void (*write)(void *self, uint64_t dst, const void *host, uint64_t bytes);
  /* Device address of immutable data in the program's image; the same for the same data. */
  uint64_t (*constant)(void *self, const void *host, uint64_t bytes);
  /* Index of the variant of `executable` that was chosen for the device. */
  uint32_t (*variant)(void *self, uint32_t executable);
  /* Runs export `ordinal` of `executable` on a grid of grid[0] x grid[1] x grid[2] workgroups.
   * Dispatches and copies take effect in the order of their calls. */
  void (*dispatch)(void *self, uint32_t executable, uint32_t ordinal, const uint32_t *grid,
                   const uint32_t *constants, uint32_t constant_count,
                   const ropt_binding_t *bindings, uint32_t binding_count);
  /* Makes the call fail with this text (UTF-8, copied). */
  void (*fail)(void *self, const char *message);
  /* Asks the device for a number: 1 and the number in `value`, or 0 when the device does not know
   * the key. Categories: hal.device.id and hal.executable.format (key: a pattern with * and ?, value
   * 0 or 1), hal.device and hal.dispatch (key: concurrency), hal.cpu (key: a feature as LLVM names
   * it, value 0 or 1). Newer than the first version 1: look at `size`. */
  int32_t (*query)(void *self, const char *category, const char *key, int64_t *value);
} ropt_runtime_table_t;

/* A function of the program. args[i] and results[i] point to
 *  - a scalar: i1 and i8 one byte, i16/f16/bf16 two, i32/f32 four, i64/f64/index eight;
 *  - or a tensor: ropt_tensor_descriptor_t followed by int64_t sizes[rank], strides[rank].
 * Arguments are borrowed and never written through. A result is owned by the caller, who releases
 * `allocated`: a result that is an argument or a constant is returned as a copy. */
typedef void (*ropt_function_t)(void **args, void **results);

/* Whether a variant suits the device: not 0 when it does. */
typedef int32_t (*ropt_condition_t)(void);

/* Computes the words of ropt_environment_t.constants (ropt/kernel.h) for a variant. */
typedef void (*ropt_specialize_t)(uint32_t *words);

/* The fixed part of MLIR's strided memref descriptor. Layouts are identity (row-major, dense). */
typedef struct ropt_tensor_descriptor_t {
  void *allocated;  /* device address to release */
  void *aligned;    /* device address of the data */
  int64_t offset;   /* elements between `aligned` and the first element */
  /* int64_t sizes[rank]; int64_t strides[rank]; */
} ropt_tensor_descriptor_t;

#if UINTPTR_MAX == UINT64_MAX
ROPT_PROGRAM_STATIC_ASSERT(sizeof(ropt_binding_t) == 16, "layout of ropt_binding_t");
ROPT_PROGRAM_STATIC_ASSERT(sizeof(ropt_runtime_table_t) == 112, "layout of ropt_runtime_table_t");
ROPT_PROGRAM_STATIC_ASSERT(offsetof(ropt_runtime_table_t, self) == 8, "layout");
ROPT_PROGRAM_STATIC_ASSERT(offsetof(ropt_runtime_table_t, fail) == 96, "layout");
ROPT_PROGRAM_STATIC_ASSERT(offsetof(ropt_runtime_table_t, query) == 104, "layout");
ROPT_PROGRAM_STATIC_ASSERT(sizeof(ropt_tensor_descriptor_t) == 24, "layout");
#endif

#endif /* ROPT_PROGRAM_H_ */
