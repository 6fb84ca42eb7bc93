//! Names that look like others, and tools that hide others of the same name.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::sentence::latin_look_alike;

/// Names of skills that many people know; the data file has one a line.
const KNOWN_SKILLS: &str = include_str!("../../data/skills.txt");
/// Names of tools that agents have built in.
const BUILT_IN: [&str; 42] = [
    "Bash",
    "Read",
    "Write",
    "Edit",
    "MultiEdit",
    "Glob",
    "Grep",
    "LS",
    "WebFetch",
    "WebSearch",
    "Task",
    "Agent",
    "TodoWrite",
    "NotebookEdit",
    "NotebookRead",
    "Skill",
    "BashOutput",
    "KillShell",
    "AskUserQuestion",
    "ExitPlanMode",
    "SlashCommand",
    "ToolSearch",
    "apply_patch",
    "shell",
    "local_shell",
    "exec_command",
    "update_plan",
    "view_image",
    "run_shell_command",
    "read_file",
    "write_file",
    "replace",
    "read_many_files",
    "search_file_content",
    "web_fetch",
    "google_web_search",
    "save_memory",
    "run_in_terminal",
    "run_terminal_cmd",
    "edit_file",
    "execute_command",
    "str_replace_based_edit_tool",
];
/// The shortest name that is compared by edit distance.
const SHORTEST_CHARS: usize = 5;
/// The longest name that is compared.
const LONGEST_CHARS: usize = 100;
/// The most names that are compared with each other.
const NAMES_MAX: usize = 2_000;
/// The most names of one shape that a name is compared with.
const ALIKE_MAX: usize = 16;

/// Why a name looks like another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// It has characters that look like others: `pdf-tooIs`, `gіt`.
    LookAlike,
    /// One character is other, missing, added, or two are exchanged.
    OneEdit,
}

/// A name that looks like another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// The number of the name in the list that was given.
    pub index: usize,
    /// The name that it looks like; of two names of the list the earlier one.
    pub like: String,
    /// Why.
    pub likeness: Likeness,
}

/// The names of skills that many people know.
pub fn known_skills() -> impl Iterator<Item = &'static str> {
    KNOWN_SKILLS.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Which of `names` look like one of `known`, or like an earlier one of themselves. A plural, another number or another case of a
/// letter is no likeness between two names of the list.
pub fn look_alike(names: &[&str], known: &[&str]) -> Vec<Alike> {
    let mut near = Near::default();
    known.iter().for_each(|name| near.add(name));
    let mut found = Vec::new();
    for (index, name) in names.iter().enumerate().take(NAMES_MAX) {
        if name.chars().count() > LONGEST_CHARS || near.known(name, known.len()) {
            continue;
        }
        let first = near.to(name);
        near.add(name);
        // In `camelCase` a capital I begins a word.
        let one_word = name.contains(['-', '_']) || !name.is_ascii();
        let alone =
            || (one_word && skeleton(name) != name.to_ascii_lowercase()).then(|| (skeleton(name), Likeness::LookAlike));
        if let Some((like, likeness)) = first.map(|(other, likeness)| (other.to_owned(), likeness)).or_else(alone) {
            found.push(Alike { index, like, likeness });
        }
    }
    found
}

/// Names by what they have in common with names that look like them, so that each is compared with few.
#[derive(Default)]
struct Near<'a> {
    names: Vec<&'a str>,
    numbers: BTreeMap<&'a str, usize>,
    /// By skeleton, and by the name without one of its letters.
    shapes: BTreeMap<String, Vec<usize>>,
}

impl<'a> Near<'a> {
    /// Whether a name is one of the first `count`.
    fn known(&self, name: &str, count: usize) -> bool {
        self.numbers.get(name).is_some_and(|number| *number < count)
    }

    fn add(&mut self, name: &'a str) {
        if self.numbers.contains_key(name) {
            return;
        }
        let number = self.names.len();
        self.names.push(name);
        self.numbers.insert(name, number);
        for shape in shapes(name) {
            let bucket = self.shapes.entry(shape).or_default();
            if bucket.len() < ALIKE_MAX {
                bucket.push(number);
            }
        }
    }

