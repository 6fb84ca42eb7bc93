//! From the tables of the file to the nouns of the model, one function for each table.

use std::ops::Range;

use toml::de::DeTable;
use yata_model::{
    AssetRule, BusinessService, ChangeWindow, Deadlines, Estate, EstateIntel, Organisation, Priority, Selector,
};

use super::error::{FaultKind, Faults};
use super::keys::{self, ASSET, ESTATE, SERVICE};
use super::reader::{Placed, Reader, bad_value, date, minutes, number};
use super::{MAX_ASSETS_COUNT, MAX_SERVICES_COUNT, glob};

const MAX_DAYS: u32 = 3_650;

/// An estate with the places that the checks across tables need.
#[derive(Default)]
pub(super) struct PlacedEstate {
    pub(super) estate: Estate,
    /// For each service, the place of its id.
    pub(super) service_ids: Vec<Range<usize>>,
    /// For each asset, the places of what it names.
    pub(super) assets: Vec<AssetPlaces>,
    /// Whether a service or an asset could not be read at all: who names it is not to blame then.
    pub(super) incomplete: bool,
}

/// Where an asset names others.
#[derive(Default)]
pub(super) struct AssetPlaces {
    pub(super) selector: Range<usize>,
    pub(super) name: Range<usize>,
    pub(super) service: Range<usize>,
    pub(super) depends_on: Vec<Range<usize>>,
}

pub(super) fn estate(root: &DeTable<'_>, faults: &mut Faults<'_>) -> PlacedEstate {
    let reader = Reader::new(root, &ESTATE, 0..0, faults);
    let mut placed = PlacedEstate::default();
    if let Some(table) = reader.table("organisation", faults) {
        placed.estate.organisation = organisation(&table, faults);
    }
    for (item, table) in reader.tables("service", MAX_SERVICES_COUNT, faults) {
        let table = Reader::new(table, &SERVICE, item.span(), faults);
        if let Some((service, id)) = service(&table, faults) {
            placed.estate.services.push(service);
            placed.service_ids.push(id);
        } else {
            placed.incomplete = true;
        }
    }
    for (item, table) in reader.tables("asset", MAX_ASSETS_COUNT, faults) {
        let table = Reader::new(table, &ASSET, item.span(), faults);
        if let Some((asset, places)) = asset(&table, faults) {
            placed.estate.assets.push(asset);
            placed.assets.push(places);
        } else {
            placed.incomplete = true;
        }
    }
    if let Some(table) = reader.table("deadlines", faults) {
        placed.estate.deadlines = deadlines(&table, faults);
    }
    if let Some(table) = reader.table("intel", faults) {
        placed.estate.intel = intel(&table, faults);
    }
    if let Some(table) = reader.table("assess", faults) {
        assess(&table, &mut placed.estate, faults);
    }
    placed
}

fn organisation(table: &Reader<'_, '_>, faults: &mut Faults<'_>) -> Organisation {
    let name = table.required_text("name", "write the organisation's name", faults);
    Organisation { name: name.map(value).unwrap_or_default(), name_ja: table.text("name_ja", faults).map(value) }
}

fn service(table: &Reader<'_, '_>, faults: &mut Faults<'_>) -> Option<(BusinessService, Range<usize>)> {
    let id = table.required_text("id", "give it a short id that assets can name", faults);
    let name = table.required_text("name", "give it a name that people know", faults);
    let outage = table.text("max_tolerable_outage", faults).and_then(|(text, span)| {
        let outage = minutes(&text);
        if outage.is_none() {
            let expected = "a time with its unit: `30m`, `4h` or `2d`, at most ten years";
            bad_value("max_tolerable_outage", &text, expected, &span, faults);
        }
        outage
    });
    let name_ja = table.text("name_ja", faults).map(value);
    let mission_impact = table.word("mission_impact", keys::mission_impact, faults).unwrap_or_default();
    let owner = table.text("owner", faults).map(value);
    let change_window = table.table("change_window", faults).and_then(|window| change_window(&window, faults));
    let ((id, id_span), (name, _)) = (id?, name?);
    let max_tolerable_outage_minutes = outage;
    let service =
        BusinessService { id, name, name_ja, mission_impact, max_tolerable_outage_minutes, owner, change_window };
    Some((service, id_span))
}

fn change_window(table: &Reader<'_, '_>, faults: &mut Faults<'_>) -> Option<ChangeWindow> {
    let weekday = table.word("weekday", keys::weekday, faults);
    if !table.has("weekday") {
        let advice = "name the day of the week, for example `weekday = \"sunday\"`";
        faults.add(&table.span, || FaultKind::Missing { key: "weekday", table: table.section.name, advice });
    }
    let weeks = table.list("weeks", faults, |value, span, faults| number("weeks", value, 1..=5, span, faults));
    let mut weeks: Vec<u8> = weeks.into_iter().filter_map(|(week, _)| u8::try_from(week).ok()).collect();
    weeks.sort_unstable();
    weeks.dedup();
    let (from, to) = (table.time("from", faults), table.time("to", faults));
    if let (Some((from, _)), Some((to, span))) = (&from, &to)
        && from == to
    {
        let text = "the change window closes when it opens: leave `from` and `to` out for the whole day";
        faults.add(span, || FaultKind::Contradiction(text.to_owned()));
    }
    Some(ChangeWindow { weekday: weekday?, weeks, from: from.map(value), to: to.map(value) })
}

