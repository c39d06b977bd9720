// Functions, calls and initializers of the util dialect: their syntax, with
// tied results, and their verifiers.
#include "Syntax.h"
#include "Util.h"

#include "mlir/IR/Builders.h"
#include "mlir/Interfaces/FunctionImplementation.h"

using namespace mlir;
using namespace ropt;
using namespace ropt::util;

//===----------------------------------------------------------------------===//
// util.func
//===----------------------------------------------------------------------===//

namespace {
/// What the results of a signature are parsed into.
struct Results {
  SmallVector<Type> types;
  SmallVector<DictionaryAttr> attrs;
  SmallVector<int64_t> tied;
};
} // namespace

/// `type {attrs}`, `%arg` or `%arg as type`. Attributes stand in a list in
/// parentheses only: after a single result a brace opens the body.
static ParseResult parseResult(OpAsmParser &parser,
                               ArrayRef<OpAsmParser::Argument> arguments,
                               Results &results, bool withAttrs) {
  OpAsmParser::UnresolvedOperand operand;
  SMLoc loc = parser.getCurrentLocation();
  OptionalParseResult isTied =
      parser.parseOptionalOperand(operand, /*allowResultNumber=*/false);
  int64_t index = -1;
  Type type;
  if (isTied.has_value()) {
    if (failed(*isTied))
      return failure();
    auto it = llvm::find_if(arguments, [&](const auto &argument) {
      return argument.ssaName.name == operand.name;
    });
    if (it == arguments.end())
      return parser.emitError(loc) << "tied result names " << operand.name
                                   << ", which is not an argument";
    index = it - arguments.begin();
    type = it->type;
    if (succeeded(parser.parseOptionalKeyword("as")) && parser.parseType(type))
      return failure();
  } else if (parser.parseType(type)) {
    return failure();
  }
  NamedAttrList attrs;
  if (withAttrs && parser.parseOptionalAttrDict(attrs))
    return failure();
  results.types.push_back(type);
  results.attrs.push_back(attrs.getDictionary(parser.getContext()));
  results.tied.push_back(index);
  return success();
}

static ParseResult parseResults(OpAsmParser &parser,
                                ArrayRef<OpAsmParser::Argument> arguments,
                                Results &results) {
  if (failed(parser.parseOptionalArrow()))
    return success();
  auto parseOne = [&] {
    return parseResult(parser, arguments, results, /*withAttrs=*/true);
  };
  if (failed(parser.parseOptionalLParen()))
    return parseResult(parser, arguments, results, /*withAttrs=*/false);
  if (succeeded(parser.parseOptionalRParen()))
    return success();
  return failure(parser.parseCommaSeparatedList(parseOne) ||
                 parser.parseRParen());
}

ParseResult FuncOp::parse(OpAsmParser &parser, OperationState &result) {
  Builder &builder = parser.getBuilder();
  auto &properties = result.getOrAddProperties<Properties>();
  SmallVector<OpAsmParser::Argument> arguments;
  Results results;
  if (parseSymbolVisibility(parser, properties.sym_visibility) ||
      parser.parseSymbolName(properties.sym_name) ||
      parser.parseArgumentList(arguments, OpAsmParser::Delimiter::Paren,
                               /*allowType=*/true, /*allowAttrs=*/true) ||
      parseResults(parser, arguments, results) ||
      parser.parseOptionalAttrDictWithKeyword(result.attributes))
    return failure();
  if (Attribute policy = result.attributes.erase("inlining_policy"))
    properties.inlining_policy = policy;
  SmallVector<Type> types;
  for (const OpAsmParser::Argument &argument : arguments)
    types.push_back(argument.type);
  properties.function_type =
      TypeAttr::get(builder.getFunctionType(types, results.types));
  if (!results.tied.empty())
    properties.tied_operands = builder.getIndexArrayAttr(results.tied);
  call_interface_impl::addArgAndResultAttrs(
      builder, result, arguments, results.attrs, getArgAttrsAttrName(result.name),
      getResAttrsAttrName(result.name));
  Region *body = result.addRegion();
  OptionalParseResult parsed = parser.parseOptionalRegion(
      *body, arguments, /*enableNameShadowing=*/false);
  return parsed.has_value() ? *parsed : success();
}

/// The dictionary of one argument or result, or null.
static DictionaryAttr dictionaryAt(ArrayAttr attrs, size_t index) {
  return attrs ? cast<DictionaryAttr>(attrs[index]) : DictionaryAttr();
}

static void printArguments(OpAsmPrinter &printer, FuncOp func) {
  printer << '(';
  ArrayAttr attrs = func.getArgAttrsAttr();
  llvm::interleaveComma(
      llvm::enumerate(func.getArgumentTypes()), printer, [&](auto entry) {
        DictionaryAttr dictionary = dictionaryAt(attrs, entry.index());
        ArrayRef<NamedAttribute> named;
        if (dictionary)
          named = dictionary.getValue();
        if (!func.isExternal()) {
          printer.printRegionArgument(func.getArgument(entry.index()), named);
          return;
        }
        printer << "%arg" << entry.index() << ": " << entry.value();
        printer.printOptionalAttrDict(named);
      });
  printer << ')';
}

