//! Words that say something about a name or a line. The model weighs them; none of them decides alone.

/// After the noun: the value is something about the credential, not the credential.
pub(super) const TAIL_OTHER: &[&str] = &[
    "length", "len", "min", "max", "size", "policy", "field", "fields", "label", "labels", "url", "uri", "path", "file",
    "filename", "dir", "name", "names", "id", "ids", "type", "types", "count", "expire", "expires", "expiry",
    "expiration", "expired", "ttl", "timeout", "hint", "regex", "regexp", "pattern", "algorithm", "alg", "algo",
    "endpoint", "header", "headers", "prefix", "suffix", "format", "message", "msg", "error", "errors", "text", "title",
    "placeholder", "help", "description", "desc", "input", "reset", "change", "changed", "confirm", "confirmation",
    "strength", "rules", "validator", "validation", "encoder", "encoding", "manager", "provider", "service", "store",
    "storage", "class", "style", "icon", "button", "form", "view", "page", "screen", "event", "action", "required",
    "enabled", "valid", "invalid", "exists", "mode", "method", "source", "param", "parameter", "arg", "attr",
    "attribute", "column", "table", "index", "idx", "version", "scope", "scopes", "issuer", "audience", "kind", "status",
    "state", "lifetime", "period", "rotation", "cache", "ref", "arn", "location", "env", "var", "variable", "lookup",
    "size", "bits", "bytes", "selector", "template", "info", "list", "set", "map", "usage", "property", "option",
    "handler", "callback", "function", "func", "fn", "code", "press", "down", "up", "press", "board", "word", "words",
    "vault", "resolver", "generator", "request", "response", "filter", "flow", "backend", "backends", "module", "realm",
    "iterations", "rounds", "cost", "plugin", "driver", "node", "color", "width", "height", "image",
];

/// After the noun: it is still the credential.
pub(super) const TAIL_SAME: &[&str] = &[
    "value", "val", "string", "str", "default", "prod", "production", "dev", "development", "staging", "stage", "live",
    "test", "base", "b", "a", "raw", "plain", "plaintext", "key", "secret", "old", "new", "current", "primary",
    "secondary", "hex", "equals", "equal", "eq", "is", "sandbox", "local", "main", "master", "backup", "v", "jp", "us",
];

/// Before the noun: the text is about a form, a rule or a state.
pub(super) const HEAD_OTHER: &[&str] = &[
    "i18n", "label", "labels", "validation", "validate", "error", "errors", "message", "messages", "msg", "min", "max",
    "has", "is", "no", "hash", "hashed", "reset", "forgot", "forget", "forgotten", "change", "confirm", "confirmation",
    "repeat", "retype", "show", "hide", "toggle", "require", "required", "missing", "invalid", "incorrect", "wrong",
    "placeholder", "title", "text", "help", "hint", "field", "input", "form", "column", "col", "attr", "attribute",
    "event", "action", "type", "enum", "translation", "lang", "locale", "ui", "css", "class", "style", "icon", "btn",
    "button", "link", "menu", "page", "public", "primary", "foreign", "unique", "cache", "sort", "partition", "hot",
    "csrf", "xsrf", "next", "page", "continuation", "pagination", "syntax", "lexer", "parse", "parser", "end", "start",
    "string", "delimiter", "separator", "operator", "keyword", "punctuation", "supports", "allow", "enable", "disable",
    "use", "need", "needs", "should", "update", "param", "header", "cookie", "session", "query", "env", "grant",
    "request", "response", "get", "delete", "remove", "add", "create",
];

/// Before the noun: whose credential it is.
pub(super) const HEAD_OWNER: &[&str] = &[
    "db", "database", "admin", "administrator", "root", "user", "smtp", "mail", "email", "mysql", "postgres", "pg",
    "postgresql", "redis", "mongo", "mongodb", "api", "client", "aws", "azure", "gcp", "google", "github", "gitlab",
    "slack", "stripe", "twilio", "master", "app", "application", "service", "ftp", "sftp", "ssh", "ldap", "bind", "jwt",
    "oauth", "consumer", "bot", "access", "refresh", "bearer", "signing", "encryption", "private", "server", "sql",
    "oracle", "rabbitmq", "amqp", "kafka", "elastic", "elasticsearch", "keystore", "truststore", "store", "ssl", "tls",
    "vault", "jenkins", "sonar", "npm", "docker", "registry", "proxy", "wifi", "wpa", "facebook", "twitter", "line",
    "django", "flask", "rails", "laravel", "secret", "session", "webhook", "account", "login", "auth", "my", "default",
    "jdbc", "datasource", "spring", "security", "telegram", "discord", "sendgrid", "mailgun", "datadog", "sentry",
];

