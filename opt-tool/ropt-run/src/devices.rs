//! `ropt-run devices`: what there is to run on.

use ropt_runtime::drivers::Report;
use serde_json::{Value, json};

use crate::{cli::DevicesArguments, failure::Failure, print};

pub(crate) fn run(arguments: &DevicesArguments) -> Result<(), Failure> {
    let drivers = arguments.plugins.drivers()?;
    let reports = drivers.reports();
    if arguments.json {
        let refused: Vec<Value> = drivers
            .refused()
            .iter()
            .map(|(path, reason)| json!({ "plugin": path.display().to_string(), "reason": reason }))
            .collect();
        let list: Vec<Value> = reports.iter().map(json_of).collect();
        return print(&format!("{:#}\n", json!({ "drivers": list, "refused": refused })));
    }
    let mut text: String = reports.iter().map(text_of).collect();
    if reports.is_empty() {
        let places: Vec<_> = drivers.searched().iter().map(|path| path.display().to_string()).collect();
        text.push_str(&format!("no drivers found in {}\n", places.join(", ")));
    }
    for (path, reason) in drivers.refused() {
        text.push_str(&format!("left out '{}': {reason}\n", path.display()));
    }
    print(&text)
}

fn text_of(report: &Report) -> String {
    let mut text = format!("{} — {} ({})\n", report.driver, report.summary, report.path.display());
    match &report.devices {
        Err(error) => text.push_str(&format!("  no devices: {error}\n")),
        Ok(devices) => {
            for device in devices {
                text.push_str(&format!("  {:<10} {}\n", device.name, device.description));
                if device.memory > 0 {
                    text.push_str(&format!(
                        "             memory {:.1} GiB\n",
                        device.memory as f64 / f64::from(1 << 30)
                    ));
                }
                for (name, value) in &device.properties {
                    text.push_str(&format!("             {name} {value}\n"));
                }
            }
            text.push_str(&format!("  loads {}\n", report.formats.join(", ")));
        }
    }
    text
}

fn json_of(report: &Report) -> Value {
    let mut value = json!({
        "driver": report.driver,
        "summary": report.summary,
        "plugin": report.path.display().to_string(),
        "formats": report.formats,
    });
    match &report.devices {
        Err(error) => value["absent"] = json!(error.to_string()),
        Ok(devices) => {
            let device = |device: &ropt_runtime::device::DeviceInfo| {
                let properties: serde_json::Map<String, Value> =
                    device.properties.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
                json!({
                    "name": device.name,
                    "description": device.description,
                    "memory": device.memory,
                    "properties": properties,
                })
            };
            value["devices"] = devices.iter().map(device).collect();
        }
    }
    value
}
