//! Decisions by SSVC as CycloneDX ratings.

use std::borrow::Cow;

use jiff::civil::Date;
use yata_model::{Decision, Priority, TableResult};

use super::cyclonedx_wire::{Rating, Source};

/// One rating for each table that decided.
///
/// The vector has the form that CISA writes, `SSVCv2/E:A/EXP:O/A:Y/HI:VH/DSOI:I/2026-08-20/`, with the keys of the
/// decision points and values in the SSVC registry; it is left out where an input is in none of them. The
/// words of the table always stand in `justification`.
pub(super) fn ratings(decision: &Decision, as_of: Date) -> impl Iterator<Item = Rating<'_>> {
    decision.tables.iter().map(move |table| Rating {
        source: Source { name: Cow::Borrowed(table.table.as_str()) },
        score: None,
        severity: match table.outcome.priority {
            Priority::Immediate => "critical",
            Priority::OutOfCycle => "high",
            Priority::Scheduled => "medium",
            Priority::Defer => "low",
        },
        method: "SSVC",
        vector: vector(table, as_of).map(Cow::Owned),
        justification: Some(words(table)),
    })
}

fn words(table: &TableResult) -> String {
    let inputs: Vec<String> = table.inputs.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    format!("{} → {}", inputs.join(", "), table.outcome_name)
}

fn vector(table: &TableResult, as_of: Date) -> Option<String> {
    let mut out = "SSVCv2/".to_owned();
    for (name, value) in &table.inputs {
        let (key, values) = point(name)?;
        let (_, value_key) = values.iter().find(|(known, _)| known.eq_ignore_ascii_case(value))?;
        out.push_str(&format!("{key}:{value_key}/"));
    }
    let (key, outcome) = outcome(&table.outcome_name)?;
    Some(format!("{out}{key}:{outcome}/{as_of}/"))
}

type Values = &'static [(&'static str, &'static str)];

const YES_NO: Values = &[("No", "N"), ("Yes", "Y")];

/// The key of a decision point and of its values.
///
/// Source: SSVC registry, `ssvc:E:1.1.0`, `ssvc:EXP:1.0.1`, `ssvc:A:2.0.0`, `ssvc:HI:2.0.2`, `ssvc:TI:1.0.0`,
/// `cisa:PE:1.0.0`, `cisa:KEV:1.0.0`.
fn point(name: &str) -> Option<(&'static str, Values)> {
    Some(match name {
        "Exploitation" => ("E", &[("None", "N"), ("Public PoC", "P"), ("Active", "A")]),
        "System Exposure" => ("EXP", &[("Small", "S"), ("Controlled", "C"), ("Open", "O")]),
        "Automatable" => ("A", YES_NO),
        "Human Impact" => ("HI", &[("Low", "L"), ("Medium", "M"), ("High", "H"), ("Very High", "VH")]),
        "Technical Impact" => ("TI", &[("Partial", "P"), ("Total", "T")]),
        "Publicly Exposed" => ("PE", YES_NO),
        "In KEV" => ("KEV", YES_NO),
        _ => return None,
    })
}

fn outcome(name: &str) -> Option<(&'static str, &'static str)> {
    Some(match name {
        "Defer" => ("DSOI", "D"),
        "Scheduled" => ("DSOI", "S"),
        "Out-of-Cycle" => ("DSOI", "O"),
        "Immediate" => ("DSOI", "I"),
        "Fix on system upgrade" => ("BOD2604", "FSU"),
        "60 days" => ("BOD2604", "60D"),
        "14 days" => ("BOD2604", "14D"),
        "3 days" => ("BOD2604", "3D"),
        "3 days & forensic investigation" => ("BOD2604", "3DF"),
        _ => return None,
    })
}
