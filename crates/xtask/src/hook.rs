//! `cargo xtask hook`: the hook as one file that needs no other.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};

/// Builds `yata-hook` and gives its path. On Linux with glibc it is linked whole: no loader runs before each answer, and
/// neither `LD_PRELOAD` nor `LD_LIBRARY_PATH`, which settings of a project may set, can put code into it.
///
/// # Errors
///
/// Where cargo cannot be started, or cannot build it.
pub(crate) fn build(root: &Path) -> anyhow::Result<PathBuf> {
    let mut command = cargo(root, &["--bin", "yata-hook"]);
    if !cfg!(all(target_os = "linux", target_env = "gnu")) {
        run(&mut command)?;
        return Ok(root.join("target/hook/yata-hook"));
    }
    let target = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    run(command
        .env("RUSTFLAGS", "-C target-feature=+crt-static -C relocation-model=static")
        .args(["--target", &target]))?;
    Ok(root.join("target").join(target).join("hook/yata-hook"))
}

/// Builds the least program that reads what an agent sends, as any program of Rust is built, and gives its path.
///
/// # Errors
///
/// Where cargo cannot be started, or cannot build it.
pub(crate) fn build_floor(root: &Path) -> anyhow::Result<PathBuf> {
    run(&mut cargo(root, &["--example", "floor"]))?;
    Ok(root.join("target/hook/examples/floor"))
}

fn cargo(root: &Path, what: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root).args(["build", "--profile", "hook", "-p", "yata-hook"]).args(what);
    command
}

fn run(command: &mut Command) -> anyhow::Result<()> {
    if !command.status().context("cannot start cargo")?.success() {
        bail!("cargo could not build the hook");
    }
    Ok(())
}
