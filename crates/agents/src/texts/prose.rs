//! One text of an artefact: what the frames, the commands, the lens and the hidden characters say of it, each at its place.

use std::ops::Range;
use std::sync::LazyLock;

use regex_automata::Input;
use regex_automata::meta::Regex;
use yata_lens::{Class, Confidence as Sureness, Lens};

use super::commands;
use super::finding::{Confidence, Kind, Severity};
use super::hidden::{self, Hiding};
use super::hosts::foreign_address;
use super::markdown::{self, BlockKind};
use super::orders::{self, About};
use super::redact;
use super::role::{self, Doc, Role, Say, say};
use super::sentence::Sentence;
use super::words::{self, Concept, compile};

/// From how many lines and bytes on rules are too long.
const RULES_MAX_LINES: usize = 200;
const RULES_MAX_BYTES: usize = 25_000;

/// Something that is wrong at a place of a text.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// The last part of the check's id.
    pub(super) check: &'static str,
    /// Checks of the same place that are told with it.
    pub(super) also: Vec<&'static str>,
    /// Where, in bytes of the text.
    pub(super) range: Range<usize>,
    /// How bad.
    pub(super) severity: Severity,
    /// How sure.
    pub(super) confidence: Confidence,
    /// What it is about.
    pub(super) what: String,
}

impl Found {
    pub(super) fn new(check: &'static str, range: Range<usize>, severity: Severity, confidence: Confidence) -> Self {
        Found { check, also: Vec::new(), range, severity, confidence, what: String::new() }
    }

    pub(super) fn about(mut self, what: impl Into<String>) -> Self {
        self.what = what.into();
        self
    }
}

static LENS: LazyLock<Lens> =
    LazyLock::new(|| Lens::new(|rule| rule.class == Class::Injection && !rule.id.starts_with("hidden-")));

/// What is wrong with a text of Markdown.
pub(super) fn look(text: &str, kind: Kind, description: Option<&Sentence>) -> Vec<Found> {
    let doc = role::doc(text, markdown::read(text));
    let mut found = Vec::new();
    unseen(text, kind, &mut found);
    let about = About { description, rules: kind == Kind::Rules, hidden: false };
    for order in orders::orders(&doc, &about) {
        if let Some(sentence) = doc.sentence(order.sentence) {
            let range = sentence.range.clone();
            found.push(carried(&doc, sentence, Found::new(order.check, range, order.severity, order.confidence)));
        }
    }
    for (index, sentence) in doc.sentences.iter().enumerate() {
        lines(&doc, index, sentence, kind, &mut found);
        if doc.role(sentence) == Role::Order {
            others(&doc, sentence, description, &mut found);
        }
    }
    by_lens(text, &doc, &mut found);
    if kind == Kind::Rules {
        rules(text, &doc, &mut found);
    }
    found
}

/// What stands where nobody sees it is a finding of that place, whatever it says.
fn carried(doc: &Doc, sentence: &Sentence, inner: Found) -> Found {
    let block = doc.block(sentence);
    let unseen = block.is_some_and(|block| matches!(block.kind, BlockKind::Comment | BlockKind::Definition));
    let folded = block.is_some_and(|block| block.folded) && inner.severity >= Severity::High;
    if !(unseen || folded) || inner.check == "unpinned-install" {
        return inner;
    }
    let severity = inner.severity.max(Severity::High);
    Found { check: "hidden-comment", also: vec![inner.check], severity, ..inner }
}

