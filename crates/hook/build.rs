//! Takes the texts that the hook says at run time out of the catalogue, so that the small program carries those alone.

use std::path::{Path, PathBuf};

/// What the ids of these texts begin with.
const PREFIX: &str = "hook-say-";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let catalogue = Path::new(env!("CARGO_MANIFEST_DIR")).join("../words/catalogue");
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    for lang in ["en", "ja"] {
        let file = catalogue.join(format!("{lang}.ftl"));
        println!("cargo::rerun-if-changed={}", file.display());
        let text = std::fs::read_to_string(&file)?;
        let lines: Vec<&str> = text.lines().filter(|line| line.starts_with(PREFIX)).collect();
        std::fs::write(out.join(format!("{lang}.txt")), format!("\n{}\n", lines.join("\n")))?;
    }
    // Four thousand addresses in tables would have to be written anew at each start, a tenth of the whole run. A program
    // that lives for a millisecond, in a language that keeps to its memory, can do without a random place of its own.
    // (One that is linked whole has no such tables, and other start-up code.)
    let is_static =
        std::env::var("CARGO_CFG_TARGET_FEATURE").is_ok_and(|all| all.split(',').any(|one| one == "crt-static"));
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") && !is_static {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
    Ok(())
}
