//! The corpus: templates with labels, expanded with a fixed seed.
//!
//! `«class|…»` is a credential, `‹class|…›` looks like one and is none. `{{alnum:32}}` and the like are those of the
//! rules' cases; `{{pw}}` is a password as people choose them, `{{word}}`, `{{Word}}`, `{{user}}`, `{{host}}` are words.

use std::ops::Range;
use std::path::Path;

use anyhow::{Context as _, bail};
use yata_lens::cases::{self, Random};
use yata_lens::{Class, RULES};

/// How often each template is expanded.
const TURNS: u64 = 4;
const SEED: u64 = 7_919;

/// One expanded file.
pub(super) struct File {
    /// The template from which it was made.
    pub(super) family: String,
    pub(super) name: String,
    pub(super) ending: String,
    pub(super) text: String,
    pub(super) labels: Vec<Label>,
}

/// What a part of a file is.
pub(super) struct Label {
    pub(super) class: String,
    pub(super) credential: bool,
    pub(super) span: Range<usize>,
}

const WORDS: [&str; 24] = [
    "harbor", "lantern", "orchid", "pebble", "quartz", "saffron", "timber", "velvet", "willow", "zephyr", "kestrel",
    "maple", "nimbus", "otter", "prairie", "raven", "summit", "tundra", "umbra", "violet", "walnut", "yonder",
    "basalt", "cobalt",
];
const USERS: [&str; 12] =
    ["aiko", "bernd", "chloe", "dmitri", "emre", "fatima", "goro", "hilde", "ivan", "jun", "kenji", "lucia"];
const HOSTS: [&str; 6] = ["db01.lan", "10.0.4.17", "127.0.0.1", "mysql", "srv-3.corp.example", "localhost"];
const PASSWORDS: [&str; 36] = [
    "Sommer2019!",
    "Winter#2021",
    "herbst77",
    "Kumamoto1992",
    "hanabi0803",
    "Gorilla_42",
    "blaubeere",
    "tr33house",
    "M0nday!!",
    "qwer4321",
    "1q2w3e4r",
    "zaq1xsw2",
    "s3rv1ce",
    "letmein22",
    "Adm1n#2020",
    "rootroot1",
    "t1g3rl1ly",
    "Kirschbaum-9",
    "purple.monkey7",
    "dbP@ss99",
    "Nagoya_1185",
    "okonomiyaki3",
    "ferret+Ladder8",
    "Ch0c0late",
    "MyP4ss",
    "welcome1",
    "passw0rd123",
    "iamgroot!",
    "bike4Life",
    "5tarFish",
    "ninja-Turtle-11",
    "Spring@2018",
    "correcthorsebattery",
    "dev_pass_77",
    "super$ecret1",
    "hunter42",
];
const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
const TYPED: &str = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789!#%*+-_@";

/// Every template several times, and the firing cases of the rules with a prefix once.
pub(super) fn files(folder: &Path) -> anyhow::Result<Vec<File>> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("cannot read the folder `{}`", folder.display()))? {
        paths.push(entry?.path());
    }
    paths.sort();
    let mut files = Vec::new();
    for path in paths {
        let family = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        if family == "data-sheet.md" {
            continue;
        }
        let template = std::fs::read_to_string(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
        for turn in 0..TURNS {
            files.push(expand(&family, &template, turn).with_context(|| format!("in the template `{family}`"))?);
        }
    }
    for rule in RULES.iter().filter(|rule| rule.class == Class::Secret && !rule.id.starts_with("generic-")) {
        let mut file = File {
            family: rule.id.to_owned(),
            name: format!("{}.cases", rule.id),
            ending: "cases".to_owned(),
            text: String::new(),
            labels: Vec::new(),
        };
        for template in cases::templates(rule.cases.firing) {
            let case = cases::expand(template, SEED).map_err(anyhow::Error::msg)?;
            let base = file.text.len();
            file.text.push_str(&case.text);
            file.text.push('\n');
            let label = |span: Range<usize>| Label {
                class: "predefined".to_owned(),
                credential: true,
                span: base + span.start..base + span.end,
            };
            file.labels.extend(case.values.into_iter().map(label));
        }
        files.push(file);
    }
    Ok(files)
}

