//! The words that an instruction to a machine is made of, in classes. One pass over a sentence says which classes it
//! holds; the sentence is worth the model's time only if it holds enough of them.

use std::sync::LazyLock;

/// A class of words; its number is its bit in a [`Classes`] mask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum Class {
    Override,
    Prior,
    Instruction,
    System,
    Machine,
    You,
    Now,
    Role,
    Reveal,
    Send,
    Link,
    Secret,
    Conceal,
    User,
    Tool,
    Decode,
    Evaluate,
    Memory,
    Condition,
    Markup,
    Shell,
    Unbound,
    Task,
    Text,
    Quote,
    About,
    Not,
    People,
    Polite,
    Imperative,
}

/// The classes that stand in a sentence, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Classes(pub(crate) u32);

impl Classes {
    /// Whether that class is among them.
    pub(crate) fn has(self, class: Class) -> bool {
        self.0 & (1 << class as u32) != 0
    }

    /// The numbers of the classes, in order.
    pub(crate) fn iter(self) -> impl Iterator<Item = u32> {
        (0..u32::BITS).filter(move |bit| self.0 & (1 << bit) != 0)
    }

    /// Whether the model has to look: two classes that speak of an instruction, a machine or its secrets, or one of them
    /// and two that set its tone.
    pub(crate) fn suffice(self) -> bool {
        /// All but the last six, which say in what tone a sentence speaks and not of what.
        const SUBJECTS: u32 = (1 << Class::Quote as u32) - 1;
        /// Present in too many ordinary sentences to count as one of the two alone.
        const COMMON: u32 = 1 << Class::Link as u32
            | 1 << Class::Now as u32
            | 1 << Class::Condition as u32
            | 1 << Class::Text as u32;
        let subjects = self.0 & SUBJECTS;
        let telling = (subjects & !COMMON).count_ones();
        telling >= 1 && (subjects.count_ones() >= 2 || self.0.count_ones() >= 3)
    }
}

/// The words of a class. An ASCII word begins at a word's beginning and may go on, unless it ends with `$`.
struct Words(Class, &'static [&'static str]);

