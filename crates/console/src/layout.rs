//! The frame of every page.

use axum::response::{Html, IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};
use yata_model::Message;
use yata_words::Lang;

use crate::access::Right;
use crate::assets::VERSION;
use crate::caller::{Caller, Theme, Who};

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

/// A whole page that says its heading itself, with what stands beside it.
pub(crate) fn page_with_head(caller: &Caller, title: &str, head: &Markup, body: &Markup) -> Response {
    Html(framed(caller, title, head, body).into_string()).into_response()
}

/// The document of a page.
pub(crate) fn document(caller: &Caller, title: &str, body: &Markup) -> Markup {
    framed(caller, title, &html! { h1 { (title) } }, body)
}

fn framed(caller: &Caller, title: &str, head: &Markup, body: &Markup) -> Markup {
    let theme = caller.view.theme;
    html! {
        (DOCTYPE)
        html lang=(caller.lang.as_str()) data-theme=[(theme != Theme::System).then_some(theme.as_str())] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " – Yata" }
                link rel="stylesheet" href={ "/assets/style.css?v=" (VERSION) };
                link rel="icon" href="/assets/icon.svg" type="image/svg+xml";
                script src={ "/assets/script.js?v=" (VERSION) } defer {}
            }
            body {
                a .skip href="#main" { (caller.text("nav-skip")) }
                header .top {
                    a .brand href="/" { (mirror()) "Yata" }
                    @if matches!(caller.who, Who::Person { .. }) { (navigation(caller)) }
                    div .tools {
                        (themes(caller))
                        (languages(caller))
                        @if let Who::Person { name, .. } = &caller.who {
                            a href="/account" { span .name { (crate::pages::clean(name)) } }
                            form method="post" action="/sign-out" { (csrf(caller)) button type="submit" { (caller.text("nav-sign-out")) } }
                        }
                    }
                }
                @if let Some(day) = caller.view.as_of {
                    p .notice-bar { (caller.say(&Message::new("ui-page-as-of").with("date", day.to_string()))) }
                }
                main #main tabindex="-1" { (head) (body) }
                (shortcuts(caller))
            }
        }
    }
}

/// The sign of Yata: the mirror with eight sides.
fn mirror() -> Markup {
    html! {
        svg viewBox="0 0 24 24" aria-hidden="true" focusable="false" {
            path d="M8 2h8l6 6v8l-6 6H8l-6-6V8z" fill="none" stroke="currentColor" stroke-width="2" {}
            circle cx="12" cy="12" r="5" fill="none" stroke="currentColor" stroke-width="2" {}
            circle cx="12" cy="12" r="1.5" fill="currentColor" {}
        }
    }
}

/// What the keyboard can do; the script opens it.
fn shortcuts(caller: &Caller) -> Markup {
    const KEYS: [(&str, &str); 7] = [
        ("/", "ui-key-search"),
        ("j", "ui-key-down"),
        ("k", "ui-key-up"),
        ("x", "ui-key-select"),
        ("Enter", "ui-key-open"),
        ("?", "ui-key-help"),
        ("Esc", "ui-key-close"),
    ];
    html! {
        dialog #keys aria-labelledby="keys-title" {
            h2 #keys-title { (caller.text("ui-keys")) }
            dl .facts {
                @for (key, what) in KEYS { dt { kbd { (key) } } dd { (caller.text(what)) } }
            }
            form method="dialog" { button type="submit" { (caller.text("ui-close")) } }
        }
    }
}

/// The hidden field that every form of a session carries.
pub(crate) fn csrf(caller: &Caller) -> Markup {
    html! { input type="hidden" name="csrf" value=(caller.csrf); }
}

fn navigation(caller: &Caller) -> Markup {
    let path = caller.path.split('?').next().unwrap_or_default();
    let is_here = |place: &str| match path.strip_prefix(place) {
        Some(rest) if place != "/" => rest.is_empty() || rest.starts_with('/'),
        rest => rest == Some("") || (place == "/queue" && path.starts_with("/findings/")),
    };
    html! {
        nav aria-label=(caller.text("nav-label")) {
            ul {
                @for (place, name, _) in PLACES.iter().filter(|(.., right)| caller.may(*right)) {
                    li { a href=(place) aria-current=[is_here(place).then_some("page")] { (caller.text(name)) } }
                }
            }
        }
    }
}

/// The address to come back to after a choice.
fn here(caller: &Caller) -> &str {
    if caller.path.is_empty() { "/" } else { &caller.path }
}

/// Light or dark, as a form: choosing it is remembered.
fn themes(caller: &Caller) -> Markup {
    let (next, name) = match caller.view.theme {
        Theme::System => (Theme::Dark, "ui-theme-system"),
        Theme::Dark => (Theme::Light, "ui-theme-dark"),
        Theme::Light => (Theme::System, "ui-theme-light"),
    };
    let name = caller.text(name);
    html! {
        form method="post" action="/theme" {
            input type="hidden" name="next" value=(here(caller));
            button type="submit" name="theme" value=(next.as_str()) title=(caller.text("ui-theme-change")) {
                svg .icon viewBox="0 0 16 16" aria-hidden="true" focusable="false" {
                    circle cx="8" cy="8" r="6.5" fill="none" stroke="currentColor" stroke-width="1.5" {}
                    @match caller.view.theme {
                        Theme::System => path d="M8 1.5a6.5 6.5 0 0 1 0 13z" fill="currentColor" {},
                        Theme::Dark => circle cx="8" cy="8" r="6.5" fill="currentColor" {},
                        Theme::Light => circle cx="8" cy="8" r="2.5" fill="currentColor" {},
                    }
                }
                span .unseen { (caller.text("ui-theme-change")) ": " }
                (name)
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
            input type="hidden" name="next" value=(here(caller));
            button type="submit" name="lang" value=(other.as_str()) lang=(other.as_str()) { (name) }
        }
    }
}
