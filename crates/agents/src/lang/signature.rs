//! What the language knows by name: kinds of subjects with their fields, functions, lists. Also compiled into `build.rs`.

/// The type of a value, as far as it is known before a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    /// Any of them, or absent: what a settings file holds.
    Any,
    /// True or false.
    Bool,
    /// A number.
    Number,
    /// A text.
    Text,
    /// A list.
    List,
}

/// A kind of subject with the roots that a condition on it may use, besides [`COMMON`].
pub(crate) const SUBJECTS: &[(&str, &[(&str, Type)])] = &[
    ("settings", &[("here", Type::Any), ("effective", Type::Any), ("managed", Type::Any)]),
    ("effective", &[("here", Type::Any), ("effective", Type::Any), ("managed", Type::Any)]),
    ("managed", &[("here", Type::Any)]),
    (
        "server",
        &[
            ("here", Type::Any),
            ("name", Type::Text),
            ("command", Type::Any),
            ("args", Type::Any),
            ("env", Type::Any),
            ("url", Type::Any),
            ("headers", Type::Any),
            ("remote", Type::Bool),
            ("program", Type::Text),
            ("line", Type::Text),
            ("package", Type::Any),
            ("managed", Type::Any),
        ],
    ),
    (
        "rule",
        &[
            ("here", Type::Any),
            ("text", Type::Text),
            ("list", Type::Text),
            ("tool", Type::Text),
            ("spec", Type::Any),
            ("program", Type::Text),
            ("words", Type::List),
            ("prefix", Type::List),
            ("open", Type::Bool),
            ("effective", Type::Any),
            ("managed", Type::Any),
        ],
    ),
    (
        "hook",
        &[
            ("here", Type::Any),
            ("group", Type::Any),
            ("file", Type::Any),
            ("event", Type::Text),
            ("matcher", Type::Any),
            ("type", Type::Text),
            ("command", Type::Any),
            ("args", Type::Any),
            ("url", Type::Any),
            ("line", Type::Text),
            ("program", Type::Text),
            ("guard", Type::Bool),
            ("script", Type::Any),
            ("effective", Type::Any),
            ("managed", Type::Any),
        ],
    ),
    (
        "document",
        &[
            ("front", Type::Any),
            ("body", Type::Text),
            ("name", Type::Text),
            ("folder", Type::Text),
            ("dynamic", Type::List),
        ],
    ),
    ("lines", &[("here", Type::List)]),
    (
        "file",
        &[
            ("name", Type::Text),
            ("folder", Type::Text),
            ("owner", Type::Any),
            ("mode", Type::Any),
            ("link", Type::Any),
            ("link_outside", Type::Bool),
            ("unreadable", Type::Bool),
            ("writable_by_others", Type::Bool),
            ("folder_writable", Type::Bool),
            ("tracked", Type::Any),
            ("ignored", Type::Any),
            ("executable", Type::Bool),
        ],
    ),
    ("problem", &[("kind", Type::Text), ("format", Type::Text)]),
    ("machine", &[("servers", Type::List), ("hooks", Type::List), ("skills", Type::List), ("installed", Type::List)]),
];

/// The roots of every subject.
pub(crate) const COMMON: &[(&str, Type)] = &[
    ("agent", Type::Text),
    ("scope", Type::Text),
    ("path", Type::Text),
    ("role", Type::Text),
    ("unit", Type::Text),
    ("machine", Type::Any),
];

/// The functions: name, types of the arguments, type of the result.
pub(crate) const FUNCTIONS: &[(&str, &[Type], Type)] = &[
    ("present", &[Type::Any], Type::Bool),
    ("absent", &[Type::Any], Type::Bool),
    ("empty", &[Type::Any], Type::Bool),
    ("is_text", &[Type::Any], Type::Bool),
    ("is_list", &[Type::Any], Type::Bool),
    ("is_map", &[Type::Any], Type::Bool),
    ("count", &[Type::Any], Type::Number),
    ("number", &[Type::Any], Type::Number),
    ("text", &[Type::Any], Type::Text),
    ("keys", &[Type::Any], Type::List),
    ("values", &[Type::Any], Type::List),
    ("both", &[Type::Any, Type::Any], Type::List),
    ("first", &[Type::Any], Type::Any),
    ("last", &[Type::Any], Type::Any),
    ("nth", &[Type::Any, Type::Number], Type::Any),
    ("join", &[Type::Any, Type::Text], Type::Text),
    ("lower", &[Type::Any], Type::Text),
    ("trim", &[Type::Any], Type::Text),
    ("words", &[Type::Any], Type::List),
    ("split", &[Type::Any, Type::Text], Type::List),
    ("before", &[Type::Any, Type::Text], Type::Text),
    ("after", &[Type::Any, Type::Text], Type::Text),
    ("glob", &[Type::Any, Type::Any], Type::Bool),
    ("path_glob", &[Type::Any, Type::Any], Type::Bool),
    ("starts", &[Type::Any, Type::Any], Type::Bool),
    ("ends", &[Type::Any, Type::Any], Type::Bool),
    ("contains", &[Type::Any, Type::Any], Type::Bool),
    ("basename", &[Type::Any], Type::Text),
    ("program", &[Type::Any], Type::Text),
    ("absolute", &[Type::Any], Type::Bool),
    ("wide_path", &[Type::Any], Type::Bool),
    ("home_folder", &[Type::Any], Type::Bool),
    ("secret_path", &[Type::Any], Type::Bool),
    ("temp_path", &[Type::Any], Type::Bool),
    ("in_project", &[Type::Any], Type::Bool),
    ("under", &[Type::Any, Type::Any], Type::Bool),
    ("secret_name", &[Type::Any], Type::Bool),
    ("literal", &[Type::Any], Type::Bool),
    ("scheme", &[Type::Any], Type::Text),
    ("host", &[Type::Any], Type::Text),
    ("loopback", &[Type::Any], Type::Bool),
    ("url_secret", &[Type::Any], Type::Bool),
    ("wide_domain", &[Type::Any], Type::Bool),
    ("fetches", &[Type::Any], Type::Bool),
    ("sends", &[Type::Any], Type::Bool),
    ("runs_download", &[Type::Any], Type::Bool),
    ("commit", &[Type::Any], Type::Bool),
    ("version_before", &[Type::Any, Type::Text], Type::Bool),
    ("distance", &[Type::Any, Type::Any], Type::Number),
    ("matched", &[Type::Any, Type::Text], Type::Bool),
    ("covered", &[Type::Any, Type::Any], Type::Bool),
    ("exists", &[Type::Any], Type::Bool),
];

/// The lists.
pub(crate) const LISTS: &[&str] = &[
    "SHELLS",
    "INTERPRETERS",
    "RUNNERS",
    "NETWORK_TOOLS",
    "REMOVERS",
    "RISKY_PROGRAMS",
    "CLAUDE_TOOLS",
    "CLAUDE_EVENTS",
    "CURSOR_EVENTS",
    "COPILOT_EVENTS",
    "GEMINI_EVENTS",
    "WRITING_WORDS",
    "SENDING_WORDS",
];
