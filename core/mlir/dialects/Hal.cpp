#include "Hal.h"

#include "Opaque.h"
#include "Syntax.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace ropt;
using namespace ropt::hal;

#include "HalDialect.cpp.inc"
#include "HalEnums.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "HalTypes.cpp.inc"

/// `[#hal.pipeline.binding<…>, …]`, also empty.
static ParseResult
parsePipelineBindings(AsmParser &parser,
                      SmallVectorImpl<PipelineBindingAttr> &bindings) {
  return parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, [&] {
    return parser.parseAttribute(bindings.emplace_back());
  });
}

static void printPipelineBindings(AsmPrinter &printer,
                                  ArrayRef<PipelineBindingAttr> bindings) {
  printer << '[';
  llvm::interleaveComma(bindings, printer);
  printer << ']';
}

#define GET_ATTRDEF_CLASSES
#include "HalAttrs.cpp.inc"

//===----------------------------------------------------------------------===//
// Regions
//===----------------------------------------------------------------------===//

/// The body of an executable, source or variant, with its hidden end.
template <typename EndOp>
static ParseResult parseContainer(OpAsmParser &parser, Region &body) {
  if (parser.parseRegion(body))
    return failure();
  if (body.empty())
    body.emplaceBlock();
  Block &block = body.front();
  if (!block.empty() && isa<EndOp>(block.back()))
    return success();
  OpBuilder builder(parser.getContext());
  builder.setInsertionPointToEnd(&block);
  EndOp::create(builder, parser.getEncodedSourceLoc(parser.getNameLoc()));
  return success();
}

static void printContainer(OpAsmPrinter &printer, Region &body) {
  bool hidden = !body.empty() && !body.front().empty() &&
                isa<ExecutableEndOp, ExecutableSourceEndOp,
                    ExecutableVariantEndOp>(body.front().back());
  printer.printRegion(body, /*printEntryBlockArgs=*/false,
                      /*printBlockTerminators=*/!hidden);
}

static ParseResult parseExecutableBody(OpAsmParser &parser, Region &body) {
  return parseContainer<ExecutableEndOp>(parser, body);
}
static ParseResult parseSourceBody(OpAsmParser &parser, Region &body) {
  return parseContainer<ExecutableSourceEndOp>(parser, body);
}
static ParseResult parseVariantBody(OpAsmParser &parser, Region &body) {
  return parseContainer<ExecutableVariantEndOp>(parser, body);
}
static void printExecutableBody(OpAsmPrinter &printer, Operation *,
                                Region &body) {
  printContainer(printer, body);
}
static void printSourceBody(OpAsmPrinter &printer, Operation *, Region &body) {
  printContainer(printer, body);
}
static void printVariantBody(OpAsmPrinter &printer, Operation *,
                             Region &body) {
  printContainer(printer, body);
}

/// `(args) -> types { … }`, host code inside an executable.
static ParseResult parseHostRegion(OpAsmParser &parser, Region &body) {
  SmallVector<OpAsmParser::Argument> arguments;
  SmallVector<Type> results;
  return failure(
      parser.parseArgumentList(arguments, OpAsmParser::Delimiter::Paren,
                               /*allowType=*/true) ||
      parser.parseOptionalArrowTypeList(results) ||
      parser.parseRegion(body, arguments, /*enableNameShadowing=*/true));
}

static void printHostSignature(OpAsmPrinter &printer, Region &body,
                               TypeRange results) {
  printer << '(';
  if (!body.empty())
    llvm::interleaveComma(
        body.getArguments(), printer,
        [&](BlockArgument argument) { printer.printRegionArgument(argument); });
  printer << ')';
  printer.printOptionalArrowTypeList(results);
}

static void printHostRegion(OpAsmPrinter &printer, Operation *, Region &body) {
  if (body.empty())
    return;
  SmallVector<Type> results;
  for (Block &block : body)
    if (!block.empty() && isa<ReturnOp>(block.back()))
      results.assign(block.back().operand_type_begin(),
                     block.back().operand_type_end());
  printHostSignature(printer, body, results);
  printer << ' ';
  printer.printRegion(body, /*printEntryBlockArgs=*/false);
}

