//! Every route and every kind of caller, against the table of routes: a new route is tested by being there.

use http::{Method, Request, StatusCode, header};
use tower::ServiceExt as _;
use yata_console::{Need, Right, Role, RouteInfo, Scope};
use yata_store::Stage;

use crate::support::{Browser, House, form};

/// Who comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Nobody,
    FirstFactor,
    Person(Role),
    Token(Scope),
}

/// Routes that anybody may post to without a form of ours: they change nothing but the sender's own cookies.
const FREE_FORMS: [&str; 2] = ["/language", "/theme"];

fn kinds() -> Vec<Kind> {
    let people = Role::ALL.into_iter().map(Kind::Person);
    let tokens = Scope::ALL.into_iter().map(Kind::Token);
    [Kind::Nobody, Kind::FirstFactor].into_iter().chain(people).chain(tokens).collect()
}

/// Who may what, written out a second time: a change of the rights of a role must be made here too.
#[test]
fn the_rights_of_roles_and_scopes_are_these() {
    let mut table = String::new();
    for right in Right::ALL {
        let mark = |has: bool| if has { 'x' } else { '.' };
        let roles: String = Role::ALL.iter().map(|role| mark(role.has(right))).collect();
        let scopes: String = Scope::ALL.iter().map(|scope| mark(scope.has(right))).collect();
        table.push_str(&format!("{right:?} {roles} {scopes}\n"));
    }
    // viewer, owner, analyst, approver, administrator; sensor, reader, operator.
    let expected = "Read xxxxx .xx\nExport xxxxx .xx\nComment .xxxx ..x\nDecide .xxxx ..x\nApprove ...xx ...\n\
                    EditAssets .xxxx ..x\nManagePeople ....x ...\nManageTokens ....x ...\nPushSnapshots ..... x..\n";
    assert_eq!(table, expected);
}

fn meets(kind: Kind, need: Need) -> bool {
    match (need, kind) {
        (Need::Nothing, _) => true,
        (Need::FirstFactor, _) => matches!(kind, Kind::FirstFactor | Kind::Person(_)),
        (Need::Person, _) => matches!(kind, Kind::Person(_)),
        (Need::Right(right), Kind::Person(role)) => role.has(right),
        (Need::Right(right), Kind::Token(scope)) => scope.has(right),
        (Need::Right(_), Kind::Nobody | Kind::FirstFactor) => false,
    }
}

