// PluginPass: a pass of a plugin as a real MLIR pass, with real options, so that MLIR's parser, printer, timing,
// IR printing, reproducers and threading treat it like any other. The plugin is loaded when a pipeline that
// holds the pass is initialised, not when its name is looked up.
#include "Shim.h"
#include "Current.h"
#include "Stop.h"
#include "mlir/CAPI/IR.h"
#include "mlir/CAPI/Registration.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Support/TypeID.h"
#include <dlfcn.h>
using namespace mlir;

static StringRef str(RoptStr s) { return StringRef(s.ptr, s.len); }
// An option's text. MLIR prints its own string options so that only some of them read back; this one is quoted where it
// must be, and a list's entry may hold commas. Reading takes the quotes off again.
namespace {
struct Text {
  std::string value;
};
raw_ostream &operator<<(raw_ostream &os, const Text &text) {
  StringRef s = text.value;
  if (!s.empty() && s.find_first_of(",; \t\n'\"(){}[]") == StringRef::npos)
    return os << s;
  char quote = s.contains('\'') ? '"' : '\'';
  return os << quote << s << quote;
}
} // namespace
template <> class llvm::cl::parser<Text> : public llvm::cl::basic_parser<Text> {
public:
  using basic_parser::basic_parser;
  bool parse(Option &, StringRef, StringRef arg, Text &text) {
    text.value = arg.str();
    return false;
  }
  StringRef getValueName() const override { return "string"; }
  void printOptionDiff(const Option &option, const Text &text, OptVal, size_t width) const {
    printOptionName(option, width);
    llvm::outs() << "= " << text << "\n";
  }
};

namespace {
struct Entry {
  RoptPassDesc desc;
  TypeID id;
};

class PluginPass : public Pass {
public:
  PluginPass(const Entry *entry, void *instance)
      : Pass(entry->id, entry->desc.op_name.len ? std::optional<StringRef>(str(entry->desc.op_name))
                                                : std::nullopt),
        entry(entry), instance(instance) {
    declareOptions();
  }
  ~PluginPass() override {
    ropt::CurrentPass current(getArgument());
    if (instance)
      entry->desc.destroy(entry->desc.user, instance);
  }
  StringRef getName() const override { return str(entry->desc.argument); }
  StringRef getArgument() const override { return str(entry->desc.argument); }
  StringRef getDescription() const override { return str(entry->desc.description); }
  bool canScheduleOn(RegisteredOperationName name) const override {
    return entry->desc.op_name.len == 0 || name.getStringRef() == str(entry->desc.op_name);
  }
  // The plugin names its dialects as text; they are loaded on the main thread, before any worker runs.
  LogicalResult initialize(MLIRContext *ctx) override {
    ropt::honourStops(ctx);
    for (size_t i = 0; i < entry->desc.n_dialects; ++i) {
      StringRef name = str(entry->desc.dialects[i]);
      if (!ctx->getOrLoadDialect(name))
        return emitError(UnknownLoc::get(ctx))
               << "pass '" << getArgument() << "' depends on dialect '" << name
               << "', which is not registered";
    }
    // Creating loads the plugin, whose constructors run then.
    ropt::CurrentPass current(getArgument());
    if (!instance)
      instance = entry->desc.create(entry->desc.user, handle());
    if (!instance)
      return failure();
    return success(
        entry->desc.initialize(entry->desc.user, instance, wrap(ctx), handle()) == 0);
  }
  void runOnOperation() override {
    ropt::CurrentPass current(getArgument());
    if (entry->desc.run(entry->desc.user, instance, wrap(Pass::getOperation()), handle()) != 0 || isForeign())
      return signalPassFailure();
    ropt::donePass = static_cast<Pass *>(this);
  }
  std::unique_ptr<Pass> clonePass() const override {
    ropt::CurrentPass current(getArgument());
    void *copy = instance ? entry->desc.clone(entry->desc.user, instance) : nullptr;
    return std::make_unique<PluginPass>(entry, copy);
  }