static ParseResult parseHostFunction(OpAsmParser &parser, TypeAttr &type,
                                     Region &body) {
  SmallVector<OpAsmParser::Argument> arguments;
  SmallVector<Type> argumentTypes, results;
  if (parser.parseArgumentList(arguments, OpAsmParser::Delimiter::Paren,
                               /*allowType=*/true) ||
      parser.parseOptionalArrowTypeList(results) ||
      parser.parseRegion(body, arguments, /*enableNameShadowing=*/true))
    return failure();
  for (const OpAsmParser::Argument &argument : arguments)
    argumentTypes.push_back(argument.type);
  type = TypeAttr::get(
      parser.getBuilder().getFunctionType(argumentTypes, results));
  return success();
}

static void printHostFunction(OpAsmPrinter &printer, Operation *,
                              TypeAttr type, Region &body) {
  printHostSignature(printer, body,
                     cast<FunctionType>(type.getValue()).getResults());
  printer << ' ';
  printer.printRegion(body, /*printEntryBlockArgs=*/false);
}

//===----------------------------------------------------------------------===//
// Properties: `<name = value, …>`
//===----------------------------------------------------------------------===//

/// Parses `<key = value, …>` if it is there; `parseValue` reads the value of a
/// key and says whether it knows the key.
static ParseResult
parseProperties(OpAsmParser &parser,
                function_ref<OptionalParseResult(StringRef)> parseValue) {
  if (failed(parser.parseOptionalLess()))
    return success();
  auto parseOne = [&]() -> ParseResult {
    StringRef key;
    SMLoc loc = parser.getCurrentLocation();
    if (parser.parseKeyword(&key) || parser.parseEqual())
      return failure();
    OptionalParseResult result = parseValue(key);
    if (!result.has_value())
      return parser.emitError(loc) << "unknown property '" << key << "'";
    return *result;
  };
  return failure(parser.parseCommaSeparatedList(parseOne) ||
                 parser.parseGreater());
}

static ParseResult parseIndex(OpAsmParser &parser, IntegerAttr &value) {
  return parser.parseAttribute(value, parser.getBuilder().getIndexType());
}

namespace {
/// Prints `<a = …, b = …>`, or nothing when there is no property.
class PropertyPrinter {
public:
  explicit PropertyPrinter(OpAsmPrinter &printer) : printer(printer) {}
  ~PropertyPrinter() {
    if (any)
      printer << '>';
  }
  OpAsmPrinter &key(StringRef name) {
    printer << (any ? ", " : " <") << name << " = ";
    any = true;
    return printer;
  }

private:
  OpAsmPrinter &printer;
  bool any = false;
};
} // namespace

static ParseResult parseSourceProperties(OpAsmParser &parser,
                                         ExecutableObjectsAttr &objects) {
  return parseProperties(parser, [&](StringRef key) -> OptionalParseResult {
    if (key != "objects")
      return std::nullopt;
    return parser.parseCustomAttributeWithFallback(objects);
  });
}

static void printSourceProperties(OpAsmPrinter &printer, Operation *,
                                  ExecutableObjectsAttr objects) {
  PropertyPrinter properties(printer);
  if (objects)
    properties.key("objects").printStrippedAttrOrType(objects);
}

static ParseResult parseExportProperties(OpAsmParser &parser,
                                         ArrayAttr &workgroupSize,
                                         IntegerAttr &subgroupSize,
                                         IntegerAttr &workgroupLocalMemory,
                                         DictionaryAttr &sourceLocs) {
  return parseProperties(parser, [&](StringRef key) -> OptionalParseResult {
    if (key == "workgroup_size")
      return parser.parseAttribute(workgroupSize);
    if (key == "subgroup_size")
      return parseIndex(parser, subgroupSize);
    if (key == "workgroup_local_memory")
      return parseIndex(parser, workgroupLocalMemory);
    if (key == "source_locs")
      return parser.parseAttribute(sourceLocs);
    return std::nullopt;
  });
}

