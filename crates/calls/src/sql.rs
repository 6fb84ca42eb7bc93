//! SQL as far as it destroys: a small tokeniser, no grammar.

use crate::Traits;

/// The words and marks of one statement, without comments, with texts as `'`.
fn statements(text: &str) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    let mut words: Vec<String> = Vec::new();
    let mut bodies: Vec<String> = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '-' if chars.peek() == Some(&'-') => while chars.next_if(|c| *c != '\n').is_some() {},
            '/' if chars.peek() == Some(&'*') => {
                chars.next();
                let executed = chars.peek() == Some(&'!');
                if executed {
                    chars.next();
                    while chars.next_if(char::is_ascii_digit).is_some() {}
                    continue;
                }
                let mut last = ' ';
                for c in chars.by_ref() {
                    if last == '*' && c == '/' {
                        break;
                    }
                    last = c;
                }
            }
            '\'' => {
                while let Some(c) = chars.next() {
                    if c == '\\' {
                        chars.next();
                    } else if c == '\'' && chars.next_if_eq(&'\'').is_none() {
                        break;
                    }
                }
                words.push("'".to_owned());
            }
            '$' if chars.peek().is_some_and(|c| *c == '$' || c.is_ascii_alphabetic()) => {
                let mut tag = String::from("$");
                while let Some(c) = chars.next_if(|c| *c == '$' || c.is_ascii_alphanumeric() || *c == '_') {
                    tag.push(c);
                    if c == '$' {
                        break;
                    }
                }
                if tag.ends_with('$') && tag.len() > 1 {
                    let mut body = String::new();
                    for c in chars.by_ref() {
                        body.push(c);
                        if body.ends_with(&tag) {
                            break;
                        }
                    }
                    if words.first().is_some_and(|word| word == "DO") {
                        let inner = body.strip_suffix(&tag).unwrap_or(&body).to_owned();
                        bodies.push(inner);
                    }
                    words.push("'".to_owned());
                }
            }
            ';' => all.push(std::mem::take(&mut words)),
            '"' | '`' | '[' => {
                let end = if c == '[' { ']' } else { c };
                let mut name = String::new();
                for c in chars.by_ref() {
                    if c == end {
                        break;
                    }
                    name.push(c);
                }
                words.push(format!("\"{name}"));
            }
            c if c.is_alphanumeric() || c == '_' || c == '@' || c == '#' => {
                let mut word = String::from(c);
                while let Some(c) = chars.next_if(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '$' | '@')) {
                    word.push(c);
                }
                words.push(word.to_uppercase());
            }
            c if c.is_whitespace() => {}
            '}' => {
                words.push("}".to_owned());
                // `{"$match": …}` is no SQL; a block ends a statement.
            }
            c => words.push(c.to_string()),
        }
        if words.len() > 20_000 {
            break;
        }
    }
    all.push(words);
    // The body of an anonymous block is statements too.
    for body in bodies.iter().filter(|body| !body.contains("DO $")).take(4) {
        all.extend(statements(body));
    }
    all
}

/// Names that the same text has made: dropping them loses nothing.
fn made_here(all: &[Vec<String>]) -> Vec<String> {
    all.iter()
        .filter(|words| words.first().is_some_and(|word| word == "CREATE"))
        .filter_map(|words| {
            let at = words.iter().position(|word| matches!(word.as_str(), "TABLE" | "VIEW" | "INDEX"))?;
            words.iter().skip(at + 1).find(|word| !matches!(word.as_str(), "IF" | "NOT" | "EXISTS")).cloned()
        })
        .collect()
}

/// What a text of SQL does.
pub(crate) fn traits(text: &str) -> (Traits, &'static str) {
    let all = statements(text);
    let made = made_here(&all);
    let mut traits = Traits::NONE;
    let mut why = "";
    let rolled_back = all.iter().any(|words| words.first().is_some_and(|word| word == "ROLLBACK"))
        && all.iter().any(|words| words.first().is_some_and(|word| matches!(word.as_str(), "BEGIN" | "START")));
    for words in &all {
        let (more, reason) = statement(words, &made);
        let undone = rolled_back && more == Traits::DESTROYS_DATA;
        if !more.is_empty() && !undone {
            traits |= more;
            why = reason;
        }
    }
    (traits, why)
}

