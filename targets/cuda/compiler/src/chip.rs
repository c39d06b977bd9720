//! The GPU that a variant is compiled for: an architecture, and the version of PTX.

use ropt_plugin::prelude::*;

/// What is compiled for when nobody says: PTX that the driver takes for every GPU since Turing.
const DEFAULT: &str = "sm_75";
/// The variants when nobody says; a device takes the first that it can.
const DEFAULTS: &str = "sm_90,sm_75";

/// An architecture of NVIDIA's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chip {
    /// `sm_75`, `sm_90`, `sm_90a`, …
    pub(crate) name: String,
    /// `+ptx63`: LLVM takes PTX that the architecture knows, if it is told which.
    pub(crate) features: String,
}

impl Chip {
    /// Of a name, with the oldest PTX that has the architecture, from NVIDIA's table of PTX releases.
    pub(crate) fn new(name: &str, features: &str) -> PassResult<Self> {
        let wrong = || {
            PassError::usage(format!("`{name}` is no GPU architecture"))
                .help(format!("for example --cuda-chip={DEFAULT} or sm_90"))
        };
        let number = name.strip_prefix("sm_").ok_or_else(wrong)?;
        let digits = number.trim_end_matches(['a', 'f']);
        let number: u32 = digits.parse().map_err(|_| wrong())?;
        let ptx = match number {
            0..50 => {
                return Err(PassError::usage(format!("{name} is older than what the CUDA target compiles for"))
                    .help("sm_50 (Maxwell) is the oldest"));
            }
            50..52 => 40,
            52 => 41,
            53..60 => 42,
            60..70 => 50,
            70..75 => 60,
            75..80 => 63,
            80..86 => 70,
            86..87 => 71,
            87..89 => 74,
            89..100 => 80,
            _ => 86,
        };
        let features = if features.is_empty() { format!("+ptx{ptx}") } else { features.to_owned() };
        Ok(Self { name: name.to_owned(), features })
    }

    /// From the compile flags.
    pub(crate) fn from_flags(options: &TargetOptions) -> PassResult<Vec<Self>> {
        let names = options.get("cuda-chip").filter(|text| !text.is_empty()).unwrap_or(DEFAULTS);
        let features = options.get("cuda-ptx-features").unwrap_or_default();
        names.split(',').map(|name| Self::new(name.trim(), features)).collect()
    }

    /// From a target attribute's text, ours or IREE's.
    pub(crate) fn parse(attribute: &str) -> PassResult<Self> {
        let value = |key: &str| {
            let rest = attribute.split_once(&format!("{key} = \""))?.1;
            Some(rest.split_once('"')?.0)
        };
        let name = value("chip").or_else(|| value("arch")).unwrap_or(DEFAULT);
        // IREE's other features are its own.
        let features = value("features").filter(|text| text.starts_with("+ptx")).unwrap_or_default();
        Self::new(name, features)
    }

    /// Bytes of shared memory that a workgroup can have, from the table of compute capabilities in the CUDA programming
    /// guide.
    pub(crate) fn shared_memory(&self) -> i64 {
        let kibibytes = match self.number() {
            0..75 => 48,
            75..80 => 64,
            80 | 87 => 163,
            90..120 => 227,
            _ => 99,
        };
        kibibytes * 1024
    }

    /// The architecture's number; 0 where there is none.
    fn number(&self) -> u32 {
        self.name.trim_start_matches("sm_").trim_end_matches(['a', 'f']).parse().unwrap_or(0)
    }

    /// Whether mma.sync multiplies pieces of 16 by 8 by 16, of f16 and of bf16 (PTX ISA: sm_80 and later).
    pub(crate) fn has_matrix_units(&self) -> bool {
        self.number() >= 80
    }

    /// The target attribute's text.
    pub(crate) fn attribute(&self) -> String {
        format!(
            "#hal.executable.target<\"cuda\", \"cuda-nvptx-fb\", {{chip = \"{}\", features = \"{}\"}}>",
            self.name, self.features
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_read_back() {
        let chip = Chip::new("sm_90", "").expect("Hopper");
        assert_eq!(chip.features, "+ptx80");
        assert_eq!(Chip::parse(&chip.attribute()).expect("ours"), chip);
        let iree = "#hal.executable.target<\"cuda\", \"cuda-nvptx-fb\", {iree_codegen.target_info = #iree_gpu.target<arch = \"sm_60\", features = \"+ptx76\", wgp = <>>}>";
        assert_eq!(Chip::parse(iree).expect("IREE's"), Chip { name: "sm_60".into(), features: "+ptx76".into() });
        assert_eq!(Chip::parse("#hal.executable.target<\"cuda\", \"cuda-nvptx-fb\">").expect("bare").name, DEFAULT);
        for wrong in ["", "90", "sm_", "sm_x", "gfx90a", "sm_35"] {
            assert!(Chip::new(wrong, "").is_err(), "{wrong}");
        }
    }
}
