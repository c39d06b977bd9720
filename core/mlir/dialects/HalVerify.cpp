// The verifiers of the hal dialect.
#include "Hal.h"
#include "Syntax.h"
#include "TensorExt.h"

#include "llvm/ADT/SmallSet.h"

using namespace mlir;
using namespace ropt;
using namespace ropt::hal;

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

LogicalResult
ExecutableObjectAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                             StringAttr path, Attribute data) {
  if (path.getValue().empty() && !data)
    return emitError() << "expected an executable object with a path, with data "
                          "or with both, found neither";
  return success();
}

LogicalResult
ExecutableObjectsAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                              ArrayAttr targets, ArrayAttr targetObjects) {
  for (Attribute list : targetObjects) {
    auto objects = dyn_cast<ArrayAttr>(list);
    if (!objects)
      return emitError() << "expected a list of executable objects for each "
                            "target, found "
                         << list;
    for (Attribute object : objects)
      if (!isa<ExecutableObjectAttr>(object))
        return emitError()
               << "expected #hal.executable.object<…>, found " << object;
  }
  return success();
}

LogicalResult
PipelineLayoutAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                           int64_t constants, ArrayRef<PipelineBindingAttr>,
                           PipelineLayoutFlags) {
  if (constants < 0)
    return emitError() << "expected at least 0 constants in a pipeline layout, "
                          "found "
                       << constants;
  return success();
}

//===----------------------------------------------------------------------===//
// Executables
//===----------------------------------------------------------------------===//

LogicalResult ExecutableOp::verify() {
  for (Operation &op : getBody().front())
    if (!isa<ExecutableVariantOp, ExecutableBinaryOp, ExecutableEndOp>(op))
      return op.emitOpError()
             << "stands in hal.executable @" << getSymName()
             << ", which holds hal.executable.variant and "
                "hal.executable.binary only";
  return success();
}

/// Checks that no two exports of `body` have the same ordinal.
static LogicalResult verifyOrdinals(Region &body) {
  llvm::DenseMap<int64_t, ExecutableExportOp> seen;
  for (auto op : body.getOps<ExecutableExportOp>()) {
    IntegerAttr ordinal = op.getOrdinalAttr();
    if (!ordinal)
      continue;
    auto [it, isNew] = seen.try_emplace(ordinal.getInt(), op);
    if (isNew)
      continue;
    InFlightDiagnostic diag = op.emitOpError()
                              << "has ordinal " << ordinal.getInt()
                              << ", as export @" << it->second.getSymName()
                              << " of the same variant has";
    diag.attachNote(it->second.getLoc()) << "the other export";
    return diag;
  }
  return success();
}

/// Checks that the constant blocks of `body` have different keys, and that what
/// its kernels load is among them.
static LogicalResult verifyConstants(Region &body) {
  llvm::DenseMap<StringAttr, ExecutableConstantBlockOp> known;
  for (auto block : body.getOps<ExecutableConstantBlockOp>()) {
    for (auto key : block.getKeys().getAsRange<StringAttr>()) {
      auto [it, isNew] = known.try_emplace(key, block);
      if (isNew)
        continue;
      InFlightDiagnostic diag = block.emitOpError()
                                << "gives key " << key << " a second time";
      diag.attachNote(it->second.getLoc()) << "the first";
      return diag;
    }
  }
  WalkResult result = body.walk([&](ExecutableConstantLoadOp load) {
    if (known.contains(load.getKeyAttr()))
      return WalkResult::advance();
    InFlightDiagnostic diag =
        load.emitOpError() << "loads " << load.getKeyAttr()
                           << ", which no hal.executable.constant.block beside "
                              "its module gives";
    for (auto block : body.getOps<ExecutableConstantBlockOp>())
      diag.attachNote(block.getLoc()) << "a block with " << block.getKeysAttr();
    return WalkResult::interrupt();
  });
  return failure(result.wasInterrupted());
}

