//! `cargo xtask demo`: what ropt is for, in five steps, with numbers that are checked.
//!
//! Compiles a network, dumps its executables, edits one as text, writes another in C, and puts both back. The
//! commands that it prints are the commands that it runs.

mod edit;
mod model;
mod session;
mod timing;

use std::fs;

use crate::{
    error::{Error, Result},
    process::{cargo, release, root, run as run_command, target},
    setup,
};
use model::{Activation, Model};
use session::Session;

/// The executable whose text is edited, and the one that is replaced by C.
const EDITED: &str = "main_dispatch_0";
const HAND_WRITTEN: &str = "main_dispatch_1";
/// What the edit keeps of a negative sum.
const LEAK: f64 = 0.125;

/// Tells the story from a clean folder.
pub(crate) fn run() -> Result<()> {
    setup::run()?;
    println!("demo: building ropt (the first time takes a few minutes)");
    run_command(cargo().args(["build", "--release", "--workspace", "--quiet"]))?;

    let folder = target().join("demo");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(Error::file("remove", &folder))?;
    }
    fs::create_dir_all(&folder).map_err(Error::file("create", &folder))?;
    let session = Session::new(release(), folder);
    let model = Model::new();
    session.write_inputs(&model)?;

    session.title("1. Compile a network of three layers and run it");
    let program = root().join("examples/mlp.mlir");
    let compile = ["compile".as_ref(), program.as_os_str(), "--target=llvm-cpu".as_ref()];
    session.ropt(compile, &["-o", "before.so", "--hal-dump-executable-sources-to=sources"])?;
    session.run_and_check("before.so", &model.answer(Activation::Relu))?;

    session.title("2. Look at its executables");
    session.list("sources")?;
    session.show(&format!("sources/{}", session.dumped(EDITED)?))?;

    session.title("3. Edit one: the first layer keeps an eighth of what is negative");
    let edited = edit::leak(&session, EDITED, LEAK)?;

    session.title("4. Write another in C");
    let kernel = root().join("examples/kernels/dense_relu.c");
    session.show_from(&kernel, "ROPT_KERNEL")?;

    session.title("5. Put both back into the whole program");
    let source = format!("--hal-substitute-executable-source={EDITED}={edited}");
    let object = format!("--hal-substitute-executable-object={HAND_WRITTEN}={}", kernel.display());
    session.ropt(compile, &["-o", "after.so", &source, &object])?;
    session.run_and_check("after.so", &model.answer(Activation::Leaky(LEAK)))?;

    session.title("6. Measure");
    timing::compare(&session, "before.so", "after.so")?;
    println!(
        "\nEverything is in {}. The numbers were right before and after.",
        crate::process::shown(&session.path("").display().to_string())
    );
    Ok(())
}