/// Characters without a shape, text far off, encoded text.
fn unseen(text: &str, kind: Kind, found: &mut Vec<Found>) {
    for (range, hiding) in hidden::characters(text) {
        let (check, severity) = match hiding {
            Hiding::Stray => ("hidden-unicode", Severity::Medium),
            Hiding::Unseen => ("hidden-unicode", Severity::High),
            Hiding::Bidi => ("bidi", Severity::High),
        };
        // Places beside each other are one.
        let beside =
            found.last_mut().filter(|last| last.check == check && range.start.saturating_sub(last.range.end) <= 2);
        match beside {
            Some(last) => {
                last.range.end = range.end;
                last.severity = Severity::High;
            }
            None => found.push(Found::new(check, range, severity, Confidence::High)),
        }
    }
    if let Some(range) = hidden::long_blank(text) {
        found.push(Found::new("long-blank", range, Severity::Medium, Confidence::High));
    }
    for (range, inner) in hidden::encoded(text) {
        let lower = inner.to_lowercase();
        let command = ["curl", "wget", "bash", "sh ", "python", "powershell", "eval", "exec", "http", "import "]
            .iter()
            .any(|word| lower.contains(word));
        let ordered = || {
            let doc = role::doc(&inner, markdown::read(&inner));
            !orders::orders(&doc, &About { description: None, rules: kind == Kind::Rules, hidden: true }).is_empty()
                || !LENS.scan(inner.as_bytes()).is_empty()
        };
        let picture = text.get(..range.start).is_some_and(|before| before.ends_with("base64,"))
            && inner.trim_start().starts_with('<');
        if command && !picture || ordered() {
            found.push(Found::new("encoded-block", range, Severity::High, Confidence::High));
        }
    }
}

/// Command lines of code, of code within sentences, of hidden text; commands that run when the text is loaded.
fn lines(doc: &Doc, index: usize, sentence: &Sentence, kind: Kind, found: &mut Vec<Found>) {
    let Some(block) = doc.block(sentence) else { return };
    let is_code = matches!(block.kind, BlockKind::Code { .. });
    for (at, _) in sentence.text.match_indices('!') {
        let code = sentence.code.iter().find(|code| code.start == at + 1);
        let command = code.and_then(|code| sentence.text.get(code.clone()));
        if command.is_some_and(commands::dynamic) && doc.role(sentence) != Role::Forbidden {
            let check = if kind == Kind::Command { "command-dynamic" } else { "dynamic-command" };
            found.push(Found::new(check, sentence.range.clone(), Severity::High, Confidence::High));
            return;
        }
    }
    if doc.role(sentence) != Role::Order {
        return;
    }
    let whole = is_code || matches!(block.kind, BlockKind::Comment | BlockKind::Definition);
    let spans: Vec<Range<usize>> =
        if whole { std::iter::once(0..sentence.text.len()).collect() } else { sentence.code.clone() };
    for span in spans {
        let text = sentence.text.get(span.clone()).unwrap_or_default();
        if is_code
            && text.starts_with(['#', '/'])
            && !text.starts_with("#!")
            && !text.starts_with("/bin")
            && !text.starts_with("/usr")
        {
            continue;
        }
        command_lines(doc, index, sentence, &span, text, found);
    }
    if !whole && sentence.code.is_empty() {
        // Plain text tells commands without backticks too: `Run: pip install x`.
        let told = RUNS.as_ref().and_then(|regex| regex.find(Input::new(&sentence.open)));
        if let Some(told) = told {
            let span = told.end()..sentence.text.len();
            let text = sentence.text.get(span.clone()).unwrap_or_default().trim_end_matches(['.', '。']);
            command_lines(doc, index, sentence, &span, text, found);
        }
    }
}

static RUNS: LazyLock<Option<Regex>> =
    LazyLock::new(|| compile(r"(?-u:\b)(?:run|execute|type|enter|use|install it with|start|command)(?:: | )|^\$ "));

fn command_lines(
    doc: &Doc,
    index: usize,
    sentence: &Sentence,
    span: &Range<usize>,
    text: &str,
    found: &mut Vec<Found>,
) {
    let code = doc.block(sentence).is_some_and(|block| matches!(block.kind, BlockKind::Code { .. }));
    for line in commands::lines(text) {
        let place = span.start + line.range.start..span.start + line.range.end;
        let excused = doc.excused(sentence, &place) || doc.excused(sentence, span);
        let mentioned = !code && (excused || shown(sentence, span));
        if mentioned || taken_back(doc, index) || (say(sentence) == Say::Yes && line.check != "exfiltrates") {
            continue;
        }
        if line.check == "credential-read"
            && !code
            && !words::has(Concept::Reading, &sentence.open)
            && !words::has(Concept::Running, &sentence.open)
        {
            continue;
        }
        let inner = Found::new(line.check, sentence.range.clone(), line.severity, line.confidence);
        found.push(carried(doc, sentence, inner));
    }
}

