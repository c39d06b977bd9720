// The syntax of those attributes of the hal dialect that ODS cannot describe.
#include "Hal.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"

using namespace mlir;
using namespace ropt::hal;

/// `<{path = "…", data = …}>`.
Attribute ExecutableObjectAttr::parse(AsmParser &parser, Type) {
  NamedAttrList fields;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseLess() || parser.parseOptionalAttrDict(fields) ||
      parser.parseGreater())
    return {};
  auto path = dyn_cast_or_null<StringAttr>(fields.get("path"));
  if (!path) {
    parser.emitError(loc, "expected a string 'path' in an executable object");
    return {};
  }
  for (NamedAttribute field : fields) {
    if (field.getName() == "path" || field.getName() == "data")
      continue;
    parser.emitError(loc) << "unknown field '" << field.getName().getValue()
                          << "' in an executable object; it has 'path' and "
                             "'data'";
    return {};
  }
  return parser.getChecked<ExecutableObjectAttr>(loc, parser.getContext(), path,
                                                 fields.get("data"));
}

void ExecutableObjectAttr::print(AsmPrinter &printer) const {
  printer << "<{path = " << getPath();
  if (getData())
    printer << ", data = " << getData();
  printer << "}>";
}

/// `<{#target = [#object, …], …}>`.
Attribute ExecutableObjectsAttr::parse(AsmParser &parser, Type) {
  SmallVector<Attribute> targets, objects;
  SMLoc loc = parser.getCurrentLocation();
  auto parseOne = [&]() -> ParseResult {
    ExecutableTargetAttr target;
    ArrayAttr list;
    if (parser.parseAttribute(target) || parser.parseEqual() ||
        parser.parseAttribute(list))
      return failure();
    targets.push_back(target);
    objects.push_back(list);
    return success();
  };
  if (parser.parseLess() ||
      parser.parseCommaSeparatedList(AsmParser::Delimiter::Braces, parseOne) ||
      parser.parseGreater())
    return {};
  Builder &builder = parser.getBuilder();
  return parser.getChecked<ExecutableObjectsAttr>(
      loc, parser.getContext(), builder.getArrayAttr(targets),
      builder.getArrayAttr(objects));
}

void ExecutableObjectsAttr::print(AsmPrinter &printer) const {
  printer << "<{";
  llvm::interleaveComma(
      llvm::zip_equal(getTargets(), getTargetObjects()), printer,
      [&](auto entry) {
        printer << std::get<0>(entry) << " = " << std::get<1>(entry);
      });
  printer << "}>";
}


Type DeviceTargetAttr::getType() const { return DeviceType::get(getContext()); }

/// `<"id", {configuration}, [#hal.executable.target<…>, …]>`; what follows the
/// id may be left out.
Attribute DeviceTargetAttr::parse(AsmParser &parser, Type) {
  StringAttr id;
  DictionaryAttr configuration;
  SmallVector<ExecutableTargetAttr> targets;
  if (parser.parseLess() || parser.parseAttribute(id))
    return {};
  while (succeeded(parser.parseOptionalComma())) {
    Attribute part;
    SMLoc partLoc = parser.getCurrentLocation();
    if (parser.parseAttribute(part))
      return {};
    if (auto dictionary = dyn_cast<DictionaryAttr>(part);
        dictionary && !configuration && targets.empty()) {
      configuration = dictionary;
      continue;
    }
    auto list = dyn_cast<ArrayAttr>(part);
    if (!list || !targets.empty() ||
        !llvm::all_of(list, llvm::IsaPred<ExecutableTargetAttr>)) {
      parser.emitError(partLoc, "expected a configuration {…} and then a list of "
                                "#hal.executable.target<…>, found ")
          << part;
      return {};
    }
    for (Attribute target : list)
      targets.push_back(cast<ExecutableTargetAttr>(target));
  }
  if (parser.parseGreater())
    return {};
  return DeviceTargetAttr::get(parser.getContext(), id, configuration, targets);
}

void DeviceTargetAttr::print(AsmPrinter &printer) const {
  printer << '<' << getDeviceID();
  if (getConfiguration())
    printer << ", " << getConfiguration();
  if (!getExecutableTargets().empty()) {
    printer << ", [";
    llvm::interleaveComma(getExecutableTargets(), printer);
    printer << ']';
  }
  printer << '>';
}
