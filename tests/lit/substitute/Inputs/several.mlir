// One executable for two machines and a graphics processor.
hal.executable private @x {
  hal.executable.variant public @intel target(<"llvm-cpu", "embedded-elf-x86_64">) {
    hal.executable.export public @f ordinal(0) layout(#hal.pipeline.layout<bindings = []>) count(%device: !hal.device) -> (index, index, index) {
      %c1 = arith.constant 1 : index
      hal.return %c1, %c1, %c1 : index, index, index
    }
    builtin.module { func.func @f() { return } }
  }
  hal.executable.variant public @arm target(<"llvm-cpu", "embedded-elf-arm_64">) {
    hal.executable.export public @f ordinal(0) layout(#hal.pipeline.layout<bindings = []>) count(%device: !hal.device) -> (index, index, index) {
      %c1 = arith.constant 1 : index
      hal.return %c1, %c1, %c1 : index, index, index
    }
    builtin.module { func.func @f() { return } }
  }
  hal.executable.variant public @ptx target(<"cuda", "cuda-nvptx-fb">) {
    hal.executable.export public @f ordinal(0) layout(#hal.pipeline.layout<bindings = []>) count(%device: !hal.device) -> (index, index, index) {
      %c1 = arith.constant 1 : index
      hal.return %c1, %c1, %c1 : index, index, index
    }
    builtin.module { func.func @f() { return } }
  }
}
