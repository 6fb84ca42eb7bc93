//! Decision tables, and the two of the standards.

use yata_model::{Outcome, Priority, TableResult};

use crate::{Levels, Point, TableError};

/// The most tables that are computed side by side.
pub const MAX_TABLES: usize = 16;

/// One possible answer of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Label {
    /// In the table's own words.
    pub(crate) name: String,
    /// As Yata counts it.
    pub(crate) outcome: Outcome,
}

/// A decision table: an outcome for every combination of the values of its decision points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// `namespace:key:version`.
    pub(crate) id: String,
    /// Name and version, as results name it.
    pub(crate) name: String,
    /// The inputs, sorted; the last one counts fastest in `rows`.
    pub(crate) points: Vec<Point>,
    /// The answers.
    pub(crate) labels: Vec<Label>,
    /// For each combination, the place of its answer in `labels`.
    pub(crate) rows: Vec<u8>,
}

impl Table {
    /// The SSVC Deployer table (`ssvc:DT_DP:1.0.0`), 72 rows.
    ///
    /// Source: SSVC decision table "Deployer Patch Application Priority" 1.0.0, CERT/CC.
    pub fn ssvc_deployer() -> Self {
        let points = vec![Point::Exploitation, Point::SystemExposure, Point::Automatable, Point::HumanImpact];
        // Exploitation, then exposure in threes; each pair is automatable no and yes over the four human impacts.
        #[rustfmt::skip]
        const ROWS: [&str; 9] = [
            "DDSS DSSS", "DSSS SSSS", "DSSS SSSO", // none: small, controlled, open
            "DSSS SSSS", "DSSS SSSO", "SSSO SSOO", // public proof of concept
            "SSOO SOOO", "SSOO OOOO", "SOOI OOII", // active
        ];
        let labels = [('D', "Defer"), ('S', "Scheduled"), ('O', "Out-of-Cycle"), ('I', "Immediate")];
        built_in("ssvc:DT_DP:1.0.0", "SSVC Deployer 1.0.0", points, &labels, "ssvc:DSOI", &ROWS)
    }

    /// The table of CISA Binding Operational Directive 26-04 (`cisa:DT_BOD2604:1.0.0`), 16 rows.
    ///
    /// Source: SSVC decision table "CISA BOD 26-04" 1.0.0.
    pub fn cisa_bod_26_04() -> Self {
        let points = vec![Point::KnownExploited, Point::PubliclyExposed, Point::Automatable, Point::TechnicalImpact];
        // In KEV no and yes over publicly exposed; each pair is automatable over technical impact.
        const ROWS: [&str; 4] = ["FF 66", "61 13", "11 1X", "1X 3X"];
        let labels = [
            ('F', "Fix on system upgrade"),
            ('6', "60 days"),
            ('1', "14 days"),
            ('3', "3 days"),
            ('X', "3 days & forensic investigation"),
        ];
        built_in("cisa:DT_BOD2604:1.0.0", "CISA BOD 26-04 1.0.0", points, &labels, "cisa:BOD2604", &ROWS)
    }

    /// Its name and version.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its decision points.
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// What it decides.
    pub fn outcome(&self, levels: &Levels) -> Outcome {
        self.label(levels).map_or(STRICTEST, |label| label.outcome)
    }

    /// What it decides, with the row that says so.
    pub fn result(&self, levels: &Levels) -> TableResult {
        let inputs = self.points.iter().map(|point| {
            let value = point.values().get(point.answer(levels)).map_or("", |(_, name)| name);
            (point.name().to_owned(), value.to_owned())
        });
        let label = self.label(levels);
        TableResult {
            table: self.name.clone(),
            inputs: inputs.collect(),
            outcome_name: label.map_or_else(String::new, |label| label.name.clone()),
            outcome: label.map_or(STRICTEST, |label| label.outcome),
        }
    }

    /// INVARIANT: `rows` has an entry for every combination, and every entry is a place in `labels`.
    fn label(&self, levels: &Levels) -> Option<&Label> {
        let row = self.points.iter().fold(0, |row, point| row * point.values().len() + point.answer(levels));
        self.labels.get(usize::from(*self.rows.get(row)?))
    }
}

/// What counts where a table cannot answer: it never can, but if it could, then not as safe.
const STRICTEST: Outcome = Outcome { priority: Priority::Immediate, investigate: true };

