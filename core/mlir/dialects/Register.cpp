#include "Register.h"

#include "Bufferization.h"
#include "Codegen.h"
#include "Flow.h"
#include "Hal.h"
#include "Opaque.h"
#include "Ropt.h"
#include "TensorExt.h"
#include "TypeTexts.h"
#include "Util.h"

namespace ropt {

void registerRoptDialects(mlir::DialectRegistry &registry) {
  registry.insert<codegen::CodegenDialect, flow::FlowDialect, hal::HalDialect,
                  host::RoptDialect, tensor_ext::TensorExtDialect,
                  util::UtilDialect>();
  registerOpaqueDialects(registry);
  registerTypeTexts(registry);
  registerRoptPasses();
  registerKernelBufferization(registry);
  registerBufferBufferization(registry);
  registerDispatchBufferization(registry);
  registerGlobalBufferization(registry);
}

void registerHalDialect(mlir::DialectRegistry &registry) {
  registry.insert<hal::HalDialect>();
}

} // namespace ropt
