//! CycloneDX 1.6: the inventory with its vulnerabilities, and what was decided on them.
//!
//! Decisions:
//! - The assessed estate is `metadata.component`; each asset is a component of it, and holds the packages found on
//!   it. The same package on two assets stands there twice, because two different people mend it.
//! - One vulnerability entry is one finding: `analysis`, due date and priority differ by asset.
//! - An open finding is `exploitable` ("may be exploitable"), or `in_triage` where it could not be told whether the
//!   advisory applies. It is never `not_affected` by default.
//! - The serial number is made of the content (RFC 9562, UUID version 8): the same assessment gives the same bytes.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use yata_model::{
    AdvisoryGroup, AssessedAsset, Assessment, AssetKind, Decision, Finding, Occurrence, Risk, Scope, SeverityKind,
    digest_hex,
};

use super::cyclonedx_analysis::analysis;
use super::cyclonedx_wire::{
    AdvisoryLink, Affects, Alias, Bom, Component, Dependency, Evidence, Metadata, OccurrenceWire, Property, Rating,
    Source, Tools, VersionWire, Vulnerability,
};
use super::json_finding::harm;
use super::{ExportError, Texts, is_complete, names, phrases, score, ssvc, text, uri, writer};

const SCHEMA: &str = "http://cyclonedx.org/schema/bom-1.6.schema.json";
const NO_SERIAL: &str = "urn:uuid:00000000-0000-0000-0000-000000000000";
const ESTATE: &str = "yata:estate";
const TOOL: &str = "yata:tool";
/// Places of one component.
const MAX_OCCURRENCES_COUNT: usize = 100;
/// The longest version that the standard allows, in characters.
const MAX_VERSION_CHARS: usize = 1_024;

/// The assessment as CycloneDX 1.6, as indented JSON.
///
/// # Errors
/// [`ExportError`] where the serializer refuses; no assessment is known that makes it.
pub fn cyclonedx(assessment: &Assessment, texts: &Texts<'_>) -> Result<String, ExportError> {
    let refs = Refs::new(assessment);
    let bom = Bom {
        schema: SCHEMA,
        bom_format: "CycloneDX",
        spec_version: "1.6",
        serial_number: NO_SERIAL,
        version: 1,
        metadata: metadata(assessment, texts),
        components: assessment.assets.iter().map(|a| asset(assessment, a, &refs, texts)).collect(),
        dependencies: dependencies(assessment, &refs),
        vulnerabilities: vulnerabilities(assessment, &refs, texts),
        properties: assessment
            .problems
            .iter()
            .map(|p| Property {
                name: if p.waived { "yata:problem:waived" } else { "yata:problem" },
                value: Cow::Owned(format!("{}: {}", p.subject, texts.say(&p.message))),
            })
            .collect(),
    };
    let json = writer::to_json(&bom)?;
    // INVARIANT: the header comes first, so the first placeholder is ours, whatever the content says.
    Ok(json.replacen(NO_SERIAL, &serial_number(&json), 1))
}

/// UUID version 8 (RFC 9562, section 5.8): 122 bits of the content's SHA-256.
fn serial_number(content: &str) -> String {
    let hex = digest_hex(&["cyclonedx", content]);
    let mut digits = hex.chars();
    let mut take = |count: usize| digits.by_ref().take(count).collect::<String>();
    let (a, b, c, d, e) = (take(8), take(4), take(3), take(3), take(12));
    format!("urn:uuid:{a}-{b}-8{c}-a{d}-{e}")
}

/// The `bom-ref` of every asset and component: unique, and the same in each run.
struct Refs {
    assets: HashMap<String, String>,
    components: HashMap<(String, String), String>,
}

impl Refs {
    fn new(assessment: &Assessment) -> Self {
        let mut refs = Refs { assets: HashMap::new(), components: HashMap::new() };
        let mut taken: BTreeSet<String> = [ESTATE, TOOL].map(str::to_owned).into();
        let mut unique = |wanted: &str| {
            let cleaned = text::clean(wanted);
            let mut chosen = cleaned.clone().into_owned();
            let mut count = 1_u32;
            while !taken.insert(chosen.clone()) {
                count += 1;
                chosen = format!("{cleaned}#{count}");
            }
            chosen
        };
        for assessed in &assessment.assets {
            let id = &assessed.asset.id;
            refs.assets.entry(id.clone()).or_insert_with(|| unique(&format!("asset:{id}")));
            for component in &assessed.components {
                let key = (id.clone(), component.purl.clone());
                refs.components.entry(key).or_insert_with(|| unique(&format!("{id}/{}", component.purl)));
            }
        }
        refs
    }

