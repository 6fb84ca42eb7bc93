//! What a command line in a setting would do, as far as its words tell, and whether a value is a secret.

/// The words of a command line: quotes are taken off, marks between commands stand alone.
pub(crate) fn split(line: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    let mut quoted = false;
    let mut chars = line.chars().peekable();
    while let Some(char) = chars.next() {
        match (char, quote) {
            (_, Some(open)) if char == open => quote = None,
            (_, Some(_)) => word.push(char),
            ('"' | '\'', None) => {
                quote = Some(char);
                quoted = true;
            }
            ('\\', None) if chars.peek().is_some_and(|next| matches!(next, ' ' | '"' | '\'')) => {
                word.extend(chars.next());
            }
            ('|' | ';' | '&' | '\n', None) => {
                flush(&mut out, &mut word, &mut quoted);
                if char == '\n' {
                    out.push(";".to_owned());
                    continue;
                }
                let doubled = chars.next_if_eq(&char).is_some();
                out.push(if doubled { format!("{char}{char}") } else { char.to_string() });
            }
            (blank, None) if blank.is_whitespace() => flush(&mut out, &mut word, &mut quoted),
            _ => word.push(char),
        }
    }
    flush(&mut out, &mut word, &mut quoted);
    out
}

fn flush(out: &mut Vec<String>, word: &mut String, quoted: &mut bool) {
    if !word.is_empty() || *quoted {
        out.push(std::mem::take(word));
    }
    *quoted = false;
}

/// The last part of a path, without `.exe`.
pub(crate) fn basename(path: &str) -> &str {
    let name = path.trim().trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next().unwrap_or_default();
    name.strip_suffix(".exe").unwrap_or(name)
}

/// The program of a command line: past `VAR=x` and `env`, its last part of the path.
pub(crate) fn program(line: &str) -> String {
    let words = split(line);
    let assigns = |word: &String| {
        word.split_once('=').is_some_and(|(name, _)| {
            !name.is_empty() && name.chars().all(|char| char.is_ascii_alphanumeric() || char == '_')
        })
    };
    let first = words.iter().find(|word| !assigns(word));
    first.map(|word| basename(word).to_owned()).unwrap_or_default()
}

/// The commands of a line, each as its words.
pub(super) fn commands(line: &str) -> Vec<Vec<String>> {
    let words = split(&line.replace("$(", " ; ").replace('`', " ; "));
    words.split(|word| matches!(word.as_str(), "|" | "||" | ";" | "&" | "&&")).map(<[String]>::to_vec).collect()
}

fn names(command: &[String]) -> &str {
    command.iter().find(|word| !word.contains('=')).map(|word| basename(word)).unwrap_or_default()
}

/// Whether a line brings something from the network.
pub(crate) fn fetches(line: &str) -> bool {
    let tools = [
        "curl",
        "wget",
        "aria2c",
        "Invoke-WebRequest",
        "iwr",
        "irm",
        "Invoke-RestMethod",
        "fetch",
        "ftp",
        "nc",
        "ncat",
    ];
    within(line).iter().any(|command| tools.contains(&names(command)))
}

/// The commands of a line, with those inside `sh -c '…'`.
fn within(line: &str) -> Vec<Vec<String>> {
    let mut out = commands(line);
    let inner: Vec<Vec<String>> = out
        .iter()
        .flat_map(|command| command.iter().filter(|word| word.contains(' ')).flat_map(|word| commands(word)))
        .collect();
    out.extend(inner);
    out
}

/// Whether a line sends data out.
pub(crate) fn sends(line: &str) -> bool {
    let flags =
        ["-d", "-F", "-T", "--data", "--form", "--upload-file", "--post-file", "--post-data", "--body-file", "-Body"];
    within(line).iter().any(|command| {
        let name = names(command);
        let flagged = || {
            command.iter().any(|word| {
                flags.iter().any(|flag| {
                    word == flag
                        || (word.starts_with(flag)
                            && (flag.len() == 2 || word.contains('=') || word.starts_with("--data")))
                })
            })
        };
        matches!(name, "nc" | "ncat" | "netcat" | "socat" | "scp" | "sftp" | "rsync" | "telnet")
            || (matches!(name, "curl" | "wget" | "Invoke-WebRequest" | "iwr" | "http") && flagged())
    })
}

/// Whether a line runs what it has just fetched or decoded.
pub(crate) fn runs_download(line: &str) -> bool {
    let runs = |name: &str| {
        let bare = name.trim_start_matches("sudo ");
        [
            "sh", "bash", "zsh", "dash", "ksh", "node", "python", "python3", "perl", "ruby", "pwsh", "iex", "source",
            ".", "eval",
        ]
        .contains(&bare)
    };
    let decodes = line.contains("base64 -d") || line.contains("base64 --decode") || line.contains("base64 -D");
    if !(fetches(line) || decodes) {
        return false;
    }
    let all = within(line);
    let piped =
        line.contains('|') || line.contains("$(") || line.contains('`') || line.contains("<(") || line.contains("&&");
    piped && all.iter().any(|command| runs(names(command)) || command.iter().any(|word| word == "iex"))
}

