#ifndef ROPT_DIALECTS_HAL_H
#define ROPT_DIALECTS_HAL_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/CallInterfaces.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/InferIntRangeInterface.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

#include "HalDialect.h.inc"
#include "HalEnums.h.inc"
#define GET_TYPEDEF_CLASSES
#include "HalTypes.h.inc"
#define GET_ATTRDEF_CLASSES
#include "HalAttrs.h.inc"
#define GET_OP_CLASSES
#include "HalOps.h.inc"

#endif // ROPT_DIALECTS_HAL_H
