#include "EntryPoints.h"

#include "Hal.h"
#include "TensorExt.h"

#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace ropt;
using hal::ExecutableExportOp;

/// The exports that `path`, what follows the executable's name, can mean: one
/// in each variant that has it.
static SmallVector<ExecutableExportOp> findExports(Operation *executable,
                                                   ArrayRef<FlatSymbolRefAttr> path) {
  SmallVector<ExecutableExportOp> found;
  for (Operation &inner : executable->getRegion(0).front()) {
    if (auto op = dyn_cast<ExecutableExportOp>(inner)) {
      if (path.empty() || op.getSymName() == path.back().getValue())
        found.push_back(op);
      continue;
    }
    auto variant = dyn_cast<hal::ExecutableVariantOp>(inner);
    if (!variant || variant.getBody().empty() ||
        (path.size() > 1 && variant.getSymName() != path.front().getValue()))
      continue;
    for (auto op : variant.getBody().getOps<ExecutableExportOp>())
      if (path.empty() || op.getSymName() == path.back().getValue())
        found.push_back(op);
  }
  return found;
}

/// Whether `executable` is in a form that has exports: not yet only bytes. It
/// may not have been verified yet.
static bool hasExports(Operation *executable) {
  return llvm::hasSingleElement(executable->getRegion(0)) && llvm::any_of(executable->getRegion(0).front(), [](Operation &inner) {
    return isa<ExecutableExportOp, hal::ExecutableVariantOp>(inner);
  });
}

/// Bytes of `elements` values of a type in memory; none when that is not known.
static std::optional<int64_t> bytesOf(int64_t elements, Type element) {
  unsigned bits = 0;
  if (element.isIndex())
    bits = 64;
  else if (element.isIntOrFloat())
    bits = element.getIntOrFloatBitWidth();
  int64_t bytes;
  if (bits == 0 || llvm::MulOverflow<int64_t>(
                       elements, llvm::divideCeil(bits, 8), bytes))
    return std::nullopt;
  return bytes;
}

/// The element behind the last one of rows of `shape` without gaps, with the
/// sizes in `dims` where they are dynamic; none when that is not known.
static std::optional<int64_t> elementsOf(ArrayRef<int64_t> shape,
                                         ValueRange dims) {
  int64_t elements = 1;
  for (int64_t size : shape) {
    if (ShapedType::isDynamic(size)) {
      std::optional<int64_t> known;
      if (!dims.empty())
        known = getConstantIntValue(dims.front());
      if (!known)
        return std::nullopt;
      dims = dims.drop_front();
      size = *known;
    }
    if (size < 0 || llvm::MulOverflow(elements, size, elements))
      return std::nullopt;
  }
  return elements;
}

/// The element behind the last one of a static shape with known strides; none
/// for others.
static std::optional<int64_t> stridedElementsOf(MemRefType memref) {
  SmallVector<int64_t> strides;
  int64_t offset;
  if (!memref.hasStaticShape() ||
      failed(memref.getStridesAndOffset(strides, offset)))
    return std::nullopt;
  // A dynamic offset is the subspan's own, which comes on top.
  int64_t elements = 1 + (ShapedType::isDynamic(offset) ? 0 : offset);
  for (auto [size, stride] : llvm::zip_equal(memref.getShape(), strides)) {
    if (size == 0)
      return 0;
    int64_t more;
    if (ShapedType::isDynamic(stride) || stride < 0 ||
        llvm::MulOverflow(size - 1, stride, more) ||
        llvm::AddOverflow(elements, more, elements))
      return std::nullopt;
  }
  return elements;
}

/// The byte of its binding behind the last one that a subspan takes; none when
/// that is not known.
static std::optional<int64_t> reachOf(hal::InterfaceBindingSubspanOp span) {
  std::optional<int64_t> offset = 0;
  if (Value byte = span.getByteOffset())
    offset = getConstantIntValue(byte);
  std::optional<int64_t> bytes;
  Type type = span.getResult().getType();
  if (auto memref = dyn_cast<MemRefType>(type);
      memref && !memref.getLayout().isIdentity()) {
    std::optional<int64_t> elements = stridedElementsOf(memref);
    bytes = elements ? bytesOf(*elements, memref.getElementType()) : std::nullopt;
    type = {};
  }
  if (auto binding = dyn_cast_or_null<tensor_ext::DispatchTensorType>(type))
    type = binding.getBoundType();
  if (auto shaped = dyn_cast_or_null<ShapedType>(type);
      shaped && shaped.hasRank())
    if (std::optional<int64_t> elements =
            elementsOf(shaped.getShape(), span.getDynamicDims()))
      bytes = bytesOf(*elements, shaped.getElementType());
  int64_t end;
  if (!offset || !bytes || llvm::AddOverflow(*offset, *bytes, end))
    return std::nullopt;
  return end;
}

