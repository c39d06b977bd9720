//! What a variant may ask of a Vulkan device: its version of the API, and limits.

use ropt_plugin::prelude::*;

/// Versions of Vulkan by name, with the newest SPIR-V that kernels are written in for them. SPIR-V 1.3 goes for every
/// version from 1.1 on; newer SPIR-V lists every variable at the entry points, which MLIR's conversions do not.
const VERSIONS: [(&str, &str); 4] =
    [("vulkan1.0", "v1.0"), ("vulkan1.1", "v1.3"), ("vulkan1.2", "v1.3"), ("vulkan1.3", "v1.3")];
/// The version when nobody says.
const VERSION: &str = "vulkan1.1";
/// Element types of cooperative matrices.
const MATRICES: [&str; 2] = ["f16", "bf16"];
/// What a kernel with cooperative matrices asks for unless flags say otherwise: version, SPIR-V (the extension is written
/// against 1.6), threads of a workgroup, threads of a subgroup. Devices with matrix units have more threads than this.
const WITH_MATRICES: (&str, &str, u32, u32) = ("vulkan1.3", "v1.6", 256, 32);
/// What every device has: the least that the specification lets the limits be.
const THREADS: u32 = 128;
const GRID: u32 = 65535;

/// The device that a variant is compiled for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Environment {
    version: &'static str,
    /// SPIR-V's version as MLIR writes it.
    pub(crate) spirv: &'static str,
    /// Most threads of a workgroup.
    pub(crate) threads: u32,
    /// Most workgroups in a direction.
    pub(crate) grid: u32,
    /// Threads of a subgroup; 0: known at run time only.
    pub(crate) subgroup: u32,
    /// Element types of which there are cooperative matrices.
    pub(crate) matrices: Vec<&'static str>,
}

impl Default for Environment {
    fn default() -> Self {
        Self { version: VERSION, spirv: "v1.3", threads: THREADS, grid: GRID, subgroup: 0, matrices: Vec::new() }
    }
}

impl Environment {
    /// From the compile flags: with cooperative matrices, where they are wanted, and without.
    pub(crate) fn from_flags(options: &TargetOptions) -> PassResult<Vec<Self>> {
        let given = |flag: &str| options.get(flag).filter(|text| !text.is_empty()).map(str::to_owned);
        let number = |flag: &str, otherwise: u32, allowed: std::ops::RangeInclusive<u32>| {
            let Some(text) = given(flag) else { return Ok(otherwise) };
            let number = text.parse().ok().filter(|number| allowed.contains(number));
            number.ok_or_else(|| {
                PassError::usage(format!("--{flag}={text} is no number from {} to {}", allowed.start(), allowed.end()))
                    .help("`ropt-run devices` shows what a device has")
            })
        };
        let mut environment = Self::default();
        if let Some(name) = given("vulkan-target-env") {
            let Some((version, spirv)) = VERSIONS.iter().find(|(version, _)| *version == name) else {
                let names = VERSIONS.map(|(version, _)| version).join(", ");
                return Err(PassError::usage(format!("--vulkan-target-env={name} is no version of Vulkan"))
                    .help(format!("the versions are {names}")));
            };
            (environment.version, environment.spirv) = (version, spirv);
        }
        environment.threads = number("vulkan-workgroup-threads", THREADS, 1..=1 << 16)?;
        environment.grid = number("vulkan-grid", GRID, 1..=i32::MAX as u32)?;
        environment.subgroup = number("vulkan-subgroup-size", 0, 1..=128)?;
        if environment.subgroup != 0 && !environment.subgroup.is_power_of_two() {
            return Err(PassError::usage(format!(
                "--vulkan-subgroup-size={} is no power of two, as subgroups are",
                environment.subgroup
            ))
            .help("`ropt-run devices` shows the subgroup size of each device"));
        }
        let Some(list) = given("vulkan-cooperative-matrix") else { return Ok(vec![environment]) };
        let threads = given("vulkan-workgroup-threads").map(|_| environment.threads);
        Ok(vec![environment.with_matrices(&list, threads)?, environment])
    }

