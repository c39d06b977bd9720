// No argument: the results are constants of the program.
// call: main()
func.func @main() -> (tensor<3xi64>, tensor<2x2xf64>) {
  %a = arith.constant dense<[1, -2, 9223372036854775807]> : tensor<3xi64>
  %b = arith.constant dense<0.1> : tensor<2x2xf64>
  return %a, %b : tensor<3xi64>, tensor<2x2xf64>
}
