//! What the real policy says of the calls that rules stand for: the decision of the hook.

use serde_json::json;
use yata_agents::Agent;
use yata_agents::managed::{Decision, Organisation, Probe, Rules, Settled, settle};
use yata_hook::{Decision as Said, Foresight, Verdict};

/// The policy that comes with the product.
pub(crate) fn default_policy() -> Foresight<'static> {
    let bytes: &'static [u8] = yata_hook::policy(&[]).unwrap().into_owned().leak();
    Foresight::new(bytes).unwrap()
}

/// What it says of a call.
pub(crate) fn verdict(policy: &Foresight<'_>, agent: Agent, probe: &Probe) -> Verdict {
    let path = |path: &str| match path.strip_prefix("~/") {
        Some(rest) => format!("{}/{rest}", Foresight::HOME),
        None if path.starts_with('/') => path.to_owned(),
        None => format!("{}/{path}", Foresight::PROJECT),
    };
    let agent = yata_hook::Agent::of(agent.name()).unwrap();
    match probe {
        Probe::Command(command) => policy.call(agent, "Bash", &json!({ "command": command })),
        Probe::Read(file) => policy.call(agent, "Read", &json!({ "file_path": path(file) })),
        Probe::Edit(file) => policy.call(agent, "Write", &json!({ "file_path": path(file), "content": "" })),
        Probe::Url(url) => policy.call(agent, "WebFetch", &json!({ "url": url, "prompt": "" })),
        Probe::Tool(tool) => policy.call(agent, &format!("mcp__{}", tool.replace('/', "__")), &json!({})),
    }
}

/// The rules with what the policy that comes with the product decides.
pub(crate) fn settled(agent: Agent, organisation: &Organisation, rules: &Rules) -> Settled {
    let policy = default_policy();
    let ask = |probe: &Probe| match verdict(&policy, agent, probe).decision {
        Said::Allow => None,
        Said::Ask => Some(Decision::Ask),
        Said::Deny => Some(Decision::Deny),
    };
    settle(organisation, rules, &ask).unwrap()
}
