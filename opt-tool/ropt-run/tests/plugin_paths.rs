//! Which files are taken for plugins, and which are refused because somebody else can have written them. `ropt` and
//! `ropt-run` share the rules; here a copy of `ropt-run` looks for the CPU's driver, alone in a folder.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, chown, symlink},
    path::{Path, PathBuf},
    process::{Command, Output},
};

const TOOL: &str = env!("CARGO_BIN_EXE_ropt-run");
/// Debian's `nobody`; any number that is neither root's nor ours would do.
const STRANGER: u32 = 65_534;

struct Place {
    root: tempfile::TempDir,
}

impl Place {
    /// `bin/ropt-run`, and `plugins/driver.so` beside it.
    fn new() -> Self {
        // Not in /tmp, which may be mounted without set-uid; nor where others cannot go, as in some homes.
        let beside = Path::new(TOOL).parent().expect("a folder");
        let open = beside.ancestors().all(|folder| fs::metadata(folder).is_ok_and(|m| m.permissions().mode() & 1 != 0));
        let base = if open { beside } else { Path::new("/var/tmp") };
        let root = tempfile::tempdir_in(base).expect("a folder");
        let place = Self { root };
        for folder in ["bin", "plugins", "elsewhere"] {
            fs::create_dir(place.path(folder)).expect("made");
            mode(&place.path(folder), 0o755);
        }
        mode(place.root.path(), 0o755);
        // Not by this process: a child that another test starts meanwhile would hold the file open for writing, and what is
        // written to cannot be run.
        let copied = Command::new("cp").arg(TOOL).arg(place.path("bin/ropt-run")).status();
        assert!(copied.expect("starts").success());
        fs::copy(Path::new(TOOL).with_file_name("libropt_driver_cpu.so"), place.plugin()).expect("`cargo build` first");
        mode(&place.plugin(), 0o644);
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    fn plugin(&self) -> PathBuf {
        self.path("plugins/driver.so")
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut tool = Command::new("timeout");
        tool.arg("30").arg(self.path("bin/ropt-run")).arg("devices").args(arguments);
        tool.env("ROPT_PLUGIN_PATH", self.path("plugins")).output().expect("starts")
    }

    fn taken(&self, arguments: &[&str]) {
        let output = self.run(arguments);
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success() && printed.contains("cpu-sync"), "{arguments:?}: {printed}{errors}");
    }

    fn refused(&self, sentence: &str, remedy: &str) {
        let output = self.run(&[]);
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(3), "{errors}");
        assert!(errors.contains(sentence) && errors.contains(remedy), "wanted `{sentence}`, `{remedy}` in\n{errors}");
        assert!(errors.contains("driver.so"), "the file is not named in\n{errors}");
        self.taken(&["--insecure-plugins"]);
    }

    /// Nothing is found, and the reason is not an error.
    fn passed_over(&self) {
        let output = self.run(&[]);
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success() && !printed.contains("cpu-sync"), "{printed}");
    }
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("ours");
}

/// Whether files can be given away; where not, the cases that need it are left out aloud.
fn give(path: &Path) -> bool {
    let given = chown(path, Some(STRANGER), None).is_ok();
    if !given {
        eprintln!("left out: only root can give {} to another user", path.display());
    }
    given
}

#[test]
fn a_file_of_ours_is_taken() {
    Place::new().taken(&[]);
}

#[test]
fn a_file_that_the_group_can_write_is_taken() {
    let place = Place::new();
    mode(&place.plugin(), 0o664);
    mode(&place.path("plugins"), 0o775);
    place.taken(&[]);
}

#[test]
fn a_file_that_everyone_can_write_is_refused() {
    let place = Place::new();
    mode(&place.plugin(), 0o666);
    place.refused("everyone can write it (mode 666)", "chmod o-w");
}

#[test]
fn a_folder_that_everyone_can_write_is_refused() {
    let place = Place::new();
    mode(&place.path("plugins"), 0o777);
    place.refused("everyone can write its folder", "chmod o-w");
}

