//! Recognisers of keys whose mark stands in their middle or near their end, so that no expression that begins at the
//! mark could see them whole.

use crate::checksum;
use crate::rule::{Confidence, Found, Window};

/// The shape of a key round its mark.
struct Shape {
    /// How many characters stand before the mark: at least, at most.
    before: (usize, usize),
    /// How many stand after it, without padding: at least, at most.
    after: (usize, usize),
    /// The characters besides letters and digits.
    also: &'static [u8],
    /// How many `=` end it.
    padding: usize,
}

/// The key round the window's mark, which is `mark` bytes long: every character before and after it that may belong to
/// the key does, and their number must fit.
fn around(window: &Window<'_>, mark: usize, shape: &Shape) -> Option<std::ops::Range<usize>> {
    let bytes = window.text.as_bytes();
    let belongs = |byte: &&u8| byte.is_ascii_alphanumeric() || shape.also.contains(byte);
    let front = bytes.get(..window.at)?;
    let back = bytes.get(window.at + mark..)?;
    let before = front.iter().rev().take_while(belongs).take(shape.before.1 + 1).count();
    let after = back.iter().take_while(belongs).take(shape.after.1 + 1).count();
    let padding = back.iter().skip(after).take_while(|byte| **byte == b'=').count();
    let fits = |count: usize, (least, most): (usize, usize)| (least..=most).contains(&count);
    (fits(before, shape.before) && fits(after, shape.after) && padding == shape.padding)
        .then(|| window.at - before..window.at + mark + after + padding)
}

fn push(found: &mut Vec<Found>, span: std::ops::Range<usize>, confidence: Confidence) {
    found.push(Found { value: span.clone(), span, confidence });
}

/// An identifiable key of Azure: base64 whose signature stands ten characters before its end, with a checksum. In a
/// connection string nothing but `=` or a quote stands before it, so its length is fixed.
fn azure_key(window: &Window<'_>, found: &mut Vec<Found>, before: usize, padding: usize) {
    let shape = Shape { before: (before, before), after: (6, 6), also: b"+/", padding };
    let span = around(window, 4, &shape);
    if let Some(span) = span.filter(|span| window.text.get(span.clone()).is_some_and(checksum::azure_key)) {
        push(found, span, Confidence::Certain);
    }
}

