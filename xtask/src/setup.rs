//! `cargo xtask setup`: what a build needs is on the machine afterwards, or the user knows what is missing.
//!
//! On Debian it says what it is about to install and installs only what is missing. Elsewhere it installs nothing.

use std::{fs, process::Command};

use crate::{
    error::{Error, Result},
    packages::{REQUIREMENTS, prefix},
    process::{cargo, command, output, run as run_command, succeeds},
    venv,
};

/// Installs or checks everything; silent about what is there already.
pub(crate) fn run() -> Result<()> {
    rust_components()?;
    if debian_release().is_some() && succeeds(command("dpkg-query").arg("--version")) {
        debian()?;
    } else {
        elsewhere()?;
    }
    venv::tests()?;
    println!("setup: everything is there (LLVM and MLIR under {})", prefix().display());
    Ok(())
}

/// rustfmt and clippy of the toolchain in use: `rustup`'s minimal profile has neither.
fn rust_components() -> Result<()> {
    for (component, subcommand) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        if succeeds(cargo().args([subcommand, "--version"])) {
            continue;
        }
        println!("setup: adding {component} to the Rust toolchain");
        run_command(command("rustup").args(["component", "add", component]))?;
    }
    Ok(())
}

/// Debian's release number, when this is Debian.
fn debian_release() -> Option<String> {
    let text = fs::read_to_string("/etc/os-release").ok()?;
    let field = |name: &str| {
        text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('=').map(|v| v.trim_matches('"').to_owned()))
    };
    (field("ID")? == "debian").then(|| field("VERSION_ID").unwrap_or_default())
}

fn debian() -> Result<()> {
    let missing: Vec<_> = REQUIREMENTS.iter().filter(|need| !installed(need.debian)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("setup: installing {} Debian packages that this machine lacks:", missing.len());
    for need in &missing {
        println!("  {:<18} {}", need.debian, need.purpose);
    }
    let names: Vec<&str> = missing.iter().map(|need| need.debian).collect();
    if !names.iter().all(|name| available(name)) {
        // A fresh container has no package lists at all, so the first look says nothing.
        run_command(as_root("apt-get")?.arg("update"))?;
    }
    let unknown: Vec<String> = names.iter().filter(|name| !available(name)).map(|&name| name.to_owned()).collect();
    if !unknown.is_empty() {
        return Err(Error::Missing { names: unknown, help: source_help(&debian_release().unwrap_or_default()) });
    }
    run_command(as_root("apt-get")?.args(["install", "--yes", "--no-install-recommends"]).args(&names))
}

/// Debian's rustc-web, the second compiler for plugins, where apt has it and nothing would have to make way for it. Only
/// tests need it.
pub(crate) fn second_compiler() -> Result<()> {
    let debian = debian_release().is_some() && succeeds(command("dpkg-query").arg("--version"));
    let in_the_way = ["rustc", "rustc-mozilla", "rustup"].iter().any(|package| installed(package));
    if !debian || in_the_way || installed("rustc-web") || !available("rustc-web") {
        return Ok(());
    }
    if as_root("apt-get").is_err() {
        return Ok(());
    }
    println!("setup: installing rustc-web, which builds a plugin beside the host's compiler (70 MB)");
    let install =
        || run_command(as_root("apt-get")?.args(["install", "--yes", "--no-install-recommends", "rustc-web"]));
    // The package lists may be older than what the mirror has.
    let installed = install().or_else(|_| run_command(as_root("apt-get")?.arg("update")).and_then(|()| install()));
    if let Err(error) = installed {
        println!("setup: going on without rustc-web: {error}");
    }
    Ok(())
}

fn installed(package: &str) -> bool {
    let mut query = command("dpkg-query");
    query.args(["--show", "--showformat=${db:Status-Status}", package]).stderr(std::process::Stdio::null());
    query.output().is_ok_and(|answer| answer.stdout == b"installed")
}

/// Whether apt has a version of the package to install.
fn available(package: &str) -> bool {
    let mut policy = command("apt-cache");
    policy.args(["policy", package]).env("LC_ALL", "C");
    output(&mut policy).is_ok_and(|text| text.contains("Candidate: ") && !text.contains("Candidate: (none)"))
}

/// LLVM 22 is newer than Debian 12 and 13 were at their release.
fn source_help(release: &str) -> String {
    let codename = match release {
        "12" => "bookworm",
        "13" => "trixie",
        _ => "<codename>",
    };
    format!(
        "no configured source has them. Debian ships LLVM 22 for {codename} as a security update: add\n    \
         deb http://deb.debian.org/debian-security {codename}-security main\n  to /etc/apt/sources.list, or use LLVM's \
         own packages (https://apt.llvm.org):\n    deb http://apt.llvm.org/{codename}/ llvm-toolchain-{codename}-22 main\n  \
         then run `cargo xtask setup` again"
    )
}

/// The command with root's rights: as it is for root, else through sudo.
fn as_root(program: &str) -> Result<Command> {
    let is_root = output(command("id").arg("-u"))?.trim() == "0";
    let mut run_as = if is_root {
        command(program)
    } else if succeeds(command("sudo").arg("--version")) {
        let mut sudo = command("sudo");
        sudo.args(["--preserve-env=DEBIAN_FRONTEND", program]);
        sudo
    } else {
        return Err(Error::Wrong(format!(
            "`{program}` needs root's rights and there is no sudo\n  help: run `cargo xtask setup` as root once"
        )));
    };
    run_as.env("DEBIAN_FRONTEND", "noninteractive");
    Ok(run_as)
}

fn elsewhere() -> Result<()> {
    let missing: Vec<String> = REQUIREMENTS
        .iter()
        .filter(|need| !need.is_there())
        .map(|need| format!("{} ({}; Debian: {})", need.sought(), need.purpose, need.debian))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let help = "install LLVM, MLIR, clang and lld 22 with their static libraries. Where they do not lie in \
                /usr/lib/llvm-22, set ROPT_LLVM_PREFIX, TABLEGEN_220_PREFIX and LLVM_SYS_221_PREFIX to their prefix \
                and ROPT_CXX to its clang++"
        .to_owned();
    Err(Error::Missing { names: missing, help })
}