/// Whether code within a sentence is shown as one of several: `commands such as …`.
fn shown(sentence: &Sentence, span: &Range<usize>) -> bool {
    let before = sentence.before(span.start).trim_end();
    let leads = [
        "such as",
        "like",
        "e.g.",
        "for example",
        "for instance",
        "contain",
        "contains",
        "mention",
        "mentions",
        "などの",
        "例えば",
    ];
    leads.iter().any(|lead| before.ends_with(lead)) && !words::has(Concept::Running, before)
}

/// Whether the next sentence takes the command back: `We do not do that.`
fn taken_back(doc: &Doc, index: usize) -> bool {
    static BACK: LazyLock<Option<Regex>> = LazyLock::new(|| {
        compile(
            r"^(?:we |you |please |but |instead,? )?(?:do not|don't|never|avoid|must not|should not)(?: ever)?(?: do| use| run| copy)? ?(?:that|this|it|so|these|those)(?-u:\b)|^(?:これ|それ|このような)(?:は|を|らは)[^。]{0,20}(?:ない|ません|禁止)",
        )
    });
    let next = doc.sentence(index + 1).filter(|_| doc.same_section(index, index + 1));
    next.is_some_and(|next| BACK.as_ref().is_some_and(|regex| regex.is_match(&next.text)))
}

macro_rules! expressions {
    ($($name:ident: $($pattern:literal),+;)*) => {
        $(static $name: LazyLock<Option<Regex>> = LazyLock::new(|| compile(concat!($($pattern),+)));)*
        #[cfg(test)]
        fn compiled() -> Vec<bool> { vec![$($name.is_some()),*, RUNS.is_some()] }
    };
}

expressions! {
    ARCHIVE: r"(?-u:\b)(?:unzip|extract|unpack|decrypt|unlock|open|expand)(?-u:\b)[^。]{0,60}(?:\.zip|\.7z|\.rar|archive|package|file)[^。]{0,40}(?:password|passphrase)(?: is|:| of|=)? *[\x22'“「]?[^ \x22'”」]{3,}",
        r"|(?-u:\b)(?:unzip|extract|unpack|decrypt)(?-u:\b)[^。]{0,60}(?:password|passphrase)(?: is|:)? *[\x22'“「]?[a-z0-9_!@#-]*[0-9][a-z0-9_!@#-]*",
        r"|(?:\.zip|\.7z|\.rar|アーカイブ|圧縮ファイル)[^。]{0,24}パスワード[^。]{0,8}[「: ]?[a-z0-9_!@#-]{3,}[^。]{0,12}(?:解凍|展開|開)|パスワード[^。]{0,6}[「: ]?[a-z0-9_!@#-]{3,}[^。]{0,24}(?:解凍|展開)";
    SHARING: r"(?:pastebin\.com|transfer\.sh|file\.io|gofile\.io|mega\.nz|anonfiles|mediafire\.com|dropmefiles|wetransfer\.com|rentry\.(?:co|org)|hastebin|(?-u:\b)ix\.io|0x0\.st|termbin\.com|catbox\.moe|paste\.ee|ghostbin|controlc\.com|temp\.sh|bashupload)";
    ESCAPES: r"(?:\.\./){3,}[^ ]+|(?:^|[ \x22'(=])~/[a-z0-9][^ ]*|(?:^|[ \x22'(=])/(?:home|root|users)/[a-z0-9][^ ]*";
    ADDRESSED: r"^(?:(?:note|message|hint|instructions?|reminder|important)[ :,]*)?(?:(?:to|for) )?(?:all |the |any |every |coding |ai |our )*(?:agents?|assistants?|ai|llms?|models?|claude|codex|copilot|cursor|gemini|bots?)(?: only)?(?: reading this)?[:,：、 —-]|^(?:ai|エージェント|アシスタント|モデル)[^。、:：]{0,12}(?:へ|向け|宛|は|:|：|、)";
    IMPORTS: r"(?:^|[ (])@(?:~/|/|\.\./)[^ ]+";
    PASSWORDS: r"(?:password|passphrase|passcode|token|api[ _-]?key|secret|access key|パスワード|トークン|暗証番号|apiキー)[^.:=。「]{0,30}(?: is:?|:|=|は、?|：) *[\x22'`「]?([^ \x22'`」。、]{8,})";
}