    fn asset(&self, id: &str) -> Option<&str> {
        self.assets.get(id).map(String::as_str)
    }

    fn component(&self, asset_id: &str, purl: &str) -> Option<&str> {
        self.components.get(&(asset_id.to_owned(), purl.to_owned())).map(String::as_str)
    }

    /// What a finding affects: its component, else its asset, else the whole estate.
    fn of<'r>(&'r self, finding: &Finding) -> &'r str {
        let component = self.component(&finding.asset_id, finding.subject.key());
        component.or_else(|| self.asset(&finding.asset_id)).unwrap_or(ESTATE)
    }
}

fn bare<'a>(kind: &'static str, bom_ref: &'a str, name: &'a str) -> Component<'a> {
    Component {
        kind,
        bom_ref,
        name,
        version: None,
        scope: None,
        purl: None,
        components: Vec::new(),
        evidence: None,
        properties: Vec::new(),
    }
}

fn property<'a>(name: &'static str, value: impl Into<Cow<'a, str>>) -> Property<'a> {
    Property { name, value: value.into() }
}

fn metadata<'a>(a: &'a Assessment, texts: &Texts<'_>) -> Metadata<'a> {
    let name = match (&a.organisation, a.targets.first()) {
        (Some(name), _) => texts.name(name, a.organisation_ja.as_deref()),
        (None, Some(target)) => target,
        (None, None) => "estate",
    };
    let mut properties = vec![
        property("yata:as_of", a.as_of.to_string()),
        property("yata:complete", if is_complete(a) { "true" } else { "false" }),
    ];
    properties.extend(a.targets.iter().map(|target| property("yata:target", target)));
    properties.extend(a.sources.iter().map(|source| {
        let date = source.date.map(|d| d.to_string()).unwrap_or_default();
        property("yata:source", format!("{} {} {date}", source.name, names::source_state(source.state)))
    }));
    let tool = Component { version: Some(a.yata_version.clone()), ..bare("application", TOOL, "yata") };
    Metadata {
        timestamp: a.at,
        tools: Tools { components: [tool] },
        component: bare("platform", ESTATE, name),
        properties,
    }
}

fn asset_type(kind: AssetKind) -> &'static str {
    match kind {
        AssetKind::Host => "platform",
        AssetKind::Model => "machine-learning-model",
        AssetKind::Data => "data",
        AssetKind::Repository | AssetKind::Sbom | AssetKind::AiService | AssetKind::Agent | AssetKind::AiMadeApp => {
            "application"
        }
    }
}

fn asset<'a>(a: &'a Assessment, assessed: &'a AssessedAsset, refs: &'a Refs, texts: &Texts<'_>) -> Component<'a> {
    let asset = &assessed.asset;
    let mut properties = vec![
        property("yata:asset:kind", names::asset_kind(asset.kind)),
        property("yata:asset:exposure", names::exposure(asset.exposure)),
        property("yata:asset:mission_impact", names::mission_impact(asset.mission_impact)),
        property("yata:asset:is_ai", if asset.is_ai { "true" } else { "false" }),
    ];
    if let Some(id) = &asset.service {
        let name = a.service(id).map_or(id.as_str(), |s| texts.name(&s.name, s.name_ja.as_deref()));
        properties.push(property("yata:asset:service", name));
    }
    properties.extend(asset.owner.iter().map(|owner| property("yata:asset:owner", owner)));
    properties.extend(asset.data_classes.iter().map(|class| property("yata:asset:data_class", class)));
    let bom_ref = refs.asset(&asset.id).unwrap_or(ESTATE);
    Component {
        components: assessed.components.iter().map(|c| component(&asset.id, c, refs)).collect(),
        properties,
        ..bare(asset_type(asset.kind), bom_ref, &asset.name)
    }
}

