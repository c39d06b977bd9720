#include "Codegen.h"

#include "Opaque.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace ropt;
using namespace ropt::codegen;

#include "CodegenDialect.cpp.inc"
#include "CodegenEnums.cpp.inc"

/// `(1, %n, 3)`.
static ParseResult parseDynamicIndexListParen(
    OpAsmParser &parser,
    SmallVectorImpl<OpAsmParser::UnresolvedOperand> &values,
    DenseI64ArrayAttr &integers) {
  SmallVector<bool> scalable;
  DenseBoolArrayAttr scalableAttr;
  return parseDynamicIndexList(parser, values, integers, scalableAttr,
                               /*valueTypes=*/nullptr,
                               AsmParser::Delimiter::Paren);
}

static void printDynamicIndexListParen(OpAsmPrinter &printer, Operation *op,
                                       OperandRange values,
                                       DenseI64ArrayAttr integers) {
  printDynamicIndexList(printer, op, values, integers, /*scalableFlags=*/{},
                        /*valueTypes=*/TypeRange(),
                        AsmParser::Delimiter::Paren);
}

#define GET_OP_CLASSES
#include "CodegenOps.cpp.inc"

void CodegenDialect::initialize() {
  allowUnknownOperations(wantsUnknownOperations(*this));
  addOperations<
#define GET_OP_LIST
#include "CodegenOps.cpp.inc"
      >();
}

Attribute CodegenDialect::parseAttribute(DialectAsmParser &parser,
                                         Type type) const {
  return parseOpaqueAttribute(parser, *this, type);
}

Type CodegenDialect::parseType(DialectAsmParser &parser) const {
  return parseOpaqueType(parser, *this);
}

std::optional<Dialect::ParseOpHook>
CodegenDialect::getParseOperationHook(StringRef) const {
  return unknownOperationHook();
}

//===----------------------------------------------------------------------===//
// extract_strided_metadata
//===----------------------------------------------------------------------===//

void ExtractStridedMetadataOp::getAsmResultNames(OpAsmSetValueNameFn setName) {
  setName(getBaseBuffer(), "base_buffer");
  setName(getOffset(), "offset");
  // Only the first value of a group of results takes a name.
  if (!getSizes().empty()) {
    setName(getSizes().front(), "sizes");
    setName(getStrides().front(), "strides");
  }
}

LogicalResult ExtractStridedMetadataOp::verify() {
  auto source = cast<MemRefType>(getSource().getType());
  auto base = cast<MemRefType>(getBaseBuffer().getType());
  if (static_cast<int64_t>(getSizes().size()) != source.getRank())
    return emitOpError() << "expected " << source.getRank()
                         << " sizes and strides, as the rank of its source is, "
                            "found "
                         << getSizes().size();
  if (base.getElementType() != source.getElementType() ||
      base.getMemorySpace() != source.getMemorySpace())
    return emitOpError() << "expected a base buffer with the element type and "
                            "memory space of "
                         << source << ", found " << base;
  return success();
}

//===----------------------------------------------------------------------===//
// load_from_buffer, store_to_buffer
//===----------------------------------------------------------------------===//

static LogicalResult verifySameShape(Operation *op, Value tensor,
                                     Value buffer) {
  auto tensorType = cast<RankedTensorType>(tensor.getType());
  auto bufferType = cast<MemRefType>(buffer.getType());
  if (tensorType.getElementType() == bufferType.getElementType() &&
      succeeded(verifyCompatibleShape(tensorType.getShape(),
                                      bufferType.getShape())))
    return success();
  return op->emitOpError() << "expected a tensor and a memref with the same "
                              "shape and element type, found "
                           << tensorType << " and " << bufferType;
}

LogicalResult LoadFromBufferOp::verify() {
  return verifySameShape(*this, getTensor(), getBuffer());
}

LogicalResult StoreToBufferOp::verify() {
  return verifySameShape(*this, getTensor(), getBuffer());
}

void LoadFromBufferOp::getEffects(
    SmallVectorImpl<MemoryEffects::EffectInstance> &effects) {
  effects.emplace_back(MemoryEffects::Read::get(), &getBufferMutable());
}

void StoreToBufferOp::getEffects(
    SmallVectorImpl<MemoryEffects::EffectInstance> &effects) {
  effects.emplace_back(MemoryEffects::Write::get(), &getBufferMutable());
}

LogicalResult
LoadFromBufferOp::reifyResultShapes(OpBuilder &builder,
                                    ReifiedRankedShapedTypeDims &shapes) {
  shapes.push_back(
      memref::getMixedSizes(builder, getLoc(), getBuffer()));
  return success();
}

//===----------------------------------------------------------------------===//
// dispatch_config, workgroup_count_hint
//===----------------------------------------------------------------------===//

LogicalResult DispatchConfigOp::verify() {
  if (auto size = getWorkgroupSizeAttr(); size && size.size() > 3)
    return emitOpError() << "expected at most three sizes in workgroup_size, "
                            "found "
                         << size.size();
  auto yield = getBody().empty() || getBody().front().empty()
                   ? YieldOp()
                   : dyn_cast<YieldOp>(getBody().front().back());
  if (!yield)
    return emitOpError("expected iree_codegen.yield at the end of its body");
  if (yield.getNumOperands() != 3 ||
      !llvm::all_of(yield.getOperandTypes(),
                    [](Type type) { return type.isIndex(); }))
    return yield.emitOpError() << "expected three index values, the workgroup "
                                  "count, found ("
                               << yield.getOperandTypes() << ")";
  return success();
}

LogicalResult WorkgroupCountHintOp::verify() {
  if (getStaticSizes().size() > 3)
    return emitOpError() << "expected at most three sizes, found "
                         << getStaticSizes().size();
  return success();
}
