//! Whether an AI wrote a system, by what commits and files say: how much of it, which agent, and how sure that is.

use std::collections::BTreeSet;

use crate::apps::marks;
use crate::check::Confidence;

/// Pieces of evidence of one kind that are kept; more are counted.
const EVIDENCE_MAX: usize = 12;
/// Lines of a message, and of the head of a file, that are looked at.
const LINES_MAX: usize = 2_000;
const HEAD_LINES_MAX: usize = 30;
/// Bytes of a line that are looked at.
const LINE_MAX_BYTES: usize = 1_000;
/// Characters of a text that are shown.
const SHOWN_MAX_CHARS: usize = 120;
/// From this share of commits on, in percent, an agent wrote a good part of it.
const SHARE_PERCENT: usize = 10;

/// A commit.
#[derive(Clone, Copy, Debug, Default)]
pub struct CommitFacts<'a> {
    /// Its id.
    pub id: &'a str,
    /// The author's name.
    pub author: &'a str,
    /// The author's e-mail address.
    pub email: &'a str,
    /// The e-mail address of who committed it.
    pub committer_email: &'a str,
    /// The whole message.
    pub message: &'a str,
    /// When it was committed: seconds since 1970, UTC.
    pub seconds: i64,
}

/// What kind of thing says that an agent was at work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EvidenceKind {
    /// The author or committer is an agent.
    Author,
    /// A trailer names an agent: `Co-Authored-By: Claude <noreply@anthropic.com>`.
    Trailer,
    /// A line of the message: `Generated with [Claude Code]`.
    GeneratedWith,
    /// A comment at the head of a file says that an agent made it.
    Mark,
    /// A file with instructions for an agent.
    AgentFile,
}

impl EvidenceKind {
    /// The name in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Author => "author",
            Self::Trailer => "trailer",
            Self::GeneratedWith => "generated-with",
            Self::Mark => "mark",
            Self::AgentFile => "agent-file",
        }
    }
}

/// One thing that says that an agent was at work.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Evidence {
    /// What kind of thing.
    pub kind: EvidenceKind,
    /// The agent.
    pub agent: &'static str,
    /// The commit's id or the file's path.
    pub place: String,
    /// What it says, at most 120 characters.
    pub text: String,
    /// How sure it is.
    pub confidence: Confidence,
}

/// Commits and files, taken in one by one.
#[derive(Clone, Debug, Default)]
pub struct Detection {
    found: Detected,
    kept: [usize; 5],
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Detected {
    /// Commits that were looked at.
    pub commits: usize,
    /// Those of them that an agent wrote or had a part in.
    pub agent_commits: usize,
    /// Files whose head was looked at.
    pub files: usize,
    /// Those of them that say that an agent made them.
    pub marked_files: usize,
    /// The agents.
    pub agents: BTreeSet<&'static str>,
    /// What says so, at most 12 of each kind.
    pub evidence: Vec<Evidence>,
    /// The oldest commit of an agent: seconds since 1970, UTC.
    pub first_agent_seconds: Option<i64>,
    /// The newest commit: seconds since 1970, UTC.
    pub last_seconds: Option<i64>,
}

impl Detected {
    /// How much of the history agents wrote, in percent; none where there are no commits.
    #[must_use]
    pub fn share_percent(&self) -> Option<usize> {
        self.agent_commits.saturating_mul(100).checked_div(self.commits)
    }

