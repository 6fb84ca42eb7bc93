//! What people say of an asset: the form, and what became of it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::post;
use http::{Method, StatusCode};
use maud::{Markup, html};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use yata_model::{BusinessService, Exposure, Message, MissionImpact};
use yata_store::{AssetEdit, AssetItem, AssetOutcome, AssetRecord, Doer, StoreError};
use yata_words::fact_value;

use super::ask::word_of;
use super::asset::{Parts, show};
use super::say;
use crate::access::{Need, Right};
use crate::caller::Caller;
use crate::form::{Posted, encoded};
use crate::layout;
use crate::problem::Refusal;
use crate::routes::Routes;
use crate::state::Console;

const EXPOSURES: [Exposure; 5] =
    [Exposure::Unknown, Exposure::None, Exposure::Internal, Exposure::Partner, Exposure::Internet];

const IMPACTS: [MissionImpact; 5] =
    [MissionImpact::Unknown, MissionImpact::Low, MissionImpact::Medium, MissionImpact::High, MissionImpact::VeryHigh];

pub(crate) fn routes(routes: Routes) -> Routes {
    let need = Need::Right(Right::EditAssets);
    routes.add(Method::POST, "/assets/{id}", need, post(edit)).add(
        Method::POST,
        "/assets/{id}/take-back",
        need,
        post(take_back),
    )
}

/// What the form holds.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Form {
    owner: String,
    service: String,
    exposure: String,
    impact: String,
    /// Classes of data, with commas between them.
    data: String,
    ai: String,
    /// Names, one a line.
    depends: String,
    why: String,
    /// The version that the person saw.
    seen: String,
}

impl Form {
    /// What is known now.
    pub(crate) fn of(record: &AssetRecord) -> Self {
        let asset = &record.row.asset;
        Form {
            owner: asset.owner.clone().unwrap_or_default(),
            service: asset.service.clone().unwrap_or_default(),
            exposure: word_of(&asset.exposure),
            impact: word_of(&asset.mission_impact),
            data: asset.data_classes.join(", "),
            ai: if asset.is_ai { "yes" } else { "no" }.to_owned(),
            depends: asset.depends_on.join("\n"),
            why: String::new(),
            seen: record.version(),
        }
    }

    /// What differs from what is known now: what is left as it stands goes on being said by whoever says it.
    fn edit(&self, record: &AssetRecord) -> Option<AssetEdit> {
        fn differs<T: PartialEq>(given: T, now: &T) -> Option<Option<T>> {
            (given != *now).then_some(Some(given))
        }
        let asset = &record.row.asset;
        let text = |text: &str| text.trim().to_owned();
        let now = |text: &Option<String>| text.clone().unwrap_or_default();
        let list = |text: &str, separators: &[char]| -> Vec<String> {
            text.split(separators).map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect()
        };
        Some(AssetEdit {
            owner: differs(text(&self.owner), &now(&asset.owner)),
            service: differs(text(&self.service), &now(&asset.service)),
            exposure: differs(of_word::<Exposure>(&self.exposure)?, &asset.exposure),
            mission_impact: differs(of_word::<MissionImpact>(&self.impact)?, &asset.mission_impact),
            data_classes: differs(list(&self.data, &[',', '、', '\n']), &asset.data_classes),
            is_ai: differs(self.ai == "yes", &asset.is_ai),
            depends_on: differs(list(&self.depends, &['\n']), &asset.depends_on),
        })
    }
}

fn of_word<T: DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(word.to_owned())).ok()
}

#[derive(Debug, Deserialize)]
#[serde(default)]
#[derive(Default)]
struct TakeBack {
    why: String,
    seen: String,
}

