//! The form by which people decide about one finding or several, and what it sends.

use jiff::ToSpan as _;
use jiff::civil::Date;
use maud::{Markup, html};
use yata_model::{Finding, FindingState, Message};
use yata_store::{Deed, DeedItem, MAX_NAME_CHARS, MAX_REASON_CHARS, Person};

use super::say;
use crate::access::{Right, Role};
use crate::caller::Caller;
use crate::problem::Refusal;
use crate::state::Console;

/// Days that are suggested for an acceptance.
const SUGGESTED_DAYS: i64 = 90;

/// What a form names of a finding: its id, and the state that was seen.
pub(crate) fn item_value(finding: &Finding) -> String {
    let state = match &finding.state {
        FindingState::Open => "open".to_owned(),
        FindingState::Accepted { until } => format!("accepted:{until}"),
        FindingState::Mitigated { until } => format!("mitigated:{until}"),
        FindingState::FalsePositive => "false-positive".to_owned(),
        FindingState::Fixed => "fixed".to_owned(),
    };
    format!("{}|{state}", finding.id)
}

/// Reads [`item_value`] back.
pub(crate) fn item(value: &str) -> Option<DeedItem> {
    let (id, state) = value.split_once('|')?;
    let is_id = id.starts_with("fi_") && id.len() <= 100 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let until = |text: &str| text.parse::<Date>().ok();
    let seen = match state.split_once(':') {
        Some(("accepted", day)) => FindingState::Accepted { until: until(day)? },
        Some(("mitigated", day)) => FindingState::Mitigated { until: until(day)? },
        Some(_) => return None,
        None => match state {
            "open" => FindingState::Open,
            "false-positive" => FindingState::FalsePositive,
            "fixed" => FindingState::Fixed,
            _ => return None,
        },
    };
    is_id.then(|| DeedItem { id: id.to_owned(), seen: Some(seen) })
}

/// What people can do with findings: the word in the form, the name, and the fields that it asks for.
const CHOICES: [(&str, &str, &str); 5] = [
    ("accept", "deed-accept", "until why asked"),
    ("mitigate", "deed-mitigate", "until why asked"),
    ("false-positive", "deed-false-positive", "why"),
    ("assign", "deed-assign", "assignee"),
    ("reopen", "deed-reopen", "why"),
];

/// What a posted form says.
#[derive(Debug, Clone, Default)]
pub(crate) struct Choice {
    pub(crate) items: Vec<String>,
    pub(crate) deed: String,
    pub(crate) until: String,
    pub(crate) why: String,
    pub(crate) assignee: String,
    /// The account that is asked to approve; empty for whoever may.
    pub(crate) asked: String,
    pub(crate) next: String,
}

impl Choice {
    /// From the pairs of a form; other fields are not ours.
    pub(crate) fn of(pairs: Vec<(String, String)>) -> Self {
        let mut choice = Choice::default();
        for (key, value) in pairs {
            match key.as_str() {
                "item" => choice.items.push(value),
                "deed" => choice.deed = value,
                "until" => choice.until = value,
                "why" => choice.why = value,
                "assignee" => choice.assignee = value,
                "asked" => choice.asked = value,
                "next" => choice.next = value,
                _ => {}
            }
        }
        choice
    }

    /// The deed, or what is missing. Whoever may not approve proposes what needs an approver, and so does whoever asks
    /// another one.
    pub(crate) fn read(&self, caller: &Caller, today: Date, approvers: &[Person]) -> Result<Deed, Message> {
        let until = || -> Result<Date, Message> {
            let day = self.until.trim().parse::<Date>().map_err(|_| Message::new("deed-needs-until"))?;
            if day < today { Err(Message::new("deed-until-past").with("day", day.to_string())) } else { Ok(day) }
        };
        let why = || match self.why.trim().chars().count() {
            0 => Err(Message::new("deed-needs-why")),
            given if given > MAX_REASON_CHARS => Err(Message::new("deed-too-long").with("limit", MAX_REASON_CHARS)),
            _ => Ok(()),
        };
        let asked = Some(self.asked.clone()).filter(|id| !id.is_empty());
        if asked.as_ref().is_some_and(|id| !approvers.iter().any(|one| one.id == *id)) {
            return Err(Message::new("deed-bad-approver"));
        }
        let limited = |state: FindingState| match asked {
            None if caller.may(Right::Approve) => Deed::Settle(state),
            asked => Deed::Propose(state, asked),
        };
        let deed = match self.deed.as_str() {
            "accept" => limited(FindingState::Accepted { until: until()? }),
            "mitigate" => limited(FindingState::Mitigated { until: until()? }),
            "false-positive" => Deed::Settle(FindingState::FalsePositive),
            "reopen" => Deed::Settle(FindingState::Open),
            "assign" => {
                let name = self.assignee.trim();
                if name.chars().count() > MAX_NAME_CHARS {
                    return Err(Message::new("deed-too-long").with("limit", MAX_NAME_CHARS));
                }
                return Ok(Deed::Assign(Some(name.to_owned()).filter(|name| !name.is_empty())));
            }
            _ => return Err(Message::new("deed-needs-choice")),
        };
        why()?;
        Ok(deed)
    }
}

