//! The registry: every plugin's manifest, and each plugin itself once something of it is used.

use crate::{
    discover::{PluginFile, Wanted, discover},
    error::HostError,
    identity::Outside,
    isolate::{Pool, Settings},
    load::{check, load},
    near::did_you_mean,
    pipeline::facts::{self, Declarations},
    report::Report,
    statistics::Statistics,
};
use ropt_abi::{
    manifest::{PassRecord, TargetRecord},
    pass::PassDescriptorRef,
    root::PluginRootRef,
    target::TargetDescriptorRef,
};
use ropt_cache::Key;
use std::{
    collections::{BTreeMap, HashMap},
    path::PathBuf,
    sync::{
        Mutex, OnceLock, RwLock,
        atomic::{AtomicBool, AtomicI32, Ordering},
    },
};

/// A plugin: its manifest at once, its code on first use.
pub struct Plugin {
    /// File and manifest.
    pub file: PluginFile,
    checked: OnceLock<Result<(), String>>,
    /// Whether a pass of it has run to its end in another process.
    pub(crate) known: AtomicBool,
    root: OnceLock<Result<PluginRootRef, String>>,
    /// A digest of the file, once somebody asked; see [`crate::identity`].
    pub(crate) digest: OnceLock<Result<Key, String>>,
}

/// What plugins bring, by name.
#[derive(Default)]
pub(crate) struct Names {
    passes: BTreeMap<String, (usize, usize)>,
    targets: BTreeMap<String, (usize, usize)>,
}

/// Sorts what plugins bring by name.
///
/// # Errors
/// When two plugins have something of the same name.
pub(crate) fn names(plugins: &[PluginFile]) -> Result<Names, HostError> {
    let Names { mut passes, mut targets } = Names::default();
    for (index, plugin) in plugins.iter().enumerate() {
        let same = plugins[..index].iter().find(|p| p.manifest.header.plugin == plugin.manifest.header.plugin);
        if let Some(first) = same {
            return Err(clash("plugin", &plugin.manifest.header.plugin, first, plugin));
        }
        for (place, pass) in plugin.manifest.passes.iter().enumerate() {
            for name in std::iter::once(&pass.pass).chain(&pass.aliases) {
                if let Some((first, _)) = passes.insert(name.clone(), (index, place)) {
                    return Err(clash("pass", name, &plugins[first], plugin));
                }
            }
        }
        for (place, target) in plugin.manifest.targets.iter().enumerate() {
            for name in std::iter::once(&target.target).chain(&target.aliases) {
                if let Some((first, _)) = targets.insert(name.clone(), (index, place)) {
                    return Err(clash("target", name, &plugins[first], plugin));
                }
            }
        }
    }
    Ok(Names { passes, targets })
}

/// The host of one process. It lives until the process ends, for MLIR's registry refers to it.
pub struct Host {
    /// The plugins, in the order of discovery.
    pub plugins: Vec<Plugin>,
    /// Pass names and aliases → plugin and place in its manifest.
    pub(crate) passes: BTreeMap<String, (usize, usize)>,
    /// Target names and aliases → plugin and place in its manifest.
    pub(crate) targets: BTreeMap<String, (usize, usize)>,
    /// The passes' counters.
    pub statistics: Statistics,
    /// The flags given to `ropt compile`.
    pub(crate) flags: RwLock<HashMap<String, Vec<String>>>,
    /// MLIR's own flags and the upstream plugins, which have their part in what passes do.
    pub(crate) outside: RwLock<Outside>,
    /// Processes that wait for passes.
    pub(crate) workers: Pool,
    settings: OnceLock<Settings>,
    arguments: OnceLock<Vec<String>>,
    work_dir: Mutex<Option<tempfile::TempDir>>,
    cancelled: AtomicBool,
    worst: AtomicI32,
}