async fn edit(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Path(id): Path<String>,
    Posted(form): Posted<Form>,
) -> Result<Response, Refusal> {
    let record = console.store.asset(&id).await?.ok_or_else(Refusal::not_found)?;
    let wrong = Message::new("asset-bad-value");
    let Some(edit) = form.edit(&record) else {
        return again(&console, &caller, &record, &form, &wrong, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    store(&console, &caller, &record, &edit, &form).await
}

async fn take_back(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Path(id): Path<String>,
    Posted(given): Posted<TakeBack>,
) -> Result<Response, Refusal> {
    let record = console.store.asset(&id).await?.ok_or_else(Refusal::not_found)?;
    let edit = AssetEdit {
        owner: Some(None),
        service: Some(None),
        exposure: Some(None),
        mission_impact: Some(None),
        data_classes: Some(None),
        is_ai: Some(None),
        depends_on: Some(None),
    };
    let form = Form { why: given.why, seen: given.seen, ..Form::of(&record) };
    store(&console, &caller, &record, &edit, &form).await
}

async fn store(
    console: &Console,
    caller: &Caller,
    record: &AssetRecord,
    edit: &AssetEdit,
    form: &Form,
) -> Result<Response, Refusal> {
    let id = record.row.asset.id.clone();
    let actor = caller.actor();
    let may = |service: Option<&str>| caller.may_on(Right::EditAssets, service);
    let doer = Doer { by: &actor, why: &form.why, may: &may, now: console.now(), today: console.today() };
    let items = [AssetItem { id: id.clone(), seen: Some(form.seen.clone()) }];
    let outcome = match console.store.edit_assets(&items, edit, &doer).await {
        Ok(outcomes) => outcomes.into_iter().next().unwrap_or(AssetOutcome::Unknown),
        Err(StoreError::NoReason) => {
            let wrong = Message::new("asset-no-reason");
            return again(console, caller, record, form, &wrong, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
        Err(error) => return Err(error.into()),
    };
    match outcome {
        AssetOutcome::Done => Ok(Redirect::to(&format!("/assets/{}?done=1", encoded(&id))).into_response()),
        AssetOutcome::Same => Ok(Redirect::to(&format!("/assets/{}", encoded(&id))).into_response()),
        AssetOutcome::Unknown => Err(Refusal::not_found()),
        AssetOutcome::NotAllowed => Err(Refusal::forbidden()),
        AssetOutcome::Changed => {
            // The form shows what is known now: nobody overwrites what they have not seen.
            let record = console.store.asset(&id).await?.ok_or_else(Refusal::not_found)?;
            let form = Form { why: form.why.clone(), ..Form::of(&record) };
            let wrong = Message::new("asset-changed-meanwhile");
            again(console, caller, &record, &form, &wrong, StatusCode::CONFLICT).await
        }
    }
}

async fn again(
    console: &Console,
    caller: &Caller,
    record: &AssetRecord,
    form: &Form,
    wrong: &Message,
    status: StatusCode,
) -> Result<Response, Refusal> {
    show(console, caller, record, &Parts::default(), form, Some(wrong), status).await
}

/// The form with what it holds, and below it the one to take back what people said.
pub(crate) fn form(
    caller: &Caller,
    record: &AssetRecord,
    form: &Form,
    services: &[BusinessService],
    wrong: Option<&Message>,
) -> Markup {
    let action = format!("/assets/{}", encoded(&record.row.asset.id));
    let value = |word: &str| fact_value(caller.lang, word);
    let known = services.iter().any(|service| service.id == form.service);
    html! {
        @if let Some(message) = wrong { p .note.bad role="alert" { (caller.say(message)) } }
        form method="post" action=(action) {
            (layout::csrf(caller))
            input type="hidden" name="seen" value=(form.seen);
            div .fields {
                (field("owner", &caller.text("assets-owner"), &html! { input #edit-owner type="text" name="owner" value=(form.owner) maxlength="200"; }))
                (field("service", &caller.text("assets-service"), &html! {
                    select #edit-service name="service" {
                        option value="" { (caller.text("assets-no-service")) }
                        @for service in services {
                            option value=(service.id) selected[service.id == form.service] { (say::service_name(caller.lang, services, &service.id)) }
                        }
                        @if !form.service.is_empty() && !known { option value=(form.service) selected { (say::clean(&form.service)) } }
                    }
                }))
                (field("exposure", &caller.text("fact-exposure"), &html! {
                    select #edit-exposure name="exposure" {
                        @for word in EXPOSURES.iter().map(word_of) { option value=(word) selected[word == form.exposure] { (value(&word)) } }
                    }
                }))
                (field("impact", &caller.text("fact-mission-impact"), &html! {
                    select #edit-impact name="impact" {
                        @for word in IMPACTS.iter().map(word_of) { option value=(word) selected[word == form.impact] { (value(&word)) } }
                    }
                }))
                (field("ai", &caller.text("assets-ai"), &html! {
                    select #edit-ai name="ai" {
                        option value="no" selected[form.ai != "yes"] { (caller.text("asset-no")) }
                        option value="yes" selected[form.ai == "yes"] { (caller.text("asset-yes")) }
                    }
                }))
            }
            div .fields {
                (field("data", &caller.text("asset-data-hint"), &html! { input #edit-data type="text" name="data" value=(form.data) maxlength="2000"; }))
                (field("depends", &caller.text("asset-depends-hint"), &html! { textarea #edit-depends name="depends" rows="3" { (form.depends) } }))
                (field("why", &caller.text("asset-why"), &html! { textarea #edit-why name="why" rows="3" required maxlength="2000" { (form.why) } }))
            }
            button .primary type="submit" { (caller.text("asset-store")) }
        }
        @if record.edits != AssetEdit::default() {
            details {
                summary { (caller.text("asset-take-back")) }
                p .quiet { (caller.text("asset-take-back-says")) }
                form method="post" action={ (action) "/take-back" } {
                    (layout::csrf(caller))
                    input type="hidden" name="seen" value=(record.version());
                    (field("back-why", &caller.text("asset-why"), &html! { input #edit-back-why type="text" name="why" required maxlength="2000"; }))
                    button .danger type="submit" { (caller.text("asset-take-back")) }
                }
            }
        }
    }
}

fn field(id: &str, label: &str, input: &Markup) -> Markup {
    html! { div .field { label for={ "edit-" (id) } { (label) } (input) } }
}
