//! The few sentences that several formats share.

use jiff::civil::Date;
use yata_model::{Finding, Message, Remedy};

/// "Upgrade `log4j-core` from 2.14.1 to 2.17.1": what to do with a package.
pub(super) fn remedy(package: &str, from: &[String], remedy: &Remedy) -> Message {
    let about = |id: &str| Message::new(id).with("package", package);
    match remedy {
        Remedy::Upgrade { to, compatible } => {
            let id = match (from.is_empty(), compatible) {
                (true, _) => "export-remedy-upgrade-unpinned",
                (false, Some(true)) => "export-remedy-upgrade-compatible",
                (false, Some(false)) => "export-remedy-upgrade-breaking",
                (false, None) => "export-remedy-upgrade",
            };
            about(id).with("from", from.join(", ")).with("to", to.as_str())
        }
        Remedy::Remove => about("export-remedy-remove"),
        Remedy::Replace => about("export-remedy-replace"),
        Remedy::Rotate => about("export-remedy-rotate"),
        Remedy::Reconfigure => about("export-remedy-reconfigure"),
        Remedy::NoneKnown if from.is_empty() => about("export-remedy-pin"),
        Remedy::NoneKnown => about("export-remedy-none"),
    }
}

/// The same for one finding.
pub(super) fn remedy_of(finding: &Finding) -> Message {
    let version: Vec<String> = finding.subject.version().map(str::to_owned).into_iter().collect();
    remedy(finding.subject.name(), &version, &finding.remedy)
}

/// "By 2026-08-23", or "with the next upgrade".
pub(super) fn due(due: Option<Date>) -> Message {
    match due {
        Some(date) => Message::new("export-due-by").with("date", date.to_string()),
        None => Message::new("export-due-next-upgrade"),
    }
}