LogicalResult ExecutableSourceOp::verify() {
  if (failed(verifyConstants(getBody())))
    return failure();
  return verifyOrdinals(getBody());
}

LogicalResult ExecutableVariantOp::verify() {
  if (ArrayAttr objects = getObjectsAttr())
    for (Attribute object : objects)
      if (!isa<ExecutableObjectAttr>(object))
        return emitOpError() << "expected #hal.executable.object<…> in its "
                                "objects, found "
                             << object;
  auto atMostOne = [&](StringRef what, auto ops) -> LogicalResult {
    auto count = std::distance(ops.begin(), ops.end());
    if (count > 1)
      return emitOpError() << "expected at most one " << what << ", found "
                           << count;
    return success();
  };
  if (failed(atMostOne("hal.executable.condition",
                       getBody().getOps<ExecutableConditionOp>())) ||
      failed(atMostOne("hal.executable.binary",
                       getBody().getOps<ExecutableBinaryOp>())) ||
      failed(atMostOne("inner module", getBody().getOps<ModuleOp>())) ||
      failed(verifyConstants(getBody())))
    return failure();
  return verifyOrdinals(getBody());
}

LogicalResult ExecutableBinaryOp::verify() {
  // The bytes may be any attribute that serializes, but not a bare number.
  if (isa<ElementsAttr>(getData()) || isa<OpaqueAttr>(getData()))
    return success();
  return emitOpError() << "expected elements as its data, found " << getData();
}

//===----------------------------------------------------------------------===//
// Host regions
//===----------------------------------------------------------------------===//

/// Checks that `region` takes `!hal.device` first (or nothing, where that is
/// allowed) and that its returns give `results`.
static LogicalResult verifyHostRegion(Operation *op, StringRef what,
                                      Region &region, TypeRange results) {
  for (Block &block : region) {
    if (block.empty() || !block.back().hasTrait<OpTrait::IsTerminator>())
      return op->emitOpError()
             << "expected hal.return at the end of its " << what;
    auto ret = dyn_cast<ReturnOp>(block.back());
    if (!ret)
      continue;
    if (ret.getOperandTypes() != results)
      return ret.emitOpError()
             << "expected (" << results << ") as the results of the " << what
             << ", found (" << ret.getOperandTypes() << ")";
  }
  return success();
}

static LogicalResult verifyDeviceFirst(Operation *op, StringRef what,
                                       TypeRange arguments, bool workload) {
  if (arguments.empty() || !isa<DeviceType>(arguments.front()))
    return op->emitOpError()
           << "expected !hal.device as the first argument of its " << what
           << ", found (" << arguments << ")";
  for (Type type : arguments.drop_front())
    if (!workload || !type.isIndex())
      return op->emitOpError()
             << "expected " << (workload ? "only index values" : "nothing")
             << " after !hal.device in the arguments of its " << what
             << ", found (" << arguments << ")";
  return success();
}

/// Checks that `body` takes what `type` says.
static LogicalResult verifyArguments(Operation *op, FunctionType type,
                                     Region &body) {
  if (body.empty())
    return op->emitOpError("expected a body, found none");
  if (body.getArgumentTypes() == TypeRange(type.getInputs()))
    return success();
  return op->emitOpError() << "expected (" << type.getInputs()
                           << ") as the arguments of its body, as its type "
                              "says, found ("
                           << body.getArgumentTypes() << ")";
}

