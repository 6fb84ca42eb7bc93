//! Who is told to do what: whether a sentence is an order to the model, or a prohibition, a quotation, a specimen of an
//! attack, an act of somebody else, or something that waits for the user's yes.

use std::cell::OnceCell;
use std::ops::Range;
use std::sync::LazyLock;

use regex_automata::meta::Regex;

use super::markdown::{BLOCKS_MAX, Block, BlockKind, Document};
use super::sentence::{Sentence, sentences};
use super::words::{self, Concept, compile};

/// The most sentences of one text; what comes after is not looked at.
pub(super) const SENTENCES_MAX: usize = 10_000;

/// What a block is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// The model is to follow it.
    Order,
    /// It stands in a list or column of what must not be done.
    Forbidden,
    /// It shows how an attack, an input or bad code looks.
    Specimen,
}

/// A text with its sentences and what each is there for.
#[derive(Debug)]
pub(super) struct Doc {
    /// In order.
    pub(super) sentences: Vec<Sentence>,
    /// Blocks, headings and announcements.
    pub(super) document: Document,
    /// By block.
    roles: Vec<Role>,
    /// By block, as it is asked for: what it says of what follows it, so that a long one is read once.
    leads: Vec<OnceCell<Lead>>,
}

/// What a heading, a paragraph or the head of a column says of what follows it.
#[derive(Debug, Clone, Copy, Default)]
struct Lead {
    /// One of its sentences is the head of what must not be done, or of specimens, whichever is first.
    head: Option<Role>,
    /// Its last sentence announces what must not be done, or specimens.
    announced: Option<Role>,
    /// It points at a block and speaks of specimens.
    points: bool,
}

/// Reads a text.
pub(super) fn doc(text: &str, document: Document) -> Doc {
    let mut all = Vec::new();
    for (index, block) in document.blocks.iter().enumerate() {
        if all.len() < SENTENCES_MAX {
            sentences(text, block, index, &mut all);
        }
    }
    let leads = document.blocks.iter().map(|_| OnceCell::new()).collect();
    let mut doc = Doc { sentences: all, document, roles: Vec::new(), leads };
    doc.roles = doc.document.blocks.iter().enumerate().map(|(index, block)| doc.role_of_block(index, block)).collect();
    doc
}

impl Doc {
    /// Whether the text goes on behind what was looked at.
    pub(super) fn is_cut(&self) -> bool {
        self.sentences.len() >= SENTENCES_MAX || self.document.blocks.len() >= BLOCKS_MAX
    }

    /// The sentence of that number.
    pub(super) fn sentence(&self, index: usize) -> Option<&Sentence> {
        self.sentences.get(index)
    }

    /// The block of a sentence.
    pub(super) fn block(&self, sentence: &Sentence) -> Option<&Block> {
        self.document.blocks.get(sentence.block)
    }

    /// What the block of a sentence is there for.
    pub(super) fn role(&self, sentence: &Sentence) -> Role {
        self.roles.get(sentence.block).copied().unwrap_or(Role::Order)
    }

    /// Whether two sentences stand under the same heading; what is hidden stands for itself.
    pub(super) fn same_section(&self, one: usize, other: usize) -> bool {
        let (Some(one), Some(other)) = (self.sentence(one), self.sentence(other)) else { return false };
        let headings = |sentence| self.block(sentence).map(|block| block.headings.last());
        one.block == other.block || (!self.hidden(one) && !self.hidden(other) && headings(one) == headings(other))
    }

    /// Whether a sentence stands where nobody sees it.
    pub(super) fn hidden(&self, sentence: &Sentence) -> bool {
        self.block(sentence).is_some_and(|block| matches!(block.kind, BlockKind::Comment | BlockKind::Definition))
    }

    /// The text of a block, folded.
    fn text_of(&self, block: usize) -> impl Iterator<Item = &Sentence> {
        let from = self.sentences.partition_point(|sentence| sentence.block < block);
        self.sentences.iter().skip(from).take_while(move |sentence| sentence.block == block)
    }

