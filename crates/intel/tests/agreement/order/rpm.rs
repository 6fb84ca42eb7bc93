//! RPM's `rpmvercmp`, byte by byte as its C has it.

use std::cmp::Ordering;

/// Epoch, version, release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rpm {
    epoch: u64,
    version: String,
    release: String,
}

impl Rpm {
    pub(crate) fn read(text: &str) -> Rpm {
        let (epoch, rest) = match text.split_once(':') {
            Some((epoch, rest)) if epoch.parse::<u64>().is_ok() => (epoch.parse().unwrap(), rest),
            _ => (0, text),
        };
        let (version, release) = rest.split_once('-').unwrap_or((rest, ""));
        Rpm { epoch, version: version.to_owned(), release: release.to_owned() }
    }

    pub(crate) fn cmp(&self, other: &Rpm) -> Ordering {
        let version = || compare(self.version.as_bytes(), other.version.as_bytes());
        let release = || compare(self.release.as_bytes(), other.release.as_bytes());
        self.epoch.cmp(&other.epoch).then_with(version).then_with(release)
    }
}

fn compare(mut one: &[u8], mut two: &[u8]) -> Ordering {
    while !one.is_empty() || !two.is_empty() {
        let separates = |byte: u8| !byte.is_ascii_alphanumeric() && byte != b'~' && byte != b'^';
        one = after(one, separates);
        two = after(two, separates);
        if one.first() == Some(&b'~') || two.first() == Some(&b'~') {
            if one.first() != Some(&b'~') {
                return Ordering::Greater;
            }
            if two.first() != Some(&b'~') {
                return Ordering::Less;
            }
            (one, two) = (&one[1..], &two[1..]);
            continue;
        }
        if one.first() == Some(&b'^') || two.first() == Some(&b'^') {
            match (one.first(), two.first()) {
                (None, _) => return Ordering::Less,
                (_, None) => return Ordering::Greater,
                (Some(b'^'), Some(b'^')) => (one, two) = (&one[1..], &two[1..]),
                (Some(b'^'), _) => return Ordering::Less,
                _ => return Ordering::Greater,
            }
            continue;
        }
        if one.is_empty() || two.is_empty() {
            break;
        }
        let digits = one[0].is_ascii_digit();
        let belongs = |byte: u8| if digits { byte.is_ascii_digit() } else { byte.is_ascii_alphabetic() };
        let (rest_one, rest_two) = (after(one, belongs), after(two, belongs));
        let mut segment_one = &one[..one.len() - rest_one.len()];
        let mut segment_two = &two[..two.len() - rest_two.len()];
        if segment_two.is_empty() {
            return if digits { Ordering::Greater } else { Ordering::Less };
        }
        if digits {
            segment_one = after(segment_one, |byte| byte == b'0');
            segment_two = after(segment_two, |byte| byte == b'0');
            if segment_one.len() != segment_two.len() {
                return segment_one.len().cmp(&segment_two.len());
            }
        }
        if segment_one != segment_two {
            return segment_one.cmp(segment_two);
        }
        (one, two) = (rest_one, rest_two);
    }
    (!one.is_empty()).cmp(&!two.is_empty())
}

fn after(text: &[u8], skip: impl Fn(u8) -> bool) -> &[u8] {
    let start = text.iter().position(|byte| !skip(*byte)).unwrap_or(text.len());
    &text[start..]
}

#[test]
fn the_order_is_that_of_rpm() {
    let ordered = ["1.0~rc1-1", "1.0-1.el9", "1.0-1.el9_1", "1.0-1.el10", "1.0-2", "1.0^git1-1", "1.0.1-1", "1:0.1-1"];
    for pair in ordered.windows(2) {
        assert_eq!(Rpm::read(pair[0]).cmp(&Rpm::read(pair[1])), Ordering::Less, "{pair:?}");
    }
    assert_eq!(Rpm::read("0:1.00-1").cmp(&Rpm::read("1.0-01")), Ordering::Equal);
}