const LEXICON: &[Words] = &[
    Words(
        Class::Override,
        &[
            "ignor", "disregard", "forget", "overrid", "bypass", "discard", "overlook", "set aside", "stop following",
            "stop obeying", "do not follow", "don't follow", "do not obey", "no longer follow", "no longer apply",
            "supersede", "take precedence", "takes precedence", "replaces", "replace all", "replace your", "neglect",
            "nullif", "void$", "drop all", "drop the", "drop your", "cancel", "reset$", "erase", "wipe", "instead of",
            "scrap", "abandon", "put aside", "pay no", "don't apply", "do not apply", "not bound", "outdated",
            "obsolete", "revoke", "skip", "無視", "忘れ", "忘却", "破棄", "無効", "上書き", "従わな", "従わず",
            "従う必要", "取り消", "取消", "リセット", "解除", "撤回", "捨て", "気にし", "優先", "置き換え", "差し替え",
            "考慮し", "白紙", "消去", "失効", "代わりに", "飛ばし", "守らな", "守る必要", "とらわれ", "縛られ", "逸脱",
            "除外", "回避", "忽略", "无视", "忘记", "무시", "잊어", "ignora", "ignorier", "ignorez", "oublie", "vergiss",
            "olvid", "esquece",
        ],
    ),
    Words(
        Class::Prior,
        &[
            "previous", "prior", "above", "earlier", "preceding", "original", "initial", "existing", "before this",
            "came before", "so far", "up to now", "until now", "everything", "anything you", "all your", "any other",
            "whatever", "all of the", "all the", "all instr", "all rules", "current instr", "これまで", "今まで", "いままで",
            "以前", "上記", "以上の", "前の", "先の", "先ほど", "元の", "もとの", "既存", "当初", "最初の", "前述", "冒頭",
            "従来", "すべて", "全て", "あらゆる", "一切", "与えられ", "受け取った", "設定され", "ここまで", "过去", "之前",
            "以上", "所有", "先前", "이전", "모든", "앞의", "anterior", "previa", "vorherig", "bisherig", "précédent",
            "alle$", "todas", "toutes",
        ],
    ),
    Words(
        Class::Instruction,
        &[
            "instruct", "prompt", "rule$", "rules", "directive", "guideline", "constraint", "policy", "policies",
            "guardrail", "safety", "filter", "restrict", "order$", "orders", "command", "told", "context", "programming",
            "training", "limitation", "safeguard", "moderation", "task", "request", "指示", "命令", "プロンプト", "ルール",
            "制約", "規則", "ガイドライン", "制限", "設定", "指令", "方針", "ポリシー", "規制", "安全", "フィルタ", "ガードレール",
            "インストラクション", "タスク", "依頼", "文脈", "コンテキスト", "要約", "言われた", "禁止事項", "検閲", "規定",
            "提示", "规则", "지시", "명령", "프롬프트", "instruccion", "instrucoes", "anweisung", "consigne", "regeln",
        ],
    ),
    Words(
        Class::System,
        &[
            "system prompt", "system message", "system instr", "system override", "system note", "system update",
            "system:", "developer message", "developer instr", "hidden prompt", "hidden instr", "initial prompt",
            "initial instr", "original prompt", "your prompt", "your instr", "your rules", "your system", "your config",
            "your guidelines", "internal instr", "pre-prompt", "preprompt", "system]", "system>", "admin",
            "システムプロンプト", "システムメッセージ", "システム指示", "システム命令", "システム設定", "システム通知",
            "システム管理", "システム:", "システム】", "開発者", "管理者", "内部指示", "内部の指示", "初期設定",
            "初期プロンプト", "初期指示", "隠された", "隠し", "系统", "系統", "시스템",
        ],
    ),
    Words(
        Class::Machine,
        &[
            "ai$", "a.i", "ais$", "assistant", "llm", "language model", "chatbot", "chatgpt", "gpt", "claude", "gemini",
            "copilot", "bot$", "agent", "model$", "models", "automated", "ai-", "machine reader", "crawler",
            "summariz", "summaris", "アシスタント", "言語モデル", "チャットボット", "エージェント", "人工知能", "モデル",
            "自動応答", "ボット", "要約者", "自動処理", "助手", "机器人", "어시스턴트", "asistente", "assistent", "modelo",
        ],
    ),
    Words(
        Class::You,
        &[
            "you$", "your$", "yours", "yourself", "you're", "you've", "you'll", "u r$", "あなた", "君は", "君の", "お前",
            "おまえ", "きみ", "貴方", "あんた", "自分自身", "そなた", "你", "您", "너는", "당신", "eres", "du bist", "tu es",
            "vous", "usted",
        ],
    ),
    Words(
        Class::Now,
        &[
            "from now", "now$", "henceforth", "hereafter", "starting now", "from here on", "going forward", "new instr",
            "from this point", "immediately", "instead$", "今から", "いまから", "これから", "以後", "以降", "今後",
            "この瞬間", "ただちに", "直ちに", "新しい指示", "新たな指示", "この時点", "ここから", "次の指示", "从现在", "지금부터",
            "ab sofort", "desde ahora", "a partir",
        ],
    ),
    Words(
        Class::Role,
        &[
            "act as", "acting as", "pretend", "role", "persona", "simulat", "dan$", "developer mode", "jailbr", "character",
            "imagine", "play the", "you are now", "you are no", "mode$", "opposite", "evil", "hypothetic", "fiction",
            "stay in", "演じ", "なりき", "ふりを", "ロールプレイ", "モード", "振る舞", "ふるまい", "ふるまって", "として行動",
            "として応答", "として答え", "役割", "役になり", "キャラ", "仮想", "架空", "脱獄", "人格", "として回答", "物語",
            "扮演", "역할", "actúa", "actua como", "rollenspiel",
        ],
    ),
    Words(
        Class::Unbound,
        &[
            "no restrict", "unrestrict", "without restrict", "no limit", "unfilter", "uncensor", "no rules", "no filter",
            "anything now", "no longer bound", "free from", "freed from", "without any", "no ethic", "amoral", "not refuse",
            "never refuse", "cannot refuse", "can't refuse", "without warn", "no warning", "no disclaimer", "unlimited",
            "without limit", "without filter", "制限のない", "制限なし", "制限なく", "制限を受け", "無制限", "検閲のない",
            "検閲なし", "何でもでき", "何でも答え", "拒否せず", "拒否しな", "拒まず", "断らず", "断っては", "拒否する",
            "倫理", "制約を受け", "制約のない", "制約なし", "自由に", "没有限制", "不受",
        ],
    ),
    Words(
        Class::Reveal,
        &[
            "reveal", "print", "output", "show me", "show your", "show the", "show all", "repeat", "display", "leak",
            "disclose", "recite", "verbatim", "dump", "what are your", "what were", "what is your", "tell me", "word for word",
            "paste", "copy", "quote", "list all", "list every", "translate your", "spell out", "respond only", "reply only",
            "respond with", "reply with", "say$", "write", "answer", "表示", "出力", "開示", "教えて", "教えろ", "復唱", "繰り返",
            "そのまま", "全文", "公開", "書き出", "書いて", "見せ", "提示", "列挙", "答え", "返答", "回答", "返信", "出せ", "晒",
            "一字一句", "貼り付け", "输出", "显示", "告诉", "출력", "알려", "보여", "muestra", "zeige", "affiche", "revela",
        ],
    ),
    Words(
        Class::Send,
        &[
            "send", "sent", "post$", "upload", "forward", "exfiltrat", "transmit", "submit", "e-mail", "email", "mail it",
            "fetch", "append", "encode", "embed", "include", "attach", "insert", "pass it", "pass its", "pass the",
            "render", "visit", "navigate", "click", "call the", "load the", "query param", "report to", "share", "add a",
            "request to", "deliver", "送信", "送って", "送り", "送れ", "送る", "転送", "アップロード", "投稿", "メールし", "付加", "付け加え",
            "埋め込", "埋込", "添え", "アクセスし", "リクエスト", "渡し", "渡す", "渡せ", "含め", "連結", "通知し", "クリック",
            "開いて", "読み込", "共有", "报送", "发送", "보내", "envía", "envia", "sende$", "envoie", "envoyez",
        ],
    ),
    Words(
        Class::Link,
        &[
            "http", "url", "link", "webhook", "endpoint", "server", "domain", "image", "![", "](", "リンク", "宛", "サーバ",
            "画像", "アドレス", "エンドポイント", "www.", "site",
        ],
    ),
    Words(
        Class::Secret,
        &[
            "password", "passwd", "api key", "api_key", "apikey", "api-key", "token", "credential", ".env", "ssh", "id_rsa",
            "private key", "secret", "environment var", "conversation", "chat history", "chat log", "message history",
            "cookie", "session", ".aws", "kubeconfig", "mcp.json", "config file", "card number", "personal data",
            "confidential", "wallet", "seed phrase", "inbox", "keychain", "contents of", "full text", "source code",
            "パスワード", "秘密鍵", "apiキー", "キーを", "鍵を", "トークン", "認証情報", "資格情報", "秘密", "機密", "環境変数",
            "会話", "履歴", "個人情報", "やり取り", "やりとり", "設定ファイル", "カード番号", "受信トレイ", "顧客", "内容を",
            "密码", "密钥", "비밀번호", "contraseña", "passwort", "mot de passe",
        ],
    ),
    Words(
        Class::Conceal,
        &[
            "do not tell", "don't tell", "without telling", "do not mention", "don't mention", "do not inform",
            "don't inform", "silently", "secretly", "quietly", "covertly", "never reveal", "never mention", "never tell",
            "do not reveal", "don't reveal", "hide this", "hide the", "hide it", "without asking", "without notif",
            "without inform", "without mention", "do not ask", "don't ask", "do not notify", "do not disclose",
            "don't disclose", "do not show", "don't show", "do not let", "don't let", "do not alert", "don't alert",
            "without the user", "keep this", "between us", "invisible", "do not report", "never inform", "do not explain",
            "without any mention", "do not acknowledge", "do not say", "don't say", "unnoticed", "no confirmation",
            "without confirm", "not be told", "need not know", "知らせ", "伝えな", "伝えず", "伝えては", "言わず", "言わな",
            "気づかれ", "気付かれ", "黙っ", "こっそり", "密かに", "ひそかに", "告げ", "触れず", "触れな", "触れては", "内緒",
            "確認を求め", "確認せず", "確認なし", "許可なく", "許可を求め", "悟られ", "明かさ", "報告せず", "報告しな", "見せな",
            "見せず", "表示せず", "表示しな", "説明せず", "説明しな", "言及し", "言及せず", "秘密に", "無断", "承認なし",
            "気づく", "不要告诉", "不要提及", "말하지", "알리지", "no le digas", "sag dem", "ne dis pas", "ne pas mention",
        ],
    ),
    Words(
        Class::User,
        &["user", "human", "operator", "ユーザ", "利用者", "人間", "相手に", "質問者", "用户", "使用者", "사용자", "usuario", "benutzer", "utilisateur"],
    ),
    Words(
        Class::Tool,
        &[
            "tool", "function", "mcp", "parameter", "argument", "calling", "call this", "invoke", "sidenote", "plugin",
            "description", "bash tool", "read_file", "read the file", "ツール", "関数", "引数", "パラメータ", "パラメーター",
            "呼び出", "プラグイン", "ファイルを読", "工具", "도구", "herramienta", "werkzeug",
        ],
    ),
    Words(
        Class::Decode,
        &[
            "base64", "decod", "rot13", "hexadec", "hex-", "hex str", "cipher", "unicode escape", "morse", "reverse",
            "backward", "obfuscat", "デコード", "復号", "暗号", "逆順", "逆から", "逆さ", "解読", "16進", "エンコード", "解码", "디코딩",
        ],
    ),
    Words(
        Class::Evaluate,
        &[
            "score", "rating", "rate this", "review", "rank", "recommend", "hire", "candidate", "accept", "approve",
            "highest", "grade", "evaluat", "best$", "perfect", "qualified", "shortlist", "strengths", "positive",
            "five star", "10/10", "classif", "benign", "safe$", "審査", "評価", "採点", "最高", "推薦", "合格", "採用", "満点",
            "候補者", "査読", "肯定的", "推奨", "高得点", "応募者", "適任", "承認し", "承認す", "通過", "無害", "问题", "评分",
        ],
    ),
    Words(
        Class::Memory,
        &[
            "remember", "memor", "permanent", "future conv", "future sess", "future inter", "future resp", "all future",
            "every future", "long-term", "persist", "save this", "always trust", "from every", "store this", "記憶",
            "覚えて", "覚えさ", "覚え込", "保存", "メモリ", "長期", "永続", "毎回", "次回以降", "今後の会話", "今後すべて", "今後のすべて",
            "记住", "기억", "recuerda", "merke", "souviens",
        ],
    ),
    Words(
        Class::Condition,
        &[
            "if the", "if you", "if asked", "if anyone", "when the", "when asked", "whenever", "as soon as", "next time",
            "once the", "once you", "after the", "before using", "before call", "before answer", "before any", "until",
            "every time", "each time", "したら", "されたら", "たびに", "たびごと", "際には", "場合は", "場合には", "前に必ず",
            "する前に", "後に", "まで待", "聞かれたら", "言ったら", "尋ねられ", "如果", "当用户",
        ],
    ),
    Words(
        Class::Markup,
        &[
            "<|", "[inst", "<<sys", "</", "<system", "<important", "<instr", "###", "im_start", "system\n", "<!--",
            "display:", "<secret", "<hidden", "---", "===", "[system", "[admin", "```", "【",
        ],
    ),
    Words(
        Class::Shell,
        &[
            "curl", "wget", "bash$", "sudo", "rm -", "execut", "run the", "run this", "shell", "terminal", "chmod",
            "powershell", "eval$", "delete", "install", "pip$", "npm$", "実行", "削除", "起動", "インストール", "コマンド", "执行",
            "실행", "ejecuta", "ausführ", "exécute",
        ],
    ),
    Words(
        Class::Task,
        &[
            "summar", "translat", "review", "process this", "processing", "reply", "respond", "answer", "your job", "objective",
            "grade", "grading", "要約", "翻訳", "分類", "返信", "返答", "回答", "採点", "査読", "処理する", "出力", "推薦", "判定",
            "解析", "レビュー",
        ],
    ),
    Words(
        Class::Text,
        &[
            "this page", "this document", "this file", "this text", "this e-mail", "this email", "this message", "this repo",
            "this line", "this note", "this comment", "this website", "this web page", "this article", "this paragraph",
            "the text above", "the text below", "the following", "below", "この文書", "本文書", "本メール", "このメール",
            "このページ", "本ページ", "ドキュメント", "この文", "この行", "本書", "このファイル", "このコメント", "この段落",
            "この注記", "以下の", "次の", "この資料", "この履歴書", "この論文", "この答案", "この候補", "この回答", "このサイト",
        ],
    ),
    Words(Class::Quote, &["「", "『", "“", "\"", "`", "'"]),
    Words(
        Class::About,
        &[
            "attack", "injection", "injected", "malicious", "such as", "example", "e.g", "called", "known as", "detect",
            "risk", "technique", "research", "phrase", "vulnerab", "adversar", "defend", "defence", "defense", "mitigat",
            "for instance", "threat", "paper", "scanner", "test case", "blog", "article", "explain", "攻撃", "インジェクション",
            "といった", "のような", "ような", "例えば", "たとえば", "の例", "検知", "検出", "リスク", "手口", "悪意", "対策", "脅威",
            "訓練", "研修", "という文", "という指示", "という手法", "と呼ば", "防御", "脆弱", "事例", "可能性", "恐れ", "おそれ",
        ],
    ),
    Words(
        Class::Not,
        &[
            "do not", "don't", "never", "must not", "should not", "cannot", "can't", "won't", "not be", "ないで", "禁止",
            "しない", "いけません", "なりません", "ません", "ないよう", "するな", "せず",
        ],
    ),
    Words(
        Class::People,
        &[
            "team", "staff", "employee", "customer", "contact", "meeting", "attendee", "colleague", "manager", "regards",
            "dear", "hi$", "department", "we$", "our$", "us$", "i$", "my$", "they$", "様", "さん", "各位", "部長", "課長", "担当",
            "お客様", "弊社", "貴社", "当社", "社員", "皆様", "皆さん", "従業員", "会議", "資料", "添付", "お手数", "ご連絡", "ご確認",
            "総務", "経理", "人事", "情報システム部", "システム部", "窓口", "手順書", "マニュアル", "申し訳", "恐れ入り", "いたしま",
            "しました", "きました", "打ち合わせ", "見積", "請求", "納品", "ございま",
        ],
    ),
    Words(Class::Polite, &["please", "kindly", "ください", "下さい", "お願い", "いただ", "頂け", "請", "请", "por favor", "bitte"]),
    Words(
        Class::Imperative,
        &["must$", "important", "せよ", "しろ", "すること", "なさい", "べし", "必ず", "絶対", "重要", "従え", "答えろ", "してくれ", "して。", "あれ。"],
    ),
];