#[test]
fn a_folder_in_which_nobody_can_replace_anothers_file_is_taken() {
    let place = Place::new();
    mode(&place.path("plugins"), 0o1777);
    place.taken(&[]);
}

#[test]
fn a_file_of_another_user_is_refused() {
    let place = Place::new();
    if give(&place.plugin()) {
        place.refused("belongs to user 65534", "copy it to a folder of yours");
    }
}

#[test]
fn a_folder_of_another_user_is_refused() {
    let place = Place::new();
    if give(&place.path("plugins")) {
        place.refused("belongs to user 65534", "copy it to a folder of yours");
    }
}

#[test]
fn files_of_the_programs_owner_are_taken() {
    let place = Place::new();
    if give(&place.plugin()) && give(&place.path("bin/ropt-run")) {
        place.taken(&[]);
    }
}

#[test]
fn a_link_out_of_the_folder_is_refused() {
    let place = Place::new();
    fs::rename(place.plugin(), place.path("elsewhere/driver.so")).expect("moved");
    symlink("../elsewhere/driver.so", place.plugin()).expect("linked");
    place.refused("it is a link that leads out of its folder", "--load-plugin");
}

#[test]
fn a_link_in_the_folder_is_taken() {
    let place = Place::new();
    fs::rename(place.plugin(), place.path("plugins/driver.so.1")).expect("moved");
    symlink("driver.so.1", place.plugin()).expect("linked");
    place.taken(&[]);
}

#[test]
fn a_link_to_the_folder_is_taken() {
    let place = Place::new();
    fs::rename(place.path("plugins"), place.path("real")).expect("moved");
    symlink("real", place.path("plugins")).expect("linked");
    place.taken(&[]);
}

#[test]
fn a_link_that_is_named_is_taken() {
    let place = Place::new();
    fs::rename(place.plugin(), place.path("elsewhere/driver.so")).expect("moved");
    symlink("elsewhere/driver.so", place.path("named.so")).expect("linked");
    place.taken(&[&format!("--load-plugin={}", place.path("named.so").display())]);
}

#[test]
fn a_named_file_that_everyone_can_write_is_refused() {
    let place = Place::new();
    fs::rename(place.plugin(), place.path("elsewhere/driver.so")).expect("moved");
    mode(&place.path("elsewhere/driver.so"), 0o646);
    let flag = format!("--load-plugin={}", place.path("elsewhere/driver.so").display());
    let output = place.run(&[&flag]);
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).contains("everyone can write it (mode 646)"));
    place.taken(&[&flag, "--insecure-plugins"]);
}

#[test]
fn links_to_nowhere_and_in_circles_are_passed_over() {
    let place = Place::new();
    fs::remove_file(place.plugin()).expect("removed");
    symlink("nowhere.so", place.plugin()).expect("linked");
    symlink("circle.so", place.path("plugins/circle.so")).expect("linked");
    place.passed_over();
}

#[test]
fn a_folder_and_a_pipe_are_no_plugins_and_nobody_waits() {
    let place = Place::new();
    fs::remove_file(place.plugin()).expect("removed");
    fs::create_dir(place.path("plugins/folder.so")).expect("made");
    let made = Command::new("mkfifo").arg(place.path("plugins/pipe.so")).status().expect("mkfifo runs");
    assert!(made.success());
    place.passed_over();
}

#[test]
fn a_variable_with_empty_and_missing_entries_is_read_on() {
    let place = Place::new();
    let value = format!(":/nowhere/at/all::{}", place.path("plugins").display());
    let output = Command::new(place.path("bin/ropt-run")).arg("devices").env("ROPT_PLUGIN_PATH", value).output();
    let output = output.expect("starts");
    assert!(String::from_utf8_lossy(&output.stdout).contains("cpu-sync"));
}

#[test]
fn a_program_with_raised_rights_ignores_the_variable() {
    let place = Place::new();
    let tool = place.path("bin/ropt-run");
    if !give(&tool) {
        return;
    }
    mode(&tool, 0o4755);
    place.passed_over();
    // The flag is the user's word, not the environment's.
    place.taken(&[&format!("--load-plugin={}", place.plugin().display())]);
}
