// Whether our code and MLIR's mean the same by an op's traits. By itself, so that a test can compile it by another compiler.
#include "Register.h"
#include "Shim.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/Operation.h"
#include "mlir/IR/SymbolTable.h"
using namespace mlir;

// MLIR's object files and ours must mean the same by a trait: ours are asked about an op of MLIR's, MLIR's about one of
// ours. A context with one dialect is enough for it, and cheap at every start.
extern "C" const char *roptSelfTest(void) {
  DialectRegistry registry;
  ropt::registerHalDialect(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  context.getOrLoadDialect("hal");
  auto module = RegisteredOperationName::lookup("builtin.module", &context);
  OperationState state(UnknownLoc::get(&context), "hal.executable");
  state.addRegion();
  Operation *executable = Operation::create(state);
  bool same = module && module->hasTrait<OpTrait::IsIsolatedFromAbove>() &&
              module->hasTrait<OpTrait::SymbolTable>() &&
              SymbolTable::getNearestSymbolTable(executable) == executable;
  executable->destroy();
  if (same)
    return nullptr;
  return "ropt's code and MLIR's do not mean the same by an op's traits: they were built by "
         "different compilers (clang++ 22 is required)";
}