LogicalResult ExecutableExportOp::verify() {
  Builder builder(getContext());
  if (IntegerAttr ordinal = getOrdinalAttr(); ordinal && ordinal.getInt() < 0)
    return emitOpError() << "expected an ordinal of at least 0, found "
                         << ordinal.getInt();
  if (ArrayAttr size = getWorkgroupSizeAttr()) {
    if (size.size() != 3 || !llvm::all_of(size, llvm::IsaPred<IntegerAttr>))
      return emitOpError()
             << "expected three integers as its workgroup_size, found " << size;
  }
  Region &count = getWorkgroupCount();
  if (!count.empty()) {
    SmallVector<Type> xyz(3, builder.getIndexType());
    if (failed(verifyDeviceFirst(*this, "count region",
                                 count.getArgumentTypes(), /*workload=*/true)) ||
        failed(verifyHostRegion(*this, "count region", count, xyz)))
      return failure();
  }
  Region &condition = getCondition();
  if (condition.empty()) {
    if (getConditionFallbackAttr())
      return emitOpError("has a fallback without a condition");
    return success();
  }
  if (!getConditionFallbackAttr())
    return emitOpError(
        "has a condition without a fallback; name the export to run when the "
        "condition is false with fallback(@export)");
  if (failed(verifyDeviceFirst(*this, "condition region",
                               condition.getArgumentTypes(), /*workload=*/true)))
    return failure();
  if (failed(verifyHostRegion(*this, "condition region", condition,
                              builder.getI1Type())))
    return failure();
  auto fallback = dyn_cast_or_null<ExecutableExportOp>(
      SymbolTable::lookupSymbolIn((*this)->getParentOp(),
                                  getConditionFallbackAttr().getAttr()));
  if (!fallback)
    return emitOpError() << "falls back to " << getConditionFallbackAttr()
                         << ", which is no export beside it";
  if (fallback.getLayout() != getLayout()) {
    InFlightDiagnostic diag = emitOpError()
                              << "expected its fallback "
                              << getConditionFallbackAttr()
                              << " to have its layout, " << getLayout()
                              << ", found " << fallback.getLayout();
    diag.attachNote(fallback.getLoc()) << "the fallback";
    return diag;
  }
  return success();
}

LogicalResult ExecutableConditionOp::verify() {
  FunctionType type = getFunctionType();
  Type i1 = IntegerType::get(getContext(), 1);
  if (failed(verifyArguments(*this, type, getBody())))
    return failure();
  if (failed(verifyDeviceFirst(*this, "body", type.getInputs(),
                               /*workload=*/false)))
    return failure();
  if (type.getResults() != ArrayRef<Type>{i1})
    return emitOpError() << "expected i1 as its result, found ("
                         << type.getResults() << ")";
  return verifyHostRegion(*this, "body", getBody(), i1);
}

LogicalResult ExecutableConstantBlockOp::verify() {
  FunctionType type = getFunctionType();
  if (failed(verifyArguments(*this, type, getBody())))
    return failure();
  if (type.getNumInputs() > 0 &&
      failed(verifyDeviceFirst(*this, "body", type.getInputs(),
                               /*workload=*/false)))
    return failure();
  if (!llvm::all_of(getKeys(), llvm::IsaPred<StringAttr>))
    return emitOpError() << "expected strings as its keys, found "
                         << getKeysAttr();
  if (getKeys().size() != type.getNumResults())
    return emitOpError() << "expected one key for each of its "
                         << type.getNumResults() << " results, found "
                         << getKeys().size();
  for (auto [index, result] : llvm::enumerate(type.getResults()))
    if (!result.isSignlessInteger(32))
      return emitOpError() << "expected i32 values, the words of a kernel's "
                              "environment, found "
                           << result << " for key " << getKeys()[index];
  return verifyHostRegion(*this, "body", getBody(), type.getResults());
}

LogicalResult ExecutableConstantLoadOp::verify() {
  Type type = getResult().getType();
  if (type.isIntOrFloat() && type.getIntOrFloatBitWidth() <= 32)
    return success();
  return emitOpError() << "expected an integer or float of at most 32 bits, "
                          "found "
                       << type;
}

//===----------------------------------------------------------------------===//
// Host code
//===----------------------------------------------------------------------===//

