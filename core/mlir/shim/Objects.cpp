#include "Objects.h"
#include "Hal.h"
#include "mlir/CAPI/IR.h"
#include "mlir/IR/BuiltinAttributes.h"

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