fn built_in(id: &str, name: &str, points: Vec<Point>, labels: &[(char, &str)], group: &str, rows: &[&str]) -> Table {
    let label = |(_, name): &(char, &str)| Label {
        name: (*name).to_owned(),
        outcome: outcome_by_name(group, name).unwrap_or(STRICTEST),
    };
    let place = |code: char| labels.iter().position(|(of, _)| *of == code).and_then(|at| u8::try_from(at).ok());
    Table {
        id: id.to_owned(),
        name: name.to_owned(),
        points,
        labels: labels.iter().map(label).collect(),
        rows: rows.iter().flat_map(|row| row.chars()).filter_map(place).collect(),
    }
}

/// The outcome groups that Yata can count, as (group, key, name, outcome), the least urgent first.
///
/// Sources: `ssvc:DSOI:1.0.0`, `cisa:BOD2604:1.0.0`, `cisa:CISA:1.1.0`.
pub(crate) const OUTCOMES: [(&str, &str, &str, Priority, bool); 13] = [
    ("ssvc:DSOI", "D", "Defer", Priority::Defer, false),
    ("ssvc:DSOI", "S", "Scheduled", Priority::Scheduled, false),
    ("ssvc:DSOI", "O", "Out-of-Cycle", Priority::OutOfCycle, false),
    ("ssvc:DSOI", "I", "Immediate", Priority::Immediate, false),
    ("cisa:BOD2604", "FSU", "Fix on system upgrade", Priority::Defer, false),
    ("cisa:BOD2604", "60D", "60 days", Priority::Scheduled, false),
    ("cisa:BOD2604", "14D", "14 days", Priority::OutOfCycle, false),
    ("cisa:BOD2604", "3D", "3 days", Priority::Immediate, false),
    ("cisa:BOD2604", "3DF", "3 days & forensic investigation", Priority::Immediate, true),
    ("cisa:CISA", "T", "Track", Priority::Defer, false),
    ("cisa:CISA", "T*", "Track*", Priority::Scheduled, false),
    ("cisa:CISA", "AT", "Attend", Priority::OutOfCycle, false),
    ("cisa:CISA", "AC", "Act", Priority::Immediate, false),
];

fn outcome_by_name(group: &str, name: &str) -> Option<Outcome> {
    OUTCOMES
        .iter()
        .find(|(of, _, known, ..)| *of == group && *known == name)
        .map(|(.., priority, investigate)| Outcome { priority: *priority, investigate: *investigate })
}

/// The tables that are computed for every finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tables(Vec<Table>);

impl Default for Tables {
    fn default() -> Self {
        Tables::standard()
    }
}

impl Tables {
    /// The two of the standards.
    pub fn standard() -> Self {
        Tables(vec![Table::ssvc_deployer(), Table::cisa_bod_26_04()])
    }

    /// Adds a table of the organisation's own. One that is there already, row by row, is not added twice.
    ///
    /// # Errors
    /// [`TableError::Conflict`] where a table of the same id says something else, [`TableError::TooMany`] above
    /// [`MAX_TABLES`].
    pub fn add(&mut self, file: &str, table: Table) -> Result<(), TableError> {
        if let Some(same) = self.0.iter().find(|known| known.id == table.id) {
            let equal = same.points == table.points
                && same.rows.len() == table.rows.len()
                && same.answers().zip(table.answers()).all(|(a, b)| a == b);
            return if equal { Ok(()) } else { Err(TableError::Conflict { file: file.into(), table: table.id }) };
        }
        if self.0.len() >= MAX_TABLES {
            return Err(TableError::TooMany { file: file.into() });
        }
        self.0.push(table);
        Ok(())
    }

    /// The tables.
    pub fn iter(&self) -> impl Iterator<Item = &Table> {
        self.0.iter()
    }

    /// The stricter of all tables.
    pub fn outcome(&self, levels: &Levels) -> Outcome {
        self.0.iter().map(|table| table.outcome(levels)).reduce(stricter).unwrap_or(STRICTEST)
    }

    /// Every table's answer.
    pub fn results(&self, levels: &Levels) -> Vec<TableResult> {
        self.0.iter().map(|table| table.result(levels)).collect()
    }
}

impl Table {
    fn answers(&self) -> impl Iterator<Item = Option<Outcome>> {
        self.rows.iter().map(|at| self.labels.get(usize::from(*at)).map(|label| label.outcome))
    }
}

/// The more urgent of two outcomes, investigating where either asks for it.
pub fn stricter(a: Outcome, b: Outcome) -> Outcome {
    Outcome { priority: a.priority.min(b.priority), investigate: a.investigate || b.investigate }
}

/// How urgent an outcome is: smaller is more urgent.
pub(crate) fn urgency(outcome: Outcome) -> (Priority, bool) {
    (outcome.priority, !outcome.investigate)
}
