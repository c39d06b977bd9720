#include "TypeTexts.h"

#include "mlir/IR/BuiltinDialect.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/raw_ostream.h"
#include <mutex>
#include <shared_mutex>

using namespace mlir;

static std::string print(Type type) {
  std::string text;
  llvm::raw_string_ostream os(text);
  type.print(os);
  return text;
}

void ropt::TypeTexts::with(Type type, llvm::function_ref<void(StringRef)> use) {
  auto *builtin = type.getContext()->getLoadedDialect<BuiltinDialect>();
  if (auto *texts = builtin->getRegisteredInterface<TypeTexts>())
    return use(texts->of(type));
  use(print(type));
}

StringRef ropt::TypeTexts::of(Type type) const {
  {
    std::shared_lock<llvm::sys::RWMutex> lock(mutex);
    if (auto known = texts.find(type); known != texts.end())
      return known->second;
  }
  // Without the lock: a type's own printer may ask for the text of another one.
  std::string text = print(type);
  std::unique_lock<llvm::sys::RWMutex> lock(mutex);
  auto [entry, fresh] = texts.try_emplace(type);
  if (fresh)
    entry->second = StringRef(text).copy(memory);
  return entry->second;
}

void ropt::registerTypeTexts(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *, BuiltinDialect *builtin) {
    builtin->addInterfaces<TypeTexts>();
  });
}
