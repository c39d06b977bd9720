#include "Syntax.h"

#include "TensorExt.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"

using namespace mlir;

namespace ropt {

ParseResult parseSymbolVisibility(OpAsmParser &parser, StringAttr &visibility) {
  StringRef keyword;
  if (succeeded(
          parser.parseOptionalKeyword(&keyword, {"public", "private", "nested"})))
    visibility = parser.getBuilder().getStringAttr(keyword);
  return success();
}

void printSymbolVisibility(OpAsmPrinter &printer, Operation *,
                           StringAttr visibility) {
  printer << (visibility ? visibility.getValue() : StringRef("public"));
}

ParseResult parseEntryPoints(OpAsmParser &parser, ArrayAttr &entryPoints) {
  SmallVector<Attribute> symbols;
  auto parseOne = [&]() -> ParseResult {
    SymbolRefAttr symbol;
    if (parser.parseAttribute(symbol))
      return failure();
    symbols.push_back(symbol);
    return success();
  };
  if (succeeded(parser.parseOptionalLBrace())) {
    if (failed(parser.parseOptionalRBrace()) &&
        (parser.parseCommaSeparatedList(parseOne) || parser.parseRBrace()))
      return failure();
  } else if (parseOne()) {
    return failure();
  }
  entryPoints = parser.getBuilder().getArrayAttr(symbols);
  return success();
}

void printEntryPoints(OpAsmPrinter &printer, Operation *,
                      ArrayAttr entryPoints) {
  if (entryPoints.size() == 1) {
    printer.printAttribute(entryPoints[0]);
    return;
  }
  printer << '{';
  llvm::interleaveComma(entryPoints, printer, [&](Attribute symbol) {
    printer.printAttribute(symbol);
  });
  printer << '}';
}

int64_t dynamicDimCount(Type type) {
  if (auto bound = dyn_cast<tensor_ext::DispatchTensorType>(type))
    type = bound.getBoundType();
  auto shaped = dyn_cast<ShapedType>(type);
  return shaped && shaped.hasRank() ? shaped.getNumDynamicDims() : 0;
}

std::optional<unsigned> tiedArgument(ArrayAttr tiedOperands, unsigned result) {
  if (!tiedOperands || result >= tiedOperands.size())
    return std::nullopt;
  int64_t index = cast<IntegerAttr>(tiedOperands[result]).getInt();
  if (index < 0)
    return std::nullopt;
  return index;
}

LogicalResult verifyTiedOperands(Operation *op, ArrayAttr tiedOperands,
                                 size_t results, size_t arguments) {
  if (!tiedOperands || tiedOperands.empty())
    return success();
  if (tiedOperands.size() != results)
    return op->emitOpError() << "expected one tied operand for each of its "
                             << results << " results, found "
                             << tiedOperands.size();
  for (auto [result, attr] : llvm::enumerate(tiedOperands)) {
    int64_t index = cast<IntegerAttr>(attr).getInt();
    if (index < -1 || index >= static_cast<int64_t>(arguments))
      return op->emitOpError()
             << "ties result " << result << " to argument " << index
             << ", but it has " << arguments << " arguments";
  }
  return success();
}

/// `{%a, %b}` when `type` has dynamic sizes.
static ParseResult parseDims(OpAsmParser &parser, Type type, OperandList &dims) {
  int64_t expected = dynamicDimCount(type);
  if (expected == 0)
    return success();
  SmallVector<OpAsmParser::UnresolvedOperand> found;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseOperandList(found, OpAsmParser::Delimiter::Braces))
    return failure();
  if (static_cast<int64_t>(found.size()) != expected)
    return parser.emitError(loc)
           << "expected " << expected << " dynamic sizes for " << type
           << ", found " << found.size();
  dims.append(found.begin(), found.end());
  return success();
}

static void printDims(OpAsmPrinter &printer, Type type, ValueRange &dims) {
  size_t count = std::min<size_t>(dynamicDimCount(type), dims.size());
  if (count == 0)
    return;
  printer << '{';
  printer.printOperands(dims.take_front(count));
  printer << '}';
  dims = dims.drop_front(count);
}

/// One result: a type, a tied operand, or a tied operand `as` a type.
static ParseResult
parseResult(OpAsmParser &parser,
            ArrayRef<OpAsmParser::UnresolvedOperand> arguments,
            ArrayRef<Type> argumentTypes, SmallVectorImpl<Type> &resultTypes,
            OperandList *resultDims, SmallVectorImpl<int64_t> &tied) {
  OpAsmParser::UnresolvedOperand operand;
  SMLoc loc = parser.getCurrentLocation();
  OptionalParseResult isTied = parser.parseOptionalOperand(operand);
  Type type;
  int64_t index = -1;
  if (isTied.has_value()) {
    if (failed(*isTied))
      return failure();
    auto it = llvm::find_if(arguments, [&](const auto &argument) {
      return argument.name == operand.name && argument.number == operand.number;
    });
    if (it == arguments.end())
      return parser.emitError(loc) << "tied result names " << operand.name
                                   << ", which is not an argument of the call";
    index = it - arguments.begin();
    if (static_cast<size_t>(index) >= argumentTypes.size())
      return parser.emitError(loc) << "argument " << operand.name
                                   << " of a tied result has no type";
    if (succeeded(parser.parseOptionalKeyword("as"))) {
      if (parser.parseType(type))
        return failure();
    } else {
      type = argumentTypes[index];
    }
  } else if (parser.parseType(type)) {
    return failure();
  }
  resultTypes.push_back(type);
  tied.push_back(index);
  return resultDims ? parseDims(parser, type, *resultDims) : success();
}

