#include "TensorExt.h"

#include "Hal.h"
#include "Opaque.h"
#include "Syntax.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace ropt;
using namespace ropt::tensor_ext;

#include "TensorExtDialect.cpp.inc"
#include "TensorExtEnums.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "TensorExtTypes.cpp.inc"
#define GET_OP_CLASSES
#include "TensorExtOps.cpp.inc"

void TensorExtDialect::initialize() {
  allowUnknownOperations(wantsUnknownOperations(*this));
  addTypes<
#define GET_TYPEDEF_LIST
#include "TensorExtTypes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "TensorExtOps.cpp.inc"
      >();
}

Attribute TensorExtDialect::parseAttribute(DialectAsmParser &parser,
                                           Type type) const {
  return parseOpaqueAttribute(parser, *this, type);
}

Type TensorExtDialect::parseType(DialectAsmParser &parser) const {
  StringRef mnemonic;
  Type type;
  OptionalParseResult known = generatedTypeParser(parser, &mnemonic, type);
  if (known.has_value())
    return type;
  return parseOpaqueType(parser, *this);
}

void TensorExtDialect::printType(Type type, DialectAsmPrinter &printer) const {
  (void)generatedTypePrinter(type, printer);
}

std::optional<Dialect::ParseOpHook>
TensorExtDialect::getParseOperationHook(StringRef) const {
  return unknownOperationHook();
}

//===----------------------------------------------------------------------===//
// dispatch.tensor
//===----------------------------------------------------------------------===//

/// `<readonly:tensor<4xf32>>`.
Type DispatchTensorType::parse(AsmParser &parser) {
  StringRef keyword;
  Type bound;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseLess())
    return {};
  SMLoc accessLoc = parser.getCurrentLocation();
  if (parser.parseKeyword(&keyword))
    return {};
  std::optional<TensorAccess> access = symbolizeTensorAccess(keyword);
  if (!access) {
    parser.emitError(accessLoc)
        << "expected 'readonly', 'readwrite' or 'writeonly', found '" << keyword
        << "'";
    return {};
  }
  if (parser.parseColon() || parser.parseType(bound) || parser.parseGreater())
    return {};
  return parser.getChecked<DispatchTensorType>(loc, parser.getContext(), *access,
                                               bound);
}

void DispatchTensorType::print(AsmPrinter &printer) const {
  printer << '<' << stringifyTensorAccess(getAccess()) << ':' << getBoundType()
          << '>';
}

LogicalResult
DispatchTensorType::verify(function_ref<InFlightDiagnostic()> emitError,
                           TensorAccess, Type bound) {
  if (isa<RankedTensorType>(bound) || bound.isIntOrIndexOrFloat())
    return success();
  return emitError() << "expected a ranked tensor, an integer or a float as the "
                        "type of a binding, found "
                     << bound;
}

//===----------------------------------------------------------------------===//
// dispatch.tensor.load, dispatch.tensor.store
//===----------------------------------------------------------------------===//

/// The unit dimensions of `sizes` that a value of `shape` leaves out, matched
/// from the last dimension on.
static llvm::SmallBitVector droppedDims(ArrayRef<OpFoldResult> sizes,
                                        ArrayRef<int64_t> shape) {
  llvm::SmallBitVector dropped(sizes.size());
  size_t kept = shape.size();
  for (size_t i = sizes.size(); i-- > 0;) {
    bool unit = isConstantIntValue(sizes[i], 1);
    if (kept == 0 || (unit && shape[kept - 1] != 1 && i + 1 > kept))
      dropped.set(i);
    else
      --kept;
  }
  return dropped;
}

/// Whether the slice of `op` is all of the binding's tensor, as `type`.
template <typename OpTy>
static bool isWholeSlice(OpTy op, DispatchTensorType binding, ValueRange dims,
                         RankedTensorType type) {
  RankedTensorType bound = binding.asRankedTensor();
  if (bound.getShape() != type.getShape())
    return false;
  for (auto [offset, stride] :
       llvm::zip_equal(op.getMixedOffsets(), op.getMixedStrides()))
    if (!isConstantIntValue(offset, 0) || !isConstantIntValue(stride, 1))
      return false;
  for (auto [size, boundSize] :
       llvm::zip_equal(op.getMixedSizes(), bound.getShape())) {
    if (ShapedType::isDynamic(boundSize)) {
      if (dims.empty() || size != OpFoldResult(dims.front()))
        return false;
      dims = dims.drop_front();
    } else if (!isConstantIntValue(size, boundSize)) {
      return false;
    }
  }
  return true;
}

bool DispatchTensorLoadOp::isWhole() {
  return isWholeSlice(*this, getSource().getType(), getSourceDims(),
                      cast<RankedTensorType>(getResult().getType()));
}

bool DispatchTensorStoreOp::isWhole() {
  return isWholeSlice(*this, getTarget().getType(), getTargetDims(),
                      cast<RankedTensorType>(getValue().getType()));
}

void DispatchTensorLoadOp::getEffects(
    SmallVectorImpl<MemoryEffects::EffectInstance> &effects) {
  effects.emplace_back(MemoryEffects::Read::get(), &getSourceMutable());
}

void DispatchTensorStoreOp::getEffects(
    SmallVectorImpl<MemoryEffects::EffectInstance> &effects) {
  effects.emplace_back(MemoryEffects::Write::get(), &getTargetMutable());
}

