#include "Opaque.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/OpImplementation.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

/// Whether `text` holds a reference to an alias (`#map`, `!type`): a sigil and
/// an identifier without a dialect's dot.
static bool mentionsAlias(StringRef text) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') {
      for (++i; i < text.size() && text[i] != '"'; ++i)
        if (text[i] == '\\')
          ++i;
      continue;
    }
    if (text[i] != '#' && text[i] != '!')
      continue;
    StringRef name = text.drop_front(i + 1).take_while(
        [](char c) { return isalnum(c) || c == '_' || c == '$' || c == '.'; });
    StringRef rest = text.drop_front(i + 1 + name.size());
    if (!name.empty() && !name.contains('.') && !rest.starts_with("<"))
      return true;
  }
  return false;
}

/// Steps over one token that is neither an alias nor a dialect's symbol.
static bool skipToken(AsmParser &parser, char first) {
  std::string text;
  APFloat number(0.0);
  APInt integer;
  StringRef keyword;
  switch (first) {
  case '<': return succeeded(parser.parseOptionalLess());
  case '>': return succeeded(parser.parseOptionalGreater());
  case '[': return succeeded(parser.parseOptionalLSquare());
  case ']': return succeeded(parser.parseOptionalRSquare());
  case '(': return succeeded(parser.parseOptionalLParen());
  case ')': return succeeded(parser.parseOptionalRParen());
  case '{': return succeeded(parser.parseOptionalLBrace());
  case '}': return succeeded(parser.parseOptionalRBrace());
  case ',': return succeeded(parser.parseOptionalComma());
  case ':': return succeeded(parser.parseOptionalColon());
  case '=': return succeeded(parser.parseOptionalEqual());
  case '?': return succeeded(parser.parseOptionalQuestion());
  case '*': return succeeded(parser.parseOptionalStar());
  case '+': return succeeded(parser.parseOptionalPlus());
  case '|': return succeeded(parser.parseOptionalVerticalBar());
  case '"': return succeeded(parser.parseOptionalString(&text));
  case '-':
    if (succeeded(parser.parseOptionalArrow()))
      return true;
    return succeeded(parser.parseOptionalMinus());
  case '@': {
    StringAttr symbol;
    return succeeded(parser.parseOptionalSymbolName(symbol));
  }
  default:
    break;
  }
  if (isdigit(first)) {
    double value;
    if (parser.parseOptionalInteger(integer).has_value())
      return true;
    return succeeded(parser.parseFloat(value));
  }
  return succeeded(parser.parseOptionalKeyword(&keyword));
}

/// The text of the symbol that `parser` stands on, without aliases: they are
/// defined at the top of the file that is read, which is not there when the
/// attribute is printed.
static FailureOr<std::string> expandAliases(DialectAsmParser &parser) {
  StringRef spec = parser.getFullSymbolSpec();
  if (!mentionsAlias(spec))
    return spec.str();
  std::string text;
  llvm::raw_string_ostream os(text);
  const char *copied = spec.data(), *end = spec.data() + spec.size();
  while (true) {
    SMLoc loc = parser.getCurrentLocation();
    const char *at = loc.getPointer();
    if (at >= end)
      break;
    if (*at != '#' && *at != '!') {
      if (!skipToken(parser, *at)) {
        parser.emitError(loc, "cannot replace the aliases of this attribute; "
                              "write them out");
        return failure();
      }
      continue;
    }
    // What a dialect's symbol prints as holds no alias either.
    os << StringRef(copied, at - copied);
    if (*at == '#') {
      Attribute attr;
      if (parser.parseAttribute(attr))
        return failure();
      os << attr;
    } else {
      Type type;
      if (parser.parseType(type))
        return failure();
      os << type;
    }
    // The next token may stand after a gap, which belongs to the text.
    copied = parser.getCurrentLocation().getPointer();
    while (copied > at && isspace(copied[-1]))
      --copied;
  }
  if (copied < end)
    os << StringRef(copied, end - copied);
  return text;
}

namespace ropt {

Attribute parseOpaqueAttribute(DialectAsmParser &parser, const Dialect &dialect,
                               Type type) {
  FailureOr<std::string> text = expandAliases(parser);
  if (failed(text))
    return {};
  MLIRContext *context = parser.getContext();
  return OpaqueAttr::get(StringAttr::get(context, dialect.getNamespace()), *text,
                         type ? type : NoneType::get(context));
}

Type parseOpaqueType(DialectAsmParser &parser, const Dialect &dialect) {
  FailureOr<std::string> text = expandAliases(parser);
  if (failed(text))
    return {};
  return OpaqueType::get(
      StringAttr::get(parser.getContext(), dialect.getNamespace()), *text);
}

static ParseResult refuseOperation(OpAsmParser &parser,
                                   OperationState &state) {
  // The parser itself puts the operation's name before the message.
  return parser.emitError(parser.getNameLoc())
         << "is not among the operations known of dialect '"
         << state.name.getDialectNamespace()
         << "'; print the file in generic form (iree-opt "
            "--mlir-print-op-generic) and read it with "
            "--allow-unregistered-dialect";
}

std::optional<Dialect::ParseOpHook> unknownOperationHook() {
  return Dialect::ParseOpHook(refuseOperation);
}

namespace opaque {

constexpr StringLiteral names[] = {
    "check",        "hal_inline",      "hal_loader",      "io_parameters",
    "iree_cpu",     "iree_encoding",   "iree_gpu",        "iree_linalg_ext",
    "iree_map",     "iree_vector_ext", "pcf",             "stream",
    "vm",           "vmvx"};

/// A dialect of which nothing is known but its name. Each has its own class,
/// because a context tells dialects apart by their C++ type.
template <size_t Index>
class OpaqueDialect : public Dialect {
public:
  explicit OpaqueDialect(MLIRContext *context)
      : Dialect(getDialectNamespace(), context,
                TypeID::get<OpaqueDialect<Index>>()) {
    allowUnknownOperations(wantsUnknownOperations(*this));
  }
  static constexpr StringLiteral getDialectNamespace() { return names[Index]; }

  Attribute parseAttribute(DialectAsmParser &parser, Type type) const override {
    return parseOpaqueAttribute(parser, *this, type);
  }
  Type parseType(DialectAsmParser &parser) const override {
    return parseOpaqueType(parser, *this);
  }
  std::optional<ParseOpHook>
  getParseOperationHook(StringRef opName) const override {
    return unknownOperationHook();
  }
};

template <size_t... Index>
static void insertAll(DialectRegistry &registry, std::index_sequence<Index...>) {
  registry.insert<OpaqueDialect<Index>...>();
}

} // namespace opaque

void registerOpaqueDialects(DialectRegistry &registry) {
  opaque::insertAll(registry,
                    std::make_index_sequence<std::size(opaque::names)>());
}

} // namespace ropt