macro_rules! azure_keys {
    ($($(#[$doc:meta])* $name:ident: $before:literal, $padding:literal;)*) => {
        $($(#[$doc])* pub(crate) fn $name(window: &Window<'_>, found: &mut Vec<Found>) {
            azure_key(window, found, $before, $padding);
        })*
    };
}

azure_keys! {
    /// Storage account.
    azure_storage_key: 76, 2;
    /// Cosmos DB.
    azure_cosmos_key: 76, 2;
    /// Batch.
    azure_batch_key: 76, 2;
    /// Machine Learning, classic web service.
    azure_ml_key: 76, 2;
    /// API Management.
    azure_apim_key: 76, 2;
    /// IoT Hub, device and provisioning service.
    azure_iot_key: 33, 1;
    /// Event Hubs.
    azure_event_hub_key: 33, 1;
    /// Service Bus.
    azure_service_bus_key: 33, 1;
    /// Relay.
    azure_relay_key: 33, 1;
    /// Cache for Redis.
    azure_redis_key: 33, 1;
    /// AI Search.
    azure_search_key: 42, 0;
}

/// A password of Azure Container Registry: the signature `+ACR`, no public seed of its checksum.
pub(crate) fn azure_container_registry_key(window: &Window<'_>, found: &mut Vec<Found>) {
    let shape = Shape { before: (42, 42), after: (6, 6), also: b"+/", padding: 0 };
    let aligned = matches!(window.text.as_bytes().get(window.at + 4), Some(b'A'..=b'D'));
    if let Some(span) = around(window, 4, &shape).filter(|_| aligned) {
        push(found, span, Confidence::Likely);
    }
}

/// A key of Azure Functions: the signature `AzFu` in base64url, no public seed of its checksum.
pub(crate) fn azure_function_key(window: &Window<'_>, found: &mut Vec<Found>) {
    let shape = Shape { before: (44, 44), after: (6, 6), also: b"-_", padding: 2 };
    let aligned = matches!(window.text.as_bytes().get(window.at + 9), Some(b'A' | b'Q' | b'g' | b'w'));
    if let Some(span) = around(window, 4, &shape).filter(|_| aligned) {
        push(found, span, Confidence::Likely);
    }
}

/// A client secret of Microsoft Entra ID: three characters, a digit and `Q~`, then 31 to 34 more.
pub(crate) fn azure_entra_secret(window: &Window<'_>, found: &mut Vec<Found>) {
    let shape = Shape { before: (3, 3), after: (31, 34), also: b"-_~.", padding: 0 };
    if let Some(span) = around(window, 3, &shape) {
        push(found, span, Confidence::Certain);
    }
}

/// The 84 characters of a common annotated security key whose mark begins `mark_at` characters in.
fn annotated<'a>(window: &Window<'a>, mark_at: usize) -> Option<(std::ops::Range<usize>, &'a str)> {
    let start = window.at.checked_sub(mark_at)?;
    let joins = |at: Option<usize>| {
        at.and_then(|at| window.text.as_bytes().get(at)).is_some_and(|byte| byte.is_ascii_alphanumeric())
    };
    let (short, long) = (start..start + 84, start..start + 88);
    let span = [long, short].into_iter().find(|span| {
        let value = window.text.get(span.clone()).unwrap_or_default();
        value.get(52..58) == Some("JQQJ99") && !joins(Some(span.end)) && checksum::cask(value)
    })?;
    (!joins(start.checked_sub(1))).then_some(())?;
    window.text.get(span.clone()).map(|value| (span, value))
}

/// A personal access token of Azure DevOps: a common annotated security key with the signature `AZDO`.
pub(crate) fn azure_devops_pat(window: &Window<'_>, found: &mut Vec<Found>) {
    if let Some((span, _)) = annotated(window, 76) {
        push(found, span, Confidence::Certain);
    }
}

/// Any other common annotated security key.
pub(crate) fn common_annotated_key(window: &Window<'_>, found: &mut Vec<Found>) {
    if let Some((span, value)) = annotated(window, 52)
        && value.get(76..80) != Some("AZDO")
    {
        push(found, span, Confidence::Certain);
    }
}

/// A key of OpenAI as issued until 2024: `sk-`, 20 characters, `T3BlbkFJ`, 20 characters.
pub(crate) fn openai_legacy_key(window: &Window<'_>, found: &mut Vec<Found>) {
    let shape = Shape { before: (23, 23), after: (20, 20), also: b"-_", padding: 0 };
    let span = around(window, 8, &shape);
    if let Some(span) = span.filter(|span| window.text.get(span.clone()).is_some_and(|value| value.starts_with("sk-")))
    {
        push(found, span, Confidence::Certain);
    }
}

/// A token of HCP Terraform: 14 characters, `.atlasv1.`, 60 to 70 characters.
pub(crate) fn terraform_cloud_token(window: &Window<'_>, found: &mut Vec<Found>) {
    let shape = Shape { before: (14, 14), after: (60, 70), also: b"-_", padding: 0 };
    if let Some(span) = around(window, 9, &shape) {
        push(found, span, Confidence::Certain);
    }
}

/// A service account token of Kubernetes: a JWT whose payload begins with its issuer or audience.
pub(crate) fn kubernetes_service_account_token(window: &Window<'_>, found: &mut Vec<Found>) {
    const HEADER_MIN_CHARS: usize = 20;
    const SIGNATURE_MIN_CHARS: usize = 80;
    let bytes = window.text.as_bytes();
    let part = |from: usize| {
        bytes.get(from..).map_or(0, |rest| {
            rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')).count()
        })
    };
    let front = bytes.get(..window.at).unwrap_or_default();
    let header =
        front.iter().rev().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')).count();
    let start = window.at - header;
    let payload_end = window.at + 1 + part(window.at + 1);
    let signature = part(payload_end + 1);
    let is_token = header >= HEADER_MIN_CHARS
        && window.text.get(start..).is_some_and(|text| text.starts_with("eyJ"))
        && bytes.get(payload_end) == Some(&b'.')
        && signature >= SIGNATURE_MIN_CHARS;
    if is_token {
        push(found, start..payload_end + 1 + signature, Confidence::Certain);
    }
}
