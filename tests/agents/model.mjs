// A model that is none: it answers what the test wrote, in the three protocols that the agents speak, on loopback.
//
// As long as a request holds fewer tool results than there are calls, the answer is the next call; then a last word. So
// it does not matter how often an agent asks again, or that it asks for a title beside. What came in is kept.
import { createServer } from "node:http";

/** The last word of the model. */
export const lastWord = "That is all.";
const maxRequests = 50;

/**
 * Starts it. A call is `{ tool, input }` in the agent's own names, or what makes one of the results before it.
 *
 * `seen`: all requests; `results()`: the texts of the tool results in the longest conversation; `strange`: paths that
 * no agent was expected to ask for.
 */
export async function startModel(calls) {
  const model = { seen: [], strange: [] };
  const server = createServer(async (request, response) => {
    try {
      await answer(model, calls, request, response);
    } catch (error) {
      model.strange.push(`${request.url}: ${error.stack}`);
      response.destroy();
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  model.origin = `http://127.0.0.1:${server.address().port}`;
  model.results = () => longest(model.seen.map(({ results }) => results));
  model.stop = () => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  };
  return model;
}

async function answer(model, calls, request, response) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const { pathname } = new URL(request.url, model.origin);
  const protocol = protocols.find(({ path }) => path.test(pathname));
  if (request.method !== "POST" || !protocol || model.seen.length >= maxRequests) {
    model.strange.push(`${request.method} ${request.url}`);
    response.writeHead(404).end("{}");
    return;
  }
  const body = JSON.parse(Buffer.concat(chunks));
  const results = protocol.results(body);
  model.seen.push({ path: pathname, body, results });
  const next = protocol.hasTools(body) ? calls[results.length] : undefined;
  const call = typeof next === "function" ? next(results) : next;
  const id = `call_${results.length + 1}_${model.seen.length}`;
  protocol.say(response, body, call && { id, ...call }, pathname);
}

const longest = (lists) => lists.reduce((best, list) => (list.length > best.length ? list : best), []);
const list = (value) => (Array.isArray(value) ? value : []);
/** The text of what may be a text, or a list of parts with one. */
const textOf = (value) => {
  if (typeof value === "string") return value;
  return Array.isArray(value) ? value.map((part) => part.text ?? JSON.stringify(part)).join("\n") : JSON.stringify(value);
};

function events(response, all) {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  for (const event of all) {
    const name = event.type ? `event: ${event.type}\n` : "";
    response.write(`${name}data: ${JSON.stringify(event)}\n\n`);
  }
  response.end();
}

/** Messages of Anthropic: <https://docs.claude.com/en/api/messages-streaming>. */
const anthropic = {
  path: /^\/v1\/messages$/,
  hasTools: (body) => list(body.tools).length > 0,
  results: (body) =>
    list(body.messages)
      .flatMap(({ content }) => list(content))
      .filter(({ type }) => type === "tool_result")
      .map(({ content, is_error: isError }) => ({ text: textOf(content), isError: isError === true })),
  say(response, body, call) {
    const usage = { input_tokens: 1, output_tokens: 1 };
    const block = call
      ? { type: "tool_use", id: `toolu_${call.id}`, name: call.tool, input: {} }
      : { type: "text", text: "" };
    const delta = call
      ? { type: "input_json_delta", partial_json: JSON.stringify(call.input) }
      : { type: "text_delta", text: lastWord };
    const message = { id: `msg_${Date.now()}`, type: "message", role: "assistant", model: body.model, content: [], usage };
    const end = { stop_reason: call ? "tool_use" : "end_turn", stop_sequence: null };
    if (!body.stream) {
      const content = [call ? { ...block, input: call.input } : { ...block, text: lastWord }];
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ ...message, content, ...end }));
      return;
    }
    events(response, [
      { type: "message_start", message: { ...message, stop_reason: null, stop_sequence: null } },
      { type: "content_block_start", index: 0, content_block: block },
      { type: "content_block_delta", index: 0, delta },
      { type: "content_block_stop", index: 0 },
      { type: "message_delta", delta: end, usage },
      { type: "message_stop" },
    ]);
  },
};

/** Responses of OpenAI: <https://platform.openai.com/docs/api-reference/responses-streaming>. */
const openai = {
  path: /^\/v1\/responses$/,
  // Newer models are told their tools among the input.
  hasTools: (body) => list(body.tools).length > 0 || list(body.input).some(({ type }) => type === "additional_tools"),
  results: (body) =>
    list(body.input)
      .filter(({ type }) => type === "function_call_output" || type === "custom_tool_call_output")
      .map(({ output }) => ({ text: textOf(output?.content ?? output) })),
  say(response, body, call) {
    const id = `resp_${Date.now()}`;
    const message = { type: "message", id: `msg_${id}`, role: "assistant", status: "completed" };
    const item = call
      ? callOfOpenai(call)
      : { ...message, content: [{ type: "output_text", text: lastWord, annotations: [] }] };
    const usage = { input_tokens: 1, output_tokens: 1, total_tokens: 2 };
    events(response, [
      { type: "response.created", response: { id } },
      { type: "response.output_item.added", output_index: 0, item },
      { type: "response.output_item.done", output_index: 0, item },
      { type: "response.completed", response: { id, status: "completed", output: [item], usage } },
    ]);
  },
};

/** An input that is text belongs to a tool of free form. */
function callOfOpenai({ id, tool, input }) {
  const common = { id: `item_${id}`, call_id: id, name: tool, status: "completed" };
  if (typeof input === "string") return { ...common, type: "custom_tool_call", input };
  return { ...common, type: "function_call", arguments: JSON.stringify(input) };
}

/** Generated content of Gemini: <https://ai.google.dev/api/generate-content>. */
const gemini = {
  path: /^\/v1beta\/models\/[^/]+:(streamGenerateContent|generateContent)$/,
  hasTools: (body) => list(body.tools).length > 0,
  results: (body) =>
    list(body.contents)
      .flatMap(({ parts }) => list(parts))
      .filter((part) => part.functionResponse)
      .map(({ functionResponse }) => ({ text: textOf(functionResponse.response) })),
  say(response, body, call, path) {
    const part = call ? { functionCall: { id: call.id, name: call.tool, args: call.input } } : { text: lastWord };
    const usageMetadata = { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 };
    const content = { role: "model", parts: [part] };
    const answer = { candidates: [{ content, finishReason: "STOP", index: 0 }], usageMetadata };
    if (path.endsWith(":streamGenerateContent")) events(response, [answer]);
    else response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
  },
};

const protocols = [anthropic, openai, gemini];