/// Before the noun: something is done with the credential.
pub(super) const HEAD_VERB: &[&str] = &[
    "get", "fetch", "read", "load", "find", "validate", "check", "verify", "hash", "encrypt", "decrypt", "generate",
    "create", "make", "build", "parse", "is", "has", "can", "should", "on", "handle", "render", "reset", "update",
    "delete", "remove", "revoke", "refresh", "request", "require", "assert", "expect", "test", "prompt", "ask",
];

/// In a value: somebody is told to put his own there.
pub(super) const PLACEHOLDER: &[&str] = &[
    "your", "example", "sample", "dummy", "here", "change", "changeme", "insert", "replace", "placeholder", "todo",
    "foo", "bar", "baz", "xxx", "xxxx", "some", "enter", "redacted", "hidden", "masked", "null", "none", "undefined",
    "fake", "mock", "test", "testing", "secret", "password", "token", "key", "user", "value", "string", "my", "the",
    "this", "invalid", "not", "must", "should", "please", "name", "id", "default", "field", "required",
];

/// Whole values that are words of a language or a schema.
pub(super) const TYPES: &[&str] = &[
    "string", "str", "text", "bool", "boolean", "int", "integer", "number", "float", "double", "object", "array",
    "bytes", "byte", "char", "varchar", "null", "none", "nil", "undefined", "true", "false", "yes", "no", "required",
    "optional", "any", "void", "self", "this", "password", "passwd", "secret", "token", "key", "apikey", "api_key",
    "user", "username", "email", "header", "query", "cookie", "body", "hidden", "input", "submit", "file", "env",
    "basic", "bearer", "digest", "oauth", "oauth2", "jwt", "never", "always", "auto", "default", "enabled", "disabled",
    "on", "off", "function", "type", "option", "select", "name", "value", "id", "plain", "plaintext", "login", "random",
    "access_token", "refresh_token", "id_token", "client_secret", "client_id", "authorization", "authorization_code",
];

/// Passwords that everybody knows.
pub(super) const WEAK: &[&str] = &[
    "qwerty", "letmein", "admin", "root", "passw", "welcome", "monkey", "dragon", "iloveyou", "abc", "hunter", "master",
    "sunshine", "princess", "football", "baseball", "shadow", "superman", "trustno", "qwertyuiop", "asdfgh", "zxcvbn",
    "qazwsx", "pssw", "pssword", "password", "pass", "changeit", "secret", "toor", "guest", "123456", "12345678",
    "1234", "12345", "111111", "postgres", "mysql", "tiger", "manager", "s3cret", "s3cr3t", "scrt", "topsecret",
    "supersecret", "opensesame", "swordfish", "sesame", "test", "testtest", "foobar", "bitnami", "vagrant", "minio",
];

/// On the line: code rather than a setting.
pub(super) const NEAR_CODE: &[&str] =
    &["function", "return", "=>", "->", "if ", "if(", "import", "require", "&&", "||", "throw", "raise", "assert", "typeof", "instanceof"];

/// On the line: a text for people.
pub(super) const NEAR_LABEL: &[&str] = &[
    "label", "placeholder", "title", "message", "error", "description", "help", "hint", "prompt", "i18n", "translate",
    "gettext", "tooltip", "regex", "pattern", "validat", "schema", "type", "class=", "id=", "href", "xpath", "selector",
];

/// On the line: a test or an example.
pub(super) const NEAR_TEST: &[&str] = &["assert", "expect", "test", "mock", "example", "fixture", "should", "given", "e.g", "usage"];

/// Near by: an account.
pub(super) const NEAR_LOGIN: &[&str] = &["user", "login", "host", "port", "database", "smtp", "server", "connect", "account", "admin", "auth", "url"];

/// Near by: a form, a list of texts, a grammar.
pub(super) const NEAR_FORM: &[&str] = &["label", "cancel", "submit", "forgot", "confirm", "placeholder", "button", "please", "invalid", "required", "sign in", "enum", "schema", "i18n", "locale"];