    /// How sure it is that an agent made this, or a good part of it; none where nothing says so. Instructions for an
    /// agent alone say that one is used, not what it wrote.
    #[must_use]
    pub fn confidence(&self) -> Option<Confidence> {
        let best = self.evidence.iter().map(|one| one.confidence).max()?;
        let large = self.share_percent().is_some_and(|share| share >= SHARE_PERCENT);
        let marked = self.marked_files > 0;
        Some(match best {
            Confidence::High if large => Confidence::High,
            Confidence::High | Confidence::Medium if large || marked => Confidence::Medium,
            _ => Confidence::Low,
        })
    }
}

impl Detection {
    /// Takes in a commit.
    pub fn commit(&mut self, commit: &CommitFacts<'_>) {
        self.found.commits = self.found.commits.saturating_add(1);
        self.found.last_seconds = self.found.last_seconds.max(Some(commit.seconds));
        let mut seen = Vec::new();
        for address in [commit.email, commit.committer_email] {
            if let Some(agent) = marks::by_address(address) {
                seen.push((EvidenceKind::Author, agent, address.to_owned(), Confidence::High));
                break;
            }
        }
        if commit.author.ends_with("(aider)") {
            seen.push((EvidenceKind::Author, "aider", commit.author.to_owned(), Confidence::High));
        }
        for line in commit.message.lines().take(LINES_MAX).filter(|line| line.len() <= LINE_MAX_BYTES) {
            seen.extend(trailer(line));
        }
        if seen.is_empty() {
            return;
        }
        self.found.agent_commits = self.found.agent_commits.saturating_add(1);
        let first = self.found.first_agent_seconds.map_or(commit.seconds, |first| first.min(commit.seconds));
        self.found.first_agent_seconds = Some(first);
        for (kind, agent, text, confidence) in seen {
            self.keep(Evidence { kind, agent, place: commit.id.to_owned(), text, confidence });
        }
    }

    /// Takes in a file: its path from the root (`/` between the parts), and its first bytes.
    pub fn file(&mut self, path: &str, head: &[u8]) {
        self.found.files = self.found.files.saturating_add(1);
        if let Some((mark, agent)) = marks::by_path(path) {
            // Of a folder full of them one is enough.
            let known = |one: &Evidence| one.kind == EvidenceKind::AgentFile && one.text == mark;
            if !self.found.evidence.iter().any(known) {
                let (place, text) = (path.to_owned(), mark.to_owned());
                self.keep(Evidence { kind: EvidenceKind::AgentFile, agent, place, text, confidence: Confidence::Low });
            }
            return;
        }
        let prose = path.rsplit('.').next().is_some_and(|end| ["md", "txt", "rst", "adoc"].contains(&end));
        let text = String::from_utf8_lossy(head);
        for line in text.lines().take(HEAD_LINES_MAX).filter(|line| line.len() <= LINE_MAX_BYTES) {
            if let Some(agent) = comment(line, prose).and_then(made_by) {
                self.found.marked_files = self.found.marked_files.saturating_add(1);
                let (place, text) = (path.to_owned(), line.trim().to_owned());
                self.keep(Evidence { kind: EvidenceKind::Mark, agent, place, text, confidence: Confidence::Medium });
                return;
            }
        }
    }

    /// What was found.
    #[must_use]
    pub fn finish(mut self) -> Detected {
        self.found.evidence.sort();
        self.found
    }