static void printResults(OpAsmPrinter &printer, FuncOp func) {
  ArrayRef<Type> types = func.getResultTypes();
  if (types.empty())
    return;
  ArrayAttr attrs = func.getResAttrsAttr();
  bool parens = types.size() != 1 || (attrs && !dictionaryAt(attrs, 0).empty());
  printer << " -> " << (parens ? "(" : "");
  llvm::interleaveComma(llvm::enumerate(types), printer, [&](auto entry) {
    Type type = entry.value();
    std::optional<unsigned> tied =
        tiedArgument(func.getTiedOperandsAttr(), entry.index());
    if (!tied) {
      printer << type;
    } else {
      if (func.isExternal())
        printer << "%arg" << *tied;
      else
        printer.printOperand(func.getArgument(*tied));
      if (func.getArgumentTypes()[*tied] != type)
        printer << " as " << type;
    }
    if (DictionaryAttr dictionary = dictionaryAt(attrs, entry.index()))
      printer.printOptionalAttrDict(dictionary.getValue());
  });
  printer << (parens ? ")" : "");
}

void FuncOp::print(OpAsmPrinter &printer) {
  printer << ' ';
  printSymbolVisibility(printer, *this, getSymVisibilityAttr());
  printer << ' ';
  printer.printSymbolName(getSymName());
  printArguments(printer, *this);
  printResults(printer, *this);
  printer.printOptionalAttrDictWithKeyword(
      (*this)->getAttrs(),
      {getSymNameAttrName(), getFunctionTypeAttrName(), getTiedOperandsAttrName(),
       getSymVisibilityAttrName(), getArgAttrsAttrName(), getResAttrsAttrName()});
  if (isExternal())
    return;
  printer << ' ';
  printer.printRegion(getBody(), /*printEntryBlockArgs=*/false);
}

LogicalResult FuncOp::verify() {
  return verifyTiedOperands(*this, getTiedOperandsAttr(),
                            getResultTypes().size(), getArgumentTypes().size());
}

//===----------------------------------------------------------------------===//
// util.initializer
//===----------------------------------------------------------------------===//

ParseResult InitializerOp::parse(OpAsmParser &parser, OperationState &result) {
  result.getOrAddProperties<Properties>().function_type =
      TypeAttr::get(parser.getBuilder().getFunctionType({}, {}));
  return failure(parser.parseOptionalAttrDictWithKeyword(result.attributes) ||
                 parser.parseRegion(*result.addRegion()));
}

void InitializerOp::print(OpAsmPrinter &printer) {
  printer.printOptionalAttrDictWithKeyword((*this)->getAttrs(),
                                           {getFunctionTypeAttrName()});
  printer << ' ';
  printer.printRegion(getBody());
}

LogicalResult InitializerOp::verify() {
  FunctionType type = getFunctionType();
  if (type.getNumInputs() != 0 || type.getNumResults() != 0)
    return emitOpError() << "expected neither arguments nor results, found "
                         << type;
  if (getBody().empty())
    return emitOpError("expected a body, found none");
  return success();
}

//===----------------------------------------------------------------------===//
// util.return, util.call
//===----------------------------------------------------------------------===//

LogicalResult ReturnOp::verify() {
  TypeRange expected;
  if (auto func = dyn_cast<FuncOp>((*this)->getParentOp()))
    expected = func.getResultTypes();
  if (getOperandTypes() != expected)
    return emitOpError() << "expected (" << expected
                         << "), as the function returns, found ("
                         << getOperandTypes() << ")";
  return success();
}

LogicalResult CallOp::verifySymbolUses(SymbolTableCollection &symbols) {
  Operation *target =
      symbols.lookupNearestSymbolFrom(*this, getCalleeAttr());
  if (!target)
    return emitOpError() << "calls " << getCalleeAttr()
                         << ", which does not exist";
  auto func = dyn_cast<FunctionOpInterface>(target);
  if (!func)
    return emitOpError() << "expected " << getCalleeAttr()
                         << " to be a function, found " << target->getName();
  if (TypeRange(func.getArgumentTypes()) != getOperandTypes() ||
      TypeRange(func.getResultTypes()) != getResultTypes()) {
    InFlightDiagnostic diag = emitOpError()
                              << "expected (" << func.getArgumentTypes()
                              << ") -> (" << func.getResultTypes()
                              << "), as its callee has, found ("
                              << getOperandTypes() << ") -> ("
                              << getResultTypes() << ")";
    diag.attachNote(func.getLoc()) << "the callee";
    return diag;
  }
  return verifyTiedOperands(*this, getTiedOperandsAttr(), getNumResults(),
                            getOperands().size());
}
