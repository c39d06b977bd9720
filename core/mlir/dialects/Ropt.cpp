#include "Ropt.h"

#include "EntryPoints.h"
#include "Syntax.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace ropt;
using namespace ropt::host;

#include "RoptDialect.cpp.inc"
#include "RoptEnums.cpp.inc"
#define GET_OP_CLASSES
#include "RoptOps.cpp.inc"

void RoptDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "RoptOps.cpp.inc"
      >();
}

SymbolRefAttr DispatchOp::getEntryPoint() {
  return cast<SymbolRefAttr>(getEntryPoints()[0]);
}

void DispatchOp::getEffects(
    SmallVectorImpl<MemoryEffects::EffectInstance> &effects) {
  MutableOperandRange arguments = getArgumentsMutable();
  for (int64_t index : getReads())
    effects.emplace_back(MemoryEffects::Read::get(), &arguments[index]);
  for (int64_t index : getWrites())
    effects.emplace_back(MemoryEffects::Write::get(), &arguments[index]);
}

LogicalResult DispatchOp::verify() {
  if (getEntryPoints().empty())
    return emitOpError("expected at least one entry point, found none");
  auto checkPositions = [&](StringRef name,
                            ArrayRef<int64_t> positions) -> LogicalResult {
    for (int64_t index : positions) {
      if (index < 0 || index >= static_cast<int64_t>(getArguments().size()))
        return emitOpError() << name << " argument " << index << ", but it has "
                             << getArguments().size() << " arguments";
      Type type = getArguments()[index].getType();
      if (!isa<MemRefType>(type))
        return emitOpError() << name << " argument " << index
                             << ", which is no memref but " << type;
    }
    return success();
  };
  if (failed(checkPositions("reads", getReads())) ||
      failed(checkPositions("writes", getWrites())))
    return failure();
  for (auto [index, argument] : llvm::enumerate(getArguments())) {
    if (!isa<MemRefType>(argument.getType()))
      continue;
    if (!llvm::is_contained(getReads(), index) &&
        !llvm::is_contained(getWrites(), index))
      return emitOpError() << "expected argument " << index
                           << ", a memref, among its reads or its writes";
  }
  return success();
}

LogicalResult DispatchOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyEntryPoints(*this, getEntryPoints(), getWorkload().size(), {},
                           symbols);
}
