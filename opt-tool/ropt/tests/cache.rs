//! `ropt compile` with a cache, as a user meets it: the same program, sooner; and `ropt cache`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

const ROPT: &str = env!("CARGO_BIN_EXE_ropt");

/// Two kernels that cannot become one, and a constant that makes them new.
fn program(constant: &str) -> String {
    format!(
        "func.func @main(%a: tensor<16x64xf32>) -> tensor<16xf32> {{
           %c = arith.constant dense<{constant}> : tensor<16x64xf32>
           %p = arith.mulf %a, %c : tensor<16x64xf32>
           %e = tensor.empty() : tensor<16x16xf32>
           %z = arith.constant 0.0 : f32
           %i = linalg.fill ins(%z : f32) outs(%e : tensor<16x16xf32>) -> tensor<16x16xf32>
           %t = tensor.empty() : tensor<64x16xf32>
           %q = linalg.transpose ins(%p : tensor<16x64xf32>) outs(%t : tensor<64x16xf32>) permutation = [1, 0]
           %m = linalg.matmul ins(%p, %q : tensor<16x64xf32>, tensor<64x16xf32>) outs(%i : tensor<16x16xf32>) -> tensor<16x16xf32>
           %v = tensor.empty() : tensor<16xf32>
           %w = linalg.fill ins(%z : f32) outs(%v : tensor<16xf32>) -> tensor<16xf32>
           %s = linalg.reduce {{ arith.addf }} ins(%m : tensor<16x16xf32>) outs(%w : tensor<16xf32>) dimensions = [1]
           return %s : tensor<16xf32>
         }}"
    )
}

struct Case {
    folder: tempfile::TempDir,
    ropt: PathBuf,
}