fn matched(regex: &LazyLock<Option<Regex>>, text: &str) -> Option<Range<usize>> {
    regex.as_ref().and_then(|regex| regex.find(Input::new(text))).map(|found| found.range())
}

/// What single sentences say beside the frames.
fn others(doc: &Doc, sentence: &Sentence, description: Option<&Sentence>, found: &mut Vec<Found>) {
    let mut push = |check, severity, confidence| {
        found.push(carried(doc, sentence, Found::new(check, sentence.range.clone(), severity, confidence)));
    };
    let archive =
        matched(&ARCHIVE, &sentence.text).filter(|place| !doc.excused(sentence, place) && say(sentence) != Say::Yes);
    let asked = ["ask ", "asks ", "user's", "is needed", "尋ね", "聞い", "確認"]
        .iter()
        .any(|word| sentence.text.contains(word));
    if archive.is_some_and(|_| !asked) {
        push("password-archive", Severity::High, Confidence::Medium);
    }
    let shared = matched(&SHARING, &sentence.text).filter(|place| !doc.excused(sentence, place));
    if shared.is_some()
        && (words::has(Concept::Fetching, &sentence.text)
            || sentence.text.contains("curl")
            || sentence.text.contains("wget"))
    {
        push("password-archive", Severity::High, Confidence::Medium);
    }
    let verb = || {
        [Concept::Reading, Concept::Running]
            .into_iter()
            .any(|concept| sentence.places(concept).iter().any(|verb| !doc.excused(sentence, verb)))
    };
    let outside = matched(&ESCAPES, &sentence.open).filter(|place| !doc.excused(sentence, place));
    let code = doc.block(sentence).is_some_and(|block| matches!(block.kind, BlockKind::Code { .. }));
    if let Some(place) = outside
        && !code
        && verb()
        && say(sentence) != Say::Yes
        && !words::has(Concept::Secret, &sentence.open)
    {
        let named = sentence
            .open
            .get(place)
            .map(|path| path.trim_matches(|char: char| !char.is_ascii_alphanumeric()))
            .unwrap_or_default();
        if !description.is_some_and(|description| description.text.contains(named)) {
            push("path-escape", Severity::Medium, Confidence::Medium);
        }
    }
    let unseen =
        doc.block(sentence).is_some_and(|block| matches!(block.kind, BlockKind::Comment | BlockKind::Definition));
    if unseen && matched(&ADDRESSED, &sentence.text).is_some() && acts_told(sentence) >= 2 {
        push("hidden-comment", Severity::High, Confidence::Medium);
    }
}

/// How many signs of an act a sentence shows; an address on the network counts twice.
fn acts_told(sentence: &Sentence) -> usize {
    let acts = [
        Concept::Transfer,
        Concept::Running,
        Concept::Fetching,
        Concept::Untold,
        Concept::Unasked,
        Concept::Displace,
        Concept::Secret,
    ];
    let told = acts.into_iter().filter(|concept| sentence.has(*concept)).count();
    told + usize::from(foreign_address(&sentence.text))
}

