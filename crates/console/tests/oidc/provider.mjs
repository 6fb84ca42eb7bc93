// An OpenID Connect provider for the tests, on loopback: whoever comes is signed in at once as the account that
// `login_hint` or the environment names. `POST /rotate` gives it a new key.
import { createServer } from "node:http";
import { generateKeyPairSync, randomUUID } from "node:crypto";
import Provider from "oidc-provider";

const port = Number(process.env.PORT || 0);
const redirect = process.env.REDIRECT_URI;
const people = JSON.parse(process.env.PEOPLE);
let current = Object.keys(people)[0];

const rsa = () => ({ ...generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" }), alg: "RS256", use: "sig", kid: randomUUID() });
const ec = () => ({ ...generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" }), alg: "ES256", use: "sig", kid: randomUUID() });

const make = (issuer, alg) => {
  const provider = new Provider(issuer, {
    clients: [{ client_id: "yata", client_secret: "a secret of the test, long enough for its use", redirect_uris: [redirect],
      response_types: ["code"], grant_types: ["authorization_code"], id_token_signed_response_alg: alg }],
    jwks: { keys: [rsa(), ec()] },
    cookies: { keys: ["only for tests"] },
    conformIdTokenClaims: false,
    claims: { openid: ["sub"], profile: ["name", "groups"], email: ["email", "email_verified"] },
    findAccount: (ctx, sub) => ({ accountId: sub, claims: () => ({ sub, ...people[sub] }) }),
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope("openid profile email");
      await grant.save();
      return grant;
    },
  });
  const answer = provider.callback();
  return async (request, response) => {
    if (request.url.startsWith("/interaction/")) {
      return provider.interactionFinished(request, response, { login: { accountId: current } }, { mergeWithLastSubmission: false });
    }
    return answer(request, response);
  };
};

let issuer;
let handle;
const server = createServer(async (request, response) => {
  // The hands of the test: who comes next, a new key, another algorithm.
  if (request.method === "POST" && request.url.startsWith("/test/as/")) {
    current = decodeURIComponent(request.url.slice("/test/as/".length));
    return response.end("as\n");
  }
  if (request.method === "POST" && request.url.startsWith("/test/new-keys/")) {
    handle = make(issuer, request.url.slice("/test/new-keys/".length));
    return response.end("new\n");
  }
  return handle(request, response);
});
server.listen(port, "127.0.0.1", () => {
  issuer = `http://127.0.0.1:${server.address().port}`;
  handle = make(issuer, "RS256");
  console.log(`issuer ${issuer}`);
});
