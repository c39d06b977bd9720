// What a C++ author ships for mlir-opt: two passes and a dialect, built against MLIR's headers and knowing nothing of ropt.
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Tools/Plugins/DialectPlugin.h"
#include "mlir/Tools/Plugins/PassPlugin.h"
#include "llvm/Support/MemoryBuffer.h"
#include <stdexcept>
using namespace mlir;

namespace {
// Strings, options and rewriting across the boundary.
struct Rename : PassWrapper<Rename, OperationPass<func::FuncOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(Rename)
  Rename() = default;
  Rename(const Rename &other) : PassWrapper(other) { prefix = other.prefix.getValue(); }
  StringRef getArgument() const final { return "cpp-rename"; }
  void runOnOperation() override {
    std::string name = getOperation().getName().str();
    getOperation().setName(prefix.getValue() + name);
  }
  Option<std::string> prefix{*this, "prefix", llvm::cl::init("cpp_"), llvm::cl::desc("put before the name")};
};

// What the two sides' libstdc++ must agree on: error categories, exceptions and their types.
struct Agree : PassWrapper<Agree, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(Agree)
  StringRef getArgument() const final { return "cpp-agree"; }
  void runOnOperation() override {
    auto file = llvm::MemoryBuffer::getFile("/no/such/file");
    bool same = file.getError() == std::errc::no_such_file_or_directory;
    bool caught = false;
    try {
      throw std::runtime_error("thrown in the plugin");
    } catch (const std::exception &error) {
      caught = StringRef(error.what()) == "thrown in the plugin";
    }
    getOperation().emitRemark("category ") << (same ? "same" : "other") << ", exception "
                                           << (caught ? "caught" : "lost");
  }
};

struct Colour : Dialect {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(Colour)
  static constexpr StringLiteral getDialectNamespace() { return StringLiteral("colour"); }
  explicit Colour(MLIRContext *context) : Dialect(getDialectNamespace(), context, TypeID::get<Colour>()) { allowUnknownOperations(); }
};
} // namespace

extern "C" LLVM_ATTRIBUTE_WEAK PassPluginLibraryInfo mlirGetPassPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "cpp-plugin", "1", [] {
            PassRegistration<Rename>();
            PassRegistration<Agree>();
          }};
}
extern "C" LLVM_ATTRIBUTE_WEAK DialectPluginLibraryInfo mlirGetDialectPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "cpp-plugin", "1",
          [](DialectRegistry *registry) { registry->insert<Colour>(); }};
}
