// The pass that runs on this thread, for the message of a crash handler.
#pragma once
#include "Shim.h"
#include "llvm/ADT/StringRef.h"

namespace ropt {
extern thread_local RoptStr currentPass;

struct CurrentPass {
  explicit CurrentPass(llvm::StringRef name) : before(currentPass) {
    currentPass = {name.data(), name.size()};
  }
  ~CurrentPass() { currentPass = before; }
  RoptStr before;
};
} // namespace ropt
