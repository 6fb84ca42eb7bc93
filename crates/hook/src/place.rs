//! Where the hook finds its files, and what the person or the organisation set.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use yata_words::Lang;

use crate::state;

/// The folder of the organisation: what stands there rules, and nothing of a person or a session changes it.
#[cfg(not(windows))]
const SYSTEM: &str = "/etc/yata/hook";
/// The folder of the organisation: what stands there rules, and nothing of a person or a session changes it.
#[cfg(windows)]
const SYSTEM: &str = "C:\\ProgramData\\Yata\\hook";

/// The name of the settings file in each folder.
const SETTINGS: &str = "settings.json";

/// Most bytes of a settings file.
const MAX_SETTINGS_BYTES: u64 = 64 * 1024;

/// Most folders that are looked into above the one where a call runs.
const MAX_FOLDERS_UP: usize = 40;

/// What an organisation or a person sets, in `settings.json` of the hook.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Settings {
    /// The language of the reasons: `en` or `ja`; else that of the environment.
    pub lang: Option<String>,
    /// What happens when a decision cannot be logged.
    pub log: LogMode,
    /// Whether what is allowed also saves the person the agent's own question.
    pub allow: AllowMode,
    /// The groups of the person for whom agents work here, for policies that name some.
    pub groups: Vec<String>,
    /// The folder for state and log; else below the person's own.
    pub state: Option<PathBuf>,
}

/// What happens when a decision cannot be logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogMode {
    /// It is answered, and standard error says that it is not logged.
    #[default]
    BestEffort,
    /// It is refused.
    Required,
}

/// What an allow means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AllowMode {
    /// No objection: the agent's own rules and questions follow.
    #[default]
    Quiet,
    /// The agent's own question is saved, where the agent lets a hook do so.
    Outright,
}

/// Facts of the environment. Only `main` and tests make one.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// `HOME`.
    pub home: Option<PathBuf>,
    /// `XDG_STATE_HOME`.
    pub state_home: Option<PathBuf>,
    /// `XDG_CONFIG_HOME`.
    pub config_home: Option<PathBuf>,
    /// `YATA_HOOK_DIR`: both folders in one, for machines that no organisation manages.
    pub chosen: Option<PathBuf>,
    /// The locale: the first of `LC_ALL`, `LC_MESSAGES`, `LANG` that is set.
    pub locale: Option<String>,
    /// `DEVIN_PROJECT_DIR`, in place of the folder that Devin does not name.
    pub devin_project: Option<String>,
    /// The folder of the organisation.
    pub system: PathBuf,
}

impl Surroundings {
    /// Those of this process.
    #[must_use]
    pub fn of_this_process() -> Self {
        let path = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let text = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        Surroundings {
            home: path("HOME").or_else(|| path("USERPROFILE")),
            state_home: path("XDG_STATE_HOME"),
            config_home: path("XDG_CONFIG_HOME"),
            chosen: path("YATA_HOOK_DIR"),
            locale: ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(text),
            devin_project: text("DEVIN_PROJECT_DIR"),
            system: PathBuf::from(SYSTEM),
        }
    }
}

/// Where everything is, and what was set.
#[derive(Debug, Clone)]
pub struct Place {
    /// The person's own folder; empty where unknown.
    pub home: String,
    /// State and log.
    pub state: PathBuf,
    /// Folders with settings and policy, the one that rules first.
    pub folders: Vec<PathBuf>,
    /// What was set.
    pub settings: Settings,
    /// The language of the reasons.
    pub lang: Lang,
    /// The folder of the organisation, which need not be there.
    pub system: PathBuf,
    /// Whether the organisation has set anything.
    pub managed: bool,
    /// What could not be read of it.
    pub problem: Option<String>,
}

