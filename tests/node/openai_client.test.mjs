// The official OpenAI client against the stand-in endpoint: what that client accepts, others will.
// Run by scripts/test_node_client.sh, which names the server's command line in FACEOFF_SERVE.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { after, before, test } from "node:test";
import { createInterface } from "node:readline";
import OpenAI from "openai";

let server;
let address;

before(async () => {
  const [program, ...words] = JSON.parse(process.env.FACEOFF_SERVE);
  server = spawn(program, words, { stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface({ input: server.stdout })) {
    const found = /^listening on (http:\/\/127\.0\.0\.1:\d+)$/.exec(line);
    if (found) {
      address = found[1];
      return;
    }
  }
  throw new Error("the server ended without saying where it listens");
});

after(() => server.kill("SIGTERM"));

function client(options = {}) {
  return new OpenAI({ baseURL: `${address}/v1`, apiKey: "test-key", maxRetries: 0, ...options });
}

function ask(content, more = {}) {
  return { model: "gpt-4o", messages: [{ role: "user", content }], ...more };
}

test("a chat completion has text, finish reason, usage and a request id", async () => {
  const { data, response } = await client()
    .chat.completions.create(ask("What is the capital of France?"))
    .withResponse();
  assert.equal(data.choices[0].message.content, "The capital of France is Paris.");
  assert.equal(data.choices[0].finish_reason, "stop");
  assert.equal(data.model, "gpt-4o-2024-11-20");
  assert.deepEqual(
    [data.usage.prompt_tokens, data.usage.completion_tokens, data.usage.total_tokens],
    [8, 8, 16],
  );
  assert.equal(response.headers.get("x-faceoff-simulated"), "1");
  assert.match(data._request_id, /^req_[0-9a-f]{32}$/);
});

test("a stream arrives in pieces and ends with its usage", async () => {
  const stream = await client().chat.completions.create(
    ask("Please count to nine.", { stream: true, stream_options: { include_usage: true } }),
  );
  const pieces = [];
  let finish = null;
  let usage = null;
  for await (const chunk of stream) {
    const choice = chunk.choices[0];
    if (choice?.delta.content) {
      pieces.push(choice.delta.content);
    }
    finish = choice?.finish_reason ?? finish;
    usage = chunk.usage ?? usage;
  }
  assert.equal(pieces.join(""), "1 2 3 4 5 6 7 8 9");
  assert.equal(pieces.length, 5);
  assert.equal(finish, "stop");
  assert.equal(usage.completion_tokens, 5);
});

test("the streaming helper assembles a tool call", async () => {
  const runner = client().chat.completions.stream(ask("What is the weather in Lyon?"));
  const completion = await runner.finalChatCompletion();
  const [call] = completion.choices[0].message.tool_calls;
  assert.equal(call.function.name, "get_weather");
  assert.deepEqual(JSON.parse(call.function.arguments), { city: "Lyon" });
  assert.equal(completion.choices[0].finish_reason, "tool_calls");
});

test("max_tokens cuts the answer with finish reason length", async () => {
  const completion = await client().chat.completions.create(
    ask("count to nine", { max_completion_tokens: 2 }),
  );
  assert.equal(completion.choices[0].message.content, "1 2 3 4 ");
  assert.equal(completion.choices[0].finish_reason, "length");
});

test("the models are listed", async () => {
  const names = [];
  for await (const model of client().models.list()) {
    names.push(model.id);
  }
  assert.deepEqual(names, ["gpt-4o-2024-11-20", "gpt-4o"]);
});

test("a wrong key is an AuthenticationError", async () => {
  await assert.rejects(client({ apiKey: "wrong" }).chat.completions.create(ask("x")), (error) => {
    assert.ok(error instanceof OpenAI.AuthenticationError);
    assert.equal(error.status, 401);
    assert.equal(error.code, "invalid_api_key");
    return true;
  });
});

test("an unknown model is a NotFoundError", async () => {
  await assert.rejects(
    client().chat.completions.create(ask("x", { model: "gpt-0" })),
    (error) => {
      assert.ok(error instanceof OpenAI.NotFoundError);
      assert.equal(error.code, "model_not_found");
      return true;
    },
  );
});

test("the client's own retry gets past a rate limit", async () => {
  await assert.rejects(
    client().chat.completions.create(ask("busy, without a retry")),
    OpenAI.RateLimitError,
  );
  const completion = await client({ maxRetries: 2 }).chat.completions.create(
    ask("busy, with retries"),
  );
  assert.equal(completion.choices[0].message.content, "I do not know.");
});

test("an error in the middle of a stream is thrown", async () => {
  const stream = await client().chat.completions.create(
    ask("break in the middle", { stream: true }),
  );
  await assert.rejects(async () => {
    for await (const chunk of stream) {
      assert.ok(chunk.choices.length <= 1);
    }
  }, OpenAI.APIError);
});
