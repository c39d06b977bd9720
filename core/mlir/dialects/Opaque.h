// Attributes and types of IREE's dialects that are kept as text.
//
// IREE's files hold many attributes (`#iree_codegen.translation_info<…>`,
// `#iree_gpu.target<…>`) that nothing here reads but that must travel
// unchanged. They become upstream's OpaqueAttr and OpaqueType, which print what
// was parsed; aliases inside them are replaced by what they stand for.
#ifndef ROPT_DIALECTS_OPAQUE_H
#define ROPT_DIALECTS_OPAQUE_H

#include "mlir/IR/Dialect.h"
#include "mlir/IR/DialectImplementation.h"

namespace ropt {

/// Keeps the attribute that `parser` stands on as text.
mlir::Attribute parseOpaqueAttribute(mlir::DialectAsmParser &parser,
                                     const mlir::Dialect &dialect,
                                     mlir::Type type);

/// Keeps the type that `parser` stands on as text.
mlir::Type parseOpaqueType(mlir::DialectAsmParser &parser,
                           const mlir::Dialect &dialect);

/// The parser of pretty forms that a dialect does not define: it says so, and
/// what to do.
std::optional<mlir::Dialect::ParseOpHook> unknownOperationHook();

/// Lets `dialect` hold operations that it does not define if the context was
/// asked to take unregistered ones.
template <typename ConcreteDialect>
bool wantsUnknownOperations(const ConcreteDialect &dialect) {
  return dialect.getContext()->allowsUnregisteredDialects();
}

/// Registers the dialects of which only attributes and types are known, as
/// text: `iree_cpu`, `iree_gpu`, `iree_encoding` and the like.
void registerOpaqueDialects(mlir::DialectRegistry &registry);

} // namespace ropt

#endif // ROPT_DIALECTS_OPAQUE_H
