//! Entries from what others tell in words: an act by its name, the things it was done to, and facts.

use super::act::{Act, Class, FAILURE, INFORMATIONAL, LOW, MEDIUM, OTHER};
use super::text::{cut, name};
use super::{Api, Entry, Fact, MAX_FACTS, MAX_RESOURCES, Named, PRODUCT, Thing, User};

/// Most characters of the name of an act.
const MAX_WHAT_CHARS: usize = 60;

/// The message of an act whose name is not in the list.
const OTHER_MESSAGE: &str = "audit-other";

/// What an act is in the terms of OCSF.
struct Known {
    what: &'static str,
    class: Class,
    activity: u32,
    severity: u32,
    message: &'static str,
}

const fn known(what: &'static str, class: Class, activity: u32, severity: u32, message: &'static str) -> Known {
    Known { what, class, activity, severity, message }
}

/// The acts that have words of their own.
const KNOWN: [Known; 52] = {
    use Class::{
        AccountChange, ApiActivity, Authentication, DatastoreActivity, EntityManagement, UserAccessManagement,
    };
    [
        known("session.started", Authentication, 1, INFORMATIONAL, "audit-signed-in"),
        known("session.ended", Authentication, 2, INFORMATIONAL, "audit-signed-out"),
        known("session.all-ended", AccountChange, OTHER, INFORMATIONAL, "audit-sessions-ended"),
        known("person.created", AccountChange, 1, INFORMATIONAL, "audit-account-created"),
        known("person.changed", AccountChange, OTHER, INFORMATIONAL, "audit-account-edited"),
        known("person.enabled", AccountChange, 2, INFORMATIONAL, "audit-account-enabled"),
        known("person.disabled", AccountChange, 5, INFORMATIONAL, "audit-account-disabled"),
        known("person.deleted", AccountChange, 6, INFORMATIONAL, "audit-account-deleted"),
        known("person.role", UserAccessManagement, 1, LOW, "audit-role-changed"),
        known("person.password-changed", AccountChange, 3, INFORMATIONAL, "audit-password-changed"),
        known("password.reset", AccountChange, 4, LOW, "audit-password-reset"),
        known("person.factor-added", AccountChange, 10, INFORMATIONAL, "audit-factor-added"),
        known("person.factor-removed", AccountChange, 11, LOW, "audit-factor-removed"),
        known("token.made", EntityManagement, 1, INFORMATIONAL, "audit-token-created"),
        known("token.revoked", EntityManagement, 4, INFORMATIONAL, "audit-token-revoked"),
        known("access.refused", ApiActivity, OTHER, MEDIUM, "audit-refused"),
        known("snapshot.imported", ApiActivity, 1, INFORMATIONAL, "audit-snapshot-imported"),
        known("finding.accepted", EntityManagement, 3, INFORMATIONAL, "audit-accepted"),
        known("finding.mitigated", EntityManagement, 3, INFORMATIONAL, "audit-mitigated"),
        known("finding.false-positive", EntityManagement, 3, INFORMATIONAL, "audit-false-positive"),
        known("finding.reopened", EntityManagement, 3, INFORMATIONAL, "audit-reopened"),
        known("finding.assigned", EntityManagement, 3, INFORMATIONAL, "audit-assigned"),
        known("asset.edited", EntityManagement, 3, INFORMATIONAL, "audit-asset-edited"),
        known("finding.commented", EntityManagement, 1, INFORMATIONAL, "audit-comment-added"),
        known("queue.exported", DatastoreActivity, 1, INFORMATIONAL, "audit-exported"),
        known("setting.changed", EntityManagement, 3, LOW, "audit-setting-changed"),
        known("rules.changed", EntityManagement, 3, LOW, "audit-rules-changed"),
        known("people.imported", EntityManagement, 3, LOW, "audit-people-imported"),
        known("intel.imported", ApiActivity, 1, INFORMATIONAL, "audit-intel-imported"),
        known("key.rotated", EntityManagement, 3, MEDIUM, "audit-key-rotated"),
        known("backup.made", DatastoreActivity, 1, INFORMATIONAL, "audit-backed-up"),
        known("backup.restored", DatastoreActivity, 5, MEDIUM, "audit-restored"),
        known("schema.upgraded", DatastoreActivity, 2, INFORMATIONAL, "audit-schema-upgraded"),
        known("session.password-shown", Authentication, OTHER, INFORMATIONAL, "audit-password-shown"),
        known("person.invited", AccountChange, OTHER, LOW, "audit-invited"),
        known("person.joined", AccountChange, 1, INFORMATIONAL, "audit-account-created"),
        known("person.invitation-revoked", AccountChange, OTHER, INFORMATIONAL, "audit-invitation-revoked"),
        known("person.connected", AccountChange, OTHER, LOW, "audit-sso-connected"),
        known("person.disconnected", AccountChange, OTHER, LOW, "audit-sso-disconnected"),
        known("report.made", DatastoreActivity, 1, INFORMATIONAL, "audit-report-made"),
        known("export.made", DatastoreActivity, 1, INFORMATIONAL, "audit-exported"),
        known("person.recovery-codes-made", AccountChange, OTHER, LOW, "audit-recovery-codes-made"),
        known("finding.proposed", EntityManagement, 3, INFORMATIONAL, "audit-proposed"),
        known("vex.imported", ApiActivity, 1, INFORMATIONAL, "audit-vex-imported"),
        known("service.started", ApiActivity, OTHER, INFORMATIONAL, "audit-service-started"),
        known("hook.allowed", ApiActivity, OTHER, INFORMATIONAL, "audit-hook-allowed"),
        known("hook.asked", ApiActivity, OTHER, LOW, "audit-hook-asked"),
        known("hook.denied", ApiActivity, OTHER, MEDIUM, "audit-hook-denied"),
        known("hook.failed", ApiActivity, OTHER, MEDIUM, "audit-hook-failed"),
        known("hook.started", ApiActivity, OTHER, INFORMATIONAL, "audit-hook-started"),
        known("hook.log-mended", ApiActivity, OTHER, MEDIUM, "audit-hook-log-mended"),
        known("hook.log-cut", ApiActivity, OTHER, MEDIUM, "audit-hook-log-cut"),
    ]
};

