// util.assume.int: integers with bounds and divisors that are known.
#include "Util.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace ropt::util;

LogicalResult
IntAssumptionAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                          std::optional<uint64_t> umin,
                          std::optional<uint64_t> umax,
                          std::optional<uint64_t> udiv) {
  if (umin && umax && *umin > *umax)
    return emitError() << "expected umin of at most umax, found umin = " << *umin
                       << " and umax = " << *umax;
  if (udiv && *udiv == 0)
    return emitError() << "expected udiv of at least 1, found 0";
  return success();
}

/// `<umin = 0, umax = 4, udiv = 2>`, each of them optional.
Attribute IntAssumptionAttr::parse(AsmParser &parser, Type) {
  std::optional<uint64_t> umin, umax, udiv;
  SMLoc loc = parser.getCurrentLocation();
  auto parseOne = [&]() -> ParseResult {
    StringRef key;
    SMLoc keyLoc = parser.getCurrentLocation();
    if (parser.parseKeyword(&key) || parser.parseEqual())
      return failure();
    std::optional<uint64_t> *field = key == "umin"   ? &umin
                                     : key == "umax" ? &umax
                                     : key == "udiv" ? &udiv
                                                     : nullptr;
    if (!field)
      return parser.emitError(keyLoc)
             << "expected 'umin', 'umax' or 'udiv', found '" << key << "'";
    uint64_t value;
    if (parser.parseInteger(value))
      return failure();
    *field = value;
    return success();
  };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::LessGreater, parseOne))
    return {};
  return parser.getChecked<IntAssumptionAttr>(loc, parser.getContext(), umin,
                                              umax, udiv);
}

void IntAssumptionAttr::print(AsmPrinter &printer) const {
  StringRef separator = "";
  auto field = [&](StringRef key, std::optional<uint64_t> value) {
    if (!value)
      return;
    printer << separator << key << " = " << *value;
    separator = ", ";
  };
  printer << '<';
  field("umin", getUmin());
  field("umax", getUmax());
  field("udiv", getUdiv());
  printer << '>';
}

/// `<…>`, or `[<…>, <…>]`.
static ParseResult parseAssumptions(OpAsmParser &parser, Attribute &list) {
  SmallVector<Attribute> assumptions;
  auto parseOne = [&]() -> ParseResult {
    IntAssumptionAttr assumption;
    if (parser.parseCustomAttributeWithFallback(assumption))
      return failure();
    assumptions.push_back(assumption);
    return success();
  };
  if (succeeded(parser.parseOptionalLSquare())) {
    if (failed(parser.parseOptionalRSquare()) &&
        (parser.parseCommaSeparatedList(parseOne) || parser.parseRSquare()))
      return failure();
  } else if (parseOne()) {
    return failure();
  }
  list = parser.getBuilder().getArrayAttr(assumptions);
  return success();
}

ParseResult AssumeIntOp::parse(OpAsmParser &parser, OperationState &result) {
  SmallVector<OpAsmParser::UnresolvedOperand> operands;
  SmallVector<Attribute> lists;
  SMLoc loc = parser.getCurrentLocation();
  auto parseOne = [&]() -> ParseResult {
    return failure(parser.parseOperand(operands.emplace_back()) ||
                   parseAssumptions(parser, lists.emplace_back()));
  };
  SmallVector<Type> types;
  if (parser.parseCommaSeparatedList(parseOne) ||
      parser.parseOptionalAttrDict(result.attributes) ||
      parser.parseColonTypeList(types) ||
      parser.resolveOperands(operands, types, loc, result.operands))
    return failure();
  result.addTypes(types);
  result.getOrAddProperties<Properties>().assumptions =
      parser.getBuilder().getArrayAttr(lists);
  return success();
}

void AssumeIntOp::print(OpAsmPrinter &printer) {
  // One operand stands on the line, several each on their own.
  bool several = getNumOperands() > 1;
  printer.increaseIndent();
  printer.increaseIndent();
  llvm::interleave(
      llvm::zip_equal(getOperands(), getAssumptions()),
      [&](auto entry) {
        if (several)
          printer.printNewline();
        else
          printer << ' ';
        auto list = cast<ArrayAttr>(std::get<1>(entry));
        printer << std::get<0>(entry);
        if (list.size() == 1) {
          printer.printStrippedAttrOrType(cast<IntAssumptionAttr>(list[0]));
          return;
        }
        printer << '[';
        llvm::interleaveComma(list, printer, [&](Attribute assumption) {
          printer.printStrippedAttrOrType(cast<IntAssumptionAttr>(assumption));
        });
        printer << ']';
      },
      [&] { printer << ", "; });
  printer.decreaseIndent();
  if (several)
    printer.printNewline();
  else
    printer << ' ';
  printer.decreaseIndent();
  printer.printOptionalAttrDict((*this)->getAttrs(), {getAssumptionsAttrName()});
  printer << ": " << getOperandTypes();
}

LogicalResult AssumeIntOp::verify() {
  if (getAssumptions().size() != getNumOperands())
    return emitOpError() << "expected assumptions for each of its "
                         << getNumOperands() << " operands, found "
                         << getAssumptions().size();
  if (getOperandTypes() != getResultTypes())
    return emitOpError() << "expected results of its operands' types ("
                         << getOperandTypes() << "), found ("
                         << getResultTypes() << ")";
  std::optional<size_t> alternatives;
  for (Attribute list : getAssumptions()) {
    auto assumptions = dyn_cast<ArrayAttr>(list);
    if (!assumptions ||
        !llvm::all_of(assumptions, llvm::IsaPred<IntAssumptionAttr>))
      return emitOpError()
             << "expected lists of #util.int.assumption<…>, found " << list;
    // A single assumption holds in every alternative.
    if (assumptions.size() <= 1)
      continue;
    if (alternatives && *alternatives != assumptions.size())
      return emitOpError() << "expected " << *alternatives
                           << " assumptions, as another operand has, found "
                           << assumptions.size();
    alternatives = assumptions.size();
  }
  return success();
}

void AssumeIntOp::inferResultRanges(ArrayRef<ConstantIntRanges> operands,
                                    SetIntRangeFn setRange) {
  for (auto [index, result] : llvm::enumerate(getResults())) {
    auto list = cast<ArrayAttr>(getAssumptions()[index]);
    unsigned width = ConstantIntRanges::getStorageBitwidth(result.getType());
    APInt low = APInt::getMaxValue(width), high = APInt::getMinValue(width);
    if (list.empty())
      std::swap(low, high);
    for (Attribute attr : list) {
      auto assumption = cast<IntAssumptionAttr>(attr);
      APInt umin = APInt::getMinValue(width), umax = APInt::getMaxValue(width);
      if (assumption.getUmin())
        umin = APInt(64, *assumption.getUmin()).zextOrTrunc(width);
      if (assumption.getUmax())
        umax = APInt(64, *assumption.getUmax()).zextOrTrunc(width);
      low = llvm::APIntOps::umin(low, umin);
      high = llvm::APIntOps::umax(high, umax);
    }
    setRange(result, operands[index].intersection(
                         ConstantIntRanges::fromUnsigned(low, high)));
  }
}
