//! Every text that a person reads, in English and Japanese.
//!
//! A text is a [`Message`]: an id and arguments. Its words are in `catalogue/en.ftl` and `catalogue/ja.ftl`
//! (Project Fluent syntax 1.0), embedded in the program. A language is parsed once, when its first message is
//! rendered; the other one never.

mod lang;

use std::fmt::Write as _;
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use yata_model::{Arg, Message};

pub use lang::{Lang, UnknownLang};

/// The greatest whole number that a Fluent number (a double) holds exactly; greater ones are shown as text.
const MAX_EXACT_NUMBER: u64 = 1 << 53;

type Bundle = FluentBundle<FluentResource>;

static ENGLISH: OnceLock<Bundle> = OnceLock::new();
static JAPANESE: OnceLock<Bundle> = OnceLock::new();

/// The catalogue of a language, as it was written.
pub fn catalogue(lang: Lang) -> &'static str {
    match lang {
        Lang::En => include_str!("../catalogue/en.ftl"),
        Lang::Ja => include_str!("../catalogue/ja.ftl"),
    }
}

/// The words of a message. The argument `rule`, where it is the id of a rule of the lens or of a check of agents, reads
/// as its title; beside it stand `advice`, what is to be done, and, of a check, `why`.
///
/// An id that the catalogue does not have gives the id and its arguments, visibly wrong; an argument that the
/// text asks for and the message does not have stays as `{$name}`. Never panics.
pub fn render(lang: Lang, message: &Message) -> String {
    let bundle = bundle(lang);
    let Some(pattern) = bundle.get_message(&message.id).and_then(|found| found.value()) else {
        return unknown(message);
    };
    let mut args = FluentArgs::with_capacity(message.args.len());
    for (name, arg) in &message.args {
        args.set(name.as_str(), value(arg));
        if let ("rule", Arg::Text(id)) = (name.as_str(), arg) {
            match (yata_lens::Rule::by_id(id), yata_agents::check(id)) {
                (Some(rule), _) => {
                    args.set("rule", rule.title(lang.as_str()));
                    args.set("advice", rule.advice(lang.as_str()));
                }
                (None, Some(check)) => {
                    let texts = match lang {
                        Lang::En => &check.en,
                        Lang::Ja => &check.ja,
                    };
                    args.set("rule", texts.title);
                    args.set("advice", texts.fix);
                    args.set("why", texts.why);
                }
                // A rule of another version: its id stands for its title, and nothing for its advice.
                (None, None) => {
                    args.set("advice", "");
                    args.set("why", "");
                }
            }
        }
    }
    let mut problems = Vec::new();
    bundle.format_pattern(pattern, Some(&args), &mut problems).into_owned()
}

/// The words of a text that takes no arguments: a heading, a label.
pub fn text(lang: Lang, id: &str) -> String {
    render(lang, &Message::new(id))
}

/// Whether the catalogue has the id.
pub fn has(lang: Lang, id: &str) -> bool {
    bundle(lang).has_message(id)
}

/// The name of the value of a fact (`public-poc`, `very-high`, `yes`); the value itself where it has none.
pub fn fact_value(lang: Lang, value: &str) -> String {
    let id = format!("value-{value}");
    if has(lang, &id) { text(lang, &id) } else { value.to_owned() }
}

fn bundle(lang: Lang) -> &'static Bundle {
    match lang {
        Lang::En => ENGLISH.get_or_init(|| parse(Lang::En)),
        Lang::Ja => JAPANESE.get_or_init(|| parse(Lang::Ja)),
    }
}

fn parse(lang: Lang) -> Bundle {
    let locale = lang.as_str().parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![locale]);
    bundle.set_use_isolating(false);
    // INVARIANT: a test parses both catalogues without an error; what cannot be parsed is left out, and its ids
    // are rendered as unknown.
    let resource = match FluentResource::try_new(catalogue(lang).to_owned()) {
        Ok(resource) | Err((resource, _)) => resource,
    };
    bundle.add_resource_overriding(resource);
    bundle
}

fn value(arg: &Arg) -> FluentValue<'_> {
    match arg {
        Arg::Number(number) if number.unsigned_abs() <= MAX_EXACT_NUMBER => FluentValue::from(*number),
        Arg::Number(number) => FluentValue::from(number.to_string()),
        Arg::Text(text) => FluentValue::from(text.as_str()),
    }
}

fn unknown(message: &Message) -> String {
    let mut out = format!("[{}]", message.id);
    for (name, arg) in &message.args {
        // INVARIANT: writing to a String cannot fail.
        let _ = match arg {
            Arg::Number(number) => write!(out, " {name}={number}"),
            Arg::Text(text) => write!(out, " {name}={text}"),
        };
    }
    out
}
