#!/usr/bin/env python3
"""GPU kernels against cuBLAS and PyTorch, and launches against a loop in C, on a machine that needs no compiler of ours.

    gpu.py pack -o gpu.tar.gz --chip=sm_90     # here
    tar xzf gpu.tar.gz && python3 gpu/gpu.py   # there: an NVIDIA GPU, PyTorch, nvcc

Results are compared with PyTorch's before anything is timed; then both sides are timed in turn, three times. Kernels are
timed by events of the device around many launches on the same memory. Products are measured through Vulkan, too, where there
is its loader: those of f16 as cooperative matrices.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROUNDS = 3

PRODUCT = """func.func @main(%a: tensor<{n}x{n}x{t}>, %b: tensor<{n}x{n}x{t}>) -> tensor<{n}x{n}x{t}> {{
  %zero = arith.constant 0.0 : {t}
  %empty = tensor.empty() : tensor<{n}x{n}x{t}>
  %init = linalg.fill ins(%zero : {t}) outs(%empty : tensor<{n}x{n}x{t}>) -> tensor<{n}x{n}x{t}>
  %c = linalg.matmul ins(%a, %b : tensor<{n}x{n}x{t}>, tensor<{n}x{n}x{t}>) outs(%init : tensor<{n}x{n}x{t}>) -> tensor<{n}x{n}x{t}>
  return %c : tensor<{n}x{n}x{t}>
}}
"""
SOFTMAX = """func.func @main(%x: tensor<1024x4096xf32>) -> tensor<1024x4096xf32> {
  %empty = tensor.empty() : tensor<1024x4096xf32>
  %y = linalg.softmax dimension(1) ins(%x : tensor<1024x4096xf32>) outs(%empty : tensor<1024x4096xf32>) -> tensor<1024x4096xf32>
  return %y : tensor<1024x4096xf32>
}
"""
SUM = """func.func @main(%x: tensor<4096x4096xf32>, %y: tensor<4096x4096xf32>) -> tensor<4096x4096xf32> {
  %0 = arith.addf %x, %y : tensor<4096x4096xf32>
  return %0 : tensor<4096x4096xf32>
}
"""
LAUNCH = """func.func @main(%x: tensor<64xf32>) -> tensor<64xf32> {
  %0 = arith.addf %x, %x : tensor<64xf32>
  return %0 : tensor<64xf32>
}
"""
# Name: text, shapes and type of the arguments, operations, PyTorch's function.
KERNELS = {
    **{
        f"product {t} {n}": (PRODUCT.format(n=n, t=t), [(n, n)] * 2, t, 2 * n**3, "mm")
        for t in ("f32", "f16")
        for n in (1024, 4096)
    },
    "softmax f32 1024x4096": (SOFTMAX, [(1024, 4096)], "f32", None, "softmax"),
    "sum f32 4096x4096": (SUM, [(4096, 4096)] * 2, "f32", None, "add"),
}


VULKAN = ["--target=vulkan-spirv", "--vulkan-workgroup-threads=256", "--vulkan-cooperative-matrix=f16"]


def output(*command, cwd=None):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, cwd=cwd)
    if done.returncode != 0:
        sys.exit(f"error: exit code {done.returncode}: {' '.join(map(str, command))}\n{done.stderr.strip()[-2000:]}")
    return done.stdout


def build(ropt, folder, name, text, *flags):
    """name.so: the program; name.bench.so: its kernel in a loop; for CUDA name.ptx: the kernel."""
    scratch = folder / f"{name}.work"
    scratch.mkdir()
    (scratch / "program.mlir").write_text(text)
    output(
        ropt, "compile", scratch / "program.mlir", *flags,
        f"--hal-dump-executable-benchmarks-to={scratch}/benchmarks", f"--hal-dump-executable-binaries-to={scratch}/binaries",
        "-o", folder / f"{name}.so",
    )
    # Of several variants the first, whose name is the shortest.
    benchmark = min((scratch / "benchmarks").glob("*.mlir"), key=lambda path: len(path.name))
    output(ropt, "compile", benchmark, "-o", folder / f"{name}.bench.so")
    for binary in (scratch / "binaries").glob("*.ptx"):
        shutil.copy(binary, folder / f"{name}.ptx")
    shutil.rmtree(scratch)


def file_name(name):
    return name.replace(" ", "_")


def pack(options):
    release = options.ropt.absolute()
    with tempfile.TemporaryDirectory(prefix="ropt-gpu-") as folder:
        folder = pathlib.Path(folder)
        cuda = ["--target=cuda", f"--cuda-chip={options.chip}"]
        for name, (text, _, _, operations, _) in KERNELS.items():
            build(release / "ropt", folder, file_name(name), text, *cuda)
            if operations:
                build(release / "ropt", folder, file_name(f"vulkan {name}"), text, *VULKAN)
        build(release / "ropt", folder, "launch", LAUNCH, *cuda)
        drivers = [release / f"libropt_driver_{name}.so" for name in ("cuda", "vulkan")]
        for file in [release / "ropt-run", *drivers, HERE / "gpu.py", HERE / "launch.c"]:
            shutil.copy(file, folder)
        temporary = pathlib.Path(f"{options.output}.{os.getpid()}")
        with tarfile.open(temporary, "w:gz") as archive:
            archive.add(folder, "gpu")
        temporary.rename(options.output)
    print(f"{options.output}: {os.path.getsize(options.output) / 1e6:.1f} MB")


def bench(program, *flags, device="cuda"):
    """Nanoseconds of one dispatch."""
    command = [HERE / "ropt-run", "bench", HERE / program, f"--device={device}", "--format=json", "--min-time=0.3", "--max-time=1.5"]
    return json.loads(output(*command, *flags))[0]["median_ns"]


def peers():
    """{name of an operation: what makes a call of no arguments that does it with PyTorch}."""
    import torch

    torch.backends.cuda.matmul.allow_tf32 = False

    def mm(a, b):
        out = torch.empty_like(a)
        return lambda: torch.mm(a, b, out=out)

    def add(a, b):
        out = torch.empty_like(a)
        return lambda: torch.add(a, b, out=out)

    def softmax(x):
        return lambda: torch.softmax(x, 1)

    return {"mm": mm, "add": add, "softmax": softmax}


def time_torch(call):
    """Nanoseconds of a call: events of the device around as many as take a few milliseconds."""
    import torch

    call()
    torch.cuda.synchronize()

    def run(count):
        from_, to = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        from_.record()
        for _ in range(count):
            call()
        to.record()
        torch.cuda.synchronize()
        return from_.elapsed_time(to) * 1e6 / count

    count = max(3, min(2000, int(20e6 / run(10))))
    for _ in range(3):
        run(count)
    return statistics.median(run(count) for _ in range(9))


def checked(name, shapes, kind, call_of, device="cuda"):
    """The arguments on the device; ends the run when the program's result is not PyTorch's."""
    import numpy as np
    import torch

    rng, dtype = np.random.default_rng(11), {"f32": np.float32, "f16": np.float16}[kind]
    arrays = [rng.uniform(-1, 1, shape).astype(dtype) for shape in shapes]
    with tempfile.TemporaryDirectory(prefix="ropt-gpu-") as folder:
        flags = []
        for number, array in enumerate(arrays):
            np.save(f"{folder}/{number}.npy", array)
            flags.append(f"--input=@{folder}/{number}.npy")
        program = HERE / f"{file_name(name)}.so"
        output(HERE / "ropt-run", "run", program, f"--device={device}", "--function=main", *flags, f"--output=@{folder}/out.npy")
        ours = torch.from_numpy(np.load(f"{folder}/out.npy").astype(np.float64))
    inputs = [torch.from_numpy(array).cuda() for array in arrays]
    exact = call_of(*[value.double() for value in inputs])().cpu()
    error = float((ours - exact).norm() / exact.norm())
    if not error < {"f32": 1e-5, "f16": 1e-3}[kind]:
        sys.exit(f"error: {name}: the result differs from PyTorch's in f64 by {error:.2e}")
    return inputs, error


def run():
    import torch

    print(f"{torch.cuda.get_device_name(0)}, PyTorch {torch.__version__}")
    print(output("nvidia-smi", "--query-gpu=driver_version,clocks.sm,clocks.max.sm,power.draw", "--format=csv,noheader").strip())
    print(f"{'kernel':<24} {'ropt':>10} {'peer':>10} {'peer/ropt':>9} {'error':>9}")
    torch_calls = peers()
    rows = [(name, "cuda", kernel) for name, kernel in KERNELS.items()]
    if "vulkan:" in output(HERE / "ropt-run", "devices"):
        rows += [(f"vulkan {name}", "vulkan", kernel) for name, kernel in KERNELS.items() if kernel[3]]
    else:
        print("no Vulkan device: `ropt-run devices` says why")
    for name, device, (_, shapes, kind, operations, peer) in rows:
        inputs, error = checked(name, shapes, kind, torch_calls[peer], device)
        call = torch_calls[peer](*inputs)
        times = [(bench(f"{file_name(name)}.bench.so", device=device), time_torch(call)) for _ in range(ROUNDS)]
        ours, theirs = (statistics.median(side) for side in zip(*times))
        speed = f"   {operations / ours / 1e3:.1f} : {operations / theirs / 1e3:.1f} TFLOP/s" if operations else ""
        print(f"{name:<24} {ours / 1e3:7.2f} us {theirs / 1e3:7.2f} us {theirs / ours:9.2f} {error:9.1e}{speed}", flush=True)
    launches()


def launches():
    text = (HERE / "launch.ptx").read_text()
    kernel, block = re.search(r"// ropt.workgroup (\S+) (\d+)", text).groups()
    grid = -(-64 // int(block))
    output("nvcc", "-O2", "-o", HERE / "launch", HERE / "launch.c", "-lcuda")
    times = []
    for _ in range(ROUNDS):
        theirs = float(output(HERE / "launch", HERE / "launch.ptx", kernel, grid, block))
        times.append((bench("launch.bench.so", "--batch=1000"), theirs))
    ours, theirs = (statistics.median(side) for side in zip(*times))
    print(f"{'launch':<24} {ours / 1e3:7.2f} us {theirs / 1e3:7.2f} us {theirs / ours:9.2f}           a loop of cuLaunchKernel in C")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", nargs="?", choices=["pack", "run"], default="run")
    parser.add_argument("-o", "--output", default="gpu.tar.gz", help="the archive that `pack` makes")
    parser.add_argument("--ropt", type=pathlib.Path, default=HERE.parent / "target/release", help="folder of ropt, for `pack`")
    parser.add_argument("--chip", default="sm_90", help="the GPU's architecture, for `pack`")
    options = parser.parse_args()
    pack(options) if options.command == "pack" else run()


if __name__ == "__main__":
    main()
