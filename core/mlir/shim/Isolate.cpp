// Ops as bytes that travel between processes, and back into the op that they were made from.
#include "Snapshot.h"
#include "Watch.h"
#include "mlir/Bytecode/BytecodeImplementation.h"
#include "mlir/Bytecode/BytecodeReaderConfig.h"
#include "mlir/Bytecode/BytecodeReader.h"
#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/CAPI/IR.h"
#include "mlir/IR/AttrTypeSubElements.h"
#include "mlir/IR/Block.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "llvm/Support/MemoryBuffer.h"
using namespace mlir;

static StringRef str(RoptStr s) { return StringRef(s.ptr, s.len); }

// How a message with an op begins.
enum Form : char {
  // Bytecode that holds all it needs.
  WHOLE = 'w',
  // Bytecode in which attributes and types that a snapshot has are numbers of it.
  NUMBERED = 'n',
  // The same, of an op that holds only what is new in it. Before it the number of parts, and for each of them which one of
  // the snapshot's it is, or NEW.
  PARTS = 'p',
};
static constexpr uint32_t NEW = ~0u;
static constexpr const char *PRODUCER = "ropt, for isolation";
// What no dialect's own encoding begins with.
static constexpr uint64_t NUMBER = 0x726f7074;

static void number(BytecodeWriterConfig &config, const RoptSnapshot &then) {
  auto write = [&then](const void *value, DialectBytecodeWriter &writer) -> LogicalResult {
    auto place = then.numbers.find(value);
    if (place == then.numbers.end())
      return failure();
    writer.writeVarInt(NUMBER);
    writer.writeVarInt(place->second);
    return success();
  };
  config.attachAttributeCallback(
      [write](Attribute attribute, std::optional<StringRef> &, DialectBytecodeWriter &writer) -> LogicalResult {
        // MLIR writes those of unknown dialects as text, before it asks.
        return isa<OpaqueAttr>(attribute) ? failure() : write(attribute.getAsOpaquePointer(), writer);
      });
  config.attachTypeCallback(
      [write](Type type, std::optional<StringRef> &, DialectBytecodeWriter &writer) -> LogicalResult {
        return isa<OpaqueType>(type) ? failure() : write(type.getAsOpaquePointer(), writer);
      });
}

// Null without an error: the entry is no number.
template <typename T> static LogicalResult numbered(DialectBytecodeReader &reader, const RoptSnapshot &then, T &entry) {
  uint64_t word = 0, place = 0;
  if (failed(reader.readVarInt(word)))
    return failure();
  if (word != NUMBER)
    return success();
  constexpr bool isType = std::is_same_v<T, Type>;
  if (failed(reader.readVarInt(place)) || place >= then.table.size() || then.table[place].second != isType)
    return failure();
  entry = T::getFromOpaquePointer(then.table[place].first);
  return success();
}

// MLIR's reader adds a note on the bytes to whatever anybody says of the context meanwhile, also on other threads.
static LogicalResult dropNote(Diagnostic &said) {
  auto isOfReader = [](Diagnostic &note) { return StringRef(note.str()).ends_with(PRODUCER); };
  if (llvm::none_of(said.getNotes(), isOfReader))
    return failure();
  Diagnostic clean(said.getLocation(), said.getSeverity());
  clean << said.str();
  for (Diagnostic &note : said.getNotes())
    if (!isOfReader(note))
      clean.attachNote(note.getLocation()) << note.str();
  said = std::move(clean);
  return failure(); // others show it
}

