//! The known phrasings, a list of expressions a rule. Each is anchored at the literal that the rule's prefilter found.

use std::sync::LazyLock;

use regex_automata::meta::Regex;
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input};

use super::lexicon::{Class, classes};
use super::text::{discussed, sentence_round};
use crate::{Confidence, Found, Window};

/// The most bytes that a compiled expression may take.
const REGEX_MAX_BYTES: usize = 4 << 20;

/// The phrasings of one rule.
struct Phrases {
    /// ASCII, in any case.
    latin: Option<Regex>,
    /// Any script, as it stands.
    wide: Option<Regex>,
    /// Whether a sentence that speaks to colleagues or customers and names no machine is left alone.
    spares_people: bool,
}

impl Phrases {
    fn new(latin: &[&str], wide: &[&str], spares_people: bool) -> Self {
        let build = |parts: &[&str], unicode: bool| {
            if parts.is_empty() {
                return None;
            }
            let syntax = syntax::Config::new().unicode(unicode).utf8(unicode).case_insensitive(!unicode);
            let config = Regex::config().utf8_empty(unicode).nfa_size_limit(Some(REGEX_MAX_BYTES));
            let joined = parts.iter().map(|part| format!("(?:{part})")).collect::<Vec<_>>().join("|");
            Regex::builder().syntax(syntax).configure(config).build(&joined).ok()
        };
        Self { latin: build(latin, false), wide: build(wide, true), spares_people }
    }

    fn find(&self, window: &Window<'_>, found: &mut Vec<Found>) {
        let (text, at) = (window.text, window.at);
        let before = at.checked_sub(1).and_then(|before| text.as_bytes().get(before));
        let inside_word = before.is_some_and(u8::is_ascii_alphanumeric)
            && text.as_bytes().get(at).is_some_and(u8::is_ascii_alphanumeric);
        if inside_word {
            return;
        }
        let input = || Input::new(text).range(at..text.len()).anchored(Anchored::Yes);
        let hit = |regex: &Option<Regex>| regex.as_ref().and_then(|regex| regex.find(input()));
        let Some(hit) = hit(&self.latin).or_else(|| hit(&self.wide)) else { return };
        let range = hit.range();
        if !text.is_char_boundary(range.start) || !text.is_char_boundary(range.end) {
            return;
        }
        if discussed(text, &range) || (self.spares_people && speaks_to_people(text, at)) {
            return;
        }
        found.push(Found { span: range.clone(), value: range, confidence: Confidence::Likely });
    }
}

/// Whether the sentence round `at` is written to colleagues or customers and names no machine.
fn speaks_to_people(text: &str, at: usize) -> bool {
    let round = sentence_round(text, at);
    let classes = classes(text.get(round).unwrap_or_default());
    classes.has(Class::People) && !classes.has(Class::Machine) && !classes.has(Class::System)
}

