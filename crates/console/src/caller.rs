//! Who asks, in which language.

use axum::extract::FromRequestParts;
use http::request::Parts;
use jiff::civil::Date;
use yata_model::Message;
use yata_store::{Actor, ActorKind};
use yata_words::Lang;

use crate::access::{Need, Right, Role, Scope};
use crate::problem::Refusal;

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// Nobody that we know.
    Nobody,
    /// A person who has shown the password, and must show the second factor.
    FirstFactor {
        /// The id of the account.
        id: String,
    },
    /// A person who is signed in.
    Person {
        /// The id of the account.
        id: String,
        /// The name, as shown and as written into decisions.
        name: String,
        /// The address of the account.
        email: String,
        /// What they may do.
        role: Role,
        /// Ids of the services that an owner answers for.
        services: Vec<String>,
    },
    /// A program.
    Token {
        /// The id of the token.
        id: String,
        /// Its name.
        name: String,
        /// What it may do.
        scope: Scope,
        /// What a sensor may speak of: asset names, or beginnings of names that end in `*`.
        assets: Vec<String>,
    },
}

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the reader's system has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// Its word in the cookie and on the page; empty for the system's.
    pub fn as_str(self) -> &'static str {
        match self {
            Theme::System => "",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// The theme of that word; the system's for any other word.
    pub fn parse(word: &str) -> Self {
        [Theme::Light, Theme::Dark].into_iter().find(|theme| theme.as_str() == word).unwrap_or_default()
    }
}

/// How pages look for this request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct View {
    /// Light or dark, as chosen.
    pub theme: Theme,
    /// The day that is judged as of, where it is not today: every page says so.
    pub as_of: Option<Date>,
}

/// The caller of a request, with what every page needs to know of the request. Every handler can take one.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who it is.
    pub who: Who,
    /// The language to answer in.
    pub lang: Lang,
    /// What a form of this session must carry back; empty without a session.
    pub csrf: String,
    /// The hash of the session's token, by which it is ended; empty without a session.
    pub session: String,
    /// Path and query of the request.
    pub path: String,
    /// The address that the request came from, where the server tells it.
    pub address: Option<String>,
    /// How pages look; the guard around all routes says it.
    pub view: View,
}

impl Caller {
    /// Nobody, in a language.
    pub fn nobody(lang: Lang) -> Self {
        let nothing = String::new;
        Caller {
            who: Who::Nobody,
            lang,
            csrf: nothing(),
            session: nothing(),
            path: nothing(),
            address: None,
            view: View::default(),
        }
    }

    /// Whether the caller meets the need.
    pub fn meets(&self, need: Need) -> bool {
        match (need, &self.who) {
            (Need::Nothing, _)
            | (Need::FirstFactor, Who::FirstFactor { .. } | Who::Person { .. })
            | (Need::Person, Who::Person { .. }) => true,
            (Need::Right(right), _) => self.may(right),
            _ => false,
        }
    }

    /// Whether the caller has the right, on anything at all.
    pub fn may(&self, right: Right) -> bool {
        match &self.who {
            Who::Person { role, .. } => role.has(right),
            Who::Token { scope, .. } => scope.has(right),
            Who::Nobody | Who::FirstFactor { .. } => false,
        }
    }

    /// Whether the caller has the right on what belongs to that service: an owner decides about own services only.
    pub fn may_on(&self, right: Right, service: Option<&str>) -> bool {
        let changes = matches!(right, Right::Decide | Right::EditAssets);
        match &self.who {
            Who::Person { role: Role::Owner, services, .. } if changes => {
                self.may(right) && service.is_some_and(|service| services.iter().any(|own| own == service))
            }
            _ => self.may(right),
        }
    }

    /// The name that is written into decisions and the ledger.
    pub fn name(&self) -> &str {
        match &self.who {
            Who::Person { name, .. } | Who::Token { name, .. } => name,
            Who::Nobody | Who::FirstFactor { .. } => "",
        }
    }

    /// The id of the account or token.
    pub fn id(&self) -> &str {
        match &self.who {
            Who::Person { id, .. } | Who::Token { id, .. } | Who::FirstFactor { id } => id,
            Who::Nobody => "",
        }
    }

    /// Who acts, for the ledger.
    pub fn actor(&self) -> Actor {
        let kind = if matches!(self.who, Who::Token { .. }) { ActorKind::Token } else { ActorKind::Person };
        let (id, name) = (self.id().to_owned(), self.name().to_owned());
        Actor { kind, id, name, address: self.address.clone() }
    }

    /// A text of the catalogue in the caller's language.
    pub fn text(&self, id: &str) -> String {
        yata_words::text(self.lang, id)
    }

    /// A message in the caller's language.
    pub fn say(&self, message: &Message) -> String {
        yata_words::render(self.lang, message)
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        // INVARIANT: the layer around all routes puts one into every request.
        let mut caller = parts.extensions.get::<Caller>().cloned().ok_or_else(Refusal::internal)?;
        if caller.path.is_empty() {
            caller.path = parts.uri.path_and_query().map(|path| path.as_str().to_owned()).unwrap_or_default();
        }
        caller.view = parts.extensions.get::<View>().copied().unwrap_or(caller.view);
        Ok(caller)
    }
}
