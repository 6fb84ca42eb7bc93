//! Deadlines and change windows: which day is the last one.

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};
use yata_model::{ChangeWindow, Deadlines, Priority};

/// The longest deadline in days; a longer one counts as this one.
pub const MAX_DEADLINE_DAYS: u32 = 3650;
/// How far ahead a change window is looked for, in weeks. A fifth weekday comes at least every 14 weeks.
const MAX_WINDOW_WEEKS: u32 = 60;

/// Days to act, ready to be counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    deadlines: Deadlines,
}

impl Default for Calendar {
    fn default() -> Self {
        Calendar::new(&Deadlines::default())
    }
}

impl Calendar {
    /// The calendar of an estate.
    pub fn new(deadlines: &Deadlines) -> Self {
        let mut deadlines = deadlines.clone();
        deadlines.holidays.sort_unstable();
        deadlines.holidays.dedup();
        Calendar { deadlines }
    }

    /// Days for a priority: the organisation's, else those of CISA BOD 26-04 (3, 14, 60); none for `defer` unless
    /// the organisation gives some.
    pub fn days(&self, priority: Priority) -> Option<u32> {
        let days = self.deadlines.days.get(&priority).copied().or(match priority {
            Priority::Immediate => Some(3),
            Priority::OutOfCycle => Some(14),
            Priority::Scheduled => Some(60),
            Priority::Defer => None,
        });
        days.map(|days| days.min(MAX_DEADLINE_DAYS))
    }

    /// The last day to act, where the clock started on `start`: the day itself is day 0. With business days,
    /// Saturdays, Sundays and holidays are not counted, so the last day is never one of them.
    pub fn due(&self, start: Date, priority: Priority) -> Option<Date> {
        let days = self.days(priority)?;
        if !self.deadlines.business_days {
            return Some(plus_days(start, days));
        }
        let mut day = start;
        let mut left = days;
        while left > 0 && day < Date::MAX {
            day = plus_days(day, 1);
            if self.is_business_day(day) {
                left -= 1;
            }
        }
        Some(day)
    }

    fn is_business_day(&self, day: Date) -> bool {
        !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
            && self.deadlines.holidays.binary_search(&day).is_err()
    }
}

/// The first day from `today` on (today included) on which the window opens; `None` where its weeks never come.
///
/// The n-th week of a month is the one of the n-th time that its weekday comes in the month.
pub fn next_window(window: &ChangeWindow, today: Date) -> Option<Date> {
    let from = u32::try_from(today.weekday().until(window.weekday)).unwrap_or_default();
    (0..MAX_WINDOW_WEEKS)
        .map(|week| plus_days(today, from + 7 * week))
        .find(|day| window.weeks.is_empty() || window.weeks.iter().any(|week| i16::from(*week) == week_of_month(*day)))
}

fn week_of_month(day: Date) -> i16 {
    (i16::from(day.day()) - 1) / 7 + 1
}

fn plus_days(day: Date, days: u32) -> Date {
    day.saturating_add(i64::from(days).days())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn check_due(business_days: bool, holidays: &[Date], start: Date, priority: Priority, expected: Option<Date>) {
        let deadlines = Deadlines { business_days, holidays: holidays.to_vec(), ..Deadlines::default() };
        assert_eq!(Calendar::new(&deadlines).due(start, priority), expected);
    }

    #[test]
    fn days_are_counted() {
        let friday = date(2026, 8, 21);
        check_due(false, &[], friday, Priority::Immediate, Some(date(2026, 8, 24)));
        check_due(false, &[], friday, Priority::OutOfCycle, Some(date(2026, 9, 4)));
        check_due(false, &[], friday, Priority::Scheduled, Some(date(2026, 10, 20)));
        check_due(false, &[], friday, Priority::Defer, None);
        check_due(true, &[], friday, Priority::Immediate, Some(date(2026, 8, 26)));
        check_due(true, &[date(2026, 8, 25)], friday, Priority::Immediate, Some(date(2026, 8, 27)));
        check_due(true, &[], date(2026, 8, 22), Priority::Immediate, Some(date(2026, 8, 26)));
        check_due(true, &[], Date::MAX, Priority::Scheduled, Some(Date::MAX));
    }

    #[test]
    fn a_missing_deadline_is_the_default_one_and_defer_may_have_one() {
        let deadlines = Deadlines { days: [(Priority::Defer, 180)].into(), ..Deadlines::default() };
        let calendar = Calendar::new(&deadlines);
        assert_eq!(calendar.days(Priority::Immediate), Some(3));
        assert_eq!(calendar.days(Priority::Defer), Some(180));
        let endless = Deadlines { days: [(Priority::Defer, u32::MAX)].into(), ..Deadlines::default() };
        assert_eq!(Calendar::new(&endless).days(Priority::Defer), Some(MAX_DEADLINE_DAYS));
    }

    fn check_window(weekday: Weekday, weeks: &[u8], today: Date, expected: Option<Date>) {
        let window = ChangeWindow { weekday, weeks: weeks.to_vec(), from: None, to: None };
        assert_eq!(next_window(&window, today), expected, "{weekday:?} {weeks:?} from {today}");
    }

    #[test]
    fn windows_are_found() {
        let friday = date(2026, 8, 21);
        check_window(Weekday::Saturday, &[], friday, Some(date(2026, 8, 22)));
        check_window(Weekday::Friday, &[], friday, Some(friday));
        check_window(Weekday::Thursday, &[], friday, Some(date(2026, 8, 27)));
        check_window(Weekday::Saturday, &[2], friday, Some(date(2026, 9, 12)));
        check_window(Weekday::Saturday, &[4], friday, Some(date(2026, 8, 22)));
        check_window(Weekday::Saturday, &[1, 3], friday, Some(date(2026, 9, 5)));
        check_window(Weekday::Saturday, &[5], friday, Some(date(2026, 8, 29)));
        check_window(Weekday::Saturday, &[5], date(2026, 8, 30), Some(date(2026, 10, 31)));
        check_window(Weekday::Saturday, &[6], friday, None);
    }
}