fn expand(family: &str, template: &str, turn: u64) -> anyhow::Result<File> {
    let seed = family.bytes().fold(SEED + turn, |seed, byte| seed.wrapping_mul(31).wrapping_add(u64::from(byte)));
    let mut random = Random::new(seed);
    let (mut text, mut labels) = (String::new(), Vec::new());
    let mut open: Vec<(String, bool, usize)> = Vec::new();
    let mut rest = template;
    while let Some(char) = rest.chars().next() {
        if let Some((directive, after)) = rest.strip_prefix("{{").and_then(|rest| rest.split_once("}}"))
            && let Some(value) = value(directive, &mut random)?
        {
            text.push_str(&value);
            rest = after;
            continue;
        }
        rest = rest.get(char.len_utf8()..).unwrap_or_default();
        match char {
            '«' | '‹' => {
                let (class, after) = rest.split_once('|').context("a mark without its class")?;
                open.push((class.to_owned(), char == '«', text.len()));
                rest = after;
            }
            '»' | '›' => {
                let (class, credential, start) = open.pop().context("a closing mark without its opening one")?;
                labels.push(Label { class, credential, span: start..text.len() });
            }
            char => text.push(char),
        }
    }
    if !open.is_empty() {
        bail!("a mark is not closed");
    }
    let name = format!("{turn}-{family}");
    let ending = family.rsplit('.').next().unwrap_or_default().to_owned();
    Ok(File { family: family.to_owned(), name, ending, text, labels })
}

fn value(directive: &str, random: &mut Random) -> anyhow::Result<Option<String>> {
    let pick = |list: &[&str], random: &mut Random| {
        let place = random.below(u32::try_from(list.len()).unwrap_or(1)) as usize;
        list.get(place).copied().unwrap_or_default().to_owned()
    };
    let name = directive.split(':').next().unwrap_or_default();
    Ok(match name {
        "pw" => Some(password(random, pick)),
        "word" => Some(pick(&WORDS, random)),
        "Word" => {
            let word = pick(&WORDS, random);
            Some(word.get(..1).unwrap_or_default().to_uppercase() + word.get(1..).unwrap_or_default())
        }
        "user" => Some(pick(&USERS, random)),
        "host" => Some(pick(&HOSTS, random)),
        "alnum" | "lower" | "upper" | "alpha" | "hex" | "HEX" | "digits" | "b64" | "b64url" | "base32" | "uuid" => {
            let seed = u64::from(random.below(u32::MAX));
            let case = cases::expand(&format!("{{{{{directive}}}}}"), seed).map_err(anyhow::Error::msg)?;
            Some(case.text)
        }
        _ => None,
    })
}

fn password(random: &mut Random, pick: impl Fn(&[&str], &mut Random) -> String) -> String {
    let mut of = |alphabet: &str, length: u32| -> String {
        let chars: Vec<char> = alphabet.chars().collect();
        (0..length).filter_map(|_| chars.get(random.below(u32::try_from(chars.len()).unwrap_or(1)) as usize)).collect()
    };
    let kind = of("0123456789", 1);
    match kind.as_str() {
        "0" | "1" => of(LOWER, 8),
        "2" => of(LOWER, 6) + &of("0123456789", 2),
        "3" => of(TYPED, 12),
        _ => pick(&PASSWORDS, random),
    }
}

/// Writes the expanded files and `labels.csv` (file, line, class, T or F), for other programs.
pub(super) fn write(files: &[File], folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut csv = String::from("file,line,class,label\n");
    for file in files {
        std::fs::write(folder.join(&file.name), &file.text)?;
        for label in &file.labels {
            let line = file.text.get(..label.span.start).unwrap_or_default().matches('\n').count() + 1;
            csv.push_str(&format!(
                "{},{line},{},{}\n",
                file.name,
                label.class,
                if label.credential { 'T' } else { 'F' }
            ));
        }
    }
    std::fs::write(folder.join("labels.csv"), csv)?;
    Ok(())
}
