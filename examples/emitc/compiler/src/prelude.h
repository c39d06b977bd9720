/* Made by ropt for any C11 compiler; <ropt/kernel.h> is in `ropt config --include-dir`. */
#include <math.h>
#include <ropt/kernel.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* What a kernel returns when it gets no memory. */
#define ROPT_C_NO_MEMORY 1

static inline void *ropt_c_binding(const ropt_dispatch_state_t *dispatch, uint32_t index, size_t offset) {
  return (char *)dispatch->binding_ptrs[index] + offset;
}

/* A product that stays at the largest number instead of beginning again at 0. */
static inline size_t ropt_c_times(size_t a, size_t b) { return b && a > SIZE_MAX / b ? SIZE_MAX : a * b; }

static inline bool ropt_c_short(const ropt_dispatch_state_t *dispatch, uint32_t index, size_t offset, size_t bytes) {
  size_t length = dispatch->binding_lengths[index];
  return length < offset || length - offset < bytes;
}

static inline void *ropt_c_allocate(size_t bytes) { return malloc(bytes ? bytes : 1); }

static inline size_t ropt_c_id(const ropt_workgroup_state_t *group, int dimension) {
  return dimension == 0 ? group->workgroup_id_x : dimension == 1 ? group->workgroup_id_y : group->workgroup_id_z;
}
static inline size_t ropt_c_count(const ropt_dispatch_state_t *dispatch, int dimension) {
  return dimension == 0   ? dispatch->workgroup_count_x
         : dimension == 1 ? dispatch->workgroup_count_y
                          : dispatch->workgroup_count_z;
}

/* A number out of 32-bit words; two of them for 64 bits, the low one first on the machines that there are. */
#define ROPT_C_WORD(name, type)                                                              \
  static inline type ropt_c_word_##name(const uint32_t *words, uint32_t index) {             \
    type value;                                                                              \
    memcpy(&value, words + index, sizeof value);                                             \
    return value;                                                                            \
  }                                                                                          \
  static inline type ropt_c_constant_##name(const ropt_dispatch_state_t *d, uint32_t index) { \
    return ropt_c_word_##name(d->constants, index);                                          \
  }                                                                                          \
  static inline type ropt_c_special_##name(const ropt_environment_t *e, uint32_t index) {    \
    return ropt_c_word_##name(e->constants, index);                                          \
  }
ROPT_C_WORD(i32, int32_t)
ROPT_C_WORD(i64, int64_t)
ROPT_C_WORD(f32, float)
ROPT_C_WORD(f64, double)
#define ROPT_C_PART(name, type, part)                                                        \
  static inline type ropt_c_constant_##name(const ropt_dispatch_state_t *d, uint32_t index) { \
    return (type)(part)d->constants[index];                                                  \
  }                                                                                          \
  static inline type ropt_c_special_##name(const ropt_environment_t *e, uint32_t index) {    \
    return (type)(part)e->constants[index];                                                  \
  }
ROPT_C_PART(i16, int16_t, uint16_t)
ROPT_C_PART(i8, int8_t, uint8_t)
ROPT_C_PART(index, size_t, uint32_t)
static inline bool ropt_c_constant_i1(const ropt_dispatch_state_t *d, uint32_t index) { return d->constants[index] & 1; }
static inline bool ropt_c_special_i1(const ropt_environment_t *e, uint32_t index) { return e->constants[index] & 1; }

#define ROPT_C_BITS(to, to_type, from, from_type)                \
  static inline to_type ropt_c_##to##_of_##from(from_type bits) { \
    to_type value;                                               \
    memcpy(&value, &bits, sizeof value);                         \
    return value;                                                \
  }
ROPT_C_BITS(f32, float, i32, int32_t)
ROPT_C_BITS(i32, int32_t, f32, float)
ROPT_C_BITS(f64, double, i64, int64_t)
ROPT_C_BITS(i64, int64_t, f64, double)

/* The size of a number; of the smallest number, which has none, the number itself. */
#define ROPT_C_ABS(name, type, unsigned_type) \
  static inline type ropt_c_abs_##name(type x) { return x < 0 ? (type)(0 - (unsigned_type)x) : x; }
ROPT_C_ABS(i8, int8_t, uint8_t)
ROPT_C_ABS(i16, int16_t, uint16_t)
ROPT_C_ABS(i32, int32_t, uint32_t)
ROPT_C_ABS(i64, int64_t, uint64_t)

#define ROPT_C_COUNTS(name, type, bits)                                             \
  static inline type ropt_c_ctpop_##name(type x) {                                  \
    type count = 0;                                                                 \
    for (int i = 0; i < bits; ++i) count = (type)(count + (((uint64_t)x >> i) & 1)); \
    return count;                                                                   \
  }                                                                                 \
  static inline type ropt_c_cttz_##name(type x) {                                   \
    type count = 0;                                                                 \
    while (count < bits && !(((uint64_t)x >> count) & 1)) ++count;                  \
    return count;                                                                   \
  }                                                                                 \
  static inline type ropt_c_ctlz_##name(type x) {                                   \
    type count = 0;                                                                 \
    while (count < bits && !(((uint64_t)x >> (bits - 1 - count)) & 1)) ++count;     \
    return count;                                                                   \
  }
ROPT_C_COUNTS(i8, int8_t, 8)
ROPT_C_COUNTS(i16, int16_t, 16)
ROPT_C_COUNTS(i32, int32_t, 32)
ROPT_C_COUNTS(i64, int64_t, 64)