LogicalResult DispatchTensorLoadOp::reifyResultShapes(
    OpBuilder &builder, ReifiedRankedShapedTypeDims &shapes) {
  // A slice may drop unit dimensions: the sizes that stay are matched in order.
  auto type = cast<RankedTensorType>(getResult().getType());
  SmallVector<OpFoldResult> sizes = getMixedSizes(), shape;
  llvm::SmallBitVector dropped = getDroppedDims();
  for (auto [i, size] : llvm::enumerate(sizes))
    if (!dropped.test(i))
      shape.push_back(size);
  for (auto [size, known] : llvm::zip_equal(shape, type.getShape()))
    if (!ShapedType::isDynamic(known))
      size = builder.getIndexAttr(known);
  shapes.push_back(std::move(shape));
  return success();
}

llvm::SmallBitVector DispatchTensorLoadOp::getDroppedDims() {
  auto type = cast<RankedTensorType>(getResult().getType());
  return droppedDims(getMixedSizes(), type.getShape());
}

llvm::SmallBitVector DispatchTensorStoreOp::getDroppedDims() {
  auto type = cast<RankedTensorType>(getValue().getType());
  return droppedDims(getMixedSizes(), type.getShape());
}

/// Checks that a slice whose place is known stays inside the binding.
template <typename OpTy>
static LogicalResult verifyBounds(OpTy op, DispatchTensorType binding) {
  ArrayRef<int64_t> shape = binding.asRankedTensor().getShape();
  for (auto [i, offset, size, stride] :
       llvm::enumerate(op.getMixedOffsets(), op.getMixedSizes(),
                       op.getMixedStrides())) {
    std::optional<int64_t> first = getConstantIntValue(offset);
    std::optional<int64_t> count = getConstantIntValue(size);
    std::optional<int64_t> step = getConstantIntValue(stride);
    if (first && *first < 0)
      return op.emitOpError() << "expected an offset of at least 0 in dimension "
                              << i << ", found " << *first;
    if (ShapedType::isDynamic(shape[i]) || !first || !count || !step ||
        *count <= 0)
      continue;
    // Wide enough for whatever the attributes hold.
    APInt last = APInt(128, *first) + (APInt(128, *count) - 1) *
                                          APInt(128, *step, /*isSigned=*/true);
    if (last.isNegative() || last.sge(shape[i]))
      return op.emitOpError()
             << "reaches element " << llvm::toString(last, 10, /*Signed=*/true)
             << " of dimension " << i << ", which has " << shape[i]
             << " in the binding's " << binding;
  }
  return success();
}

/// Checks a slice of a binding against the binding and the tensor value.
template <typename OpTy>
static LogicalResult verifySlice(OpTy op, DispatchTensorType binding,
                                 ValueRange dims, RankedTensorType type) {
  RankedTensorType bound = binding.asRankedTensor();
  if (static_cast<int64_t>(dims.size()) != bound.getNumDynamicDims())
    return op.emitOpError() << "expected " << bound.getNumDynamicDims()
                            << " dynamic sizes for " << binding << ", found "
                            << dims.size();
  if (bound.getElementType() != type.getElementType())
    return op.emitOpError() << "expected elements of type "
                            << bound.getElementType() << ", as the binding has, "
                            << "found " << type.getElementType();
  SmallVector<OpFoldResult> sizes = op.getMixedSizes();
  llvm::SmallBitVector dropped = op.getDroppedDims();
  // Only unit dimensions can be left out.
  size_t units = llvm::count_if(dropped.set_bits(), [&](unsigned i) {
    return isConstantIntValue(sizes[i], 1);
  });
  auto kept = static_cast<int64_t>(sizes.size() - units);
  if (kept != type.getRank())
    return op.emitOpError() << "expected a tensor of rank " << kept
                            << ", as the slice has, found " << type;
  int64_t at = 0;
  for (auto [i, size] : llvm::enumerate(sizes)) {
    if (dropped.test(i))
      continue;
    int64_t found = type.getDimSize(at);
    std::optional<int64_t> known = getConstantIntValue(size);
    if (known && !ShapedType::isDynamic(found) && *known != found)
      return op.emitOpError() << "expected size " << *known << " in dimension "
                              << at << " of the tensor, as the slice has, found "
                              << found;
    ++at;
  }
  return verifyBounds(op, binding);
}

LogicalResult DispatchTensorLoadOp::verify() {
  // A load of a write-only binding is where a store's value is computed in
  // place; it reads nothing.
  return verifySlice(*this, getSource().getType(), getSourceDims(),
                     cast<RankedTensorType>(getResult().getType()));
}

LogicalResult DispatchTensorStoreOp::verify() {
  if (getTarget().getType().getAccess() == TensorAccess::ReadOnly)
    return emitOpError() << "stores to " << getTarget().getType()
                         << ", which is read-only";
  return verifySlice(*this, getTarget().getType(), getTargetDims(),
                     cast<RankedTensorType>(getValue().getType()));
}

LogicalResult DispatchWorkloadOrdinalOp::verify() {
  if (getOrdinal().isNegative())
    return emitOpError() << "expected an ordinal of at least 0, found "
                         << getOrdinalAttr().getInt();
  return success();
}

//===----------------------------------------------------------------------===//
// Workgroup counts
//===----------------------------------------------------------------------===//

static void nameWorkgroupCount(ValueRange results,
                               OpAsmSetValueNameFn setName) {
  static const StringRef names[] = {"x", "y", "z"};
  for (auto [result, name] : llvm::zip_equal(results, names))
    setName(result, name);
}

void DispatchWorkgroupCountFromSliceOp::getAsmResultNames(
    OpAsmSetValueNameFn setName) {
  nameWorkgroupCount(getResults(), setName);
}

void DispatchWorkgroupCountFromDagRootOp::getAsmResultNames(
    OpAsmSetValueNameFn setName) {
  nameWorkgroupCount(getResults(), setName);
}

void DispatchWorkgroupCountSplitReductionOp::getAsmResultNames(
    OpAsmSetValueNameFn setName) {
  nameWorkgroupCount(getResults(), setName);
}
