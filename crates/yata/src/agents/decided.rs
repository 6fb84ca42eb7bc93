//! Which policy decides on managed settings, and what it says of the calls that their patterns stand for.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use serde::{Deserialize, Serialize};
use serde_json::json;
use yata_agents::managed::{Decision, Organisation, Probe, Rules, Setback, Settled, settle};
use yata_agents::{Agent, Os};
use yata_hook::{Decision as Said, Foresight, POLICY_FILE, Place, Surroundings};

use crate::cli::PolicyArgs;

/// The largest record of what was issued that is read, in bytes.
const RECORD_MAX_BYTES: u64 = 64 * 1024;

/// A compiled policy, and where it is from.
pub(crate) struct Policy {
    bytes: Cow<'static, [u8]>,
    /// A folder, a file, or `default` for the one that comes with the product.
    pub(crate) source: String,
    /// Its version, as `yata policy check` prints it.
    pub(crate) version: String,
}

impl Policy {
    /// The policies that were named, else the one that decides on the machine of a root.
    pub(super) fn of(args: &PolicyArgs, root: &Path) -> anyhow::Result<Self> {
        match &args.policies {
            Some(folder) => Self::new(Cow::Owned(crate::policy::compiled(args)?), folder.display().to_string()),
            None => Self::deployed(root),
        }
    }

    /// The policy that the hook of a machine would take: the organisation's, on this machine else the person's, else the one
    /// that comes with the product.
    pub(crate) fn deployed(root: &Path) -> anyhow::Result<Self> {
        let folders = if root == Path::new("/") {
            Place::find(&Surroundings::of_this_process()).folders
        } else {
            vec![root.join("etc/yata/hook")]
        };
        let bytes = yata_hook::policy(&folders).map_err(|why| anyhow!(why)).context("cannot read the policy")?;
        let file = folders.iter().map(|folder| folder.join(POLICY_FILE)).find(|file| file.exists());
        Self::new(bytes, file.map_or_else(|| "default".to_owned(), |file| file.display().to_string()))
    }

    /// What it says of calls.
    pub(super) fn foresight(&self) -> anyhow::Result<Foresight<'_>> {
        let foresight = Foresight::new(&self.bytes).map_err(|why| anyhow!(why));
        foresight.with_context(|| format!("cannot use the policy `{}`", self.source))
    }

    fn new(bytes: Cow<'static, [u8]>, source: String) -> anyhow::Result<Self> {
        let foresight = Foresight::new(&bytes).map_err(|why| anyhow!(why));
        let version = foresight.with_context(|| format!("cannot use the policy `{source}`"))?.version();
        Ok(Policy { bytes, source, version })
    }

    /// The rules with what the policy decides on the calls of an agent.
    ///
    /// # Errors
    /// What the organisation would let pass although the policy does not.
    pub(crate) fn settle(
        &self,
        agent: Agent,
        organisation: &Organisation,
        rules: &Rules,
    ) -> Result<Settled, Vec<Setback>> {
        let foresight = Foresight::new(&self.bytes).ok();
        let hooked = yata_hook::Agent::of(agent.name());
        let ask = |probe: &Probe| {
            // INVARIANT: the policy was read before, and each agent that settings are issued for has a hook.
            let (Some(foresight), Some(agent)) = (&foresight, hooked) else { return Some(Decision::Deny) };
            decision(foresight, agent, probe)
        };
        settle(organisation, rules, &ask)
    }
}

fn decision(foresight: &Foresight<'_>, agent: yata_hook::Agent, probe: &Probe) -> Option<Decision> {
    let path = |path: &str| match path.strip_prefix("~/") {
        Some(rest) => format!("{}/{rest}", Foresight::HOME),
        None if path.starts_with('/') => path.to_owned(),
        None => format!("{}/{path}", Foresight::PROJECT),
    };
    let (tool, input) = match probe {
        Probe::Command(command) => ("Bash".to_owned(), json!({ "command": command })),
        Probe::Read(file) => ("Read".to_owned(), json!({ "file_path": path(file) })),
        Probe::Edit(file) => ("Write".to_owned(), json!({ "file_path": path(file), "content": "" })),
        Probe::Url(url) => ("WebFetch".to_owned(), json!({ "url": url, "prompt": "" })),
        Probe::Tool(tool) => (format!("mcp__{}", tool.replace('/', "__")), json!({})),
    };
    match foresight.call(agent, &tool, &input).decision {
        Said::Allow => None,
        Said::Ask => Some(Decision::Ask),
        Said::Deny => Some(Decision::Deny),
    }
}

/// What stands beside the issued files: the policy from which they are.
#[derive(Serialize, Deserialize)]
struct Record {
    /// The version of the policy.
    policy: String,
}

/// Where the record is on a machine.
pub(super) fn record_path(os: Os) -> &'static str {
    if os == Os::Windows { "C:/ProgramData/Yata/issued.json" } else { "/etc/yata/issued.json" }
}

/// The record's text.
pub(super) fn record(policy: &Policy) -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(&Record { policy: policy.version.clone() })? + "\n")
}

/// From which policy the settings of a machine were issued; none where no record says so.
pub(super) fn issued_from(root: &Path, os: Os) -> Option<String> {
    let file: PathBuf = root.join(record_path(os).trim_start_matches("C:").trim_start_matches('/'));
    let text = crate::bounded::text(&file, RECORD_MAX_BYTES).ok()?;
    serde_json::from_str::<Record>(&text).ok().map(|record| record.policy)
}
