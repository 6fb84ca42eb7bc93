//! Files of settings that make something run, whatever their name, and files as they are after an edit.

use serde_json::Value as Json;

use crate::machine::Machine;
use crate::path::{Zone, base, within, zone};
use crate::recipes::{Form, Piece};
use crate::tools::text_of;
use crate::value::Value;
use crate::{ActKind, Traits};

/// Edits of one call that are put into the text.
const EDITS: usize = 256;
/// Commands of one file that are looked at.
const COMMANDS: usize = 200;
/// How deep JSON is gone through.
const LEVELS: usize = 8;

/// Keys of JSON whose value is a command.
const KEYS: &[&str] =
    &["run", "cmd", "cmds", "command", "commands", "entry", "script", "scripts", "exec", "shell", "initializeCommand"];

/// What the commands in a file of settings would do. Only what is harmful wherever it runs counts.
pub(crate) fn traits(m: &Machine<'_>, path: &str, text: &str) -> (Traits, &'static str) {
    let own = editor(m, path, text);
    if !own.is_empty() {
        return (own, "a program runs this by itself when it opens the folder");
    }
    let data = [
        "/fixtures/",
        "/docs/",
        "/testdata/",
        "/examples/",
        "/__tests__/",
        "/corpus/",
        "/tests/",
        "/test/",
        "/locales/",
        "/i18n/",
    ];
    if data.iter().any(|part| path.contains(part)) {
        return (Traits::NONE, "");
    }
    let name = base(path);
    let pieces = match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
        // What a cluster runs, it runs in its own containers.
        "yml" | "yaml" if text.contains("apiVersion:") && text.contains("kind:") => Vec::new(),
        "yml" | "yaml" => yaml(text),
        "toml" => crate::recipes::pieces(Form::Toml, text),
        "ini" | "cfg" | "conf" => ini(text),
        "json" | "jsonc" => {
            let mut found = Vec::new();
            if let Ok(json) = serde_json::from_str::<Json>(text) {
                walk(&json, "", 0, &mut found);
            }
            found
        }
        _ => return (Traits::NONE, ""),
    };
    let mut inner = Machine::new(m.place);
    inner.level = m.level + 8;
    inner.waits = true;
    inner.run_pieces(pieces.get(..COMMANDS).unwrap_or(&pieces));
    let wide = text.contains("privileged: true") || text.contains("- /:/") || text.contains("\"/:/");
    if crate::recipes::form(path) == Some(Form::Containers) && wide {
        crate::programs::started(&mut inner, &Value::known(text));
    }
    inner.end();
    let plain = Traits::DESTROYS_DISK
        | Traits::RUNS_REMOTE_CODE
        | Traits::OPENS_REMOTE_SHELL
        | Traits::SENDS_OUT
        | Traits::CHANGES_AGENT
        | Traits::ESCAPES_CONTAINER;
    let mut all = Traits::NONE;
    for act in &mut inner.acts {
        crate::files::mark_outside(act, m.place);
        all |= act.traits.without(act.traits.without(plain));
        if act.traits.contains(Traits::DESTROYS_FILES | Traits::OUTSIDE_PROJECT) {
            all |= Traits::DESTROYS_FILES;
        }
    }
    if all.is_empty() {
        (Traits::NONE, "")
    } else {
        (all | Traits::CHANGES_SUPPLY_CHAIN, "a command in the file would do this when it runs")
    }
}

/// The commands of YAML, and texts with the `!` that some programs give a command.
fn yaml(text: &str) -> Vec<Piece> {
    let marked = crate::yaml::scalars(text).into_iter().filter_map(|(_, value)| {
        let command = value.strip_prefix('!')?;
        command
            .split_whitespace()
            .next()
            .is_some_and(crate::programs::serious)
            .then(|| Piece::Shell(command.to_owned()))
    });
    crate::recipes::yaml_commands(text).map(Piece::Shell).chain(marked).collect()
}

fn ini(text: &str) -> Vec<Piece> {
    let by_key = text.lines().filter_map(|line| line.split_once('=')).filter(|(key, _)| KEYS.contains(&key.trim()));
    let mut found: Vec<Piece> = by_key.map(|(_, command)| Piece::Shell(command.trim().to_owned())).collect();
    found.extend(crate::recipes::pieces(Form::Ini, text));
    found
}

