//! Instructions to a machine that reads the text: rules for the forms that are known, a small linear model for the rest.
//!
//! What a sentence says *about* such an instruction (a quotation with words about it, a prohibition, a named attack) is
//! no instruction; `text::discussed` decides that for all rules.

mod features;
mod hidden;
mod lexicon;
mod markup;
mod model;
mod phrases;
mod text;

#[cfg(test)]
mod tests;

pub(crate) use self::hidden::{hidden_bidi, hidden_tags, hidden_zero_width};
#[cfg(feature = "train")]
pub use self::{
    features::{Features, WEIGHT_BITS},
    model::{MAGIC, features_of},
    text::sentences,
};
pub(crate) use self::{
    markup::{attribute_instruction, comment_instruction, exfiltration_link, forged_turn, invisible_instruction},
    phrases::{
        agent_shell_instruction, concealment_instruction, credential_collection, delayed_trigger, encoded_instruction,
        evaluator_manipulation, exfiltration_instruction, ignore_previous_instructions, memory_poisoning,
        reveal_system_prompt, role_override, tool_poisoning,
    },
};
use crate::{Confidence, Found, Window};

/// What the model takes for an instruction to a machine: one sentence, as a possibility.
pub(crate) fn injection_model(window: &Window<'_>, found: &mut Vec<Found>) {
    let range = text::sentence(window.text, window.at);
    let Some(sentence) = window.text.get(range.clone()) else { return };
    if model::margin(sentence).is_some_and(|margin| margin > 0.0) && !text::discussed(window.text, &range) {
        found.push(Found { span: range.clone(), value: range, confidence: Confidence::Possible });
    }
}
