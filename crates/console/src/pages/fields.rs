//! The fields of forms: each with its label, its hint and its error beside it.

use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use maud::{Markup, Render, html};
use yata_model::Message;

use crate::caller::Caller;
use crate::layout;

/// An input of one line.
#[derive(Debug, Clone, Default)]
pub(crate) struct Field<'a> {
    /// The name in the form.
    pub name: &'a str,
    /// The id in the page.
    pub id: &'a str,
    /// `text`, `email`, `password`, `number`.
    pub kind: &'a str,
    /// What is asked for.
    pub label: String,
    /// What it holds.
    pub value: &'a str,
    /// What a browser or password manager may fill in.
    pub autocomplete: &'a str,
    /// What helps to fill it in.
    pub hint: Option<String>,
    /// Why what it held was refused.
    pub error: Option<String>,
    /// Whether it may stay empty.
    pub optional: bool,
    /// Whether it may not be changed.
    pub fixed: bool,
}

impl<'a> Field<'a> {
    /// A field of one line.
    pub(crate) fn new(kind: &'a str, name: &'a str, label: String) -> Self {
        Field { name, id: name, kind, label, autocomplete: "off", ..Field::default() }
    }

    /// A password that the browser may fill in.
    pub(crate) fn password(name: &'a str, label: String, autocomplete: &'a str) -> Self {
        Field { autocomplete, ..Field::new("password", name, label) }
    }

    /// A one-time code.
    pub(crate) fn code(name: &'a str, label: String) -> Self {
        Field { autocomplete: "one-time-code", ..Field::new("text", name, label) }
    }

    /// Under another name in the form than in the page: where two forms of a page ask the same.
    pub(crate) fn named(self, name: &'a str) -> Self {
        Field { name, ..self }
    }

    /// With what it holds.
    pub(crate) fn holding(self, value: &'a str) -> Self {
        Field { value, ..self }
    }

    /// With what helps.
    pub(crate) fn hint(self, hint: String) -> Self {
        Field { hint: Some(hint), ..self }
    }

    /// With the error of this field, if `errors` has one.
    pub(crate) fn checked(self, caller: &Caller, errors: &Errors) -> Self {
        let error = errors.of(self.name).map(|message| caller.say(message));
        Field { error, ..self }
    }
}

impl Render for Field<'_> {
    fn render(&self) -> Markup {
        let id = self.id;
        let (hint, error) = (format!("{id}-hint"), format!("{id}-error"));
        let described: Vec<&str> = [(self.hint.is_some(), &hint), (self.error.is_some(), &error)]
            .into_iter()
            .filter_map(|(is, name)| is.then_some(name.as_str()))
            .collect();
        let described = (!described.is_empty()).then(|| described.join(" "));
        html! {
            div .field {
                label for=(id) { (self.label) }
                @if let Some(text) = &self.hint { p .hint id=(hint) { (text) } }
                @if let Some(text) = &self.error { p .error id=(error) role="alert" { (text) } }
                input id=(id) name=(self.name) type=(self.kind) value=(self.value) autocomplete=(self.autocomplete)
                    inputmode=[(self.autocomplete == "one-time-code").then_some("text")]
                    required[!self.optional] readonly[self.fixed]
                    aria-describedby=[described] aria-invalid=[self.error.is_some().then_some("true")];
            }
        }
    }
}

/// A choice of one of several.
pub(crate) fn choice(name: &str, label: &str, options: &[(&str, String)], chosen: &str) -> Markup {
    html! {
        div .field {
            label for=(name) { (label) }
            select id=(name) name=(name) {
                @for (value, text) in options { option value=(value) selected[*value == chosen] { (text) } }
            }
        }
    }
}

/// A form of the caller's session in a section of its own: its heading, its fields, its button.
pub(crate) fn section(caller: &Caller, heading: &str, action: &str, fields: &Markup, button: &str) -> Markup {
    html! {
        section {
            h2 { (caller.text(heading)) }
            (form(caller, action, fields, &caller.text(button)))
        }
    }
}

/// A form of the caller's session: its fields one below another, its button last.
pub(crate) fn form(caller: &Caller, action: &str, fields: &Markup, button: &str) -> Markup {
    html! {
        form .stack method="post" action=(action) {
            (layout::csrf(caller))
            (fields)
            button type="submit" { (button) }
        }
    }
}

/// A button that does one thing, beside what it is done to. `label` says more where several stand below each other.
pub(crate) fn deed(caller: &Caller, action: &str, button: &str, label: Option<&str>) -> Markup {
    html! {
        form method="post" action=(action) {
            (layout::csrf(caller))
            button .slim type="submit" aria-label=[label] { (button) }
        }
    }
}

/// A page with a form: refused (422) where something was wrong with what came.
pub(crate) fn page(caller: &Caller, title: &str, body: &Markup, errors: &Errors) -> Response {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    (status, layout::page(caller, title, body)).into_response()
}

/// What was wrong with a form: by field, the first of each.
#[derive(Debug, Clone, Default)]
pub(crate) struct Errors(Vec<(&'static str, Message)>);

impl Errors {
    /// One error.
    pub(crate) fn one(field: &'static str, message: Message) -> Self {
        Errors(vec![(field, message)])
    }

    /// Adds an error of a field.
    pub(crate) fn add(&mut self, field: &'static str, message: Message) {
        self.0.push((field, message));
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The error of a field.
    pub(crate) fn of(&self, field: &str) -> Option<&Message> {
        self.0.iter().find(|(name, _)| *name == field).map(|(_, message)| message)
    }

    /// The error of the form as a whole, above it.
    pub(crate) fn above(&self, caller: &Caller) -> Markup {
        html! { @if let Some(message) = self.of("") { p .error role="alert" { (caller.say(message)) } } }
    }
}