    fn role_of_block(&self, index: usize, block: &Block) -> Role {
        let shown = matches!(block.kind, BlockKind::Item | BlockKind::Code { .. } | BlockKind::Quote | BlockKind::Cell);
        for heading in block.headings.iter().rev() {
            let level = match self.document.blocks.get(*heading).map(|block| block.kind) {
                Some(BlockKind::Heading(level)) => level,
                _ => 1,
            };
            if let Some(role) = self.lead(*heading).head.filter(|_| level >= 2 && shown) {
                return role;
            }
        }
        let own = self.text_of(index).next();
        if own.is_some_and(|own| MARKED.as_ref().is_some_and(|regex| regex.is_match(&own.text))) {
            return Role::Specimen;
        }
        if !shown {
            return Role::Order;
        }
        block.lead.map_or(Role::Order, |lead| self.role_by_lead(block, lead))
    }

    /// What a paragraph or the head of a column says of what follows it.
    fn role_by_lead(&self, block: &Block, lead: usize) -> Role {
        let Some(leading) = self.document.blocks.get(lead) else { return Role::Order };
        let says = self.lead(lead);
        if let Some(role) = says.announced {
            return role;
        }
        if says.points && !matches!(block.kind, BlockKind::Cell) {
            return Role::Specimen;
        }
        if self.text_of(lead).next().is_none() {
            return Role::Order;
        }
        // The lead of this lead: a paragraph, an item and the code under it.
        match leading.kind {
            BlockKind::Item | BlockKind::Quote => self.roles_so_far(lead),
            _ => Role::Order,
        }
    }

    fn lead(&self, block: usize) -> Lead {
        self.leads.get(block).map_or_else(Lead::default, |cell| *cell.get_or_init(|| self.read_lead(block)))
    }

    fn read_lead(&self, block: usize) -> Lead {
        let texts: Vec<&Sentence> = self.text_of(block).collect();
        let Some(last) = texts.last() else { return Lead::default() };
        let head = texts.iter().find_map(|sentence| {
            let specimens = || HEADS_SPECIMENS.as_ref().is_some_and(|regex| regex.is_match(&sentence.text));
            let forbidden = forbids(&sentence.text).then_some(Role::Forbidden);
            forbidden.or_else(|| specimens().then_some(Role::Specimen))
        });
        let cell = self.document.blocks.get(block).is_some_and(|block| block.kind == BlockKind::Cell);
        let announces = last.text.ends_with([':', '：']) || cell;
        let announced = if announces && forbids(&last.text) {
            Some(Role::Forbidden)
        } else if announces && words::has(Concept::Specimen, &last.text) && !orders_use(&last.text) {
            Some(Role::Specimen)
        } else {
            None
        };
        let specimen = |text: &&Sentence| words::has(Concept::Specimen, &text.text) || text.has(Concept::Others);
        let points = texts.iter().any(|text| POINTS.as_ref().is_some_and(|regex| regex.is_match(&text.text)))
            && texts.iter().any(specimen);
        Lead { head, announced, points }
    }

    fn roles_so_far(&self, block: usize) -> Role {
        let found = self.document.blocks.get(block).and_then(|block| block.lead).filter(|lead| *lead < block);
        match (found, self.document.blocks.get(block)) {
            (Some(lead), Some(inner)) => self.role_by_lead(inner, lead),
            _ => Role::Order,
        }
    }

    /// Whether what stands at `at` of a sentence is no order to the model.
    pub(super) fn excused(&self, sentence: &Sentence, at: &Range<usize>) -> bool {
        negated(sentence, at) || self.spoken_of(sentence, at)
    }

    /// The same for a thing, which is denied only with its verb.
    pub(super) fn spoken_of(&self, sentence: &Sentence, at: &Range<usize>) -> bool {
        self.role(sentence) != Role::Order
            || sentence.asks()
            || follows_on(sentence)
            || of_others(sentence, at)
            || looked_for(sentence, at)
            || by_person(sentence, at)
    }
}

/// Whether the sentence says of something else what the one before said: `So is …`.
fn follows_on(sentence: &Sentence) -> bool {
    ["so is ", "so are ", "so does ", "the same goes ", "the same holds ", "the same is true "]
        .iter()
        .any(|start| sentence.text.starts_with(start))
}

