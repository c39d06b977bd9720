"""Random modules and passes: isolated, they come to the same text as here, places and names of resources included."""

import random

PROGRAMS = 24

# Parts of a module. {n} is a number of its own, {other} that of a function before it.
PARTS = [
    """func.func @f{n}(%a: i32, %b: i32) -> i32 attributes {{shared = distinct[0]<"one">}} {{
  %0 = arith.addi %a, %b : i32 loc("source.mlir":{n}:1)
  %1 = arith.addi %a, %b : i32 loc(fused<"pass">["source.mlir":{n}:2, "named"("source.mlir":1:{n})])
  %2 = arith.muli %0, %1 : i32 loc(callsite("callee" at "source.mlir":{n}:3))
  return %2 : i32
}}""",
    """func.func @leaf{n}() -> tensor<3xi32> {{
  %0 = arith.constant {{tag = [distinct[0]<"one">, "s{n}"]}} dense_resource<weights> : tensor<3xi32>
  return %0 : tensor<3xi32>
}}""",
    """func.func private @leaf_weights{n}() -> tensor<3xi32> {{
  %0 = arith.constant dense_resource<weights_1> : tensor<3xi32>
  %1 = arith.constant dense_resource<weights> : tensor<3xi32>
  %2 = arith.addi %0, %1 : tensor<3xi32>
  return %2 : tensor<3xi32>
}}""",
    """func.func @caller{n}(%a: i32) -> i32 {{
  %0 = func.call @base(%a) : (i32) -> i32
  %c = arith.constant {n} : i32
  %1 = arith.cmpi slt, %0, %c : i32
  cf.cond_br %1, ^bb1(%0 : i32), ^bb2
^bb1(%x: i32):
  return %x : i32
^bb2:
  %2 = scf.if %1 -> i32 {{ scf.yield %a : i32 }} else {{ scf.yield %c : i32 }}
  return %2 : i32
}}""",
    """memref.global "private" constant @leaf_global{n} : memref<2xf32> = dense<[{n}.5, 0x7FC00001]>""",
    """module @inner{n} attributes {{test.other = #more}} {{
  func.func @f(%a: !llvm.struct<"pair", (i32, ptr)>) {{ return }}
  func.func @f2() {{ return }}
}}""",
    """%v{n} = arith.constant {n} : i64
"unknown.use"(%v{n}) {{unknown = #unknown.attribute<"{n}">, n = {n} : i32}} : (i64) -> ()""",
    """"unknown.region"() ({{
  %r = "unknown.make"() : () -> !unknown.type<{n}>
  "unknown.end"(%r) : (!unknown.type<{n}>) -> ()
}}) {{sym_name = "region{n}"}} : () -> ()""",
    """llvm.func @leaf_llvm{n}(%p: !llvm.ptr {{llvm.noalias}}) -> i32 attributes {{frame_pointer = #llvm.framePointerKind<all>}} {{
  %0 = llvm.load %p {{alignment = 4 : i64}} : !llvm.ptr -> i32
  llvm.return %0 : i32
}}""",
]
HEAD = """#more = affine_map<(d0, d1) -> (d1, d0)>
func.func @base(%a: i32) -> i32 { return %a : i32 }
"""
TAIL = """
{-#
  dialect_resources: {
    builtin: {
      weights: "0x04000000010000000200000003000000",
      weights_1: "0x04000000010000000200000003000000"
    }
  }
#-}
"""
THEN = ["", "canonicalize", "cse", "func.func(canonicalize,cse)", "any(cse)", "convert-arith-to-llvm"]
BETWEEN = ["cse", "canonicalize", "func.func(canonicalize)", "func.func(hostile-not)", "hostile-idle", "hostile-flip"]


def program(choice):
    parts = [choice.choice(PARTS).format(n=n) for n in range(choice.randint(1, 14))]
    return "\n".join([HEAD, *parts, TAIL])


def pipeline(choice):
    passes = []
    for _ in range(choice.randint(1, 5)):
        if choice.random() < 0.4:
            passes.append(choice.choice(BETWEEN))
            continue
        then = choice.choice(THEN)
        passes.append(f"hostile-shuffle{{seed={choice.randrange(1 << 30)}" + (f" then='{then}'" if then else "") + "}")
    return f"builtin.module({','.join(passes)})"


def pairs():
    """Modules with pipelines, always the same ones."""
    for seed in range(PROGRAMS):
        choice = random.Random(seed)
        yield seed, program(choice), pipeline(choice)
