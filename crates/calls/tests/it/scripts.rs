//! Random scripts of a grammar, the same for a seed. The only program in them is `HIT`; what it is given tells where it stands.

/// SplitMix64, as in Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % u64::try_from(sides).unwrap()).unwrap()
    }

    fn of<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.roll(texts.len())]
    }
}

struct Writer {
    dice: Dice,
    /// `HIT`s so far: each has its number.
    hits: usize,
    functions: bool,
    loops: usize,
}

/// The script of a seed.
pub(crate) fn script(seed: u64) -> String {
    let mut writer = Writer { dice: Dice(seed), hits: 0, functions: false, loops: 0 };
    let mut text = "a=true b=: c=HIT\n".to_owned();
    for _ in 0..2 + writer.dice.roll(3) {
        let depth = 1 + writer.dice.roll(2);
        text.push_str(&writer.line(depth));
        text.push_str(if text.ends_with('\n') { "" } else { writer.dice.of(&["; ", "\n"]) });
    }
    // What was made is used at the end.
    for name in ["a", "b", "c"] {
        if writer.dice.roll(2) == 0 {
            text.push_str(&format!("${name}\n"));
        }
    }
    text
}

impl Writer {
    fn name(&mut self) -> &'static str {
        self.dice.of(&["a", "b", "c"])
    }

    fn hit(&mut self) -> String {
        self.hits += 1;
        format!("HIT {}", self.hits)
    }

    /// A text without quotes.
    fn text(&mut self) -> String {
        match self.dice.roll(9) {
            0..=3 => self.hit(),
            4 => format!("x{}", self.hit()),
            5 => self.hit().to_lowercase(),
            6 => format!("true,{}", self.hit().replace(' ', ",")),
            _ => self.dice.of(&["true", ":", "x", "HI", "T 0", "a", "2", "", "x.y.z", "f", "-n", "*"]).to_owned(),
        }
    }

    fn expansion(&mut self) -> String {
        let name = self.name();
        match self.dice.roll(26) {
            0..=6 => format!("${name}"),
            7 => format!("${{{name}}}"),
            8 => format!("${{{name}:-{}}}", self.text()),
            9 => format!("${{{name}:+{}}}", self.text()),
            10 => format!("${{{name}#x}}"),
            11 => format!("${{{name}%%[0-9]}}"),
            12 => format!("${{{name}##*,}}"),
            13 => format!("${{{name}/x/}}"),
            14 => format!("${{{name}//,/ }}"),
            15 => format!("${{{name}^^}}"),
            16 => format!("${{{name},,}}"),
            17 => format!("${{{name}:1}}"),
            18 => format!("${{{name}:0:3}}"),
            19 => format!("${{!{name}}}"),
            20 => format!("${{{name}[{}]}}", self.dice.roll(3)),
            21 => format!("${{{name}[@]}}"),
            22 => "$1".to_owned(),
            23 => self.dice.of(&["$@", "$*", "${@:2}", "$#"]).to_owned(),
            24 => format!("${{{name}=HIT 0}}"),
            _ => format!("${{{name}/[a-z]/{}}}", self.dice.of(&["", "H", "&"])),
        }
    }

    fn word(&mut self, depth: usize) -> String {
        match self.dice.roll(12) {
            0..=2 => format!("'{}'", self.text()),
            3 | 4 => format!("\"{}\"", self.expansion()),
            5 => format!("\"{} {}\"", self.text(), self.expansion()),
            6 => self.expansion(),
            7 if depth > 0 => format!("\"$({})\"", self.line(depth - 1).trim_end()),
            8 if depth > 0 => format!("`{}`", self.inner().trim_end()),
            9 => format!("$(({}))", self.sum()),
            10 => format!("$'{}'", self.text().replace('H', "\\x48")),
            _ => format!("\"{}\"", self.text()),
        }
    }

    /// A command without quotes that a backquote would have to escape.
    fn inner(&mut self) -> String {
        match self.dice.roll(3) {
            0 => format!("echo {}", self.text().replace('*', "x")),
            1 => format!("printf %s {}", self.name()),
            _ => self.hit(),
        }
    }

    fn sum(&mut self) -> String {
        let name = self.name();
        match self.dice.roll(6) {
            0 => "1 + 1".to_owned(),
            1 => format!("{name} + 1"),
            2 => format!("{name} = 2"),
            3 => format!("{name}++"),
            4 => "2 * (3 - 1)".to_owned(),
            _ => format!("{name} > 1 ? 2 : 0"),
        }
    }

    fn assignment(&mut self, depth: usize) -> String {
        let name = self.name();
        match self.dice.roll(16) {
            0..=6 => format!("{name}={}", self.word(depth)),
            7 => format!("{name}+={}", self.word(depth)),
            8 => format!("{name}=({} {})", self.word(depth), self.word(depth)),
            9 => format!("{name}[{}]={}", self.dice.roll(3), self.word(depth)),
            10 => format!("declare {} {name}={}", self.dice.of(&["-l", "-u", "-x", ""]), self.word(depth)),
            11 => format!(
                "printf -v {name} {} {}",
                self.dice.of(&["%s", "'%s '", "%.3s", "%5s", "'%s,%s'"]),
                self.word(depth)
            ),
            12 => format!("export {name}={}", self.word(depth)),
            13 => format!("unset {name}"),
            14 => format!("{name}={} {name}={}", self.word(depth), self.expansion()),
            _ => format!("read {} {name} <<< {}", self.dice.of(&["-r", "", "-r x", "-ra"]), self.word(depth)),
        }
    }

    fn plain(&mut self, depth: usize) -> String {
        match self.dice.roll(34) {
            0..=8 => self.assignment(depth),
            9..=11 => self.hit(),
            12 => format!("HIT {}", self.word(depth)),
            13 => self.expansion(),
            14 => format!("eval {}", self.word(depth)),
            15 => format!("echo {} | sh", self.word(depth)),
            16 => format!("printf '%s\\n' {} {} | sh", self.word(depth), self.word(depth)),
            17 => self.dice.of(&["true", "false", ":"]).to_owned(),
            18 => format!("cd {}", self.dice.of(&["d1", "nope", "..", "d1/d2", "-", "\"$a\""])),
            19 => "HIT \"$PWD\"".to_owned(),
            20 => format!("echo {} {} f1", self.word(depth), self.dice.of(&[">", ">>", "1<>"])),
            21 => self.dice.of(&[". ./f1", "sh f1", "sh < f1", "eval \"$(< f1)\"", "read -r a < f1"]).to_owned(),
            22 => format!("set -- {} {}", self.word(depth), self.word(depth)),
            23 => self.dice.of(&["shift", "set -e", "set +e", "IFS=,", "IFS=' '"]).to_owned(),
            24 => format!("({})", self.sum()).replace('(', "((").replace(')', "))"),
            25 => self.dice.of(&["exit", "return", "break", "continue"]).to_owned(),
            26 => format!("trap '{}' EXIT", self.hit()),
            27 => format!("{{HI,T}}T {}", self.dice.roll(9)),
            28 => format!("{{HIT,{},{{a,b}}}}", self.dice.roll(9)),
            29 if self.functions => format!("{} {}", self.dice.of(&["f", "g"]), self.word(depth)),
            30 => format!("command {}", self.expansion()),
            31 => format!(
                "{}={} {}",
                self.name(),
                self.word(depth),
                self.dice.of(&["f", "eval '$a'", "sh -c '$b'", "true"])
            ),
            32 => self
                .dice
                .of(&["exec 3>f1", "exec 3>&-", "pushd d1", "popd", "unset -f f", "shopt -s lastpipe"])
                .to_owned(),
            _ => format!("echo {} >&{}", self.word(depth), self.dice.of(&["2", "3", "1"])),
        }
    }

    fn block(&mut self, depth: usize) -> String {
        let mut text = String::new();
        for _ in 0..1 + self.dice.roll(3) {
            text.push_str(&self.line(depth));
            if !text.ends_with('\n') {
                text.push_str(self.dice.of(&["; ", "\n"]));
            }
        }
        text
    }

    fn line(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.plain(0);
        }
        let depth = depth - 1;
        match self.dice.roll(30) {
            0 | 1 => format!("{} && {}", self.plain(depth), self.plain(depth)),
            2 | 3 => format!("{} || {}", self.plain(depth), self.plain(depth)),
            4 => format!("if {}; then {}fi", self.plain(depth), self.block(depth)),
            5 => format!("if {}; then {}else {}fi", self.plain(depth), self.block(depth), self.block(depth)),
            6 => format!("case {} in x) {};; *) {};; esac", self.word(depth), self.plain(depth), self.plain(depth)),
            7 => format!("case x in x) {};& z) {};; esac", self.plain(depth), self.plain(depth)),
            8 => self.looped(depth),
            9 => format!("( {})", self.block(depth)),
            10 => format!("{{ {}}}", self.block(depth)),
            11 | 12 => {
                self.functions = true;
                let loops = std::mem::take(&mut self.loops);
                let body = self.block(depth);
                self.loops = loops;
                let local = self.dice.of(&["", "local a; ", "local b=true; ", "declare c=; "]);
                if self.dice.roll(9) == 0 {
                    return "HIT() { :; }".to_owned();
                }
                format!("{}() {{ {local}{body}}}", self.dice.of(&["f", "g"]))
            }
            13 => format!("! {}", self.plain(depth)),
            14 => format!(
                "{{ {}}} {}",
                self.block(depth),
                self.dice.of(&["> f1", "2>&1 | sh", "3>&1 | sh", ">&2", ">> f1"])
            ),
            15 => format!("{{ {}}} | sh", self.block(depth)),
            16 => {
                let quote = self.dice.of(&["", "'", "\\"]);
                let end = if quote == "'" { "'" } else { "" };
                let reader = self.dice.of(&["sh", "read -r a", ". /dev/stdin", "mapfile -t b"]);
                format!("{reader} <<{quote}E{end}\n{}\n{}\nE\n", self.text(), self.expansion())
            }
            17 => {
                let name = self.name();
                format!(
                    "printf '%s\\n' {} {} | while read -r {name}; do {}done",
                    self.word(depth),
                    self.word(depth),
                    self.block(depth)
                )
            }
            18 => format!(
                "printf '%s\\n' {} {} | {{ read -r a; {}}}",
                self.word(depth),
                self.word(depth),
                self.block(depth)
            ),
            19 => format!("{} & wait", self.plain(depth)),
            20 => format!("until {}; do {}; break; done", self.plain(depth), self.assignment(depth)),
            _ => self.plain(depth),
        }
    }

    fn looped(&mut self, depth: usize) -> String {
        let name = self.name();
        self.loops += 1;
        let body = self.block(depth);
        self.loops -= 1;
        match self.dice.roll(3) {
            0 => format!("for {name} in {} {}; do {body}done", self.word(depth), self.word(depth)),
            1 => format!("for {name} in {{1..3}}; do {body}done"),
            _ => format!("for {name}; do {body}done"),
        }
    }
}
