#include "Spirv.h"
#include "mlir/CAPI/IR.h"
#include "mlir/Dialect/SPIRV/IR/SPIRVOps.h"
#include "mlir/Target/SPIRV/Serialization.h"
using namespace mlir;

extern "C" int32_t roptSerializeSpirv(MlirOperation handle, RoptSink sink, void *user) {
  auto module = dyn_cast<spirv::ModuleOp>(unwrap(handle));
  SmallVector<uint32_t> words;
  if (!module || failed(spirv::serialize(module, words)))
    return 1;
  sink(user, {reinterpret_cast<const char *>(words.data()), words.size() * sizeof(uint32_t)});
  return 0;
}
