class Client:
    def __init__(self, host, user=None, ‹password|password=None›, ‹token|token: str = None›):
        self.host = host
        ‹password|self.password = password›
        ‹token|self.token = token or os.environ.get("{{Word}}_TOKEN")›
        ‹auth|self.auth = HTTPBasicAuth(user, password)›
        ‹key|self.key = kwargs.get("key")›

    def connect(self):
        conn = psycopg2.connect(host="{{host}}", user="{{user}}", password="«password|{{pw}}»")
        ‹password|engine = create_engine(URL.create("mysql", password=self.password))›
        ssh.connect("{{host}}", username="{{user}}", password='«password|{{pw}}»')
        smtp.login("{{user}}", ‹password|self.password›)
        ‹password|password = input("Enter password: ")›
        ‹password|parser.add_argument("--password", help="the password")›
        ‹password|parser.add_argument("--password", default=None)›
        api = Api(api_key="«key|{{alnum:32}}»", api_secret="«secret|{{alnum:40}}»")
        ‹key|sorted(items, key=lambda item: item.name)›
        ‹key|for key in ("{{word}}", "{{word}}"):›
        ‹key|row["key"] = "{{word}}"›
        requests.get(url, params={"access_token": "«token|{{alnum:64}}»"})
        ‹token|tokens = tokenizer.encode("{{word}} {{word}}")›
        ‹token|token = tokens[0]›
        ‹token|if token == "(":›
        ‹secret|secret = client.access_secret_version(name=name).payload.data›
        fernet_key = b'«key|{{b64url:43}}=»'
        ‹key|raise KeyError("missing key: " + key)›
