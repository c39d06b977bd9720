// RUN: ropt %s --split-input-file --verify-diagnostics

// expected-error@below {{expected an initial value of type 'i32', found 'i64'}}
"util.global"() <{sym_name = "g", type = i32, initial_value = 1 : i64}> : () -> ()

// -----

// expected-error@below {{expected a value with a type, found @other}}
util.global private @g = @other

// -----

util.func @f() {
  // expected-error@below {{refers to global @g, which does not exist}}
  %0 = util.global.load @g : i32
  util.return
}

// -----

util.func private @g()
util.func @f() {
  // expected-error@below {{expected @g to be a util.global, found util.func}}
  %0 = util.global.load @g : i32
  util.return
}

// -----

// expected-note@below {{the global}}
util.global private @g : i32
util.func @f() {
  // expected-error@below {{expected type 'i32', as global @g has, found 'i64'}}
  %0 = util.global.load @g : i64
  util.return
}

// -----

// expected-note@below {{the global}}
util.global private mutable @g : tensor<4xf32>
util.func @f(%v: memref<8xf32>) {
  // expected-error@below {{expected type 'tensor<4xf32>', as global @g has, found 'memref<8xf32>'}}
  util.global.store %v, @g : memref<8xf32>
  util.return
}

// -----

util.global private @g : i32
util.func @f(%v: i32) {
  // expected-error@below {{stores to global @g, which is not mutable, outside an initializer}}
  util.global.store %v, @g : i32
  util.return
}

// -----

// expected-error@below {{ties result 0 to argument 1, but it has 1 arguments}}
"util.func"() <{sym_name = "f", sym_visibility = "private", function_type = (i32) -> i32, tied_operands = [1 : index]}> ({}) : () -> ()

// -----

// expected-error@below {{expected one tied operand for each of its 1 results, found 2}}
"util.func"() <{sym_name = "f", sym_visibility = "private", function_type = (i32) -> i32, tied_operands = [-1 : index, 0 : index]}> ({}) : () -> ()

// -----

// expected-error@below {{tied result names %b, which is not an argument}}
util.func private @f(%a: i32) -> %b

// -----

util.func @f(%a: i32) -> i64 {
  // expected-error@below {{expected ('i64'), as the function returns, found ('i32')}}
  util.return %a : i32
}

// -----

util.initializer {
  %c = arith.constant 1 : i32
  // expected-error@below {{expected (), as the function returns, found ('i32')}}
  util.return %c : i32
}

// -----

// expected-error@below {{expected neither arguments nor results, found '(i32) -> ()'}}
"util.initializer"() <{function_type = (i32) -> ()}> ({
  "util.return"() : () -> ()
}) : () -> ()

// -----

// expected-error@below {{expected a body, found none}}
"util.initializer"() <{function_type = () -> ()}> ({}) : () -> ()

// -----

func.func @f() {
  // expected-error@below {{op expects parent op to be one of 'util.func, util.initializer'}}
  util.return
}

// -----

util.func @f() {
  // expected-error@below {{calls @g, which does not exist}}
  util.call @g() : () -> ()
  util.return
}

// -----

util.global private @g : i32
util.func @f() {
  // expected-error@below {{expected @g to be a function, found util.global}}
  util.call @g() : () -> ()
  util.return
}

// -----

// expected-note@below {{the callee}}
util.func private @g(%a: i32) -> i64
util.func @f(%a: i32) {
  // expected-error@below {{expected ('i32') -> ('i64'), as its callee has, found ('i32') -> ('i32')}}
  %0 = util.call @g(%a) : (i32) -> i32
  util.return
}

// -----

util.func private @g(%a: i32) -> i32
util.func @f(%a: i32) {
  // expected-error@below {{ties result 0 to argument 3, but it has 1 arguments}}
  %0 = "util.call"(%a) <{callee = @g, tied_operands = [3 : index]}> : (i32) -> i32
  util.return
}

// -----

util.func @f(%a: i32) {
  // expected-error@below {{expected results of its operands' types ('i32'), found ('i64')}}
  %0 = "util.optimization_barrier"(%a) : (i32) -> i64
  util.return
}

// -----

util.func @f(%a: i32) {
  // expected-error@below {{expected umin of at most umax, found umin = 5 and umax = 4}}
  %0 = util.assume.int %a<umin = 5, umax = 4> : i32
  util.return
}

// -----

util.func @f(%a: i32) {
  // expected-error@below {{expected udiv of at least 1, found 0}}
  %0 = util.assume.int %a<udiv = 0> : i32
  util.return
}

// -----

util.func @f(%a: i32) {
  // expected-error@below {{expected 'umin', 'umax' or 'udiv', found 'max'}}
  %0 = util.assume.int %a<max = 0> : i32
  util.return
}

// -----

util.func @f(%a: i32) {
  // expected-error@below {{expected assumptions for each of its 1 operands, found 0}}
  %0 = "util.assume.int"(%a) <{assumptions = []}> : (i32) -> i32
  util.return
}

// -----

util.func @f(%a: i32) {
  // expected-error@below {{expected results of its operands' types ('i32'), found ('i64')}}
  %0 = "util.assume.int"(%a) <{assumptions = [[]]}> : (i32) -> i64
  util.return
}

// -----

util.func @f(%a: i32) {
  // expected-error@below {{expected lists of #util.int.assumption<…>, found 1 : i64}}
  %0 = "util.assume.int"(%a) <{assumptions = [1]}> : (i32) -> i32
  util.return
}

// -----

util.func @f(%a: i32) {
  // expected-error@below {{expected 2 assumptions, as another operand has, found 3}}
  %0:2 = util.assume.int %a[<>, <>], %a[<>, <>, <>] : i32, i32
  util.return
}

// -----

util.func @f(%a: i32) {
  // expected-error@below {{is not among the operations known of dialect 'util'}}
  %0 = util.numeric.foo %a : i32
  util.return
}
