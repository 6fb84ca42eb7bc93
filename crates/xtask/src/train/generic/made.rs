//! Examples that are made: real assignments whose value is replaced, and settings written from templates.

use yata_lens::Window;
use yata_lens::generic::{Candidate, Kind, Quote};

use super::code::Tongue;
use super::random::Random;

/// Settings and prose; `%k` is the name, `%v` the value, `%w` an ordinary word. `a|b` divides names by how they are
/// written: the second word says `snake`, `UPPER`, `camel`, `kebab`, `dotted`, `ja`.
pub(super) const TEMPLATES: &[(&str, &str)] = &[
    ("UPPER", "%k=%v\n"),
    ("UPPER", "export %k=%v\n"),
    ("UPPER", "export %k=\"%v\"\n"),
    ("UPPER", "%k='%v'\n"),
    ("UPPER", "ENV %k=%v\n"),
    ("UPPER", "ENV %k %v\n"),
    ("UPPER", "ARG %k=%v\n"),
    ("UPPER", "      - %k=%v\n"),
    ("UPPER", "      %k: %v\n"),
    ("UPPER", "      %k: \"%v\"\n"),
    ("UPPER", "  - name: %k\n    value: \"%v\"\n"),
    ("UPPER", "  - name: %k\n    value: %v\n"),
    ("UPPER", "docker run -e %k=%v -d %w\n"),
    ("UPPER", "set %k=%v\n"),
    ("UPPER", "setx %k \"%v\"\n"),
    ("UPPER", "$env:%k = \"%v\"\n"),
    ("UPPER", "os.environ[\"%k\"] = \"%v\"\n"),
    ("UPPER", "process.env.%k = '%v';\n"),
    ("UPPER", "%k = os.getenv(\"%k\", \"%v\")\n"),
    ("UPPER", "define('%k', '%v');\n"),
    ("UPPER", "%k = '%v'\n"),
    ("UPPER", "#define %k \"%v\"\n"),
    ("UPPER", "const %k = \"%v\";\n"),
    ("UPPER", "public static final String %k = \"%v\";\n"),
    ("snake", "%w:\n  host: localhost\n  username: %w\n  %k: %v\n"),
    ("snake", "  %k: \"%v\"\n"),
    ("snake", "  %k: '%v'\n"),
    ("snake", "%k = %v\n"),
    ("snake", "%k=%v\n"),
    ("snake", "; %w settings\n%k = %v\n"),
    ("snake", "%k = \"%v\"\n"),
    ("snake", "  \"%k\": \"%v\",\n"),
    ("snake", "{\"%w\": \"%w\", \"%k\": \"%v\"}\n"),
    ("snake", "'{\\\"%w\\\": \\\"%w\\\", \\\"%k\\\": \\\"%v\\\"}'\n"),
    ("snake", "    '%k' => '%v',\n"),
    ("snake", "    :%k => \"%v\",\n"),
    ("snake", "  %k: '%v',\n"),
    ("snake", "$%k = '%v';\n"),
    ("snake", "$config['%k'] = '%v';\n"),
    ("snake", "my $%k = '%v';\n"),
    ("snake", "config.%k = \"%v\"\n"),
    ("snake", "conn = connect(host=\"%w\", user=\"%w\", %k=\"%v\")\n"),
    ("snake", "def connect(user, %k=\"%v\"):\n"),
    ("snake", "if %k == \"%v\":\n"),
    ("snake", "let %k = \"%v\";\n"),
    ("snake", "let %k: &str = \"%v\";\n"),
    ("snake", "const char *%k = \"%v\";\n"),
    ("snake", "static char %k[] = \"%v\";\n"),
    ("snake", "curl \"https://%w.test/v1/list?%k=%v&page=1\"\n"),
    ("snake", "GET /%w?%k=%v HTTP/1.1\n"),
    ("snake", "variable \"%k\" {\n  default = \"%v\"\n}\n"),
    ("snake", "resource \"%w\" \"%w\" {\n  %k = \"%v\"\n}\n"),
    ("snake", "<%k>%v</%k>\n"),
    ("snake", "%k %v\n"),
    ("snake", "assert_equal \"%v\", %k\n"),
    ("snake", "# %k: %v\n"),
    ("snake", "// %k = \"%v\"\n"),
    ("snake", "%k: |\n  %v\n"),
    ("snake", "self.%k = \"%v\"\n"),
    ("snake", "data = dict(%w='%w', %k='%v')\n"),
    ("snake", "%w,%w,%k=%v\n"),
    ("snake", "* `%k`: `%v`\n"),
    ("camel", "  %k: \"%v\",\n"),
    ("camel", "const %k = '%v';\n"),
    ("camel", "var %k = \"%v\";\n"),
    ("camel", "String %k = \"%v\";\n"),
    ("camel", "private String %k = \"%v\";\n"),
    ("camel", "val %k = \"%v\"\n"),
    ("camel", "val %k: String = \"%v\"\n"),
    ("camel", "%k := \"%v\"\n"),
    ("camel", "\t%k: \"%v\",\n"),
    ("camel", "var %k string = \"%v\"\n"),
    ("camel", "NSString *%k = @\"%v\";\n"),
    ("camel", "string %k = @\"%v\";\n"),
    ("camel", "<add key=\"%k\" value=\"%v\" />\n"),
    ("camel", "<property name=\"%k\" value=\"%v\"/>\n"),
    ("camel", "<%k>%v</%k>\n"),
    ("camel", "props.setProperty(\"%k\", \"%v\");\n"),
    ("camel", "map.put(\"%k\", \"%v\");\n"),
    ("camel", "new Client({ %k: '%v', region: '%w' })\n"),
    ("camel", "if (%k === '%v') {\n"),
    ("camel", "if (%k.equals(\"%v\")) {\n"),
    ("camel", "Server=%w;Database=%w;User Id=%w;%k=%v;\n"),
    ("camel", "\"%k\": \"%v\"\n"),
    ("camel", "'%k': '%v'\n"),
    ("camel", "it('works', () => login({ user: '%w', %k: '%v' }))\n"),
    ("camel", "client.set_%k(\"%v\")\n"),
    ("camel", "builder.%k(\"%v\").build()\n"),
    ("kebab", "--%k=%v\n"),
    ("kebab", "%w login --user %w --%k %v\n"),
    ("kebab", "  %k: %v\n"),
    ("kebab", "%w --%k \"%v\"\n"),
    ("kebab", "\"%k\": \"%v\",\n"),
    ("kebab", "<%k>%v</%k>\n"),
    ("kebab", "X-%k: %v\n"),
    ("dotted", "%k=%v\n"),
    ("dotted", "%k = %v\n"),
    ("dotted", "spring.%k=%v\n"),
    ("dotted", "%k: %v\n"),
    ("dotted", "-D%k=%v\n"),
    ("ja", "%k：%v\n"),
    ("ja", "%k: %v\n"),
    ("ja", "%kは「%v」です。\n"),
    ("ja", "%kは%vです。\n"),
    ("ja", "ID：%w　%k：%v\n"),
    ("ja", "初期%kは %v になります。\n"),
    ("ja", "・%k　%v\n"),
    ("ja", "%k=%v\n"),
    ("ja", "ログイン名 %w / %k %v\n"),
    ("sql", "CREATE USER '%w'@'localhost' IDENTIFIED BY '%v';\n"),
    ("sql", "ALTER USER %w WITH PASSWORD '%v';\n"),
    ("sql", "CREATE ROLE %w LOGIN PASSWORD '%v';\n"),
    ("sql", "SET PASSWORD = '%v';\n"),
    ("auth", "Authorization: Bearer %v\n"),
    ("auth", "curl -H \"Authorization: Bearer %v\" https://%w.test\n"),
    ("auth", "headers = {\"Authorization\": \"Bearer %v\"}\n"),
    ("auth", "  'Authorization': 'token %v',\n"),
    ("auth", "Authorization: Basic %v\n"),
];

