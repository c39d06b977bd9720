//! Builds `libropt_mlir.so`: the only MLIR and the only LLVM of a ropt process.
//!
//! mlir-tblgen turns `dialects/*.td` into C++, clang++ compiles `dialects/*.cpp` and `shim/*.cpp`,
//! and lld merges them with MLIR's, LLVM's and lld's static archives into one shared library. clang++ is not
//! a matter of taste: MLIR interns trait ids by function-name strings that differ between compilers.

use std::{
    env, fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

/// Our ABI number in the soname; raised with the major version of `ropt-abi`.
const ABI: &str = "1";

/// Archives whose every object is kept: C APIs and LLVM entry points that nothing in MLIR refers to.
const WHOLE_LLVM: [&str; 8] = ["Core", "Target", "Passes", "Analysis", "BitReader", "BitWriter", "IRReader", "Linker"];

fn main() {
    let prefix = PathBuf::from(env::var("ROPT_LLVM_PREFIX").unwrap_or("/usr/lib/llvm-22".into()));
    println!("cargo::rerun-if-env-changed=ROPT_MLIR_LIB_DIR");
    if let Some(folder) = env::var_os("ROPT_MLIR_LIB_DIR") {
        return take(&PathBuf::from(folder), &prefix);
    }
    let clang = env::var("ROPT_CXX").unwrap_or("clang++-22".into());
    let own = PathBuf::from(env::var("OUT_DIR").expect("cargo sets OUT_DIR"));
    // The C++ is the same for every profile and target folder, so it is built in one place, by one at a time.
    let out = env::var("ROPT_MLIR_BUILD_DIR").map_or(own.clone(), PathBuf::from);
    fs::create_dir_all(&out).expect("the target folder is writable");
    let lock = fs::File::create(out.join("lock")).expect("the target folder is writable");
    lock.lock().expect("the target folder is on a file system with locks");
    let root = env::current_dir().expect("a build script has a working directory");
    for variable in ["ROPT_LLVM_PREFIX", "ROPT_CXX", "ROPT_MLIR_BUILD_DIR"] {
        println!("cargo::rerun-if-env-changed={variable}");
    }
    for path in ["dialects", "shim", "prefix"] {
        println!("cargo::rerun-if-changed={path}");
    }

    let include = prefix.join("include");
    generate(&prefix, &include, &root.join("dialects"), &out);
    let objects = compile(&clang, &include, &root, &out);

    let version = mlir_version(&prefix);
    let (major, minor) = major_minor(&version);
    let soname = format!("libropt_mlir.so.{major}.{minor}.{ABI}");
    link(&clang, &prefix, &objects, &root, &out, &soname);
    publish(&own, &out, &soname);
    tell(&version, &soname, &out);
}

/// What the crate and those that link it need to know.
fn tell(version: &str, soname: &str, folder: &Path) {
    println!("cargo::rustc-env=ROPT_MLIR_BUILD={version}+abi{ABI}");
    println!("cargo::rustc-env=ROPT_MLIR_SONAME={soname}");
    println!("cargo::rustc-link-search=native={}", folder.display());
    println!("cargo::rustc-link-lib=dylib=ropt_mlir");
    println!("cargo::metadata=libdir={}", folder.display());
}

/// Links the library of an installed ropt: a plugin made elsewhere needs none of the C++.
fn take(folder: &Path, prefix: &Path) {
    let version = mlir_version(prefix);
    let (major, minor) = major_minor(&version);
    let soname = format!("libropt_mlir.so.{major}.{minor}.{ABI}");
    let library = folder.join(&soname);
    assert!(
        library.is_file(),
        "there is no {soname} in ROPT_MLIR_LIB_DIR={}\nhelp: `ropt plugins new` writes the folder of its ropt into \
         .cargo/config.toml; the headers under {} are MLIR {version}, which must be that ropt's MLIR (`ropt --version`)",
        folder.display(),
        prefix.display()
    );
    println!("cargo::rerun-if-changed={}", library.display());
    let own = PathBuf::from(env::var("OUT_DIR").expect("cargo sets OUT_DIR"));
    // The linker wants the plain name, which an installed ropt has not. The other is for the crate's own tests: cargo has
    // them look for libraries in this folder, and not in one outside of the target folder.
    for name in ["libropt_mlir.so", &soname] {
        let link = own.join(name);
        let _ = fs::remove_file(&link);
        std::os::unix::fs::symlink(&library, &link).expect("the target folder is writable");
    }
    tell(&version, &soname, &own);
}

/// Runs mlir-tblgen over every dialect description, all generators for each, so that no list is kept.
fn generate(prefix: &Path, include: &Path, dialects: &Path, out: &Path) {
    let tblgen = prefix.join("bin/mlir-tblgen");
    for td in sorted(dialects, "td") {
        let stem = td.file_stem().expect("a .td file has a name").to_string_lossy().into_owned();
        if stem.ends_with("Base") {
            continue;
        }
        for (generator, suffix) in
            [("dialect", "Dialect"), ("enum", "Enums"), ("typedef", "Types"), ("attrdef", "Attrs"), ("op", "Ops")]
        {
            for (kind, extension) in [("decls", "h.inc"), ("defs", "cpp.inc")] {
                run(Command::new(&tblgen)
                    .arg(format!("-gen-{generator}-{kind}"))
                    .arg("--write-if-changed") // so that only what depends on a change is compiled again
                    .arg("-I")
                    .arg(include)
                    .arg("-I")
                    .arg(dialects)
                    .arg(&td)
                    .arg("-o")
                    .arg(out.join(format!("{stem}{suffix}.{extension}"))));
            }
        }
    }
}

/// Which symbols `libropt_mlir.so` keeps to itself.
const HIDDEN: &str = "shim/hidden.map";

/// How C++ is compiled.
const CXX_FLAGS: [&str; 10] = [
    "-std=c++17",
    "-DNDEBUG",
    "-O2",
    "-fPIC",
    "-fno-exceptions",
    "-fvisibility-inlines-hidden",
    "-ffunction-sections",
    "-Wall",
    "-Wno-unused-function",
    "-Wno-unused-variable",
];

/// Compiles the C++ files, as many at once as there are processors. An object newer than all it was made
/// from stays, unless it was compiled in another way.
fn compile(clang: &str, include: &Path, root: &Path, out: &Path) -> Vec<PathBuf> {
    let mut sources = sorted(&root.join("dialects"), "cpp");
    sources.extend(sorted(&root.join("shim"), "cpp"));
    let jobs = std::thread::available_parallelism().map_or(2, |n| n.get());
    let way = format!("{clang} {} {}", CXX_FLAGS.join(" "), include.display());
    let stamp = out.join("compiled-by");
    let other_way = fs::read_to_string(&stamp).is_ok_and(|before| before != way);
    // clang writes what an object was made from beside it (-MMD).
    let fresh = |object: &Path| {
        let Some(built) = modified(object) else { return false };
        let Ok(list) = fs::read_to_string(object.with_extension("d")) else { return false };
        let mut files = list.split_whitespace().skip(1).filter(|word| *word != "\\");
        !other_way && files.all(|file| modified(Path::new(file)).is_some_and(|time| time <= built))
    };
    let object_of = |source: &Path| {
        let folder = source.parent().and_then(Path::file_name).unwrap_or_default();
        let stem = source.file_stem().unwrap_or_default();
        out.join(format!("{}-{}.o", folder.to_string_lossy(), stem.to_string_lossy()))
    };
    let objects = sources.iter().map(|source| object_of(source)).collect();
    sources.retain(|source| !fresh(&object_of(source)));
    for batch in sources.chunks(jobs) {
        let mut running = Vec::new();
        for source in batch {
            let object = object_of(source);
            let mut command = Command::new(clang);
            command
                .args(CXX_FLAGS)
                .arg("-isystem")
                .arg(include)
                .arg("-I")
                .arg(out)
                .arg("-I")
                .arg(root.join("dialects"))
                .arg("-I")
                .arg(root.join("shim"))
                .arg("-MMD")
                .arg("-c")
                .arg(source)
                .arg("-o")
                .arg(&object);
            running.push(command.spawn().unwrap_or_else(|error| {
                panic!("cannot run {clang}: {error}\nhelp: `cargo xtask setup` installs it; ROPT_CXX names another clang++ 22")
            }));
        }
        for mut child in running {
            let status = child.wait().expect("the compiler was started");
            assert!(status.success(), "a C++ file of core/mlir does not compile");
        }
    }
    fs::write(&stamp, way).expect("the target folder is writable");
    objects
}

fn link(clang: &str, prefix: &Path, objects: &[PathBuf], root: &Path, out: &Path, soname: &str) {
    let lib = prefix.join("lib");
    let archives = sorted(&lib, "a");
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let capi = archives.iter().filter(|path| name(path).starts_with("libMLIRCAPI"));
    let mlir = archives.iter().filter(|path| {
        let name = name(path);
        name.starts_with("libMLIR") && !name.starts_with("libMLIRCAPI") && !name.contains("Test")
    });
    let llvm = archives.iter().filter(|path| {
        let name = name(path);
        name.starts_with("libLLVM") && !name.contains("Fuzz")
    });
    let library = out.join(soname);
    let built = modified(&library);
    let scripts = [root.join("build.rs"), root.join(HIDDEN)];
    let inputs =
        objects.iter().filter_map(|object| modified(object)).chain(scripts.iter().filter_map(|path| modified(path)));
    if built.is_some() && inputs.max() <= built {
        return;
    }
    let temporary = out.join(format!("{soname}.new"));
    let mut command = Command::new(clang);
    command
        .args(["-fuse-ld=lld", "-shared", "-s"])
        .arg(format!("-Wl,-soname,{soname}"))
        .args(["-Wl,-O1", "-Wl,--gc-sections", "-Wl,-Bsymbolic", "-Wl,-z,pack-relative-relocs"])
        // Starting is what the loader and the static constructors do: the constructors lie together, and a library
        // that nothing calls (LLVM's archives name z3, libxml2, libedit, libffi) is not loaded.
        .args(["-Wl,-z,keep-text-section-prefix", "-Wl,--as-needed"])
        // A libstdc++ of its own, unseen from outside, saves the loader a library and some 20,000 named relocations.
        .arg("-static-libstdc++")
        .arg(format!("-Wl,--version-script={}", root.join(HIDDEN).display()))
        // What was made by one build of the library is not taken for another one's: keys of caches hold this.
        .arg("-Wl,--build-id=sha1")
        .arg("-Wl,--whole-archive")
        .args(capi)
        .args(WHOLE_LLVM.map(|part| lib.join(format!("libLLVM{part}.a"))))
        .arg("-Wl,--no-whole-archive")
        .args(objects)
        .arg("-Wl,--start-group")
        .args(mlir)
        .args(llvm)
        .args(["ELF", "Common"].map(|part| lib.join(format!("liblld{part}.a"))))
        // lld's link-time optimisation names Polly.
        .args(["", "ISL"].map(|part| lib.join(format!("libPolly{part}.a"))))
        .args(["-Wl,--end-group", "-Wl,-z,defs"])
        .args(["z", "zstd", "xml2", "tinfo", "m", "z3", "ffi", "edit"].map(|l| format!("-l{l}")))
        .arg("-o")
        .arg(&temporary);
    run(&mut command);
    // lld writes through a mapping, page by page. Written in one go, the file lies in the page cache in large pieces,
    // which a starting process maps with fewer faults: 4 ms of 16.
    let whole = out.join(format!("{soname}.whole"));
    fs::read(&temporary).and_then(|bytes| fs::write(&whole, bytes)).expect("the target folder is writable");
    fs::set_permissions(&whole, fs::Permissions::from_mode(0o755)).expect("the target folder is ours");
    fs::remove_file(&temporary).expect("the target folder is writable");
    fs::rename(&whole, &library).expect("the target folder is writable");
}

/// Leaves the library beside the binaries (`target/<profile>`), where their `$ORIGIN` rpath finds it.
fn publish(own: &Path, out: &Path, soname: &str) {
    let profile = own.ancestors().nth(3).expect("OUT_DIR lies in target/<profile>/build/<crate>");
    // cargo test runs binaries from `deps`, cargo build leaves them in the folder above.
    for folder in [profile.to_path_buf(), profile.join("deps"), out.to_path_buf()] {
        if folder != out {
            let temporary = folder.join(format!(".{soname}.{}", std::process::id()));
            fs::hard_link(out.join(soname), &temporary)
                .or_else(|_| fs::copy(out.join(soname), &temporary).map(drop))
                .expect("the target folder is writable");
            fs::rename(&temporary, folder.join(soname)).expect("the target folder is writable");
        }
        let link = folder.join("libropt_mlir.so");
        let _ = fs::remove_file(&link);
        std::os::unix::fs::symlink(soname, &link).expect("the target folder is writable");
    }
}

fn modified(path: &Path) -> Option<std::time::SystemTime> {
    fs::metadata(path).and_then(|data| data.modified()).ok()
}

fn mlir_version(prefix: &Path) -> String {
    let output = Command::new(prefix.join("bin/llvm-config")).arg("--version").output();
    let output = output.unwrap_or_else(|error| {
        panic!(
            "no LLVM 22 under {}: {error}\nhelp: `cargo xtask setup` installs it; ROPT_LLVM_PREFIX names another prefix",
            prefix.display()
        )
    });
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn major_minor(version: &str) -> (&str, &str) {
    let mut parts = version.split('.');
    (parts.next().unwrap_or("0"), parts.next().unwrap_or("0"))
}

fn sorted(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        panic!("{} is not there\nhelp: `cargo xtask setup` installs LLVM and MLIR 22", folder.display())
    };
    let mut files: Vec<_> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|e| e == extension))
        .collect();
    files.sort();
    files
}

fn run(command: &mut Command) {
    let status = command.status().unwrap_or_else(|error| {
        panic!("cannot run {command:?}: {error}\nhelp: `cargo xtask setup` installs what is needed")
    });
    let program = command.get_program().to_string_lossy().into_owned();
    assert!(status.success(), "{program} failed ({status}); its own message is above");
}
