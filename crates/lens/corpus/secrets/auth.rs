//! Signing in.
‹password|const PASSWORD_ENV: &str = "APP_PASSWORD";›
const DEFAULT_PASSWORD: &str = "«password|{{pw}}»";
static API_TOKEN: &str = "«token|{{alnum:40}}»";
‹token|pub token: String,›
‹password|pub fn login(user: &str, password: &str) -> Result<Session, Error> {›
‹password|    let password = std::env::var("DB_PASSWORD")?;›
‹token|    let token = Token::new(kind, span);›
‹token|    Token::Ident("{{word}}") => self.next(),›
‹key|    map.insert("key", "{{word}}");›
    let client = Client::builder().basic_auth("{{user}}", Some("{{word}}"));
    let secret = b"«secret|{{alnum:32}}»";
‹secret|    let secret = Secret::generate();›
‹password|    .arg(Arg::new("password").long("password").help("The password"))›
    let config = Config { user: "{{user}}".into(), password: "«password|{{pw}}»".to_string(), ..Config::default() };
‹password|    assert_eq!(config.password, "");›
‹salt|    let nonce = Nonce::from_slice(&bytes);›
‹key|    #[serde(rename = "apiKey")]›
‹auth|    #[error("unauthorized: `{0}`")]›
}
