#include "Emitc.h"
#include "mlir/CAPI/IR.h"
#include "mlir/Target/Cpp/CppEmitter.h"
#include "llvm/Support/raw_ostream.h"
using namespace mlir;

extern "C" int32_t roptTranslateToC(MlirOperation module, RoptSink sink, void *user) {
  std::string text;
  llvm::raw_string_ostream out(text);
  if (failed(emitc::translateToCpp(unwrap(module), out)))
    return 1;
  sink(user, {text.data(), text.size()});
  return 0;
}