/// Heads of lists of what must not be done.
static FORBIDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    compile(concat!(
        r"(?-u:\b)(?:never|do not|don'ts?|must not|not allowed|forbidden|prohibited|off[ -]limits|what not to do|avoid|",
        r"not to be used|no-gos?|anti-?patterns?|not permitted|red lines|refuse|will not|won't|out of scope|stay away)(?-u:\b)",
        r"|禁止|してはいけない|してはならない|やらない|しないこと|行わない|行いません|しません|対象外|避ける|やってはいけ"
    ))
});
/// Heads of sections that show attacks or test data.
static HEADS_SPECIMENS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    compile(concat!(
        r"(?-u:\b)(?:attack(?:s|ers?)?|threats?|threat model|red flags?|warning signs|payloads?|test (?:data|cases|set|strings|inputs)|",
        r"fixtures?|injections?|malicious|bad|unsafe|insecure|vulnerable|wrong|exploits?|abuse|indicators|suspicious|misuse|poison(?:ed|ing))(?-u:\b)",
        r"|攻撃|脅威|悪い例|兆候|不正|テストデータ|検査データ|手口|危険な例|インジェクション|だめな例|NG|ng例"
    ))
});
/// A block that marks itself as an example of what is bad.
static MARKED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    compile(
        r"^(?:❌|✗|✘|🚫|⛔|bad|wrong|unsafe|insecure|vulnerable|don't|dont|not like this|never|悪い例|ng|だめな例|誤り|禁止|不可|×)(?: example)?[ :：\-—]",
    )
});
/// A sentence that points at a block: it announces or describes it.
static POINTS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    compile(concat!(
        r"(?-u:\b)(?:the|this|these|following|next|each|all|every) (?:[a-z-]+ ){0,3}(?:block|blocks|list|table|lines?|below|following|sentences?|quotations?|examples?|cases|text|texts|strings?|rows?|fixtures?|payloads?)(?-u:\b)",
        r"|(?-u:\b)(?:below|as follows|following|like this|like these|such as)(?-u:\b)|以下|次の|下記|ブロック|[:：]$"
    ))
});

/// Whether a head says that what follows must not be done.
fn forbids(text: &str) -> bool {
    let double = ["forget", "hesitate", "fail to", "miss ", "skip"].iter().any(|word| text.contains(word));
    !double && FORBIDS.as_ref().is_some_and(|regex| regex.is_match(text))
}

/// Whether an announcement tells to use what it announces: `for example run:`.
fn orders_use(text: &str) -> bool {
    static USES: LazyLock<Option<Regex>> = LazyLock::new(|| {
        compile(
            r"(?-u:\b)(?:run|execute|install|type|enter|start|first|then) (?:[^ ]+ ){0,6}[^ ]*[:：]$|実行(?:し|する)|導入(?:し|する)",
        )
    });
    let attack = words::has(Concept::Attack, text);
    !attack && USES.as_ref().is_some_and(|regex| regex.is_match(text))
}

static NEGATORS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    compile(concat!(
        r"(?-u:\b)(?:never|not|cannot|can't|don't|doesn't|won't|mustn't|shouldn't|isn't|aren't|without|avoid|avoids|avoiding|refuse|refuses|refrain from|",
        r"no longer|nor|neither|nothing|nobody|none|stop|forbidden to|forbid|forbids|instead of|rather than|prohibit|prohibits|prevent|prevents|against|unable to|no)(?-u:\b)"
    ))
});
/// Not forgetting is doing.
static DOUBLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    compile(
        r"^ ?(?:ever )?(?:forget|hesitate|fail|omit|neglect|miss|skip|be afraid|only|just|need to worry|let)(?-u:\b)|^ only|^ matter",
    )
});
static FORBIDDEN_AFTER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    compile(concat!(
        r"(?-u:\b)(?:is|are|be|was|were) (?:strictly |never |not |always )?(?:forbidden|prohibited|not allowed|not permitted|banned|off limits|out of scope|blocked|refused|allowed only|denied)",
        r"|(?-u:\b)is never (?:ok|okay|allowed|right|acceptable)|(?-u:\b)(?:is|are) not (?:allowed|permitted|acceptable|ok|used|done|wanted|needed)"
    ))
});
static NEGATION_JA: LazyLock<Option<Regex>> = LazyLock::new(|| {
    compile(concat!(
        "^[^。、]{0,12}?(?:ない|ません|ず(?:に)?(?:$|、|。)|ぬよう|禁止|厳禁|てはいけ|てはなら|べからず|控え|避け|不可|やめ|拒否)",
        "|^[^。、]{0,8}?(?:たり|し、|や|または|・)[^。]{0,24}?(?:ないで|しません|してはいけ|してはなら|禁止|しないこと)"
    ))
});

