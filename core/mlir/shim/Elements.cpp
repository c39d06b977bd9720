// The bytes of constant tensors, which MLIR's C API gives out only element by element.
#include "Shim.h"
#include "mlir/CAPI/IR.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/DialectResourceBlobManager.h"
using namespace mlir;

// A splat of i1 and dense i1 are kept as bits or bytes, as MLIR's version likes; here they are bytes.
static int32_t bools(DenseElementsAttr attr, RoptSink sink, void *user) {
  std::vector<char> bytes;
  if (attr.isSplat())
    bytes.push_back(attr.getSplatValue<bool>());
  else
    for (bool value : attr.getValues<bool>())
      bytes.push_back(value);
  sink(user, {bytes.data(), bytes.size()});
  return attr.isSplat() ? 1 : 0;
}

extern "C" {
// Gives the bytes to the sink. 0: every element; 1: one element, which all others equal; -1: not a dense constant;
// -2: a resource without data.
int32_t roptElementBytes(MlirAttribute handle, RoptSink sink, void *user) {
  Attribute attr = unwrap(handle);
  if (auto dense = dyn_cast_or_null<DenseElementsAttr>(attr)) {
    if (isa<DenseStringElementsAttr>(dense))
      return -1;
    if (dense.getElementType().isInteger(1))
      return bools(dense, sink, user);
    ArrayRef<char> raw = dense.getRawData();
    sink(user, {raw.data(), raw.size()});
    return dense.isSplat() && !dense.empty() ? 1 : 0;
  }
  if (auto resource = dyn_cast_or_null<DenseResourceElementsAttr>(attr)) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    if (!blob)
      return -2;
    ArrayRef<char> raw = blob->getData();
    sink(user, {raw.data(), raw.size()});
    return 0;
  }
  return -1;
}
}
