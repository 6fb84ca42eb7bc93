//! Exploitation evidence of groups with several CVE ids: the worst counts, and what is not known hides nothing.

use jiff::civil::{Date, date};
use yata_intel::{MaxAges, Signals};
use yata_model::{Exploitation, Standing, TechnicalImpact};

use crate::feeds::{Place, TODAY, kev, osv};

const GROUP: &str = r#","aliases":["CVE-2026-0001","CVE-2026-0002"]"#;

fn signals(place: &Place, today: Date) -> Signals {
    place.put_npm(&[("A-1.json", &osv("A-1", "left", GROUP))]);
    place.import();
    let index = place.index();
    let group = index.known("A-1").unwrap().unwrap().group;
    index.signals(&group, &index.sources(today, &MaxAges::default())).unwrap()
}

fn assess(place: &Place, cve: &str, options: &str) {
    let record = format!(
        r#"{{"cveMetadata":{{"cveId":"{cve}"}},"containers":{{"adp":[{{"metrics":[{{"other":{{"type":"ssvc","content":
        {{"timestamp":"2026-08-10T00:00:00Z","options":[{options}]}}}}}}]}}]}}}}"#
    );
    place.put(&format!("vulnrichment/{cve}.json"), record);
}

const WORST: &str = r#"{"Exploitation":"active"},{"Automatable":"yes"},{"Technical Impact":"total"}"#;

#[track_caller]
fn check(first: &str, second: &str, standing: Standing) {
    let place = Place::new();
    for (cve, options) in [("CVE-2026-0001", first), ("CVE-2026-0002", second)] {
        if options != "-" {
            assess(&place, cve, options);
        }
    }
    let ssvc = signals(&place, TODAY).ssvc;
    let found = ssvc.value.unwrap();
    let worst = (found.exploitation, found.automatable, found.technical_impact);
    assert_eq!(worst, (Some(Exploitation::Active), Some(true), Some(TechnicalImpact::Total)), "{first} {second}");
    assert_eq!(ssvc.standing, standing, "{first} {second}");
}

#[test]
fn what_is_known_of_one_cve_is_not_hidden_by_another() {
    let best = r#"{"Exploitation":"none"},{"Automatable":"no"},{"Technical Impact":"partial"}"#;
    check(WORST, best, Standing::Checked);
    check(best, WORST, Standing::Checked);
    check(WORST, "", Standing::Checked);
    check("", WORST, Standing::Checked);
    check(WORST, "-", Standing::Unknown);
    check("-", WORST, Standing::Unknown);
}

#[test]
fn what_an_old_assessment_said_is_kept_as_stale() {
    let place = Place::new();
    assess(&place, "CVE-2026-0001", WORST);
    assess(&place, "CVE-2026-0002", WORST);
    let ssvc = signals(&place, date(2027, 1, 1)).ssvc;
    assert_eq!(ssvc.standing, Standing::Stale);
    assert_eq!(ssvc.value.unwrap().exploitation, Some(Exploitation::Active));
}

#[test]
fn of_two_listings_the_earlier_day_counts_and_ransomware_in_either() {
    let place = Place::new();
    let listed = kev(2, &["CVE-2026-0001", "CVE-2026-0002"]).replacen("2026-08-01", "2026-08-15", 1).replacen(
        "\"Unknown\"",
        "\"Known\"",
        1,
    );
    place.put("kev/known.json", listed);
    let entry = signals(&place, TODAY).kev.value.unwrap();
    assert_eq!((entry.added, entry.ransomware), (Some(date(2026, 8, 1)), true));
}
