//! The register against what was found: what is not in it, what nobody looks after, what is missing.

use jiff::civil::Date;
use jiff::{Span, Timestamp, tz::TimeZone};

use crate::apps::controls::missing;
use crate::apps::{App, Control, Data, Detected, Register, Tier};
use crate::check::{self, Check, Confidence, Severity};

/// Days to put a thing right; each counts from a day that does not move, so that the end date comes.
const REGISTER_DAYS: i64 = 30;
const OWNER_DAYS: i64 = 14;
const DATA_DAYS: i64 = 14;
const REVIEW_DATE_DAYS: i64 = 30;
const REVIEW_DAYS: i64 = 30;
const UNMAINTAINED_DAYS: i64 = 90;
const GONE_DAYS: i64 = 30;

/// What is judged by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// The day of the judgement.
    pub today: Date,
    /// Days without a commit after which an app counts as unmaintained; none for what the register says.
    pub unmaintained_after_days: Option<u32>,
}

/// A folder of the register, looked at.
#[derive(Clone, Debug, Default)]
pub struct AppFacts {
    /// Whether the folder is there.
    pub present: bool,
    /// The files in it and in the root of its repository, as far as they were looked at.
    pub files: Vec<String>,
    /// What its history and its files say; the history is of the folder alone.
    pub detected: Detected,
}

/// A system that was found in the tree.
#[derive(Clone, Debug)]
pub struct FoundApp {
    /// Where it is, relative to the register's folder (`.` for that folder).
    pub path: String,
    /// What its history and files say.
    pub detected: Detected,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An AI made it, and the register does not have it.
    Unregistered,
    /// Nobody answers for it.
    Ownerless,
    /// Nobody has said what data it handles.
    DataUnsaid,
    /// There is no day by which somebody looks at it again.
    NoReviewDate,
    /// That day has passed.
    ReviewOverdue,
    /// Nobody has changed it for long.
    Unmaintained,
    /// The register has it, and its folder is not there.
    Gone,
    /// It must have something that neither the register nor a file shows.
    ControlMissing(&'static Control),
}

impl Kind {
    /// The id in JSON and SARIF.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unregistered => "app-unregistered",
            Self::Ownerless => "app-ownerless",
            Self::DataUnsaid => "app-data-unsaid",
            Self::NoReviewDate => "app-no-review-date",
            Self::ReviewOverdue => "app-review-overdue",
            Self::Unmaintained => "app-unmaintained",
            Self::Gone => "app-gone",
            Self::ControlMissing(_) => "app-control-missing",
        }
    }

    /// What the list of checks says of it: `agents.app.unregistered`.
    #[must_use]
    pub fn check(self) -> Option<&'static Check> {
        check::check(&format!("agents.app.{}", self.name().strip_prefix("app-")?))
    }
}

/// How much it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AppLevel {
    /// To know; does not make a check fail.
    Note,
    /// To be put right by the end date.
    Warning,
    /// Open to the outside, or with sensitive data; or past its end date.
    Error,
}

/// Something wrong with an app.
#[derive(Clone, Debug, PartialEq)]
pub struct AppFinding {
    /// What it is.
    pub kind: Kind,
    /// The app's name in the register; none where it is not in it.
    pub app: Option<String>,
    /// Where the app is.
    pub path: String,
    /// The line of its entry, from 1; 0 where it has none.
    pub line: u32,
    /// How sure it is.
    pub confidence: Confidence,
    /// How much it matters.
    pub level: AppLevel,
    /// The day by which it is put right, or the app is switched off.
    pub end: Date,
    /// Days since the last commit, for [`Kind::Unmaintained`].
    pub days: Option<i64>,
}

impl AppFinding {
    /// How bad it is, beside what is wrong with agents: a missing entry or control needs something else to do harm, until
    /// the system is open to others, holds sensitive data, or the end date has passed.
    #[must_use]
    pub fn severity(&self) -> Severity {
        match self.level {
            AppLevel::Note | AppLevel::Warning => Severity::Low,
            AppLevel::Error => Severity::Medium,
        }
    }

    /// What it is about and its end date, on one line and in no language: `Leave: updates → 2026-11-30`.
    #[must_use]
    pub fn evidence(&self) -> String {
        let name = self.app.as_deref().unwrap_or(&self.path);
        let control = match self.kind {
            Kind::ControlMissing(control) => format!(": {}", control.id),
            _ => String::new(),
        };
        format!("{name}{control} → {}", self.end)
    }

