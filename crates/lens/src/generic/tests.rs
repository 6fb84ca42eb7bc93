//! What the parser makes of texts, and what the features are.

use super::*;

fn at<'t>(text: &'t str, trigger: &str) -> Option<(Candidate, Window<'t>)> {
    let place = text.to_ascii_lowercase().find(trigger).unwrap();
    let window = Window { text, at: place, starts: true, ends: true };
    Candidate::at(&window).map(|candidate| (candidate, window))
}

/// `expected` is the value; empty where there is no assignment.
fn check(trigger: &str, text: &str, expected: &str) {
    let value = at(text, trigger).map(|(candidate, window)| window.text.get(candidate.value()).unwrap().to_owned());
    assert_eq!(value.as_deref().unwrap_or(""), expected, "{text}");
}

#[test]
fn values_are_cut_out_of_every_kind_of_assignment() {
    for (text, expected) in [
        ("password = \"abcd1\"", "abcd1"),
        ("password: 'ab cd'", "ab cd"),
        ("DB_PASSWORD=abcd1\nNEXT=1", "abcd1"),
        ("export DB_PASSWORD=ab#cd1;\n", "ab#cd1"),
        ("dbPassword := `abcd1`", "abcd1"),
        ("const dbPassword string = \"abcd1\"", "abcd1"),
        ("let password: &'static str = \"abcd1\";", "abcd1"),
        ("let password: Option<String> = Some(\"abcd1\".into());", "abcd1"),
        ("char password[32] = \"abcd1\";", "abcd1"),
        ("{\"password\":\"abcd1\"}", "abcd1"),
        ("'{\\\"password\\\": \\\"abcd1\\\"}'", "abcd1"),
        ("'password' => 'abcd1',", "abcd1"),
        ("$cfg['db']['password'] = 'abcd1';", "abcd1"),
        ("os.environ[\"PASSWORD\"] = \"abcd1\"", "abcd1"),
        ("define('DB_PASSWORD', 'abcd1');", "abcd1"),
        ("p.setPassword(\"abcd1\");", "abcd1"),
        (".password(\"abcd1\")", "abcd1"),
        ("--password=abcd1 --x", "abcd1"),
        ("tool --password abcd1 --x", "abcd1"),
        ("<password>abcd1</password>", "abcd1"),
        ("<add key=\"Password\" value=\"abcd1\"/>", "abcd1"),
        ("- name: PASSWORD\n  value: abcd1\n", "abcd1"),
        ("password: |\n  abcd1\n", "abcd1"),
        ("Server=x;Password=abcd1;Port=1", "abcd1"),
        ("CREATE USER x WITH PASSWORD 'abcd1';", "abcd1"),
        ("if (password == \"abcd1\")", "abcd1"),
        ("os.getenv(\"PASSWORD\", \"abcd1\")", "abcd1"),
        ("password = os.getenv(\"X\", \"abcd1\")", "abcd1"),
        ("NSString *password = @\"abcd1\";", "abcd1"),
        ("password =\n    \"abcd1\"", "abcd1"),
        ("password { \"abcd1\" }", "abcd1"),
        ("fill_in 'user_password', with: 'abcd1'", "abcd1"),
        ("variable \"password\" {\n  type = string\n  default = \"abcd1\"\n}", "abcd1"),
        ("$Password = ConvertTo-SecureString \"abcd1\" -AsPlainText", "abcd1"),
        ("getPassword(\"abcd1\")", ""),
        ("fields = [\"password\", \"abcd1\"]", ""),
        ("password is required", ""),
        ("the passwords, which", ""),
        ("getPassword()", ""),
        ("pass\n    return 1", ""),
    ] {
        check("pass", text, expected);
    }
    for (text, expected) in [
        ("パスワードは「abcd1」です。", "abcd1"),
        ("パスワード: abcd1", "abcd1"),
        ("パスワードは abcd1 です", "abcd1"),
        ("パスワードはabcd1です", "abcd1"),
    ] {
        check("パスワード", text, expected);
    }
    check("token", "GET /x?token=abcd1&page=1", "abcd1");
    check("auth", "basic_auth(\"user\", \"abcd1\")", "abcd1");
    check("auth", "basic_auth(\"user\", password)", "");
    check("auth", "Authorization: Bearer abcd1", "abcd1");
    check("identified by", "CREATE USER 'x'@'%' IDENTIFIED BY 'abcd1';", "abcd1");
}

#[test]
fn every_feature_has_its_place() {
    let (candidate, window) = at("password = \"abcd1\"", "pass").unwrap();
    assert_eq!(features::count(window.text, &candidate), FEATURES);
}

#[test]
fn the_folders_say_what_the_code_says() {
    let kinds = ["password", "secret", "token", "key", "auth", "salt"];
    for (kind, literals) in kinds.iter().zip(key::LITERALS) {
        let rule = crate::Rule::by_id(&format!("generic-{kind}")).unwrap();
        assert_eq!(rule.literals, literals, "{kind}");
    }
}