/// Values that are none.
pub(super) const OTHERS: &[&str] = &[
    "${%u}",
    "$%u",
    "{{ %w_%w }}",
    "{{%w}}",
    "%(%w)s",
    "<%w>",
    "<%w-%w>",
    "string",
    "String",
    "null",
    "None",
    "true",
    "false",
    "required",
    "undefined",
    "nil",
    "%w.%w",
    "get_%w()",
    "os.getenv('%u')",
    "process.env.%u",
    "config.%w.%w",
    "%w_%w",
    "%w",
    "%u",
    "%u_%u",
    "/etc/%w/%w",
    "/run/secrets/%w_%w",
    "./%w/%w.pem",
    "https://%w.example.com/%w",
    "Please enter your %w",
    "The %w is invalid",
    "%w %w",
    "Enter %w",
    "Your %w",
    "function",
    "optional",
    "%w-%w-%w",
    "!vault",
    "!Ref %w",
    "&%w",
    "*%w",
    "ENC(%w)",
    "${%w.%w}",
    "$(%w %w)",
    "`%w`",
    "$%w",
    "@%w",
    "%%%u%%",
    "%w[%w]",
    "self.%w",
    "req.body.%w",
    "args.%w",
    "options.%w",
    "%wInput",
    "%wField",
    "#%w",
    ".%w-%w",
    "%w/%w",
    "パスワード",
    "パスワードを入力してください",
    "トークン",
    "8文字以上",
    "必須",
    "********",
    "••••••••",
    "AbstractPassword%w",
    "random",
    "generated",
    "(hidden)",
    "[%w]",
    "{%w}",
    "{0}",
    "%s",
    "%%s",
    "varchar(255)",
    "text",
    "hidden",
    "sha256",
    "md5",
    "bcrypt",
    "RS256",
    "HS256",
    "Bearer",
    "Basic",
    "oauth2",
    "{%w}:{%w}",
    "resource.%w.%w.result",
    "data.%w.%w",
    "var.%w_%w",
    "local.%w",
    "each.value.%w",
    "module.%w.%w",
    "random_password.%w.result",
    "secretsmanager:%w",
    "vault:secret/data/%w#%w",
    "ssm:/%w/%w",
    "op://%w/%w/%w",
    "arn:aws:secretsmanager:%w",
    "file(\"%w\")",
    "Password",
    "New password",
    "Confirm password",
    "Forgot password?",
    "token",
    "access_token",
    "X-%w-%w",
    "20",
    "3600",
    "1.2.3",
    "2024-01-01",
    "0.0.0.0",
    "10m",
    "24h",
    "true,",
    "changed",
    "^[a-zA-Z0-9]{8,}$",
    "[A-Za-z0-9]+",
    "\\\\w+",
    "%w@example.com",
];