impl Act {
    /// An act that another part of the program tells by its name, for example `finding.accepted`: whether it was done or
    /// refused, to what (the thing it is about first), and further facts by name. A name without words of its own is
    /// kept as it is.
    #[must_use]
    pub fn told(&self, what: &str, done: bool, on: &[Thing], facts: &[(&str, &str)]) -> Entry {
        let what = cut(what, MAX_WHAT_CHARS);
        let known = KNOWN.iter().find(|known| known.what == what);
        let (class, activity, severity) = known.map_or((Class::EntityManagement, OTHER, INFORMATIONAL), |known| {
            (known.class, known.activity, known.severity)
        });
        let message = match known {
            Some(Known { what: "session.started", .. }) if !done => "audit-sign-in-failed",
            Some(known) => known.message,
            None => OTHER_MESSAGE,
        };
        let mut entry = self.entry(class, activity, message);
        entry.severity_id = if done { severity } else { severity.max(LOW) };
        if !done {
            entry.status_id = FAILURE;
        }
        entry.place(class, &what, on);
        entry.activity_name = Some(what);
        let fact = |(of, value): &(&str, &str)| Fact { name: cut(of, MAX_WHAT_CHARS), value: name(value) };
        entry.unmapped.facts = facts.iter().take(MAX_FACTS).map(fact).collect();
        entry
    }
}

impl Entry {
    /// Puts the first thing where the class wants what it is about, and the others beside it.
    fn place(&mut self, class: Class, what: &str, on: &[Thing]) {
        let (first, rest) = on.split_first().map_or((None, on), |(first, rest)| (Some(first), rest));
        let account = |thing: &Thing| User {
            name: thing.name.clone(),
            uid: thing.uid.clone(),
            kind: "User".to_owned(),
            type_id: 1,
        };
        let mut beside = rest;
        match class {
            Class::Authentication | Class::AccountChange | Class::UserAccessManagement => {
                self.user = Some(first.map_or_else(|| self.actor.user.clone(), account));
                if matches!(class, Class::Authentication) {
                    self.service = Some(Named { name: PRODUCT.to_owned() });
                }
            }
            Class::EntityManagement => {
                self.entity = Some(first.map_or_else(|| Thing::new(what, "", ""), Thing::clone).resource());
            }
            Class::ApiActivity => {
                self.api = Some(Api { operation: what.to_owned() });
                beside = on;
            }
            Class::DatastoreActivity => {
                self.database = Some(Named { name: PRODUCT.to_owned() });
                beside = on;
            }
        }
        self.resources = beside.iter().take(MAX_RESOURCES).map(Thing::resource).collect();
    }
}
