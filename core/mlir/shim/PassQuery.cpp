// Questions about registered passes that are answered without running or loading anything.
#include "Shim.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "llvm/Support/CommandLine.h"
#include <algorithm>
#include <mutex>
#include <sys/mman.h>
#include <unistd.h>
using namespace mlir;

static StringRef str(RoptStr s) { return StringRef(s.ptr, s.len); }
static const PassRegistryEntry *find(StringRef name) {
  if (const auto *info = PassInfo::lookup(name))
    return info;
  return PassPipelineInfo::lookup(name);
}
static void give(RoptSink sink, void *user, StringRef s) { sink(user, {s.data(), s.size()}); }

static std::vector<StringRef> sortedFlags() {
  std::vector<StringRef> names;
  for (auto &entry : llvm::cl::getRegisteredOptions())
    names.push_back(entry.first);
  std::sort(names.begin(), names.end());
  return names;
}

namespace {
// What LLVM's option parsers say of a value goes to stderr, whatever stream they are given: this keeps it. One at a time,
// for stderr is the process's.
class Stderr {
public:
  Stderr() : lock(mutex()), file(memfd_create("words", MFD_CLOEXEC)), before(file < 0 ? -1 : dup(2)) {
    if (before >= 0)
      dup2(file, 2);
  }
  ~Stderr() {
    (void)take();
    if (file >= 0)
      close(file);
  }
  // What was written since; stderr is itself again.
  std::string take() {
    std::string words;
    if (before < 0)
      return words;
    llvm::errs().flush();
    dup2(before, 2);
    close(before);
    before = -1;
    char text[512];
    lseek(file, 0, SEEK_SET);
    for (ssize_t n; (n = read(file, text, sizeof text)) > 0;)
      words.append(text, n);
    return words;
  }

private:
  static std::mutex &mutex() {
    static std::mutex instance;
    return instance;
  }
  std::lock_guard<std::mutex> lock;
  int file, before;
};
} // namespace

extern "C" {
uint32_t roptPassKind(RoptStr name) {
  if (PassInfo::lookup(str(name)))
    return ROPT_PASS;
  return PassPipelineInfo::lookup(str(name)) ? ROPT_PIPELINE : ROPT_NOT_A_PASS;
}
void roptForEachPass(RoptSink sink, void *user) {
  for (StringRef name : sortedFlags())
    if (find(name))
      give(sink, user, name);
}
void roptForEachFlag(RoptSink sink, void *user) {
  for (StringRef name : sortedFlags())
    give(sink, user, name);
}
bool roptFlagKnown(RoptStr name) { return llvm::cl::getRegisteredOptions().count(str(name)); }
bool roptFlagTakesValue(RoptStr name) {
  auto &map = llvm::cl::getRegisteredOptions();
  auto it = map.find(str(name));
  return it != map.end() && !find(str(name)) &&
         it->second->getValueExpectedFlag() == llvm::cl::ValueRequired;
}
void roptPassDescription(RoptStr name, RoptSink sink, void *user) {
  if (const auto *entry = find(str(name)))
    give(sink, user, entry->getPassDescription());
}
void roptPassPrintHelp(RoptStr name) {
  if (const auto *entry = find(str(name))) {
    entry->printHelpStr(2, 40);
    llvm::outs().flush();
  }
}
void roptPassAnchor(RoptStr name, RoptSink sink, void *user) {
  if (!PassInfo::lookup(str(name)))
    return;
  OpPassManager pm; // takes any op
  if (failed(PassInfo::lookup(str(name))->addToPipeline(
          pm, "", [](const Twine &) { return failure(); })))
    return;
  for (Pass &pass : pm.getPasses())
    if (auto op = pass.getOpName())
      give(sink, user, *op);
}
int32_t roptPassCheckOptions(RoptStr name, RoptStr options, RoptSink error, void *user) {
  const auto *entry = find(str(name));
  if (!entry)
    return 1;
  std::string words;
  llvm::raw_string_ostream os(words);
  bool pipeline = PassPipelineInfo::lookup(str(name));
  OpPassManager any, module("builtin.module", OpPassManager::Nesting::Implicit);
  std::optional<Stderr> said;
  if (options.len != 0)
    said.emplace();
  bool failedToParse = failed(entry->addToPipeline(
      pipeline ? module : any, str(options), [&](const Twine &message) {
        os << message;
        return failure();
      }));
  if (said)
    words += said->take();
  said.reset();
  if (failedToParse)
    give(error, user, words);
  else
    llvm::errs() << words;
  return failedToParse;
}
}
