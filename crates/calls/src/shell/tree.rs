//! The tree of a shell command, as `parse` makes it and `machine` walks it.

use std::rc::Rc;

/// Where a command stands in the text: first byte, and the byte after the last.
pub(crate) type Span = (u32, u32);

/// A command of any kind.
#[derive(Debug)]
pub(crate) enum Node {
    /// Assignments, words, redirections.
    Simple(Simple),
    /// Commands joined by `|`; each reads what the one before writes.
    Pipe(Vec<Node>),
    /// Commands one after the other: `;`, newline.
    Sequence(Vec<Node>),
    /// Commands joined by `&&` (true) and `||`.
    Chain(Box<Node>, Vec<(bool, Node)>),
    /// `! …`
    Not(Box<Node>),
    /// `( … )`: what it changes of the shell ends with it.
    Subshell(Box<Node>, Vec<Redirect>),
    /// `{ … }`
    Group(Box<Node>, Vec<Redirect>),
    /// `if`: tests with what follows each, and the rest.
    If(Vec<(Node, Node)>, Option<Box<Node>>, Vec<Redirect>),
    /// `while` and `until`: the test, the body.
    Loop(Box<Node>, Box<Node>, Vec<Redirect>),
    /// `for` and `select`.
    For { name: String, words: Option<Vec<Word>>, body: Box<Node>, redirects: Vec<Redirect> },
    /// `case`.
    Case { word: Word, arms: Vec<Arm>, redirects: Vec<Redirect> },
    /// A function that is defined, not called.
    Function { name: String, body: Rc<Node> },
    /// `[[ … ]]`: only substitutions and arithmetic in it run.
    Test(Vec<Word>, Vec<Redirect>),
    /// `(( … ))`
    Arithmetic(Word, Vec<Redirect>),
    /// `… &`
    Background(Box<Node>),
}

/// An arm of `case`.
#[derive(Debug)]
pub(crate) struct Arm {
    pub(crate) patterns: Vec<Word>,
    pub(crate) body: Node,
    /// It ends with `;&` or `;;&`: the next may follow.
    pub(crate) falls: bool,
}

/// A simple command.
#[derive(Debug, Default)]
pub(crate) struct Simple {
    pub(crate) assigns: Vec<Assign>,
    pub(crate) words: Vec<Word>,
    pub(crate) redirects: Vec<Redirect>,
    pub(crate) span: Span,
}

/// `name=word`, `name+=word`, `name=(words)`.
#[derive(Debug)]
pub(crate) struct Assign {
    pub(crate) name: String,
    pub(crate) index: Option<Word>,
    pub(crate) append: bool,
    pub(crate) value: Assigned,
}

/// What is assigned.
#[derive(Debug)]
pub(crate) enum Assigned {
    One(Word),
    Many(Vec<Word>),
}

/// A redirection.
#[derive(Debug)]
pub(crate) struct Redirect {
    pub(crate) kind: RedirectKind,
    pub(crate) target: Word,
    /// The descriptor that is redirected, where one is written.
    pub(crate) descriptor: Option<u32>,
}

/// What a redirection does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RedirectKind {
    Read,
    Write,
    Append,
    ReadWrite,
    /// `<&` and `>&` with a number or `-`.
    Duplicate,
    /// `&>`, `>&file`.
    WriteBoth,
    AppendBoth,
    /// `<<`: the text is the target.
    HereDocument,
    /// `<<<`
    HereString,
}

/// A word: pieces that are joined.
#[derive(Debug, Default, Clone)]
pub(crate) struct Word {
    pub(crate) parts: Vec<Part>,
}

impl Word {
    /// The text of a word of one plain piece, as keywords are.
    pub(crate) fn plain(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }

    pub(crate) fn quoted(text: &str) -> Self {
        Self { parts: vec![Part::Quoted(text.to_owned())] }
    }
}

/// A piece of a word.
#[derive(Debug, Clone)]
pub(crate) enum Part {
    /// Not quoted: patterns, braces and `~` have their meaning.
    Text(String),
    /// Quoted: as it stands.
    Quoted(String),
    /// `"…"`
    Double(Vec<Part>),
    /// `$name`, `${…}`
    Param(Box<Param>),
    /// `$( … )` and backquotes.
    Run(Rc<Node>),
    /// `<( … )` (true) and `>( … )`.
    Process(Rc<Node>, bool),
    /// `$(( … ))`
    Arith(Box<Word>),
}

/// `$name` or `${…}`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Param {
    pub(crate) name: String,
    pub(crate) index: Option<Word>,
    /// `${!name}`
    pub(crate) indirect: bool,
    /// `${#name}`
    pub(crate) length: bool,
    /// The operator (`:-`, `%%`, `/` …), empty where there is none.
    pub(crate) op: String,
    pub(crate) word: Word,
    /// The second word of `/` and of `:offset:length`.
    pub(crate) second: Option<Word>,
}
