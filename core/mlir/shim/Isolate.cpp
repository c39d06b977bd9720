// Ops as bytes that travel between processes, and back into the op that they were made from.
#include "Watch.h"
#include "mlir/Bytecode/BytecodeReader.h"
#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/CAPI/IR.h"
#include "mlir/IR/Block.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "llvm/Support/MemoryBuffer.h"
using namespace mlir;

static StringRef str(RoptStr s) { return StringRef(s.ptr, s.len); }

// Fills `block` with the one op of the bytes. Whoever runs passes verifies; this does not.
static Operation *read(MLIRContext *context, RoptStr bytes, Block &block) {
  // Resources are laid out for their own alignment, which a copy must keep; a page is more than they ask for.
  auto buffer = llvm::WritableMemoryBuffer::getNewUninitMemBuffer(bytes.len, "<isolated>", llvm::Align(4096));
  if (!buffer)
    return nullptr;
  memcpy(buffer->getBufferStart(), bytes.ptr, bytes.len);
  ParserConfig config(context, /*verifyAfterParse=*/false);
  if (failed(readBytecodeFile(buffer->getMemBufferRef(), &block, config)) || !llvm::hasSingleElement(block))
    return nullptr;
  return &block.front();
}

extern "C" {
int32_t roptWriteOp(MlirOperation op, RoptSink sink, void *user) {
  std::string bytes;
  llvm::raw_string_ostream os(bytes);
  if (failed(writeBytecodeToFile(unwrap(op), os, BytecodeWriterConfig("ropt"))))
    return 1;
  sink(user, {bytes.data(), bytes.size()});
  return 0;
}
MlirOperation roptReadOp(MlirContext context, RoptStr bytes) {
  Block block;
  Operation *op = read(unwrap(context), bytes, block);
  if (op)
    op->remove();
  return wrap(op);
}
int32_t roptAdoptOp(MlirOperation into, RoptStr bytes) {
  Operation *old = unwrap(into);
  Block block;
  Operation *made = read(old->getContext(), bytes, block);
  if (!made)
    return 1;
  // The pass manager goes on with the op that it has; only what it holds is exchanged.
  if (made->getName() != old->getName() || made->getNumRegions() != old->getNumRegions() ||
      made->getNumOperands() != 0 || made->getResultTypes() != old->getResultTypes())
    return 2;
  old->setLoc(made->getLoc());
  old->setDiscardableAttrs(made->getDiscardableAttrDictionary());
  old->copyProperties(made->getPropertiesStorage());
  for (unsigned i = 0; i < old->getNumRegions(); ++i)
    old->getRegion(i).takeBody(made->getRegion(i));
  return 0;
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