/// What is not left undone is done.
static OBLIGES_JA: LazyLock<Option<Regex>> = LazyLock::new(|| {
    compile(
        "^[^。、]{0,12}?(?:ない(?:と|場合|とき|限り|うち|まま|ため|ので)|なければ|なくては|ないで(?:進|済)|ずに(?:進|済))",
    )
});

static PERMISSION_JA: LazyLock<Option<Regex>> = LazyLock::new(|| {
    compile(
        "^[^。、なずん]{0,8}?(?:て|で)も?(?:構いません|構わない|かまいません|かまわない|差し支えありません|差し支えない|問題ありません)",
    )
});

/// The part of a sentence before byte `at` that belongs to the same clause.
fn clause_before(sentence: &Sentence, at: usize) -> &str {
    let before = sentence.before(at);
    let mut start = 0;
    for mark in ["; ", ": ", " but ", " then ", " — ", " – ", " - ", "。", " so that ", "が、", "ので、"] {
        if let Some(found) = before.rfind(mark) {
            start = start.max(found + mark.len());
        }
    }
    before.get(start..).unwrap_or_default()
}

/// Whether the verb at `at` is denied.
pub(super) fn negated(sentence: &Sentence, at: &Range<usize>) -> bool {
    let after = sentence.after(at.end);
    if FORBIDDEN_AFTER.as_ref().is_some_and(|regex| regex.is_match(after)) {
        return true;
    }
    let here = sentence.open.get(at.clone()).unwrap_or_default();
    // A name or an option within Japanese: `--force は使わない`, but not `--force を付けないと失敗する`.
    let japanese = after.trim_start_matches(['`', ' ', '」', ')', '）']).starts_with(['は', 'を', 'も', 'の', 'で']);
    if here.is_ascii() && japanese {
        return !OBLIGES_JA.as_ref().is_some_and(|regex| regex.is_match(after))
            && NEGATION_JA.as_ref().is_some_and(|regex| regex.is_match(after));
    }
    if !here.is_ascii() {
        // `〜して構いません` allows.
        let allows = PERMISSION_JA.as_ref().is_some_and(|regex| regex.is_match(after));
        return !allows && NEGATION_JA.as_ref().is_some_and(|regex| regex.is_match(after));
    }
    let clause = clause_before(sentence, at.start);
    let Some(regex) = NEGATORS.as_ref() else { return false };
    let Some(negator) = regex.find_iter(clause).last() else { return false };
    let between = clause.get(negator.end()..).unwrap_or_default();
    if DOUBLE.as_ref().is_some_and(|regex| regex.is_match(between)) {
        return false;
    }
    let joined =
        after.contains(" or ") || after.contains(" nor ") || between.contains(" or ") || between.contains(" nor ");
    let new_clause = between.contains(", and ") || between.contains(". ") || (between.contains(", ") && !joined);
    between.len() <= NEGATION_REACH_BYTES && !new_clause
}

/// How far before a verb its negation may stand.
const NEGATION_REACH_BYTES: usize = 90;

/// Whether somebody else does it: an attacker, a text that tries.
fn of_others(sentence: &Sentence, at: &Range<usize>) -> bool {
    let own =
        |other: &Range<usize>| ["this ", "these "].iter().any(|word| sentence.before(other.start).ends_with(word));
    if sentence.places(Concept::Others).iter().any(|other| other.start < at.start && !own(other)) {
        return true;
    }
    let japanese = sentence.open.chars().any(|char| matches!(char, 'ぁ'..='ヿ'));
    let others_after = japanese && sentence.places(Concept::Others).iter().any(|other| other.start >= at.end);
    others_after
        || sentence
            .places(Concept::Attack)
            .iter()
            .any(|attack| attack.start < at.start && names_attack(sentence, attack, at))
}

