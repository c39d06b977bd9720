// Follows the passes of a run, on whatever thread they are.
#include "Watch.h"
#include "Current.h"
#include "mlir/IR/Operation.h"
#include "mlir/Pass/Pass.h"
#include "llvm/ADT/SmallVector.h"
#include <algorithm>
#include <atomic>
#include <csignal>
#include <sys/mman.h>
using namespace mlir;

thread_local RoptStr ropt::currentPass = {nullptr, 0};
thread_local const void *ropt::donePass = nullptr;

static StringRef str(RoptStr s) { return StringRef(s.ptr, s.len); }

namespace {
// A signal handler needs a stack of its own where the thread's is full. MLIR's worker threads have none.
struct SignalStack {
  static constexpr size_t size = 64 * 1024;
  SignalStack() {
    stack_t now;
    if (sigaltstack(nullptr, &now) == 0 && !(now.ss_flags & SS_DISABLE))
      return;
    memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    stack_t mine = {memory, 0, size};
    if (memory == MAP_FAILED || sigaltstack(&mine, nullptr) != 0)
      memory = nullptr;
  }
  ~SignalStack() {
    if (!memory || memory == MAP_FAILED)
      return;
    stack_t none = {nullptr, SS_DISABLE, size};
    sigaltstack(&none, nullptr);
    munmap(memory, size);
  }
  void *memory = nullptr;
};

// The passes around the running one on this thread: a pass may run a pipeline of its own.
thread_local llvm::SmallVector<RoptStr, 4> outer;

// Every thread's pass, for those that have none: MLIR verifies what a pass left on several threads.
struct Slot {
  std::atomic<bool> taken;
  std::atomic<const char *> name;
  std::atomic<size_t> length;
} slots[256];

struct OwnSlot {
  OwnSlot() {
    for (Slot &candidate : slots) {
      bool free = false;
      if (candidate.taken.compare_exchange_strong(free, true)) {
        slot = &candidate;
        return;
      }
    }
  }
  ~OwnSlot() {
    if (slot)
      slot->taken = false;
  }
  void set(RoptStr pass) {
    if (!slot)
      return;
    slot->name = nullptr;
    slot->length = pass.len;
    slot->name = pass.ptr;
  }
  Slot *slot = nullptr;
};
thread_local OwnSlot ownSlot;

void enter(RoptStr pass) {
  ropt::currentPass = pass;
  ownSlot.set(pass);
}

struct Watch : PassInstrumentation {
  explicit Watch(RoptRun *run) : run(run) {}
  void runBeforePipeline(std::optional<OperationName> name, const PipelineParentInfo &) override {
    for (size_t i = 0; i < run->n_nests; ++i)
      if (!run->nests[i].matched && (!name || str(run->nests[i].name) == name->getStringRef()))
        __atomic_store_n(&run->nests[i].matched, true, __ATOMIC_RELAXED);
  }
  void runBeforePass(Pass *pass, Operation *) override {
    static thread_local SignalStack stack;
    StringRef name = pass->getArgument();
    outer.push_back(ropt::currentPass);
    enter({name.data(), name.size()});
    if (run->before && !name.empty())
      run->before(run->watcher, ropt::currentPass);
  }
  void runAfterPass(Pass *pass, Operation *) override { leave(pass); }
  void runAfterPassFailed(Pass *pass, Operation *) override {
    // A nest fails with each pass in it, and has no name.
    if (run->failed && !pass->getArgument().empty())
      run->failed(run->watcher, ropt::currentPass, ropt::donePass == pass);
    leave(pass);
  }
  void leave(Pass *pass) {
    if (run->after && !pass->getArgument().empty())
      run->after(run->watcher, ropt::currentPass);
    ropt::donePass = nullptr;
    enter(outer.empty() ? RoptStr{nullptr, 0} : outer.pop_back_val());
  }
  RoptRun *run;
};
} // namespace

std::unique_ptr<PassInstrumentation> ropt::watch(RoptRun *run) { return std::make_unique<Watch>(run); }

extern "C" RoptStr roptCurrentPass(void) { return ropt::currentPass; }

// Async-signal-safe.
extern "C" size_t roptRunningPasses(RoptStr *passes, size_t capacity) {
  size_t count = 0;
  for (Slot &slot : slots) {
    const char *name = slot.name;
    StringRef pass(name, name ? slot.length.load() : 0);
    auto known = [&](RoptStr other) { return str(other) == pass; };
    if (count == capacity || pass.empty() || std::any_of(passes, passes + count, known))
      continue;
    passes[count++] = {pass.data(), pass.size()};
  }
  return count;
}