/// The words of a name in small letters: `deleteTicket`, `delete_ticket` and `delete-ticket` are two.
pub(super) fn name_words(name: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut word = String::new();
    for char in name.chars() {
        if !char.is_ascii_alphanumeric()
            || (char.is_ascii_uppercase() && word.ends_with(|last: char| last.is_ascii_lowercase()))
        {
            parts.push(std::mem::take(&mut word));
        }
        if char.is_ascii_alphanumeric() {
            word.push(char);
        }
    }
    parts.push(word);
    parts.iter().map(|part| part.to_ascii_lowercase()).filter(|part| !part.is_empty()).collect()
}

/// Whether the name of a key, header or parameter says that its value is secret.
pub(crate) fn secret_name(name: &str) -> bool {
    let parts = name_words(name);
    let sayings =
        ["token", "secret", "password", "passwd", "pwd", "authorization", "cookie", "apikey", "credential", "pat"];
    let last = parts.last().map(String::as_str).unwrap_or_default();
    let counted =
        ["tokens", "limit", "count", "path", "file", "name", "ttl", "helper", "store", "id", "url", "endpoint", "days"];
    if counted.contains(&last) {
        return false;
    }
    parts.iter().any(|part| sayings.contains(&part.as_str()) || part.ends_with("password") || part.ends_with("apikey"))
        || last == "key"
        || (last == "auth")
}

/// Whether a value is a literal secret and no reference to one, no placeholder and not empty.
pub(crate) fn literal(value: &str) -> bool {
    let value = value.trim();
    let bare = ["Bearer ", "bearer ", "Basic ", "basic ", "Token ", "token "]
        .iter()
        .find_map(|scheme| value.strip_prefix(scheme))
        .unwrap_or(value)
        .trim();
    if bare.len() < 6
        || bare.starts_with(['$', '<', '%', '{'])
        || bare.contains("${")
        || bare.contains("{{")
        || bare.contains("…")
    {
        return false;
    }
    let lower = bare.to_ascii_lowercase();
    let placeholder =
        ["your", "xxx", "changeme", "change-me", "placeholder", "example", "todo", "redacted", "dummy", "insert"];
    if placeholder.iter().any(|word| lower.starts_with(word))
        || lower.chars().all(|char| matches!(char, 'x' | '*' | '.' | '-' | '0'))
    {
        return false;
    }
    if ["op://", "vault:", "keyring:", "env:", "file:", "secret://", "aws-sm://"]
        .iter()
        .any(|start| lower.starts_with(start))
    {
        return false;
    }
    // The name of a variable that holds the secret.
    let variable = bare.contains('_')
        && bare.starts_with(|char: char| char.is_ascii_uppercase())
        && bare.chars().all(|char| char.is_ascii_uppercase() || char.is_ascii_digit() || char == '_');
    !variable
        && !matches!(lower.as_str(), "true" | "false" | "keyring" | "ephemeral")
        && !bare.starts_with('/')
        && !bare.starts_with("~/")
}

/// Whether an address carries a secret: `user:password@`, or a parameter that is one.
pub(crate) fn url_secret(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let user = authority.rsplit_once('@').and_then(|(user, _)| user.split_once(':'));
    if user.is_some_and(|(_, password)| !password.is_empty() && !password.starts_with(['$', '<', '{'])) {
        return true;
    }
    let query = rest.split_once('?').map_or("", |(_, query)| query);
    query.split('&').filter_map(|pair| pair.split_once('=')).any(|(name, value)| secret_name(name) && literal(value))
}

/// Whether one version comes before another, number by number.
pub(crate) fn version_before(version: &str, than: &str) -> bool {
    let numbers = |text: &str| -> Vec<u64> {
        let bare = text.trim().trim_start_matches(['v', '=']);
        let bare = bare.split(['-', '+']).next().unwrap_or_default();
        bare.split('.').map(|part| part.parse().unwrap_or(0)).collect()
    };
    let (mut a, mut b) = (numbers(version), numbers(than));
    let width = a.len().max(b.len());
    a.resize(width, 0);
    b.resize(width, 0);
    a < b
}

/// How many letters must be changed, added, left out or swapped with their neighbour. Longer names than 64 are far apart.
pub(crate) fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len() > 64 || b.len() > 64 {
        return usize::MAX;
    }
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    let at = |rows: &[Vec<usize>], row: usize, column: usize| {
        rows.get(row).and_then(|row| row.get(column)).copied().unwrap_or(usize::MAX / 2)
    };
    for (i, left) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, right) in b.iter().enumerate() {
            let change = at(&rows, i, j) + usize::from(left != right);
            let drop = at(&rows, i, j + 1) + 1;
            let add = row.last().copied().unwrap_or_default() + 1;
            let mut best = change.min(drop).min(add);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(right) && b.get(j - 1) == Some(left);
            if swapped {
                best = best.min(at(&rows, i - 1, j - 1) + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    at(&rows, a.len(), b.len())
}
