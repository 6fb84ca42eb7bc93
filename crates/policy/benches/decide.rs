//! How long a short-lived process takes from bytes to a decision: `cargo bench -p yata-policy`. For the built-in set and
//! for 200 policies it prints the time to read a policy and decide one request, for the compiled form and for Cedar's
//! text and engine, and their ratio, within the same run; then the time of the decision alone.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a bench stops at the first surprise, looks at the clock and prints"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use yata_policy::cedar::{PolicySet, Source};
use yata_policy::{Action, Compiled, Facts, Principal, PrincipalKind, Request, TRAITS, Traits};

const POLICIES: usize = 200;
const COMPILED_ROUNDS: usize = 2_001;
const TEXT_ROUNDS: usize = 51;

fn median(rounds: usize, mut run: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..rounds)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .collect();
    times.sort();
    *times.get(rounds / 2).unwrap()
}

/// The built-in policies, then more of their like up to a number.
fn sources(count: usize) -> Vec<Source> {
    let mut sources = PolicySet::builtin_sources();
    let builtin = PolicySet::builtin().unwrap().policies().len();
    let more: String = (builtin..count)
        .map(|number| {
            let name = TRAITS.get(number % TRAITS.len()).unwrap();
            format!(
                "@id(\"own-{number}\") @decision(\"ask\") @reason_en(\"Own rule {number}.\") @reason_ja(\"独自の規則 {number}。\")\n\
                 forbid (principal in Group::\"team-{number}\", action, resource)\n\
                 when {{ context.traits.contains(\"{name}\") && context.program == \"tool-{number}\" }}\n\
                 unless {{ context.project like \"*-{number}\" || context.mode == \"plan\" }};\n"
            )
        })
        .collect();
    sources.push(Source { name: "own.cedar".to_owned(), text: more });
    sources
}

fn requests() -> Vec<Request> {
    let request = |action, resource: &str, traits: &[&str]| Request {
        principal: Principal {
            kind: PrincipalKind::Agent,
            id: "agent".to_owned(),
            groups: vec!["team-100".to_owned(), "developers".to_owned()],
        },
        action,
        resource: resource.to_owned(),
        context: Facts {
            traits: Traits::from_names(traits.iter().copied()),
            program: "git".to_owned(),
            agent: "claude-code".to_owned(),
            mode: "default".to_owned(),
            project: "shop".to_owned(),
            ..Facts::default()
        },
    };
    vec![
        request(Action::RunCommand, "git push", &["outward"]),
        request(Action::ReadFile, "/home/mio/src/shop/README.md", &[]),
        request(Action::RunCommand, "git push --force", &["rewrites-history", "outward"]),
        request(Action::ReadFile, "/home/mio/.ssh/id_rsa", &["reads-secret", "outside-project"]),
    ]
}

fn main() {
    let builtin = PolicySet::builtin().unwrap().policies().len();
    for count in [builtin, POLICIES] {
        let sources = sources(count);
        let set = PolicySet::load(&sources).unwrap();
        let bytes = set.compile().unwrap();
        let compiled = Compiled::load(&bytes).unwrap();
        let text: String = sources.iter().map(|source| source.text.as_str()).collect();
        let engine = |request: &Request| cedar(&text, request);
        println!("{} policies, {} bytes compiled, {} bytes of text", compiled.policies(), bytes.len(), text.len());
        for request in requests() {
            let decided = compiled.decide(&request);
            assert_eq!(decided, set.decide(&request).unwrap());
            let both = median(COMPILED_ROUNDS, || {
                black_box(Compiled::load(black_box(&bytes)).unwrap().decide(&request));
            });
            let alone = median(COMPILED_ROUNDS, || {
                black_box(compiled.decide(black_box(&request)));
            });
            let by_text = median(TEXT_ROUNDS, || engine(&request));
            let ratio = by_text.as_secs_f64() / both.as_secs_f64();
            println!(
                "  {:5} {:30} load and decide {both:>10.1?}, decide alone {alone:>10.1?}; Cedar text {by_text:>10.1?}: {ratio:.0} x",
                decided.decision.name(),
                request.resource,
            );
        }
    }
}

/// What a process would do without a compiled form: parse the text, no validation, and ask the engine.
fn cedar(text: &str, request: &Request) {
    use cedar_policy::{Authorizer, Context, Entities, PolicySet, Request as Question, RestrictedExpression};
    let policies: PolicySet = text.parse().unwrap();
    let words = |names: Vec<&str>| {
        RestrictedExpression::new_set(names.into_iter().map(|name| RestrictedExpression::new_string(name.to_owned())))
    };
    let word = |value: &str| RestrictedExpression::new_string(value.to_owned());
    let facts = &request.context;
    let context = [
        ("agent", word(&facts.agent)),
        ("classes", words(vec![])),
        ("mode", word(&facts.mode)),
        ("program", word(&facts.program)),
        ("project", word(&facts.project)),
        ("tainted", RestrictedExpression::new_bool(facts.tainted)),
        ("traits", words(facts.traits.names().collect())),
    ];
    let context = Context::from_pairs(context.into_iter().map(|(name, value)| (name.to_owned(), value))).unwrap();
    let action = format!("Action::\"{}\"", request.action.name()).parse().unwrap();
    let resource = "Command::\"x\"".parse().unwrap();
    let question = Question::new("Agent::\"agent\"".parse().unwrap(), action, resource, context, None).unwrap();
    black_box(Authorizer::new().is_authorized(&question, &policies, &Entities::empty()));
}