/// Names of what is no secret though it may be as rare as one.
const OPEN: &[&str] = &[
    "public_key",
    "publicKey",
    "PUBLIC_KEY",
    "publicKeyToken",
    "public_key_token",
    "key_id",
    "keyId",
    "KEY_ID",
    "token_id",
    "tokenId",
    "secret_id",
    "secret_name",
    "secretArn",
    "sort_key",
    "partition_key",
    "cache_key",
    "cacheKey",
    "primary_key",
    "foreign_key",
    "key_name",
    "keyName",
    "key_path",
    "token_url",
    "tokenUrl",
    "auth_url",
    "key_fingerprint",
    "key_hash",
    "key_digest",
    "cache_key_hash",
    "publishable_key",
    "token_endpoint",
    "auth_uri",
    "key_version",
    "keyVersion",
    "credential_id",
    "credentialId",
    "authorId",
    "auth_domain",
    "pubkey",
    "pub_key",
    "ssh_public_key",
    "host_key_sha256",
    "key_checksum",
    "token_address",
    "tokenAddress",
    "author_key_id",
];

/// A name of what is no secret with a rare value.
pub(super) fn open(words: &[String], random: &mut Random) -> (String, String) {
    let forms = [
        "%k = \"%v\"\n",
        "%k: \"%v\",\n",
        "\"%k\": \"%v\",\n",
        "%k=%v\n",
        "%k: %v\n",
        "const %k = '%v';\n",
        "<add key=\"%k\" value=\"%v\"/>\n",
        "%k=\"%v\" ",
        "<%k>%v</%k>\n",
        "'%k' => '%v',\n",
    ];
    let value = if random.percent(80) {
        random.token()
    } else {
        words.get(random.below(words.len())).cloned().unwrap_or_default()
    };
    let text = random.pick(&forms).replace("%k", random.pick(OPEN)).replace("%v", &value);
    (text, value)
}

const NAMES: [(Kind, &[&str], &[&str]); 6] = [
    (
        Kind::Password,
        &[
            "password",
            "passwd",
            "pwd",
            "pass",
            "passphrase",
            "user_password",
            "db_password",
            "admin_password",
            "root_password",
            "smtp_password",
            "mysql_root_password",
            "postgres_password",
            "redis_password",
            "keystore_password",
            "db_pass",
            "default_password",
            "login_password",
            "datasource_password",
            "ftp_pass",
            "key_passphrase",
            "password1",
            "user_pwd",
            "sa_password",
            "wifi_password",
            "proxy_password",
        ],
        &[
            "パスワード",
            "PW",
            "ログインパスワード",
            "暗証番号",
            "合言葉",
            "パスフレーズ",
            "管理者パスワード",
            "解凍パスワード",
        ],
    ),
    (
        Kind::Secret,
        &[
            "secret",
            "client_secret",
            "app_secret",
            "jwt_secret",
            "session_secret",
            "api_secret",
            "consumer_secret",
            "webhook_secret",
            "shared_secret",
            "secret_value",
            "credential",
            "credentials",
            "oauth_secret",
            "aws_secret",
            "cookie_secret",
        ],
        &["シークレット", "クライアントシークレット"],
    ),
    (
        Kind::Token,
        &[
            "token",
            "access_token",
            "auth_token",
            "api_token",
            "refresh_token",
            "bearer_token",
            "bot_token",
            "slack_token",
            "github_token",
            "deploy_token",
            "secret_token",
            "session_token",
            "user_token",
            "vault_token",
            "csrf_token",
        ],
        &["トークン", "アクセストークン"],
    ),
    (
        Kind::Key,
        &[
            "api_key",
            "apikey",
            "access_key",
            "secret_key",
            "private_key",
            "encryption_key",
            "auth_key",
            "app_key",
            "account_key",
            "license_key",
            "master_key",
            "signing_key",
            "key",
            "secret_key_base",
            "aws_secret_access_key",
            "consumer_key",
            "storage_key",
            "subscription_key",
            "ssh_key",
            "shared_key",
        ],
        &["APIキー", "アクセスキー", "認証キー", "秘密鍵"],
    ),
    (Kind::Auth, &["auth", "authorization", "basic_auth", "_auth", "proxy_authorization", "http_auth"], &["auth"]),
    (Kind::Salt, &["salt", "nonce", "password_salt", "hash_salt", "seed", "client_nonce", "salt_value"], &["salt"]),
];

