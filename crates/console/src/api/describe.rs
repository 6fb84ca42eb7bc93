//! The description of the API (OpenAPI 3.1), made from the operations themselves.

use http::Method;
use serde_json::{Map, Value, json};

use super::ask::Asked;
use super::schema::{Book, Schema};
use crate::access::{Need, Right, Scope};
use crate::routes::Routes;

/// A query parameter.
#[derive(Debug, Clone)]
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) docs: &'static str,
    pub(crate) schema: Value,
    /// Whether it may be there several times.
    pub(crate) repeats: bool,
}

/// What an operation takes beside its parameters.
#[derive(Debug, Clone)]
struct Sent {
    media_type: &'static str,
    schema: Value,
    example: Option<Value>,
}

/// What an operation answers.
#[derive(Debug, Clone)]
struct Answer {
    status: u16,
    docs: &'static str,
    media_type: &'static str,
    schema: Value,
}

/// An operation as it is described.
#[derive(Debug, Clone)]
pub(crate) struct Operation {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) need: Need,
    id: &'static str,
    summary: &'static str,
    docs: &'static str,
    parameters: Vec<Parameter>,
    headers: Vec<(&'static str, &'static str)>,
    sent: Option<Sent>,
    answers: Vec<Answer>,
    problems: Vec<u16>,
}

impl Operation {
    pub(crate) fn new(method: Method, path: &'static str, need: Need, id: &'static str, summary: &'static str) -> Self {
        let mut problems = vec![400, 406, 414, 500, 503];
        if need != Need::Nothing {
            problems.extend([401, 403, 429]);
        }
        if path.contains('{') {
            problems.push(404);
        }
        Operation {
            method,
            path,
            need,
            id,
            summary,
            docs: "",
            parameters: Vec::new(),
            headers: Vec::new(),
            sent: None,
            answers: Vec::new(),
            problems,
        }
    }

    /// Says more about it.
    pub(crate) fn docs(mut self, docs: &'static str) -> Self {
        self.docs = docs;
        self
    }

    /// Adds a query parameter.
    pub(crate) fn query(mut self, name: &'static str, docs: &'static str, schema: Value) -> Self {
        self.parameters.push(Parameter { name, docs, schema, repeats: false });
        self
    }

    /// Adds query parameters.
    pub(crate) fn queries(mut self, parameters: Vec<Parameter>) -> Self {
        self.parameters.extend(parameters);
        self
    }

    /// Adds a header that it understands.
    pub(crate) fn header(mut self, name: &'static str, docs: &'static str) -> Self {
        self.headers.push((name, docs));
        self
    }

    /// Takes a body.
    pub(crate) fn takes<T: Schema>(mut self, book: &mut Book, example: Value) -> Self {
        let schema = book.of::<T>();
        self.sent = Some(Sent { media_type: "application/json", schema, example: Some(example) });
        self.problems(&[408, 413, 415, 422])
    }

    /// Takes bytes.
    pub(crate) fn takes_bytes(mut self) -> Self {
        let schema = json!({ "type": "string", "contentMediaType": "application/octet-stream" });
        self.sent = Some(Sent { media_type: "application/octet-stream", schema, example: None });
        self.problems(&[408, 413, 415])
    }

    /// Answers with a value.
    pub(crate) fn answers<T: Schema>(mut self, book: &mut Book, status: u16, docs: &'static str) -> Self {
        let schema = book.of::<T>();
        self.answers.push(Answer { status, docs, media_type: "application/json", schema });
        self
    }

    /// Answers with another document too, if asked with `Accept`.
    pub(crate) fn or_answers(mut self, media_type: &'static str, docs: &'static str) -> Self {
        self.answers.push(Answer { status: 200, docs, media_type, schema: json!({ "type": "object" }) });
        self
    }

    /// Has an entity tag: what has not changed is not sent again.
    pub(crate) fn tagged(mut self) -> Self {
        self.headers.push(("If-None-Match", "An entity tag: what still has it is answered with 304."));
        self.answers.push(Answer { status: 304, docs: "It has not changed.", media_type: "", schema: Value::Null });
        self
    }

    /// Is done only to what has an entity tag.
    pub(crate) fn guarded(mut self) -> Self {
        self.headers.push(("If-Match", "The entity tag that it must have; else the answer is 412."));
        self.problems(&[412])
    }

    /// May be refused so, too.
    pub(crate) fn problems(mut self, statuses: &[u16]) -> Self {
        self.problems.extend_from_slice(statuses);
        self
    }

    /// What it understands.
    pub(crate) fn asked(&self) -> Asked {
        let mut answers: Vec<&'static str> =
            self.answers.iter().map(|answer| answer.media_type).filter(|kind| !kind.is_empty()).collect();
        if answers.is_empty() {
            answers.push("application/json");
        }
        answers.push("application/problem+json");
        Asked { parameters: self.parameters.iter().map(|parameter| parameter.name).collect(), answers }
    }

    fn value(&self) -> Value {
        let mut operation = json!({
            "operationId": self.id,
            "summary": self.summary,
            "description": format!("{}{}{}", self.docs, if self.docs.is_empty() { "" } else { "\n\n" }, whom(self.need)),
            "parameters": self.parameter_values(),
            "responses": self.responses(),
        });
        if let Value::Object(operation) = &mut operation {
            if self.need == Need::Nothing {
                operation.insert("security".to_owned(), json!([]));
            }
            if let Some(sent) = &self.sent {
                let mut content = json!({ "schema": sent.schema });
                if let (Value::Object(content), Some(example)) = (&mut content, &sent.example) {
                    content.insert("example".to_owned(), example.clone());
                }
                let body = json!({ "required": true, "content": { sent.media_type: content } });
                operation.insert("requestBody".to_owned(), body);
            }
        }
        operation
    }

