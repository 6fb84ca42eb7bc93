//! The frame of every page.

use axum::response::{Html, IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};
use yata_words::Lang;

use crate::access::Right;
use crate::assets::VERSION;
use crate::caller::{Caller, Who};

/// The places in the navigation: path, name, and what it needs.
const PLACES: &[(&str, &str, Right)] = &[
    ("/", "nav-today", Right::Read),
    ("/queue", "nav-queue", Right::Read),
    ("/assets", "nav-assets", Right::Read),
    ("/risk-map", "nav-risk-map", Right::Read),
    ("/sources", "nav-sources", Right::Read),
    ("/ledger", "nav-ledger", Right::Read),
    ("/report", "nav-report", Right::Read),
    ("/people", "nav-people", Right::ManagePeople),
    ("/tokens", "nav-tokens", Right::ManageTokens),
];

/// A whole page: `title` is its heading too.
pub(crate) fn page(caller: &Caller, title: &str, body: &Markup) -> Response {
    Html(document(caller, title, body).into_string()).into_response()
}

/// The document of a page.
pub(crate) fn document(caller: &Caller, title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(caller.lang.as_str()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " – Yata" }
                link rel="stylesheet" href={ "/assets/style.css?v=" (VERSION) };
                script src={ "/assets/script.js?v=" (VERSION) } defer {}
            }
            body {
                a .skip href="#main" { (caller.text("nav-skip")) }
                header .top {
                    a .brand href="/" { "Yata" }
                    @if matches!(caller.who, Who::Person { .. }) { (navigation(caller)) }
                    (languages(caller))
                    @if let Who::Person { name, .. } = &caller.who {
                        a .account href="/account" { (name) }
                        form method="post" action="/sign-out" { (csrf(caller)) button type="submit" { (caller.text("nav-sign-out")) } }
                    }
                }
                main #main tabindex="-1" { h1 { (title) } (body) }
            }
        }
    }
}

/// The hidden field that every form of a session carries.
pub(crate) fn csrf(caller: &Caller) -> Markup {
    html! { input type="hidden" name="csrf" value=(caller.csrf); }
}

fn navigation(caller: &Caller) -> Markup {
    let path = caller.path.split('?').next().unwrap_or_default();
    let is_here = |place: &str| if place == "/" { path == "/" } else { path.starts_with(place) };
    html! {
        nav aria-label=(caller.text("nav-label")) {
            ul {
                @for (place, name, right) in PLACES.iter().filter(|(.., right)| caller.may(*right)) {
                    @let _ = right;
                    li { a href=(place) aria-current=[is_here(place).then_some("page")] { (caller.text(name)) } }
                }
            }
        }
    }
}

/// The other language, as a form: choosing it is remembered.
fn languages(caller: &Caller) -> Markup {
    let (other, name) = match caller.lang {
        Lang::En => (Lang::Ja, "日本語"),
        Lang::Ja => (Lang::En, "English"),
    };
    html! {
        form .lang method="post" action="/language" {
            input type="hidden" name="next" value=(caller.path);
            button type="submit" name="lang" value=(other.as_str()) lang=(other.as_str()) { (name) }
        }
    }
}
