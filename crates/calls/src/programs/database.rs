//! Clients of databases, and tools of frameworks that empty them.

use crate::Traits;
use crate::args::Args;
use crate::machine::Machine;
use crate::value::{Flow, Value};

pub(super) const DATA: Traits = Traits::DESTROYS_DATA;

pub(super) fn run(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Option<Value> {
    match name {
        "psql" | "pgcli" | "cockroach" | "usql" | "mysql" | "mariadb" | "mycli" | "sqlite3" | "sqlite" | "litecli"
        | "duckdb" | "clickhouse" | "clickhouse-client" | "sqlcmd" | "mssql-cli" | "cqlsh" | "sqlplus" | "snowsql"
        | "trino" | "presto" | "isql" | "bsqldb" | "ksql" | "beeline" | "hive" | "impala-shell" | "db2" | "turso"
        | "libsql" | "snow" | "spark-sql" | "osql" | "tsql" | "dolt" | "iredis-sql" => Some(client(m, name, args)),
        "mongosh" | "mongo" => Some(mongo(m, args)),
        "redis-cli" | "valkey-cli" | "keydb-cli" | "iredis" => Some(redis(m, args)),
        "memcached-tool" | "influx" => {
            let texts = super::texts(args);
            if texts.iter().any(|text| matches!(*text, "flush_all" | "delete"))
                || texts.iter().any(|text| text.to_ascii_uppercase().contains("DROP "))
            {
                m.mark(DATA, "removes data");
            }
            Some(Value::unknown(Flow::OUTPUT))
        }
        "dropdb"
        | "mysqladmin"
        | "mariadb-admin"
        | "createuser"
        | "dropuser"
        | "pg_restore"
        | "pg_dump"
        | "pg_dumpall"
        | "mysqldump"
        | "mariadb-dump"
        | "mongorestore"
        | "mongodump"
        | "pg_ctl"
        | "pg_resetwal"
        | "mongoimport"
        | "mysqlimport"
        | "pg_dropcluster"
        | "pg_ctlcluster"
        | "initdb"
        | "mysql_secure_installation"
        | "cassandra"
        | "nodetool"
        | "mongoexport" => Some(admin(m, name, args)),
        "php"
            if !args.first().is_some_and(|value| {
                value.text == "artisan"
                    || value.text.ends_with("/console")
                    || value.text.ends_with("/yii")
                    || value.text == "spark"
                    || value.text == "bin/cake"
            }) =>
        {
            None
        }
        "liquibase" | "flyway" | "atlas" | "dbmate" | "goose" | "migrate" | "sqitch" | "alembic" | "prisma"
        | "typeorm" | "sequelize" | "sequelize-cli" | "drizzle-kit" | "knex" | "mikro-orm" | "rails" | "rake"
        | "artisan" | "console" | "mix" | "diesel" | "sqlx" | "sea-orm-cli" | "phinx" | "doctrine" | "dotnet-ef"
        | "php" | "python-manage" | "manage.py" | "hasura" | "yoyo" | "piccolo" | "aerich" | "db-migrate"
        | "node-pg-migrate" | "umzug" | "lucid" | "ace" | "sake" | "cake" | "symfony" | "django-admin" | "drush"
        | "wp" | "flask" | "spark" | "yii" | "bake" | "fly-migrate" | "refinery" => {
            Some(super::frameworks::framework(m, name, args))
        }
        _ => None,
    }
}

/// SQL from an option, from operands, from standard input, from a file.
fn client(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Value {
    let options = match name {
        "psql" | "pgcli" | "usql" => {
            "c f d h p U v o L P R F T command file dbname host port username set variable output log-file pset"
        }
        "mysql" | "mariadb" | "mycli" => {
            "e h P u D S execute host port user database socket defaults-file default-character-set max-allowed-packet init-command ssl-ca"
        }
        "sqlite3" | "sqlite" | "litecli" => "cmd separator init nullvalue newline",
        "duckdb" => "c s f cmd init",
        "clickhouse" | "clickhouse-client" => "query q h u d host user password database port queries-file format",
        "cqlsh" => "e f k u p execute file keyspace",
        "sqlcmd" | "osql" | "mssql-cli" => "Q q i S U P d o",
        "snow" | "snowsql" | "trino" | "presto" | "beeline" | "hive" | "impala-shell" | "ksql" | "cockroach"
        | "spark-sql" => {
            "q query e execute f file filename i c a d u n p connection server catalog schema database host url"
        }
        _ => "e q c f Q execute query command file",
    };
    let single = matches!(name, "sqlite3" | "sqlite");
    let parsed = if single {
        Args::single(args, "cmd separator init nullvalue newline -cmd -init")
    } else {
        Args::of(args, options)
    };
    let mut sources: Vec<Value> = parsed
        .values(&["c", "command", "e", "execute", "query", "q", "Q", "cmd", "s", "-cmd", "init-command"])
        .cloned()
        .collect();
    let operands = match name {
        "sqlite3" | "sqlite" | "duckdb" | "litecli" | "turso" | "db2" => parsed.from(1).to_vec(),
        _ => Vec::new(),
    };
    sources.extend(operands.into_iter().filter(|value| value.text.contains(' ') || value.text.starts_with('.')));
    for value in sources.clone() {
        if value.flow.has(Flow::REMOTE) || value.is_blank() {
            m.puzzled("what a database is told is not known before");
        }
    }
    for file in parsed.values(&["f", "file", "i", "queries-file", "init", "filename"]).cloned().collect::<Vec<_>>() {
        let content = m.read(&file);
        let path = m.resolve(&file);
        let name = crate::path::base(&path).to_ascii_lowercase();
        if content.is_known() {
            sources.push(content);
        } else if let Some(text) = m.place.world.text(&path) {
            sources.push(Value::known(text));
        } else if ["drop", "truncate", "wipe", "destroy", "delete_all", "reset", "purge"]
            .iter()
            .any(|word| name.contains(word))
            || !path.starts_with(m.place.project)
            || content.flow.has(Flow::REMOTE)
        {
            m.puzzled("what a database is told stands in a file");
        }
    }
    let input = m.code(&m.stdin);
    if !input.text.is_empty() && sources.is_empty() {
        if input.is_blank()
            && (input.flow.has(Flow::OUTPUT) || input.flow.has(Flow::REMOTE))
            && !input.flow.has(Flow::FILE)
        {
            m.puzzled("what a database is told is not known before");
        }
        let named = m
            .acts
            .iter()
            .rev()
            .take(3)
            .find(|act| act.kind == crate::ActKind::ReadFile)
            .map(|act| crate::path::base(&act.target).to_ascii_lowercase())
            .unwrap_or_default();
        if input.is_blank()
            && ["drop", "truncate", "wipe", "destroy", "delete_all", "reset", "purge"]
                .iter()
                .any(|word| named.contains(word))
        {
            m.puzzled("what a database is told stands in a file");
        }
        sources.push(input);
    }
    let scratch = match name {
        "sqlite3" | "sqlite" | "duckdb" => {
            parsed.rest.first().is_some_and(|file| file.text == ":memory:" || m.resolve(file).starts_with("/tmp/"))
        }
        _ => false,
    };
    for source in &sources {
        statements(m, name, &source.text, scratch);
        // What one query writes is told to a second one.
        let lower = source.text.to_ascii_lowercase();
        if lower.contains("'drop ") || lower.contains("'truncate ") || lower.contains("'delete ") {
            return Value::unknown(Flow::OUTPUT.with(Flow::DECODED));
        }
    }
    if single && let Some(file) = parsed.rest.first() {
        let path = m.resolve(file);
        if path.ends_with("TCC.db") {
            m.mark(Traits::DISABLES_SECURITY | Traits::READS_SECRET, "reads or changes what programs may do");
        } else if m.names_secret(file) {
            m.read(file);
        }
    }
    Value::unknown(Flow::OUTPUT)
}

fn statements(m: &mut Machine<'_>, name: &str, text: &str, scratch: bool) {
    let mut sql = String::new();
    m.read_quoted(text);
    for line in text.lines() {
        let trimmed = line.trim_start();
        if let Some(command) = trimmed
            .strip_prefix("\\!")
            .or_else(|| trimmed.strip_prefix(".shell "))
            .or_else(|| trimmed.strip_prefix(".system "))
            .or_else(|| trimmed.strip_prefix("system "))
            .or_else(|| trimmed.strip_prefix("\\o |"))
            .or_else(|| trimmed.strip_prefix("\\g |"))
        {
            let command = command.trim().to_owned();
            m.text(&command);
            continue;
        }
        if let Some(rest) = trimmed.strip_prefix("\\copy") {
            if let Some((_, program)) =
                rest.to_ascii_lowercase().split_once("program").map(|(before, _)| rest.split_at(before.len() + 7))
            {
                let command = program.trim().trim_matches(['\'', '$']).to_owned();
                m.text(&command);
            } else if let Some((_, file)) = rest.split_once(" from ").or_else(|| rest.split_once(" FROM ")) {
                let file = Value::known(file.split_whitespace().next().unwrap_or("").trim_matches('\''));
                if m.names_secret(&file) {
                    m.read(&file);
                }
            } else if let Some((_, file)) = rest.to_ascii_lowercase().split_once(" to ") {
                let file = file.split_whitespace().next().unwrap_or("").trim_matches('\'').to_owned();
                if !file.starts_with("std") {
                    m.write(&Value::known(file), false, &Value::unknown(Flow::OUTPUT));
                }
            }
            continue;
        }
        if let Some(rest) = trimmed.strip_prefix(".import ") {
            if let Some(command) = rest.trim().trim_start_matches(['"', '\'']).strip_prefix('|') {
                let command =
                    command.trim_start_matches(['"', '\'']).split(['"', '\'']).next().unwrap_or("").to_owned();
                m.text(&command);
            } else {
                let file = rest.split_whitespace().find(|word| !word.starts_with('-')).unwrap_or("").to_owned();
                m.read(&Value::known(file));
            }
            continue;
        }
        if let Some(file) = trimmed
            .strip_prefix("\\i ")
            .or_else(|| trimmed.strip_prefix(".read "))
            .or_else(|| trimmed.strip_prefix("source "))
        {
            let file = file.trim().to_owned();
            if let Some(command) = file.strip_prefix('|') {
                m.text(command);
                m.puzzled("the output of a database runs a program");
                continue;
            }
            m.read(&Value::known(file));
            continue;
        }
        if let Some(file) = trimmed.strip_prefix(".output ").or_else(|| trimmed.strip_prefix(".once ")) {
            let file = file.trim().to_owned();
            if let Some(command) = file.strip_prefix('|') {
                m.text(command);
                m.puzzled("the output of a database runs a program");
                continue;
            }
            m.write(&Value::known(file), false, &Value::unknown(Flow::OUTPUT));
            continue;
        }
        if trimmed.starts_with(".load") || trimmed.starts_with(".edit") {
            m.puzzled("loads code into a database");
        }
        if trimmed.starts_with('\\') && name == "psql" || trimmed.starts_with('.') && name.starts_with("sqlite") {
            if let Some((_, gexec)) = trimmed.split_once("\\gexec") {
                let _ = gexec;
                m.puzzled("runs the output of a query as statements");
            }
            continue;
        }
        sql.push_str(line);
        sql.push('\n');
    }
    if !sql.is_ascii()
        && crate::hidden::lookalike(&sql)
        && sql.split_whitespace().any(|word| {
            !word.is_ascii() && word.chars().any(|c| c.is_ascii_uppercase()) && word.chars().all(char::is_alphabetic)
        })
    {
        m.mark(Traits::DECEIVES, "a statement holds letters that pass for others");
    }
    let (traits, why) = crate::sql::traits(&sql);
    let traits = if scratch { traits.without(DATA) } else { traits };
    m.mark(traits, why);
    if sql.contains("\\gexec") {
        m.puzzled("runs the output of a query as statements");
    }
}

fn mongo(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let parsed = Args::of(args, "eval f file host port u username p password authenticationDatabase");
    let mut texts: Vec<String> = parsed.values(&["eval"]).map(|value| value.text.clone()).collect();
    for file in parsed
        .values(&["f", "file"])
        .chain(parsed.rest.iter().filter(|value| value.text.ends_with(".js")))
        .cloned()
        .collect::<Vec<_>>()
    {
        let content = m.read(&file);
        texts.push(content.text);
    }
    texts.push(m.stdin.text.clone());
    for text in texts {
        let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let gone = [
            "dropDatabase(",
            ".drop(",
            "remove({})",
            "deleteMany({})",
            "deleteMany()",
            ".remove()",
            "updateMany({},",
            "update({},",
            "dropCollection",
            "dropIndexes",
            "dropUser",
            "dropAllUsers",
            "\"$out\"",
            "drop:",
            "dropDatabase:",
            "shutdown:",
            "shutdownServer(",
        ];
        if gone.iter().any(|mark| compact.contains(mark)) {
            m.mark(DATA, "deletes or overwrites data of a database");
        }
        if ["createUser", "updateUser", "grantRoles", "changeUserPassword"].iter().any(|mark| compact.contains(mark)) {
            m.mark(Traits::CHANGES_ACCESS, "changes an account of a database");
        }
        if compact.contains("require(") && (compact.contains("child_process") || compact.contains("'fs'"))
            || compact.contains("load(")
            || compact.contains("runProgram")
        {
            crate::code::follow(m, "javascript", &text);
        }
    }
    Value::unknown(Flow::OUTPUT)
}

fn redis(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let parsed = Args::leading(args, "h p a n u s i r d user pass pattern uri count eval");
    let mut lines: Vec<String> = vec![super::builtins::joined(&parsed.rest).text];
    lines.extend(m.stdin.text.lines().map(str::to_owned));
    if parsed.value(&["eval"]).is_some() {
        m.puzzled("a database runs a script");
    }
    for line in lines.iter().take(64) {
        let upper = line.to_ascii_uppercase();
        let mut words = upper.split_whitespace();
        let (first, second) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        match (first, second) {
            ("FLUSHALL" | "FLUSHDB" | "SWAPDB" | "RESTORE" | "MIGRATE", _)
            | ("SCRIPT" | "FUNCTION", "FLUSH")
            | ("CLUSTER", "RESET" | "FLUSHSLOTS") => m.mark(DATA, "empties a database"),
            ("DEL" | "UNLINK", key)
                if key.is_empty()
                    || line.contains(crate::value::UNKNOWN)
                    || line.contains('*')
                    || second.is_empty() =>
            {
                m.mark(DATA, "removes data that is not known before")
            }
            ("SHUTDOWN", _) | ("DEBUG", "SEGFAULT" | "SLEEP" | "CRASH-AND-RECOVER" | "RESTART" | "RELOAD") => {
                m.mark(Traits::EXHAUSTS, "stops a database")
            }
            ("CONFIG", "SET" | "REWRITE" | "RESETSTAT")
            | ("REPLICAOF" | "SLAVEOF", _)
            | ("MODULE", "LOAD")
            | ("ACL", "SETUSER" | "DELUSER") => {
                m.mark(Traits::DISABLES_SECURITY | Traits::CHANGES_ACCESS, "changes how a database works")
            }
            ("EVAL" | "EVALSHA", _) if upper.contains("FLUSH") || upper.contains("KEYS") && upper.contains("DEL") => {
                m.mark(DATA, "removes data")
            }
            ("SAVE" | "BGSAVE", _) => {}
            _ => {}
        }
    }
    Value::unknown(Flow::OUTPUT)
}

fn admin(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Value {
    let texts = super::texts(args);
    let has = |word: &str| texts.contains(&word);
    match name {
        "dropdb" | "pg_resetwal" | "pg_dropcluster" | "initdb" if name != "initdb" => {
            m.mark(DATA, "removes a database")
        }
        "dropuser" | "createuser" => m.mark(Traits::CHANGES_ACCESS, "changes an account of a database"),
        "mysqladmin" | "mariadb-admin" => {
            if has("drop") {
                m.mark(DATA, "removes a database");
            }
            if has("password") || has("flush-privileges") {
                m.mark(Traits::CHANGES_ACCESS, "changes an account of a database");
            }
            if has("shutdown") || has("kill") {
                m.mark(Traits::EXHAUSTS, "stops a database");
            }
        }
        "pg_restore" if Args::of(args, "d f h p U j t n dbname").has(&["c", "clean", "create", "C"]) => {
            m.mark(DATA, "replaces what is in a database");
        }
        "mongorestore" | "mongoimport" if has("--drop") => {
            m.mark(DATA, "replaces what is in a database");
        }
        "mysqlimport" if (has("--delete") || has("--replace") || has("-d") || has("-r")) => {
            m.mark(DATA, "replaces what is in a database");
        }
        "pg_ctl" | "pg_ctlcluster"
            if (has("stop") && (has("immediate") || has("fast") && has("-m")) || has("kill") || has("promote")) =>
        {
            m.mark(Traits::EXHAUSTS | DATA, "stops a database at once");
        }
        "nodetool"
            if (has("decommission")
                || has("removenode")
                || has("assassinate")
                || has("drain")
                || has("clearsnapshot")
                || has("truncatehints")) =>
        {
            m.mark(DATA, "takes data out of a cluster");
        }
        "pg_dump" | "pg_dumpall" | "mysqldump" | "mariadb-dump" | "mongodump" | "mongoexport" => {
            let parsed = Args::of(
                args,
                "f o h p U u d t n r result-file file out host port user username dbname db collection uri",
            );
            if let Some(file) = parsed.value(&["f", "file", "r", "result-file", "o", "out"]).cloned() {
                m.write(&file, false, &Value::unknown(Flow::FILE));
                return Value::default();
            }
            return Value::unknown(Flow::FILE);
        }
        _ => {}
    }
    Value::unknown(Flow::OUTPUT)
}