    fn parameter_values(&self) -> Vec<Value> {
        let names = self.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
        let in_path = names.map(|name| {
            let schema = match name {
                "part" => json!({ "type": "integer", "minimum": 0, "maximum": super::uploads::MAX_PARTS - 1 }),
                _ => json!({ "type": "string", "minLength": 1, "maxLength": 200 }),
            };
            json!({ "name": name, "in": "path", "required": true, "schema": schema })
        });
        let query = self.parameters.iter().map(|parameter| {
            let schema = if parameter.repeats {
                json!({ "type": "array", "items": parameter.schema })
            } else {
                parameter.schema.clone()
            };
            json!({ "name": parameter.name, "in": "query", "description": parameter.docs, "schema": schema })
        });
        let header = |(name, docs): &(&str, &str)| json!({ "name": name, "in": "header", "description": docs, "schema": { "type": "string" } });
        in_path.chain(query).chain(self.headers.iter().map(header)).collect()
    }

    fn responses(&self) -> Value {
        let mut responses = Map::new();
        for answer in &self.answers {
            let response = responses
                .entry(answer.status.to_string())
                .or_insert_with(|| json!({ "description": answer.docs, "content": {} }));
            if let Some(Value::Object(content)) = response.get_mut("content")
                && !answer.media_type.is_empty()
            {
                content.insert(answer.media_type.to_owned(), json!({ "schema": answer.schema }));
            }
        }
        let mut problems = self.problems.clone();
        problems.sort_unstable();
        problems.dedup();
        for status in problems {
            responses.insert(status.to_string(), json!({ "$ref": format!("#/components/responses/{status}") }));
        }
        for response in responses.values_mut() {
            if let Value::Object(response) = response
                && response.get("content").and_then(Value::as_object).is_some_and(Map::is_empty)
            {
                response.remove("content");
            }
        }
        Value::Object(responses)
    }
}

/// Who may do it, in words.
fn whom(need: Need) -> String {
    let right = match need {
        Need::Nothing => return "For everybody.".to_owned(),
        Need::FirstFactor | Need::Person => return "For people who are signed in.".to_owned(),
        Need::Right(right) => right,
    };
    let scopes: Vec<&str> = Scope::ALL.into_iter().filter(|scope| scope.has(right)).map(Scope::as_str).collect();
    let people = if matches!(right, Right::PushSnapshots) { "" } else { ", and people whose role allows it" };
    format!("For tokens of scope `{}`{people}.", scopes.join("` or `"))
}

/// What can be refused, by status.
const PROBLEMS: [(u16, &str); 16] = [
    (400, "The request cannot be understood."),
    (401, "A valid token is missing."),
    (403, "The token does not allow it."),
    (404, "There is nothing of that name."),
    (406, "No media type that the caller takes."),
    (408, "The body did not arrive in time."),
    (409, "It does not fit to what is stored."),
    (410, "It has expired."),
    (412, "It has changed meanwhile."),
    (413, "It is too large."),
    (414, "The query is too long."),
    (415, "A media type or encoding that is not taken."),
    (422, "A value is not allowed; the detail names its JSON path."),
    (429, "Too often: `Retry-After` says when to come back."),
    (500, "Something failed in the service."),
    (503, "Not now: `Retry-After` says when to come back."),
];

/// RFC 9457, section 3.1.
fn problem_details() -> Value {
    json!({
        "type": "object",
        "description": "A problem (RFC 9457).",
        "properties": {
            "type": { "type": "string", "description": "What kind of problem: stable, for programs (`/problems/too-large`)." },
            "title": { "type": "string", "description": "The name of the status." },
            "status": { "type": "integer", "description": "The status." },
            "detail": { "type": "string", "description": "What happened and what to do, in the language of `Accept-Language`." },
        },
        "required": ["type", "title", "status", "detail"],
        "example": { "type": "/problems/not-found", "title": "Not Found", "status": 404, "detail": "There is nothing at this address." },
    })
}

/// The description of the API, as `docs/openapi.json` holds it.
pub fn openapi() -> Value {
    let super::Api { operations, mut book, .. } = super::api(Routes::new());
    let mut paths: Map<String, Value> = Map::new();
    for operation in &operations {
        let path = paths.entry(operation.path.to_owned()).or_insert_with(|| json!({}));
        if let Value::Object(path) = path {
            path.insert(operation.method.as_str().to_lowercase(), operation.value());
        }
    }
    let problem = json!({ "$ref": "#/components/schemas/ProblemDetails" });
    book.schemas.insert("ProblemDetails", problem_details());
    let responses = PROBLEMS.iter().map(|(status, docs)| {
        let response = json!({
            "description": docs,
            "content": { "application/problem+json": { "schema": problem } },
        });
        (status.to_string(), response)
    });
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Yata",
            "version": "1",
            "description": "Sensors push what they see; programs read findings, assets and sources, and decide. \
                            See docs/api.md.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "security": [{ "token": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": { "token": {
                "type": "http", "scheme": "bearer",
                "description": "A token of scope `sensor` (pushes reports of its own assets), `reader` (reads) or \
                                `operator` (reads, decides, edits the register).",
            } },
            "responses": responses.collect::<Map<String, Value>>(),
            "schemas": book.schemas,
        },
    })
}
