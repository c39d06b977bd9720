// Instrumentation of a run; Shim.h says what RoptRun wants to know.
#pragma once
#include "Shim.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/Pass/PassInstrumentation.h"
#include <memory>

namespace ropt {
// The dialects that every context of the process can load.
mlir::DialectRegistry &allDialects();
// Tells of passes and nests as they run, and names the running pass for the crash handler.
std::unique_ptr<mlir::PassInstrumentation> watch(RoptRun *run);
struct ProbeOptions {
  std::string whole; // the whole pipeline
  bool verify;       // whether passes are verified
};
// Looks for the run of a pass that does not end well: each is tried in a child process first.
std::unique_ptr<mlir::PassInstrumentation> probe(RoptRun *run, ProbeOptions options);
// The text of a file that --run-reproducer takes.
std::string reproducer(mlir::Operation *root, llvm::StringRef pipeline, bool verify);
} // namespace ropt