/// The path with something in the place of what varies.
fn path_of(route: &RouteInfo) -> String {
    let parts = route.path.split('/').map(|part| if part.starts_with('{') { "none" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

struct Guests {
    house: House,
    sensor: String,
    reader: String,
    operator: String,
}

impl Guests {
    async fn new() -> Guests {
        let house = House::new().await;
        let mut admin = house.signed_in(Role::Administrator).await;
        let sensor = house.token(&mut admin, Scope::Sensor).await;
        let reader = house.token(&mut admin, Scope::Reader).await;
        let operator = house.token(&mut admin, Scope::Operator).await;
        Guests { house, sensor, reader, operator }
    }

    /// A browser for one request: signing out must not reach the next one.
    async fn browser(&self, kind: Kind) -> Browser {
        match kind {
            Kind::FirstFactor => self.house.session_of(Role::Administrator, Stage::Password).await,
            Kind::Person(role) => self.house.signed_in(role).await,
            Kind::Nobody | Kind::Token(_) => self.house.browser(),
        }
    }

    /// Asks, and gives status and place to go; the body may be endless.
    async fn ask(&self, kind: Kind, mut request: Request<axum::body::Body>) -> (StatusCode, String) {
        let token = match kind {
            Kind::Token(Scope::Sensor) => Some(&self.sensor),
            Kind::Token(Scope::Reader) => Some(&self.reader),
            Kind::Token(Scope::Operator) => Some(&self.operator),
            _ => None,
        };
        if let Some(token) = token {
            request.headers_mut().insert(header::AUTHORIZATION, format!("Bearer {token}").parse().unwrap());
        } else {
            let browser = self.browser(kind).await;
            let pairs: Vec<String> = browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request.headers_mut().insert(header::COOKIE, pairs.join("; ").parse().unwrap());
        }
        let response = self.house.app.clone().oneshot(request).await.unwrap();
        let place = response.headers().get(header::LOCATION).map_or("", |value| value.to_str().unwrap());
        (response.status(), place.to_owned())
    }
}

#[tokio::test]
async fn every_route_lets_in_exactly_whom_it_names() {
    let guests = Guests::new().await;
    for route in yata_console::routes().table() {
        let (path, api) = (path_of(route), route.path.starts_with("/api/"));
        for kind in kinds() {
            // Under /api/ a cookie says nothing.
            let seen = if api && matches!(kind, Kind::FirstFactor | Kind::Person(_)) { Kind::Nobody } else { kind };
            let (status, place) =
                guests.ask(kind, form(route.method.clone(), &path, &[("csrf", "the-token-of-its-forms")])).await;
            let what = format!("{} {} as {kind:?}: {status} {place}", route.method, route.path);
            if meets(seen, route.need) {
                let by_form = route.method != Method::GET && !api && !FREE_FORMS.contains(&route.path);
                // Without a session there is no form of ours to come from: that is another refusal.
                let formless = by_form && matches!(seen, Kind::Nobody | Kind::Token(_));
                assert_ne!(status, StatusCode::UNAUTHORIZED, "{what}");
                assert_eq!(status == StatusCode::FORBIDDEN, formless, "{what}");
                assert!(!place.starts_with("/sign-in?next="), "{what}");
                continue;
            }
            match seen {
                Kind::Nobody | Kind::FirstFactor if api || route.method != Method::GET => {
                    assert_eq!(status, StatusCode::UNAUTHORIZED, "{what}");
                }
                Kind::Nobody | Kind::FirstFactor => {
                    assert_eq!(status, StatusCode::SEE_OTHER, "{what}");
                    assert!(place.starts_with("/sign-in?next="), "{what}");
                }
                Kind::Person(_) | Kind::Token(_) => assert_eq!(status, StatusCode::FORBIDDEN, "{what}"),
            }
        }
    }
}

#[tokio::test]
async fn no_form_counts_without_the_token_of_its_session() {
    let guests = Guests::new().await;
    for route in yata_console::routes().table() {
        let free = route.path.starts_with("/api/") || FREE_FORMS.contains(&route.path);
        if route.method == Method::GET || free {
            continue;
        }
        for fields in [vec![], vec![("csrf", "")], vec![("csrf", "the-token-of-another-session")]] {
            for kind in [Kind::FirstFactor, Kind::Person(Role::Administrator), Kind::Nobody] {
                let (status, place) = guests.ask(kind, form(route.method.clone(), &path_of(route), &fields)).await;
                let refused = if meets(kind, route.need) { StatusCode::FORBIDDEN } else { StatusCode::UNAUTHORIZED };
                assert_eq!(status, refused, "{} {} as {kind:?} with {fields:?}: {place}", route.method, route.path);
            }
        }
    }
}

#[tokio::test]
async fn no_request_of_another_site_changes_anything() {
    let guests = Guests::new().await;
    for route in yata_console::routes().table() {
        if route.method == Method::GET || route.path.starts_with("/api/") {
            continue;
        }
        for (name, value) in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "https://evil.example"),
            ("origin", "null"),
        ] {
            let mut request = form(route.method.clone(), &path_of(route), &[("csrf", "the-token-of-its-forms")]);
            request.headers_mut().insert(name, value.parse().unwrap());
            let (status, _) = guests.ask(Kind::Person(Role::Administrator), request).await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{} {} with {name}: {value}", route.method, route.path);
        }
    }
}