impl Case {
    fn new() -> Self {
        let case = Self { folder: tempfile::tempdir().expect("a temporary folder"), ropt: ROPT.into() };
        fs::write(case.path("p.mlir"), program("2.0")).expect("the program is written");
        case
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// `ropt compile p.mlir -o OUTPUT` with these flags; what it says.
    fn compile(&self, output: &str, flags: &[&str]) -> String {
        let said = self.command(output, flags).output().expect("ropt runs");
        let text = words(&said);
        assert!(said.status.success(), "{text}");
        text
    }

    fn command(&self, output: &str, flags: &[&str]) -> Command {
        let mut ropt = Command::new(&self.ropt);
        ropt.arg("compile").arg(self.path("p.mlir")).arg("-o").arg(self.path(output));
        ropt.args(["--target=llvm-cpu", "--target-cpu=x86-64-v3", "--pass-statistics"]).args(flags);
        ropt.env("ROPT_CACHE_DIR", self.path("cache")).current_dir(self.folder.path());
        ropt
    }

    fn cache(&self, arguments: &[&str]) -> Output {
        let mut ropt = Command::new(&self.ropt);
        ropt.arg("cache").args(arguments).env("ROPT_CACHE_DIR", self.path("cache"));
        ropt.output().expect("ropt runs")
    }

    /// Files of entries.
    fn entries(&self) -> Vec<PathBuf> {
        let list = |folder: &Path| {
            let entries = fs::read_dir(folder).map(|all| all.filter_map(|one| Some(one.ok()?.path())).collect());
            entries.unwrap_or_else(|_| Vec::new())
        };
        let mut files: Vec<PathBuf> = list(&self.path("cache/1")).iter().flat_map(|shard| list(shard)).collect();
        files.sort();
        files
    }

    fn same(&self, one: &str, other: &str) -> bool {
        let read = |name| fs::read(self.path(name)).expect("a program");
        read(one) == read(other)
    }
}

fn words(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A counter of `hal-compile-executables` in what `--pass-statistics` printed; 0 when it is not there.
fn counted(said: &str, counter: &str) -> u64 {
    let mut lines = said.lines().skip_while(|line| line.trim() != "hal-compile-executables").skip(1);
    let ours = lines.by_ref().take_while(|line| line.trim_start().starts_with("(S)"));
    let found = ours.filter_map(|line| line.trim().strip_prefix("(S)")?.trim().split_once(' '));
    let found = found.filter(|(_, name)| name.trim() == counter);
    found.map(|(number, _)| number.parse::<u64>().expect("a number")).sum()
}

/// (binaries made, binaries out of the cache).
fn made_and_found(said: &str) -> (u64, u64) {
    (counted(said, "compiled"), counted(said, "cached"))
}

#[test]
fn the_program_is_the_same_with_and_without() {
    let case = Case::new();
    let cold = case.compile("cold.so", &[]);
    let (kernels, found) = made_and_found(&cold);
    assert!(kernels >= 2 && found == 0, "{cold}");
    assert_eq!(case.entries().len() as u64, kernels + 1, "the host code is one more");
    assert_eq!(made_and_found(&case.compile("warm.so", &[])), (0, kernels));
    assert_eq!(made_and_found(&case.compile("without.so", &["--no-cache"])), (kernels, 0));
    assert!(case.same("cold.so", "warm.so") && case.same("cold.so", "without.so"));
    // Places are no part of what is compiled.
    fs::write(case.path("p.mlir"), format!("// Moved.\n\n{}", program("2.0"))).expect("written");
    assert_eq!(made_and_found(&case.compile("moved.so", &[])), (0, kernels));
    assert!(case.same("cold.so", "moved.so"));
}

#[test]
fn whatever_a_binary_depends_on_makes_another_one() {
    let case = Case::new();
    let schedules = case.path("schedules");
    fs::create_dir(&schedules).expect("a folder");
    let schedules_flag = format!("--cpu-schedules={}", schedules.display());
    let variants: [&[&str]; 6] = [
        &[],
        &["--target-cpu-features=-fma"],
        &["--target-pipeline=llvm-cpu:configure=builtin.module(cpu-decompose-ops,cse,cpu-select-schedule)"],
        &["--x86-asm-syntax=intel"],
        &[&schedules_flag],
        &["--cache-size=2GiB"],
    ];
    let mut kernels = 0;
    for (number, flags) in variants.iter().enumerate() {
        let (made, found) = made_and_found(&case.compile("a.so", flags));
        kernels = kernels.max(made);
        let same = number == variants.len() - 1;
        assert_eq!((made, found), if same { (0, kernels) } else { (kernels, 0) }, "{flags:?}");
        assert_eq!(made_and_found(&case.compile("b.so", flags)), (0, kernels), "{flags:?} again");
        assert!(case.same("a.so", "b.so"), "{flags:?}");
    }
    // A file that the target reads, by what is in it.
    fs::write(schedules.join("nobody.mlir"), "// a schedule that no kernel asks for\n").expect("written");
    assert_eq!(made_and_found(&case.compile("a.so", &[&schedules_flag])), (kernels, 0));
    // One kernel of several.
    fs::write(case.path("p.mlir"), program("3.0")).expect("written");
    let (made, found) = made_and_found(&case.compile("a.so", &[]));
    assert_eq!((made, made + found), (1, kernels));
}

#[test]
fn another_plugin_makes_another_binary() {
    let mut case = Case::new();
    let release = Path::new(ROPT).parent().expect("a folder");
    let tools = case.path("tools");
    fs::create_dir(&tools).expect("a folder");
    for entry in fs::read_dir(release).expect("the build").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let (plugin, mlir) = (name.starts_with("libropt_") && name.ends_with(".so"), name.starts_with("libropt_mlir"));
        if mlir {
            std::os::unix::fs::symlink(entry.path(), tools.join(&name)).expect("linked");
        } else if plugin || name == "ropt" {
            fs::copy(entry.path(), tools.join(&name)).expect("copied");
        }
    }
    case.ropt = tools.join("ropt");
    let kernels = made_and_found(&case.compile("a.so", &[])).0;
    assert_eq!(made_and_found(&case.compile("a.so", &[])), (0, kernels));
    let change = |name: &str| {
        let path = tools.join(name);
        let mut bytes = fs::read(&path).expect("a plugin");
        bytes.push(0);
        fs::write(&path, bytes).expect("written");
    };
    change("libropt_dump.so");
    assert_eq!(made_and_found(&case.compile("a.so", &[])), (0, kernels), "it has no part in it");
    for taking_part in ["libropt_target_cpu.so", "libropt_codegen.so"] {
        change(taking_part);
        assert_eq!(made_and_found(&case.compile("a.so", &[])), (kernels, 0), "{taking_part}");
    }
}

#[test]
fn a_damaged_entry_is_told_and_made_again() {
    let case = Case::new();
    let kernels = made_and_found(&case.compile("a.so", &[])).0;
    let mut told = (0, 0);
    for broken in case.entries() {
        let mut bytes = fs::read(&broken).expect("an entry");
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        fs::write(&broken, bytes).expect("written");
        let said = case.compile("b.so", &[]);
        assert!(said.contains("is damaged (its checksum does not hold): it is compiled again"), "{said}");
        let (made, found) = made_and_found(&said);
        assert_eq!(made + found, kernels, "{said}");
        assert_eq!(made == 0, said.contains("remark: the host code in the cache"), "{said}");
        told = (told.0 + made, told.1 + u64::from(made == 0));
        assert!(case.same("a.so", "b.so"));
    }
    assert_eq!(told, (kernels, 1), "each binary, and the host code");
    assert_eq!(made_and_found(&case.compile("b.so", &[])), (0, kernels));
}

#[test]
fn without_a_cache_nothing_is_written() {
    let case = Case::new();
    case.compile("a.so", &["--no-cache"]);
    let off = case.command("b.so", &[]).env("ROPT_CACHE_DIR", "").env("HOME", case.path("home")).output();
    let off = off.expect("ropt runs");
    assert!(off.status.success(), "{}", words(&off));
    assert!(!case.path("cache").exists() && !case.path("home").exists());
    let mut home = case.command("b.so", &[]);
    home.env_remove("ROPT_CACHE_DIR").env_remove("XDG_CACHE_HOME").env("HOME", case.path("home"));
    assert!(home.output().expect("ropt runs").status.success());
    assert!(case.path("home/.cache/ropt/1").is_dir(), "that is where it is when nobody says anything");
}

#[test]
fn a_folder_that_cannot_be_used_is_said_and_fails_nothing() {
    let case = Case::new();
    let place = case.path("p.mlir").display().to_string();
    let said = case.compile("a.so", &[&format!("--cache-dir={place}")]);
    assert!(said.contains("binaries were not kept in the cache: cannot"), "{said}");
    assert!(said.contains(&format!("the cache is `{place}`")), "{said}");
    case.compile("b.so", &["--no-cache"]);
    assert!(case.same("a.so", "b.so"));
    let said = case.compile("c.so", &["--cache-dir=a}b"]);
    assert!(said.contains("warning: there is no cache: a pipeline cannot name `a}b`"), "{said}");
}

#[test]
fn processes_share_a_cache() {
    let case = Case::new();
    let outputs = ["0.so", "1.so", "2.so", "3.so"];
    let running: Vec<_> = outputs
        .iter()
        .map(|output| case.command(output, &[]).stderr(std::process::Stdio::null()).spawn().expect("ropt starts"))
        .collect();
    for mut one in running {
        assert!(one.wait().expect("ropt ends").success());
    }
    assert!(outputs.iter().all(|output| case.same(output, "0.so")));
    assert_eq!(counted(&case.compile("a.so", &[]), "compiled"), 0);
}

#[test]
fn a_substituted_object_leaves_the_others_in_the_cache() {
    let case = Case::new();
    let binaries = case.path("binaries");
    let kernels = made_and_found(&case.compile("a.so", &[])).0;
    let dumped = case.compile("b.so", &[&format!("--hal-dump-executable-binaries-to={}", binaries.display())]);
    assert_eq!(made_and_found(&dumped), (0, kernels), "{dumped}");
    assert!(case.same("a.so", "b.so"));
    let mut files: Vec<PathBuf> = fs::read_dir(&binaries).expect("dumped").flatten().map(|one| one.path()).collect();
    files.sort();
    assert_eq!(files.len() as u64, kernels, "each binary is dumped, though none was made");
    let substitute = format!("--hal-substitute-executable-object=main_dispatch_0={}", files[0].display());
    let said = case.compile("c.so", &[&substitute]);
    assert!(said.contains("executable @main_dispatch_0 is substituted by"), "{said}");
    assert_eq!(made_and_found(&said), (0, kernels), "{said}");
    assert!(case.same("a.so", "c.so"), "its own binary stands for it");
}

#[test]
fn a_kernel_that_fails_leaves_the_others_in_the_cache() {
    let case = Case::new();
    let (folder, dump) = (case.path("configured"), "--hal-dump-executable-configurations-to=configured");
    let kernels = made_and_found(&case.compile("a.so", &["--no-cache", dump])).0;
    let last = kernels - 1;
    let file = folder.join(format!("configured_module_main_dispatch_{last}.mlir"));
    let text = fs::read_to_string(&file).expect("dumped");
    let (before, schedule) = text.split_once("ropt.schedule = \"").expect("a schedule");
    let (_, after) = schedule.split_once('"').expect("its name");
    fs::write(&file, format!("{before}ropt.schedule = \"unheard-of\"{after}")).expect("written");
    let substitute = format!("--hal-substitute-executable-configuration=main_dispatch_{last}={}", file.display());
    // On one thread they come in order.
    let failed = case.command("b.so", &[&substitute, "--mlir-disable-threading"]).output().expect("ropt runs");
    assert!(!failed.status.success() && words(&failed).contains("unheard-of"), "{}", words(&failed));
    assert_eq!(case.entries().len() as u64, last, "{}", words(&failed));
    assert_eq!(made_and_found(&case.compile("c.so", &[dump])), (1, last));
    assert!(case.same("a.so", "c.so"));
}

#[test]
fn a_pass_that_wants_to_see_kernels_gets_them() {
    let case = Case::new();
    let pipeline = |flags: &[&str]| {
        let printed = case.command("a.so", &[flags, &["--print-pipeline"]].concat()).output().expect("ropt runs");
        String::from_utf8(printed.stdout).expect("text")
    };
    let usual = pipeline(&[]);
    assert!(usual.contains("hal-compile-executables{configure=true") && !usual.contains("hal-translate"), "{usual}");
    assert!(usual.contains(&format!("cache={}", case.path("cache").display())), "{usual}");
    assert!(!pipeline(&["--no-cache"]).contains("cache="));
    let configured = pipeline(&["--hal-dump-executable-configurations-to=d"]);
    assert!(configured.contains("hal-configure-executables"), "{configured}");
    assert!(configured.contains("hal-compile-executables{timeout"), "{configured}");
    for flag in ["--hal-dump-executable-intermediates-to=d", "--dump-compilation-phases-to=d"] {
        let text = pipeline(&[flag]);
        assert!(text.contains("hal-translate-executables") && !text.contains("hal-compile"), "{flag}: {text}");
    }
    let object = pipeline(&["--hal-substitute-executable-object=a=b.o"]);
    assert!(object.contains("hal-compile-executables{configure=true"), "{object}");
    // The printed text is what runs.
    case.compile("a.so", &[]);
    let mut opt = Command::new(ROPT);
    opt.arg(case.path("p.mlir")).arg(format!("--pass-pipeline={}", pipeline(&[]).trim().replace("a.so", "b.so")));
    let opt = opt.args(["-o", "/dev/null", "--pass-statistics"]).output().expect("ropt runs");
    assert_eq!(counted(&words(&opt), "compiled"), 0, "{}", words(&opt));
    assert!(case.same("a.so", "b.so"));
}

#[test]
fn the_cache_is_shown_pruned_and_cleared() {
    let case = Case::new();
    let kernels = made_and_found(&case.compile("a.so", &[])).0;
    let shown = words(&case.cache(&["show"]));
    let entries = kernels + 1;
    assert!(shown.contains(&format!("entries  {entries}")) && shown.contains("of 1.0 GiB"), "{shown}");
    let json: serde_json::Value =
        serde_json::from_str(&words(&case.cache(&["show", "--json", "--cache-size=1MiB"]))).expect("JSON");
    assert_eq!((json["entries"].as_u64(), json["limit"].as_u64()), (Some(entries), Some(1 << 20)));
    assert_eq!(json["folder"].as_str(), case.path("cache").to_str());
    let bytes: u64 = case.entries().iter().map(|file| fs::metadata(file).expect("an entry").len()).sum();
    assert_eq!(json["bytes"].as_u64(), Some(bytes));
    assert_eq!(words(&case.cache(&["prune"])), "removed 0 entries\n");
    let pruned = words(&case.cache(&["prune", "--cache-size=16"]));
    assert_eq!(pruned, format!("removed {entries} entries\n"));
    case.compile("a.so", &[]);
    assert_eq!(words(&case.cache(&["clear"])), format!("removed {entries} entries\n"));
    assert!(case.entries().is_empty());
    let wrong = case.cache(&["prune", "--cache-size=lots"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(words(&wrong).contains("error: --cache-size: `lots` is not a size"), "{}", words(&wrong));
    let both = case.command("a.so", &["--no-cache", "--cache-dir=x"]).output().expect("ropt runs");
    assert_eq!(both.status.code(), Some(2), "{}", words(&both));
}