static void printExportProperties(OpAsmPrinter &printer, Operation *,
                                  ArrayAttr workgroupSize,
                                  IntegerAttr subgroupSize,
                                  IntegerAttr workgroupLocalMemory,
                                  DictionaryAttr sourceLocs) {
  PropertyPrinter properties(printer);
  if (workgroupSize)
    properties.key("workgroup_size") << workgroupSize;
  if (subgroupSize)
    properties.key("subgroup_size").printAttributeWithoutType(subgroupSize);
  if (workgroupLocalMemory)
    properties.key("workgroup_local_memory")
        .printAttributeWithoutType(workgroupLocalMemory);
  if (sourceLocs)
    properties.key("source_locs") << sourceLocs;
}

// Older files hold the count region at the op's end, with its arguments as a
// block's. It is read, and printed the way of today.
static ParseResult parseTrailingCount(OpAsmParser &parser, Region &count) {
  SMLoc loc = parser.getCurrentLocation();
  bool counted = !count.empty();
  Region trailing;
  OptionalParseResult found = parser.parseOptionalRegion(trailing);
  if (!found.has_value())
    return success();
  if (failed(*found))
    return failure();
  if (counted)
    return parser.emitError(loc)
           << "this export has a count(...) region already: leave one out";
  count.takeBody(trailing);
  return success();
}

static void printTrailingCount(OpAsmPrinter &, Operation *, Region &) {}

static ParseResult parseBinaryProperties(OpAsmParser &parser,
                                         StringAttr &format, Attribute &data,
                                         StringAttr &mimeType) {
  return parseProperties(parser, [&](StringRef key) -> OptionalParseResult {
    if (key == "format")
      return parser.parseAttribute(format);
    if (key == "data")
      return parser.parseAttribute(data);
    if (key == "mime_type")
      return parser.parseAttribute(mimeType);
    return std::nullopt;
  });
}

static void printBinaryProperties(OpAsmPrinter &printer, Operation *,
                                  StringAttr format, Attribute data,
                                  StringAttr mimeType) {
  PropertyPrinter properties(printer);
  properties.key("format") << format;
  properties.key("data") << data;
  if (mimeType)
    properties.key("mime_type") << mimeType;
}

//===----------------------------------------------------------------------===//
// hal.executable.constant.block
//===----------------------------------------------------------------------===//

// Parsing it is in HalConstantBlock.cpp.
void ExecutableConstantBlockOp::print(OpAsmPrinter &printer) {
  printHostSignature(printer, getBody(), getFunctionType().getResults());
  if (!getKeys().empty()) {
    bool parens = getKeys().size() != 1;
    printer << " as " << (parens ? "(" : "");
    llvm::interleaveComma(getKeys(), printer);
    printer << (parens ? ")" : "");
  }
  printer.printOptionalAttrDictWithKeyword(
      (*this)->getAttrs(), {getFunctionTypeAttrName(), getKeysAttrName()});
  printer << ' ';
  printer.printRegion(getBody(), /*printEntryBlockArgs=*/false);
}

//===----------------------------------------------------------------------===//
// hal.device.query, hal.dispatch.extern
//===----------------------------------------------------------------------===//

/// `"category" :: "key"`.
static ParseResult parseQueryKey(OpAsmParser &parser, StringAttr &category,
                                 StringAttr &key) {
  // An attribute would take the colons for the start of its type.
  std::string before, behind;
  if (parser.parseString(&before) || parser.parseColon() ||
      parser.parseColon() || parser.parseString(&behind))
    return failure();
  category = parser.getBuilder().getStringAttr(before);
  key = parser.getBuilder().getStringAttr(behind);
  return success();
}
static void printQueryKey(OpAsmPrinter &printer, Operation *,
                          StringAttr category, StringAttr key) {
  printer << category << " :: " << key;
}

