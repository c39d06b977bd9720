// The texts of types, kept in their context.
#ifndef ROPT_DIALECTS_TYPETEXTS_H
#define ROPT_DIALECTS_TYPETEXTS_H

#include "mlir/IR/DialectInterface.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/IR/Types.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/Support/Allocator.h"
#include "llvm/Support/RWMutex.h"

namespace ropt {

/// To print a type, MLIR first gathers and sorts the dialects of the context,
/// which takes far longer than the printing. A type never changes, so one text
/// of each is kept as long as the context.
class TypeTexts : public mlir::DialectInterface::Base<TypeTexts> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(TypeTexts)

  explicit TypeTexts(mlir::Dialect *dialect) : Base(dialect) {}

  /// Calls `use` with the type's text, from any thread.
  static void with(mlir::Type type,
                   llvm::function_ref<void(llvm::StringRef)> use);

private:
  llvm::StringRef of(mlir::Type type) const;

  mutable llvm::sys::RWMutex mutex;
  mutable llvm::DenseMap<mlir::Type, llvm::StringRef> texts;
  mutable llvm::BumpPtrAllocator memory;
};

/// Keeps texts in every context that the registry is given to.
void registerTypeTexts(mlir::DialectRegistry &registry);

} // namespace ropt

#endif // ROPT_DIALECTS_TYPETEXTS_H
