// Finding the IR on which a pass does not end well: each run of the pass is tried in a child process, so that this one
// still holds the IR before it when the child crashes, hangs, exits or fails. One thread only, for the sake of fork.
#include "Stop.h"
#include "Watch.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/Operation.h"
#include "mlir/Pass/Pass.h"
#include <csignal>
#include <ctime>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
using namespace mlir;

static StringRef str(RoptStr s) { return StringRef(s.ptr, s.len); }

std::string ropt::reproducer(Operation *root, StringRef pipeline, bool verify) {
  std::string text;
  llvm::raw_string_ostream os(text);
  AsmState state(root);
  state.attachResourcePrinter("mlir_reproducer", [&](Operation *, AsmResourceBuilder &builder) {
    builder.buildString("pipeline", pipeline);
    builder.buildBool("disable_threading", !root->getContext()->isMultithreadingEnabled());
    builder.buildBool("verify_each", verify);
  });
  root->print(os, state);
  return text;
}

namespace {
struct Probe : PassInstrumentation {
  Probe(RoptRun *run, ropt::ProbeOptions options) : run(run), options(std::move(options)) {
    current = this;
    // Not from runBeforePass: MLIR holds a lock around that, which a child could not release.
    ropt::beforePass = [](const Pass &pass, Operation *op) { current->before(pass, op); };
  }
  ~Probe() override { ropt::beforePass = nullptr; }

  void before(const Pass &pass, Operation *op) {
    if (child)
      return;
    if (!op->getParentOp() && !seen) {
      seen = true; // the whole is there before anything changed
      give(op, options.whole, true);
    }
    if (pass.getArgument() != str(run->probe))
      return;
    pid_t made = fork();
    if (made == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      child = &pass;
      on = op;
      return;
    }
    if (made > 0 && !endsWell(made))
      give(root(op), local(pass, op), false);
  }
  void runAfterPass(Pass *pass, Operation *op) override {
    if (child == pass && on == op)
      _exit(0);
  }
  void runAfterPassFailed(Pass *pass, Operation *op) override {
    if (child == pass && on == op)
      _exit(1);
  }

private:
  bool endsWell(pid_t made) {
    timespec nap = {0, 1000 * 1000}, start, now;
    clock_gettime(CLOCK_MONOTONIC, &start);
    int status = 0;
    while (waitpid(made, &status, WNOHANG) == 0) {
      clock_gettime(CLOCK_MONOTONIC, &now);
      uint64_t passed = (now.tv_sec - start.tv_sec) * 1000 + (now.tv_nsec - start.tv_nsec) / 1000000;
      if (run->probe_ms && passed > run->probe_ms) {
        kill(made, SIGKILL);
        waitpid(made, &status, 0);
        return false;
      }
      nanosleep(&nap, nullptr);
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }
  static Operation *root(Operation *op) {
    while (Operation *parent = op->getParentOp())
      op = parent;
    return op;
  }
  // The pass in the nests of its op.
  static std::string local(const Pass &pass, Operation *op) {
    std::string text;
    llvm::raw_string_ostream os(text);
    const_cast<Pass &>(pass).printAsTextualPipeline(os);
    for (; op; op = op->getParentOp())
      text = (op->getName().getStringRef() + "(" + text + ")").str();
    return text;
  }
  void give(Operation *root, StringRef pipeline, bool whole) {
    std::string text = ropt::reproducer(root, pipeline, options.verify);
    run->found(run->watcher, {text.data(), text.size()}, whole);
  }

  RoptRun *run;
  ropt::ProbeOptions options;
  bool seen = false;
  const Pass *child = nullptr; // in a child: the pass that it is for
  Operation *on = nullptr;
  static Probe *current;
};
Probe *Probe::current = nullptr;
} // namespace

std::unique_ptr<PassInstrumentation> ropt::probe(RoptRun *run, ProbeOptions options) {
  return std::make_unique<Probe>(run, std::move(options));
}