/// Checks that the kernel of `found` reaches no further than the tensors that
/// `op` gives as bindings.
static LogicalResult verifyReach(Operation *op, ExecutableExportOp found,
                                 SymbolRefAttr symbol,
                                 ArrayRef<Type> bindings) {
  for (auto module : found->getParentRegion()->getOps<ModuleOp>()) {
    Operation *kernel =
        SymbolTable::lookupSymbolIn(module, found.getSymNameAttr());
    if (!kernel)
      continue;
    WalkResult walked = kernel->walk([&](hal::InterfaceBindingSubspanOp span) {
      auto binding = static_cast<size_t>(span.getBindingAttr().getInt());
      if (binding >= bindings.size())
        return WalkResult::advance();
      auto given = dyn_cast<RankedTensorType>(bindings[binding]);
      if (!given || !given.hasStaticShape())
        return WalkResult::advance();
      std::optional<int64_t> there =
          bytesOf(given.getNumElements(), given.getElementType());
      std::optional<int64_t> taken = reachOf(span);
      if (!there || !taken || *taken <= *there)
        return WalkResult::advance();
      InFlightDiagnostic diag = op->emitOpError()
                                << "gives " << given << ", " << *there
                                << " bytes, as binding " << binding << " of "
                                << symbol << ", whose kernel takes " << *taken
                                << " bytes of it";
      diag.attachNote(span.getLoc()) << "the kernel takes it here";
      return WalkResult::interrupt();
    });
    if (walked.wasInterrupted())
      return failure();
  }
  return success();
}

LogicalResult ropt::verifyEntryPoints(Operation *op, ArrayAttr entryPoints,
                                      size_t workload,
                                      ArrayRef<Type> bindings,
                                      SymbolTableCollection &symbols) {
  for (auto symbol : entryPoints.getAsRange<SymbolRefAttr>()) {
    Operation *target =
        symbols.lookupNearestSymbolFrom(op, symbol.getRootReference());
    // IREE's flow phases dispatch flow.executable and functions, too.
    if (!isa_and_present<hal::ExecutableOp, hal::ExecutableSourceOp>(target) ||
        !hasExports(target))
      continue;
    SmallVector<ExecutableExportOp> exports =
        findExports(target, symbol.getNestedReferences());
    if (exports.empty()) {
      InFlightDiagnostic diag = op->emitOpError()
                                << "dispatches " << symbol
                                << ", but the executable has no such export";
      diag.attachNote(target->getLoc()) << "the executable";
      return diag;
    }
    for (ExecutableExportOp found : exports) {
      if (failed(verifyReach(op, found, symbol, bindings)))
        return failure();
      Region &count = found.getWorkgroupCount();
      // Without a device the export's own verifier complains.
      if (count.empty() || count.getNumArguments() == 0 ||
          count.getNumArguments() == workload + 1)
        continue;
      InFlightDiagnostic diag =
          op->emitOpError() << "has a workload of " << workload
                            << " values, but the count region of " << symbol
                            << " takes " << count.getNumArguments() - 1;
      diag.attachNote(found.getLoc()) << "the export";
      return diag;
    }
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Layouts
//===----------------------------------------------------------------------===//

/// 32-bit words of a constant.
static std::optional<int64_t> words(Type type) {
  if (type.isIndex())
    return 2;
  if (!type.isIntOrFloat() || type.getIntOrFloatBitWidth() > 64)
    return std::nullopt;
  return type.getIntOrFloatBitWidth() > 32 ? 2 : 1;
}

LogicalResult ropt::verifyLayouts(Operation *op, ArrayAttr entryPoints,
                                  size_t tensors, ArrayRef<Type> scalars,
                                  SymbolTableCollection &symbols) {
  std::optional<int64_t> given = 0;
  for (Type type : scalars) {
    std::optional<int64_t> count = words(type);
    given = given && count ? std::optional(*given + *count) : std::nullopt;
  }
  for (auto symbol : entryPoints.getAsRange<SymbolRefAttr>()) {
    Operation *target =
        symbols.lookupNearestSymbolFrom(op, symbol.getRootReference());
    if (!isa_and_present<hal::ExecutableOp, hal::ExecutableSourceOp>(target) ||
        !hasExports(target) || symbol.getNestedReferences().empty())
      continue;
    for (ExecutableExportOp found :
         findExports(target, symbol.getNestedReferences())) {
      hal::PipelineLayoutAttr layout = found.getLayout();
      size_t bindings = layout.getBindings().size();
      if (bindings != tensors ||
          (given && *given != layout.getConstants())) {
        InFlightDiagnostic diag =
            op->emitOpError() << "gives " << tensors << " tensors and ";
        if (given)
          diag << *given;
        else
          diag << "an unknown number of";
        diag << " words of constants, but the layout of " << symbol << " has "
             << bindings << " bindings and " << layout.getConstants()
             << " words of constants";
        diag.attachNote(found.getLoc()) << "the export";
        return diag;
      }
    }
  }
  return success();
}
