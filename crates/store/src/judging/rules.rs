//! What findings are judged by: the organisation's rules and services.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use yata_ledger::Hash;
use yata_model::{BusinessService, Deadlines, Organisation};
use yata_ruler::{Table, Tables};

use crate::Store;
use crate::engine::{Conn, query};
use crate::error::{Fault, StoreError};
use crate::locks::lock_all_assets;
use crate::sql::{check_key, json, micros};
use crate::store::write;
use crate::trail::{Act, Actor, note};

/// The most bytes of [`Rules`] as JSON.
pub const MAX_RULES_BYTES: usize = 16 * 1024 * 1024;

/// Most services of [`Rules`], and most that are listed.
pub const MAX_SERVICES: usize = 10_000;

/// The key of the setting.
const KEY: &str = "rules";

/// A decision table of the organisation's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableText {
    /// Its name in errors and lists.
    pub file: String,
    /// The table: SSVC JSON, schema version 2.0.0.
    pub json: String,
}

/// What findings are judged by.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Rules {
    /// Whose rules they are.
    pub organisation: Organisation,
    /// Days to act.
    pub deadlines: Deadlines,
    /// Decision tables beside the two of the standards.
    pub tables: Vec<TableText>,
    /// The services.
    pub services: Vec<BusinessService>,
}

impl Rules {
    /// The tables of the standards with those of the organisation.
    pub(crate) fn compile(&self) -> Result<Tables, yata_ruler::TableError> {
        let mut tables = Tables::standard();
        for text in &self.tables {
            tables.add(&text.file, Table::from_ssvc_json(&text.file, text.json.as_bytes())?)?;
        }
        Ok(tables)
    }
}

impl Store {
    /// Sets the rules that findings are judged by. Its services replace those of the same ids. Everything is judged
    /// again by and by: see [`Store::tick`].
    ///
    /// # Errors
    /// [`StoreError::BadRules`], [`StoreError::TooMany`], or a failure of the database.
    pub async fn set_rules(&self, rules: &Rules, now: Timestamp) -> Result<(), StoreError> {
        if rules.services.len() > MAX_SERVICES {
            return Err(StoreError::TooMany { what: "services", given: rules.services.len(), limit: MAX_SERVICES });
        }
        rules.services.iter().try_for_each(check_service)?;
        rules.compile().map_err(|error| StoreError::BadRules { what: error.to_string() })?;
        let body = serde_json::to_string(rules)?;
        if body.len() > MAX_RULES_BYTES {
            return Err(StoreError::TooMany { what: "bytes of rules", given: body.len(), limit: MAX_RULES_BYTES });
        }
        let doing = "storing the rules";
        write!(self, doing, |conn| store_rules(conn, rules, &body, now))
    }

    /// The rules, with the services as they are now; the default ones where none were set.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn rules(&self) -> Result<Rules, StoreError> {
        let doing = "reading the rules";
        self.read_together(doing, async |conn| {
            let (rules, _) = read_rules(conn).await?;
            Ok(Rules { services: read_services(conn).await?, ..rules })
        })
        .await
    }

    /// All services, by id; at most [`MAX_SERVICES`].
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn services(&self) -> Result<Vec<BusinessService>, StoreError> {
        self.read("reading the services", async |conn| read_services(conn).await).await
    }

    /// Adds or changes a service; its assets are judged again by and by: see [`Store::tick`].
    ///
    /// # Errors
    /// [`StoreError::BadRules`] for an id that is too long, or a failure of the database.
    pub async fn set_service(&self, service: &BusinessService, now: Timestamp) -> Result<(), StoreError> {
        check_service(service)?;
        let doing = "storing a service";
        write!(self, doing, |conn| set_services(conn, std::slice::from_ref(service), now))
    }
}

fn check_service(service: &BusinessService) -> Result<(), StoreError> {
    check_key("the id of a service", &service.id).map_err(|what| StoreError::BadRules { what })
}

