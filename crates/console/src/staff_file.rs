//! Lists of people, as other systems give them: CSV, or a SCIM 2.0 list (RFC 7644, section 3.4.2).
//!
//! A list is taken whole or not at all: half a list would make owners of the other half look as if they had left.

use std::collections::BTreeMap;

use serde::Deserialize;
use yata_model::Message;
use yata_store::{MAX_STAFF, MAX_STAFF_CHARS, StaffMember};

/// Most bytes of a list.
pub(crate) const MAX_LIST_BYTES: usize = 32 * 1024 * 1024;

/// Most cells of one row.
const MAX_CELLS: usize = 100;

/// Most problems that are kept.
const MAX_PROBLEMS: usize = 50;

/// What is wrong with a list, each with its line (of CSV) or entry (of SCIM), the first from 1; 0 for the whole.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Problems {
    /// The first of them.
    pub(crate) first: Vec<(usize, Message)>,
    /// How many there are.
    pub(crate) all: usize,
}

#[derive(Debug, Default)]
struct Reading {
    people: Vec<StaffMember>,
    /// Where each id was met first.
    lines: BTreeMap<String, usize>,
    problems: Vec<(usize, Message)>,
    all: usize,
}

impl Reading {
    fn problem(&mut self, line: usize, message: Message) {
        self.all += 1;
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push((line, message));
        }
    }

    fn add(&mut self, line: usize, one: StaffMember) {
        if one.id.is_empty() || one.name.is_empty() {
            return self.problem(line, Message::new("assets-staff-no-id"));
        }
        if let Some(before) = self.lines.get(&one.id) {
            let message = Message::new("assets-staff-twice").with("id", one.id.as_str()).with("line", *before);
            return self.problem(line, message);
        }
        for text in [&one.id, &one.name, &one.email, &one.team] {
            if text.chars().count() > MAX_STAFF_CHARS {
                return self.problem(line, Message::new("assets-staff-long").with("limit", MAX_STAFF_CHARS));
            }
            if text.chars().any(char::is_control) {
                return self.problem(line, Message::new("assets-staff-control"));
            }
        }
        self.lines.insert(one.id.clone(), line);
        self.people.push(one);
    }

    fn end(mut self) -> Result<Vec<StaffMember>, Problems> {
        if self.all == 0 && self.people.is_empty() {
            self.problem(0, Message::new("assets-staff-empty"));
        }
        if self.all == 0 { Ok(self.people) } else { Err(Problems { first: self.problems, all: self.all }) }
    }
}

fn only(message: Message) -> Problems {
    Problems { first: vec![(0, message)], all: 1 }
}

/// Reads a list.
///
/// # Errors
/// Everything that is wrong with it.
pub(crate) fn parse(bytes: &[u8]) -> Result<Vec<StaffMember>, Problems> {
    let Ok(text) = std::str::from_utf8(bytes) else { return Err(only(Message::new("assets-staff-not-utf8"))) };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim_start().starts_with(['{', '[']) { scim(text) } else { csv(text) }
}

/// A column of the CSV.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Id,
    Name,
    Email,
    Team,
    Active,
}

impl Column {
    fn of(head: &str) -> Option<Self> {
        match head.trim().to_lowercase().as_str() {
            "id" | "社員番号" | "社員id" => Some(Column::Id),
            "name" | "氏名" | "名前" => Some(Column::Name),
            "email" | "e-mail" | "mail" | "メール" | "メールアドレス" => Some(Column::Email),
            "team" | "department" | "所属" | "部署" => Some(Column::Team),
            "active" | "在籍" => Some(Column::Active),
            _ => None,
        }
    }
}

fn is_active(word: &str) -> Option<bool> {
    match word.trim().to_lowercase().as_str() {
        "true" | "1" | "yes" | "y" | "active" | "在籍" | "はい" => Some(true),
        "false" | "0" | "no" | "n" | "inactive" | "退職" | "いいえ" => Some(false),
        _ => None,
    }
}