/// Whether the real context could hold a credential: then one is put there.
pub(super) fn transplant(
    window: &Window<'_>,
    candidate: &Candidate,
    tongue: Tongue,
    value: &str,
    random: &mut Random,
) -> Option<String> {
    let range = candidate.value();
    let (head, rest) = (window.text.get(..range.start)?, window.text.get(range.end..)?);
    if candidate.quote() != Quote::None || tongue != Tongue::Code {
        return Some(format!("{head}{value}{rest}"));
    }
    // Code becomes a literal: all of the expression goes.
    let end = rest.find([';', '\n', ',']).unwrap_or(rest.len());
    let quote = if random.percent(50) { '"' } else { '\'' };
    Some(format!("{head}{quote}{value}{quote}{}", rest.get(end..)?))
}

/// The name of a kind, written in that way.
fn name(kind: Kind, style: &str, random: &mut Random) -> String {
    let list = NAMES.iter().find(|(named, _, _)| *named == kind);
    let Some((_, english, japanese)) = list else { return String::new() };
    if style == "ja" {
        return random.pick(japanese).to_owned();
    }
    let mut snake = random.pick(english).to_owned();
    if random.percent(25) {
        let owner = random
            .pick(&["prod", "app", "service", "acme", "my", "test", "main", "web", "dev", "backend", "mail", "remote"]);
        snake = format!("{owner}_{snake}");
    }
    let camel = || {
        let mut parts = snake.split('_').filter(|part| !part.is_empty());
        let first = parts.next().unwrap_or_default().to_owned();
        first
            + &parts
                .map(|part| part.get(..1).unwrap_or_default().to_uppercase() + part.get(1..).unwrap_or_default())
                .collect::<String>()
    };
    match style {
        "UPPER" => snake.to_uppercase(),
        "camel" => camel(),
        "kebab" => snake.replace('_', "-"),
        "dotted" => snake.replace('_', "."),
        _ => snake,
    }
}

/// A value of a kind.
pub(super) fn value(kind: Kind, bare: bool, words: &[String], random: &mut Random) -> String {
    let typed = match kind {
        Kind::Key if bare => 0,
        Kind::Password => 80,
        Kind::Secret => 30,
        Kind::Key | Kind::Token | Kind::Auth => 10,
        Kind::Salt => 20,
    };
    if random.percent(typed) { random.password(words) } else { random.token() }
}

/// One example from a template: the text, and where its value is no credential, `false`.
pub(super) fn written(
    template: usize,
    positive: bool,
    words: &[String],
    real: &[String],
    random: &mut Random,
) -> Option<(String, String)> {
    let (style, template) = TEMPLATES.get(template)?;
    let kinds = [
        Kind::Password,
        Kind::Password,
        Kind::Password,
        Kind::Secret,
        Kind::Token,
        Kind::Key,
        Kind::Key,
        Kind::Auth,
        Kind::Salt,
    ];
    let kind = match *style {
        "sql" => Kind::Password,
        "auth" => Kind::Auth,
        _ => kinds.get(random.below(kinds.len())).copied()?,
    };
    let word = |random: &mut Random| words.get(random.below(words.len().min(3000))).cloned().unwrap_or_default();
    let value = if positive {
        if *style == "auth" || kind == Kind::Auth { random.token() } else { value(kind, false, words, random) }
    } else if random.percent(35) && !real.is_empty() {
        real.get(random.below(real.len())).cloned()?
    } else {
        let mut text = random.pick(OTHERS).to_owned();
        while let Some(at) = text.find("%w") {
            text.replace_range(at..at + 2, &word(random));
        }
        while let Some(at) = text.find("%u") {
            text.replace_range(at..at + 2, &word(random).to_uppercase());
        }
        text
    };
    if value.contains(['"', '\'', '\n', '\\']) && positive {
        return None;
    }
    let mut text = template.replace("%k", &name(kind, style, random));
    while let Some(at) = text.find("%w") {
        text.replace_range(at..at + 2, &word(random));
    }
    Some((text.replace("%v", &value), value))
}
