//! Any text as a command, and as a call of any tool: it must not panic, hang or overflow.

#![no_main]

use libfuzzer_sys::fuzz_target;
use yata_calls::{Call, Place, understand};

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let place = Place::new("/home/mio", "/home/mio/src/shop", "/home/mio/src/shop");
    let input = serde_json::json!({ "command": text });
    understand(&Call { tool: "Bash", input: &input }, &place);
    if let Ok(value) = serde_json::from_str::<serde_json::Value>(&text) {
        let tool = value.get("tool").and_then(serde_json::Value::as_str).unwrap_or("mcp__a__execute");
        understand(&Call { tool, input: value.get("input").unwrap_or(&value) }, &place);
    }
});
