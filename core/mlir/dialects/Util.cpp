#include "Util.h"

#include "Opaque.h"
#include "Syntax.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/Interfaces/FunctionImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace ropt;
using namespace ropt::util;

#include "UtilDialect.cpp.inc"
#include "UtilEnums.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "UtilAttrs.cpp.inc"

/// `: type`, or `= value`, or `= value : type`.
static ParseResult parseTypeOrValue(OpAsmParser &parser, TypeAttr &type,
                                    TypedAttr &value) {
  if (succeeded(parser.parseOptionalEqual())) {
    Attribute parsed;
    SMLoc loc = parser.getCurrentLocation();
    if (parser.parseAttribute(parsed))
      return failure();
    value = dyn_cast<TypedAttr>(parsed);
    if (!value)
      return parser.emitError(loc)
             << "expected a value with a type, found " << parsed;
    type = TypeAttr::get(value.getType());
    return success();
  }
  Type declared;
  if (parser.parseColonType(declared))
    return failure();
  type = TypeAttr::get(declared);
  return success();
}

static void printTypeOrValue(OpAsmPrinter &printer, Operation *, TypeAttr type,
                             TypedAttr value) {
  if (value)
    printer << "= " << value;
  else
    printer << ": " << type.getValue();
}

#define GET_OP_CLASSES
#include "UtilOps.cpp.inc"

void UtilDialect::initialize() {
  allowUnknownOperations(wantsUnknownOperations(*this));
  addAttributes<
#define GET_ATTRDEF_LIST
#include "UtilAttrs.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "UtilOps.cpp.inc"
      >();
}

Attribute UtilDialect::parseAttribute(DialectAsmParser &parser,
                                      Type type) const {
  StringRef mnemonic;
  Attribute attr;
  OptionalParseResult known =
      generatedAttributeParser(parser, &mnemonic, type, attr);
  if (known.has_value())
    return attr;
  return parseOpaqueAttribute(parser, *this, type);
}

void UtilDialect::printAttribute(Attribute attr,
                                 DialectAsmPrinter &printer) const {
  (void)generatedAttributePrinter(attr, printer);
}

Type UtilDialect::parseType(DialectAsmParser &parser) const {
  return parseOpaqueType(parser, *this);
}

std::optional<Dialect::ParseOpHook>
UtilDialect::getParseOperationHook(StringRef) const {
  return unknownOperationHook();
}

//===----------------------------------------------------------------------===//
// Globals
//===----------------------------------------------------------------------===//

LogicalResult GlobalOp::verify() {
  TypedAttr value = getInitialValueAttr();
  if (value && value.getType() != getType())
    return emitOpError() << "expected an initial value of type " << getType()
                         << ", found " << value.getType();
  return success();
}

/// Whether a global of type `global` can be loaded and stored as `type`: as
/// itself, or a tensor as the memref that bufferization makes of it.
static bool isFormOf(Type type, Type global) {
  if (type == global)
    return true;
  auto tensor = dyn_cast<RankedTensorType>(global);
  auto buffer = dyn_cast<MemRefType>(type);
  return tensor && buffer && tensor.getShape() == buffer.getShape() &&
         tensor.getElementType() == buffer.getElementType();
}

/// The global that `symbol` names; an error of `op` if there is none, or if it
/// does not have `type`.
static FailureOr<GlobalOp> lookupGlobal(Operation *op, FlatSymbolRefAttr symbol,
                                        Type type,
                                        SymbolTableCollection &symbols) {
  Operation *target = symbols.lookupNearestSymbolFrom(op, symbol);
  if (!target)
    return op->emitOpError() << "refers to global " << symbol
                             << ", which does not exist";
  auto global = dyn_cast<GlobalOp>(target);
  if (!global)
    return op->emitOpError() << "expected " << symbol
                             << " to be a util.global, found "
                             << target->getName();
  if (isFormOf(type, global.getType()))
    return global;
  InFlightDiagnostic diag = op->emitOpError()
                            << "expected type " << global.getType()
                            << ", as global " << symbol << " has, found "
                            << type;
  diag.attachNote(global.getLoc()) << "the global";
  return diag;
}

void GlobalLoadOp::getAsmResultNames(OpAsmSetValueNameFn setName) {
  setName(getResult(), getGlobal());
}

void GlobalLoadOp::getEffects(
    SmallVectorImpl<MemoryEffects::EffectInstance> &effects) {
  // What never changes may move freely; anything else is a read of state.
  if (!getIsImmutable())
    effects.emplace_back(MemoryEffects::Read::get());
}

LogicalResult GlobalLoadOp::verifySymbolUses(SymbolTableCollection &symbols) {
  FailureOr<GlobalOp> global = lookupGlobal(
      *this, getGlobalAttr(), getResult().getType(), symbols);
  return failure(failed(global));
}

LogicalResult GlobalStoreOp::verifySymbolUses(SymbolTableCollection &symbols) {
  FailureOr<GlobalOp> global =
      lookupGlobal(*this, getGlobalAttr(), getValue().getType(), symbols);
  if (failed(global))
    return failure();
  // An initializer may set what is constant ever after.
  if (!global->getIsMutable() && !(*this)->getParentOfType<InitializerOp>())
    return emitOpError() << "stores to global " << getGlobalAttr()
                         << ", which is not mutable, outside an initializer";
  return success();
}

//===----------------------------------------------------------------------===//
// Hints
//===----------------------------------------------------------------------===//

ParseResult OptimizationBarrierOp::parse(OpAsmParser &parser,
                                         OperationState &result) {
  SmallVector<OpAsmParser::UnresolvedOperand> operands;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseOperandList(operands) ||
      parser.parseOptionalAttrDict(result.attributes))
    return failure();
  SmallVector<Type> types;
  if (!operands.empty() && parser.parseColonTypeList(types))
    return failure();
  result.addTypes(types);
  return parser.resolveOperands(operands, types, loc, result.operands);
}

void OptimizationBarrierOp::print(OpAsmPrinter &printer) {
  if (getNumOperands() > 0)
    printer << ' ' << getOperands();
  printer.printOptionalAttrDict((*this)->getAttrs());
  if (getNumOperands() > 0)
    printer << " : " << getOperandTypes();
}

LogicalResult OptimizationBarrierOp::verify() {
  if (getOperandTypes() != getResultTypes())
    return emitOpError() << "expected results of its operands' types ("
                         << getOperandTypes() << "), found ("
                         << getResultTypes() << ")";
  return success();
}