fn statement(words: &[String], made: &[String]) -> (Traits, &'static str) {
    let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
    while words.first().is_some_and(|word| matches!(*word, "EXPLAIN" | "(" | "GO")) {
        if words.first() == Some(&"EXPLAIN") && !words.contains(&"ANALYZE") {
            return (Traits::NONE, "");
        }
        words.remove(0);
        while words.first().is_some_and(|word| matches!(*word, "ANALYZE" | "VERBOSE" | "(" | ")" | "," | "BUFFERS")) {
            words.remove(0);
        }
    }
    let has = |word: &str| words.contains(&word);
    let data = (Traits::DESTROYS_DATA, "deletes or overwrites data of a database");
    match words.first().copied().unwrap_or("") {
        "DROP" => {
            let object = words
                .iter()
                .skip(1)
                .find(|word| !matches!(**word, "IF" | "EXISTS" | "TEMPORARY" | "TEMP" | "MATERIALIZED"));
            let name = words.iter().skip(2).find(|word| !matches!(**word, "IF" | "EXISTS" | "CONCURRENTLY"));
            let own = name.is_some_and(|name| made.iter().any(|made| made == name)) && object == Some(&"TABLE");
            match object {
                Some(&("USER" | "ROLE" | "LOGIN")) => {
                    (Traits::DESTROYS_DATA | Traits::CHANGES_ACCESS, "removes an account of a database")
                }
                Some(_) if !own => data,
                _ => (Traits::NONE, ""),
            }
        }
        "TRUNCATE" | "FLUSHALL" | "FLUSHDB" | "DETACH" | "PURGE" => data,
        "SET" if matches!(words.get(1), Some(&("GLOBAL" | "PERSIST"))) => {
            (Traits::DISABLES_SECURITY, "changes how a database works")
        }
        "DELETE" | "UPDATE" | "MERGE" | "WITH" | "REPLACE" | "DO" | "BEGIN" | "INSERT" | "SET" | "SELECT" | "FOR"
        | "FROM" | "VALUES" => changes(&words),
        "ALTER" if has("DROP") || has("TRUNCATE") => data,
        // A change of rows, as ClickHouse writes it.
        "ALTER" if words.get(1) == Some(&"TABLE") && matches!(words.get(3), Some(&("DELETE" | "UPDATE"))) => data,
        "ALTER" if matches!(words.get(1), Some(&("USER" | "ROLE" | "LOGIN"))) => {
            (Traits::CHANGES_ACCESS, "changes an account of a database")
        }
        "ALTER"
            if matches!(words.get(1), Some(&("SYSTEM" | "DATABASE")))
                || has("DISABLE") && (has("ROW") || has("TRIGGER")) =>
        {
            (Traits::DISABLES_SECURITY, "changes how a database works")
        }
        "GRANT" | "REVOKE" => (Traits::CHANGES_ACCESS, "changes who may do what in a database"),
        "CREATE" if matches!(words.get(1), Some(&("USER" | "ROLE" | "LOGIN"))) => {
            (Traits::CHANGES_ACCESS, "makes an account of a database")
        }
        "CREATE" if has("EXTENSION") || has("LANGUAGE") && has("C") => {
            (Traits::NOT_UNDERSTOOD, "loads code into a database")
        }
        "CREATE" if has("REPLACE") && has("TABLE") => data,
        "COPY" if has("PROGRAM") => (Traits::EVADES | Traits::NOT_UNDERSTOOD, "a database runs a program"),
        "COPY" if words.windows(2).any(|two| matches!(two, ["TO", "'"])) => {
            (Traits::SENDS_OUT, "a database writes a file")
        }
        "EXEC" | "EXECUTE" | "CALL"
            if words.iter().any(|word| {
                word.starts_with("XP_") || word.starts_with("SP_CONFIGURE") || word.starts_with("SP_OA")
            }) =>
        {
            (Traits::EVADES | Traits::NOT_UNDERSTOOD, "a database runs a program")
        }
        "EXEC" | "EXECUTE" if has("'") => (Traits::NOT_UNDERSTOOD, "a statement that is made while it runs"),
        "LOAD" if has("DATA") && has("INFILE") => (Traits::NONE, ""),
        "SHUTDOWN" | "KILL" => (Traits::EXHAUSTS, "stops a database or its sessions"),
        _ if has("OUTFILE") || has("DUMPFILE") => (Traits::SENDS_OUT, "a database writes a file"),
        _ => (Traits::NONE, ""),
    }
}