fn csv(text: &str) -> Result<Vec<StaffMember>, Problems> {
    let mut reading = Reading::default();
    let mut rows = Rows { chars: text.chars(), line: 1 };
    let columns: Vec<Option<Column>> = match rows.next() {
        Some(Ok((_, cells))) => cells.iter().map(|cell| Column::of(cell)).collect(),
        Some(Err((line, message))) => return Err(Problems { first: vec![(line, message)], all: 1 }),
        None => Vec::new(),
    };
    let once = |column| columns.iter().filter(|one| **one == Some(column)).count() == 1;
    let has_columns = once(Column::Id) && once(Column::Name) && once(Column::Active);
    if !has_columns && !text.trim().is_empty() {
        return Err(Problems { first: vec![(1, Message::new("assets-staff-no-columns"))], all: 1 });
    }
    for row in rows {
        if reading.people.len() >= MAX_STAFF || reading.all >= MAX_STAFF {
            return Err(only(Message::new("assets-staff-many").with("limit", MAX_STAFF)));
        }
        let (line, cells) = match row {
            Ok(row) => row,
            Err((line, message)) => {
                reading.problem(line, message);
                continue;
            }
        };
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if cells.len() != columns.len() {
            let message = Message::new("assets-staff-cells").with("cells", cells.len()).with("columns", columns.len());
            reading.problem(line, message);
            continue;
        }
        let cell =
            |column| columns.iter().zip(&cells).find(|(one, _)| **one == Some(column)).map(|(_, cell)| cell.trim());
        let text = |column| cell(column).unwrap_or_default().to_owned();
        let Some(active) = is_active(cell(Column::Active).unwrap_or_default()) else {
            reading.problem(line, Message::new("assets-staff-active"));
            continue;
        };
        let one = StaffMember {
            id: text(Column::Id),
            name: text(Column::Name),
            email: text(Column::Email),
            team: text(Column::Team),
            active,
        };
        reading.add(line, one);
    }
    reading.end()
}

/// Rows of CSV (RFC 4180) with the line that each begins in. Lines may end in LF, CR LF or CR.
struct Rows<'a> {
    chars: std::str::Chars<'a>,
    line: usize,
}

impl Rows<'_> {
    fn peek(&self) -> Option<char> {
        self.chars.clone().next()
    }

    /// Whether a line ended with `c`; then the next one has begun.
    fn ends_line(&mut self, c: char) -> bool {
        if c == '\r' && self.peek() == Some('\n') {
            self.chars.next();
        }
        let ends = matches!(c, '\r' | '\n');
        self.line += usize::from(ends);
        ends
    }
}

impl Iterator for Rows<'_> {
    type Item = Result<(usize, Vec<String>), (usize, Message)>;

    fn next(&mut self) -> Option<Self::Item> {
        self.peek()?;
        let line = self.line;
        let (mut cells, mut cell) = (Vec::new(), String::new());
        let (mut quoted, mut opened, mut too_long) = (false, false, false);
        while let Some(c) = self.chars.next() {
            if quoted {
                if c == '"' && self.peek() == Some('"') {
                    self.chars.next();
                    cell.push('"');
                } else if c == '"' {
                    quoted = false;
                } else {
                    self.ends_line(c);
                    cell.push(c);
                }
            } else if c == '"' && cell.is_empty() && !opened {
                (quoted, opened) = (true, true);
            } else if c == ',' {
                cells.push(std::mem::take(&mut cell));
                opened = false;
            } else if self.ends_line(c) {
                break;
            } else {
                cell.push(c);
            }
            // What cannot be kept is not collected either.
            if cell.len() > 8 * MAX_STAFF_CHARS || cells.len() > MAX_CELLS {
                too_long = true;
                cell.clear();
                cells.truncate(MAX_CELLS);
            }
        }
        if quoted {
            return Some(Err((line, Message::new("assets-staff-quote"))));
        }
        if too_long {
            return Some(Err((line, Message::new("assets-staff-long").with("limit", MAX_STAFF_CHARS))));
        }
        cells.push(cell);
        Some(Ok((line, cells)))
    }
}

/// A list of SCIM (RFC 7644, section 3.4.2).
#[derive(Deserialize)]
struct ListResponse {
    #[serde(default)]
    schemas: Vec<String>,
    #[serde(rename = "totalResults")]
    total: Option<usize>,
    #[serde(default, rename = "Resources")]
    resources: Vec<User>,
}

/// A user of SCIM (RFC 7643, section 4.1).
#[derive(Deserialize)]
struct User {
    id: Option<String>,
    #[serde(rename = "userName")]
    user_name: Option<String>,
    #[serde(rename = "displayName")]
    display_name: Option<String>,
    name: Option<FullName>,
    #[serde(default)]
    emails: Vec<Email>,
    active: Option<bool>,
    #[serde(rename = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User")]
    enterprise: Option<Enterprise>,
}

#[derive(Deserialize)]
struct FullName {
    formatted: Option<String>,
}

#[derive(Deserialize)]
struct Email {
    value: Option<String>,
    #[serde(default)]
    primary: bool,
}

#[derive(Deserialize)]
struct Enterprise {
    department: Option<String>,
}

const LIST_SCHEMA: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

