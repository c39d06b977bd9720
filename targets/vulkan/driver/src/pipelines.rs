//! Executables: a SPIR-V module and a compute pipeline for each export.
//!
//! What the driver made of a module is kept in a file under the user's cache folder, one for each driver and device, as
//! Vulkan's pipeline cache gives it; a file that the driver does not know is not used.

use std::{collections::HashMap, ffi::CString, path::PathBuf, rc::Rc};

use ash::vk;
use ropt_driver::driver::{Executable as Source, Export as Wanted};

use crate::{
    capabilities::{Lacking, first_lacking},
    error::{Result, VulkanError, What},
    instance::Physical,
    reach::reach,
};

/// Set and pipeline of an export.
pub(crate) struct Export {
    pub(crate) name: Rc<str>,
    pub(crate) constants: u32,
    /// The type of each binding, and its bytes that the kernel can reach.
    pub(crate) bindings: Vec<(vk::DescriptorType, u64)>,
    pub(crate) set: vk::DescriptorSetLayout,
    pub(crate) layout: vk::PipelineLayout,
    pub(crate) pipeline: vk::Pipeline,
}

/// A loaded executable.
pub(crate) struct Executable {
    pub(crate) name: String,
    exports: Vec<(u32, Export)>,
}

/// Makes pipelines and remembers them.
pub(crate) struct Pipelines {
    device: ash::Device,
    cache: vk::PipelineCache,
    file: Option<PathBuf>,
    push_constant_bytes: u32,
    /// The device's name, and what its kernels cannot have.
    lacking: (String, Lacking),
    /// Whether there is something new to write to the file.
    changed: bool,
}

impl Executable {
    pub(crate) fn export(&self, ordinal: u32) -> Result<&Export> {
        let found = self.exports.iter().find(|(number, _)| *number == ordinal);
        found.map(|(_, export)| export).ok_or_else(|| VulkanError::NoExport { executable: self.name.clone(), ordinal })
    }
}

impl Pipelines {
    pub(crate) fn new(device: &ash::Device, physical: &Physical, lacking: Lacking) -> Result<Self> {
        let properties = &physical.properties;
        let file = cache_file(properties);
        let data = file.as_ref().and_then(|file| std::fs::read(file).ok()).unwrap_or_default();
        // The driver looks at the header, too; the specification wants this much of the caller.
        let known = data.get(16..32) == Some(&properties.pipeline_cache_uuid[..]);
        let info = vk::PipelineCacheCreateInfo::default().initial_data(if known { &data } else { &[] });
        // SAFETY: the device is alive as long as the pipelines are; so in all calls here.
        let cache = unsafe { device.create_pipeline_cache(&info, None) }.what("create a pipeline cache")?;
        let push_constant_bytes = properties.limits.max_push_constants_size;
        let lacking = (physical.name(), lacking);
        Ok(Self { device: device.clone(), cache, file, push_constant_bytes, lacking, changed: false })
    }

    /// Builds the pipelines of all exports.
    pub(crate) fn load(&mut self, source: &Source<'_>) -> Result<Executable> {
        let bad = |reason: String| VulkanError::NotSpirv { executable: source.name.to_owned(), reason };
        let words = words(source.data).map_err(bad)?;
        let entries = entry_points(&words).map_err(bad)?;
        for export in &source.exports {
            if !entries.iter().any(|entry| entry == export.name) {
                let has = if entries.is_empty() { "none".to_owned() } else { format!("`{}`", entries.join("`, `")) };
                return Err(bad(format!("it has no entry point `{}` (it has {has})", export.name)));
            }
        }
        if let Some(what) = first_lacking(&words, &self.lacking.1) {
            let (device, executable) = (self.lacking.0.clone(), source.name.to_owned());
            return Err(VulkanError::Capability { executable, device, what });
        }
        let info = vk::ShaderModuleCreateInfo::default().code(&words);
        // SAFETY: the module's structure was checked; what its instructions mean is between its author and the driver.
        let module = unsafe { self.device.create_shader_module(&info, None) }.what("create a shader module")?;
        let reached = reach(&words);
        let mut executable = Executable { name: source.name.to_owned(), exports: Vec::new() };
        let built = source.exports.iter().try_for_each(|wanted| {
            executable.exports.push((wanted.ordinal, self.export(source.name, module, wanted, &reached)?));
            Ok(())
        });
        // SAFETY: pipelines do not need their module any more.
        unsafe { self.device.destroy_shader_module(module, None) };
        self.changed = true;
        match built {
            Ok(()) => Ok(executable),
            Err(error) => {
                self.unload(executable);
                Err(error)
            }
        }
    }