static ParseResult
parseResults(OpAsmParser &parser,
             ArrayRef<OpAsmParser::UnresolvedOperand> arguments,
             ArrayRef<Type> argumentTypes, SmallVectorImpl<Type> &resultTypes,
             OperandList *resultDims, ArrayAttr &tiedOperands) {
  SmallVector<int64_t> tied;
  auto parseOne = [&] {
    return parseResult(parser, arguments, argumentTypes, resultTypes,
                       resultDims, tied);
  };
  if (succeeded(parser.parseOptionalLParen())) {
    if (failed(parser.parseOptionalRParen())) {
      if (parser.parseCommaSeparatedList(parseOne) || parser.parseRParen())
        return failure();
    }
  } else if (parseOne()) {
    return failure();
  }
  if (!tied.empty())
    tiedOperands = parser.getBuilder().getIndexArrayAttr(tied);
  return success();
}

static void printResults(OpAsmPrinter &printer, ValueRange arguments,
                         TypeRange resultTypes, ValueRange resultDims,
                         bool dims, ArrayAttr tiedOperands) {
  bool parens = resultTypes.size() != 1;
  if (parens)
    printer << '(';
  llvm::interleaveComma(llvm::enumerate(resultTypes), printer, [&](auto entry) {
    Type type = entry.value();
    std::optional<unsigned> tied = tiedArgument(tiedOperands, entry.index());
    if (tied && *tied < arguments.size()) {
      printer.printOperand(arguments[*tied]);
      if (arguments[*tied].getType() != type)
        printer << " as " << type;
    } else {
      printer.printType(type);
    }
    if (dims)
      printDims(printer, type, resultDims);
  });
  if (parens)
    printer << ')';
}

ParseResult parseShapedFunctionType(
    OpAsmParser &parser, ArrayRef<OpAsmParser::UnresolvedOperand> arguments,
    SmallVectorImpl<Type> &argumentTypes, OperandList &argumentDims,
    SmallVectorImpl<Type> &resultTypes, OperandList &resultDims,
    ArrayAttr &tiedOperands) {
  auto parseArgument = [&]() -> ParseResult {
    Type type;
    if (parser.parseType(type))
      return failure();
    argumentTypes.push_back(type);
    return parseDims(parser, type, argumentDims);
  };
  if (parser.parseCommaSeparatedList(OpAsmParser::Delimiter::Paren,
                                     parseArgument) ||
      parser.parseArrow())
    return failure();
  return parseResults(parser, arguments, argumentTypes, resultTypes,
                      &resultDims, tiedOperands);
}

void printShapedFunctionType(OpAsmPrinter &printer, Operation *,
                             ValueRange arguments, TypeRange argumentTypes,
                             ValueRange argumentDims, TypeRange resultTypes,
                             ValueRange resultDims, ArrayAttr tiedOperands) {
  printer << '(';
  llvm::interleaveComma(argumentTypes, printer, [&](Type type) {
    printer.printType(type);
    printDims(printer, type, argumentDims);
  });
  printer << ") -> ";
  printResults(printer, arguments, resultTypes, resultDims, /*dims=*/true,
               tiedOperands);
}

ParseResult parseTiedFunctionType(
    OpAsmParser &parser, ArrayRef<OpAsmParser::UnresolvedOperand> arguments,
    SmallVectorImpl<Type> &argumentTypes, SmallVectorImpl<Type> &resultTypes,
    ArrayAttr &tiedOperands) {
  auto parseArgument = [&]() -> ParseResult {
    return parser.parseType(argumentTypes.emplace_back());
  };
  if (parser.parseCommaSeparatedList(OpAsmParser::Delimiter::Paren,
                                     parseArgument) ||
      parser.parseArrow())
    return failure();
  return parseResults(parser, arguments, argumentTypes, resultTypes,
                      /*resultDims=*/nullptr, tiedOperands);
}

void printTiedFunctionType(OpAsmPrinter &printer, Operation *,
                           ValueRange arguments, TypeRange argumentTypes,
                           TypeRange resultTypes, ArrayAttr tiedOperands) {
  printer << '(' << argumentTypes << ") -> ";
  printResults(printer, arguments, resultTypes, {}, /*dims=*/false,
               tiedOperands);
}

} // namespace ropt
