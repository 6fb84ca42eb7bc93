//! Styles and the one script, embedded in the program.

use std::sync::LazyLock;

use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderValue, Method, header};

use crate::access::Need;
use crate::routes::Routes;

const STYLE: &str = include_str!("../assets/style.css");
const SCRIPT: &str = include_str!("../assets/script.js");
const ICON: &str = include_str!("../assets/icon.svg");
const PASSKEY: &str = include_str!("../assets/passkey.js");

/// `?v=` of the addresses of embedded files: another version of the program is another address.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

const ICON_PATH: &str = "/assets/icon.svg";
const STYLE_PATH: &str = "/assets/style.css";
const SCRIPT_PATH: &str = "/assets/script.js";
const PASSKEY_PATH: &str = "/assets/passkey.js";

/// Whether the path is that of an embedded file, which is the same for everybody. Pages of assets begin alike.
pub(crate) fn is_file(path: &str) -> bool {
    [ICON_PATH, STYLE_PATH, SCRIPT_PATH, PASSKEY_PATH].contains(&path)
}

pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .add(Method::GET, ICON_PATH, Need::Nothing, get(|| async { file("image/svg+xml", ICON) }))
        .add(Method::GET, STYLE_PATH, Need::Nothing, get(style))
        .add(Method::GET, SCRIPT_PATH, Need::Nothing, get(|| async { file("text/javascript; charset=utf-8", SCRIPT) }))
        .add(
            Method::GET,
            PASSKEY_PATH,
            Need::Nothing,
            get(|| async { file("text/javascript; charset=utf-8", PASSKEY) }),
        )
}

async fn style() -> Response {
    static WHOLE: LazyLock<String> = LazyLock::new(|| [STYLE, yata_chart::CSS].concat());
    file("text/css; charset=utf-8", &WHOLE)
}

fn file(kind: &'static str, body: &'static str) -> Response {
    let mut response = body.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
    response
}