fn component<'a>(asset_id: &str, component: &'a yata_model::Component, refs: &'a Refs) -> Component<'a> {
    let scope = match component.scope() {
        Scope::Runtime => "required",
        Scope::Optional => "optional",
        Scope::Development => "excluded",
    };
    let occurrences: Vec<OccurrenceWire<'_>> = component
        .occurrences
        .iter()
        .take(MAX_OCCURRENCES_COUNT)
        .map(|Occurrence { file, line, .. }| OccurrenceWire { location: file, line: *line })
        .collect();
    Component {
        version: component.version.as_deref().map(short_version),
        scope: Some(scope),
        purl: Some(component.purl.as_str()).filter(|purl| !purl.is_empty()),
        evidence: (!occurrences.is_empty()).then_some(Evidence { occurrences }),
        ..bare("library", refs.component(asset_id, &component.purl).unwrap_or(ESTATE), &component.package.name)
    }
}

/// A version that is short enough for the standard, also after cleaning.
fn short_version(version: &str) -> String {
    text::cut(&text::clean(version), MAX_VERSION_CHARS).into_owned()
}

/// The estate needs its assets; an asset needs the assets that the estate file says, and its direct dependencies.
fn dependencies<'a>(a: &'a Assessment, refs: &'a Refs) -> Vec<Dependency<'a>> {
    let by_name: HashMap<&str, &str> = a
        .assets
        .iter()
        .filter_map(|assessed| Some((assessed.asset.name.as_str(), refs.asset(&assessed.asset.id)?)))
        .collect();
    let all: BTreeSet<&str> = a.assets.iter().filter_map(|assessed| refs.asset(&assessed.asset.id)).collect();
    let mut out = vec![Dependency { of: ESTATE, depends_on: all.into_iter().collect() }];
    let mut done = BTreeSet::new();
    for assessed in &a.assets {
        let asset = &assessed.asset;
        let Some(of) = refs.asset(&asset.id).filter(|of| done.insert(*of)) else { continue };
        let named = asset.depends_on.iter().filter_map(|name| by_name.get(name.as_str()).copied());
        let direct = assessed.components.iter().filter(|c| c.occurrences.iter().any(|o| o.direct == Some(true)));
        let direct = direct.filter_map(|c| refs.component(&asset.id, &c.purl));
        let depends_on: BTreeSet<&str> = named.chain(direct).filter(|to| *to != of).collect();
        out.push(Dependency { of, depends_on: depends_on.into_iter().collect() });
    }
    out
}

fn vulnerabilities<'a>(a: &'a Assessment, refs: &'a Refs, texts: &Texts<'_>) -> Vec<Vulnerability<'a>> {
    let groups: HashMap<&str, Rated<'_>> = a.advisories.iter().map(|g| (g.id.as_str(), Rated::new(g))).collect();
    let one = |finding: &'a Finding, risk: Option<&'a Risk>| {
        vulnerability(a, finding, risk, groups.get(finding.rule.as_str()), refs, texts)
    };
    // A credential or a configuration is no weakness of a component that is listed: a reader of VEX could not place it.
    let open = a.risks.iter().filter(|risk| risk.finding.subject.component().is_some());
    let open = open.map(|risk| one(&risk.finding, Some(risk)));
    let of_packages = |finding: &&Finding| finding.subject.component().is_some();
    open.chain(a.settled.iter().filter(of_packages).map(|finding| one(finding, None))).collect()
}

/// A group with the score of each of its severities: computed once, not once for each finding.
struct Rated<'a> {
    group: &'a AdvisoryGroup,
    scores: Vec<Option<score::Score<'a>>>,
}

impl<'a> Rated<'a> {
    fn new(group: &'a AdvisoryGroup) -> Self {
        Rated { group, scores: group.severities.iter().map(score::score).collect() }
    }
}