impl Place {
    /// Finds it. Settings that are there and cannot be read are a problem, which the caller answers with a block: what
    /// they would have forbidden is not known.
    #[must_use]
    pub fn find(around: &Surroundings) -> Self {
        let managed = around.system.is_dir();
        let home = around.home.clone().unwrap_or_default();
        // INVARIANT: a variable of the environment may come from the settings of a project; it never goes before the
        // organisation's own.
        let chosen = around.chosen.clone().filter(|_| !managed);
        let config = chosen.clone().unwrap_or_else(|| {
            around.config_home.clone().unwrap_or_else(|| home.join(".config")).join("yata").join("hook")
        });
        let folders = if managed { vec![around.system.clone(), config] } else { vec![config] };
        let (settings, problem) = match settings(&folders) {
            Ok(settings) => (settings, None),
            Err(problem) => (Settings::default(), Some(problem)),
        };
        let state = match (&settings.state, chosen) {
            (Some(state), _) => state.clone(),
            (None, Some(chosen)) => chosen.join("state"),
            (None, None) => {
                around.state_home.clone().unwrap_or_else(|| home.join(".local/state")).join("yata").join("hook")
            }
        };
        let wanted = settings.lang.as_deref().or(around.locale.as_deref());
        let lang = wanted.map_or(Lang::En, Lang::from_locale);
        Place {
            home: home.to_string_lossy().into_owned(),
            state,
            folders,
            settings,
            lang,
            system: around.system.clone(),
            managed,
            problem,
        }
    }
}

/// The settings of the first folder that has some: the organisation's are not mixed with a person's.
fn settings(folders: &[PathBuf]) -> Result<Settings, String> {
    for folder in folders {
        let path = folder.join(SETTINGS);
        match state::read(&path, MAX_SETTINGS_BYTES) {
            Ok(Some(bytes)) => {
                // A sequence would pass for an object without keys.
                let fields = serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(&bytes);
                let settings = fields.and_then(|fields| serde_json::from_value(fields.into()));
                return settings.map_err(|error| format!("`{}`: {error}", path.display()));
            }
            Ok(None) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => {}
            Err(error) => return Err(format!("`{}`: {error}", path.display())),
        }
    }
    Ok(Settings::default())
}

/// The root of the repository that a folder is in; the folder itself where it is in none.
#[must_use]
pub fn project(cwd: &str) -> String {
    let start = Path::new(cwd);
    if !start.is_absolute() {
        return cwd.to_owned();
    }
    let mut above = start.ancestors().take(MAX_FOLDERS_UP);
    let root = above.find(|folder| std::fs::symlink_metadata(folder.join(".git")).is_ok());
    root.unwrap_or(start).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(folder: &Path) -> Surroundings {
        Surroundings {
            home: Some(folder.join("home")),
            chosen: Some(folder.join("chosen")),
            locale: Some("ja_JP.UTF-8".to_owned()),
            system: folder.join("system"),
            ..Surroundings::default()
        }
    }

    #[test]
    fn the_organisation_goes_before_the_environment() {
        let folder = tempfile::tempdir().unwrap();
        let around = around(folder.path());
        let place = Place::find(&around);
        assert_eq!((place.state.clone(), place.managed), (folder.path().join("chosen/state"), false));
        assert_eq!(place.lang, Lang::Ja);

        std::fs::create_dir_all(folder.path().join("system")).unwrap();
        std::fs::create_dir_all(folder.path().join("chosen")).unwrap();
        std::fs::write(folder.path().join("chosen/settings.json"), r#"{"log":"required"}"#).unwrap();
        let place = Place::find(&around);
        assert_eq!(place.state, folder.path().join("home/.local/state/yata/hook"));
        assert_eq!((place.settings.log, place.managed), (LogMode::BestEffort, true));

        let system = r#"{"log":"required","lang":"en","allow":"outright"}"#;
        std::fs::write(folder.path().join("system/settings.json"), system).unwrap();
        let place = Place::find(&around);
        assert_eq!((place.settings.log, place.settings.allow), (LogMode::Required, AllowMode::Outright));
        assert_eq!(place.lang, Lang::En);
        for broken in ["{", r#"{"lgo":"required"}"#, "[]", "\u{feff}{}"] {
            std::fs::write(folder.path().join("system/settings.json"), broken).unwrap();
            assert!(Place::find(&around).problem.is_some(), "{broken}");
        }
    }

    #[test]
    fn the_project_is_the_repository() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("a/b/c");
        std::fs::create_dir_all(&deep).unwrap();
        std::fs::create_dir_all(folder.path().join("a/.git")).unwrap();
        assert_eq!(project(deep.to_str().unwrap()), folder.path().join("a").to_str().unwrap());
        assert_eq!(project("relative"), "relative");
    }
}