// Fills `block` with the one op of the bytes. Whoever runs passes verifies; this does not.
static Operation *read(MLIRContext *context, StringRef bytes, const RoptSnapshot *then, Block &block) {
  // Resources are laid out for their own alignment, which a copy must keep; a page is more than they ask for.
  auto buffer = llvm::WritableMemoryBuffer::getNewUninitMemBuffer(bytes.size(), "<isolated>", llvm::Align(4096));
  if (!buffer)
    return nullptr;
  memcpy(buffer->getBufferStart(), bytes.data(), bytes.size());
  ParserConfig config(context, /*verifyAfterParse=*/false);
  if (then) {
    BytecodeReaderConfig &reader = config.getBytecodeReaderConfig();
    reader.attachAttributeCallback([then](DialectBytecodeReader &reader, StringRef, Attribute &entry) {
      return numbered(reader, *then, entry);
    });
    reader.attachTypeCallback([then](DialectBytecodeReader &reader, StringRef, Type &entry) {
      return numbered(reader, *then, entry);
    });
  }
  // Registered before the reader's own, and so asked after it.
  ScopedDiagnosticHandler handler(context, dropNote);
  if (failed(readBytecodeFile(buffer->getMemBufferRef(), &block, config)) || !llvm::hasSingleElement(block))
    return nullptr;
  return &block.front();
}

// Which parts of now are which of then. None: it cannot be told in parts.
static std::optional<std::vector<uint32_t>> parts(const RoptSnapshot &then, const RoptSnapshot &now) {
  if (!then.divisible || !now.divisible)
    return std::nullopt;
  // Arguments have uses in the parts, which must be there when the block is written.
  if (now.root->getRegion(0).getNumArguments() != 0)
    return std::nullopt;
  llvm::DenseMap<Operation *, uint32_t> places;
  for (auto [place, part] : llvm::enumerate(then.parts))
    places[part.op] = place;
  std::vector<uint32_t> origins;
  std::vector<bool> kept(then.parts.size());
  for (const RoptSnapshot::Part &part : now.parts) {
    auto place = places.find(part.op);
    bool same = place != places.end() && then.parts[place->second].content == part.content;
    if (!same && !part.alone)
      return std::nullopt;
    if (same)
      kept[place->second] = true;
    origins.push_back(same ? place->second : NEW);
  }
  for (auto [place, part] : llvm::enumerate(then.parts))
    if (!kept[place] && !part.alone)
      return std::nullopt;
  return origins;
}

// The op without its parts that are not new. Those stay where they are: in a child each page that is written to is copied.
static LogicalResult writeNew(Operation *op, const RoptSnapshot &now, ArrayRef<uint32_t> origins, raw_ostream &os,
                              const BytecodeWriterConfig &config) {
  Operation *shell = op->cloneWithoutRegions();
  Block *body = &op->getRegion(0).front(), *fresh = new Block;
  shell->getRegion(0).push_back(fresh);
  std::vector<std::pair<Operation *, Operation *>> moved; // with what stood behind it
  for (auto [part, origin] : llvm::zip_equal(now.parts, origins))
    if (origin == NEW)
      moved.push_back({part.op, part.op->getNextNode()});
  for (auto [part, behind] : moved) {
    part->remove();
    fresh->push_back(part);
  }
  LogicalResult written = writeBytecodeToFile(shell, os, config);
  for (auto [part, behind] : llvm::reverse(moved)) {
    part->remove();
    body->getOperations().insert(behind ? Block::iterator(behind) : body->end(), part);
  }
  shell->erase();
  return written;
}

// What a message with an op tells.
struct Told {
  bool numbered = false, inParts = false;
  std::vector<uint32_t> origins;
  StringRef bytecode;
};

static std::optional<Told> told(StringRef bytes, const RoptSnapshot *then) {
  if (bytes.empty())
    return std::nullopt;
  Told made;
  char form = bytes.front();
  bytes = bytes.drop_front();
  made.inParts = form == PARTS;
  made.numbered = made.inParts || form == NUMBERED;
  if ((!made.numbered && form != WHOLE) || (made.numbered && !then))
    return std::nullopt;
  if (made.inParts) {
    uint32_t count = 0;
    if (bytes.size() < sizeof count)
      return std::nullopt;
    memcpy(&count, bytes.data(), sizeof count);
    bytes = bytes.drop_front(sizeof count);
    if (bytes.size() / sizeof count < count)
      return std::nullopt;
    made.origins.resize(count);
    memcpy(made.origins.data(), bytes.data(), count * sizeof count);
    bytes = bytes.drop_front(count * sizeof count);
  }
  made.bytecode = bytes;
  return made;
}

