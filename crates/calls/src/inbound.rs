//! Which commands bring in what somebody else wrote: issues, logs, pages of packages, the output of another machine. Who wrote
//! it may steer whoever reads it.

use crate::{Act, ActKind, Traits};

/// Programs that ask another machine, with the words behind them whose answer holds no more than states, names and numbers.
/// `*` stands for every word.
const QUIET: &[(&str, &[&str])] = &[
    ("git", &["push", "ls-remote", "remote", "send-pack", "lfs"]),
    (
        "gh",
        &["create", "edit", "close", "reopen", "merge", "delete", "comment", "auth", "config", "alias", "completion"],
    ),
    ("glab", &["create", "update", "close", "reopen", "merge", "delete", "note", "auth", "config", "alias"]),
    ("ping", &["*"]),
    ("ping6", &["*"]),
    ("traceroute", &["*"]),
    ("mtr", &["*"]),
    ("dig", &["*"]),
    ("host", &["*"]),
    ("nslookup", &["*"]),
    ("terraform", &["*"]),
    ("tofu", &["*"]),
    ("pulumi", &["*"]),
    ("ssh-keyscan", &["*"]),
];

/// Programs of clouds and clusters: most of what they answer are states; only these words stand for content.
const CONTENT: &[(&str, &[&str])] = &[
    ("kubectl", &["logs", "exec", "cp", "attach", "debug"]),
    ("oc", &["logs", "exec", "cp", "attach", "debug", "rsh"]),
    ("helm", &["search", "show", "pull"]),
    (
        "aws",
        &[
            "cp",
            "sync",
            "mv",
            "logs",
            "get-object",
            "scan",
            "query",
            "get-item",
            "batch-get-item",
            "receive-message",
            "get-log-events",
            "filter-log-events",
            "tail",
            "execute-statement",
            "get-records",
            "select-object-content",
        ],
    ),
    ("gcloud", &["read", "cat", "cp", "rsync", "tail", "pull", "ssh", "scp"]),
    ("gsutil", &["cat", "cp", "rsync"]),
    ("bq", &["query", "head"]),
    ("az", &["download", "download-batch", "query", "tail", "peek", "receive"]),
    ("heroku", &["logs", "run", "pg:psql"]),
    ("vercel", &["logs", "pull", "env"]),
    ("fly", &["logs", "ssh"]),
    ("flyctl", &["logs", "ssh"]),
    // These are on no other machine, or do not say so.
    ("docker", &["logs"]),
    ("podman", &["logs"]),
    ("nerdctl", &["logs"]),
    ("docker-compose", &["logs"]),
    ("npm", &["view", "info", "show", "v", "search", "repo", "docs"]),
    ("pnpm", &["view", "info", "show", "search"]),
    ("yarn", &["info", "search"]),
    ("bun", &["info"]),
    ("cargo", &["search", "info"]),
    ("gem", &["search", "specification"]),
    ("pip", &["search"]),
    ("whois", &["*"]),
    ("jira", &["*"]),
    ("stern", &["*"]),
];

/// Clients of databases, which hold what their users wrote; on the machine itself, what its person wrote.
const DATABASES: &[&str] =
    &["psql", "mysql", "mariadb", "mongosh", "mongo", "redis-cli", "cqlsh", "clickhouse-client", "sqlcmd"];

/// Whether the output of a command comes from somebody else. Files that are read and addresses that are asked are acts of
/// their own.
pub fn brings_in(act: &Act) -> bool {
    if act.kind != ActKind::RunCommand {
        return false;
    }
    let words: Vec<&str> = act.target.split_whitespace().skip(1).take(64).collect();
    let named = |table: &[(&str, &[&str])]| {
        let known = table.iter().find(|(program, _)| *program == act.program);
        known.map(|(_, verbs)| verbs.iter().any(|verb| *verb == "*" || words.contains(verb)))
    };
    if let Some(content) = named(CONTENT) {
        return content;
    }
    if DATABASES.contains(&act.program.as_str()) {
        return is_far(&words);
    }
    let copies = matches!(act.program.as_str(), "scp" | "rsync" | "sftp");
    if copies {
        // The last word is where to.
        return words.iter().rev().skip(1).any(|word| !word.starts_with('-') && is_address(word));
    }
    act.traits.intersects(Traits::OUTWARD) && !named(QUIET).unwrap_or(false)
}

/// `host:path`, but not `C:\path`.
fn is_address(word: &str) -> bool {
    word.split_once(':').is_some_and(|(host, rest)| !host.is_empty() && !host.contains('/') && !rest.starts_with('\\'))
}

/// Whether a client of a database is told another machine, or one that is not known before.
fn is_far(words: &[&str]) -> bool {
    let mut before = "";
    words.iter().any(|word| {
        let host = match (before, word.split_once("://")) {
            ("-h" | "--host", _) => Some(*word),
            (_, Some((_, rest))) => Some(crate::net::host(rest)),
            _ => {
                word.strip_prefix("--host=").or_else(|| word.strip_prefix("host=")).or_else(|| word.strip_prefix("-h"))
            }
        };
        before = word;
        let unknown = word.contains('…') && !word.contains(['=', ';']);
        host.is_some_and(|host| !host.is_empty() && !host.starts_with('/') && !crate::net::is_local(host)) || unknown
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{Call, Place, understand};

    #[test]
    fn what_others_wrote_is_told_from_states_and_own_work() {
        let place = Place::new("/home/mio", "/home/mio/src/shop", "/home/mio/src/shop");
        let check = |command: &str, expected: bool| {
            let input = json!({ "command": command });
            let acts = understand(&Call { tool: "Bash", input: &input }, &place).acts;
            assert_eq!(acts.iter().any(brings_in), expected, "{command}: {acts:?}");
        };
        for command in [
            "gh issue view 12",
            "gh pr view 3 --comments",
            "gh api repos/a/b/issues",
            "gh pr checkout 12",
            "git pull",
            "git fetch && git log -p",
            "npm view evil readme",
            "docker logs web",
            "docker compose logs web",
            "kubectl logs web",
            "psql -h db.example.com -c 'select body from tickets'",
            "psql postgres://app@db.example.com/shop -c 'select 1'",
            "psql \"$DATABASE_URL\" -c 'select body from tickets'",
            "ssh h cat x",
            "scp h:x .",
            "aws s3 cp s3://x/y -",
            "aws logs tail x",
            "x=1; (ssh h uptime)",
        ] {
            check(command, true);
        }
        for command in [
            "git push",
            "git status",
            "git log -p",
            "gh pr create --fill",
            "npm ci",
            "npm test",
            "cargo build",
            "docker build .",
            "docker ps",
            "kubectl get pods",
            "terraform plan",
            "psql -c 'select 1'",
            "psql -h localhost -c 'select 1'",
            "psql postgres://localhost/shop",
            "sqlite3 app.db .tables",
            "scp x h:",
            "dig x.example",
            "aws sts get-caller-identity",
            "echo git pull",
        ] {
            check(command, false);
        }
    }
}
