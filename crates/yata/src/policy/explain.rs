//! `yata policy explain`: the decision of a request, what each policy lacks, and what would change it.

use std::fmt::Write as _;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, anyhow, bail};
use yata_model::Message;
use yata_policy::Request;
use yata_policy::cedar::{Change, Explained, Explanation, Fact, MAX_EVENT_BYTES};
use yata_words::Lang;

use super::files::{self, read};
use super::{by, decision_word, short};
use crate::cli::{ListFormatArg, PolicyArgs};
use crate::view::style::Style;
use crate::view::text::printable;
use crate::{EXIT_CLEAR, Terminal, output};

pub(super) fn run(
    request: &Path,
    args: &PolicyArgs,
    format: ListFormatArg,
    all: bool,
    terminal: &Terminal,
) -> anyhow::Result<u8> {
    let text = if request == Path::new("-") { standard_input()? } else { read(request, MAX_EVENT_BYTES)? };
    let asked: Request =
        serde_json::from_str(&text).with_context(|| format!("`{}` is no request", request.display()))?;
    let explanation = files::load(args)?.explain(&asked).map_err(|error| anyhow!(error))?;
    let text = match format {
        ListFormatArg::Json => serde_json::to_string_pretty(&explanation).context("cannot write the JSON")? + "\n",
        ListFormatArg::Human => human(&explanation, all, terminal),
    };
    output::write(&text, None)?;
    Ok(EXIT_CLEAR)
}

fn standard_input() -> anyhow::Result<String> {
    let mut text = String::new();
    std::io::stdin().take(MAX_EVENT_BYTES as u64 + 1).read_to_string(&mut text).context("cannot read the request")?;
    if text.len() > MAX_EVENT_BYTES {
        bail!("the request is larger than {MAX_EVENT_BYTES} bytes");
    }
    Ok(text)
}

fn human(explanation: &Explanation, all: bool, terminal: &Terminal) -> String {
    let (lang, style) = (terminal.lang, Style { color: terminal.color });
    let decided = &explanation.decided;
    let mut out = String::new();
    let head = Message::new("policy-decided")
        .with("decision", decision_word(decided.decision, terminal).as_str())
        .with("version", short(&decided.version));
    let _ = writeln!(out, "{}", style.bold(&yata_words::render(lang, &head)));
    for reason in &decided.reasons {
        let (text, advice) = match lang {
            Lang::En => (&reason.en, &reason.advice_en),
            Lang::Ja => (&reason.ja, &reason.advice_ja),
        };
        let by = by(reason.policy.as_slice());
        let _ = writeln!(out, "  {}", printable(format!("{text}{by}")));
        if !advice.is_empty() {
            let _ = writeln!(out, "    {}", style.dim(&printable(advice.clone())));
        }
    }
    if !explanation.changes.is_empty() {
        let _ = writeln!(out, "\n{}", yata_words::text(lang, "policy-changes"));
        for change in &explanation.changes {
            let _ = writeln!(out, "  {}", printable(changed(change, terminal)));
        }
    }
    let others = explanation.policies.iter().filter(|policy| !decided.policies.contains(&policy.policy));
    // What shares nothing with the request says nothing of it.
    let (others, far): (Vec<&Explained>, Vec<&Explained>) =
        others.partition(|policy| all || policy.applies || policy.failed || policy.holds > 0);
    if !others.is_empty() {
        let _ = writeln!(out, "\n{}", yata_words::text(lang, "policy-others"));
    }
    for policy in others {
        let says = decision_word(policy.says, terminal);
        let _ = writeln!(out, "  {} ({says}) {}", policy.policy, style.dim(&policy.place));
        for lack in &policy.lacks {
            let lack = Message::new("policy-lacks").with("condition", lack.as_str());
            let _ = writeln!(out, "    {}", printable(yata_words::render(lang, &lack)));
        }
        let said = if policy.applies {
            "policy-outranked"
        } else if policy.failed {
            "policy-failed"
        } else {
            continue;
        };
        let _ = writeln!(out, "    {}", yata_words::text(lang, said));
    }
    if !far.is_empty() {
        let more = Message::new("policy-far").with("count", far.len());
        let _ = writeln!(out, "{}", style.dim(&yata_words::render(lang, &more)));
    }
    out
}

fn changed(change: &Change, terminal: &Terminal) -> String {
    let what = match &change.change {
        Fact::NoTrait(name) => Message::new("policy-no-trait").with("name", name.as_str()),
        Fact::NoTraits(_) => Message::new("policy-no-traits"),
        Fact::NoClass(name) => Message::new("policy-no-class").with("name", name.as_str()),
        Fact::NotTainted => Message::new("policy-not-tainted"),
        Fact::DefaultMode => Message::new("policy-default-mode"),
        Fact::InGroup(name) => Message::new("policy-in-group").with("name", name.as_str()),
    };
    let decision = decision_word(change.decision, terminal);
    format!("{}: {decision}{}", yata_words::render(terminal.lang, &what), by(&change.policies))
}