impl Host {
    /// Finds the plugins and checks that their names do not clash. A broken one in a folder is a warning.
    ///
    /// # Errors
    /// When a plugin that was named is broken, or two have something of the same name.
    pub fn new(wanted: &Wanted) -> Result<&'static Self, HostError> {
        let (host, broken) = Self::find(wanted)?;
        for error in broken {
            let help = "`ropt plugins doctor` lists every plugin; take the file out of the folder".to_owned();
            eprintln!("{}", Report::warning(error.to_string()).help(Some(help)));
        }
        Ok(host)
    }

    /// As [`Self::new`], with what is wrong with plugins that were passed over.
    pub(crate) fn find(wanted: &Wanted) -> Result<(&'static Self, Vec<HostError>), HostError> {
        let (plugins, broken) = discover(wanted)?;
        let Names { passes, targets } = names(&plugins)?;
        let plugin = |file| Plugin {
            file,
            checked: OnceLock::new(),
            known: AtomicBool::new(false),
            root: OnceLock::new(),
            digest: OnceLock::new(),
        };
        let plugins = plugins.into_iter().map(plugin).collect();
        let host = Box::leak(Box::new(Self {
            plugins,
            passes,
            targets,
            statistics: Statistics::default(),
            flags: RwLock::default(),
            outside: RwLock::default(),
            workers: Pool::default(),
            settings: OnceLock::new(),
            arguments: OnceLock::new(),
            work_dir: Mutex::new(None),
            cancelled: AtomicBool::new(false),
            worst: AtomicI32::new(0),
        }));
        Ok((host, broken))
    }

    /// The pass of that name or alias, and its plugin.
    pub fn pass(&self, name: &str) -> Option<(&PluginFile, &PassRecord)> {
        let (plugin, place) = self.passes.get(name)?;
        let file = &self.plugins[*plugin].file;
        Some((file, &file.manifest.passes[*place]))
    }

    /// The target of that name or alias, and its plugin.
    pub fn target(&self, name: &str) -> Option<(&PluginFile, &TargetRecord)> {
        let (plugin, place) = self.targets.get(name)?;
        let file = &self.plugins[*plugin].file;
        Some((file, &file.manifest.targets[*place]))
    }

    /// Checks a plugin before it is loaded; a second call gives what the first one gave.
    ///
    /// # Errors
    /// See [`check`].
    pub(crate) fn checked(&self, plugin: usize) -> Result<(), String> {
        let plugin = &self.plugins[plugin];
        plugin.checked.get_or_init(|| check(&plugin.file).map_err(|error| error.to_string())).clone()
    }

    /// Loads a plugin; a second call gives what the first one gave.
    ///
    /// # Errors
    /// See [`load`]; the error is its text, because it may be asked for again.
    pub(crate) fn root(&self, plugin: usize) -> Result<PluginRootRef, String> {
        self.checked(plugin)?;
        let plugin = &self.plugins[plugin];
        let known = plugin.known.load(Ordering::Relaxed);
        let open = || {
            let root = load(&plugin.file, known).map_err(|error| error.to_string())?;
            let (name, path) = (&plugin.file.manifest.header.plugin, plugin.file.path.display());
            crate::loaded::note(root.passes() as *const () as usize, format!("{name} ({path})"));
            Ok(root)
        };
        let loaded = plugin.root.get_or_init(open);
        loaded.clone()
    }

    pub(crate) fn pass_table(&self, plugin: usize, name: &str) -> Result<PassDescriptorRef, String> {
        let tables = self.root(plugin)?.passes()();
        let found = tables.iter().find(|table| table.name().as_str() == name).copied();
        found.ok_or_else(|| self.missing(plugin, "pass", name))
    }

    pub(crate) fn target_table(&self, name: &str) -> Result<TargetDescriptorRef, Box<Report>> {
        let Some((plugin, place)) = self.targets.get(name) else {
            let names: Vec<_> = self.targets.keys().map(String::as_str).collect();
            return Err(Report::error(format!("no target `{name}`"))
                .note(format!("the targets are {}", names.join(", ")))
                .help(did_you_mean(name, names))
                .into());
        };
        let name = &self.plugins[*plugin].file.manifest.targets[*place].target;
        let tables = self.root(*plugin).map_err(Report::error)?.targets()();
        let found = tables.iter().find(|table| table.name().as_str() == name).copied();
        found.ok_or_else(|| Report::error(self.missing(*plugin, "target", name)).into())
    }

    fn missing(&self, plugin: usize, kind: &'static str, name: &str) -> String {
        let path = self.plugins[plugin].file.path.clone();
        HostError::Missing { path, kind, name: name.into() }.to_string()
    }

    /// How passes are run; the defaults until it is said.
    pub fn settings(&self) -> &Settings {
        self.settings.get_or_init(Settings::default)
    }

    /// Says how passes are run, and which arguments name the plugins. Once, at the start.
    pub(crate) fn set_up(&self, settings: Settings, arguments: Vec<String>) {
        let _ = (self.settings.set(settings), self.arguments.set(arguments));
    }

    /// The arguments by which another process finds the same plugins.
    pub(crate) fn plugin_arguments(&self) -> &[String] {
        self.arguments.get().map(Vec::as_slice).unwrap_or_default()
    }

    /// A folder for temporary files; see [`Self::finish`].
    pub(crate) fn work_dir(&self) -> std::io::Result<PathBuf> {
        let mut slot = self.work_dir.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if slot.is_none() {
            *slot = Some(tempfile::Builder::new().prefix("ropt-").tempdir()?);
        }
        Ok(slot.as_ref().map(|dir| dir.path().to_path_buf()).unwrap_or_default())
    }

    /// Removes what belongs to the process only. Call it before the process ends.
    pub fn finish(&self) {
        self.workers.end();
        let mut slot = self.work_dir.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        drop(slot.take());
    }

    /// Asks running passes to end early.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// Remembers the gravest exit code.
    pub(crate) fn failed_with(&self, code: i32) {
        self.worst.fetch_max(code, Ordering::Relaxed);
    }

    /// Forgets failures, in a process that runs one pass after another.
    pub(crate) fn start_again(&self) {
        self.worst.store(0, Ordering::Relaxed);
    }

    /// The exit code of a run that failed: 1, 2 or 3.
    #[must_use]
    pub fn failure_code(&self) -> i32 {
        self.worst.load(Ordering::Relaxed).max(1)
    }
}

impl Declarations for Host {
    fn declared(&self, pass: &str) -> Option<&PassRecord> {
        self.pass(pass).map(|(_, record)| record)
    }
    fn meaning(&self, fact: &str) -> Option<String> {
        let mut passes = self.plugins.iter().flat_map(|plugin| &plugin.file.manifest.passes);
        passes.find_map(|pass| {
            let declared = pass.establishes.iter().find(|one| facts::name(one) == fact);
            declared.and_then(|one| facts::meaning(one)).map(str::to_owned)
        })
    }
}

fn clash(kind: &'static str, name: &str, first: &PluginFile, second: &PluginFile) -> HostError {
    HostError::Clash { kind, name: name.into(), first: first.path.clone(), second: second.path.clone() }
}
