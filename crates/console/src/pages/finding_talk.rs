//! What people say and decide about one finding: history, proposals, discussion.

use jiff::Timestamp;
use maud::{Markup, html};
use yata_model::{Message, StateChange};
use yata_store::{Answer, MAX_COMMENT_CHARS, Proposal};
use yata_words::has;

use super::finding::Shown;
use super::say;
use crate::access::Right;
use crate::caller::Caller;
use crate::layout;
use crate::state::Console;

/// What every id of a finding begins with.
const ID_PREFIX: &str = "fi_";

/// Who changed the state, when and why, and what became of proposals; the latest first.
pub(crate) fn history(console: &Console, caller: &Caller, shown: &Shown) -> Markup {
    let mut entries: Vec<(Timestamp, Markup)> =
        shown.history.iter().map(|change| (change.at, changed(console, caller, change, &shown.proposals))).collect();
    for proposal in &shown.proposals {
        entries.push((proposal.at, proposed(console, caller, proposal)));
        // An approval shows as the change that it made.
        if let Some((answer @ (Answer::Refused | Answer::Overtaken), by, at)) = &proposal.answer {
            entries.push((*at, answered(console, caller, *answer, by, *at)));
        }
    }
    entries.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    html! {
        section .panel {
            h2 { (caller.text("finding-history")) }
            ol .log { @for (_, entry) in &entries { li { (entry) } } }
        }
    }
}

fn changed(console: &Console, caller: &Caller, change: &StateChange, proposals: &[Proposal]) -> Markup {
    // A sensor's reason is the id of a text; a person's is their own words.
    let why = if change.why.starts_with("history-") && has(caller.lang, &change.why) {
        caller.text(&change.why)
    } else {
        say::clean_lines(&change.why)
    };
    let proposer =
        proposals.iter().find(|one| matches!(&one.answer, Some((Answer::Approved, _, at)) if *at == change.at));
    html! {
        p { strong { (say::state(caller, &change.state)) } }
        @if !why.is_empty() { p .said { (why) } }
        p .when {
            (say::moment(console, change.at)) " · " (say::clean(&change.by))
            @if let Some(proposal) = proposer {
                " · " (caller.say(&Message::new("finding-approved-from").with("name", say::clean(&proposal.by))))
            }
        }
    }
}

fn proposed(console: &Console, caller: &Caller, proposal: &Proposal) -> Markup {
    let message = Message::new("finding-proposed").with("state", say::state(caller, &proposal.state));
    html! {
        p { (caller.say(&message)) }
        p .said { (say::clean_lines(&proposal.why)) }
        p .when { (say::moment(console, proposal.at)) " · " (say::clean(&proposal.by)) (asked(caller, proposal)) }
    }
}

/// Who is asked to approve a proposal, where somebody is: a sign for the one who is asked.
pub(crate) fn asked(caller: &Caller, proposal: &Proposal) -> Markup {
    html! {
        @match &proposal.asked {
            None => {},
            Some((id, _)) if id == caller.id() => { " " span .tag.warn { (caller.text("proposal-asked-you")) } },
            Some((_, name)) => {
                " · " (caller.say(&Message::new("proposal-asked").with("name", say::clean(name))))
            }
        }
    }
}

fn answered(console: &Console, caller: &Caller, answer: Answer, by: &str, at: Timestamp) -> Markup {
    let id = if answer == Answer::Refused { "finding-refused" } else { "finding-overtaken" };
    html! {
        p { (caller.text(id)) }
        p .when { (say::moment(console, at)) " · " (say::clean(by)) }
    }
}

/// Proposals that wait for an approver.
pub(crate) fn waiting(console: &Console, caller: &Caller, shown: &Shown) -> Markup {
    let waiting: Vec<&Proposal> = shown.proposals.iter().filter(|proposal| proposal.answer.is_none()).collect();
    html! {
        @for proposal in waiting {
            div .note.warn {
                p { strong { (caller.say(&Message::new("finding-proposed").with("state", say::state(caller, &proposal.state)))) } }
                p .said { (say::clean_lines(&proposal.why)) }
                p .small.quiet {
                    (say::moment(console, proposal.at)) " · " (say::clean(&proposal.by)) (asked(caller, proposal))
                }
                (answer_form(caller, proposal, ""))
            }
        }
    }
}

/// The form that approves or refuses, for those who may; nobody answers an own proposal.
pub(crate) fn answer_form(caller: &Caller, proposal: &Proposal, next: &str) -> Markup {
    html! {
        @if !caller.may(Right::Approve) {
            p .small.quiet { (caller.text("proposal-waits")) }
        } @else if proposal.by_id == caller.id() {
            p .small.quiet { (caller.text("proposal-own")) }
        } @else {
            form .no-print method="post" action={ "/proposals/" (proposal.id) } {
                (layout::csrf(caller))
                input type="hidden" name="next" value=(next);
                div .field {
                    label for={ "why-" (proposal.id) } { (caller.text("proposal-why")) }
                    input #{ "why-" (proposal.id) } type="text" name="why" maxlength="2000" autocomplete="off";
                }
                div .buttons {
                    button .primary type="submit" name="answer" value="approve" { (caller.text("proposal-approve")) }
                    button .danger type="submit" name="answer" value="refuse" { (caller.text("proposal-refuse")) }
                }
            }
        }
    }
}

/// The discussion.
pub(crate) fn discussion(console: &Console, caller: &Caller, shown: &Shown) -> Markup {
    let id = &shown.judged.risk.finding.id;
    html! {
        section #discussion .panel {
            h2 { (caller.text("finding-discussion")) }
            @if shown.comments.is_empty() { p .quiet { (caller.text("finding-no-comments")) } }
            ol .log {
                @for comment in &shown.comments {
                    li {
                        p .when { strong { (say::clean(&comment.by)) } " · " (say::moment(console, comment.at)) }
                        p .said { (linked(&say::clean_lines(&comment.text))) }
                    }
                }
            }
            @if caller.may(Right::Comment) {
                form .no-print method="post" action={ "/findings/" (id) "/comment" } {
                    (layout::csrf(caller))
                    div .field {
                        label for="comment" { (caller.text("finding-comment")) }
                        textarea #comment name="text" rows="3" maxlength=(MAX_COMMENT_CHARS) required {}
                    }
                    button type="submit" { (caller.text("finding-comment-do")) }
                }
            }
        }
    }
}

/// A text in which ids of findings are links; nothing else is.
fn linked(text: &str) -> Markup {
    let is_id_char = |c: char| c.is_ascii_hexdigit() || c == '_';
    let mut parts: Vec<(bool, &str)> = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(ID_PREFIX) {
        let (before, from) = rest.split_at(at);
        let after = from.strip_prefix(ID_PREFIX).unwrap_or_default();
        let length = after.chars().take_while(|c| is_id_char(*c)).count();
        let (id, next) = from.split_at(ID_PREFIX.len() + length);
        parts.push((false, before));
        parts.push((length >= 8, id));
        rest = next;
    }
    parts.push((false, rest));
    html! {
        @for (is_id, part) in parts {
            @if is_id { a href={ "/findings/" (part) } { (part) } } @else { (part) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ids_become_links() {
        let text = linked("see fi_0123456789 and https://x.example/fi_ <b>fi_1</b>").into_string();
        assert_eq!(
            text,
            "see <a href=\"/findings/fi_0123456789\">fi_0123456789</a> and https://x.example/fi_ &lt;b&gt;fi_1&lt;/b&gt;"
        );
    }
}
