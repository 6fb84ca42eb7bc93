//! Parts of words and phrases by which the frames tell one case from another. The lists are in `data/marks.txt`.

use std::sync::LazyLock;

/// The lists; the file says how they are written.
const MARKS: &str = include_str!("../../data/marks.txt");

macro_rules! marks {
    ($($name:ident $word:literal,)*) => {
        /// A list; its parts stand in the data under its name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Mark { $($name,)* }
        /// The names in the data, in the order of their numbers.
        const NAMES: &[&str] = &[$($word,)*];
    };
}

marks! {
    Copies "copies",
    All "all",
    Telling "telling",
    Personal "personal",
    Written "written",
    Hiding "hiding",
    WeakDeeds "weak-deeds",
    UsualDeeds "usual-deeds",
    Deniers "deniers",
    Brief "brief",
    AskedFor "asked-for",
    Formal "formal",
    Harmless "harmless",
    Conditions "conditions",
    Trusted "trusted",
    HostEnds "host-ends",
    Mentioning "mentioning",
    OwnWay "own-way",
    Objecting "objecting",
    Ranking "ranking",
    Lapsing "lapsing",
    ConfiguresAgents "configures-agents",
    StartsByItself "starts-by-itself",
    Pages "pages",
    GraveDeeds "grave-deeds",
    Outsiders "outsiders",
    Insiders "insiders",
    Advice "advice",
    EndsInDenial "ends-in-denial",
    PassiveBefore "passive-before",
    Templates "templates",
    EnvTemplates "env-templates",
    Stores "stores",
    Safes "safes",
    SigningIn "signing-in",
    Refers "refers",
    Uses "uses",
    Differs "differs",
    ProgramEnds "program-ends",
    Verifies "verifies",
    DoesItsWork "does-its-work",
}

static LISTS: LazyLock<Vec<Vec<&'static str>>> = LazyLock::new(|| NAMES.iter().map(|name| list(name)).collect());

fn list(name: &str) -> Vec<&'static str> {
    let header = format!("[{name}]");
    let lines = MARKS.lines().skip_while(|line| **line != header).skip(1).take_while(|line| !line.is_empty());
    lines
        .map(|line| if line.contains('·') { Box::leak(line.replace('·', " ").into_boxed_str()) } else { line })
        .collect()
}

impl Mark {
    /// The parts of the list.
    pub(super) fn list(self) -> &'static [&'static str] {
        LISTS.get(self as usize).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_has_parts_in_lower_case() {
        for name in NAMES {
            assert!(!list(name).is_empty(), "{name}");
            assert!(list(name).iter().all(|part| part.to_lowercase() == *part), "{name}");
        }
        assert_eq!(MARKS.lines().filter(|line| line.starts_with('[')).count(), NAMES.len());
    }
}