// Whether `made` can take the place of `old`.
static bool fits(Operation *made, Operation *old) {
  return made->getName() == old->getName() && made->getNumRegions() == old->getNumRegions() &&
         made->getNumOperands() == 0 && made->getNumSuccessors() == 0 &&
         made->getResultTypes() == old->getResultTypes();
}

static void takeHead(Operation *old, Operation *made) {
  old->setLoc(made->getLoc());
  old->setDiscardableAttrs(made->getDiscardableAttrDictionary());
  old->copyProperties(made->getPropertiesStorage());
}

// Puts the parts of `old` in their new order, those of `made` among them. False: the numbers are not of these ops.
static bool takeParts(Operation *old, Operation *made, ArrayRef<uint32_t> origins) {
  auto one = [](Operation *op) { return op->getNumRegions() == 1 && llvm::hasSingleElement(op->getRegion(0)); };
  if (!one(old) || !one(made))
    return false;
  Block &body = old->getRegion(0).front(), &fresh = made->getRegion(0).front();
  std::vector<Operation *> before, added, after;
  for (Operation &op : body)
    before.push_back(&op);
  for (Operation &op : fresh)
    added.push_back(&op);
  std::vector<bool> kept(before.size());
  size_t next = 0;
  for (uint32_t origin : origins) {
    bool isNew = origin == NEW;
    if (isNew ? next == added.size() : origin >= before.size() || kept[origin])
      return false;
    if (!isNew)
      kept[origin] = true;
    after.push_back(isNew ? added[next++] : before[origin]);
  }
  auto gone = [&](size_t i) { return !kept[i]; };
  if (next != added.size() || fresh.getNumArguments() != 0 || body.getNumArguments() != 0)
    return false;
  for (size_t i = 0; i < before.size(); ++i)
    if (gone(i) && (before[i]->getNumResults() || before[i]->getNumOperands() || before[i]->getNumSuccessors()))
      return false;
  for (Operation *op : added)
    if (op->getNumOperands() || op->getNumSuccessors() || !op->use_empty())
      return false;
  takeHead(old, made);
  for (size_t i = 0; i < before.size(); ++i)
    if (gone(i))
      before[i]->erase();
  auto place = body.begin();
  for (Operation *op : after) {
    if (place != body.end() && &*place == op) {
      ++place;
      continue;
    }
    op->remove();
    body.getOperations().insert(place, op);
  }
  return true;
}

