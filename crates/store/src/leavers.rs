//! Who left must not come in any more: what an import of people says of those who have an account here.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::engine::{Conn, built_query, query};
use crate::error::Fault;
use crate::invitations::end_links_of;
use crate::people::is_last_administrator;
use crate::sql::{VALUES_PER_LIST, placeholders};
use crate::staff::StaffMember;
use crate::tokens::end_tokens_of;
use crate::trail::{Act, Actor, note};

/// What became of the accounts of those who left.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Blocked {
    /// Accounts that may not sign in any more.
    pub(crate) accounts: u64,
    /// Tokens that they made and that work no more.
    pub(crate) tokens: u64,
    /// Accounts that stay: the last administrator.
    pub(crate) kept: u64,
}

/// Who imported what, and when.
pub(crate) struct Import<'a> {
    pub(crate) source: &'a str,
    pub(crate) by: &'a Actor,
    pub(crate) now: Timestamp,
}

/// Blocks the accounts of those who left, by their addresses: they sign in no more, their sessions and open links end,
/// and so do the tokens that they made and saw, also of accounts that are blocked already. Whoever still works here by
/// any list is not touched.
pub(crate) async fn block_leavers(
    conn: &mut Conn,
    people: &[StaffMember],
    import: &Import<'_>,
) -> Result<Blocked, Fault> {
    let addresses = |active: bool| -> BTreeSet<String> {
        let those = people.iter().filter(|one| one.active == active);
        those.map(StaffMember::address).filter(|email| !email.is_empty()).collect()
    };
    let here = addresses(true);
    let left: Vec<String> = addresses(false).into_iter().filter(|email| !here.contains(email)).collect();
    let mut blocked = Blocked::default();
    for chunk in left.chunks(VALUES_PER_LIST) {
        // First the links: whoever joins by one just now is waited for, and has an account afterwards.
        end_invitations(conn, chunk, import).await?;
        let list = placeholders(1, chunk.len());
        let text = format!("SELECT id, name, email, active FROM person WHERE email IN ({list}) ORDER BY id");
        for row in built_query(text).bind_all(chunk.iter().map(String::as_str)).fetch_all(conn).await? {
            let (id, name, email): (String, String, String) = (row.get("id")?, row.get("name")?, row.get("email")?);
            if works_elsewhere(conn, &email).await? {
                continue;
            }
            if is_last_administrator(conn, &id).await? {
                blocked.kept += 1;
                continue;
            }
            if row.get::<i64>("active")? != 0 {
                block(conn, &id, &name, import).await?;
                blocked.accounts += 1;
            }
            let act = Act::new("token.revoked", import.by).on("person", &id, name).fact("source", import.source);
            blocked.tokens += end_tokens_of(conn, &id, &act, import.now).await?;
        }
    }
    Ok(blocked)
}

/// Ends the open links by which those who left could make an account.
async fn end_invitations(conn: &mut Conn, addresses: &[String], import: &Import<'_>) -> Result<(), Fault> {
    let list = placeholders(1, addresses.len());
    let text = format!(
        "SELECT token_hash, email, role FROM invitation \
         WHERE used_at IS NULL AND purpose = 'join' AND email IN ({list}) ORDER BY token_hash"
    );
    for row in built_query(text).bind_all(addresses.iter().map(String::as_str)).fetch_all(conn).await? {
        let (link, email, role): (String, String, String) =
            (row.get("token_hash")?, row.get("email")?, row.get("role")?);
        if works_elsewhere(conn, &email).await? {
            continue;
        }
        let text = "DELETE FROM invitation WHERE token_hash = $1 AND used_at IS NULL";
        if query(text).bind(link).execute(conn).await? == 0 {
            // Used up meanwhile.
            continue;
        }
        let act = Act::new("person.invitation-revoked", import.by).on("person", "", email);
        note(conn, &act.fact("role", role).fact("source", import.source), import.now).await?;
    }
    Ok(())
}

/// Whether any list says that somebody with that address works here.
async fn works_elsewhere(conn: &mut Conn, email: &str) -> Result<bool, Fault> {
    let text = "SELECT id FROM staff WHERE active = 1 AND address = $1 LIMIT 1";
    Ok(query(text).bind(email).fetch_optional(conn).await?.is_some())
}

async fn block(conn: &mut Conn, id: &str, name: &str, import: &Import<'_>) -> Result<(), Fault> {
    query("UPDATE person SET active = 0 WHERE id = $1").bind(id).execute(conn).await?;
    let sessions = query("DELETE FROM session WHERE person_id = $1").bind(id).execute(conn).await?;
    end_links_of(conn, id).await?;
    let act = Act::new("person.disabled", import.by).on("person", id, name);
    let act = act.fact("active", "no").fact("sessions", sessions.to_string()).fact("source", import.source);
    note(conn, &act, import.now).await
}
