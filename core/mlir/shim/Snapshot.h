// What an op is made of at one moment: enough to tell later what of it changed, and names for its attributes and types
// that two processes with the same op agree on.
#pragma once
#include "Shim.h"
#include "mlir/IR/Operation.h"
#include "llvm/ADT/DenseMap.h"

struct RoptSnapshot {
  // An op of the root's body. One that stands alone can be written, and taken away, without its neighbours.
  struct Part {
    mlir::Operation *op;
    uint64_t content;
    bool alone;
  };
  mlir::Operation *root;
  // All of the op, or all but its parts if it is divisible: if it has one block.
  uint64_t shell = 0;
  bool divisible = false;
  std::vector<Part> parts;
  // Attributes and types by number, in the order in which they are met, then those inside of them.
  std::vector<std::pair<const void *, bool>> table;
  llvm::DenseMap<const void *, unsigned> numbers;
  // Which number stands where. Ops that are the same in two processes have the same.
  uint64_t pattern = 0;
  // Those that refer to resources, and a sum of the bytes of these, which a pass can change in place.
  std::vector<const void *> dense;
  uint64_t resources = 0;

  explicit RoptSnapshot(mlir::Operation *root) : root(root) {}
  bool same(const RoptSnapshot &other) const;
};

namespace ropt {
// The sum of the resources' bytes as they are now.
uint64_t resources(const RoptSnapshot &snapshot);
} // namespace ropt
