#!/bin/sh
# The story on Vulkan, from a dump to a measured kernel of one's own:
#   examples/vulkan/story.sh [FOLDER] [DEVICE]
# Needs ropt and ropt-run on PATH, and glslangValidator. Files go to FOLDER, by default a new temporary one.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$(mktemp -d)} device=${2:-vulkan}
mkdir -p "$out" && cd "$out"
cp "$here/../scale.mlir" .

say() { printf '\n# %s\n' "$*"; }
do_it() { printf '$ %s\n' "$*"; "$@"; }
# Calls main with ones; every element of the result must be $2.
call() {
  do_it ropt-run run "$1" --device="$device" --input=65536xf32=1 --input=65536xf32=1 --expected-output=65536xf32="$2"
}
compile() { do_it ropt compile scale.mlir --target=vulkan-spirv "$@"; }

say 'Compile, and dump the kernel before it is configured'
compile --hal-dump-executable-sources-to=sources -o original.so
call original.so 3

say 'Edit the dump (2 a becomes 3 a) and give it back, by name and by folder'
sed -i 's/2\.0*e+00/3.000000e+00/' sources/module_main_dispatch_0.mlir
compile --hal-substitute-executable-source=main_dispatch_0=sources/module_main_dispatch_0.mlir -o edited.so
call edited.so 4
compile --hal-substitute-executable-sources-from=sources -o edited_folder.so
call edited_folder.so 4

say 'Write the kernel in GLSL, compile it by hand, and give the object'
do_it glslangValidator -V --target-env vulkan1.1 -e main_dispatch_0_elementwise_65536_f32 --source-entrypoint main -o scale.spv "$here/scale.comp"
compile --hal-substitute-executable-object=main_dispatch_0=scale.spv -o by_hand.so
call by_hand.so 3

say 'The same from a folder, and from the source, which ropt compiles'
mkdir -p objects && cp scale.spv objects/main_dispatch_0.spv
compile --hal-substitute-executable-objects-from=objects -o by_hand_folder.so
call by_hand_folder.so 3
compile --hal-substitute-executable-object=main_dispatch_0="$here/scale.comp" -o by_hand_source.so
call by_hand_source.so 3

say 'Dump the benchmark of each, the second one with the substitution in it, and compare'
compile --hal-dump-executable-benchmarks-to=benchmarks/own -o original.so
compile --hal-substitute-executable-object=main_dispatch_0=scale.spv --hal-dump-executable-benchmarks-to=benchmarks/hand -o by_hand.so
for which in own hand; do
  do_it ropt compile benchmarks/$which/*_benchmark.mlir --target=vulkan-spirv -o $which.so
done
do_it ropt-run compare original.so by_hand.so --device="$device" --verify --max-time="${SECONDS_OF_COMPARING:-5}"
do_it ropt-run bench hand.so --device="$device" --min-time=0.2 --max-time=1