async fn store_rules(conn: &mut Conn, rules: &Rules, body: &str, now: Timestamp) -> Result<(), Fault> {
    let (_, revision) = read_rules(conn).await?;
    query(
        "INSERT INTO setting (key, body, updated_at) VALUES ($1, $2, $3) \
         ON CONFLICT (key) DO UPDATE SET body = excluded.body, updated_at = excluded.updated_at",
    )
    .bind(KEY)
    .bind(body)
    // A clock that went back must not make new rules look old.
    .bind(micros(now).max(revision + 1))
    .execute(conn)
    .await?;
    set_services(conn, &rules.services, now).await?;
    let digest = Hash::of(body.as_bytes()).to_string();
    let act = Act::new("rules.changed", &Actor::system()).on("setting", KEY, "").fact("digest", digest);
    note(conn, &act.fact("services", rules.services.len().to_string()), now).await
}

async fn set_services(conn: &mut Conn, services: &[BusinessService], now: Timestamp) -> Result<(), Fault> {
    if !services.is_empty() {
        // Whoever judges now has read a service as it was, and would say last that its assets are up to date.
        lock_all_assets(conn).await?;
    }
    for service in services {
        store_service(conn, service, now).await?;
    }
    Ok(())
}

async fn store_service(conn: &mut Conn, service: &BusinessService, now: Timestamp) -> Result<(), Fault> {
    query(
        "INSERT INTO service (id, body, updated_at) VALUES ($1, $2, $3) \
         ON CONFLICT (id) DO UPDATE SET body = excluded.body, updated_at = excluded.updated_at",
    )
    .bind(&service.id)
    .bind(serde_json::to_string(service)?)
    .bind(micros(now))
    .execute(conn)
    .await?;
    query("UPDATE asset SET judged_by = -1 WHERE service = $1").bind(&service.id).execute(conn).await?;
    Ok(())
}

/// The rules without their services, and their revision: 0 where none were set.
pub(crate) async fn read_rules(conn: &mut Conn) -> Result<(Rules, i64), Fault> {
    let row = query("SELECT body, updated_at FROM setting WHERE key = $1").bind(KEY).fetch_optional(conn).await?;
    let Some(row) = row else { return Ok((Rules::default(), 0)) };
    let rules: Rules = json("the rules", row.get("body")?)?;
    Ok((Rules { services: Vec::new(), ..rules }, row.get("updated_at")?))
}

async fn read_services(conn: &mut Conn) -> Result<Vec<BusinessService>, Fault> {
    let limit = i64::try_from(MAX_SERVICES).unwrap_or(i64::MAX);
    let bodies: Vec<String> = query("SELECT body FROM service ORDER BY id LIMIT $1").bind(limit).scalars(conn).await?;
    bodies.iter().map(|body| json("a service", body)).collect()
}

/// One service.
pub(crate) async fn read_service(conn: &mut Conn, id: &str) -> Result<Option<BusinessService>, Fault> {
    let body: Option<String> = query("SELECT body FROM service WHERE id = $1").bind(id).scalar(conn).await?;
    body.as_deref().map(|body| json("a service", body)).transpose()
}

/// Notes services that nobody knew, and has their assets judged again by and by; a known one stays as it is.
pub(crate) async fn add_services(conn: &mut Conn, services: &[BusinessService], now: i64) -> Result<(), Fault> {
    let mut services: Vec<&BusinessService> = services.iter().collect();
    // In one order, so that two writers do not wait for each other in a circle.
    services.sort_by(|a, b| a.id.cmp(&b.id));
    for service in services {
        let text = "INSERT INTO service (id, body, updated_at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING";
        let body = serde_json::to_string(service)?;
        let added = query(text).bind(&service.id).bind(body).bind(now).execute(conn).await?;
        if added > 0 {
            query("UPDATE asset SET judged_by = -1 WHERE service = $1").bind(&service.id).execute(conn).await?;
        }
    }
    Ok(())
}
