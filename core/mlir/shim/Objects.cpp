#include "Objects.h"
#include "Hal.h"
#include "mlir/CAPI/IR.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"

using namespace mlir;
using namespace ropt::hal;

namespace {
// Whether everything that `general` says holds for `specific`.
bool covers(ExecutableTargetAttr general, ExecutableTargetAttr specific) {
  if (general.getBackend() != specific.getBackend() || general.getFormat() != specific.getFormat())
    return false;
  if (!general.getConfiguration())
    return true;
  return llvm::all_of(general.getConfiguration(), [&](NamedAttribute entry) {
    return specific.getConfiguration() &&
           specific.getConfiguration().get(entry.getName()) == entry.getValue();
  });
}
} // namespace

MlirAttribute roptObjectsFor(MlirAttribute objects, MlirAttribute target) {
  auto all = dyn_cast<ExecutableObjectsAttr>(unwrap(objects));
  auto wanted = dyn_cast<ExecutableTargetAttr>(unwrap(target));
  SmallVector<Attribute> found;
  if (all && wanted)
    for (auto [each, list] : llvm::zip(all.getTargets(), all.getTargetObjects()))
      if (covers(cast<ExecutableTargetAttr>(each), wanted))
        llvm::append_range(found, cast<ArrayAttr>(list));
  if (found.empty())
    return {nullptr};
  return wrap(ArrayAttr::get(wanted.getContext(), found));
}

MlirAttribute roptDeviceExecutableTargets(MlirAttribute device) {
  auto target = dyn_cast<DeviceTargetAttr>(unwrap(device));
  if (!target)
    return {nullptr};
  SmallVector<Attribute> found;
  llvm::append_range(found, target.getExecutableTargets());
  // Before they had a place of their own they stood in the configuration.
  DictionaryAttr configuration = target.getConfiguration();
  if (auto list = configuration ? configuration.getAs<ArrayAttr>("executable_targets") : nullptr)
    llvm::append_range(found, list);
  return wrap(ArrayAttr::get(target.getContext(), found));
}

bool roptObjectParts(MlirAttribute object, MlirAttribute *path, MlirAttribute *data) {
  auto parts = dyn_cast<ExecutableObjectAttr>(unwrap(object));
  if (!parts)
    return false;
  *path = wrap(cast<Attribute>(parts.getPath()));
  *data = wrap(parts.getData());
  return true;
}

MlirAttribute roptObjectGet(MlirAttribute path, const uint8_t *bytes, size_t length) {
  auto name = cast<StringAttr>(unwrap(path));
  auto type = VectorType::get({static_cast<int64_t>(length)}, IntegerType::get(name.getContext(), 8));
  ArrayRef<char> raw(reinterpret_cast<const char *>(bytes), length);
  Attribute data = DenseElementsAttr::getFromRawBuffer(type, raw);
  return wrap(cast<Attribute>(ExecutableObjectAttr::get(name.getContext(), name, data)));
}