fn scim(text: &str) -> Result<Vec<StaffMember>, Problems> {
    let list: ListResponse = match serde_json::from_str(text) {
        Ok(list) => list,
        Err(error) => {
            let message = Message::new("assets-staff-json").with("error", error.to_string());
            return Err(Problems { first: vec![(error.line(), message)], all: 1 });
        }
    };
    if !list.schemas.iter().any(|schema| schema == LIST_SCHEMA) {
        return Err(only(Message::new("assets-staff-no-list")));
    }
    let given = list.resources.len();
    if given > MAX_STAFF {
        return Err(only(Message::new("assets-staff-many").with("limit", MAX_STAFF)));
    }
    if let Some(total) = list.total.filter(|total| *total != given) {
        return Err(only(Message::new("assets-staff-part").with("given", given).with("total", total)));
    }
    let mut reading = Reading::default();
    for (user, entry) in list.resources.into_iter().zip(1..) {
        let Some(active) = user.active else {
            reading.problem(entry, Message::new("assets-staff-active"));
            continue;
        };
        let email = user.emails.iter().find(|email| email.primary).or(user.emails.first());
        let full = user.name.and_then(|name| name.formatted);
        let text = |text: Option<String>| text.unwrap_or_default().trim().to_owned();
        let one = StaffMember {
            id: text(user.id.or_else(|| user.user_name.clone())),
            name: text(user.display_name.or(full).or(user.user_name)),
            email: text(email.and_then(|email| email.value.clone())),
            team: text(user.enterprise.and_then(|enterprise| enterprise.department)),
            active,
        };
        reading.add(entry, one);
    }
    reading.end()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(id: &str, name: &str, email: &str, team: &str, active: bool) -> StaffMember {
        StaffMember { id: id.to_owned(), name: name.to_owned(), email: email.to_owned(), team: team.to_owned(), active }
    }

    #[track_caller]
    fn fails(text: &[u8], line: usize, id: &str) {
        let problems = parse(text).expect_err("a problem");
        assert!(problems.first.iter().any(|(at, message)| *at == line && message.id == id), "{problems:?}");
    }

    #[test]
    fn csv_with_quotes_marks_and_all_line_ends() {
        let text = "\u{feff}id,name,email,team,active\r\n1,\"Sato, \"\"Ken\"\"\",k@example.jp,決済,true\r\n\r\n2,\"田中\",,,退職\n";
        let people = parse(text.as_bytes()).expect("people");
        let expected = [member("1", "Sato, \"Ken\"", "k@example.jp", "決済", true), member("2", "田中", "", "", false)];
        assert_eq!(people, expected);
        let japanese = "社員番号,氏名,在籍\r7,山田,1";
        assert_eq!(parse(japanese.as_bytes()).expect("people"), [member("7", "山田", "", "", true)]);
    }

    #[test]
    fn each_problem_names_its_line() {
        fails(b"", 0, "assets-staff-empty");
        fails(b"id,name,active\n", 0, "assets-staff-empty");
        fails(b"name,email\na,b\n", 1, "assets-staff-no-columns");
        fails(b"id,id,name,active\n1,2,a,1\n", 1, "assets-staff-no-columns");
        fails(b"id,name,active\n1,a,1\n1,b,1\n", 3, "assets-staff-twice");
        fails(b"id,name,active\n1,a,1\n2,b\n", 3, "assets-staff-cells");
        fails(b"id,name,active\n1,a,perhaps\n", 2, "assets-staff-active");
        fails(b"id,name,active\n,a,1\n", 2, "assets-staff-no-id");
        fails(b"id,name,active\n1,\"a,1\n", 2, "assets-staff-quote");
        fails(b"id,name,active\n1,a\0b,1\n", 2, "assets-staff-control");
        // 佐藤 in Shift_JIS.
        fails(b"id,name,active\n1,\x8d\xb2\x93\xa1,1\n", 0, "assets-staff-not-utf8");
        let long = format!("id,name,active\n1,{},1\n2,b,1\n", "x".repeat(1_000_000));
        fails(long.as_bytes(), 2, "assets-staff-long");
        let many = format!("id,name,active\n{}", "1,a,x\n".repeat(1_000));
        let problems = parse(many.as_bytes()).expect_err("problems");
        assert_eq!((problems.first.len(), problems.all), (MAX_PROBLEMS, 1_000));
    }

    #[test]
    fn scim_lists_are_read_whole_or_not_at_all() {
        let text = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":2,"Resources":[
            {"id":"u1","userName":"sato","displayName":"佐藤","active":true,
             "emails":[{"value":"x@example.jp"},{"value":"sato@example.jp","primary":true}],
             "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"決済"}},
            {"userName":"tanaka","name":{"formatted":"Tanaka"},"active":false}]}"#;
        let people = parse(text.as_bytes()).expect("people");
        assert_eq!(
            people,
            [member("u1", "佐藤", "sato@example.jp", "決済", true), member("tanaka", "Tanaka", "", "", false)]
        );
        fails(text.replace(":2,", ":3,").as_bytes(), 0, "assets-staff-part");
        fails(text.replace("\"active\":false", "\"x\":1").as_bytes(), 2, "assets-staff-active");
        fails(b"{}", 0, "assets-staff-no-list");
        fails(b"{\n  \"schemas\": x", 2, "assets-staff-json");
        fails("[".repeat(100_000).as_bytes(), 1, "assets-staff-json");
    }
}
