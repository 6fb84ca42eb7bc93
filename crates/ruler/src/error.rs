//! What can be wrong with a decision table.

/// A decision table that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// Not JSON, or not of the shape of an SSVC decision table.
    #[error("decision table `{file}` is not an SSVC decision table")]
    Json {
        /// The file.
        file: String,
        /// What the JSON reader says.
        source: serde_json::Error,
    },
    /// The file is larger than Yata reads.
    #[error("decision table `{file}` is larger than {max_bytes} bytes")]
    TooLarge {
        /// The file.
        file: String,
        /// The limit.
        max_bytes: usize,
    },
    /// More rows than Yata reads.
    #[error("decision table `{file}` has more than {max_rows} rows")]
    TooManyRows {
        /// The file.
        file: String,
        /// The limit.
        max_rows: usize,
    },
    /// Another schema version.
    #[error("decision table `{file}` has schema version `{found}`: expected `2.0.0`")]
    SchemaVersion {
        /// The file.
        file: String,
        /// The version it names.
        found: String,
    },
    /// The outcome is not among the decision points.
    #[error("decision table `{file}` names the outcome `{outcome}`, which is not among its decision points")]
    NoOutcome {
        /// The file.
        file: String,
        /// The outcome it names.
        outcome: String,
    },
    /// Outcomes that have no place on Yata's scale.
    #[error("decision table `{file}` decides `{group}`: expected `ssvc:DSOI`, `cisa:BOD2604` or `cisa:CISA`")]
    UnknownOutcomeGroup {
        /// The file.
        file: String,
        /// The outcome group.
        group: String,
    },
    /// A decision point that Yata has no facts for.
    #[error(
        "decision table `{file}` asks for `{point}`, which Yata cannot answer: it knows ssvc:E 1, ssvc:EXP 1, \
         ssvc:A 2, ssvc:TI 1, ssvc:HI 2, ssvc:MWI 1, cisa:KEV 1 and cisa:PE 1"
    )]
    UnknownPoint {
        /// The file.
        file: String,
        /// The decision point.
        point: String,
    },
    /// A value that the standard does not have.
    #[error("decision table `{file}` gives `{point}` the value `{value}`, which Yata does not know")]
    UnknownValue {
        /// The file.
        file: String,
        /// The decision point.
        point: String,
        /// The value's key.
        value: String,
    },
    /// A value of the standard that the table leaves out.
    #[error("decision table `{file}` leaves out the value `{value}` of `{point}`")]
    MissingValue {
        /// The file.
        file: String,
        /// The decision point.
        point: String,
        /// The value's key.
        value: String,
    },
    /// No input at all, or one under two versions.
    #[error("decision table `{file}` must name each of its decision points once, and at least one")]
    PointTwice {
        /// The file.
        file: String,
    },
    /// A row that cannot be used.
    #[error("decision table `{file}`, row {row}: {what}")]
    Row {
        /// The file.
        file: String,
        /// Which row of `mapping`, from 1.
        row: usize,
        /// What is wrong with it.
        what: String,
    },
    /// A combination that no row is about.
    #[error("decision table `{file}` has no row for {row}")]
    MissingRow {
        /// The file.
        file: String,
        /// The combination.
        row: String,
    },
    /// A table of the same id says something else.
    #[error("decision table `{file}` calls itself `{table}` but differs from it: give it an id of its own")]
    Conflict {
        /// The file.
        file: String,
        /// The id.
        table: String,
    },
    /// More tables than are computed side by side.
    #[error("decision table `{file}` is one too many: at most 16 are computed side by side")]
    TooMany {
        /// The file.
        file: String,
    },
}
