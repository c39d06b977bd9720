// The subset interface of operations that store a tensor and return nothing.
#ifndef ROPT_DIALECTS_SUBSETS_H
#define ROPT_DIALECTS_SUBSETS_H

#include "mlir/Interfaces/SubsetOpInterface.h"

namespace ropt {

/// Compares subsets by what the insertion model of `OpTy` says; two subsets are
/// never known to be disjoint.
template <typename OpTy>
struct SubsetModel
    : mlir::SubsetOpInterface::ExternalModel<SubsetModel<OpTy>, OpTy> {
  bool operatesOnEquivalentSubset(
      mlir::Operation *op, mlir::SubsetOpInterface candidate,
      llvm::function_ref<bool(mlir::Value, mlir::Value)> same) const {
    return candidate->getNumResults() == 1 &&
           mlir::cast<mlir::SubsetInsertionOpInterface>(op).isEquivalentSubset(
               candidate->getResult(0), same);
  }
  bool operatesOnDisjointSubset(
      mlir::Operation *, mlir::SubsetOpInterface,
      llvm::function_ref<bool(mlir::Value, mlir::Value)>) const {
    return false;
  }
};

} // namespace ropt

#endif // ROPT_DIALECTS_SUBSETS_H
