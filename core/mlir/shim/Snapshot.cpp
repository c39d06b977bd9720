// Snapshots: see Snapshot.h. Within a process equal things have equal addresses, so that content is compared as addresses:
// an op that takes the place of another one with the same parts is the same to everybody.
#include "Snapshot.h"
#include "mlir/CAPI/IR.h"
#include "mlir/IR/Block.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/Support/xxhash.h"
using namespace mlir;

namespace {
using Words = llvm::SmallVector<uint64_t, 0>;

uint64_t sum(const Words &words) {
  return llvm::xxh3_64bits({reinterpret_cast<const uint8_t *>(words.data()), words.size() * sizeof(uint64_t)});
}

class Taker {
public:
  Taker(RoptSnapshot &into, bool table, Operation *without = nullptr) : into(into), table(table), without(without) {}

  void take() {
    Operation *root = into.root;
    into.divisible = root->getNumRegions() == 1 && llvm::hasSingleElement(root->getRegion(0));
    head(root);
    if (into.divisible) {
      Block &body = root->getRegion(0).front();
      start(body);
      into.shell = sum(words);
      for (Operation &op : body) {
        words.clear();
        all(&op);
        bool bound = op.getNumRegions() == 0 || op.hasTrait<OpTrait::IsIsolatedFromAbove>();
        bool alone = bound && op.getNumOperands() == 0 && op.getNumResults() == 0 && op.getNumSuccessors() == 0;
        into.parts.push_back({&op, sum(words), alone});
      }
    } else {
      inside(root);
      into.shell = sum(words);
    }
    if (table)
      number();
  }

private:
  void word(const void *value) { words.push_back(reinterpret_cast<uint64_t>(value)); }

  void note(const void *value, bool isType) {
    if (!value)
      return;
    auto [place, fresh] = into.numbers.try_emplace(value, into.table.size());
    if (fresh)
      into.table.push_back({value, isType});
    pattern.push_back(place->second);
  }
  void use(Attribute attribute) {
    word(attribute.getAsOpaquePointer());
    if (table)
      note(attribute.getAsOpaquePointer(), false);
  }
  void use(Type type) {
    word(type.getAsOpaquePointer());
    if (table)
      note(type.getAsOpaquePointer(), true);
  }

  void start(Block &block) {
    word(&block);
    for (BlockArgument argument : block.getArguments()) {
      word(argument.getAsOpaquePointer());
      use(argument.getType());
      use(Attribute(LocationAttr(argument.getLoc())));
    }
  }

  // An op without what is in its regions.
  void head(Operation *op) {
    word(op);
    word(op->getName().getAsOpaquePointer());
    use(Attribute(LocationAttr(op->getLoc())));
    use(Attribute(op->getRawDictionaryAttrs()));
    words.push_back(op->hashProperties());
    if (table && op->getPropertiesStorageSize()) {
      NamedAttrList inherent;
      op->getName().populateInherentAttrs(op, inherent);
      for (NamedAttribute attribute : inherent)
        note(attribute.getValue().getAsOpaquePointer(), false);
    }
    words.push_back(op->getNumOperands());
    for (Value operand : op->getOperands())
      word(operand.getAsOpaquePointer());
    for (Block *successor : op->getSuccessors())
      word(successor);
    words.push_back(op->getNumResults());
    for (Type type : op->getResultTypes())
      use(type);
    words.push_back(op->getNumRegions());
  }

  void inside(Operation *op) {
    for (Region &region : op->getRegions()) {
      word(&region);
      for (Block &block : region) {
        start(block);
        for (Operation &nested : block)
          all(&nested);
      }
    }
  }

  void all(Operation *op) {
    if (op == without)
      return word(op);
    head(op);
    inside(op);
  }

  void number() {
    // The table grows while it is gone through: places can nest deeper than a stack is.
    for (size_t i = 0; i < into.table.size(); ++i) {
      auto [value, isType] = into.table[i];
      auto attribute = [&](Attribute inner) { note(inner.getAsOpaquePointer(), false); };
      auto type = [&](Type inner) { note(inner.getAsOpaquePointer(), true); };
      if (isType) {
        Type::getFromOpaquePointer(value).walkImmediateSubElements(attribute, type);
        continue;
      }
      auto outer = Attribute::getFromOpaquePointer(value);
      outer.walkImmediateSubElements(attribute, type);
      if (isa<DenseResourceElementsAttr>(outer))
        into.dense.push_back(value);
    }
    pattern.push_back(into.table.size());
    into.pattern = sum(pattern);
    into.resources = ropt::resources(into);
  }

  RoptSnapshot &into;
  bool table;
  Operation *without;
  Words words, pattern;
};
} // namespace

uint64_t ropt::resources(const RoptSnapshot &snapshot) {
  Words sums;
  for (const void *value : snapshot.dense) {
    auto dense = cast<DenseResourceElementsAttr>(Attribute::getFromOpaquePointer(value));
    AsmResourceBlob *blob = dense.getRawHandle().getBlob();
    if (!blob)
      continue;
    ArrayRef<char> bytes = blob->getData();
    sums.push_back(llvm::xxh3_64bits({reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size()}));
  }
  return sum(sums);
}

bool RoptSnapshot::same(const RoptSnapshot &other) const {
  auto part = [](const Part &a, const Part &b) { return a.op == b.op && a.content == b.content; };
  return root == other.root && shell == other.shell && divisible == other.divisible &&
         llvm::equal(parts, other.parts, part);
}

extern "C" {
RoptSnapshot *roptSnapshotTake(MlirOperation op, bool table) {
  auto *snapshot = new RoptSnapshot(unwrap(op));
  Taker(*snapshot, table).take();
  return snapshot;
}
RoptSnapshot *roptSnapshotAround(MlirOperation op) {
  Operation *root = unwrap(op);
  while (Operation *parent = root->getParentOp())
    root = parent;
  if (root == unwrap(op))
    return nullptr;
  auto *snapshot = new RoptSnapshot(root);
  Taker(*snapshot, /*table=*/false, unwrap(op)).take();
  return snapshot;
}
bool roptSnapshotChanged(const RoptSnapshot *then, const RoptSnapshot *now, MlirOperation *what) {
  *what = wrap(static_cast<Operation *>(nullptr));
  if (then->same(*now))
    return false;
  llvm::DenseMap<Operation *, uint64_t> before;
  for (const RoptSnapshot::Part &part : then->parts)
    before[part.op] = part.content;
  for (const RoptSnapshot::Part &part : now->parts) {
    auto place = before.find(part.op);
    if (place == before.end() || place->second != part.content) {
      *what = wrap(part.op);
      break;
    }
  }
  return true;
}
void roptSnapshotDrop(RoptSnapshot *snapshot) { delete snapshot; }
uint64_t roptSnapshotPattern(const RoptSnapshot *snapshot) { return snapshot->pattern; }
bool roptSnapshotSame(const RoptSnapshot *then, const RoptSnapshot *now) {
  return then->same(*now) && then->resources == ropt::resources(*then);
}
bool roptSnapshotIsOf(const RoptSnapshot *snapshot, MlirOperation op) { return snapshot->root == unwrap(op); }
}
