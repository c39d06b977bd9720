//! Sequences of launches that come again become CUDA graphs, which cost the host one launch for all of them.
//!
//! A sequence is the same when every kernel, grid and parameter is. Addresses are parameters: the memory pool gives a
//! program the same ones again, so that a repeated call is the same sequence.

use std::{collections::HashMap, ffi::c_void};

use cudarc::driver::sys;

use crate::{
    error::{CudaError, Result, What},
    launches::{Launch, Launches},
};

/// Fewer launches are not worth a graph.
const LEAST: usize = 4;
/// A sequence becomes a graph when it comes for this time.
const TIMES: u32 = 3;
/// Sequences that are remembered; with one more, all are forgotten.
const MOST: usize = 64;
/// The first driver that has all of the interface used here.
const VERSION: i32 = 12_000;

/// A sequence that was met.
#[derive(Default)]
struct Met {
    times: u32,
    graph: Option<sys::CUgraphExec>,
}

/// The sequences met so far.
pub(crate) struct Graphs {
    met: HashMap<Box<[u64]>, Met>,
    /// Whether the driver has graphs.
    usable: bool,
}

impl Graphs {
    pub(crate) fn new(wanted: bool) -> Self {
        let mut version = 0;
        // SAFETY: writes one number.
        let asked = unsafe { sys::cuDriverGetVersion(&raw mut version) }.result();
        Self { met: HashMap::new(), usable: wanted && asked.is_ok() && version >= VERSION }
    }

    /// Launches everything on the stream, in order.
    pub(crate) fn launch(&mut self, launches: &Launches, stream: sys::CUstream) -> Result {
        if self.usable && launches.len() >= LEAST {
            if self.met.len() >= MOST && !self.met.contains_key(launches.key()) {
                self.forget();
            }
            let met = self.met.entry(launches.key().into()).or_default();
            met.times += 1;
            if met.times >= TIMES && met.graph.is_none() {
                met.graph = Some(instantiate(launches)?);
            }
            if let Some(graph) = met.graph {
                // SAFETY: the graph is alive; its kernels' modules are, since unloading one forgets all graphs.
                return unsafe { sys::cuGraphLaunch(graph, stream) }.result().what("launch a graph of kernels");
            }
        }
        launches.iter().try_for_each(|one| single(&one, stream))
    }

    /// Drops all graphs; those under way go on.
    pub(crate) fn forget(&mut self) {
        for met in self.met.drain().map(|(_, met)| met) {
            if let Some(graph) = met.graph {
                // SAFETY: made by `instantiate`, destroyed once; CUDA keeps what is under way.
                let _gone = unsafe { sys::cuGraphExecDestroy(graph) };
            }
        }
    }
}

/// The pointers to a launch's parameters, as CUDA takes them: 32 bits of a constant are the low half of its number.
fn pointers(one: &Launch<'_>) -> Vec<*mut c_void> {
    one.parameters.iter().map(|word| std::ptr::from_ref(word).cast_mut().cast()).collect()
}

fn single(one: &Launch<'_>, stream: sys::CUstream) -> Result {
    let mut parameters = pointers(one);
    let ([x, y, z], [tx, ty, tz]) = (one.grid, one.workgroup);
    let function = one.function as sys::CUfunction;
    // SAFETY: the function is of a loaded module; parameters are as many and as large as its interface says, and CUDA
    // copies them during the call; what the kernel does inside of its bindings is the caller's promise.
    let launched = unsafe {
        let nothing = std::ptr::null_mut();
        sys::cuLaunchKernel(function, x, y, z, tx, ty, tz, one.shared, stream, parameters.as_mut_ptr(), nothing)
    };
    launched.result().map_err(|failure| CudaError::Kernel { kernel: one.name.to_string(), failure })
}

/// A chain of the kernels: each waits for the one before it.
fn instantiate(launches: &Launches) -> Result<sys::CUgraphExec> {
    let mut graph = std::ptr::null_mut();
    // SAFETY: writes the new graph.
    unsafe { sys::cuGraphCreate(&raw mut graph, 0) }.result().what("make a graph of kernels")?;
    let built = chain(graph, launches);
    // SAFETY: the graph was just made; what was instantiated does not need it any more.
    let _gone = unsafe { sys::cuGraphDestroy(graph) };
    built
}

fn chain(graph: sys::CUgraph, launches: &Launches) -> Result<sys::CUgraphExec> {
    let mut before: Option<sys::CUgraphNode> = None;
    for one in launches.iter() {
        let mut parameters = pointers(&one);
        let ([x, y, z], [tx, ty, tz]) = (one.grid, one.workgroup);
        let node = sys::CUDA_KERNEL_NODE_PARAMS {
            func: one.function as sys::CUfunction,
            gridDimX: x,
            gridDimY: y,
            gridDimZ: z,
            blockDimX: tx,
            blockDimY: ty,
            blockDimZ: tz,
            sharedMemBytes: one.shared,
            kernelParams: parameters.as_mut_ptr(),
            extra: std::ptr::null_mut(),
            kern: std::ptr::null_mut(),
            ctx: std::ptr::null_mut(),
        };
        let mut added = std::ptr::null_mut();
        let dependencies = before.as_ref().map_or(std::ptr::null(), std::ptr::from_ref);
        // SAFETY: as in `single`; the dependency is a node of this graph.
        let result = unsafe {
            let count = usize::from(before.is_some());
            sys::cuGraphAddKernelNode_v2(&raw mut added, graph, dependencies, count, &raw const node)
        };
        result.result().map_err(|failure| CudaError::Kernel { kernel: one.name.to_string(), failure })?;
        before = Some(added);
    }
    let mut instance = std::ptr::null_mut();
    // SAFETY: the graph is whole; writes the new instance.
    unsafe { sys::cuGraphInstantiateWithFlags(&raw mut instance, graph, 0) }
        .result()
        .what("prepare a graph of kernels")?;
    Ok(instance)
}
