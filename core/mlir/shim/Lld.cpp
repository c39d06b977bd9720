#include "Lld.h"
#include "lld/Common/Driver.h"
#include "llvm/Plugins/PassPlugin.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/raw_ostream.h"
#include <mutex>
#include <string>
#include <vector>

LLD_HAS_DRIVER(elf)

// Debian's LLVM names Polly as a built-in extension of its LTO, which lld links; we bring no Polly.
llvm::PassPluginLibraryInfo getPollyPluginInfo() {
  return {LLVM_PLUGIN_API_VERSION, "polly", "absent", [](llvm::PassBuilder &) {}};
}

void roptInitializeTargets(void) {
  static std::once_flag once;
  std::call_once(once, [] {
    llvm::InitializeAllTargetInfos();
    llvm::InitializeAllTargets();
    llvm::InitializeAllTargetMCs();
    llvm::InitializeAllAsmPrinters();
    llvm::InitializeAllAsmParsers();
  });
}

int32_t roptLldLink(size_t argc, const char *const *argv, RoptSink output, void *user) {
  // lld keeps its state in globals: one link at a time.
  static std::mutex mutex;
  static bool usable = true;
  std::lock_guard<std::mutex> lock(mutex);
  if (!usable)
    return 2;
  std::string text;
  llvm::raw_string_ostream stream(text);
  std::vector<const char *> arguments(argv, argv + argc);
  lld::Result result =
      lld::lldMain(arguments, stream, stream, {{lld::Gnu, &lld::elf::link}});
  stream.flush();
  if (!text.empty())
    output(user, {text.data(), text.size()});
  usable = result.canRunAgain;
  if (!result.canRunAgain)
    return 2;
  return result.retCode == 0 ? 0 : 1;
}
