#include "Subtarget.h"
#include "Lld.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/TargetParser/Triple.h"
#include <memory>
#include <string>

using namespace llvm;

static StringRef ref(RoptStr text) { return StringRef(text.ptr, text.len); }

static std::unique_ptr<MCSubtargetInfo> subtarget(RoptStr triple, StringRef cpu,
                                                  StringRef features) {
  roptInitializeTargets();
  Triple parsed(Triple::normalize(ref(triple)));
  std::string error;
  const Target *target = TargetRegistry::lookupTarget(parsed, error);
  if (!target)
    return nullptr;
  return std::unique_ptr<MCSubtargetInfo>(
      target->createMCSubtargetInfo(parsed, cpu, features));
}

int32_t roptSubtargetFeatures(RoptStr triple, RoptStr cpu, RoptStr features, RoptSink sink,
                              void *user) {
  auto plain = subtarget(triple, "", "");
  if (!plain)
    return ROPT_SUBTARGET_TRIPLE;
  if (!plain->isCPUStringValid(ref(cpu)))
    return ROPT_SUBTARGET_CPU;
  auto info = subtarget(triple, ref(cpu), ref(features));
  for (const SubtargetFeatureKV &feature : info->getAllProcessorFeatures()) {
    if (info->getFeatureBits().test(feature.Value)) {
      StringRef name = feature.Key;
      sink(user, {name.data(), name.size()});
    }
  }
  return ROPT_SUBTARGET_OK;
}

int32_t roptSubtargetCpus(RoptStr triple, RoptSink sink, void *user) {
  auto info = subtarget(triple, "", "");
  if (!info)
    return ROPT_SUBTARGET_TRIPLE;
  for (const SubtargetSubTypeKV &cpu : info->getAllProcessorDescriptions()) {
    StringRef name = cpu.Key;
    sink(user, {name.data(), name.size()});
  }
  return ROPT_SUBTARGET_OK;
}

int32_t roptSubtargetAllFeatures(RoptStr triple, RoptSink sink, void *user) {
  auto info = subtarget(triple, "", "");
  if (!info)
    return ROPT_SUBTARGET_TRIPLE;
  for (const SubtargetFeatureKV &feature : info->getAllProcessorFeatures()) {
    StringRef name = feature.Key;
    sink(user, {name.data(), name.size()});
  }
  return ROPT_SUBTARGET_OK;
}
