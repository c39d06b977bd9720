#include "Flow.h"

#include "EntryPoints.h"
#include "Opaque.h"
#include "Ropt.h"
#include "Syntax.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace ropt;
using namespace ropt::flow;

#include "FlowDialect.cpp.inc"
#include "FlowEnums.cpp.inc"
#define GET_OP_CLASSES
#include "FlowOps.cpp.inc"

void FlowDialect::initialize() {
  allowUnknownOperations(wantsUnknownOperations(*this));
  addOperations<
#define GET_OP_LIST
#include "FlowOps.cpp.inc"
      >();
}

Attribute FlowDialect::parseAttribute(DialectAsmParser &parser,
                                      Type type) const {
  return parseOpaqueAttribute(parser, *this, type);
}

Type FlowDialect::parseType(DialectAsmParser &parser) const {
  return parseOpaqueType(parser, *this);
}

std::optional<Dialect::ParseOpHook>
FlowDialect::getParseOperationHook(StringRef) const {
  return unknownOperationHook();
}

//===----------------------------------------------------------------------===//
// flow.dispatch
//===----------------------------------------------------------------------===//

/// The part of `dims` that belongs to the value at `index` of `types`.
static ValueRange dimsOf(TypeRange types, ValueRange dims, unsigned index) {
  size_t start = 0;
  for (Type type : types.take_front(index))
    start += dynamicDimCount(type);
  return dims.slice(start, dynamicDimCount(types[index]));
}

std::optional<unsigned> DispatchOp::getTiedArgument(unsigned result) {
  return tiedArgument(getTiedOperandsAttr(), result);
}

ValueRange DispatchOp::getResultDims(unsigned result) {
  return dimsOf(getResultTypes(), getResultDims(), result);
}

ValueRange DispatchOp::getArgumentDims(unsigned argument) {
  return dimsOf(getArguments().getTypes(), getArgumentDims(), argument);
}

SymbolRefAttr DispatchOp::getEntryPoint() {
  return cast<SymbolRefAttr>(getEntryPoints()[0]);
}

LogicalResult DispatchOp::reifyResultShapes(
    OpBuilder &builder, ReifiedRankedShapedTypeDims &shapes) {
  for (OpResult result : getResults()) {
    SmallVector<OpFoldResult> shape;
    auto type = dyn_cast<RankedTensorType>(result.getType());
    if (type) {
      ValueRange dims = getResultDims(result.getResultNumber());
      for (int64_t size : type.getShape()) {
        if (ShapedType::isDynamic(size)) {
          shape.push_back(dims.front());
          dims = dims.drop_front();
        } else {
          shape.push_back(builder.getIndexAttr(size));
        }
      }
    }
    shapes.push_back(std::move(shape));
  }
  return success();
}

static LogicalResult verifyDims(Operation *op, StringRef what, TypeRange types,
                                ValueRange dims) {
  int64_t expected = 0;
  for (Type type : types)
    expected += dynamicDimCount(type);
  if (expected == static_cast<int64_t>(dims.size()))
    return success();
  return op->emitOpError() << "expected " << expected << " dynamic sizes for its "
                           << what << ", found " << dims.size();
}

LogicalResult DispatchOp::verify() {
  if (getEntryPoints().empty())
    return emitOpError("expected at least one entry point, found none");
  if (failed(verifyDims(*this, "arguments", getArguments().getTypes(),
                        getArgumentDims())) ||
      failed(verifyDims(*this, "results", getResultTypes(), getResultDims())))
    return failure();
  return verifyTiedOperands(*this, getTiedOperandsAttr(), getNumResults(),
                            getArguments().size());
}

LogicalResult DispatchOp::verifySymbolUses(SymbolTableCollection &symbols) {
  // Tensors are bindings in operand order; results that are tied to none follow.
  SmallVector<Type> bindings, scalars;
  bool plain = true;
  for (Type type : getArguments().getTypes()) {
    // Flow phases of IREE dispatch functions of other things, too.
    plain &= isa<RankedTensorType>(type) || type.isIntOrIndexOrFloat();
    (isa<TensorType>(type) ? bindings : scalars).push_back(type);
  }
  for (OpResult result : getResults())
    if (!getTiedArgument(result.getResultNumber()))
      bindings.push_back(result.getType());
  if (failed(verifyEntryPoints(*this, getEntryPoints(), getWorkload().size(),
                               bindings, symbols)))
    return failure();
  return plain ? verifyLayouts(*this, getEntryPointsAttr(), bindings.size(),
                               scalars, symbols)
               : success();
}
