// Passkeys: asks the browser for a key and sends its answer with the form. Bytes travel as base64url.
"use strict";
const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const withBytes = (options) => {
  options.challenge = toBytes(options.challenge);
  if (options.user) options.user.id = toBytes(options.user.id);
  for (const list of [options.allowCredentials, options.excludeCredentials]) {
    for (const key of list || []) key.id = toBytes(key.id);
  }
  return options;
};

const ask = async (form) => {
  const publicKey = withBytes(JSON.parse(form.dataset.options));
  const key = await navigator.credentials[form.dataset.passkey]({ publicKey });
  const answer = key.response;
  const fields = { id: key.rawId, client_data: answer.clientDataJSON, attestation: answer.attestationObject,
    authenticator_data: answer.authenticatorData, signature: answer.signature, user_handle: answer.userHandle };
  for (const [name, value] of Object.entries(fields)) {
    if (value && form.elements.namedItem(name)) form.elements.namedItem(name).value = toText(value);
  }
};

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const error = form.querySelector(".error[hidden], .error[data-shown]");
      try {
        await ask(form);
        form.submit();
      } catch {
        if (error) {
          error.hidden = false;
          error.dataset.shown = "";
        }
      }
    });
  }
}
