//! Versions of every scheme: an order is an order, and a fix is no longer affected.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yata_model::{Affected, Ecosystem, Event, Family, Package, Range, RangeKind};
use yata_versions::{Candidate, Scheme, Verdict, Version, affects, compatible, smallest_fix};

const FAMILIES: [Family; 14] = [
    Family::CratesIo,
    Family::Npm,
    Family::PyPi,
    Family::Go,
    Family::Debian,
    Family::Ubuntu,
    Family::Alpine,
    Family::AlmaLinux,
    Family::RockyLinux,
    Family::RedHat,
    Family::Maven,
    Family::NuGet,
    Family::RubyGems,
    Family::Packagist,
];

fuzz_target!(|data: &[u8]| {
    let [pick, rest @ ..] = data else { return };
    let Ok(text) = std::str::from_utf8(rest) else { return };
    let mut lines = text.split('\n');
    let mut next = || lines.next().unwrap_or_default();
    let (version, introduced, fixed, listed) = (next(), next(), next(), next());
    let ecosystem = Ecosystem::plain(FAMILIES[usize::from(*pick) % FAMILIES.len()].clone());
    let Some(scheme) = Scheme::of(&ecosystem) else { return };
    if let (Ok(a), Ok(b), Ok(c)) =
        (Version::parse(scheme, version), Version::parse(scheme, introduced), Version::parse(scheme, fixed))
    {
        assert_eq!(a.cmp(&b), b.cmp(&a).reverse(), "`{version}` and `{introduced}`");
        assert!(a > b || b > c || a <= c, "`{version}` `{introduced}` `{fixed}`");
        assert!(a.cmp(&a).is_eq(), "`{version}`");
    }
    let _ = compatible(scheme, version, fixed);
    let affected = Affected {
        package: Package::new(ecosystem, "x"),
        ranges: vec![Range {
            kind: RangeKind::Ecosystem,
            events: vec![Event::Introduced(introduced.to_owned()), Event::Fixed(fixed.to_owned())],
        }],
        versions: vec![listed.to_owned()],
    };
    let _ = affects(&affected, Some(scheme), version);
    if let Some(fix) = smallest_fix(&Candidate::new(Some(scheme), version), &[&affected]) {
        assert_ne!(affects(&affected, Some(scheme), &fix), Verdict::Affected, "`{fix}` fixes");
    }
});