/// `{#target if(%device: !hal.device) -> i1 {…} ordinal(0) = [#object, …], …}`.
static ParseResult
parseTargetObjects(OpAsmParser &parser, ArrayAttr &targets, ArrayAttr &ordinals,
                   ArrayAttr &objects,
                   SmallVectorImpl<std::unique_ptr<Region>> &regions) {
  SmallVector<Attribute> allTargets, allOrdinals, allObjects;
  auto parseOne = [&]() -> ParseResult {
    ExecutableTargetAttr target;
    IntegerAttr ordinal;
    ArrayAttr list;
    Region &region = *regions.emplace_back(std::make_unique<Region>());
    if (parser.parseAttribute(target) ||
        (succeeded(parser.parseOptionalKeyword("if")) &&
         parseHostRegion(parser, region)) ||
        parser.parseKeyword("ordinal") || parser.parseLParen() ||
        parseIndex(parser, ordinal) || parser.parseRParen() ||
        parser.parseEqual() || parser.parseAttribute(list))
      return failure();
    allTargets.push_back(target);
    allOrdinals.push_back(ordinal);
    allObjects.push_back(list);
    return success();
  };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Braces, parseOne))
    return failure();
  Builder &builder = parser.getBuilder();
  targets = builder.getArrayAttr(allTargets);
  ordinals = builder.getArrayAttr(allOrdinals);
  objects = builder.getArrayAttr(allObjects);
  return success();
}

static void printTargetObjects(OpAsmPrinter &printer, Operation *op,
                               ArrayAttr targets, ArrayAttr ordinals,
                               ArrayAttr objects, RegionRange regions) {
  printer << '{';
  printer.increaseIndent();
  for (size_t i = 0, e = targets.size(); i < e; ++i) {
    printer.printNewline();
    printer << targets[i];
    if (i < regions.size() && !regions[i]->empty()) {
      printer << " if";
      printHostRegion(printer, op, *regions[i]);
    }
    printer << " ordinal(";
    printer.printAttributeWithoutType(ordinals[i]);
    printer << ") = " << objects[i] << (i + 1 < e ? "," : "");
  }
  printer.decreaseIndent();
  printer.printNewline();
  printer << '}';
}

#define GET_OP_CLASSES
#include "HalOps.cpp.inc"

//===----------------------------------------------------------------------===//
// The dialect
//===----------------------------------------------------------------------===//

void HalDialect::initialize() {
  allowUnknownOperations(wantsUnknownOperations(*this));
  addTypes<
#define GET_TYPEDEF_LIST
#include "HalTypes.cpp.inc"
      >();
  addAttributes<
#define GET_ATTRDEF_LIST
#include "HalAttrs.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "HalOps.cpp.inc"
      >();
}

Attribute HalDialect::parseAttribute(DialectAsmParser &parser,
                                     Type type) const {
  StringRef mnemonic;
  Attribute attr;
  OptionalParseResult known =
      generatedAttributeParser(parser, &mnemonic, type, attr);
  if (known.has_value())
    return attr;
  return parseOpaqueAttribute(parser, *this, type);
}

void HalDialect::printAttribute(Attribute attr,
                                DialectAsmPrinter &printer) const {
  (void)generatedAttributePrinter(attr, printer);
}

Type HalDialect::parseType(DialectAsmParser &parser) const {
  StringRef mnemonic;
  Type type;
  OptionalParseResult known = generatedTypeParser(parser, &mnemonic, type);
  if (known.has_value())
    return type;
  return parseOpaqueType(parser, *this);
}

void HalDialect::printType(Type type, DialectAsmPrinter &printer) const {
  (void)generatedTypePrinter(type, printer);
}

std::optional<Dialect::ParseOpHook>
HalDialect::getParseOperationHook(StringRef) const {
  return unknownOperationHook();
}
