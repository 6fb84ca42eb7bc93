//! Tools of frameworks that change or empty databases, and run code.

use crate::Traits;
use crate::args::Args;
use crate::machine::Machine;
use crate::value::{Flow, Value};

use super::database::DATA;

/// `prisma migrate reset`, `rails db:drop` and the like.
pub(super) fn framework(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Value {
    let mut args = args;
    if name == "php" {
        args = args.get(1..).unwrap_or(&[]);
    }
    let texts = super::texts(args);
    let first = texts.iter().find(|text| !text.starts_with('-')).copied().unwrap_or("");
    let has = |word: &str| texts.contains(&word);
    if super::is_dry(args) || has("--pretend") || has("--dump-sql") || has("--sql") {
        return Value::unknown(Flow::OUTPUT);
    }
    let all = texts.join(" ");
    let gone = texts.iter().any(|text| {
        matches!(
            *text,
            "db:drop"
                | "db:reset"
                | "db:wipe"
                | "db:truncate_all"
                | "db:migrate:reset"
                | "db:schema:load"
                | "db:structure:load"
                | "db:purge"
                | "db:drop:all"
                | "db:setup-force"
                | "db:seed:replant"
                | "migrate:fresh"
                | "migrate:reset"
                | "migrate:refresh"
                | "migrate:rollback-all"
                | "schema:drop"
                | "db:migrate:undo:all"
                | "db:seed:undo:all"
                | "doctrine:database:drop"
                | "doctrine:schema:drop"
                | "orm:schema-tool:drop"
                | "reset_db"
                | "flush"
                | "sqlflush"
                | "reset_schema"
                | "drop-all"
                | "dropAll"
                | "drop-all-force"
                | "ecto.drop"
                | "ecto.reset"
                | "ecto.rollback-all"
                | "rollback:all"
                | "migrate:drop"
                | "cache:clear-db"
                | "sql-drop"
                | "site-install"
                | "fresh"
        )
    }) && !matches!(name, "dbmate-x")
        || match name {
            "prisma" => {
                all.starts_with("migrate reset")
                    || all.contains("db push") && (all.contains("--force-reset") || all.contains("--accept-data-loss"))
            }
            "drizzle-kit" => first == "drop" || first == "push" && has("--force"),
            "flyway" | "sqitch" => first == "clean" || first == "revert" && name == "sqitch",
            "alembic" | "aerich" | "yoyo" => first == "downgrade" && (has("base") || texts.contains(&"base")),
            "dbmate" | "sqlx" | "diesel" => {
                first == "drop"
                    || all.starts_with("database drop")
                    || all.starts_with("database reset")
                    || all.starts_with("migration redo --all")
                    || all.starts_with("db reset")
            }
            "goose" => has("reset") || has("down-to") && has("0"),
            "migrate" => {
                has("drop")
                    || all.ends_with("down -all")
                    || has("down") && texts.last().is_none_or(|text| text.parse::<u32>().is_err())
            }
            "atlas" => all.starts_with("schema clean"),
            "dotnet-ef" => all.starts_with("database drop"),
            "sequelize" | "sequelize-cli" => first == "db:drop",
            "knex" => all.contains("rollback --all"),
            "typeorm" => first == "schema:drop",
            "mikro-orm" => {
                all.contains("schema:drop") || all.contains("schema:fresh") || all.contains("migration:fresh")
            }
            "liquibase" => matches!(first, "drop-all" | "dropAll" | "rollback" | "rollback-count"),
            "wp" => {
                all.starts_with("db reset")
                    || all.starts_with("db clean")
                    || all.starts_with("site empty")
                    || all.starts_with("db drop")
                    || all.starts_with("post delete")
            }
            "hasura" => all.contains("migrate apply --down all") || all.contains("metadata clear"),
            "drush" => matches!(first, "sql-drop" | "sql:drop" | "sqlc-drop" | "site:install" | "si"),
            "manage.py" | "python-manage" | "django-admin" => first == "flush" || first == "migrate" && has("zero"),
            "sea-orm-cli" => {
                all.contains("migrate fresh") || all.contains("migrate reset") || all.contains("migrate refresh")
            }
            _ => false,
        };
    if gone {
        m.mark(DATA, "empties or removes a database");
    }
    if matches!(first, "credentials:show" | "secrets:show" | "credentials:edit")
        || first == "secrets:decrypt-to-local"
        || first == "env:decrypt"
    {
        m.mark(Traits::READS_SECRET, "shows secrets");
        return Value::unknown(Flow::SECRET);
    }
    let code = match first {
        "runner" | "r" => Some(("ruby", args.iter().skip_while(|value| value.text != first).nth(1).cloned())),
        "shell" | "shell_plus" => Some(("python", Args::of(args, "c command").value(&["c", "command"]).cloned())),
        "tinker" => Some(("php", Args::of(args, "execute").value(&["execute"]).cloned())),
        "console" | "c" if matches!(name, "rails") => Some(("ruby", Some(m.stdin.clone()))),
        _ => None,
    };
    if let Some((family, Some(code))) = code {
        let text = code.text.clone();
        if family == "ruby"
            && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '/' | '_' | '.' | '-'))
            && text.contains('/')
        {
            m.run_file(&code, &[], "ruby");
        } else {
            crate::code::follow(m, family, &text);
        }
        let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        if [
            "delete_all",
            "destroy_all",
            "objects.all().delete()",
            "::truncate()",
            "update_all(",
            "->truncate(",
            ".drop_table",
            "query()->delete()",
            "DB.drop",
        ]
        .iter()
        .any(|mark| compact.contains(mark))
            && !compact.contains("where(")
            && !compact.contains(".filter(")
        {
            m.mark(DATA, "deletes whole tables");
        }
    }
    if matches!(first, "dbshell" | "dbconsole" | "db" | "console")
        || name == "prisma" && all.starts_with("db execute")
        || first == "sql:query"
        || first == "sql-query"
        || first == "doctrine:query:sql"
        || first == "dbal:run-sql"
    {
        let mut text = m.stdin.text.clone();
        for value in args {
            if value.text.contains(' ') {
                text.push('\n');
                text.push_str(&value.text);
            }
        }
        let (traits, why) = crate::sql::traits(&text);
        m.mark(traits, why);
    }
    if matches!(name, "wp") && all.starts_with("db query")
        || name == "wp" && (all.starts_with("eval") || all.starts_with("shell"))
    {
        let text = texts.last().copied().unwrap_or("").to_owned();
        let (traits, why) = crate::sql::traits(&text);
        m.mark(traits, why);
        if all.starts_with("eval") {
            crate::code::follow(m, "php", &text);
        }
    }
    if matches!(name, "mix" | "flask")
        && let Some(code) = Args::of(args, "e eval r").value(&["e", "eval"]).cloned()
    {
        crate::code::follow(m, "elixir", &code.text);
    }
    if matches!(name, "rake" | "thor") {
        let parsed = Args::of(args, "e execute E execute-continue p execute-print r f I");
        for code in parsed.values(&["e", "execute", "E", "execute-continue", "p", "execute-print"]) {
            crate::code::follow(m, "ruby", &code.text);
        }
    }
    if matches!(first, "shell" | "shell_plus") && !m.stdin.text.is_empty() {
        let code = m.stdin.text.clone();
        crate::code::follow(m, "python", &code);
    }
    if matches!(name, "rake" | "rails") && matches!(first, "release" | "publish" | "deploy") {
        m.mark(Traits::PUBLISHES, "publishes a package");
    }
    if matches!(name, "mix") && first == "hex.publish" {
        m.mark(Traits::PUBLISHES, "publishes a package");
    }
    if matches!(first, "server" | "s" | "runserver" | "serve" | "run" | "phx.server") {
        return super::servers::served(m, args);
    }
    Value::unknown(Flow::OUTPUT)
}
