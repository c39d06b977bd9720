// mlir-opt's machinery under ropt's roof: registration, flags and the one function that runs a pipeline.
#include "Shim.h"
#include "Register.h"
#include "Stop.h"
#include "Watch.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Target/LLVMIR/Dialect/All.h"
#include "mlir/Tools/Plugins/DialectPlugin.h"
#include "mlir/Tools/Plugins/PassPlugin.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/MemoryBuffer.h"
using namespace mlir;

static StringRef str(RoptStr s) { return StringRef(s.ptr, s.len); }
DialectRegistry &ropt::allDialects() {
  static DialectRegistry instance;
  return instance;
}
static DialectRegistry &registry() { return ropt::allDialects(); }
static std::string &helpHeader() {
  static std::string text;
  return text;
}

extern "C" {
void roptRegisterUpstream(void) {
  registerAllPasses();
  registerAllDialects(registry());
  registerAllExtensions(registry());
  registerAllToLLVMIRTranslations(registry());
  ropt::registerRoptDialects(registry());
}
int32_t roptLoadPassPlugin(RoptStr path, RoptSink error, void *user) {
  auto plugin = PassPlugin::load(str(path).str());
  if (plugin) {
    plugin->registerPassRegistryCallbacks();
    return 0;
  }
  std::string words = llvm::toString(plugin.takeError());
  error(user, {words.data(), words.size()});
  return 1;
}
int32_t roptLoadDialectPlugin(RoptStr path, RoptSink error, void *user) {
  auto plugin = DialectPlugin::load(str(path).str());
  if (plugin) {
    plugin->registerDialectRegistryCallbacks(registry());
    return 0;
  }
  std::string words = llvm::toString(plugin.takeError());
  error(user, {words.data(), words.size()});
  return 1;
}
void roptRegisterFlags(void) {
  helpHeader() = registerCLIOptions("ropt: mlir-opt's flags and every pass\n", registry());
}
void roptPrintFlags(void) {
  const char *argv[] = {"ropt"};
  llvm::cl::ParseCommandLineOptions(1, argv, helpHeader());
  llvm::cl::PrintHelpMessage();
}
bool roptParseFlags(int argc, const char *const *argv) {
  parseCLIOptions(argc, const_cast<char **>(argv), helpHeader());
  MlirOptMainConfig flags = MlirOptMainConfig::createFromCLOptions();
  if (flags.shouldListPasses())
    mlir::printRegisteredPasses();
  if (flags.shouldShowDialects()) {
    llvm::outs() << "Available Dialects: ";
    llvm::interleave(registry().getDialectNames(), llvm::outs(), ",");
    llvm::outs() << "\n";
  }
  llvm::outs().flush();
  return flags.shouldListPasses() || flags.shouldShowDialects();
}
// MLIR's words when an op, type or attribute belongs to a dialect that nobody registered; empty when the input fails
// for another reason. Only an input that failed is parsed this second time.
static std::string foreignDialect(RoptRun *run) {
  MLIRContext context(registry(), MLIRContext::Threading::DISABLED);
  std::string found;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diag) {
    std::string words = diag.str();
    if (StringRef(words).contains("unregistered dialect") ||
        StringRef(words).starts_with("Dialect `"))
      found = words;
    return success();
  });
  ParserConfig config(&context, /*verifyAfterParse=*/false);
  (void)parseSourceString<>(StringRef(reinterpret_cast<const char *>(run->input), run->input_len),
                            config);
  return found;
}
// The reproducer of a whole pipeline on the piece of the input that is to be run next.
static void giveWhole(RoptRun *run, size_t chunk, const MlirOptMainConfig &flags, StringRef pipeline) {
  SmallVector<StringRef> chunks{StringRef(reinterpret_cast<const char *>(run->input), run->input_len)};
  if (!flags.inputSplitMarker().empty())
    StringRef(chunks.pop_back_val()).split(chunks, flags.inputSplitMarker());
  if (chunk >= chunks.size())
    return;
  MLIRContext context(registry(), MLIRContext::Threading::DISABLED);
  context.allowUnregisteredDialects(flags.shouldAllowUnregisteredDialects());
  ScopedDiagnosticHandler quiet(&context, [](Diagnostic &) { return success(); });
  if (OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(chunks[chunk], ParserConfig(&context, false))) {
    std::string text = ropt::reproducer(*module, pipeline, flags.shouldVerifyPasses());
    run->found(run->watcher, {text.data(), text.size()}, true);
  }
}
int32_t roptRun(RoptRun *run) {
  MlirOptMainConfig flags = MlirOptMainConfig::createFromCLOptions();
  MlirOptMainConfig config = flags;
  bool parsed = false;
  size_t chunk = 0;
  config.setPassPipelineSetupFn([&](PassManager &pm) {
    parsed = true;
    // A nest looks its op up once, when the run begins. If its dialect came later, with the pass that makes the ops, the
    // nest would never know them again.
    for (size_t i = 0; i < run->n_nests; ++i)
      pm.getContext()->getOrLoadDialect(str(run->nests[i].name).split('.').first);
    if (failed(flags.setupPassPipeline(pm)))
      return failure();
    pm.addInstrumentation(ropt::watch(run));
    if (run->probe.len) {
      std::string whole;
      llvm::raw_string_ostream os(whole);
      pm.printAsTextualPipeline(os);
      // What comes before the first pass can fail, too.
      giveWhole(run, chunk++, flags, whole);
      ropt::honourStops(pm.getContext());
      pm.addInstrumentation(ropt::probe(run, {whole, flags.shouldVerifyPasses()}));
    }
    return success();
  });
  auto buffer = llvm::MemoryBuffer::getMemBufferCopy(StringRef(run->input, run->input_len),
                                                     str(run->input_name));
  std::string output;
  llvm::raw_string_ostream os(output);
  LogicalResult result = MlirOptMain(os, std::move(buffer), registry(), config);
  run->output(run->user, {output.data(), output.size()});
  if (failed(result) && !parsed) {
    std::string words = foreignDialect(run);
    run->foreign(run->user_foreign, {words.data(), words.size()});
  }
  return failed(result);
}
}
