// Parsing hal.executable.constant.block.
#include "Hal.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"

using namespace mlir;
using namespace ropt::hal;

ParseResult ExecutableConstantBlockOp::parse(OpAsmParser &parser,
                                             OperationState &result) {
  SmallVector<OpAsmParser::Argument> arguments;
  SmallVector<Type> argumentTypes, resultTypes;
  SmallVector<Attribute> keys;
  Builder &builder = parser.getBuilder();
  auto parseKey = [&]() -> ParseResult {
    StringAttr key;
    if (parser.parseAttribute(key))
      return failure();
    keys.push_back(key);
    return success();
  };
  if (parser.parseArgumentList(arguments, OpAsmParser::Delimiter::Paren,
                               /*allowType=*/true) ||
      parser.parseOptionalArrowTypeList(resultTypes))
    return failure();
  if (succeeded(parser.parseOptionalKeyword("as"))) {
    if (succeeded(parser.parseOptionalLParen())) {
      if (parser.parseCommaSeparatedList(parseKey) || parser.parseRParen())
        return failure();
    } else if (parseKey()) {
      return failure();
    }
  }
  if (parser.parseOptionalAttrDictWithKeyword(result.attributes) ||
      parser.parseRegion(*result.addRegion(), arguments,
                         /*enableNameShadowing=*/true))
    return failure();
  for (const OpAsmParser::Argument &argument : arguments)
    argumentTypes.push_back(argument.type);
  auto &properties = result.getOrAddProperties<Properties>();
  properties.function_type =
      TypeAttr::get(builder.getFunctionType(argumentTypes, resultTypes));
  properties.keys = builder.getArrayAttr(keys);
  return success();
}