    /// What tells it from others of its kind, and stays as lines and dates move.
    #[must_use]
    pub fn key(&self) -> [&str; 3] {
        let control = match self.kind {
            Kind::ControlMissing(control) => control.id,
            _ => "",
        };
        [self.app.as_deref().unwrap_or_default(), &self.path, control]
    }
}

/// What is wrong on a day. `looked` are the register's apps and what was seen of each; `found` all systems of the tree,
/// those of the register among them. By path, then in the order of the table.
#[must_use]
pub fn findings(register: &Register, looked: &[(&App, AppFacts)], found: &[FoundApp], rules: Rules) -> Vec<AppFinding> {
    let mut out = Vec::new();
    for one in found.iter().filter(|one| !register.apps.iter().any(|app| meets(&app.path, &one.path))) {
        out.extend(unregistered(one, rules));
    }
    for (app, facts) in looked {
        registered(app, facts, register, rules, &mut out);
    }
    out.sort_by(|a, b| a.path.cmp(&b.path));
    out
}

/// Whether one of two folders, from the same one, is the other or in it: an entry covers both.
#[must_use]
pub fn meets(a: &str, b: &str) -> bool {
    let inside = |outer: &str, inner: &str| {
        outer == "." || inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    inside(a, b) || inside(b, a)
}

fn day(seconds: i64) -> Option<Date> {
    Some(Timestamp::from_second(seconds).ok()?.to_zoned(TimeZone::UTC).date())
}

fn after(day: Date, days: i64) -> Date {
    // No larger than the constants above and what a register may say.
    day.saturating_add(Span::new().try_days(days).unwrap_or_default())
}

fn unregistered(found: &FoundApp, rules: Rules) -> Option<AppFinding> {
    let confidence = found.detected.confidence()?;
    let since = found.detected.first_agent_seconds.and_then(day).unwrap_or(rules.today);
    let end = after(since.min(rules.today), REGISTER_DAYS);
    let level = match confidence {
        Confidence::Low => AppLevel::Note,
        _ if end < rules.today => AppLevel::Error,
        _ => AppLevel::Warning,
    };
    let path = found.path.clone();
    Some(AppFinding { kind: Kind::Unregistered, app: None, path, line: 0, confidence, level, end, days: None })
}

fn registered(app: &App, facts: &AppFacts, register: &Register, rules: Rules, out: &mut Vec<AppFinding>) {
    let since = app.registered.unwrap_or(rules.today).min(rules.today);
    let exposed = app.tier == Tier::Public || Data::of(app.data_classes.as_deref()) == Data::Sensitive;
    let mut add = |kind: Kind, end: Date, days: Option<i64>| {
        let level = if exposed || end < rules.today { AppLevel::Error } else { AppLevel::Warning };
        let (app, path, line) = (Some(app.name.clone()), app.path.clone(), app.line);
        out.push(AppFinding { kind, app, path, line, confidence: Confidence::High, level, end, days });
    };
    if app.owner.is_none() {
        add(Kind::Ownerless, after(since, OWNER_DAYS), None);
    }
    if app.data_classes.is_none() {
        add(Kind::DataUnsaid, after(since, DATA_DAYS), None);
    }
    match app.review_by {
        None => add(Kind::NoReviewDate, after(since, REVIEW_DATE_DAYS), None),
        Some(by) if by < rules.today => add(Kind::ReviewOverdue, after(by, REVIEW_DAYS), None),
        Some(_) => {}
    }
    if !facts.present {
        add(Kind::Gone, after(since, GONE_DAYS), None);
        return;
    }
    if let Some(last) = facts.detected.last_seconds.and_then(day) {
        let allowed = i64::from(rules.unmaintained_after_days.unwrap_or(register.unmaintained_after_days));
        let idle = days_between(last, rules.today);
        if idle > allowed {
            let end = after(after(last, allowed), UNMAINTAINED_DAYS);
            add(Kind::Unmaintained, end, Some(idle));
        }
    }
    for control in missing(app, &facts.files) {
        add(Kind::ControlMissing(control), after(since, control_days(app.tier)), None);
    }
}

/// Days to bring in a control: the more people an app reaches, the fewer.
const fn control_days(tier: Tier) -> i64 {
    match tier {
        Tier::Public => 14,
        Tier::Official => 30,
        Tier::Internal => 60,
        Tier::Personal => 90,
    }
}

fn days_between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}