    fn keep(&mut self, evidence: Evidence) {
        self.found.agents.insert(evidence.agent);
        if let Some(kept) = self.kept.get_mut(evidence.kind as usize)
            && *kept < EVIDENCE_MAX
        {
            *kept = kept.saturating_add(1);
            let text = evidence.text.chars().take(SHOWN_MAX_CHARS).collect();
            self.found.evidence.push(Evidence { text, ..evidence });
        }
    }
}

type Found = (EvidenceKind, &'static str, String, Confidence);

/// What a line of a message says, if it is a trailer or one of the lines that agents write.
fn trailer(line: &str) -> Option<Found> {
    let line = line.trim();
    let shown = || line.to_owned();
    if let Some((key, value)) = line.split_once(':') {
        let key = key.trim().to_ascii_lowercase();
        if ["co-authored-by", "assisted-by", "generated-by", "authored-by", "written-by"].contains(&key.as_str()) {
            let (name, address) = value.split_once('<').unwrap_or((value, ""));
            if let Some(agent) = marks::by_address(address.trim_end_matches('>')) {
                return Some((EvidenceKind::Trailer, agent, shown(), Confidence::High));
            }
            let (agent, rest) = marks::named_at_start(name.trim())?;
            let rest = rest.trim_start_matches([' ', ':', '-']).to_ascii_lowercase();
            let model = rest.is_empty() || marks::MODEL_WORDS.iter().any(|word| rest.starts_with(word));
            let digits = rest.starts_with(|next: char| next.is_ascii_digit());
            return (model || digits || key != "co-authored-by")
                .then(|| (EvidenceKind::Trailer, agent, shown(), Confidence::Medium));
        }
        if key == "replit-commit-author" && value.trim() == "Agent" {
            return Some((EvidenceKind::Trailer, "Replit Agent", shown(), Confidence::High));
        }
        if key == "claude-session" && value.trim().starts_with("https://claude.ai/") {
            return Some((EvidenceKind::Trailer, "Claude Code", shown(), Confidence::High));
        }
    }
    let bare = line.trim_start_matches(|first: char| !first.is_alphanumeric());
    let rest = ["Generated with ", "Generated by ", "Created with "].iter().find_map(|lead| bare.strip_prefix(lead))?;
    let linked = rest.starts_with('[');
    let (agent, after) = marks::named_at_start(rest.trim_start_matches('['))?;
    // "Generated with Cursor pagination" is about something else.
    let ends = after.trim_start_matches(" CLI").starts_with([']', '.', '(']) || after.trim().is_empty();
    let confidence = if linked { Confidence::High } else { Confidence::Medium };
    ends.then(|| (EvidenceKind::GeneratedWith, agent, shown(), confidence))
}

/// What a comment says, without its marks; none where a line is no comment. In prose only a comment of HTML is one.
fn comment(line: &str, prose: bool) -> Option<&str> {
    let line = line.trim();
    let marks: &[&str] =
        if prose { &["<!--"] } else { &["<!--", "//", "/*", "*", "#", "--", ";", "\"\"\"", "'''", "%", "<meta"] };
    let mark = marks.iter().find(|mark| line.starts_with(**mark))?;
    Some(line.strip_prefix(mark)?.trim_start_matches(['/', '*', '#', '-', '!', ' ', '@', ';']))
}

/// Words that may stand before "generated by".
const LEADS: [&str; 14] = [
    "this",
    "file",
    "code",
    "script",
    "was",
    "is",
    "module",
    "auto",
    "mostly",
    "partially",
    "initially",
    "page",
    "originally",
    "automatically",
];
const VERBS: [&str; 7] = ["generated", "created", "written", "made", "built", "auto-generated", "vibe-coded"];
/// What follows the name in Japanese.
const MADE: [&str; 6] = ["生成", "作成", "実装", "自動生成", "書いた", "書かれた"];

/// The agent that a comment says made the file.
fn made_by(comment: &str) -> Option<&'static str> {
    let content = comment.split_once("name=\"generator\"").and_then(|(_, rest)| rest.split_once("content=\""));
    if let Some((_, content)) = content {
        return marks::named_at_start(content).map(|(agent, _)| agent);
    }
    let mut rest = comment.trim_start();
    for _ in 0..8 {
        let (word, after) = rest.split_once([' ', '\t']).unwrap_or((rest, ""));
        let lower = word.trim_end_matches([',', ':']).to_ascii_lowercase();
        if VERBS.contains(&lower.as_str()) {
            let by = ["by ", "with ", "using "].iter().find_map(|by| after.strip_prefix(by))?;
            return marks::named_at_start(by.trim_start_matches("the ").trim_start_matches('['))
                .map(|(agent, _)| agent);
        }
        if !LEADS.contains(&lower.as_str()) {
            break;
        }
        rest = after.trim_start();
    }
    let start = comment.strip_prefix("このファイルは").or_else(|| comment.strip_prefix("このコードは"));
    let (agent, rest) = marks::named_at_start(start.unwrap_or(comment).trim_start_matches(['、', ' ']))?;
    let rest = rest.trim_start();
    let link = ["によって", "により", "による", "を使って", "を用いて", "で", "が"];
    let rest = link.iter().find_map(|link| rest.strip_prefix(link))?;
    MADE.iter().any(|made| rest.trim_start().starts_with(made)).then_some(agent)
}
