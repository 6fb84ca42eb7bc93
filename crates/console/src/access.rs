//! Who may do what: roles of people, scopes of tokens, and what a route needs.

use serde::{Deserialize, Serialize};

/// What a person is here. The table of [`Role::has`] is what every route is tested against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Reads.
    Viewer,
    /// Answers for services: decides about what belongs to them.
    Owner,
    /// Works on findings: comments, assigns, proposes decisions, keeps the register.
    Analyst,
    /// Says yes or no to what others propose.
    Approver,
    /// Manages people, tokens and settings.
    Administrator,
}

/// What can be allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Right {
    /// See pages, lists, reports.
    Read,
    /// Take lists away as files.
    Export,
    /// Take part in the discussion of a finding.
    Comment,
    /// Mark, assign, propose acceptance or mitigation (an owner: of own services only).
    Decide,
    /// Approve or refuse what was proposed, and decide at once.
    Approve,
    /// Edit the register of assets (an owner: of own services only).
    EditAssets,
    /// Import people, and change roles and accounts.
    ManagePeople,
    /// Make and revoke tokens.
    ManageTokens,
    /// Store snapshots.
    PushSnapshots,
}

impl Right {
    /// All of them.
    pub const ALL: [Right; 9] = [
        Right::Read,
        Right::Export,
        Right::Comment,
        Right::Decide,
        Right::Approve,
        Right::EditAssets,
        Right::ManagePeople,
        Right::ManageTokens,
        Right::PushSnapshots,
    ];
}

impl Role {
    /// All of them, the weakest first.
    pub const ALL: [Role; 5] = [Role::Viewer, Role::Owner, Role::Analyst, Role::Approver, Role::Administrator];

    /// Whether the role has the right.
    pub fn has(self, right: Right) -> bool {
        match right {
            Right::Read | Right::Export => true,
            Right::Comment | Right::Decide | Right::EditAssets => self >= Role::Owner,
            Right::Approve => self >= Role::Approver,
            Right::ManagePeople | Right::ManageTokens => self == Role::Administrator,
            Right::PushSnapshots => false,
        }
    }

    /// Its word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Viewer => "viewer",
            Role::Owner => "owner",
            Role::Analyst => "analyst",
            Role::Approver => "approver",
            Role::Administrator => "administrator",
        }
    }

    /// The role of that word.
    pub fn parse(word: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.as_str() == word)
    }
}

/// What a token may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Push snapshots of its own assets, and nothing else.
    Sensor,
    /// Read everything.
    Reader,
    /// Read, decide, edit the register.
    Operator,
}

impl Scope {
    /// All of them.
    pub const ALL: [Scope; 3] = [Scope::Sensor, Scope::Reader, Scope::Operator];

    /// Whether a token of the scope has the right. No token approves, nor manages people or tokens.
    pub fn has(self, right: Right) -> bool {
        match right {
            Right::PushSnapshots => self == Scope::Sensor,
            Right::Read | Right::Export => self != Scope::Sensor,
            Right::Comment | Right::Decide | Right::EditAssets => self == Scope::Operator,
            Right::Approve | Right::ManagePeople | Right::ManageTokens => false,
        }
    }

    /// Its word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Scope::Sensor => "sensor",
            Scope::Reader => "reader",
            Scope::Operator => "operator",
        }
    }

    /// The scope of that word.
    pub fn parse(word: &str) -> Option<Scope> {
        Scope::ALL.into_iter().find(|scope| scope.as_str() == word)
    }
}

/// What a route needs of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Need {
    /// Nothing: sign-in pages, styles, health.
    Nothing,
    /// A person who has shown the password and not yet the second factor, or one who is signed in.
    FirstFactor,
    /// A person who is signed in, whatever the role: the own account.
    Person,
    /// A person or token with this right.
    Right(Right),
}
