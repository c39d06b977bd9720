// Bufferization of flow.dispatch: it becomes ropt.dispatch on memrefs. A tied
// result is its argument's buffer, any other result a new one.
#include "Bufferization.h"
#include "Flow.h"
#include "Ropt.h"

#include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace mlir::bufferization;
using namespace ropt;

namespace {

/// The result that is tied to `operand`, an argument.
std::optional<unsigned> tiedResult(flow::DispatchOp dispatch,
                                   OpOperand &operand) {
  unsigned first = dispatch.getArguments().getBeginOperandIndex();
  for (unsigned i = 0, e = dispatch.getNumResults(); i < e; ++i) {
    std::optional<unsigned> argument = dispatch.getTiedArgument(i);
    if (argument && first + *argument == operand.getOperandNumber())
      return i;
  }
  return std::nullopt;
}

MemRefType identityType(Type tensor) {
  auto type = cast<RankedTensorType>(tensor);
  return MemRefType::get(type.getShape(), type.getElementType());
}

struct DispatchModel
    : BufferizableOpInterface::ExternalModel<DispatchModel, flow::DispatchOp> {
  bool bufferizesToMemoryRead(Operation *, OpOperand &,
                              const AnalysisState &) const {
    return true;
  }
  bool bufferizesToMemoryWrite(Operation *op, OpOperand &operand,
                               const AnalysisState &) const {
    return tiedResult(cast<flow::DispatchOp>(op), operand).has_value();
  }
  AliasingValueList getAliasingValues(Operation *op, OpOperand &operand,
                                      const AnalysisState &) const {
    auto dispatch = cast<flow::DispatchOp>(op);
    if (std::optional<unsigned> result = tiedResult(dispatch, operand))
      return {{dispatch.getResult(*result), BufferRelation::Equivalent}};
    return {};
  }
  bool bufferizesToAllocation(Operation *op, Value value) const {
    auto result = cast<OpResult>(value);
    return !cast<flow::DispatchOp>(op).getTiedArgument(
        result.getResultNumber());
  }

  FailureOr<BufferLikeType>
  getBufferType(Operation *op, Value value, const BufferizationOptions &options,
                const BufferizationState &state,
                SmallVector<Value> &stack) const {
    auto dispatch = cast<flow::DispatchOp>(op);
    auto result = cast<OpResult>(value);
    std::optional<unsigned> tied =
        dispatch.getTiedArgument(result.getResultNumber());
    if (!tied)
      return cast<BufferLikeType>(identityType(value.getType()));
    return bufferization::getBufferType(dispatch.getArguments()[*tied], options,
                                        state, stack);
  }

  LogicalResult bufferize(Operation *op, RewriterBase &rewriter,
                          const BufferizationOptions &options,
                          BufferizationState &state) const {
    auto dispatch = cast<flow::DispatchOp>(op);
    Location loc = op->getLoc();
    SmallVector<Value> arguments, buffers, results;
    SmallVector<int64_t> reads, writes;
    // A tied argument that had to be copied is copied back afterwards.
    SmallVector<std::pair<Value, Value>> copiesBack;
    for (OpOperand &operand : dispatch.getArgumentsMutable()) {
      Value argument = operand.get();
      if (!isa<TensorType>(argument.getType())) {
        arguments.push_back(argument);
        buffers.push_back(argument);
        continue;
      }
      FailureOr<Value> buffer = getBuffer(rewriter, argument, options, state);
      if (failed(buffer))
        return failure();
      FailureOr<Value> dense = makeContiguous(rewriter, loc, *buffer, options);
      if (failed(dense))
        return failure();
      reads.push_back(arguments.size());
      if (tiedResult(dispatch, operand)) {
        writes.push_back(arguments.size());
        if (*dense != *buffer)
          copiesBack.emplace_back(*dense, *buffer);
      }
      arguments.push_back(*dense);
      buffers.push_back(*buffer);
    }
    for (OpResult result : dispatch.getResults()) {
      unsigned index = result.getResultNumber();
      if (!isa<RankedTensorType>(result.getType()))
        return op->emitOpError()
               << "cannot be bufferized: expected ranked tensors as its "
                  "results, found "
               << result.getType();
      if (std::optional<unsigned> tied = dispatch.getTiedArgument(index)) {
        Value buffer = buffers[*tied];
        if (dispatch.getArguments()[*tied].getType() != result.getType())
          return op->emitOpError()
                 << "cannot be bufferized: result " << index << " of type "
                 << result.getType() << " is tied to an argument of type "
                 << dispatch.getArguments()[*tied].getType();
        results.push_back(buffer);
        continue;
      }
      FailureOr<Value> buffer =
          options.createAlloc(rewriter, loc, identityType(result.getType()),
                              dispatch.getResultDims(index));
      if (failed(buffer))
        return failure();
      writes.push_back(arguments.size());
      arguments.push_back(*buffer);
      results.push_back(*buffer);
    }
    auto onBuffers = host::DispatchOp::create(
        rewriter, loc, dispatch.getWorkload(), dispatch.getEntryPointsAttr(),
        arguments, rewriter.getDenseI64ArrayAttr(reads),
        rewriter.getDenseI64ArrayAttr(writes));
    onBuffers->setDiscardableAttrs(dispatch->getDiscardableAttrDictionary());
    for (auto [from, to] : copiesBack)
      if (failed(options.createMemCpy(rewriter, loc, from, to)))
        return failure();
    replaceOpWithBufferizedValues(rewriter, op, results);
    return success();
  }
};

} // namespace

void ropt::registerDispatchBufferization(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, flow::FlowDialect *) {
    flow::DispatchOp::attachInterface<DispatchModel>(*context);
  });
}