LogicalResult DeviceQueryOp::verify() {
  TypedAttr value = getDefaultValueAttr();
  if (value && value.getType() != getValue().getType())
    return emitOpError() << "expected a default of its type "
                         << getValue().getType() << ", found " << value;
  return success();
}

LogicalResult DispatchExternOp::verify() {
  size_t targets = getTargets().size();
  if (targets == 0)
    return emitOpError("expected objects for at least one target, found none");
  if (getTargetOrdinals().size() != targets ||
      getTargetObjects().size() != targets ||
      getTargetRegions().size() != targets)
    return emitOpError() << "expected ordinals, objects and conditions for each "
                            "of its "
                         << targets << " targets";
  for (Attribute target : getTargets())
    if (!isa<ExecutableTargetAttr>(target))
      return emitOpError() << "expected #hal.executable.target<…>, found "
                           << target;
  for (Attribute list : getTargetObjects()) {
    auto objects = dyn_cast<ArrayAttr>(list);
    if (!objects || objects.empty() ||
        !llvm::all_of(objects, llvm::IsaPred<ExecutableObjectAttr>))
      return emitOpError() << "expected a list of #hal.executable.object<…> for "
                              "each target, found "
                           << list;
  }
  SmallVector<Type> xyz(3, IndexType::get(getContext()));
  if (failed(verifyDeviceFirst(*this, "count region",
                               getWorkgroupCount().getArgumentTypes(),
                               /*workload=*/true)) ||
      failed(verifyHostRegion(*this, "count region", getWorkgroupCount(), xyz)))
    return failure();
  size_t taken = getWorkgroupCount().getNumArguments() - 1;
  if (taken != getWorkload().size())
    return emitOpError() << "has a workload of " << getWorkload().size()
                         << " values, but its count region takes " << taken;
  for (Region &region : getTargetRegions()) {
    if (region.empty())
      continue;
    if (failed(verifyDeviceFirst(*this, "condition", region.getArgumentTypes(),
                                 /*workload=*/false)) ||
        failed(verifyHostRegion(*this, "condition", region,
                                IntegerType::get(getContext(), 1))))
      return failure();
  }
  return verifyTiedOperands(*this, getTiedOperandsAttr(), getNumResults(),
                            getArguments().size());
}

//===----------------------------------------------------------------------===//
// Interfaces
//===----------------------------------------------------------------------===//

static LogicalResult verifyDimension(Operation *op, IntegerAttr dimension) {
  if (dimension.getInt() >= 0 && dimension.getInt() < 3)
    return success();
  return op->emitOpError() << "expected dimension 0, 1 or 2, found "
                           << dimension.getInt();
}

LogicalResult InterfaceWorkgroupIDOp::verify() {
  return verifyDimension(*this, getDimensionAttr());
}
LogicalResult InterfaceWorkgroupCountOp::verify() {
  return verifyDimension(*this, getDimensionAttr());
}
LogicalResult InterfaceWorkgroupSizeOp::verify() {
  return verifyDimension(*this, getDimensionAttr());
}

LogicalResult InterfaceConstantLoadOp::verify() {
  int64_t ordinal = getOrdinalAttr().getInt();
  if (ordinal < 0 || ordinal >= getLayout().getConstants())
    return emitOpError() << "loads constant " << ordinal
                         << ", but its layout has " << getLayout().getConstants()
                         << " constants";
  return success();
}

LogicalResult InterfaceBindingSubspanOp::verify() {
  int64_t binding = getBindingAttr().getInt();
  auto bindings = static_cast<int64_t>(getLayout().getBindings().size());
  if (binding < 0 || binding >= bindings)
    return emitOpError() << "takes binding " << binding
                         << ", but its layout has " << bindings << " bindings";
  Type type = getResult().getType();
  int64_t expected = dynamicDimCount(type);
  if (expected != static_cast<int64_t>(getDynamicDims().size()))
    return emitOpError() << "expected " << expected << " dynamic sizes for "
                         << type << ", found " << getDynamicDims().size();
  return success();
}
