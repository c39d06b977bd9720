#!/bin/sh
# The story on CUDA, from a dump to a measured kernel of one's own:
#   examples/cuda/story.sh [FOLDER] [DEVICE]
# Needs ropt and ropt-run on PATH, and clang-22 (or nvcc); with DEVICE=none everything is compiled and nothing run. Files go to FOLDER, by default a new temporary one.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$(mktemp -d)} device=${2:-cuda}
mkdir -p "$out" && cd "$out"
cp "$here/../scale.mlir" .

say() { printf '\n# %s\n' "$*"; }
do_it() { printf '$ %s\n' "$*"; "$@"; }
# Calls main with ones; every element of the result must be $2.
call() {
  if [ "$device" = none ]; then return; fi; do_it ropt-run run "$1" --device="$device" --input=65536xf32=1 --input=65536xf32=1 --expected-output=65536xf32="$2"
}
compile() { do_it ropt compile scale.mlir --target=cuda --cuda-chip=sm_75 "$@"; }

say 'Compile, and dump the kernel before it is configured'
compile --hal-dump-executable-sources-to=sources -o original.so
call original.so 3

say 'Edit the dump (2 a becomes 3 a) and give it back, by name and by folder'
sed -i 's/2\.0*e+00/3.000000e+00/' sources/module_main_dispatch_0.mlir
compile --hal-substitute-executable-source=main_dispatch_0=sources/module_main_dispatch_0.mlir -o edited.so
call edited.so 4
compile --hal-substitute-executable-sources-from=sources -o edited_folder.so
call edited_folder.so 4

say 'Write the kernel in CUDA C++, compile it by hand, and give the object'
# The header is for clang without NVIDIA's own; nvcc -ptx -O3 -arch=sm_75 does the same.
header=$(ropt config --include-dir)/ropt/cuda.h
do_it clang-22 -x cuda --cuda-device-only --cuda-gpu-arch=sm_75 -Xclang -target-feature -Xclang +ptx63 -nocudainc -nocudalib -Wno-unknown-cuda-version -include "$header" -O3 -S -o scale.ptx "$here/scale.cu"
compile --hal-substitute-executable-object=main_dispatch_0=scale.ptx -o by_hand.so
call by_hand.so 3

say 'The same from a folder, and from the source, which ropt compiles'
mkdir -p objects && cp scale.ptx objects/main_dispatch_0.ptx
compile --hal-substitute-executable-objects-from=objects -o by_hand_folder.so
call by_hand_folder.so 3
compile --hal-substitute-executable-object=main_dispatch_0="$here/scale.cu" -o by_hand_source.so
call by_hand_source.so 3

say 'Dump the benchmark of each, the second one with the substitution in it, and compare'
compile --hal-dump-executable-benchmarks-to=benchmarks/own -o original.so
compile --hal-substitute-executable-object=main_dispatch_0=scale.ptx --hal-dump-executable-benchmarks-to=benchmarks/hand -o by_hand.so
for which in own hand; do
  do_it ropt compile benchmarks/$which/*_benchmark.mlir --target=cuda --cuda-chip=sm_75 -o $which.so
done
if [ "$device" = none ]; then echo "no device asked for: nothing is measured"; exit; fi
do_it ropt-run compare original.so by_hand.so --device="$device" --verify --max-time="${SECONDS_OF_COMPARING:-5}"
do_it ropt-run bench hand.so --device="$device" --min-time=0.2 --max-time=1
