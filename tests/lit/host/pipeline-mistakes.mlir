// Every mistake in a pipeline's text is shown with a caret under the whole text, before anything is loaded: exit code 2.

// RUN: not ropt %s --pass-pipeline='builtin.module(canonicalise)' 2>&1 | FileCheck %s --check-prefix=NAME --strict-whitespace
//      NAME:error: unknown pass `canonicalise`
//      NAME:1 | builtin.module(canonicalise)
// NAME-NEXT:  |                ^^^^^^^^^^^^ no pass of that name
//      NAME:  = help: did you mean `canonicalize`?

// RUN: not ropt %s --pass-pipeline='builtin.module(hal-dump-executable-sources{pth=x})' 2>&1 | FileCheck %s --check-prefix=OPTION
// OPTION: error: pass `hal-dump-executable-sources` has no option `pth`
// OPTION: help: did you mean `path`?

// RUN: not ropt %s --pass-pipeline='builtin.module(func.func(hal-form-dispatches))' 2>&1 | FileCheck %s --check-prefix=NEST
// NEST: error: pass `hal-form-dispatches` runs on `builtin.module`, not on `func.func`
// NEST: help: put it directly into builtin.module(…)

// RUN: not ropt %s --pass-pipeline='builtin.module(affine-loop-fusion{fusion-maximal=perhaps})' 2>&1 | FileCheck %s --check-prefix=VALUE
// VALUE: error: {{.*}}affine-loop-fusion
// VALUE: 1 | builtin.module(

// RUN: not ropt %s --pass-pipeline='builtin.module(cse' 2>&1 | FileCheck %s --check-prefix=OPEN
// OPEN: error: the `(` after `builtin.module` is not closed
// OPEN: | ^ here

// RUN: not ropt %s --pass-pipeline='cse' 2>&1 | FileCheck %s --check-prefix=ANCHOR
// ANCHOR: error: the pipeline does not say what it runs on
// ANCHOR: help: write builtin.module(cse)

// RUN: not ropt %s --pass-pipeline='func.func(cse)' 2>&1 | FileCheck %s --check-prefix=OUTERMOST
// OUTERMOST: error: the pipeline runs on `func.func`, and the outermost op is a `builtin.module`
// OUTERMOST: | ^^^^^^^^^ wants to stand in builtin.module(…)
// OUTERMOST: help: write builtin.module(func.func(cse))
// RUN: ropt %s --no-implicit-module --pass-pipeline='func.func(cse)' | FileCheck %s --check-prefix=ALONE
// ALONE: func.func @f

// A value in quotes is no place for other options.
// RUN: not ropt %s --pass-pipeline='builtin.module(module-run-command{command="sleep 1" timeout-s=0.5})' 2>&1 | FileCheck %s --check-prefix=QUOTED
// QUOTED: error: `0.5` is no value for option `timeout-s` of pass `module-run-command`
// QUOTED: | {{ *}}^^^ '0.5' value invalid

// RUN: not ropt %s --pass-pipeline='builtin.module(canonicalize{max-iterations=2 region-simplify=bold})' 2>&1 | FileCheck %s --check-prefix=BOLD
// BOLD-NOT: Cannot find
// BOLD: error: `bold` is no value for option `region-simplify` of pass `canonicalize`
// BOLD: |                                                              ^^^^ Cannot find option named 'bold'

// RUN: ropt %s --pass-pipeline='builtin.module(hal.executable(cse))' 2>&1 | FileCheck %s --check-prefix=EMPTY
// EMPTY: warning: no `hal.executable` in the module: the passes in its nest did not run

// RUN: not ropt %s --strict --pass-pipeline='builtin.module(hal.executable(cse))' 2>&1 | FileCheck %s --check-prefix=STRICT
// STRICT: error: no `hal.executable` in the module

func.func @f() {
  return
}
