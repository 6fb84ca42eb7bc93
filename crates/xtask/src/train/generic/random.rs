//! Values as people and machines make them; the same on every run.

/// SplitMix64.
pub(super) struct Random(pub(super) u64);

pub(super) const LOWER: &[u8] = b"abcdefghijklmnopqrstuvwxyz";
const UPPER: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const DIGIT: &[u8] = b"0123456789";
const HEX: &[u8] = b"0123456789abcdef";
const UPPER_HEX: &[u8] = b"0123456789ABCDEF";
const ALNUM: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const LOWER_ALNUM: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";
const UPPER_ALNUM: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE64URL: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const TYPED: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789!#%&*+-=?@^_~";
const SIGNS: &[u8] = b"!@#$%^&*._-+=?~";

const COMMON: [&str; 44] = [
    "qwerty",
    "letmein",
    "welcome",
    "dragon",
    "monkey",
    "sunshine",
    "princess",
    "football",
    "baseball",
    "master",
    "shadow",
    "superman",
    "hunter",
    "trustno",
    "iloveyou",
    "admin",
    "root",
    "changeit",
    "toor",
    "guest",
    "asdf",
    "qazwsx",
    "zaq12wsx",
    "1q2w3e4r",
    "abc123",
    "pa55word",
    "passw0rd",
    "p4ssw0rd",
    "s3cret",
    "s3cr3t",
    "secret",
    "topsecret",
    "supersecret",
    "swordfish",
    "tiger",
    "foobar",
    "postgres",
    "hello",
    "world",
    "test",
    "pass",
    "password",
    "mypass",
    "mysecret",
];
const ROMAJI: [&str; 24] = [
    "sakura", "tanaka", "suzuki", "yamada", "hanako", "taro", "tokyo", "osaka", "kyoto", "fuji", "himitsu", "neko",
    "inu", "kaisha", "keiri", "soumu", "jinji", "eigyo", "hikari", "umi", "natsu", "haru", "aki", "fuyu",
];