    fn export(
        &self,
        executable: &str,
        module: vk::ShaderModule,
        wanted: &Wanted<'_>,
        reached: &HashMap<u32, u64>,
    ) -> Result<Export> {
        let bytes = wanted.constants * 4;
        if bytes > self.push_constant_bytes {
            let export = wanted.name.to_owned();
            return Err(VulkanError::PushConstants { export, bytes, limit: self.push_constant_bytes });
        }
        let bindings: Vec<_> = wanted.bindings.iter().map(|text| descriptor_type(text)).collect();
        let described: Vec<_> = (0..)
            .zip(&bindings)
            .map(|(number, kind)| {
                vk::DescriptorSetLayoutBinding::default()
                    .binding(number)
                    .descriptor_type(*kind)
                    .descriptor_count(1)
                    .stage_flags(vk::ShaderStageFlags::COMPUTE)
            })
            .collect();
        let info = vk::DescriptorSetLayoutCreateInfo::default().bindings(&described);
        // SAFETY: the device is alive; the structures live during their calls.
        let set = unsafe { self.device.create_descriptor_set_layout(&info, None) }.what("describe bindings")?;
        let (sets, ranges) =
            ([set], [vk::PushConstantRange { stage_flags: vk::ShaderStageFlags::COMPUTE, offset: 0, size: bytes }]);
        let ranges = if bytes == 0 { &ranges[..0] } else { &ranges[..] };
        let info = vk::PipelineLayoutCreateInfo::default().set_layouts(&sets).push_constant_ranges(ranges);
        // SAFETY: as above.
        let layout = unsafe { self.device.create_pipeline_layout(&info, None) }.what("describe a pipeline")?;
        let name = CString::new(wanted.name).unwrap_or_default();
        let stage = vk::PipelineShaderStageCreateInfo::default()
            .stage(vk::ShaderStageFlags::COMPUTE)
            .module(module)
            .name(&name);
        let info = vk::ComputePipelineCreateInfo::default().layout(layout).stage(stage);
        // SAFETY: module and layout are alive; the entry point is in the module.
        let pipeline = unsafe { self.device.create_compute_pipelines(self.cache, &[info], None) };
        let pipeline = pipeline.map_err(|(_, result)| {
            // SAFETY: nobody uses them.
            unsafe {
                self.device.destroy_pipeline_layout(layout, None);
                self.device.destroy_descriptor_set_layout(set, None);
            }
            VulkanError::Pipeline { executable: executable.to_owned(), export: wanted.name.to_owned(), result }
        })?[0];
        let reached = |number| reached.get(&number).copied().unwrap_or(u64::MAX);
        let bindings = (0..).zip(bindings).map(|(number, kind)| (kind, reached(number))).collect();
        Ok(Export { name: wanted.name.into(), constants: wanted.constants, bindings, set, layout, pipeline })
    }

    /// Frees an executable that no command uses any more.
    pub(crate) fn unload(&self, executable: Executable) {
        for (_, export) in executable.exports {
            // SAFETY: as the caller says.
            unsafe {
                self.device.destroy_pipeline(export.pipeline, None);
                self.device.destroy_pipeline_layout(export.layout, None);
                self.device.destroy_descriptor_set_layout(export.set, None);
            }
        }
    }

    /// Writes the cache to its file, and destroys it.
    pub(crate) fn close(&mut self) {
        if let Some(file) = self.file.take().filter(|_| self.changed) {
            // SAFETY: the cache is alive.
            if let Ok(data) = unsafe { self.device.get_pipeline_cache_data(self.cache) } {
                // The next run is slower without the file, and nothing else.
                let _written = write(&file, &data);
            }
        }
        // SAFETY: nobody uses the cache after this.
        unsafe { self.device.destroy_pipeline_cache(self.cache, None) };
    }
}