/// Makes the recogniser of a rule from its phrasings.
macro_rules! recognisers {
    ($($(#[$doc:meta])* $name:ident, $people:literal, [$($latin:expr),* $(,)?], [$($wide:expr),* $(,)?];)*) => {
        $(
            $(#[$doc])*
            pub(crate) fn $name(window: &Window<'_>, found: &mut Vec<Found>) {
                static PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(&[$($latin),*], &[$($wide),*], $people));
                PHRASES.find(window, found);
            }
        )*

        /// Every list of phrasings compiles.
        #[cfg(test)]
        fn compiled() -> Vec<(&'static str, bool)> {
            vec![$((stringify!($name), {
                let (latin, wide): (&[&str], &[&str]) = (&[$($latin),*], &[$($wide),*]);
                let phrases = Phrases::new(latin, wide, $people);
                phrases.latin.is_some() != latin.is_empty() && phrases.wide.is_some() != wide.is_empty()
            })),*]
        }
    };
}

recognisers! {
    /// To drop the instructions that the machine was given.
    ignore_previous_instructions, true, [
        r"(?:ignor(?:e|ing)|disregard(?:ing)?|forget|overrid(?:e|ing)|overlook|bypass|do(?: not|n't) follow|stop (?:following|obeying)|discard)\s+(?:(?:all|any|every|each|of|the|your|these|those|other|and)\s+){0,4}(?:(?:previous(?:ly)?|prior|above|earlier|preceding|original|initial|existing|foregoing|system|given)\s+(?:and\s+|or\s+|system\s+|safety\s+|given\s+)*){1,3}(?:instructions?|directions?|prompts?|guidelines?|directives?|programming|system messages?)",
        r"(?:ignor(?:e|ing)|disregard|forget|overrid(?:e|ing)|bypass|stop following|stop obeying)\s+(?:all|any|every|each)(?: of)?(?: the| your)?\s+(?:(?:previous|prior|above|earlier|preceding|existing|other|safety|system)\s+)*(?:instructions|rules|guidelines|prompts|directives|constraints|orders|context)(?:\s+(?:above|before|you|given|and|that)|[.,;!])",
        r"(?:ignore|disregard|forget)\s+(?:everything|anything|all|whatever)\s+(?:above|before this|that (?:came|was said) before|you (?:were|have been) (?:told|instructed|given)|you know about your (?:rules|instructions))",
        r"(?:ignore|disregard|forget|drop|stop following)\s+your\s+(?:(?:previous|prior|original|current|initial|system|safety)\s+)*(?:instructions|guidelines|system prompt|programming|directives|rules)",
        r"ignora\s+(?:todas\s+)?(?:las\s+)?(?:instrucciones|tutte|le istruzioni)", r"olvida\s+(?:todas\s+)?(?:las|tus)\s+(?:instrucciones|reglas)",
        r"(?:ignoriere?n?|vergiss)\s+(?:sie\s+)?(?:alle\s+)?(?:vorherigen|bisherigen|vorigen|obigen)\s+(?:anweisungen|instruktionen|regeln|befehle)",
        r"(?:ignorez?|oubliez?)\s+(?:toutes\s+)?(?:les|tes|vos)\s+(?:instructions|consignes)",
    ], [
        concat!("(?:これまで|今まで|いままで|以前|上記|以上|前述|前|元|既存|冒頭|ここまで|与えられた|すべて|全て|あらゆる)(?:の|に与えられた|に受け取った|に設定された|から)?[^。\n]{0,10}?",
            "(?:指示|命令|プロンプト|インストラクション|制約|ガイドライン|ルール)[^。\n、]{0,14}?(?:無視|忘れ|破棄|従わな|従う必要|守らな|なかったこと)[^。\n]{0,12}?",
            "(?:ください|下さい|くれ|もらえ|いただ|ほしい|せよ|しろ|なさい|すること|よい|構いません|結構です|ありません|ろ|て、|し、|。)"),
        "(?:忽略|无视|忘记|不要理会)(?:之前|以上|上面|先前|前面)?(?:的)?(?:所有|全部)?(?:的)?(?:指令|指示|提示|规则|命令)",
        "(?:이전|위의|앞의|지금까지)[^.\n]{0,8}?(?:지시|지침|명령|프롬프트)[^.\n]{0,6}?(?:무시|잊)",
    ];

    /// To show the hidden prompt.
    reveal_system_prompt, false, [
        r"(?:reveal|print|output|show(?: me)?|repeat|display|disclose|recite|dump|write out|give me|tell me|copy|paste)\s+(?:(?:all|me|out|of|the|your|full|entire|complete|hidden|original|initial|exact|secret|whole)\s+){0,5}(?:system (?:prompt|message|instructions)|developer (?:message|prompt)|(?:hidden|initial|original|secret|internal) (?:prompt|instructions|rules)|pre-?prompt)",
        r"(?:reveal|print|output|show me|repeat|disclose|recite|dump|tell me|paste)\s+(?:your|all of your)\s+(?:full |entire |exact |complete )?(?:instructions|prompt|configuration|rules)",
        r"what\s+(?:is|are|was|were|does)\s+your\s+(?:(?:full|exact|original|initial|hidden|secret)\s+)?(?:system prompt|initial instructions|hidden instructions|original instructions|system message)",
        r"repeat\s+(?:everything|all(?: the)?(?: text| words)?|the (?:text|words))\s+(?:above|before this|that precedes|from the start)",
    ], [
        "(?:システムプロンプト|システムメッセージ|内部指示|初期プロンプト|初期指示|隠し指示|隠しプロンプト|隠された指示|最初に与えられた指示)(?:の内容|の全文)?(?:を|について)[^。\n]{0,16}?(?:表示|出力|教え|開示|見せ|復唱|書き出|公開|貼り付け|提示|吐き出)(?:し|せ|て|な|ろ|え|しろ|していただけ)[^。\n]{0,6}?(?:ください|下さい|くれ|せよ|なさい|いただ|もらえ|ほしい|。|て|よ|ろ|え|$)",
        "(?:显示|输出|告诉我|重复)(?:你的|完整的)?(?:系统提示词?|初始指令|隐藏指令)",
    ];

    /// To be someone without rules.
    role_override, false, [
        r"you\s+are\s+(?:now|no longer)\s+(?:\x22)?(?:dan\b|stan\b|dude\b|an? (?:unrestricted|unfiltered|uncensored|jailbroken|evil|rogue|amoral)|in (?:developer|debug|god|dan|admin) mode|free (?:from|of)|bound by)",
        r"(?:pretend|imagine|act as if|act like)\s+(?:that\s+)?(?:you\s+(?:have|are)|to be|you're)\s+(?:an? )?(?:(?:ai|model|assistant|chatbot)\s+)?(?:with(?:out)?|no|not bound|free|dan\b|unrestricted|unfiltered|jailbroken)\s*(?:by|any|no|of|from)?\s*(?:rules|restrictions|guidelines|filters?|ethic\w*|limits?|policies|content|safety)?",
        r"(?:enter|enable|activate|switch (?:in)?to|turn on)\s+(?:dan|god|jailbreak|unrestricted|opposite|sudo)\s+mode",
        r"(?:enter|enable|activate|switch (?:in)?to)\s+developer mode\s+(?:and|with|for this)\s+(?:\w+\s+){0,4}(?:bypass|ignore|answer|unfiltered|without|no)",
        r"(?:act|behave|respond|answer)\s+as\s+(?:dan\b|an?\s+(?:unrestricted|unfiltered|uncensored|jailbroken|evil)\s+(?:ai|model|assistant|chatbot|bot|language model))",
        r"from\s+now\s+on,?\s+you\s+(?:are|will|must|have)\s+(?:\w+\s+){0,6}(?:no|without|ignore|free of)\s+(?:any\s+)?(?:rules|restrictions|filters?|guidelines|limits|ethic\w*|policies)",
    ], [
        "(?:あなた|君|きみ|お前)は(?:今|いま|これ|ただ今)?(?:から|より)?[、]?[^。\n]{0,20}?(?:DAN|制限の(?:ない|無い)|制約の(?:ない|無い)|無制限の|検閲の(?:ない|無い)|ルールの(?:ない|無い)|脱獄した|倫理(?:観|規定)?(?:の|を持た)ない)[^。\n]{0,16}?(?:です|だ|である|として|になっ|に従|を演じ)",
        "(?:これから|今から|以後|以降)[は、]{0,2}[^。\n]{0,10}?(?:制限|倫理|フィルター|ルール|ガイドライン|検閲)(?:の(?:ない|無い)|に縛られない|を受けない|を持たない|を無視する)[^。\n]{0,12}?(?:として|になりき|を演じ)",
        "(?:開発者|DAN|無制限|脱獄|神)モードを?(?:に|を)?(?:有効|移行|起動|入|切り替え)[^。\n]{0,10}?(?:制限|フィルター|ポリシー|安全)[^。\n]{0,12}?(?:回避|無視|なし|外し|解除)",
    ];

    /// Not to tell the person.
    concealment_instruction, true, [
        r"(?:do not|don't|never|must not)\s+(?:ever\s+)?(?:tell|inform|alert|notify|mention (?:this|it|anything) to|reveal (?:this|it) to|show (?:this|it) to|disclose (?:this|it) to)\s+(?:the\s+|your\s+)?(?:user|human|operator|person you)",
        r"(?:do not|don't|never)\s+(?:mention|reveal|disclose|reference|acknowledge|show)\s+(?:this|these|the (?:contents|existence) of this)\s+(?:instructions?|note|comment|message|block|prompt|step|hidden)",
        r"without\s+(?:telling|informing|notifying|alerting|asking|mentioning (?:it|this) to)\s+the\s+(?:user|human|operator)",
        r"(?:keep|hide)\s+(?:this|these instructions|it)\s+(?:a secret |secret |hidden )?from\s+the\s+(?:user|human|operator)",
    ], [
        "(?:ユーザー|ユーザ|利用者|人間|相手)に(?:は|も)?(?:、)?(?:この[^。\n、]{0,10}?を)?(?:絶対に|決して|一切)?(?:知らせ|伝え|言わ|気づかれ|気付かれ|明かさ|悟られ|告げ|見せ|報告し)(?:ない(?:で|よう|こと)|ず|ては(?:いけ|なら)ない)[^。\n]{0,12}?(?:ください|下さい|に|こと|せよ|いただ|、|。|$)",
    ];

    /// What a tool's description must not ask for.
    tool_poisoning, false, [
        r"<important>\s*(?:[^<]{0,200}?)(?:before|when|whenever|always|must|first|read|send|pass)",
        r"(?:before|prior to|when|whenever)\s+(?:using|calling|invoking|you (?:use|call|invoke))\s+(?:this|any|any other|the \w+)\s+(?:tool|function)[^.\n]{0,40}?(?:read|open|load|access|send|include|pass|forward|cat)\s+[^.\n]{0,60}?(?:~/|\.env|id_rsa|\.ssh|mcp\.json|credential|api key|environment variable|conversation|chat history|system prompt|/etc/passwd|private key|config file|all (?:previous|prior) messages)",
        r"(?:pass|provide|include|put|submit|send)\s+(?:its|their|the|all)\s+(?:full |entire |raw )?(?:contents?|conversation|chat history|messages)[^.\n]{0,30}?\s(?:as|in|into|to|via)\s+(?:the\s+)?['\x22`]?(?:sidenote|side_note|note|context|metadata|feedback|debug|trace_id|notes)['\x22`]?",
        r"(?:pass|provide|include|put|submit|send)\s+[^.\n]{0,60}?\b(?:sidenote|side_note)['\x22`]?\s+(?:parameter|argument|field)?",
    ], [
        "(?:この|本)(?:ツール|関数|プラグイン)を(?:使|呼び出|利用|実行)[^。\n]{0,10}?(?:前に|際|たび|ときは)[^。\n]{0,20}?(?:~/|\\.env|id_rsa|\\.ssh|mcp\\.json|認証情報|秘密鍵|環境変数|会話の(?:全文|履歴|内容)|システムプロンプト|/etc/passwd)[^。\n]{0,30}?(?:読|渡|送|含め|入れ|設定)",
        "<IMPORTANT>[^<]{0,120}?(?:前に|必ず|読み|送信|渡)",
    ];

    /// To carry what the machine knows to somewhere else.
    exfiltration_instruction, true, [
        r"(?:send|post|upload|forward|transmit|exfiltrate|leak|submit|deliver|e-?mail)\s+(?:(?:all|the|this|whole|entire|full|complete|user's|our|your|any|every|of)\s+){1,4}(?:conversation|chat(?: history| log)?|message history|system prompt|context|api keys?|credentials|passwords?|secrets?|tokens?|environment variables|private keys?|session cookies?|contents? of[^.\n]{0,40}?)[^.\n]{0,30}?\s(?:to|at|via)\s+(?:https?://|\S+@|the following|this (?:url|address|server)|our webhook|my server|an? external|\d)",
        r"(?:append|add|attach|encode|include|insert|embed|put)\s+(?:(?:all|the|this|whole|entire|full|user's|our|your|any|of)\s+){1,4}(?:conversation|chat(?: history| log)?|summary of (?:the|this) (?:chat|conversation)|system prompt|api keys?|credentials|passwords?|secrets?|environment variables|user's \w+)[^.\n]{0,40}?\s(?:to|in|into|as)\s+(?:the |an? |this )?(?:url|query|image|link|markdown|request|https?://|file name|commit)",
    ], [
        "(?:会話|チャット(?:の)?履歴|これまでのやり取り|システムプロンプト|APIキー|認証情報|環境変数|秘密鍵|機密情報|個人情報|パスワード)(?:の内容|の全文|の履歴)?(?:を|は)[^。\n]{0,14}?(?:https?://[^ 。\n]+|[A-Za-z0-9._-]+@[A-Za-z0-9.-]+|次のURL|以下のURL|下記のURL|攻撃者|外部の(?:サーバー|Webhook|アドレス))[^。\n]{0,12}?(?:送信|送って|送れ|送り|転送|アップロード|POST|投稿|連結|付け|埋め込)",
        "(?:会話|チャット(?:の)?履歴|これまでのやり取り|システムプロンプト|APIキー|認証情報|環境変数)(?:の内容|の全文|の履歴)?を[^。\n]{0,14}?(?:URL|クエリ|画像のリンク|画像リンク|リンクのパラメータ)[^。\n]{0,10}?(?:付け|埋め込|連結|含め|付加)",
    ];

    /// To read credentials and hand them over.
    credential_collection, false, [
        r"(?:read|open|load|collect|gather|find|locate|harvest|search for|extract|get|print|copy)\s+[^.\n]{0,50}?(?:~/\.ssh|id_rsa|\.env\b|~/\.aws|\.netrc|private keys?|api keys?|credentials|passwords|seed phrases?|printenv|environment variables|wallets?)[^\n]{0,60}?\s(?:and|then)\s+(?:then\s+)?(?:send|post|upload|mail|e-?mail|forward|paste|commit|include|exfiltrate|submit|write|pass|return|append)\s+(?:it|them|the (?:result|output|contents?|key|file)|its|their|everything)\b",
        r"(?:run|execute)\s+['\x22`]?(?:cat\s+(?:~/\.ssh/\S+|\.env|~/\.aws/\S+|\S*id_rsa)|printenv|env)['\x22`]?\s+and\s+(?:include|paste|send|return|post|report|add|append)",
    ], [
        "(?:~/\\.ssh|~/\\.aws|\\.env|秘密鍵|APIキー|認証情報|環境変数|シードフレーズ)[^。\n]{0,24}?(?:読み取|読み込|読み出|収集|集め|探し|見つけ|抜き出|抽出)[^。\n]{0,24}?(?:送信|送って|送れ|転送|アップロード|投稿|貼|コミット|渡し|返して)",
    ];

    /// To decode something and obey it.
    encoded_instruction, false, [
        r"(?:decode|base64-decode|decipher|unscramble|rot13-decode|translate from base64)\s+[^.\n]{0,60}?\s(?:and|then)\s+(?:then\s+)?(?:follow|execute|obey|carry out|do what|act on|run|perform|comply)",
    ], [
        "(?:base64|ROT13|暗号|文字列|テキスト|コード)[^。\n]{0,10}?(?:デコード|復号|解読|逆から読)[^。\n]{0,16}?(?:指示|命令|内容|結果)(?:に|を|どおり)[^。\n]{0,6}?(?:従|実行)",
    ];

    /// To wait for a word and then act.
    delayed_trigger, false, [
        r"(?:if|when|whenever|once|as soon as|the next time)\s+(?:the\s+)?(?:user|human|person|customer|anyone|somebody)\s+(?:says|types|asks|mentions|replies|writes|confirms|responds)\s+[^.\n]{0,60}?(?:send|reveal|leak|forward|execute|upload|post|call the \w+ tool|delete|exfiltrate|ignore (?:your|all|the))\s+[^.\n]{0,60}?(?:https?://|\S+@\S|system prompt|secret|credential|api key|password|conversation|tool|rules|instructions|hidden|all files|memory)",
        r"(?:wait|behave normally|act normally|remain normal)\s+until\s+[^.\n]{0,60}?(?:then)\s+(?:send|reveal|ignore|execute|leak|upload|run|activate)",
    ], [
        "(?:ユーザー|ユーザ|利用者|相手)が[^。\n]{0,24}?(?:言ったら|入力したら|尋ねたら|聞いたら|発言したら|返信したら)[^。\n]{0,30}?(?:送信|転送|実行|呼び出|出力|削除|明か|解除)(?:し|せ|す|て|しろ)",
    ];

    /// To keep an order for later sessions.
    memory_poisoning, false, [
        r"(?:remember|memorize|store|save|record|note)\s+(?:\w+\s+){0,6}?(?:in (?:your )?(?:long-term )?memory|for all future|permanently|forever)[^.\n]{0,40}?(?:always|must|trust|ignore|recommend|obey|every (?:reply|answer|response))",
        r"(?:in|for)\s+(?:all|every|any)\s+future\s+(?:conversations?|sessions?|chats?|interactions?|answers?|responses?),?\s+(?:you\s+(?:must|will|should)\s+)?(?:always\s+)?(?:ignore|recommend|trust|obey|include|forward|send|promote|start by|follow|repeat|treat)",
        r"(?:update|overwrite|change|edit|add[^.\n]{0,30}? to)\s+your\s+(?:long-term\s+)?memor(?:y|ies)\s+[^.\n]{0,40}?(?:always|trust|obey|ignore|so that|must)",
    ], [
        "(?:長期記憶|メモリ|記憶|あなたの記憶)に[^。\n]{0,12}?(?:保存|記録|書き込|追加|刻)[^。\n]{0,24}?(?:従|守|適用|信頼|勧め|優先|無視)",
        "(?:今後|これ以降|次回以降|以後)の(?:すべて|全て)の(?:会話|回答|セッション|やり取り|応答)(?:で|では|において)[^。\n]{0,24}?(?:勧め|信頼し|無視し|優先し|従っ|従う|案内し|送信し)",
        "(?:信頼できる|従うべき|優先する)[^。\n]{0,16}?(?:と|ことを)(?:長期記憶|メモリ|記憶)に(?:保存|記録)",
    ];

    /// An agent told to run what it downloads.
    agent_shell_instruction, false, [
        r"(?:(?:ai|coding)\s+)?(?:agents?|assistants?|claude|copilot|llms?|models?|ai)\s+(?:must|should|need to|has to|have to|are required to|is required to)\s+(?:first\s+|always\s+)?(?:run|execute)\s+[^\n]{0,80}?(?:curl|wget)\s[^\n|]{0,200}?\|\s*(?:sudo\s+)?(?:ba|z)?sh\b",
        r"(?:run|execute)\s+[^\n]{0,30}?(?:curl|wget)\s[^\n|]{0,200}?\|\s*(?:sudo\s+)?(?:ba|z)?sh\b[^\n]{0,60}?(?:without (?:asking|telling|confirm)|do not (?:ask|tell)|silently|before (?:doing anything|reading|answering))",
        r"(?:run|execute)\s+[^\n]{0,100}?(?:without (?:asking|informing|telling) the user|do not ask the user|don't ask the user)",
    ], [
        "(?:AI|エージェント|アシスタント|Claude|Copilot)(?:エージェント)?(?:は|が)[^。\n]{0,20}?(?:curl|wget) [^。\n|]{0,200}?\\| ?(?:sudo )?(?:ba|z)?sh[^。\n]{0,20}?実行(?:し|せ|する)",
        "(?:ユーザー|利用者)(?:の(?:許可|確認|承認|同意)(?:なし|を得ず|を求めず)|に(?:確認せず|聞かず|尋ねず))に?、?[^。\n]{0,30}?(?:実行|起動|インストール)(?:し|せ|する|しろ)",
    ];

    /// A verdict asked of a machine that judges.
    evaluator_manipulation, false, [
        r"(?:(?:ai|llm|automated)\s+(?:reviewers?|graders?|evaluators?|recruiters?|screen(?:ers?|ing systems?)|judges?|scanners?|classifiers?)|(?:if|as) (?:you are )?an? (?:ai|llm|language model)[^.\n]{0,30}?)[^.\n]{0,30}?(?:give|assign|award|rate|rank|classify|mark|report|return|approve|recommend|accept)\s+[^.\n]{0,50}?(?:high(?:est)?|positive|maximum|full marks|10|100|safe|benign|harmless|accept|approved|best|perfect|qualified|first)",
        r"(?:give|write|provide|return)\s+(?:a\s+)?(?:only\s+)?positive\s+(?:reviews?|feedback|rating)\s+only",
        r"(?:do not|don't)\s+(?:highlight|mention)\s+any\s+(?:negatives?|weakness(?:es)?|flaws?)[^.\n]{0,40}",
    ], [
        "(?:AI|LLM|言語モデル|自動(?:採点|評価|審査|検査))(?:の)?(?:査読者|審査|レビュアー|採用|採点|評価|選考|システム|ツール|スキャナー|者)[^。\n]{0,24}?(?:最高|満点|高得点|高い評価|合格|採択|採用|無害|安全|承認|肯定的)[^。\n]{0,16}?(?:して|せよ|すること|与え|付け|判定|推薦|評価)",
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_expression_compiles() {
        for (name, compiled) in compiled() {
            assert!(compiled, "{name}");
        }
    }
}