    /// The same with cooperative matrices of the element types of a list.
    fn with_matrices(&self, list: &str, threads: Option<u32>) -> PassResult<Self> {
        let (version, spirv, most, subgroup) = WITH_MATRICES;
        for name in list.split(',').map(str::trim) {
            if !MATRICES.contains(&name) {
                return Err(PassError::usage(format!(
                    "--vulkan-cooperative-matrix={list}: there are no cooperative matrices of `{name}`"
                ))
                .help(format!("the element types are {}", MATRICES.join(", "))));
            }
        }
        if ![0, subgroup].contains(&self.subgroup) {
            return Err(PassError::usage(format!(
                "--vulkan-subgroup-size={} does not go with --vulkan-cooperative-matrix",
                self.subgroup
            ))
            .help(format!("cooperative matrices are for subgroups of {subgroup}")));
        }
        let matrices = MATRICES.into_iter().filter(|ty| list.split(',').any(|name| name.trim() == *ty)).collect();
        Ok(Self { version, spirv, threads: threads.unwrap_or(most), subgroup, matrices, ..self.clone() })
    }

    /// From a target attribute's text, ours or IREE's.
    pub(crate) fn parse(attribute: &str) -> Self {
        let number = |key: &str| {
            let rest = attribute.split_once(&format!("{key} = "))?.1.trim_start_matches('[');
            rest.split(|c: char| !c.is_ascii_digit()).next()?.parse::<u32>().ok()
        };
        let named = |(version, _): &&(&str, &str)| attribute.contains(&format!("target_env = \"{version}\""));
        let (version, spirv) = match VERSIONS.iter().find(named) {
            Some(found) => *found,
            None if attribute.contains("spirv:v1.0") => VERSIONS[0],
            None => VERSIONS[1],
        };
        let list = attribute.split_once("cooperative_matrix = \"").and_then(|(_, rest)| rest.split_once('"'));
        let has = |ty: &&str| list.is_some_and(|(list, _)| list.split(',').any(|name| name == *ty));
        let matrices: Vec<_> = MATRICES.into_iter().filter(has).collect();
        let spirv = if matrices.is_empty() { spirv } else { WITH_MATRICES.1 };
        Self {
            matrices,
            version,
            spirv,
            threads: number("workgroup_threads")
                .or_else(|| number("max_thread_count_per_workgroup"))
                .unwrap_or(THREADS),
            grid: number("grid").or_else(|| number("max_workgroup_counts")).unwrap_or(GRID),
            subgroup: number("subgroup_size").unwrap_or(0),
        }
    }

    /// The target attribute's text, which says what differs from what every device has.
    pub(crate) fn attribute(&self) -> String {
        let mut parts = Vec::new();
        if !self.matrices.is_empty() {
            parts.push(format!("cooperative_matrix = \"{}\"", self.matrices.join(",")));
        }
        if self.grid != GRID {
            parts.push(format!("grid = {} : i64", self.grid));
        }
        if self.subgroup != 0 {
            parts.push(format!("subgroup_size = {} : i64", self.subgroup));
        }
        if self.version != VERSION {
            parts.push(format!("target_env = \"{}\"", self.version));
        }
        if self.threads != THREADS {
            parts.push(format!("workgroup_threads = {} : i64", self.threads));
        }
        let configuration = if parts.is_empty() { String::new() } else { format!(", {{{}}}", parts.join(", ")) };
        format!("#hal.executable.target<\"vulkan-spirv\", \"vulkan-spirv-fb\"{configuration}>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_read_back() {
        let own = Environment {
            version: "vulkan1.0",
            spirv: "v1.0",
            threads: 256,
            grid: 1000,
            subgroup: 32,
            matrices: vec![],
        };
        assert_eq!(Environment::parse(&own.attribute()), own);
        for list in ["f16", "bf16", "f16,bf16"] {
            let matrices = Environment::default().with_matrices(list, None).expect("known types");
            assert_eq!((matrices.spirv, matrices.matrices.join(",")), ("v1.6", list.to_owned()));
            assert_eq!(Environment::parse(&matrices.attribute()), matrices);
        }
        assert!(Environment::default().with_matrices("f32", None).is_err());
        assert_eq!(Environment::default().attribute(), "#hal.executable.target<\"vulkan-spirv\", \"vulkan-spirv-fb\">");
        assert_eq!(Environment::parse(&Environment::default().attribute()), Environment::default());
    }

    #[test]
    fn irees_attribute_is_understood() {
        let text = "#hal.executable.target<\"vulkan-spirv\", \"vulkan-spirv-fb\", {iree_codegen.target_info = \
            #iree_gpu.target<arch = \"\", features = \"spirv:v1.3,cap:Shader\", wgp = <compute = fp32, \
            subgroup_size_choices = [64, 64], max_workgroup_sizes = [128, 128, 64], max_thread_count_per_workgroup = 512, \
            max_workgroup_counts = [65535, 65535, 65535]>>}>";
        let read = Environment::parse(text);
        assert_eq!((read.spirv, read.threads, read.grid, read.subgroup), ("v1.3", 512, 65535, 0));
    }
}
