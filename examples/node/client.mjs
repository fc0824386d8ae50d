// A program that connects to Doorstep and does what a CRM does, with form-encoded calls:
//
//   DOORSTEP_URL=http://127.0.0.1:8000 DOORSTEP_INTEGRATION=sample-1:dst_cs_... node client.mjs
//
// It needs Node 20 and nothing else, and takes a folder of JPEG photos as its only argument.

import assert from "node:assert/strict";
import { createHash, createHmac, randomUUID } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const URL_OF = process.env.DOORSTEP_URL.replace(/\/$/, "");
const [CLIENT_ID, CLIENT_SECRET] = process.env.DOORSTEP_INTEGRATION.split(":");
const REDIRECT_URI = "http://127.0.0.1:8970/back";
const HOOK = "http://127.0.0.1:8970/hooks?from=doorstep";
const WAIT_MILLISECONDS_MAX = 300_000;
const PHOTOS_MAX = 3;

/** What has arrived and is not read yet, and who waits for it. */
class Arrivals {
  #kept = [];
  #waiting = [];

  put(value) {
    const next = this.#waiting.shift();
    if (next) next(value);
    else this.#kept.push(value);
  }

  async take() {
    if (this.#kept.length > 0) return this.#kept.shift();
    const late = sleep(WAIT_MILLISECONDS_MAX, null, { ref: false }).then(() => {
      throw new Error("nothing arrived in time");
    });
    return Promise.race([new Promise((resolve) => this.#waiting.push(resolve)), late]);
  }
}

const answers = new Arrivals();
const deliveries = new Arrivals();

/** Where the browser comes back to, and where webhooks arrive. */
const receiver = createServer(async (request, response) => {
  if (request.method === "GET") {
    answers.put(new URL(request.url, REDIRECT_URI).searchParams);
    response.end("Connected. You may close this window.");
    return;
  }
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  response.end();
  deliveries.put({ path: request.url, headers: request.headers, body: Buffer.concat(pieces) });
});

/** `{a: {b: 1}}` as the form `a[b]=1`. */
function form(tree, head = "", into = new URLSearchParams()) {
  for (const [key, value] of Object.entries(tree)) {
    const name = head ? `${head}[${key}]` : key;
    if (value !== null && typeof value === "object") form(value, name, into);
    else into.append(name, String(value));
  }
  return into;
}

async function call(method, address, { status = 200, body, headers = {}, token } = {}) {
  const target = address.startsWith("http") ? address : URL_OF + address;
  const authorization = token ? { authorization: `Bearer ${token}` } : {};
  const sent = body && !(body instanceof Uint8Array) ? form(body) : body;
  const answer = await fetch(target, {
    method,
    body: sent,
    headers: { ...authorization, ...headers },
    redirect: "manual",
  });
  if (status !== answer.status) {
    assert.fail(`${method} ${target}: ${answer.status} ${await answer.text()}`);
  }
  return answer;
}

async function read(address, token) {
  return (await call("GET", address, { token })).json();
}

async function trade(grant) {
  const body = { client_id: CLIENT_ID, client_secret: CLIENT_SECRET, ...grant };
  return (await call("POST", "/oauth/token", { body })).json();
}

/** Tokens, after an admin has said yes in the browser; with the proof of RFC 7636. */
async function authorize() {
  const state = randomUUID();
  const verifier = randomUUID() + randomUUID();
  const asked = new URLSearchParams({
    response_type: "code",
    client_id: CLIENT_ID,
    redirect_uri: REDIRECT_URI,
    state,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  });
  console.log(`open ${URL_OF}/oauth/authorize?${asked}`);
  const told = await answers.take();
  assert.equal(told.get("state"), state, "an answer to somebody else's question");
  const code = told.get("code");
  assert.ok(code, told.get("error"));
  const tokens = await trade({
    grant_type: "authorization_code",
    code,
    redirect_uri: REDIRECT_URI,
    code_verifier: verifier,
  });
  console.log(`connected to organization ${tokens.owner_id}`);
  return tokens;
}

/** The next delivery, its published signature checked. */
async function nextEvent(webhook) {
  const { path: where, headers, body } = await deliveries.take();
  const md5 = createHash("md5").update(body).digest("base64");
  assert.equal(headers["content-md5"], md5);
  const signed = [headers["content-type"], md5, where, headers.date].join(",");
  const mac = createHmac("sha256", webhook.hmac_secret).update(signed).digest("base64");
  assert.equal(headers["hover-signature-256"], `sha256=${webhook.id}:${mac}`);
  return JSON.parse(body);
}

/** A webhook of ours, verified; none where the server may not call this machine. */
async function register(token) {
  const body = { webhook: { url: HOOK, content_type: "json", dialect: "wire" } };
  const answer = await fetch(`${URL_OF}/api/v2/webhooks`, {
    method: "POST",
    body: form(body),
    headers: { authorization: `Bearer ${token}` },
  });
  if (answer.status === 422) {
    console.log("no webhooks: start Doorstep with DOORSTEP_EGRESS_ALLOW=127.0.0.0/8 to try them");
    return null;
  }
  assert.equal(answer.status, 201);
  const webhook = await answer.json();
  const event = await nextEvent(webhook);
  assert.equal(event.event, "webhook-verification-code");
  await call("PUT", `/api/v2/webhooks/${event.code}/verify`);
  console.log(`webhook ${webhook.id} is verified`);
  return webhook;
}

async function heard(webhook, event, jobId, state) {
  while (webhook) {
    const told = await nextEvent(webhook);
    if (told.event === event && told.job_id === jobId && told.state === state) {
      console.log(`heard ${event} ${state} of job ${jobId}`);
      return;
    }
  }
}

async function askForPhotos(token, me, job = {}) {
  const body = {
    current_user_email: me.email,
    capture_request: {
      capturing_user_name: "Lucille Bluth",
      capturing_user_email: "lucille@example.com",
      job_attributes: { name: "Beach house", location_line_1: "1 Balboa Blvd", ...job },
    },
  };
  const answer = await call("POST", "/api/v2/capture_requests", { status: 201, token, body });
  const made = await answer.json();
  const listed = await read(`/api/v2/capture_requests?current_user_id=${me.id}`, token);
  assert.ok(listed.requested_captures.results.some((row) => row.id === made.id));
  console.log(`asked for photos: request ${made.id}, job ${made.pending_job_id}`);
  return made;
}

/** The homeowner's part: open the link, send the photos by tus, finish. */
async function capture(link) {
  const opened = await call("POST", new URL(link).pathname, { status: 303 });
  const cookie = opened.headers.get("set-cookie").split(";")[0];
  const photos = [];
  const names = (await readdir(folder())).filter((name) => name.endsWith(".jpg")).sort();
  for (const name of names.slice(0, PHOTOS_MAX)) photos.push(await upload(cookie, name));
  await call("POST", "/capture/finish", {
    body: Buffer.from(JSON.stringify({ photos })),
    headers: { cookie, "content-type": "application/json" },
  });
  const state = await (await call("GET", "/capture/state", { headers: { cookie } })).json();
  assert.equal(state.state, "complete");
  console.log(`${photos.length} photos are in`);
}

async function upload(cookie, name) {
  const content = await readFile(path.join(folder(), name));
  const hash = createHash("sha256").update(content).digest();
  const told = { kind: "photo", filename: name, sha256: hash.toString("hex") };
  const metadata = Object.entries(told)
    .map(([key, value]) => `${key} ${Buffer.from(value).toString("base64")}`)
    .join(",");
  const tus = { cookie, "tus-resumable": "1.0.0" };
  const begun = await call("POST", "/capture/uploads", {
    status: 201,
    headers: { ...tus, "upload-length": String(content.length), "upload-metadata": metadata },
  });
  await call("PATCH", begun.headers.get("location"), {
    status: 204,
    body: content,
    headers: {
      ...tus,
      "upload-offset": "0",
      "upload-checksum": `sha256 ${hash.toString("base64")}`,
      "content-type": "application/offset+octet-stream",
    },
  });
  return { sha256: hash.toString("hex"), size: content.length, name };
}

/** A test job that ends by itself, with measurements of a sample house. */
async function finishATest(token, me, webhook) {
  const made = await askForPhotos(token, me, { deliverable_id: "3" });
  const number = made.pending_job_id;
  const body = { state: "complete", current_user_email: me.email };
  await call("PATCH", `/api/v2/jobs/${number}/set_test_state.json`, { token, body });
  const deadline = Date.now() + WAIT_MILLISECONDS_MAX;
  let job = await read(`/api/v3/jobs/${number}`, token);
  while (job.reconstruction_state !== "completed") {
    assert.ok(Date.now() < deadline, job.reconstruction_state);
    await sleep(1000);
    job = await read(`/api/v3/jobs/${number}`, token);
  }
  console.log(`job ${number} is completed`);
  await heard(webhook, "job-state-changed-v2", number, "completed");
  const answer = await call("GET", job.models[0].artifacts.measurements.json, { token });
  assert.equal(answer.headers.get("doorstep-sample"), "true");
  const { roof } = await answer.json();
  console.log(`${roof.roof_facets.total} roof facets, ${roof.pitch[0].roof_pitch}`);
  const files = job.models[0].artifacts.measurements;
  for (const [kind, start] of [["pdf", "%PDF"], ["xlsx", "PK"]]) {
    const file = Buffer.from(await (await call("GET", files[kind], { token })).arrayBuffer());
    assert.equal(file.subarray(0, start.length).toString(), start);
  }
  const picture = await call("GET", job.models[0].images[0].url, { token });
  assert.equal(picture.headers.get("content-type"), "image/jpeg");
  console.log("report, spreadsheet and photos are there");
  await reassign(token, me, made.identifier, number);
}

/** Give the job to somebody else, by the name of its capture request. */
async function reassign(token, me, identifier, jobId) {
  const everybody = (await read("/api/v2/users?state=activated", token)).results;
  const to = everybody.find((user) => user.id !== me.id) ?? me;
  const body = { user_id: to.id, current_user_email: me.email };
  await call("POST", `/api/v2/jobs/${identifier}/reassign`, { status: 204, token, body });
  assert.equal((await read(`/api/v2/jobs/${jobId}`, token)).user_name, to.email);
  console.log(`job ${jobId} is ${to.email}'s now`);
}

async function withdraw(token, me) {
  const made = await askForPhotos(token, me);
  const address = `/api/v2/capture_requests/${made.id}?${form({ current_user_email: me.email })}`;
  await call("DELETE", address, { status: 204, token });
  console.log(`request ${made.id} is withdrawn`);
}

/** The photos: the folder named, or pictures that come with Doorstep. */
function folder() {
  const here = path.dirname(fileURLToPath(import.meta.url));
  return process.argv[2] ?? path.join(here, "..", "..", "docs", "pictures");
}

receiver.listen(8970, "127.0.0.1");
const tokens = await authorize();
const token = tokens.access_token;
const me = (await read("/api/v2/users?admin=true", token)).results[0];
console.log(`acting as ${me.email}`);
const webhook = await register(token);
const made = await askForPhotos(token, me);
const details = await read(`/api/v2/capture_requests/${made.id}/details`, token);
await capture(details.branch_link);
await heard(webhook, "capture-request-state-changed", made.pending_job_id, "complete");
await finishATest(token, me, webhook);
await withdraw(token, me);
if (webhook) await call("DELETE", `/api/v2/webhooks/${webhook.id}`, { status: 204, token });
await call("POST", "/oauth/revoke", {
  body: { client_id: CLIENT_ID, client_secret: CLIENT_SECRET, token: tokens.refresh_token },
});
receiver.close();
console.log("done");
