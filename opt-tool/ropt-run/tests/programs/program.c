/* A program as the compiler writes it, by hand. MANIFEST and BINARY come from the test. */
#include <ropt/program.h>

#define EXPORTED __attribute__((visibility("default")))

EXPORTED const ropt_runtime_table_t *ropt_runtime = 0;

__asm__(".section .rodata\n.globl ropt_exe_0_0\n.type ropt_exe_0_0, @object\n.balign 64\nropt_exe_0_0:\n"
        ".incbin \"" BINARY "\"\n.Lend:\n.size ropt_exe_0_0, .Lend - ropt_exe_0_0\n.previous\n"
        ".section .ropt.program,\"a\",@progbits\n.incbin \"" MANIFEST "\"\n.previous\n");

typedef struct { void *allocated, *aligned; int64_t offset, size, stride; } tensor1_t;
typedef struct { void *allocated, *aligned; int64_t offset, sizes[3], strides[3]; } tensor3_t;

#define RT ropt_runtime
#define SELF RT->self

static uint64_t address(const tensor1_t *t) { return (uint64_t)t->aligned + t->offset * 4; }

static tensor1_t fresh(int64_t size) {
  void *memory = (void *)RT->allocate(SELF, size * 4);
  return (tensor1_t){memory, memory, 0, size, 1};
}

EXPORTED int32_t ropt_initialize(void) { return RT->size >= sizeof(*RT) && RT->version == 1 ? 0 : 1; }

/* (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32> */
EXPORTED void ropt_fn_add(void **args, void **results) {
  const tensor1_t *a = args[0], *b = args[1];
  if (a->size != b->size) { RT->fail(SELF, "the operands have different sizes"); return; }
  tensor1_t out = fresh(a->size);
  uint64_t bytes = a->size * 4;
  ropt_binding_t bindings[] = {{address(a), bytes}, {address(b), bytes}, {address(&out), bytes}};
  uint32_t grid[] = {4, 1, 1};
  RT->dispatch(SELF, 0, 0, grid, 0, 0, bindings, 3);
  *(tensor1_t *)results[0] = out;
}

/* (tensor<8xf32>, f32, i1) -> (tensor<8xf32>, f32, index): two dispatches, a copy, a read. */
EXPORTED void ropt_fn_scale(void **args, void **results) {
  const tensor1_t *in = args[0];
  tensor1_t twice = fresh(8), out = fresh(8);
  ropt_binding_t first[] = {{address(in), 32}, {address(in), 32}, {address(&twice), 32}};
  uint32_t grid[] = {4, 1, 1}, one[] = {1, 1, 1};
  RT->dispatch(SELF, 0, 0, grid, 0, 0, first, 3);
  ropt_binding_t second[] = {{address(&twice), 32}, {address(&out), 32}};
  RT->dispatch(SELF, 0, 1, one, args[1], 1, second, 2);
  RT->release(SELF, (uint64_t)twice.allocated);
  float last = -1;
  RT->read(SELF, &last, address(&out) + 28, 4);
  *(tensor1_t *)results[0] = out;
  *(float *)results[1] = last;
  *(int64_t *)results[2] = *(uint8_t *)args[2] ? -8 : 8;
}

/* () -> tensor<3x2x4xi32>: fill, then ids, then a strided copy that transposes nothing. */
EXPORTED void ropt_fn_ids(void **args, void **results) {
  (void)args;
  uint64_t ids = RT->allocate(SELF, 96), out = RT->allocate(SELF, 96);
  RT->fill(SELF, out, 0xffffffff, 4, 24);
  ropt_binding_t bindings[] = {{ids, 96}};
  uint32_t grid[] = {4, 2, 3};
  RT->dispatch(SELF, 0, 2, grid, 0, 0, bindings, 1);
  int64_t sizes[] = {3, 2, 4}, strides[] = {8, 4, 1};
  RT->copy_strided(SELF, 3, 4, sizes, out, strides, ids, strides);
  RT->release(SELF, ids);
  *(tensor3_t *)results[0] = (tensor3_t){(void *)out, (void *)out, 0, {3, 2, 4}, {8, 4, 1}};
}

static void run(uint32_t ordinal, uint32_t x, void **results) {
  tensor1_t out = fresh(1);
  ropt_binding_t bindings[] = {{address(&out), 4}};
  uint32_t grid[] = {x, 1, 1};
  RT->dispatch(SELF, 0, ordinal, grid, 0, 0, bindings, 1);
  *(tensor1_t *)results[0] = out;
}

EXPORTED void ropt_fn_fails(void **args, void **results) { (void)args; run(3, 8, results); }
EXPORTED void ropt_fn_scratch(void **args, void **results) { (void)args; run(4, 8, results); }
EXPORTED void ropt_fn_segfaults(void **args, void **results) { (void)args; run(5, 8, results); }
EXPORTED void ropt_fn_divides(void **args, void **results) { (void)args; run(6, 1, results); }
EXPORTED void ropt_fn_overflows(void **args, void **results) { (void)args; run(7, 8, results); }
EXPORTED void ropt_fn_aborts(void **args, void **results) { (void)args; run(8, 1, results); }

/* () -> i32: a constant of the image; an executable that does not exist. */
static const int32_t table[] = {5, 6, 7};
EXPORTED void ropt_fn_constant(void **args, void **results) {
  (void)args;
  uint64_t device = RT->constant(SELF, table, sizeof table);
  if (device != RT->constant(SELF, table, sizeof table)) RT->fail(SELF, "two addresses for one constant");
  RT->read(SELF, results[0], device + 8, 4);
}
EXPORTED void ropt_fn_lost(void **args, void **results) { (void)args; (void)results; RT->variant(SELF, 7); }

/* i32 -> (): as many dispatches of `ids`. */
EXPORTED void ropt_fn_batches(void **args, void **results) {
  (void)results;
  uint64_t ids = RT->allocate(SELF, 96);
  ropt_binding_t bindings[] = {{ids, 96}};
  uint32_t grid[] = {4, 2, 3};
  for (int32_t i = 0; i < *(int32_t *)args[0]; ++i) RT->dispatch(SELF, 0, 2, grid, 0, 0, bindings, 1);
  RT->release(SELF, ids);
}

/* Waits for a value that never comes: an error makes every read give 0. */
EXPORTED void ropt_fn_waits(void **args, void **results) {
  (void)args; (void)results;
  RT->fail(SELF, "it broke");
  int32_t value = 1;
  do RT->read(SELF, &value, 64, 4); while (value == 0);
}

/* Ownership mistakes. */
EXPORTED void ropt_fn_double_release(void **args, void **results) {
  (void)args; (void)results;
  uint64_t memory = RT->allocate(SELF, 64);
  RT->release(SELF, memory);
  RT->release(SELF, memory);
}
EXPORTED void ropt_fn_unset(void **args, void **results) { (void)args; (void)results; }
EXPORTED void ropt_fn_huge(void **args, void **results) { (void)args; (void)results; RT->allocate(SELF, (uint64_t)1 << 60); }