/// Those who may be asked to approve what the caller proposes, by name.
pub(crate) async fn approvers(console: &Console, caller: &Caller) -> Result<Vec<Person>, Refusal> {
    let roles: Vec<&str> =
        Role::ALL.into_iter().filter(|role| role.has(Right::Approve)).map(|role| role.as_str()).collect();
    let mut people = console.store.people_with(&roles).await?;
    people.retain(|one| one.id != caller.id());
    Ok(people)
}

/// What a form about findings is made for.
pub(crate) struct Fields<'a> {
    /// What the ids of its fields begin with.
    pub(crate) id: &'a str,
    pub(crate) today: Date,
    /// Deeds that have no sense there.
    pub(crate) without: &'a [&'a str],
    /// Who can be asked to approve.
    pub(crate) approvers: &'a [Person],
    /// What was said already.
    pub(crate) said: &'a Choice,
}

/// The fields of the form.
pub(crate) fn fields(caller: &Caller, form: &Fields<'_>) -> Markup {
    let Fields { id, today, without, said, .. } = *form;
    let suggested = today.saturating_add(SUGGESTED_DAYS.days()).to_string();
    let until = if said.until.is_empty() { &suggested } else { &said.until };
    let choices: Vec<_> = CHOICES.iter().filter(|(word, ..)| !without.contains(word)).collect();
    let first = choices.first().map(|(word, ..)| *word).unwrap_or_default();
    let chosen = if said.deed.is_empty() { first } else { &said.deed };
    html! {
        fieldset {
            legend { (caller.text("deed-what")) }
            div .choices {
                @for (word, name, shows) in choices {
                    label .check {
                        input type="radio" name="deed" value=(word) data-shows=(shows) checked[*word == chosen] required;
                        (caller.text(name))
                    }
                }
            }
        }
        div .field data-field="until" {
            label for={ (id) "-until" } { (caller.text("deed-until")) }
            input #{ (id) "-until" } .short type="date" name="until" value=(until) min=(today);
            span .hint { (caller.text("deed-until-hint")) }
        }
        div .field data-field="why" {
            label for={ (id) "-why" } { (caller.text("deed-why")) }
            textarea #{ (id) "-why" } name="why" rows="3" maxlength=(MAX_REASON_CHARS) { (said.why) }
            span .hint { (caller.text("deed-why-hint")) }
        }
        div .field data-field="assignee" {
            label for={ (id) "-assignee" } { (caller.text("deed-assignee")) }
            input #{ (id) "-assignee" } type="text" name="assignee" maxlength=(MAX_NAME_CHARS) value=(said.assignee) autocomplete="off" list={ (id) "-names" };
            datalist #{ (id) "-names" } { option value=(caller.name()) {} }
            span .hint { (caller.text("deed-assignee-hint")) }
        }
        (approver(caller, form))
        p .small.quiet {
            (caller.text(if caller.may(Right::Approve) { "deed-you-approve" } else { "deed-others-approve" }))
        }
    }
}

/// Who is asked to approve. Whoever may approve decides alone, unless somebody is asked.
fn approver(caller: &Caller, form: &Fields<'_>) -> Markup {
    let nobody = if caller.may(Right::Approve) { "deed-asked-nobody" } else { "deed-asked-any" };
    html! {
        @if !form.approvers.is_empty() {
            div .field data-field="asked" {
                label for={ (form.id) "-asked" } { (caller.text("deed-asked")) }
                select #{ (form.id) "-asked" } name="asked" {
                    option value="" { (caller.text(nobody)) }
                    @for one in form.approvers {
                        option value=(one.id) selected[one.id == form.said.asked] { (say::clean(&one.name)) }
                    }
                }
                span .hint { (caller.text("deed-asked-hint")) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_form_names_comes_back() {
        for state in ["open", "accepted:2027-01-31", "mitigated:2027-01-31", "false-positive", "fixed"] {
            let value = format!("fi_00ab|{state}");
            assert!(item(&value).is_some(), "{value}");
        }
        for bad in ["", "fi_1", "fi_1|", "x|open", "fi_1|accepted", "fi_1|accepted:soon", "fi_1|open:x", "fi_'|open"] {
            assert!(item(bad).is_none(), "{bad}");
        }
    }
}