extern "C" {
MlirLocation roptPlainLocation(MlirLocation location) {
  AttrTypeReplacer plain;
  plain.addReplacement([](FusedLoc fused) -> std::optional<Attribute> {
    return FusedLoc::get(fused.getLocations(), Attribute(), fused.getContext());
  });
  return wrap(Location(cast<LocationAttr>(plain.replace(LocationAttr(unwrap(location))))));
}
int32_t roptWriteOp(MlirOperation op, RoptSink sink, void *user) {
  std::string bytes(1, WHOLE);
  llvm::raw_string_ostream os(bytes);
  if (failed(writeBytecodeToFile(unwrap(op), os, BytecodeWriterConfig(PRODUCER))))
    return 1;
  sink(user, {bytes.data(), bytes.size()});
  return 0;
}
int32_t roptWriteChange(const RoptSnapshot *then, const RoptSnapshot *now, RoptSink sink, void *user) {
  Operation *op = now->root;
  // Bytes that changed in place are not the ones that the numbers stand for.
  if (then->resources != ropt::resources(*then))
    return roptWriteOp(wrap(op), sink, user);
  if (then->same(*now))
    return 0;
  BytecodeWriterConfig config(PRODUCER);
  number(config, *then);
  auto origins = parts(*then, *now);
  std::string bytes(1, origins ? PARTS : NUMBERED);
  llvm::raw_string_ostream os(bytes);
  if (origins) {
    auto put = [&](uint32_t word) { os.write(reinterpret_cast<const char *>(&word), sizeof word); };
    put(origins->size());
    llvm::for_each(*origins, put);
  }
  if (failed(origins ? writeNew(op, *now, *origins, os, config) : writeBytecodeToFile(op, os, config)))
    return 1;
  sink(user, {bytes.data(), bytes.size()});
  return 0;
}
MlirOperation roptReadOp(MlirContext context, RoptStr text) {
  StringRef bytes = str(text);
  if (!bytes.consume_front(StringRef(std::initializer_list<char>{WHOLE}.begin(), 1)))
    return wrap(static_cast<Operation *>(nullptr));
  Block block;
  Operation *op = read(unwrap(context), bytes, nullptr, block);
  if (op)
    op->remove();
  return wrap(op);
}
int32_t roptAdoptOp(MlirOperation into, const RoptSnapshot *then, RoptStr text) {
  Operation *old = unwrap(into);
  auto message = told(str(text), then);
  if (!message)
    return 1;
  Block block;
  Operation *made = read(old->getContext(), message->bytecode, message->numbered ? then : nullptr, block);
  if (!made)
    return 1;
  if (!fits(made, old))
    return 2;
  // The pass manager goes on with the op that it has; only what it holds is exchanged.
  if (message->inParts)
    return takeParts(old, made, message->origins) ? 0 : 1;
  takeHead(old, made);
  for (unsigned i = 0; i < old->getNumRegions(); ++i)
    old->getRegion(i).takeBody(made->getRegion(i));
  return 0;
}
void roptTryOp(MlirOperation on, const RoptSnapshot *then, RoptStr text, bool reads) {
  Operation *op = unwrap(on);
  ScopedDiagnosticHandler nobody(op->getContext(), [](Diagnostic &) { return success(); });
  auto message = told(str(text), then);
  if (!message)
    return;
  if (reads) {
    Block block;
    read(op->getContext(), message->bytecode, message->numbered ? then : nullptr, block);
  }
  (void)verify(op, /*verifyRecursively=*/!message->inParts);
  if (!message->inParts)
    return;
  // The others have been verified as they are.
  for (auto [part, origin] : llvm::zip(op->getRegion(0).front(), message->origins))
    if (origin == NEW)
      (void)verify(&part);
}
bool roptOpForeign(MlirOperation op) {
  MLIRContext *context = unwrap(op)->getContext();
  auto found = unwrap(op)->walk([&](Operation *inner) {
    return inner->getContext() == context ? WalkResult::advance() : WalkResult::interrupt();
  });
  return found.wasInterrupted();
}
bool roptOpAlone(MlirOperation op) {
  return unwrap(op)->getNumOperands() == 0 && unwrap(op)->getNumSuccessors() == 0;
}
void roptPassText(RoptPassRun *run, RoptSink sink, void *user) {
  std::string text;
  llvm::raw_string_ostream os(text);
  reinterpret_cast<Pass *>(run)->printAsTextualPipeline(os);
  sink(user, {text.data(), text.size()});
}
MlirContext roptWorkerContext(void) {
  auto *context = new MLIRContext(ropt::allDialects(), MLIRContext::Threading::DISABLED);
  // What the host's flags allow has been read by now.
  context->allowUnregisteredDialects();
  return wrap(context);
}
int32_t roptRunPass(MlirOperation on, RoptStr pass, RoptSink error, void *user) {
  Operation *op = unwrap(on);
  PassManager pm(op->getContext(), op->getName().getStringRef());
  pm.enableVerifier(false); // the host's pass manager does
  std::string words;
  llvm::raw_string_ostream os(words);
  if (failed(parsePassPipeline(str(pass), pm, os))) {
    error(user, {words.data(), words.size()});
    return 1;
  }
  return failed(pm.run(op)) ? 2 : 0;
}
}