    /// The first name that a name looks like.
    fn to(&self, name: &str) -> Option<(&'a str, Likeness)> {
        let near: BTreeSet<usize> =
            shapes(name).iter().filter_map(|shape| self.shapes.get(shape)).flatten().copied().collect();
        near.into_iter().find_map(|number| {
            let other = self.names.get(number)?;
            likeness(name, other).map(|likeness| (*other, likeness))
        })
    }
}

/// What two names share if they look alike or are one edit apart.
fn shapes(name: &str) -> BTreeSet<String> {
    let small: Vec<char> = name.to_lowercase().chars().take(LONGEST_CHARS).collect();
    let without = |skip: usize| {
        small.iter().enumerate().filter(|(index, _)| *index != skip).map(|(_, char)| *char).collect::<String>()
    };
    // A sign that no name has keeps skeletons apart from edited names.
    (0..=small.len()).map(without).chain(std::iter::once(format!("\0{}", skeleton(name)))).collect()
}

fn likeness(name: &str, other: &str) -> Option<Likeness> {
    if name == other {
        return None;
    }
    if skeleton(name) == skeleton(other) {
        return (!name.eq_ignore_ascii_case(other)).then_some(Likeness::LookAlike);
    }
    let count = name.chars().count().min(other.chars().count());
    let edited =
        count >= SHORTEST_CHARS && !variant(name, other) && one_edit(&name.to_lowercase(), &other.to_lowercase());
    edited.then_some(Likeness::OneEdit)
}

/// A plural, a version: `test` and `tests`, `v1` and `v2`.
fn variant(one: &str, other: &str) -> bool {
    let plural = |a: &str, b: &str| a.strip_suffix('s') == Some(b);
    let bare = |name: &str| name.chars().map(|char| if char.is_ascii_digit() { '0' } else { char }).collect::<String>();
    let stripped = |name: &str| name.trim_end_matches(|char: char| char.is_ascii_digit() || char == '-').to_owned();
    plural(one, other) || plural(other, one) || bare(one) == bare(other) || stripped(one) == stripped(other)
}

/// A name as the eye sees it: look-alikes of one letter are that letter. A capital I within small letters is an l.
fn skeleton(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let small = chars.iter().filter(|char| char.is_ascii_lowercase()).count() * 2 > chars.len();
    let mut out = String::new();
    for (index, char) in chars.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| chars.get(before));
        let first = before.is_none_or(|before| !before.is_alphanumeric());
        let after_small = before.is_some_and(char::is_ascii_lowercase);
        let before_small = chars.get(index + 1).is_none_or(|next| !next.is_ascii_uppercase());
        let before_letter = chars.get(index + 1).is_some_and(char::is_ascii_lowercase);
        let seen = match char {
            'I' if small && after_small && before_small => 'l',
            '1' if before_letter && !first => 'l',
            '0' if before_letter && !first => 'o',
            other => latin_look_alike(*other).unwrap_or(*other),
        };
        out.extend(seen.to_lowercase());
    }
    out
}

/// Whether one insertion, deletion, replacement or exchange of neighbours makes one of the other.
fn one_edit(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let same = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let (Some(a), Some(b)) = (one.get(same..), other.get(same..)) else { return false };
    let tail = |list: &[char], skip: usize| list.get(skip..).map(<[char]>::to_vec);
    let swapped = a.len() == b.len()
        && a.len() >= 2
        && a.first() == b.get(1)
        && a.get(1) == b.first()
        && tail(a, 2) == tail(b, 2);
    let replaced = a.len() == b.len() && tail(a, 1) == tail(b, 1);
    let added = tail(a, 1).as_deref() == Some(b) || tail(b, 1).as_deref() == Some(a);
    a != b && (swapped || replaced || added)
}

/// How the name of a tool meets another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meeting {
    /// It is the same.
    Same,
    /// It differs in capitals or separators: `readFile`, `read_file`.
    Written,
    /// It has characters that pass for others.
    Disguised,
}

/// A name without what separates its words.
fn joined(name: &str) -> String {
    name.chars().filter(|char| !matches!(char, '-' | '_' | '.' | ' ' | '/')).collect()
}

