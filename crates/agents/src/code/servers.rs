//! Checks on MCP servers that look at more than one part of a declaration, or at several servers.

use crate::audit::Sight;
use crate::lang::{lists, paths, words};
use crate::package::Package;
use crate::rules;
use crate::servers::Server;
use crate::tree::{Node, Span};

/// The server that is looked at.
fn own<'a>(sight: &Sight<'_, 'a>) -> Option<&'a Server> {
    sight.model.servers.iter().find(|server| server.span == sight.subject.span)
}

/// The servers that an agent has together with one: those of its project and of the user, and the organisation's.
fn together<'a>(sight: &Sight<'_, 'a>, own: &'a Server) -> impl Iterator<Item = &'a Server> {
    let documents = &sight.model.known.documents;
    let project = move |server: &Server| {
        let document = documents.get(server.document);
        document.map(|document| document.project.as_str()).unwrap_or_default()
    };
    let home = project(own);
    let near = move |server: &Server| project(server) == home || project(server).is_empty();
    sight.model.servers.iter().filter(move |server| server.agent == own.agent && near(server))
}

/// Declarations of a server whose name is another's but for capitals and separators, and which start something else.
pub(crate) fn same_name(sight: &Sight<'_, '_>) -> Vec<Span> {
    let Some(own) = own(sight) else { return Vec::new() };
    let address = |url: &Option<Node>| url.as_ref().and_then(Node::as_text).unwrap_or_default().to_owned();
    let other = together(sight, own).any(|server| {
        server.span != own.span
            && bare(&server.name) == bare(&own.name)
            && (server.line() != own.line() || address(&server.url) != address(&own.url))
    });
    if other { vec![own.span] } else { Vec::new() }
}

/// A server whose tools can be taken for those of another: `mcp__a__b__c` is `c` of `a__b` or `b__c` of `a`.
pub(crate) fn ambiguous_name(sight: &Sight<'_, '_>) -> Vec<Span> {
    let Some(server) = own(sight) else { return Vec::new() };
    // Agents put `_` in the place of what a name of a tool cannot have.
    let plain = |char: char| if char.is_ascii_alphanumeric() || char == '-' { char } else { '_' };
    let name: String = server.name.chars().map(plain).collect();
    if name.contains("__") || name.starts_with('_') || name.ends_with('_') { vec![server.span] } else { Vec::new() }
}

/// Programs that run a script whose address they are given.
const SCRIPT_RUNNERS: [&str; 8] = ["deno", "node", "bun", "python", "python2", "python3", "tsx", "ts-node"];

/// Arguments that fetch what they run, and addresses in the place of a program.
pub(crate) fn remote_script(sight: &Sight<'_, '_>) -> Vec<Span> {
    let Some(server) = own(sight) else { return Vec::new() };
    let of_text = |node: &&Node| node.as_text().is_some_and(words::runs_download);
    let mut out: Vec<Span> = server.command.iter().chain(&server.args).filter(of_text).map(|node| node.span).collect();
    let program = server.command.as_ref().and_then(Node::as_text).map(words::basename).unwrap_or_default();
    if SCRIPT_RUNNERS.contains(&program) {
        let first = server
            .args
            .iter()
            .find(|arg| arg.as_text().is_some_and(|text| !text.starts_with('-') && !matches!(text, "run" | "serve")));
        let fetched = first.filter(|arg| arg.as_text().is_some_and(of_web));
        out.extend(fetched.map(|arg| arg.span));
    }
    let archive = |package: &&Package| package.ecosystem == "url" && of_web(&package.raw) && !fixed(&package.raw);
    out.extend(server.package.as_ref().filter(archive).map(|package| package.span));
    out
}

fn of_web(text: &str) -> bool {
    matches!(&*paths::scheme(text), "http" | "https")
}

/// Whether an address names a full commit.
fn fixed(url: &str) -> bool {
    let commit = |part: &str| part.len() == 40 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    url.split(['/', '.', '@', '#']).any(commit)
}

/// Names that are near a well-known one and mean something of their own.
const OWN_NAMES: [&str; 8] = ["stride", "strike", "strip", "liner", "nation", "selena", "sirena", "lineal"];
/// Scopes of npm under which vendors publish their servers.
const VENDOR_SCOPES: [&str; 6] =
    ["@modelcontextprotocol", "@anthropic-ai", "@playwright", "@cloudflare", "@supabase", "@notionhq"];
/// The shortest name, in letters, of which one other letter tells nothing: `slack` is near `slick`.
const DISTANT_MIN_LETTERS: usize = 6;

/// A server, or the scope of its package, whose name is one letter from, or looks like, a known or registered one.
pub(crate) fn lookalike_name(sight: &Sight<'_, '_>) -> Vec<Span> {
    let Some(server) = own(sight) else { return Vec::new() };
    let registered: Vec<&str> = sight
        .field("machine")
        .and_then(|machine| machine.get("registered"))
        .map(|names| names.items().iter().filter_map(Node::as_text).collect())
        .unwrap_or_default();
    let known = lists::known("KNOWN_SERVERS");
    let genuine = |names: &[&str], name: &str| names.iter().any(|known| *known == name || bare(known) == bare(name));
    let strange = !genuine(known, &server.name) && !genuine(&registered, &server.name);
    let of_known = || known.iter().any(|known| near(&server.name, known));
    let of_registered = || registered.iter().any(|known| near(&server.name, known) && !series(&server.name, known));
    let mut out = Vec::new();
    if strange && (of_known() || of_registered()) {
        out.push(server.span);
    }
    let package = server.package.as_ref().filter(|package| package.ecosystem == "npm");
    let scope = package.and_then(|package| package.name.split_once('/')).map(|(scope, _)| scope).unwrap_or_default();
    if !VENDOR_SCOPES.contains(&scope) && VENDOR_SCOPES.iter().any(|known| near(scope, known)) {
        out.extend(package.map(|package| package.span));
    }
    out
}

