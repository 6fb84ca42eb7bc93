//! One-time links: the first account, an invitation, a new way to sign in.

use jiff::SignedDuration;
use yata_store::{Act, Actor, Invitation, StoreError};

use crate::access::Role;
use crate::problem::Refusal;
use crate::secret::{NoRandom, hash, random_text};
use crate::state::Console;

/// How long the link for the first account works.
const FIRST_LINK_AGE: SignedDuration = SignedDuration::from_hours(1);

/// How long an invitation works.
pub(crate) const INVITATION_AGE: SignedDuration = SignedDuration::from_hours(72);

/// Why a link could not be made.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No random bytes.
    #[error(transparent)]
    Random(#[from] NoRandom),
}

impl From<LinkError> for Refusal {
    fn from(error: LinkError) -> Self {
        match error {
            LinkError::Store(error) => error.into(),
            LinkError::Random(error) => error.into(),
        }
    }
}

impl Console {
    /// A one-time link for the first account, an administrator's, which works for an hour; `None` if anybody has an
    /// account. The one before it works no more. Show it to whoever starts the service, and to nobody else.
    ///
    /// # Errors
    /// A failure of the database, or of the system's random numbers.
    pub async fn first_link(&self) -> Result<Option<String>, LinkError> {
        if self.store.has_people().await? {
            return Ok(None);
        }
        let by = Actor::system();
        let invitation = Invitation {
            purpose: "first".to_owned(),
            person_id: None,
            email: String::new(),
            role: Role::Administrator.as_str().to_owned(),
            services: Vec::new(),
            made_by: by.name.clone(),
            expires_at: self.now() + FIRST_LINK_AGE,
        };
        let act = Act::new("person.invited", &by).fact("role", &invitation.role).fact("purpose", "first");
        self.link(&invitation, &act).await.map(Some)
    }

    /// Stores an invitation; its link.
    pub(crate) async fn link(&self, invitation: &Invitation, act: &Act) -> Result<String, LinkError> {
        let token = random_text()?;
        self.store.invite(&hash(&token), invitation, act, self.now()).await?;
        Ok(format!("{}/join?token={token}", self.settings.public_url))
    }
}