/// What the lens is sure of, where the text orders it.
fn by_lens(text: &str, doc: &Doc, found: &mut Vec<Found>) {
    let places = Places::of(doc);
    for hit in LENS.scan(markdown::apart(text).as_bytes()) {
        let (Ok(start), Ok(end)) = (usize::try_from(hit.span.start), usize::try_from(hit.span.end)) else { continue };
        let sentence = places.first(start, end).and_then(|index| doc.sentence(index));
        let Some(sentence) = sentence else { continue };
        let kind = doc.block(sentence).map(|block| block.kind);
        let unseen = matches!(kind, Some(BlockKind::Comment | BlockKind::Definition));
        if hit.confidence < Sureness::Likely && !unseen || kind == Some(BlockKind::Code { prose: false }) {
            continue;
        }
        let place = place_in(sentence, text.get(start..end).unwrap_or_default());
        let quoted = sentence.open.get(place.clone()).is_some_and(|part| part.contains("##"));
        if quoted || doc.excused(sentence, &place) || say(sentence) == Say::Yes {
            continue;
        }
        let Some(check) = check_of(hit.rule.id) else { continue };
        let telling = if unseen { acts_told(sentence) } else { 2 };
        if telling == 0 {
            continue;
        }
        if check == "conceals" && orders::harmless_silence(doc, sentence) {
            continue;
        }
        let severity =
            if hit.confidence >= Sureness::Likely && telling >= 2 { Severity::High } else { Severity::Medium };
        found.push(carried(doc, sentence, Found::new(check, sentence.range.clone(), severity, Confidence::Medium)));
    }
}

/// The sentences of a text by place, which is not their order: comments come last.
struct Places {
    /// Beginning, number and end, by beginning.
    by_start: Vec<(usize, usize, usize)>,
}

impl Places {
    fn of(doc: &Doc) -> Self {
        let mut by_start: Vec<(usize, usize, usize)> =
            doc.sentences.iter().enumerate().map(|(index, one)| (one.range.start, index, one.range.end)).collect();
        by_start.sort_unstable();
        Self { by_start }
    }

    /// The first sentence within `start..end`, or that which `start` stands in.
    fn first(&self, start: usize, end: usize) -> Option<usize> {
        let after = self.by_start.partition_point(|(from, ..)| *from <= start);
        let holds = after.checked_sub(1).and_then(|before| self.by_start.get(before));
        let holds = holds.filter(|(from, _, to)| *from < end && start < *to);
        let next = || self.by_start.get(after).filter(|(from, ..)| *from < end);
        holds.or_else(next).map(|(_, index, _)| *index)
    }
}

/// The place of a part of the file within a sentence; its beginning where it cannot be told.
fn place_in(sentence: &Sentence, part: &str) -> Range<usize> {
    let lower = part.to_lowercase();
    let first: String = lower.chars().take(12).collect();
    let start = sentence.text.find(&lower).or_else(|| sentence.text.find(&first)).unwrap_or(0);
    start..(start + lower.len()).min(sentence.text.len())
}

/// The check that speaks of what a rule of the lens knows.
fn check_of(rule: &str) -> Option<&'static str> {
    Some(match rule {
        "ignore-previous-instructions"
        | "role-override"
        | "reveal-system-prompt"
        | "evaluator-manipulation"
        | "forged-turn" => "overrides",
        "concealment-instruction" => "conceals",
        "exfiltration-instruction"
        | "exfiltration-link"
        | "credential-collection"
        | "tool-poisoning"
        | "delayed-trigger" => "exfiltrates",
        "agent-shell-instruction" => "skips-approval",
        "memory-poisoning" => "memory-write",
        "encoded-instruction" => "remote-instructions",
        "comment-instruction" | "attribute-instruction" | "invisible-instruction" | "injection-model" => {
            "hidden-comment"
        }
        _ => return None,
    })
}

/// What only rule files are asked.
fn rules(text: &str, doc: &Doc, found: &mut Vec<Found>) {
    let count = text.lines().count();
    if count > RULES_MAX_LINES || text.len() > RULES_MAX_BYTES {
        let end = text.find('\n').unwrap_or(text.len());
        found.push(Found::new("too-long", 0..end, Severity::Low, Confidence::Medium).about(count.to_string()));
    }
    for range in redact::secrets(text) {
        found.push(Found::new("literal-secret", range, Severity::High, Confidence::Medium));
    }
    for sentence in &doc.sentences {
        let code = doc.block(sentence).is_some_and(|block| matches!(block.kind, BlockKind::Code { .. }));
        if !code && sentence.code.is_empty() && matched(&IMPORTS, &sentence.text).is_some() {
            found.push(Found::new("import-outside", sentence.range.clone(), Severity::Medium, Confidence::High));
        }
        let mut captures = PASSWORDS.as_ref().map(Regex::create_captures);
        if let (Some(regex), Some(captures)) = (PASSWORDS.as_ref(), captures.as_mut()) {
            regex.captures(Input::new(&sentence.text), captures);
            let value = captures.get_group(1).and_then(|span| sentence.text.get(span.range()));
            if value.is_some_and(literal) && doc.role(sentence) == Role::Order {
                found.push(Found::new("literal-secret", sentence.range.clone(), Severity::High, Confidence::Medium));
            }
        }
    }
}