/// In small letters, without dashes and the like.
fn bare(name: &str) -> String {
    name.to_lowercase().chars().filter(|char| !matches!(char, '-' | '_' | ' ' | '.')).collect()
}

/// What a name looks like: letters of other scripts, digits and pairs of letters as the letter that they pass for.
fn looks(name: &str) -> String {
    let letter = |char: char| match char {
        '0' | 'о' | 'ο' | 'օ' => 'o',
        '1' | 'і' | 'ı' | 'ι' | 'ӏ' | 'l' | '|' => 'i',
        'а' | 'α' => 'a',
        'е' => 'e',
        'р' | 'ρ' => 'p',
        'с' => 'c',
        'х' => 'x',
        'у' => 'y',
        'ѕ' => 's',
        'ԁ' => 'd',
        'ո' => 'n',
        'ν' => 'v',
        other => other,
    };
    bare(name).replace("rn", "m").replace("vv", "w").chars().map(letter).collect()
}

/// Whether a name is no known one and would be taken for it.
fn near(name: &str, known: &str) -> bool {
    let (found, wanted) = (bare(name), bare(known));
    if found == wanted || OWN_NAMES.contains(&&*found) {
        return false;
    }
    if looks(name) == looks(known) {
        return true;
    }
    let long = wanted.chars().count() >= DISTANT_MIN_LETTERS && found.chars().next() == wanted.chars().next();
    // `github2`, `githubs`: a second one of the same kind.
    let another = found.strip_prefix(&*wanted).is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || c == 's'));
    long && !another && words::distance(&found, &wanted) == 1
}

/// Whether two names differ in their last letter only, as those of a series do: `orders-a`, `orders-b`.
fn series(name: &str, known: &str) -> bool {
    let front = |text: &str| {
        let mut chars: Vec<char> = bare(text).chars().collect();
        chars.pop();
        chars
    };
    front(name) == front(known)
}

/// Words in the names of servers that bring texts of strangers.
const FOREIGN: [&str; 18] = [
    "web",
    "fetch",
    "browser",
    "playwright",
    "puppeteer",
    "search",
    "crawl",
    "scrape",
    "rss",
    "mail",
    "gmail",
    "outlook",
    "ticket",
    "tickets",
    "zendesk",
    "jira",
    "github",
    "gitlab",
];
/// Words in the names of servers that hold data of the organisation.
const PRIVATE: [&str; 22] = [
    "crm",
    "salesforce",
    "hubspot",
    "db",
    "database",
    "postgres",
    "mysql",
    "sqlite",
    "mongodb",
    "sql",
    "bigquery",
    "snowflake",
    "filesystem",
    "files",
    "drive",
    "sharepoint",
    "confluence",
    "notion",
    "hr",
    "payroll",
    "finance",
    "vault",
];
/// Words in the names of servers that send something to others.
const OUT: [&str; 16] = [
    "mail", "gmail", "outlook", "smtp", "slack", "teams", "discord", "telegram", "sms", "twilio", "whatsapp",
    "webhook", "fetch", "http", "github", "gitlab",
];

fn says(server: &Server, list: &[&str]) -> bool {
    let name = server.name.to_lowercase();
    name.split(|char: char| !char.is_ascii_alphanumeric()).any(|word| list.contains(&word))
}

/// The way out of three servers of one agent: one brings foreign texts, one holds private data, one sends. It fires at the
/// first that sends and that no rule asks about.
pub(crate) fn toxic_flow(sight: &Sight<'_, '_>) -> Vec<Span> {
    let Some(server) = own(sight).filter(|server| says(server, &OUT)) else { return Vec::new() };
    let document = sight.model.known.documents.get(server.document);
    let home = document.map(|document| document.project.as_str()).unwrap_or_default();
    let together: Vec<&Server> = together(sight, server).collect();
    let way_out = |out: &Server| {
        let others = || together.iter().filter(|other| other.span != out.span);
        says(out, &OUT)
            && !asked(sight, out, home)
            && others().any(|foreign| {
                says(foreign, &FOREIGN)
                    && others().any(|private| private.span != foreign.span && says(private, &PRIVATE))
            })
    };
    let first = together.iter().find(|out| way_out(out));
    if first.is_some_and(|first| first.span == server.span) { vec![server.span] } else { Vec::new() }
}

/// Whether a rule asks about, or refuses, what a server does.
fn asked(sight: &Sight<'_, '_>, server: &Server, project: &str) -> bool {
    let in_force = sight.model.effective.iter().filter(|effective| {
        effective.agent == server.agent && effective.project.as_ref().is_none_or(|(root, _)| root == project)
    });
    let tool = format!("mcp__{}__", server.name);
    in_force.filter_map(|effective| effective.tree.get("permissions")).any(|permissions| {
        let mut rules = permissions.get("ask").map(Node::texts).unwrap_or_default();
        rules.extend(permissions.get("deny").map(Node::texts).unwrap_or_default());
        rules.iter().any(|rule| rule.starts_with(&tool))
            || rules::any_matches(server.agent, &rules, &format!("{tool}send"), "", "")
    })
}
