// What runs on this thread, for the message of a crash handler and for whoever asks why a pass failed.
#pragma once
#include "Shim.h"
#include "llvm/ADT/StringRef.h"

namespace ropt {
extern thread_local RoptStr currentPass;
// The last pass of a plugin that said that it was done: if it counts as failed all the same, it left invalid IR.
extern thread_local const void *donePass;

struct CurrentPass {
  explicit CurrentPass(llvm::StringRef name) : before(currentPass) {
    currentPass = {name.data(), name.size()};
  }
  ~CurrentPass() { currentPass = before; }
  RoptStr before;
};
} // namespace ropt