/// Whether the word of attack is what is spoken of, and not what a measure is said to be for.
fn names_attack(sentence: &Sentence, attack: &Range<usize>, at: &Range<usize>) -> bool {
    let before = sentence.before(attack.start).trim_end();
    let excuse =
        ["against", "from", "prevent", "avoid", "stop", "fight", "for", "of", "to", "any", "detect", "の", "を"];
    let measure = before.is_empty() || excuse.iter().any(|word| before.ends_with(word));
    let between = sentence.open.get(attack.end..at.start).unwrap_or_default();
    let separate = between.contains(", ") || between.contains('、');
    !(measure && separate)
}

/// Whether the sentence tells to look for it, to report it or to refuse it.
fn looked_for(sentence: &Sentence, at: &Range<usize>) -> bool {
    let japanese = sentence.open.chars().any(|char| matches!(char, 'ぁ'..='ヿ'));
    sentence.places(Concept::Detect).iter().any(|detect| {
        if detect.start >= at.end {
            let between = sentence.open.get(at.end..detect.start).unwrap_or_default();
            let listed = sentence.open.get(detect.clone()).is_some_and(|text| text.starts_with("ないか"));
            return japanese && (listed || !between.contains('、'))
                || !japanese && between.len() <= 60 && is_verdict(sentence, detect);
        }
        let between = sentence.open.get(detect.end..at.start).unwrap_or_default();
        if is_verdict(sentence, detect) {
            return false;
        }
        let own_act = (between.ends_with("and ") || between.ends_with("then ") || between.ends_with(", "))
            && !SUBORDINATE.iter().any(|word| between.contains(word));
        detect.end <= at.start
            && !own_act
            && (!japanese || !between.contains('、'))
            && !negated_detect(sentence, detect)
    })
}

/// Words that make what follows part of what is looked for.
const SUBORDINATE: [&str; 8] = [" that ", " which ", " who ", " whether ", " if ", " to ", " any ", "that "];

fn is_verdict(sentence: &Sentence, detect: &Range<usize>) -> bool {
    let text = sentence.open.get(detect.clone()).unwrap_or_default();
    ["is ", "are ", "was ", "be ", "finding"].iter().any(|start| text.starts_with(start))
}

fn negated_detect(sentence: &Sentence, detect: &Range<usize>) -> bool {
    let before = sentence.before(detect.start);
    // `answer in the review that …`: a noun.
    ["do not ", "don't ", "never ", "not ", "without ", "in the ", "in a "].iter().any(|word| before.ends_with(word))
}

/// Whether the subject of the verb at `at` is a person or a product, and not the model.
fn by_person(sentence: &Sentence, at: &Range<usize>) -> bool {
    words::has(Concept::Person, clause_before(sentence, at.start))
}

/// How much the user has a say in what the sentence orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Say {
    /// None.
    None,
    /// It happens when the user asks for something.
    Trigger,
    /// The user is asked, or has named it.
    Yes,
}

/// Whether the sentence waits for the user.
pub(super) fn say(sentence: &Sentence) -> Say {
    let places = sentence.places(Concept::Consent);
    let strength = |place: &Range<usize>| {
        let text = sentence.open.get(place.clone()).unwrap_or_default();
        let conditional = ["if ", "when ", "once ", "after ", "as soon", "unless", "until"]
            .iter()
            .any(|start| text.starts_with(start));
        let rest = sentence.after(place.end);
        let also = [" also ", "also ", " additionally", " as well", " first ", " quietly", " silently"]
            .iter()
            .any(|word| rest.contains(word));
        if negated(sentence, place) && !conditional {
            Say::None
        } else if conditional
            && (also
                || !(text.contains("agree")
                    || text.contains("approv")
                    || text.contains("confirm")
                    || text.contains("consent")))
        {
            Say::Trigger
        } else {
            Say::Yes
        }
    };
    places.iter().map(strength).max().unwrap_or(Say::None)
}

/// Whether somebody else is spoken of before `place`.
pub(super) fn others_before(sentence: &Sentence, place: &Range<usize>) -> bool {
    of_others(sentence, place) || looked_for(sentence, place)
}