/// The lexicon as it is searched: a filter over the first bytes, then the words that begin so.
struct Index {
    /// One bit for each key.
    filter: Vec<u64>,
    /// Sorted by key.
    words: Vec<(u16, &'static [u8], bool, Class)>,
}

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let mut words = Vec::new();
    for Words(class, list) in LEXICON {
        for word in *list {
            let (word, whole) = word.strip_suffix('$').map_or((*word, false), |word| (word, true));
            if let Some(key) = key(word.as_bytes()) {
                words.push((key, word.as_bytes(), whole, *class));
            }
        }
    }
    words.sort_by_key(|(key, ..)| *key);
    let mut filter = vec![0_u64; 1024];
    for (key, ..) in &words {
        if let Some(bits) = filter.get_mut(usize::from(*key >> 6)) {
            *bits |= 1 << (key & 63);
        }
    }
    Index { filter, words }
});

/// What the filter asks about a place: two bytes of ASCII text, three of any other, in lower case.
fn key(bytes: &[u8]) -> Option<u16> {
    match bytes {
        [first, second, ..] if first.is_ascii() => {
            Some(u16::from_le_bytes([first.to_ascii_lowercase(), second.to_ascii_lowercase()]) & 0x7FFF)
        }
        [first, ..] if first.is_ascii() => Some(u16::from(*first)),
        [first, second, third, ..] => {
            let mixed = u32::from_le_bytes([*first, *second, *third, 0]).wrapping_mul(0x9E37_79B1);
            u16::try_from(mixed >> 17).ok().map(|key| key | 0x8000)
        }
        _ => None,
    }
}

