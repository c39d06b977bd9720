//! The demo's folder and its tools: every command is shown as it is run.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::model::{BATCH, Model, WIDTHS, largest_error};
use crate::{
    error::{Error, Result},
    npy,
    process::{output, text_of},
};

/// A probability may differ by this much from the reference in double precision.
const LIMIT: f64 = 1e-5;

pub(super) struct Session {
    tools: PathBuf,
    folder: PathBuf,
}

impl Session {
    pub(super) fn new(tools: PathBuf, folder: PathBuf) -> Self {
        Self { tools, folder }
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(super) fn title(&self, text: &str) {
        println!("\n--- {text}");
    }

    /// Writes the images and the weights as .npy files, in the order of @main's arguments.
    pub(super) fn write_inputs(&self, model: &Model) -> Result<()> {
        npy::write(&self.path("images.npy"), &[BATCH, WIDTHS[0]], &model.images)?;
        for (number, (pair, layer)) in WIDTHS.windows(2).zip(&model.layers).enumerate() {
            npy::write(&self.path(&format!("weights{}.npy", number + 1)), &[pair[0], pair[1]], &layer.weights)?;
            npy::write(&self.path(&format!("bias{}.npy", number + 1)), &[pair[1]], &layer.bias)?;
        }
        Ok(())
    }

    /// The `--input` flags for @main.
    pub(super) fn inputs(&self) -> Vec<String> {
        let layers = (1..WIDTHS.len()).flat_map(|n| [format!("weights{n}"), format!("bias{n}")]);
        std::iter::once("images".to_owned()).chain(layers).map(|name| format!("--input=@{name}.npy")).collect()
    }

    /// A tool that runs in the demo's folder.
    pub(super) fn tool(&self, name: &str) -> Command {
        let mut command = Command::new(self.tools.join(name));
        command.current_dir(&self.folder);
        command
    }

    /// Shows and runs `ropt`; what it prints is part of the story.
    pub(super) fn ropt<'a>(&self, first: impl IntoIterator<Item = &'a OsStr>, rest: &[&str]) -> Result<()> {
        let mut command = self.tool("ropt");
        command.args(first).args(rest);
        self.echo(&command);
        let printed = output(&mut command)?;
        print!("{printed}");
        Ok(())
    }

    /// Runs @main on the images and compares every probability with the reference.
    pub(super) fn run_and_check(&self, program: &str, want: &[f64]) -> Result<()> {
        let mut command = self.tool("ropt-run");
        let result = format!("{program}.npy");
        command.args(["run", program, "--function=main"]).args(self.inputs()).arg(format!("--output=@{result}"));
        self.echo(&command);
        print!("{}", output(&mut command)?);
        let got = npy::read(&self.path(&result))?;
        let error = largest_error(&got, want);
        let first: Vec<String> = got.iter().take(WIDTHS[3]).map(|p| format!("{p:.3}")).collect();
        println!("  first image: {}", first.join(" "));
        if error > LIMIT {
            return Err(Error::Wrong(format!(
                "{program} is wrong: largest error {error:.2e}, limit {LIMIT:.0e}, against the network in double precision"
            )));
        }
        println!("  right: all {} probabilities within {error:.1e} of the reference", want.len());
        Ok(())
    }

    /// The dumped file of an executable.
    pub(super) fn dumped(&self, executable: &str) -> Result<String> {
        let names = self.names("sources")?;
        let suffix = format!("{executable}.mlir");
        names
            .iter()
            .find(|name| name.ends_with(&suffix))
            .cloned()
            .ok_or_else(|| Error::Wrong(format!("no executable {executable} was dumped, only: {}", names.join(", "))))
    }

    pub(super) fn list(&self, folder: &str) -> Result<()> {
        println!("$ ls {folder}");
        for name in self.names(folder)? {
            println!("{name}");
        }
        Ok(())
    }

    fn names(&self, folder: &str) -> Result<Vec<String>> {
        let path = self.path(folder);
        let entries = fs::read_dir(&path).map_err(Error::file("read", &path))?;
        let mut names: Vec<String> =
            entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        Ok(names)
    }

    /// Prints a file of the demo's folder, long lines cut.
    pub(super) fn show(&self, name: &str) -> Result<()> {
        println!("$ cat {name}");
        print_text(&read(&self.path(name))?);
        Ok(())
    }

    /// Prints a file from the line that starts with `from`.
    pub(super) fn show_from(&self, path: &Path, from: &str) -> Result<()> {
        let text = read(path)?;
        let start = text.find(&format!("\n{from}")).map_or(0, |at| at + 1);
        println!("$ tail {}", crate::process::shown(&path.display().to_string()));
        print_text(&text[start..]);
        Ok(())
    }

    /// Shows the command without the folder of the tools.
    pub(super) fn echo(&self, command: &Command) {
        let tools = format!("{}/", self.tools.display());
        let text = text_of(command).replace(&crate::process::shown(&tools), "").replace(&tools, "");
        println!("$ {text}");
    }
}

pub(super) fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(Error::file("read", path))
}

/// Cut where a terminal would wrap.
pub(super) fn print_text(text: &str) {
    const WIDTH: usize = 150;
    for line in text.lines() {
        if line.chars().count() > WIDTH {
            println!("{}…", line.chars().take(WIDTH).collect::<String>());
        } else {
            println!("{line}");
        }
    }
}
