// Edits and questions about ops that MLIR's C API leaves out.
#include "Shim.h"
#include "TypeTexts.h"
#include "mlir/CAPI/IR.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/CallInterfaces.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/TilingInterface.h"
#include "llvm/ADT/StringSwitch.h"
using namespace mlir;

extern "C" {
MlirOperation roptCloneMapped(MlirOperation op, const MlirValue *from, const MlirValue *to,
                              size_t n) {
  IRMapping map;
  for (size_t i = 0; i < n; ++i)
    map.map(unwrap(from[i]), unwrap(to[i]));
  return wrap(unwrap(op)->clone(map));
}
void roptPrintOp(MlirOperation op, bool generic, RoptSink sink, void *user) {
  std::string text;
  llvm::raw_string_ostream os(text);
  OpPrintingFlags flags;
  if (generic)
    flags.printGenericOpForm();
  unwrap(op)->print(os, flags.useLocalScope());
  sink(user, {text.data(), text.size()});
}
void roptTypeText(MlirType type, RoptSink sink, void *user) {
  ropt::TypeTexts::with(unwrap(type), [&](StringRef text) { sink(user, {text.data(), text.size()}); });
}
void roptKeyText(MlirOperation op, int64_t largest, RoptSink sink, void *user) {
  std::string text;
  llvm::raw_string_ostream os(text);
  OpPrintingFlags flags;
  flags.printGenericOpForm()
      .useLocalScope()
      .enableDebugInfo(false)
      .skipRegions(false)
      .printValueUsers(false)
      .printUniqueSSAIDs(false)
      .printNameLocAsPrefix(false)
      .elideLargeElementsAttrs(largest)
      .elideLargeResourceString(std::numeric_limits<int64_t>::max());
  unwrap(op)->print(os, flags);
  sink(user, {text.data(), text.size()});
}
uint64_t roptStructureHash(MlirOperation root) {
  llvm::DenseMap<Value, unsigned> numbers;
  llvm::hash_code hash = 0;
  auto define = [&](Value value) {
    hash = llvm::hash_combine(hash, value.getType());
    unsigned number = numbers.size();
    numbers[value] = number;
  };
  unwrap(root)->walk<WalkOrder::PreOrder>([&](Operation *op) {
    hash = llvm::hash_combine(hash, op->getName(), op->getNumRegions());
    for (NamedAttribute attr : op->getAttrDictionary())
      if (attr.getName() != SymbolTable::getSymbolAttrName())
        hash = llvm::hash_combine(hash, attr.getName(), attr.getValue());
    for (Value operand : op->getOperands())
      hash = llvm::hash_combine(hash, numbers.lookup(operand));
    for (Value result : op->getResults())
      define(result);
    for (Region &region : op->getRegions())
      for (Block &block : region) {
        hash = llvm::hash_combine(hash, block.getNumArguments());
        for (Value argument : block.getArguments())
          define(argument);
      }
  });
  return hash;
}
bool roptOpIs(MlirOperation handle, RoptStr what) {
  Operation *op = unwrap(handle);
  int which = llvm::StringSwitch<int>(StringRef(what.ptr, what.len))
                  .Case("LinalgOp", 0)
                  .Case("Tiling", 1)
                  .Case("DestinationStyle", 2)
                  .Case("Pure", 3)
                  .Case("ConstantLike", 4)
                  .Case("Terminator", 5)
                  .Case("IsolatedFromAbove", 6)
                  .Case("SymbolTable", 7)
                  .Case("LoopLike", 8)
                  .Case("Call", 9)
                  .Case("Function", 10)
                  .Case("MemoryEffectFree", 11)
                  .Default(-1);
  switch (which) {
  case 0:
    return isa<linalg::LinalgOp>(op);
  case 1:
    return isa<TilingInterface>(op);
  case 2:
    return isa<DestinationStyleOpInterface>(op);
  case 3:
    return isPure(op);
  case 4:
    return op->hasTrait<OpTrait::ConstantLike>();
  case 5:
    return op->hasTrait<OpTrait::IsTerminator>();
  case 6:
    return op->hasTrait<OpTrait::IsIsolatedFromAbove>();
  case 7:
    return op->hasTrait<OpTrait::SymbolTable>();
  case 8:
    return isa<LoopLikeOpInterface>(op);
  case 9:
    return isa<CallOpInterface>(op);
  case 10:
    return isa<FunctionOpInterface>(op);
  case 11:
    return isMemoryEffectFree(op);
  default:
    return false;
  }
}
}