  void option(size_t i, RoptSink sink, void *user) {
    auto give = [&](StringRef s) { sink(user, {s.data(), s.size()}); };
    Holder &o = options[i];
    if (o.string)
      give(o.string->getValue().value);
    else if (o.boolean)
      give(o.boolean->getValue() ? "true" : "false");
    else if (o.integer)
      give(std::to_string(o.integer->getValue()));
    else if (o.natural)
      give(std::to_string(o.natural->getValue()));
    else if (o.real) {
      char text[40]; // %.17g gives every double back
      give(StringRef(text, snprintf(text, sizeof text, "%.17g", o.real->getValue())));
    } else if (o.strings)
      for (const Text &text : **o.strings)
        give(text.value);
    else if (o.integers)
      for (int64_t n : **o.integers)
        give(std::to_string(n));
  }
  void preserveAll() { markAllAnalysesPreserved(); }
  int pipeline(StringRef text, Operation *op, RoptSink sink, void *user) {
    OpPassManager pm(op->getName().getStringRef(), OpPassManager::Nesting::Implicit);
    std::string words;
    llvm::raw_string_ostream os(words);
    if (failed(parsePassPipeline(text, pm, os))) {
      sink(user, {words.data(), words.size()});
      return 1;
    }
    return failed(runPipeline(pm, op)) ? 2 : 0;
  }

private:
  template <typename T> using Opt = std::unique_ptr<Pass::Option<T>>;
  template <typename T> using List = std::unique_ptr<Pass::ListOption<T>>;
  struct Holder {
    Opt<Text> string;
    Opt<bool> boolean;
    Opt<int64_t> integer;
    Opt<uint64_t> natural;
    Opt<double> real;
    List<Text> strings;
    List<int64_t> integers;
  };
  template <typename T> Opt<T> make(const RoptOptionDesc &o, T init) {
    return std::make_unique<Pass::Option<T>>(*this, str(o.name), llvm::cl::desc(str(o.help)),
                                             llvm::cl::init(init));
  }
  void declareOptions() {
    for (size_t i = 0; i < entry->desc.n_options; ++i) {
      const RoptOptionDesc &o = entry->desc.options[i];
      StringRef dflt = str(o.dflt);
      Holder h;
      switch (o.kind) {
      case ROPT_BOOL:
        h.boolean = make<bool>(o, dflt == "true");
        break;
      case ROPT_INT: {
        int64_t v = 0;
        dflt.getAsInteger(0, v);
        h.integer = make<int64_t>(o, v);
        break;
      }
      case ROPT_UINT: {
        uint64_t v = 0;
        dflt.getAsInteger(0, v);
        h.natural = make<uint64_t>(o, v);
        break;
      }
      case ROPT_FLOAT: {
        double v = 0;
        dflt.getAsDouble(v);
        h.real = make<double>(o, v);
        break;
      }
      case ROPT_STRING_LIST:
        h.strings = std::make_unique<Pass::ListOption<Text>>(
            *this, str(o.name), llvm::cl::desc(str(o.help)));
        break;
      case ROPT_INT_LIST:
        h.integers = std::make_unique<Pass::ListOption<int64_t>>(*this, str(o.name),
                                                                llvm::cl::desc(str(o.help)));
        break;
      default:
        h.string = std::make_unique<Pass::Option<Text>>(
            *this, str(o.name), llvm::cl::desc(str(o.help)), llvm::cl::init(Text{dflt.str()}));
      }
      options.push_back(std::move(h));
    }
  }
  // An op of another context would be taken for one of ours until that context ends.
  bool isForeign() {
    MlirOperation root = wrap(Pass::getOperation());
    bool foreign = roptOpForeign(root);
    if (foreign)
      entry->desc.foreign(entry->desc.user, root, handle());
    return foreign;
  }
  RoptPassRun *handle() { return reinterpret_cast<RoptPassRun *>(this); }

  const Entry *entry;
  void *instance;
  std::vector<Holder> options;
};
PluginPass *pass(RoptPassRun *run) { return reinterpret_cast<PluginPass *>(run); }
} // namespace

extern "C" {
int32_t roptRegisterPass(const RoptPassDesc *desc) {
  if (PassInfo::lookup(str(desc->argument)) || PassPipelineInfo::lookup(str(desc->argument)))
    return 1;
  static TypeIDAllocator ids;
  auto *entry = new Entry{*desc, ids.allocate()};
  registerPass(
      [entry]() -> std::unique_ptr<Pass> { return std::make_unique<PluginPass>(entry, nullptr); });
  return 0;
}
void roptPassOption(RoptPassRun *run, size_t index, RoptSink sink, void *user) {
  pass(run)->option(index, sink, user);
}
void roptPassPreserveAll(RoptPassRun *run) { pass(run)->preserveAll(); }
int32_t roptPassRunPipeline(RoptPassRun *run, RoptStr pipeline, MlirOperation op, RoptSink error,
                            void *user) {
  return pass(run)->pipeline(str(pipeline), unwrap(op), error, user);
}
void roptEmit(MlirLocation location, uint32_t severity, RoptStr message, const RoptNote *notes,
              size_t n_notes) {
  Location loc = unwrap(location);
  auto kind = severity == ROPT_ERROR     ? DiagnosticSeverity::Error
              : severity == ROPT_WARNING ? DiagnosticSeverity::Warning
                                         : DiagnosticSeverity::Remark;
  InFlightDiagnostic diag = loc.getContext()->getDiagEngine().emit(loc, kind);
  diag << str(message);
  for (size_t i = 0; i < n_notes; ++i) {
    std::optional<Location> at;
    if (notes[i].location.ptr)
      at = unwrap(notes[i].location);
    diag.attachNote(at) << str(notes[i].message);
  }
}
}