/// `DELETE` and `UPDATE` wherever they stand (also in `WITH`), and files that a query writes.
fn changes(words: &[&str]) -> (Traits, &'static str) {
    if words.contains(&"OUTFILE") || words.contains(&"DUMPFILE") {
        return (Traits::SENDS_OUT, "a database writes a file");
    }
    if words
        .iter()
        .any(|word| matches!(*word, "PG_READ_FILE" | "LOAD_FILE" | "PG_READ_BINARY_FILE" | "LO_IMPORT" | "PG_LS_DIR"))
    {
        return (Traits::READS_SECRET, "a database reads a file of its machine");
    }
    if words
        .iter()
        .any(|word| matches!(*word, "PG_TERMINATE_BACKEND" | "LO_EXPORT" | "LOAD_EXTENSION" | "SYS_EXEC" | "SYS_EVAL"))
    {
        return (Traits::EVADES | Traits::NOT_UNDERSTOOD, "a database runs code or stops its sessions");
    }
    if words.windows(2).any(|two| matches!(two, ["EXECUTE", "'"])) && words.contains(&"|") {
        return (Traits::EVADES | Traits::NOT_UNDERSTOOD, "a statement that is put together while it runs");
    }
    if words.first() == Some(&"UPDATE")
        && words
            .get(1)
            .is_some_and(|table| matches!(*table, "MYSQL.USER" | "PG_AUTHID" | "PG_SHADOW" | "PG_CATALOG.PG_AUTHID"))
    {
        return (Traits::CHANGES_ACCESS, "changes accounts of a database");
    }
    for (at, word) in words.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| words.get(at)).copied().unwrap_or("");
        let starts = at == 0 || matches!(before, "(" | "AS" | ")" | "BEGIN" | "DO" | "THEN" | "LOOP");
        let changes = match *word {
            "DELETE" => starts && words.get(at + 1).is_some(),
            "UPDATE" => starts && words.iter().skip(at).any(|word| *word == "SET"),
            "TRUNCATE" | "DROP" => starts,
            _ => false,
        };
        if changes && !selects(words.get(at + 1..).unwrap_or(&[])) {
            return (Traits::DESTROYS_DATA, "deletes or overwrites whole tables");
        }
    }
    (Traits::NONE, "")
}

/// Whether a `WHERE` follows that could leave something out.
fn selects(words: &[&str]) -> bool {
    let Some(at) = words.iter().position(|word| *word == "WHERE") else {
        return false;
    };
    let condition: Vec<&str> = words
        .iter()
        .skip(at + 1)
        .take_while(|word| !matches!(**word, "RETURNING" | "ORDER" | "LIMIT" | "}"))
        .copied()
        .collect();
    let condition: Vec<&str> = condition.into_iter().filter(|word| !matches!(*word, "(" | ")")).collect();
    let always = match condition.as_slice() {
        [] => true,
        ["TRUE" | "1"] => true,
        ["NOT", "FALSE" | "0"] => true,
        [a, "=", b] => a == b,
        [_, "IS", "NOT", "NULL"] => true,
        [a, ">", "=", "0"] | [a, ">", "0"] => a.ends_with("ID"),
        [_, "LIKE", "'"] => false,
        [.., "OR", "TRUE" | "1"] => true,
        [.., "OR", a, "=", b] => a == b,
        [a, "=", b, "OR", ..] if a == b => true,
        ["TRUE" | "1", "OR", ..] => true,
        _ => false,
    };
    !always
}
