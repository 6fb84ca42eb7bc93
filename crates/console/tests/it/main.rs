//! Tests of the service as its users meet it.

mod pages_decide;
mod pages_export;
mod pages_hostile;
mod pages_html;
mod pages_shown;
mod pages_support;
