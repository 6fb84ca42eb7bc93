//! Days of the proleptic Gregorian calendar, counted, and how they are written.

/// A day, as the number of days since 1970-01-01.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

/// Days beyond this are drawn as this one: the year 9999.
const LAST_DAY: i32 = 2_932_896;

impl Day {
    /// The day of a date (algorithm: Howard Hinnant, "chrono-compatible low-level date algorithms", `days_from_civil`).
    /// Month 1 to 12, day 1 to 31; others are moved to the nearest of these, years to 1 to 9999.
    #[must_use]
    pub fn from_date(year: i32, month: u32, day: u32) -> Day {
        let (month, day) =
            (i32::try_from(month.clamp(1, 12)).unwrap_or(1), i32::try_from(day.clamp(1, 31)).unwrap_or(1));
        let year = year.clamp(1, 9_999) - i32::from(month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Day(era * 146_097 + day_of_era - 719_468)
    }

    /// Year, month and day (`civil_from_days` of the same source).
    pub(crate) fn date(self) -> (i32, i32, i32) {
        let days = self.0.clamp(-LAST_DAY, LAST_DAY) + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        (year_of_era + era * 400 + i32::from(month <= 2), month, day)
    }

    /// 0 for Monday to 6 for Sunday.
    fn weekday(self) -> i32 {
        (self.0.clamp(-LAST_DAY, LAST_DAY) + 3).rem_euclid(7)
    }
}

/// How dates are written. `{y}` stands for the year, `{m}` and `{d}` for month and day in figures, `{mm}` and `{dd}` for the same
/// in two figures, `{month}` for the name of the month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dates {
    /// A day on the axis, without its year: `{d} {month}`, `{m}/{d}`.
    pub day: String,
    /// A month on the axis: `{month} {y}`, `{y}年{m}月`.
    pub month: String,
    /// A day in the table.
    pub full: String,
    /// The names of the months, January first; may be empty where no pattern uses them.
    pub months: Vec<String>,
}

impl Default for Dates {
    /// ISO 8601.
    fn default() -> Dates {
        Dates {
            day: "{mm}-{dd}".to_owned(),
            month: "{y}-{mm}".to_owned(),
            full: "{y}-{mm}-{dd}".to_owned(),
            months: vec![],
        }
    }
}

impl Dates {
    /// The day as the pattern says.
    pub(crate) fn write(&self, pattern: &str, day: Day) -> String {
        let (year, month, date) = day.date();
        let name = usize::try_from(month - 1).ok().and_then(|at| self.months.get(at));
        let figures = [("{y}", format!("{year}")), ("{mm}", format!("{month:02}")), ("{dd}", format!("{date:02}"))];
        let mut words = crate::text::clean(pattern);
        for (sign, figure) in figures {
            words = words.replace(sign, &figure);
        }
        words = words.replace("{m}", &month.to_string()).replace("{d}", &date.to_string());
        crate::text::clean(&words.replace("{month}", name.map_or(&format!("{month:02}"), |name| name)))
    }
}

/// The days at which an axis has a label, from `first` to `last`, about so many, and whether these are months.
pub(crate) fn ticks(first: Day, last: Day, wanted: usize) -> (Vec<Day>, bool) {
    let wanted = i32::try_from(wanted.clamp(2, 12)).unwrap_or(2);
    let span = last.0.saturating_sub(first.0).max(0);
    let weekly = [7, 14].into_iter().find(|step| span / step < wanted && span >= 14);
    let daily = [1, 2].into_iter().find(|step| span / step < wanted);
    if let Some(step) = daily {
        return ((0..=span / step).map(|at| Day(first.0 + at * step)).collect(), false);
    }
    if let Some(step) = weekly {
        let monday = first.0 + (7 - first.weekday()) % 7;
        return ((0..=span / step).map(|at| Day(monday + at * step)).filter(|day| *day <= last).collect(), false);
    }
    let months = [1, 2, 3, 6, 12, 24, 60, 120].into_iter().find(|months| span / (months * 30) < wanted).unwrap_or(120);
    let (year, month, _) = first.date();
    let mut days = Vec::new();
    let start = (month - 1) - (month - 1) % months.min(12);
    for at in 0..=span / (months * 28) + 2 {
        let count = start + at * months;
        let month = u32::try_from(count.rem_euclid(12) + 1).unwrap_or(1);
        let day = Day::from_date(year + count.div_euclid(12), month, 1);
        if day > last {
            break;
        }
        if day >= first {
            days.push(day);
        }
    }
    (days, true)
}
