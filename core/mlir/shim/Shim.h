// The C interface between ropt's Rust code and MLIR's C++, where MLIR's own C API has no call.
// Strings are not NUL-terminated; a sink is called once for each value it receives.
#pragma once
#include "mlir-c/IR.h"
#include "mlir-c/Pass.h"
#include "mlir-c/Support.h"
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const char *ptr;
  size_t len;
} RoptStr;
typedef void (*RoptSink)(void *user, RoptStr value);

enum RoptOptionKind {
  ROPT_STRING = 0,
  ROPT_BOOL = 1,
  ROPT_INT = 2,
  ROPT_UINT = 3,
  ROPT_FLOAT = 4,
  ROPT_ENUM = 5,
  ROPT_STRING_LIST = 6,
  ROPT_INT_LIST = 7
};
typedef struct {
  RoptStr name, help, dflt;
  uint32_t kind;
} RoptOptionDesc;

typedef struct RoptPassRun RoptPassRun; // the running PluginPass

// A pass of a plugin. Everything in it lives as long as the process.
typedef struct {
  RoptStr argument, description, op_name; // no op_name: any op
  const RoptOptionDesc *options;
  size_t n_options;
  const RoptStr *dialects;
  size_t n_dialects;
  void *user;
  void *(*create)(void *user, RoptPassRun *run); // NULL: failed, already reported
  void *(*clone)(void *user, void *instance);
  void (*destroy)(void *user, void *instance);
  int32_t (*initialize)(void *user, void *instance, MlirContext ctx, RoptPassRun *run);
  int32_t (*run)(void *user, void *instance, MlirOperation op, RoptPassRun *run);
  // Reports that the pass left ops of another context.
  void (*foreign)(void *user, MlirOperation op, RoptPassRun *run);
} RoptPassDesc;

// 0: done; 1: the name is taken.
int32_t roptRegisterPass(const RoptPassDesc *desc);
// The values of option `index`: one for a scalar, any number for a list.
void roptPassOption(RoptPassRun *run, size_t index, RoptSink sink, void *user);
void roptPassPreserveAll(RoptPassRun *run);
// Runs a textual pipeline on `op`, which is the pass's own op or nested in it.
int32_t roptPassRunPipeline(RoptPassRun *run, RoptStr pipeline, MlirOperation op, RoptSink error,
                            void *user);

typedef struct {
  MlirLocation location; // may be null
  RoptStr message;
} RoptNote;
enum RoptSeverity { ROPT_ERROR = 0, ROPT_WARNING = 1, ROPT_REMARK = 2 };
// The location without the attributes that fused ones hold besides places.
MlirLocation roptPlainLocation(MlirLocation location);
void roptEmit(MlirLocation location, uint32_t severity, RoptStr message, const RoptNote *notes,
              size_t n_notes);

// --- the process-wide set-up, in this order ---
void roptRegisterUpstream(void);
int32_t roptLoadPassPlugin(RoptStr path, RoptSink error, void *user);
int32_t roptLoadDialectPlugin(RoptStr path, RoptSink error, void *user);
void roptRegisterFlags(void); // after every pass is registered
bool roptFlagKnown(RoptStr name);
// Whether the flag stands alone (`--x`) or wants a value (`--x v`).
bool roptFlagTakesValue(RoptStr name);
void roptForEachFlag(RoptSink sink, void *user);
// Prints the long list of flags, with upstream passes, to stdout.
void roptPrintFlags(void);
// NULL or why the dialects and traits of this library do not fit each other.
const char *roptSelfTest(void);

// --- questions about registered passes ---
enum RoptPassKind { ROPT_NOT_A_PASS = 0, ROPT_PASS = 1, ROPT_PIPELINE = 2 };
uint32_t roptPassKind(RoptStr name);
void roptForEachPass(RoptSink sink, void *user);
void roptPassDescription(RoptStr name, RoptSink sink, void *user);
// The op a pass is restricted to; nothing when it takes any.
void roptPassAnchor(RoptStr name, RoptSink sink, void *user);
// Prints a pass's options as mlir-opt's help does, to stdout.
void roptPassPrintHelp(RoptStr name);
// Parses `options` for the pass; 0 or 1 with the parser's words in `error`.
int32_t roptPassCheckOptions(RoptStr name, RoptStr options, RoptSink error, void *user);

// --- runs ---
typedef struct {
  RoptStr name;
  bool matched; // out: some op of that name was reached
} RoptNest;
typedef struct {
  RoptStr input_name;
  const char *input;
  size_t input_len;
  RoptNest *nests;
  size_t n_nests;
  RoptSink output;
  void *user;
  RoptSink foreign; // called when the input does not parse: MLIR's words on an unregistered dialect, or nothing
  void *user_foreign;
  // Around each pass that has a name, on the pass's thread; either may be null.
  void (*before)(void *watcher, RoptStr pass);
  void (*after)(void *watcher, RoptStr pass);
  // A pass failed; `invalid`: it said that it was done, but left invalid IR. May be null.
  void (*failed)(void *watcher, RoptStr pass, bool invalid);
  void *watcher;
  // A pass to find the bad end of (none: no such search, see Probe.cpp), and how long a good run of it takes at most in
  // milliseconds (0: any time). `found` gets files for --run-reproducer: first of the whole pipeline, then of the pass.
  RoptStr probe;
  uint64_t probe_ms;
  void (*found)(void *watcher, RoptStr text, bool whole);
} RoptRun;
// Parses the command line (argv[0] is the tool) once, before the first run. Flags that only ask are answered on
// stdout; true: nothing is left to do.
bool roptParseFlags(int argc, const char *const *argv);
// Runs the pipeline of the command line on the input. 0 or 1.
int32_t roptRun(RoptRun *run);

