//! EPSS scores: the CSV that FIRST publishes every day.

use jiff::civil::Date;
use yata_model::is_cve_id;

/// The most rows that are read.
pub const MAX_EPSS_ROWS_COUNT: usize = 5_000_000;
/// Scores and percentiles are kept in units of this: five decimals, as published.
const UNITS: f64 = 100_000.0;

/// The score of one CVE.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EpssScore {
    /// The year of the CVE id.
    pub year: u16,
    /// The number of the CVE id.
    pub number: u32,
    /// Probability of exploitation in the next 30 days, in units of 0.00001.
    pub probability_e5: u32,
    /// Share of CVEs with an equal or lower probability, in units of 0.00001.
    pub percentile_e5: u32,
}

/// A file of scores, read whole.
#[derive(Debug, Clone, PartialEq)]
pub struct EpssFile {
    /// The model that made them (`v2025.03.14`).
    pub model: String,
    /// The day they are for.
    pub date: Date,
    /// The scores, sorted by year and number, without repetition.
    pub scores: Vec<EpssScore>,
    /// Rows that could not be read, with line numbers; their CVEs have no known score.
    pub unreadable: Vec<String>,
}

/// Why a file was refused as a whole.
#[derive(Debug, thiserror::Error)]
pub enum EpssError {
    /// Not UTF-8.
    #[error("it is not UTF-8 text")]
    NotText,
    /// The first lines are not those of an EPSS file.
    #[error("line {line} is not that of an EPSS file: expected {expected}")]
    NotEpss {
        /// 1-based.
        line: u32,
        /// What should stand there.
        expected: &'static str,
    },
    /// It has no scores.
    #[error("it is empty")]
    Empty,
    /// It is longer than any published one.
    #[error("it has more than {MAX_EPSS_ROWS_COUNT} rows")]
    TooLong,
    /// Its last line stops in the middle.
    #[error("its last line is cut short")]
    Truncated,
}

/// Reads the uncompressed CSV.
///
/// # Errors
/// See [`EpssError`]. Single bad rows do not refuse the file; they are listed.
pub fn parse_epss(bytes: &[u8]) -> Result<EpssFile, EpssError> {
    let text = std::str::from_utf8(bytes).map_err(|_| EpssError::NotText)?;
    if !text.is_empty() && !text.ends_with('\n') {
        return Err(EpssError::Truncated);
    }
    let mut lines = text.lines();
    let head = lines.next().ok_or(EpssError::Empty)?;
    let (model, date) =
        header(head).ok_or(EpssError::NotEpss { line: 1, expected: "`#model_version:…,score_date:…`" })?;
    if lines.next() != Some("cve,epss,percentile") {
        return Err(EpssError::NotEpss { line: 2, expected: "`cve,epss,percentile`" });
    }
    let mut scores = Vec::with_capacity(text.len() / 28);
    let mut unreadable = Vec::new();
    for (index, line) in lines.enumerate() {
        if index >= MAX_EPSS_ROWS_COUNT {
            return Err(EpssError::TooLong);
        }
        match row(line) {
            Some(score) => scores.push(score),
            None => unreadable.push(format!("line {}", index + 3)),
        }
    }
    if scores.is_empty() {
        return Err(EpssError::Empty);
    }
    scores.sort_by_key(|score| (score.year, score.number));
    scores.dedup_by_key(|score| (score.year, score.number));
    Ok(EpssFile { model, date, scores, unreadable })
}

fn header(line: &str) -> Option<(String, Date)> {
    let fields = line.strip_prefix('#')?.split(',');
    let mut model = None;
    let mut date = None;
    for field in fields {
        match field.split_once(':')? {
            ("model_version", value) => model = Some(value.to_owned()),
            ("score_date", value) => date = value.get(..10)?.parse().ok(),
            _ => {}
        }
    }
    Some((model?, date?))
}

fn row(line: &str) -> Option<EpssScore> {
    let mut fields = line.split(',');
    let (cve, probability, percentile) = (fields.next()?, fields.next()?, fields.next()?);
    let (year, number) = split_cve(cve)?;
    if fields.next().is_some() {
        return None;
    }
    Some(EpssScore { year, number, probability_e5: units(probability)?, percentile_e5: units(percentile)? })
}

/// The year and number of a CVE id.
pub(crate) fn split_cve(id: &str) -> Option<(u16, u32)> {
    if !is_cve_id(id) {
        return None;
    }
    let (year, number) = id.strip_prefix("CVE-")?.split_once('-')?;
    Some((year.parse().ok()?, number.parse().ok()?))
}

fn units(text: &str) -> Option<u32> {
    let value: f64 = text.parse().ok()?;
    if !(0.0..=1.0).contains(&value) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100,000 by the check above")]
    Some((value * UNITS).round() as u32)
}

impl EpssScore {
    /// The year and number by which scores are sorted, of a CVE id; `None` if it is not one.
    pub fn key(cve: &str) -> Option<(u16, u32)> {
        split_cve(cve)
    }

    /// Probability of exploitation in the next 30 days, 0 to 1.
    pub fn probability(self) -> f64 {
        f64::from(self.probability_e5) / UNITS
    }

    /// Percentile, 0 to 1.
    pub fn percentile(self) -> f64 {
        f64::from(self.percentile_e5) / UNITS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "#model_version:v2025.03.14,score_date:2026-08-16T00:00:00+0000\ncve,epss,percentile\n";

    #[test]
    fn scores_are_read_and_sorted() {
        let file =
            parse_epss(format!("{HEAD}CVE-2021-44228,0.94358,0.99957\nCVE-1999-0001,0.03351,0.87650\n").as_bytes())
                .unwrap();
        assert_eq!(file.date.to_string(), "2026-08-16");
        assert_eq!(file.scores[0].year, 1999);
        assert_eq!(file.scores[1].probability(), 0.94358);
        assert_eq!(file.scores[1].percentile_e5, 99957);
    }

    #[test]
    fn bad_rows_are_named_and_bad_files_refused() {
        let file = parse_epss(format!("{HEAD}CVE-2021-44228,0.9,0.9\nCVE-2021-1,x,y\n").as_bytes()).unwrap();
        assert_eq!(file.unreadable, ["line 4"]);
        #[track_caller]
        fn check(text: &str, expected: &str) {
            assert_eq!(parse_epss(text.as_bytes()).unwrap_err().to_string(), expected);
        }
        check("", "it is empty");
        check(HEAD, "it is empty");
        check(&format!("{HEAD}CVE-2021-44228,0.9,0."), "its last line is cut short");
        check("cve,epss\n", "line 1 is not that of an EPSS file: expected `#model_version:…,score_date:…`");
        assert!(parse_epss(b"\xff").is_err());
    }
}