fn asset(table: &Reader<'_, '_>, faults: &mut Faults<'_>) -> Option<(AssetRule, AssetPlaces)> {
    let selectors: Vec<Placed<Selector>> = [
        table.text("path", faults).map(|(text, span)| (Selector::Path(text), span)),
        table.text("host", faults).map(|(text, span)| (Selector::Host(text), span)),
        table.text("sbom", faults).map(|(text, span)| (Selector::Sbom(text), span)),
    ]
    .into_iter()
    .flatten()
    .collect();
    let found = ["path", "host", "sbom"].into_iter().filter(|key| table.has(key)).count();
    if found != 1 {
        faults.add(&table.span, || FaultKind::Selectors { found });
    }
    for (selector, span) in &selectors {
        if let Selector::Path(path) = selector
            && let Err(reason) = glob::parse(path)
        {
            faults.add(span, || FaultKind::BadGlob { glob: path.clone(), reason });
        }
    }
    let (name, name_span) = split(table.text("name", faults));
    let kind = table.word("kind", keys::asset_kind, faults);
    let (service, service_span) = split(table.text("service", faults));
    let owner = table.text("owner", faults).map(value);
    let exposure = table.word("exposure", keys::exposure, faults);
    let mission_impact = table.word("mission_impact", keys::mission_impact, faults);
    let data_classes = table.texts("data_classes", faults).into_iter().map(value).collect();
    let ai = table.flag("ai", faults).unwrap_or(false);
    let (depends_on, depends_on_spans) = table.texts("depends_on", faults).into_iter().unzip();
    let line = faults.line_of(table.span.start);
    let (selector, selector_span) = selectors.into_iter().next()?;
    let places =
        AssetPlaces { selector: selector_span, name: name_span, service: service_span, depends_on: depends_on_spans };
    let rule = AssetRule {
        selector,
        name,
        kind,
        service,
        owner,
        exposure,
        mission_impact,
        data_classes,
        ai,
        depends_on,
        line,
    };
    Some((rule, places))
}

fn deadlines(table: &Reader<'_, '_>, faults: &mut Faults<'_>) -> Deadlines {
    let mut deadlines = Deadlines::default();
    let keys = [
        ("immediate_days", Priority::Immediate),
        ("out_of_cycle_days", Priority::OutOfCycle),
        ("scheduled_days", Priority::Scheduled),
        ("defer_days", Priority::Defer),
    ];
    for (key, priority) in keys {
        if let Some((days, _)) = table.number(key, 0..=MAX_DAYS, faults) {
            deadlines.days.insert(priority, days);
        }
    }
    // INVARIANT: the map is ordered by urgency, so each number must be at least the one before it.
    let days: Vec<u32> = deadlines.days.values().copied().collect();
    if !days.is_sorted() {
        let text = format!(
            "a less urgent deadline is shorter than a more urgent one: the days are {}, with 3, 14 and 60 where \
             nothing is given",
            days.iter().map(u32::to_string).collect::<Vec<_>>().join(", ")
        );
        faults.add(&table.span, || FaultKind::Contradiction(text));
    }
    let business = |word: &str| match word {
        "calendar" => Some(false),
        "business" => Some(true),
        _ => None,
    };
    deadlines.business_days = table.word("count", business, faults).unwrap_or(false);
    let holidays = table.list("holidays", faults, |value, span, faults| date("holidays", value, span, faults));
    deadlines.holidays = holidays.into_iter().map(value).collect();
    deadlines.holidays.sort_unstable();
    deadlines.holidays.dedup();
    deadlines
}

fn intel(table: &Reader<'_, '_>, faults: &mut Faults<'_>) -> EstateIntel {
    let feeds = table.text("feeds", faults).and_then(|own| below("feeds", own, faults));
    let mut intel = EstateIntel { feeds, ..EstateIntel::default() };
    if let Some(ages) = table.table("max_age_days", faults) {
        for source in ["osv", "kev", "epss", "vulnrichment"] {
            if let Some((days, _)) = ages.number(source, 1..=MAX_DAYS, faults) {
                intel.max_age_days.insert(source.to_owned(), days);
            }
        }
    }
    intel
}

fn assess(table: &Reader<'_, '_>, estate: &mut Estate, faults: &mut Faults<'_>) {
    estate.as_of = table.date("as_of", faults);
    let mut paths = |key| -> Vec<String> {
        let texts = table.texts(key, faults);
        texts.into_iter().filter_map(|own| below(key, own, faults)).collect()
    };
    estate.decision_tables = paths("decision_tables");
    estate.vex = paths("vex");
    for (path, span) in table.texts("leave_out", faults) {
        match glob::parse(&path) {
            Ok(_) => estate.leave_out.push(path),
            Err(reason) => faults.add(&span, || FaultKind::BadGlob { glob: path, reason }),
        }
    }
    estate.waive = table.texts("waive", faults).into_iter().map(value).collect();
}

/// A path that stays below the folder of the estate file: a file that came with somebody else's sources must
/// not make Yata read elsewhere.
fn below(key: &'static str, (path, span): Placed<String>, faults: &mut Faults<'_>) -> Option<String> {
    let absolute = path.starts_with('/') || path.contains('\\') || path.chars().nth(1) == Some(':');
    if absolute || path.split('/').any(|part| part == "..") {
        let expected = "a path below the folder of the estate file, with `/` between folders and no `..`";
        bad_value(key, &path, expected, &span, faults);
        return None;
    }
    Some(path)
}

fn value<T>((value, _): Placed<T>) -> T {
    value
}

fn split<T>(placed: Option<Placed<T>>) -> (Option<T>, Range<usize>) {
    match placed {
        Some((value, span)) => (Some(value), span),
        None => (None, 0..0),
    }
}