/// Whether a word is a value, and no placeholder, variable, path, address or word of a sentence.
fn literal(value: &str) -> bool {
    let value = value.trim_end_matches(['.', ',', ';', ')']);
    let placeholder = value.starts_with(['$', '<', '{', '[', '/', '~', '.', '%', '(', '*'])
        || value.contains("://")
        || value.contains('(')
        || value.contains('/');
    let named = [
        "your",
        "xxx",
        "example",
        "placeholder",
        "changeme",
        "secret",
        "password",
        "token",
        "…",
        "vault",
        "env",
        "***",
    ]
    .iter()
    .any(|word| value.contains(word));
    let digits = value.bytes().any(|byte| byte.is_ascii_digit());
    let letters = value.bytes().any(|byte| byte.is_ascii_alphabetic());
    value.is_ascii() && value.len() >= 8 && digits && letters && !placeholder && !named
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_expressions_compile() {
        assert!(compiled().into_iter().all(|compiled| compiled));
    }

    /// What a text is cut into, and how often the lens begins to read a comment, grows with the text and no faster.
    #[test]
    fn hostile_texts_take_bounded_work() {
        const SIZE_BYTES: usize = 512 << 10;
        for unit in ["<!--", "<!--\n", "<!-- -->", "[[[[", "`", "`a`. ", "```\n<!--\n```\n", "ABC.\n", "\"", "- a\n"] {
            let text = unit.repeat(SIZE_BYTES / unit.len());
            let doc = role::doc(&text, markdown::read(&text));
            let lines: usize = doc.document.blocks.iter().flat_map(|block| &block.lines).map(|line| line.len()).sum();
            assert!(lines <= text.len(), "{unit:?}: {lines} bytes of blocks");
            let bytes: usize = doc.sentences.iter().map(|sentence| sentence.text.len()).sum();
            assert!(bytes <= text.len(), "{unit:?}: {bytes} bytes of sentences");
            let parts: usize = doc.sentences.iter().map(|sentence| sentence.shouted.len() + sentence.code.len()).sum();
            assert!(parts <= text.len(), "{unit:?}: {parts} words and pieces of code");
            let plain = markdown::apart(&text);
            let mut read = 0;
            for (start, _) in plain.match_indices("<!--") {
                let rest = plain.get(start..).unwrap_or_default();
                read += rest.find("-->").unwrap_or(rest.len());
            }
            assert!(read <= text.len() * 300, "{unit:?}: {read} bytes of comments");
            assert_eq!(plain.len(), text.len());
        }
    }

    #[test]
    fn only_crowded_beginnings_of_a_comment_are_taken_out() {
        let check = |text: &str, expected: &str| assert_eq!(markdown::apart(text), expected);
        check("<!-- a --> b <!-- c -->", "<!-- a --> b <!-- c -->");
        check("<!-- a <!-- b --> <!-- c -->", "<!-- a      b --> <!-- c -->");
        check("<!-- a <!-- b", "<!-- a      b");
        let far = format!("<!--{}<!-- b", "x".repeat(2_000));
        check(&far, &far);
    }

    #[test]
    fn every_rule_of_the_lens_has_its_check() {
        let none: Vec<&str> = LENS.rules().map(|rule| rule.id).filter(|id| check_of(id).is_none()).collect();
        assert!(none.is_empty(), "{none:?}");
    }
}