fn vulnerability<'a>(
    a: &'a Assessment,
    finding: &'a Finding,
    risk: Option<&'a Risk>,
    rated: Option<&Rated<'a>>,
    refs: &'a Refs,
    texts: &Texts<'_>,
) -> Vulnerability<'a> {
    let group = rated.map(|rated| rated.group);
    let links = group.iter().flat_map(|g| &g.references).filter_map(|reference| uri::web_address(&reference.url));
    let ids = group.map_or(&finding.ids, |g| &g.ids);
    let status = if matches!(finding.applies, yata_model::Applies::Affected) { "affected" } else { "unknown" };
    Vulnerability {
        bom_ref: format!("finding:{}", finding.id),
        id: &finding.rule,
        source: group.and_then(|g| g.sources.first()).map(|name| Source { name: Cow::Borrowed(name) }),
        references: ids
            .iter()
            .filter(|id| **id != finding.rule)
            .map(|id| Alias { id, source: Source { name: Cow::Borrowed(issuer(id)) } })
            .collect(),
        ratings: ratings(rated, risk.map(|risk| &risk.decision), a),
        cwes: group.map(cwe_numbers).unwrap_or_default(),
        description: if finding.title.is_empty() { &finding.rule } else { &finding.title },
        recommendation: texts.say(&phrases::remedy_of(finding)),
        advisories: links.map(|url| AdvisoryLink { url }).collect(),
        published: group.and_then(|g| g.published),
        updated: group.and_then(|g| g.modified),
        analysis: analysis(finding, a.settlements.get(&finding.id), risk, texts),
        affects: [Affects {
            of: refs.of(finding),
            versions: finding
                .subject
                .version()
                .iter()
                .map(|version| VersionWire { version: short_version(version), status })
                .collect(),
        }],
        properties: finding_properties(finding, risk),
    }
}

/// Who gives ids of that form.
fn issuer(id: &str) -> &str {
    match id.split_once('-') {
        Some((prefix, _)) => prefix,
        None => id,
    }
}

fn cwe_numbers(group: &AdvisoryGroup) -> Vec<u32> {
    let numbers = group.cwes.iter().filter_map(|cwe| cwe.strip_prefix("CWE-")?.parse().ok());
    numbers.filter(|number| *number > 0).collect()
}

fn ratings<'a>(rated: Option<&Rated<'a>>, decision: Option<&'a Decision>, a: &Assessment) -> Vec<Rating<'a>> {
    let published =
        rated.into_iter().flat_map(|r| r.group.severities.iter().zip(&r.scores).map(|both| (r.group, both)));
    let mut out: Vec<Rating<'a>> = published
        .map(|(group, (severity, score))| {
            let source = Source { name: Cow::Owned(group.sources.join(", ")) };
            match score {
                Some(s) => Rating {
                    source,
                    score: Some(s.score),
                    severity: s.severity,
                    method: s.method,
                    vector: Some(Cow::Borrowed(s.vector)),
                    justification: None,
                },
                None => Rating {
                    source,
                    score: None,
                    severity: match severity.kind {
                        SeverityKind::Word => score::severity_of_word(&severity.value),
                        _ => "unknown",
                    },
                    method: "other",
                    vector: Some(Cow::Borrowed(severity.value.as_str())),
                    justification: None,
                },
            }
        })
        .collect();
    out.extend(decision.into_iter().flat_map(|d| ssvc::ratings(d, a.as_of)));
    out
}

fn finding_properties<'a>(finding: &'a Finding, risk: Option<&'a Risk>) -> Vec<Property<'a>> {
    let mut out = vec![
        property("yata:finding", &finding.id),
        property("yata:kind", names::advisory_kind(finding.kind)),
        property("yata:state", names::finding_state(&finding.state)),
    ];
    if let Some(risk) = risk {
        let decision = &risk.decision;
        out.push(property("yata:rank", risk.rank.to_string()));
        out.push(property("yata:priority", names::priority(decision.outcome.priority)));
        out.extend(decision.due.map(|due| property("yata:due", due.to_string())));
        out.push(property("yata:investigate", if decision.outcome.investigate { "true" } else { "false" }));
        out.push(property("yata:ruled_by", &decision.ruled_by));
        out.push(property("yata:scenario", risk.scenario.number().to_string()));
        out.push(property("yata:expected_harm", format!("{:.4}", harm(risk))));
        out.extend(risk.facts.iter().map(|(name, fact)| {
            let date = fact.date.map(|d| format!(" {d}")).unwrap_or_default();
            let standing = names::standing(fact.standing);
            property("yata:fact", format!("{name} = {} ({standing}; {}{date})", fact.value, fact.source))
        }));
    }
    out
}