fn walk(json: &Json, key: &str, level: usize, found: &mut Vec<Piece>) {
    if level > LEVELS || found.len() >= COMMANDS {
        return;
    }
    match json {
        Json::String(text) if KEYS.contains(&key) && text.contains(' ') => found.push(Piece::Shell(text.clone())),
        Json::Array(items) => items.iter().for_each(|item| walk(item, key, level + 1, found)),
        Json::Object(fields) => fields.iter().for_each(|(key, value)| walk(value, key, level + 1, found)),
        _ => {}
    }
}

/// Files that an editor, a shell or a tool goes by when it comes to a folder.
fn editor(m: &Machine<'_>, path: &str, text: &str) -> Traits {
    let name = base(path);
    let outside = |value: &str| {
        let path = m.resolve_plain(&Value::known(value));
        value.starts_with(['/', '~', '.']) && matches!(zone(&path, m.place), Zone::Temp | Zone::Elsewhere | Zone::Home)
    };
    let quoted = || crate::yaml::quoted(text);
    let runs = match name {
        ".dir-locals.el" | ".projectile" => text.contains("(eval") || text.contains("enable-local-eval"),
        ".exrc" | ".vimrc" | ".nvimrc" | ".nvim.lua" | ".lvimrc" => {
            text.lines().any(|line| line.trim_start_matches([':', ' ']).starts_with('!'))
                || text.contains("system(")
                || text.contains("os.execute")
        }
        "bunfig.toml" => text.contains("preload") && quoted().iter().any(|value| outside(value)),
        ".yarnrc.yml" => crate::yaml::scalars(text)
            .iter()
            .any(|(key, value)| key == "yarnPath" && !value.starts_with(".yarn/releases/")),
        "settings.json" if path.contains("/.vscode/") => {
            ["BASH_ENV", "LD_PRELOAD", "PYTHONSTARTUP", "NODE_OPTIONS", "DYLD_INSERT", "PROMPT_COMMAND"]
                .iter()
                .any(|variable| text.contains(variable))
                || text.contains("Path\"")
                    && quoted().iter().any(|value| value.starts_with("/tmp/") || value.starts_with("/dev/shm/"))
        }
        _ => false,
    };
    if runs { Traits::PERSISTS | Traits::CHANGES_SUPPLY_CHAIN } else { Traits::NONE }
}

/// A file as it is after an edit: what it would do then, and did not do before.
pub(crate) fn edited(m: &mut Machine<'_>, path: &Value, input: &Json) {
    let resolved = m.resolve(path);
    let edits: Vec<&Json> = match input.get("edits").or_else(|| input.get("replacements")).and_then(Json::as_array) {
        Some(edits) => edits.iter().take(EDITS).collect(),
        None => vec![input],
    };
    let before = m.place.world.text(&resolved);
    let mut after = before.clone().unwrap_or_default();
    for edit in edits {
        let old = text_of(edit, &["old_string", "old_str", "oldString", "oldText"]).unwrap_or("");
        let new = text_of(edit, &["new_string", "new_str", "newString", "newText"]).unwrap_or("");
        let all = edit.get("replace_all").and_then(Json::as_bool).unwrap_or(false);
        if before.is_none() {
            // A part of a file of rules: its lines are those of a target.
            after.extend(new.lines().map(|line| format!("\t{}\n", line.trim_start())));
        } else if !old.is_empty() && after.len().saturating_add(new.len()) <= crate::limits::TEXT_BYTES {
            // Each place grows the text, which is never let beyond the limit.
            let room = crate::limits::TEXT_BYTES.saturating_sub(after.len()) / new.len().max(1);
            after = after.replacen(old, new, if all { room.max(1) } else { 1 });
        }
    }
    let rules = matches!(crate::recipes::form(&resolved), Some(Form::Make | Form::Just));
    if before.is_none() && !rules || !within(&resolved, m.place.project) && before.is_none() {
        return;
    }
    let after = Value::known(after.replace(crate::value::UNKNOWN, "?"));
    let (traits, why) = crate::written::content_traits(m, &resolved, &after);
    let earlier = before.map_or(Traits::NONE, |text| {
        let text = Value::known(text.replace(crate::value::UNKNOWN, "?"));
        crate::written::content_traits(m, &resolved, &text).0
    });
    let new = traits.without(earlier);
    if !new.is_empty() {
        m.act(ActKind::WriteFile, resolved, new, why);
    }
}
