
func.func @benchmark(%count: i32) -> i32 {
  return %count : i32
}
