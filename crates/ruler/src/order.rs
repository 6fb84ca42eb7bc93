//! The order of risks as one number, for lists that no memory holds.

use jiff::ToSpan as _;
use jiff::civil::Date;

/// Bits for the expected harm: steps of two billionths of a billionth of a percent, finer than any probability that is
/// published (EPSS has nine decimals).
const HARM_BITS: u32 = 39;
/// The number of steps from no harm to certain harm.
const HARM_STEPS: i64 = (1 << HARM_BITS) - 1;
/// Stands for "no last day": after every day.
const NO_DAY: i64 = (1 << 23) - 1;
/// Days are counted from here. Earlier ones count as this one, so that every key has nineteen digits.
const FIRST_DAY: Date = Date::constant(1, 1, 1);
/// The number of [`FIRST_DAY`].
const FIRST_DAY_NUMBER: i64 = 1 << 22;

/// The number of a day: greater for later days, and greatest for none.
fn number(due: Option<Date>) -> i64 {
    let Some(due) = due else { return NO_DAY };
    let days = FIRST_DAY.until(due).map_or(0, |span| i64::from(span.get_days()));
    FIRST_DAY_NUMBER + days.max(0)
}

/// The place of a risk in the order, smaller is more urgent: the last day (none is last), then expected harm (0 to 1; more
/// is more urgent). Always positive, and of nineteen decimal digits.
pub fn rank_key(due: Option<Date>, expected_harm: f64) -> i64 {
    // What is no number counts as certain harm.
    let harm = if expected_harm.is_nan() { 1.0 } else { expected_harm.clamp(0.0, 1.0) };
    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "0 to 2^39 - 1")]
    let steps = (harm * HARM_STEPS as f64).round() as i64;
    number(due) << HARM_BITS | (HARM_STEPS - steps)
}

/// The least key of that last day (`None`: of those without one): all keys of earlier days are less.
pub fn first_key_of(due: Option<Date>) -> i64 {
    number(due) << HARM_BITS
}

/// The last day that a key stands for.
pub fn due_of_key(key: i64) -> Option<Date> {
    match key >> HARM_BITS {
        NO_DAY => None,
        number => Some(FIRST_DAY.saturating_add((number - FIRST_DAY_NUMBER).days())),
    }
}

/// The expected harm that a key stands for, 0 to 1.
pub fn harm_of_key(key: i64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "0 to 2^39 - 1")]
    let harm = (HARM_STEPS - (key & HARM_STEPS)) as f64 / HARM_STEPS as f64;
    harm
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn day() -> impl Strategy<Value = Option<Date>> {
        let days = (1970_i16..2200, 1_i8..=12, 1_i8..=28).prop_map(|(y, m, d)| date(y, m, d));
        prop::option::weighted(0.8, days)
    }

    /// A probability as EPSS publishes it, by the weights of the ruler.
    fn harm() -> impl Strategy<Value = f64> {
        (0_u32..=1_000_000_000, 1_u32..=8).prop_map(|(p, weight)| f64::from(p) / 1e9 * f64::from(weight) / 8.0)
    }

    proptest! {
        #[test]
        fn keys_order_as_days_and_harms_do(a in (day(), harm()), b in (day(), harm())) {
            let (key_a, key_b) = (rank_key(a.0, a.1), rank_key(b.0, b.1));
            let order = (a.0.is_none(), a.0).cmp(&(b.0.is_none(), b.0)).then_with(|| b.1.total_cmp(&a.1));
            if (a.1 - b.1).abs() > 1e-11 || a.1.to_bits() == b.1.to_bits() {
                prop_assert_eq!(key_a.cmp(&key_b), order);
            }
            prop_assert_eq!(due_of_key(key_a), a.0);
            prop_assert!((harm_of_key(key_a) - a.1).abs() < 1e-11);
            prop_assert!(first_key_of(a.0) <= key_a);
            prop_assert_eq!(key_a.to_string().len(), 19);
        }
    }

    #[test]
    fn the_ends_of_time_have_keys() {
        for (due, harm) in [(Some(Date::MIN), 2.0), (Some(Date::MAX), -1.0), (None, f64::NAN), (None, f64::INFINITY)] {
            let key = rank_key(due, harm);
            assert!(key > 0 && key.to_string().len() == 19, "{key}");
        }
        assert!(rank_key(Some(Date::MAX), 0.0) < rank_key(None, 1.0));
    }
}
