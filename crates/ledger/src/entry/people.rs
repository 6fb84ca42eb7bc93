//! Entries about people and tokens: sign-in, accounts, roles.

use super::act::{Act, Class, FAILURE, LOW, MEDIUM, OTHER};
use super::text::name;
use super::{Changed, Entry, Named, PRODUCT, Thing, User};

/// How somebody signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInMethod {
    /// Password and a code of an authenticator.
    PasswordAndCode,
    /// A passkey.
    Passkey,
    /// Single sign-on.
    SingleSignOn,
    /// A one-time link.
    Link,
    /// A token.
    Token,
}

/// Why a sign-in failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInFailure {
    /// No account has this name.
    UnknownAccount,
    /// The password, passkey, link or token is wrong.
    WrongCredential,
    /// The code is wrong, or was used already.
    WrongCode,
    /// The account is disabled.
    Disabled,
    /// Too many attempts.
    TooManyAttempts,
    /// What was shown has expired or was revoked.
    Expired,
    /// The identity is known, and has no business here.
    NotAllowed,
}

/// What became of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountChange {
    /// Name or address.
    Edited,
    /// It may sign in again.
    Enabled,
    /// It may not sign in any more.
    Disabled,
    /// It is gone.
    Deleted,
    /// A new password, by its owner.
    PasswordChanged,
    /// A new password or sign-up link, by an administrator.
    PasswordReset,
    /// An authenticator or passkey was added.
    FactorAdded,
    /// An authenticator or passkey was removed.
    FactorRemoved,
    /// Sessions were ended everywhere.
    SessionsEnded,
}

impl SignInMethod {
    fn word(self) -> &'static str {
        match self {
            SignInMethod::PasswordAndCode => "password-and-code",
            SignInMethod::Passkey => "passkey",
            SignInMethod::SingleSignOn => "single-sign-on",
            SignInMethod::Link => "link",
            SignInMethod::Token => "token",
        }
    }
}

impl SignInFailure {
    fn word(self) -> &'static str {
        match self {
            SignInFailure::UnknownAccount => "unknown-account",
            SignInFailure::WrongCredential => "wrong-credential",
            SignInFailure::WrongCode => "wrong-code",
            SignInFailure::Disabled => "disabled",
            SignInFailure::TooManyAttempts => "too-many-attempts",
            SignInFailure::Expired => "expired",
            SignInFailure::NotAllowed => "not-allowed",
        }
    }
}

impl AccountChange {
    /// The number of OCSF's class Account Change, or a word where it has none, and the message.
    fn activity(self) -> (u32, Option<&'static str>, &'static str) {
        match self {
            AccountChange::Edited => (OTHER, Some("Edit"), "audit-account-edited"),
            AccountChange::Enabled => (2, None, "audit-account-enabled"),
            AccountChange::Disabled => (5, None, "audit-account-disabled"),
            AccountChange::Deleted => (6, None, "audit-account-deleted"),
            AccountChange::PasswordChanged => (3, None, "audit-password-changed"),
            AccountChange::PasswordReset => (4, None, "audit-password-reset"),
            AccountChange::FactorAdded => (10, None, "audit-factor-added"),
            AccountChange::FactorRemoved => (11, None, "audit-factor-removed"),
            AccountChange::SessionsEnded => (OTHER, Some("End Sessions"), "audit-sessions-ended"),
        }
    }
}

fn user(account: &Thing) -> User {
    User { name: account.name.clone(), uid: account.uid.clone(), kind: "User".to_owned(), type_id: 1 }
}

impl Act {
    /// Somebody signed in.
    #[must_use]
    pub fn signed_in(&self, method: SignInMethod) -> Entry {
        let mut entry = self.authentication(1, "audit-signed-in");
        entry.auth_protocol = Some(method.word().to_owned());
        entry
    }

    /// Somebody tried to sign in. [`Who`](super::Who) has the name that was tried; its id is empty where no account
    /// has that name.
    #[must_use]
    pub fn sign_in_failed(&self, method: SignInMethod, failure: SignInFailure) -> Entry {
        let mut entry = self.authentication(1, "audit-sign-in-failed");
        entry.auth_protocol = Some(method.word().to_owned());
        entry.status_id = FAILURE;
        entry.status_detail = Some(failure.word().to_owned());
        entry.severity_id = LOW;
        entry
    }

    /// Somebody signed out, or the session ended.
    #[must_use]
    pub fn signed_out(&self) -> Entry {
        self.authentication(2, "audit-signed-out")
    }

    fn authentication(&self, activity: u32, message: &str) -> Entry {
        let mut entry = self.entry(Class::Authentication, activity, message);
        entry.user = Some(self.who().user());
        entry.service = Some(Named { name: PRODUCT.to_owned() });
        entry
    }

    /// An account was created, with a role.
    #[must_use]
    pub fn account_created(&self, account: &Thing, role: &str) -> Entry {
        let mut entry = self.entry(Class::AccountChange, 1, "audit-account-created");
        entry.user = Some(user(account));
        entry.privileges = vec![name(role)];
        entry
    }

    /// Something else became of an account.
    #[must_use]
    pub fn account_changed(&self, account: &Thing, change: AccountChange) -> Entry {
        let (activity, word, message) = change.activity();
        let mut entry = self.entry(Class::AccountChange, activity, message);
        entry.activity_name = word.map(str::to_owned);
        entry.user = Some(user(account));
        entry
    }

    /// An account has another role now.
    #[must_use]
    pub fn role_changed(&self, account: &Thing, from: &str, to: &str) -> Entry {
        let mut entry = self.entry(Class::UserAccessManagement, 1, "audit-role-changed");
        entry.severity_id = LOW;
        entry.user = Some(user(account));
        entry.privileges = vec![name(to)];
        let change = Changed { field: "role".to_owned(), from: Some(name(from)), to: Some(name(to)) };
        entry.unmapped.changes = vec![change];
        entry
    }

    /// A token was made: its id and name, what it may do, and the day on which it ends. The token itself has no place.
    #[must_use]
    pub fn token_created(&self, token: &Thing, scope: &str, until: &str) -> Entry {
        let mut entry = self.entry(Class::EntityManagement, 1, "audit-token-created");
        entry.entity = Some(token.resource());
        entry.unmapped.changes = vec![Changed { field: "scope".to_owned(), from: None, to: Some(name(scope)) }];
        entry.unmapped.until = Some(name(until));
        entry
    }

    /// A token was revoked.
    #[must_use]
    pub fn token_revoked(&self, token: &Thing) -> Entry {
        let mut entry = self.entry(Class::EntityManagement, 4, "audit-token-revoked");
        entry.entity = Some(token.resource());
        entry
    }

    /// Something was refused to somebody who is signed in.
    #[must_use]
    pub fn refused(&self, operation: &str, thing: &Thing) -> Entry {
        let mut entry = self.entry(Class::ApiActivity, 2, "audit-refused");
        entry.status_id = FAILURE;
        entry.severity_id = MEDIUM;
        entry.api = Some(super::Api { operation: name(operation) });
        entry.about(&[thing])
    }
}