fn descriptor_type(text: &str) -> vk::DescriptorType {
    if text.starts_with("uniform_buffer") {
        vk::DescriptorType::UNIFORM_BUFFER
    } else {
        vk::DescriptorType::STORAGE_BUFFER
    }
}

/// The module as words of this machine.
fn words(data: &[u8]) -> Result<Vec<u32>, String> {
    ash::util::read_spv(&mut std::io::Cursor::new(data)).map_err(|error| error.to_string())
}

/// Names of the entry points for compute; the error says where the module is damaged.
///
/// A module must be valid before Vulkan gets it. This looks for what damage to a file leaves behind: instructions that
/// are cut off, functions that do not end, entry points without their function.
fn entry_points(words: &[u32]) -> Result<Vec<String>, String> {
    const HEADER: usize = 5;
    const ENTRY_POINT: u32 = 15;
    const FUNCTION: u32 = 54;
    const FUNCTION_END: u32 = 56;
    const GL_COMPUTE: u32 = 5;
    let (mut names, mut wanted, mut defined, mut at) = (Vec::new(), Vec::new(), Vec::new(), HEADER);
    let mut inside = false;
    if words.len() < HEADER {
        return Err("it ends inside of its header".to_owned());
    }
    while at < words.len() {
        let (length, code) = ((words[at] >> 16) as usize, words[at] & 0xffff);
        let Some(operands) = words.get(at + 1..at + length).filter(|_| length > 0) else {
            return Err(format!("the instruction at word {at} reaches behind its end"));
        };
        match (code, operands) {
            (ENTRY_POINT, [GL_COMPUTE, function, name @ ..]) => {
                let bytes = name.iter().flat_map(|word| word.to_le_bytes()).take_while(|byte| *byte != 0);
                names.push(String::from_utf8_lossy(&bytes.collect::<Vec<_>>()).into_owned());
                wanted.push(*function);
            }
            (FUNCTION, [_, function, ..]) => {
                defined.push(*function);
                inside = true;
            }
            (FUNCTION_END, _) => inside = false,
            _ => {}
        }
        at += length;
    }
    if inside || wanted.iter().any(|function| !defined.contains(function)) {
        return Err("it ends before its functions do".to_owned());
    }
    Ok(names)
}

/// `$XDG_CACHE_HOME/ropt/vulkan/<the driver's id for its caches>`; none where there is no such folder.
fn cache_file(properties: &vk::PhysicalDeviceProperties) -> Option<PathBuf> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = set("XDG_CACHE_HOME").or_else(|| Some(set("HOME")?.join(".cache")))?;
    let id: String = properties.pipeline_cache_uuid.iter().map(|byte| format!("{byte:02x}")).collect();
    Some(folder.join("ropt/vulkan").join(id))
}

/// The whole file or none: another process may read it at any time.
fn write(file: &std::path::Path, data: &[u8]) -> std::io::Result<()> {
    std::fs::create_dir_all(file.parent().unwrap_or(file))?;
    let temporary = file.with_extension(std::process::id().to_string());
    std::fs::write(&temporary, data)?;
    std::fs::rename(&temporary, file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entry_points_are_read_and_damage_is_seen() {
        let name = |text: &[u8; 4]| u32::from_le_bytes(*text);
        let function = [5 << 16 | 54, 1, 3, 0, 2, 1 << 16 | 56];
        let module = [&[0x0723_0203, 0x1_0300, 0, 8, 0, 5 << 16 | 15, 5, 3, name(b"main"), 0][..], &function].concat();
        assert_eq!(entry_points(&module), Ok(vec!["main".to_owned()]));
        assert!(entry_points(&module[..4]).is_err());
        assert!(entry_points(&module[..8]).is_err());
        assert!(entry_points(&module[..10]).is_err(), "no function");
        assert!(entry_points(&module[..15]).is_err(), "a function without its end");
        assert!(entry_points(&[0; 6]).is_err(), "an instruction of no words");
    }

    #[test]
    fn bindings_are_storage_unless_they_say_otherwise() {
        assert_eq!(descriptor_type("uniform_buffer ReadOnly"), vk::DescriptorType::UNIFORM_BUFFER);
        assert_eq!(descriptor_type("storage_buffer"), vk::DescriptorType::STORAGE_BUFFER);
    }
}
