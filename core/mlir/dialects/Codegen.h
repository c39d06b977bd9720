#ifndef ROPT_DIALECTS_CODEGEN_H
#define ROPT_DIALECTS_CODEGEN_H

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

#include "CodegenDialect.h.inc"
#include "CodegenEnums.h.inc"
#define GET_TYPEDEF_CLASSES
#include "CodegenTypes.h.inc"
#define GET_ATTRDEF_CLASSES
#include "CodegenAttrs.h.inc"
#define GET_OP_CLASSES
#include "CodegenOps.h.inc"

#endif // ROPT_DIALECTS_CODEGEN_H