/// The classes of words that stand in `text`.
pub(crate) fn classes(text: &str) -> Classes {
    let (index, bytes) = (&*INDEX, text.as_bytes());
    let (mut found, mut before) = (0_u32, b' ');
    for (at, byte) in bytes.iter().enumerate() {
        let begins = match byte {
            0x80..=0xBF => false,
            byte if byte.is_ascii_alphanumeric() => !before.is_ascii_alphanumeric(),
            b' ' => false,
            _ => true,
        };
        before = *byte;
        if begins {
            found |= index.at(bytes.get(at..).unwrap_or_default());
        }
    }
    Classes(found)
}

impl Index {
    fn at(&self, rest: &[u8]) -> u32 {
        let Some(key) = key(rest) else { return 0 };
        let mut found = self.under(key, rest);
        if let Some(first) = rest.first().filter(|first| first.is_ascii()) {
            found |= self.under(u16::from(*first), rest);
        }
        found
    }

    fn under(&self, key: u16, rest: &[u8]) -> u32 {
        let bits = self.filter.get(usize::from(key >> 6)).copied().unwrap_or_default();
        if bits & (1 << (key & 63)) == 0 {
            return 0;
        }
        let from = self.words.partition_point(|(other, ..)| *other < key);
        let words = self.words.iter().skip(from).take_while(|(other, ..)| *other == key);
        words.fold(0, |found, (_, word, whole, class)| {
            let same = rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
            let ends = !whole || !rest.get(word.len()).is_some_and(u8::is_ascii_alphanumeric);
            if same && ends { found | 1 << *class as u32 } else { found }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_at_their_beginning_and_in_any_case() {
        let check = |text: &str, class: Class, expected: bool| {
            assert_eq!(classes(text).has(class), expected, "{text}: {class:?}");
        };
        check("IGNORE this", Class::Override, true);
        check("a signore in town", Class::Override, false);
        check("the AI reads", Class::Machine, true);
        check("the aim is", Class::Machine, false);
        check("この指示は", Class::Instruction, true);
        check("指示AIは", Class::Machine, true);
        check("\"quoted\"", Class::Quote, true);
        check("plain", Class::Quote, false);
    }

    #[test]
    fn an_ordinary_sentence_is_not_worth_the_model() {
        for text in ["The weather is fine today.", "明日は晴れるでしょう。", "let x = y + 1;", ""] {
            assert!(!classes(text).suffice(), "{text}");
        }
    }
}