// --- passes in another process ---
// What an op is made of at one moment; see Snapshot.h. With a `table` it can be what a change is told against.
typedef struct RoptSnapshot RoptSnapshot;
RoptSnapshot *roptSnapshotTake(MlirOperation op, bool table);
// Of all that is around the op and not in it, without a table; null: nothing is around it.
RoptSnapshot *roptSnapshotAround(MlirOperation op);
// Whether the snapshots differ; `what` is an op of `now` that does, or null.
bool roptSnapshotChanged(const RoptSnapshot *then, const RoptSnapshot *now, MlirOperation *what);
void roptSnapshotDrop(RoptSnapshot *snapshot);
// A number by which two processes can tell that their tables mean the same.
uint64_t roptSnapshotPattern(const RoptSnapshot *snapshot);
// Whether the op is as it was. `then` has a table.
bool roptSnapshotSame(const RoptSnapshot *then, const RoptSnapshot *now);
bool roptSnapshotIsOf(const RoptSnapshot *snapshot, MlirOperation op);
// The op as bytes, in one call; 0 or 1.
int32_t roptWriteOp(MlirOperation op, RoptSink sink, void *user);
// What is in the op now and was not then, as bytes; no call when all is as it was. `now` is taken just before.
int32_t roptWriteChange(const RoptSnapshot *then, const RoptSnapshot *now, RoptSink sink, void *user);
// An op from bytes of roptWriteOp, unverified, owned by the caller; null when it cannot be read, which is diagnosed.
MlirOperation roptReadOp(MlirContext context, RoptStr bytes);
// Makes `into` what the bytes tell. They may be told against `then`, which is `into` as it is; null: they must not.
// 0; 1: unreadable; 2: another kind of op.
int32_t roptAdoptOp(MlirOperation into, const RoptSnapshot *then, RoptStr bytes);
// Reads the bytes as roptAdoptOp does, if it `reads`, and verifies of `op`, which has become what they tell, what they
// change; both without a word. Whether that crashes or never ends is what it is to find out.
void roptTryOp(MlirOperation op, const RoptSnapshot *then, RoptStr bytes, bool reads);
// Whether an op in it is of another context.
bool roptOpForeign(MlirOperation op);
// Whether the op can be written without what is around it.
bool roptOpAlone(MlirOperation op);
// The pass as pipeline text, with its options.
void roptPassText(RoptPassRun *run, RoptSink sink, void *user);
// A context with every dialect, for one thread.
MlirContext roptWorkerContext(void);
// Runs a pass, given as pipeline text, on an op. 0; 1: the text is wrong; 2: the pass failed.
int32_t roptRunPass(MlirOperation op, RoptStr pass, RoptSink error, void *user);

// Set while a pass runs on this thread; for the crash handler. Async-signal-safe.
RoptStr roptCurrentPass(void);
// The passes that run on any thread, each name once, at most `capacity`; gives how many. Async-signal-safe.
size_t roptRunningPasses(RoptStr *passes, size_t capacity);

// Ends the patterns and passes that run below `root`, from any thread, until roptStopEnd; `root` is only compared.
void roptStop(MlirOperation root);
void roptStopEnd(MlirOperation root);
// Whether some roptStop is for `op` or an op around it.
bool roptStopAsked(MlirOperation op);

// Copies `op` before `anchor`'s end, with operands mapped from[i] → to[i].
MlirOperation roptCloneMapped(MlirOperation op, const MlirValue *from, const MlirValue *to,
                              size_t n);
// Prints an op without the SSA-name and location noise flags: assembly, generic form on demand.
void roptPrintOp(MlirOperation op, bool generic, RoptSink sink, void *user);
// A type as MLIR prints it.
void roptTypeText(MlirType type, RoptSink sink, void *user);
// Prints an op in generic form as a text to compare: whatever flags say of printing, without places, and with the
// elements of attributes that have up to `largest` of them.
void roptKeyText(MlirOperation op, int64_t largest, RoptSink sink, void *user);
// A number that is equal for equal ops of one process, whatever symbols are called and wherever ops come from.
uint64_t roptStructureHash(MlirOperation op);
// Whether the op type implements the interface or trait named so: "LinalgOp", "Tiling", "DestinationStyle",
// "Pure", "ConstantLike", "Terminator", "IsolatedFromAbove", "SymbolTable", "LoopLike", "Call", "Function", "MemoryEffectFree".
bool roptOpIs(MlirOperation op, RoptStr what);

#ifdef __cplusplus
}
#endif