impl Random {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `limit`.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(limit.max(1)).unwrap_or(1)).unwrap_or(0)
    }

    pub(super) fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(super) fn pick<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T
    where
        &'a T: Default,
    {
        let place = self.below(list.len());
        list.get(place).copied().unwrap_or_default()
    }

    pub(super) fn of(&mut self, alphabet: &[u8], length: usize) -> String {
        (0..length)
            .filter_map(|_| {
                let place = self.below(alphabet.len());
                alphabet.get(place)
            })
            .map(|byte| char::from(*byte))
            .collect()
    }

    /// A token as machines make them.
    pub(super) fn token(&mut self) -> String {
        let length = [16, 20, 24, 28, 30, 32, 36, 40, 43, 48, 64, 96];
        let length = length.get(self.below(length.len())).copied().unwrap_or(32)
            + if self.percent(30) { self.below(7) } else { 0 };
        match self.below(16) {
            0 | 1 => {
                let length = if self.percent(70) { 32 } else { length };
                self.of(HEX, length)
            }
            2 => {
                let length = [40, 64, 128].get(self.below(3)).copied().unwrap_or(64);
                self.of(HEX, length)
            }
            3 => self.of(UPPER_HEX, 32),
            4 | 5 => self.of(ALNUM, length),
            6 => self.of(LOWER_ALNUM, length),
            7 => {
                let length = 12 + self.below(20);
                self.of(UPPER_ALNUM, length)
            }
            8 | 9 => {
                let length = 42 + self.below(3);
                let body = self.of(BASE64, length);
                format!("{body}{}", self.pick(&["", "=", "=="]))
            }
            10 => self.of(BASE64URL, length),
            11 => format!(
                "{}-{}-{}-{}-{}",
                self.of(HEX, 8),
                self.of(HEX, 4),
                self.of(HEX, 4),
                self.of(HEX, 4),
                self.of(HEX, 12)
            ),
            12 => format!(
                "{}{}",
                self.pick(&["sk_", "key-", "tok_", "app-", "pk.", "xapp-", "v1.", "rk_", "AKx"]),
                self.of(ALNUM, 24)
            ),
            13 => format!("{}.{}.{}", self.of(BASE64URL, 20), self.of(BASE64URL, 24), self.of(BASE64URL, 30)),
            14 => format!("{}{}{}", self.of(ALNUM, 10), self.pick(&["-", "_", ".", ":", "/"]), self.of(ALNUM, 14)),
            _ => {
                let length = 8 + self.below(10);
                self.of(ALNUM, length)
            }
        }
    }

    /// A password as people choose them; `words` are ordinary words.
    pub(super) fn password(&mut self, words: &[String]) -> String {
        let word = |random: &mut Random| words.get(random.below(words.len())).cloned().unwrap_or_default();
        let capital = |text: &str| {
            let mut chars = text.chars();
            chars.next().map(|first| first.to_uppercase().collect::<String>() + chars.as_str()).unwrap_or_default()
        };
        let year = 1960 + self.below(70);
        match self.below(31) {
            0 => self.pick(&COMMON).to_owned(),
            1 => {
                let number = self.below(1000);
                format!("{}{number}", self.pick(&COMMON))
            }
            2 => format!(
                "{}{}",
                capital(self.pick(&COMMON)),
                self.pick(&["1", "123", "!", "1!", "@123", "#1", "2024", "12"])
            ),
            3 => {
                let number = self.below(10_000);
                format!("{}{number}", word(self))
            }
            4 => format!("{}{year}{}", capital(&word(self)), self.pick(&["", "!", "#", "$", "@"])),
            5 => format!("{}{}{}", capital(&word(self)), self.pick(&["@", "!", "#", "_", "-", "."]), self.below(9999)),
            6 => leet(&word(self), self),
            7 => {
                let word = capital(&word(self));
                format!("{}{}", leet(&word, self), self.pick(&["!", "1", "123", "!!", "#"]))
            }
            8 => format!("{}-{}-{}", word(self), word(self), word(self)),
            9 => format!("{}{}{}", capital(&word(self)), capital(&word(self)), self.below(100)),
            10 => format!("{}{}", self.pick(&ROMAJI), self.below(10_000)),
            11 => format!("{}{}", capital(self.pick(&ROMAJI)), self.pick(&["2023", "2024", "@1", "#99", "_01", "!"])),
            12 => self
                .pick(&[
                    "1qaz2wsx",
                    "qwer1234",
                    "asdf1234",
                    "zaq1@WSX",
                    "1q2w3e4r5t",
                    "qwertyuiop",
                    "1234qwer",
                    "q1w2e3r4",
                    "Qwerty!2345",
                    "asdfghjkl",
                    "!QAZ2wsx",
                    "poiuyt0987",
                ])
                .to_owned(),
            13 => {
                let length = 4 + self.below(6);
                self.of(DIGIT, length)
            }
            14..=16 => {
                let length = 5 + self.below(10);
                self.of(LOWER, length)
            }
            17 => {
                let length = 4 + self.below(9);
                format!("{}{}", self.of(UPPER, 1), self.of(LOWER, length))
            }
            18 => {
                let length = 4 + self.below(6);
                format!("{}{}", self.of(LOWER, length), {
                    let n = 1 + self.below(4);
                    self.of(DIGIT, n)
                })
            }
            19 | 20 => {
                let length = 8 + self.below(14);
                self.of(TYPED, length)
            }
            21 => {
                let length = 7 + self.below(12);
                self.of(LOWER_ALNUM, length)
            }
            22 => {
                let length = 8 + self.below(10);
                self.of(ALNUM, length)
            }
            23 => format!("{}{}{}{}", self.of(UPPER, 1), self.of(LOWER, 5), self.of(DIGIT, 3), self.of(SIGNS, 1)),
            24 => format!(
                "{}{}{}",
                self.pick(&["Test", "test", "Admin", "admin", "demo", "user", "root", "dev", "my", "My"]),
                self.pick(&["Pass", "pass", "Password", "password", "pw", "Pwd", "Secret", "secret"]),
                self.pick(&["", "1", "123", "1!", "123!", "_1", "2"])
            ),
            25 => format!("{}{}", word(self), word(self)),
            26 => format!("{}{}{}", word(self), word(self), word(self)),
            27 => format!("{}{}{}{}", word(self), self.pick(&[".", "_", "-"]), word(self), self.below(100)),
            28 => format!(
                "{}_{}_{}",
                self.pick(&["dev", "test", "prod", "app", "db", "my", "old", "new"]),
                self.pick(&["pass", "pw", "pwd", "secret"]),
                self.below(1000)
            ),
            29 => {
                let word = word(self);
                format!("{word}{word}{}", self.pick(&["", "1", "12", "!"]))
            }
            _ => {
                let a = 3 + self.below(5);
                let b = 3 + self.below(6);
                format!("{}{}{}", self.of(LOWER, a), self.pick(&["_", "-", "@", ".", "#"]), self.of(LOWER, b))
            }
        }
    }
}

fn leet(word: &str, random: &mut Random) -> String {
    let swap = |c: char, random: &mut Random| match c {
        'a' if random.percent(60) => '@',
        'e' if random.percent(60) => '3',
        'o' if random.percent(70) => '0',
        's' if random.percent(50) => '$',
        'i' if random.percent(60) => '1',
        other => other,
    };
    let text: String = word.chars().map(|c| swap(c, random)).collect();
    if text == word { format!("{text}{}", random.below(100)) } else { text }
}