/// What names that meet have in common.
pub(super) fn shape(name: &str) -> String {
    joined(&skeleton(name))
}

/// How two names of one [`shape`] meet.
pub(super) fn meeting(name: &str, other: &str) -> Meeting {
    if name == other {
        Meeting::Same
    } else if joined(name).to_lowercase() == joined(other).to_lowercase() {
        Meeting::Written
    } else {
        Meeting::Disguised
    }
}

/// How the name of a tool meets one that agents have built in.
pub(super) fn built_in(name: &str) -> Option<Meeting> {
    static SHAPES: LazyLock<BTreeMap<String, Vec<&str>>> = LazyLock::new(|| {
        let mut shapes: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for own in BUILT_IN {
            shapes.entry(shape(own)).or_default().push(own);
        }
        shapes
    });
    let own = SHAPES.get(&shape(name))?;
    let same = own.contains(&name).then_some(Meeting::Same);
    same.or_else(|| own.first().map(|own| meeting(name, own)))
}

/// A tool that has the name of another server's, or one that would be taken for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collision {
    /// The number of the server that declares it.
    pub server: usize,
    /// The tool.
    pub tool: String,
    /// The number of the other server, which comes before it.
    pub other: usize,
    /// How the names meet.
    pub meeting: Meeting,
}

/// Which tools of `servers` (the names of the tools of each) have the name of an earlier one's.
pub fn tool_collisions(servers: &[Vec<String>]) -> Vec<Collision> {
    let mut seen: BTreeMap<String, (usize, &str)> = BTreeMap::new();
    let mut found = Vec::new();
    for (server, tools) in servers.iter().enumerate().take(NAMES_MAX) {
        for tool in tools.iter().take(NAMES_MAX) {
            let shape = shape(tool);
            match seen.get(&shape) {
                Some((other, like)) if *other != server => {
                    found.push(Collision { server, tool: tool.clone(), other: *other, meeting: meeting(tool, like) });
                }
                Some(_) => {}
                None => {
                    seen.insert(shape, (server, tool.as_str()));
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_alike() {
        let check = |names: &[&str], known: &[&str], expected: &[(usize, &str)]| {
            let found = look_alike(names, known);
            assert_eq!(
                found.iter().map(|found| (found.index, found.like.as_str())).collect::<Vec<_>>(),
                expected,
                "{names:?}"
            );
        };
        check(&["pdf-tooIs"], &[], &[(0, "pdf-tools")]);
        check(&["pdf-tools"], &["pdf-tools"], &[]);
        check(&["g\u{456}thub"], &["github"], &[(0, "github")]);
        check(&["githib"], &["github"], &[(0, "github")]);
        check(&["github", "gihtub"], &[], &[(1, "github")]);
        check(&["report", "reports", "v1-notes", "v2-notes", "AI-notes", "notes2"], &[], &[]);
        check(&["git", "gif"], &[], &[]);
        check(&["FileIO", "IBM-tools"], &[], &[]);
    }

    #[test]
    fn tools_that_collide() {
        let servers = |lists: &[&[&str]]| -> Vec<Vec<String>> {
            lists.iter().map(|list| list.iter().map(|tool| (*tool).to_owned()).collect()).collect()
        };
        let found = tool_collisions(&servers(&[
            &["search", "get_user"],
            &["search", "find", "find"],
            &["getUser", "se\u{430}rch"],
        ]));
        let short: Vec<_> = found.iter().map(|one| (one.server, one.tool.as_str(), one.other, one.meeting)).collect();
        assert_eq!(
            short,
            [
                (1, "search", 0, Meeting::Same),
                (2, "getUser", 0, Meeting::Written),
                (2, "se\u{430}rch", 0, Meeting::Disguised)
            ]
        );
    }

    #[test]
    fn tools_of_the_agent_itself() {
        let check = |name: &str, expected: Option<Meeting>| assert_eq!(built_in(name), expected, "{name}");
        check("Bash", Some(Meeting::Same));
        check("bash", Some(Meeting::Written));
        check("readFile", Some(Meeting::Written));
        check("B\u{430}sh", Some(Meeting::Disguised));
        check("read_page", None);
    }
}
