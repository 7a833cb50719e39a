// Runs one invocation of a Node.js handler: event on stdin, words on the descriptor named by _RESULT_FD.
// Writes a line `ready` once the handler is loaded, then one line of JSON: {"value": ...} or {"error": {...}}.
"use strict";
const fs = require("fs");
const http = require("http");
const https = require("https");
const path = require("path");
const { syncBuiltinESMExports } = require("module");
const { pathToFileURL } = require("url");

const descriptor = Number(process.env._RESULT_FD);
delete process.env._RESULT_FD;

function say(text) {
  fs.writeSync(descriptor, text + "\n");
}

function end(word) {
  say(JSON.stringify(word));
  process.exitCode = 0;
  process.stdout.write("", () => process.exit(0));
}

function fail(error) {
  console.error(error && error.stack ? error.stack : String(error));
  const known = error instanceof Error;
  end({
    error: {
      errorType: known ? error.name : "Error",
      errorMessage: known ? error.message : String(error),
      trace: known && error.stack ? error.stack.split("\n") : [],
    },
  });
}

// Functions of custom resources answer by TLS to port 443, whatever their ResponseURL says; here it is plain HTTP.
function answerInPlainHttp() {
  const { hostname, port } = new URL(process.env.AWS_ENDPOINT_URL);
  const byTls = https.request;
  https.request = function (given, ...rest) {
    const place = given && (given.hostname || given.host);
    if (place === hostname && String(given.path).startsWith("/task-coordinator/")) {
      return http.request({ ...given, host: hostname, hostname, port, protocol: "http:", agent: undefined }, ...rest);
    }
    return byTls.call(this, given, ...rest);
  };
  syncBuiltinESMExports();
}

async function load() {
  const handler = process.env._HANDLER;
  const slash = handler.lastIndexOf("/");
  const [file, ...names] = handler.slice(slash + 1).split(".");
  const base = path.resolve(process.cwd(), handler.slice(0, slash + 1), file);
  const found = [".js", ".mjs", ".cjs"].map((ending) => base + ending).find((name) => fs.existsSync(name));
  if (!found) {
    const error = new Error(`Cannot find module '${file}'`);
    error.name = "Runtime.ImportModuleError";
    throw error;
  }
  let loaded;
  try {
    loaded = found.endsWith(".mjs") ? await import(pathToFileURL(found)) : require(found);
  } catch (error) {
    if (error.code !== "ERR_REQUIRE_ESM" && !/Cannot use import statement|Unexpected token 'export'/.test(error.message)) {
      throw error;
    }
    loaded = await import(pathToFileURL(found));
  }
  let found_ = loaded;
  for (const name of names) {
    found_ = (found_ && found_[name]) || (found_ && found_.default && found_.default[name]);
  }
  if (typeof found_ !== "function") {
    const error = new Error(`${handler} is undefined or not exported`);
    error.name = "Runtime.HandlerNotFound";
    throw error;
  }
  return found_;
}

async function main() {
  const event = JSON.parse(fs.readFileSync(0, "utf8"));
  answerInPlainHttp();
  const handler = await load();
  const until = Date.now() + Number(process.env._TIMEOUT) * 1000;
  say("ready");
  let done;
  const called = new Promise((resolve, reject) => {
    done = (error, value) => (error ? reject(error) : resolve(value));
  });
  const context = {
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    invokedFunctionArn: process.env._FUNCTION_ARN,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    awsRequestId: process.env._REQUEST_ID,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, until - Date.now()),
    done,
    succeed: (value) => done(null, value),
    fail: (error) => done(error || new Error("failed")),
  };
  const returned = handler(event, context, done);
  const value = returned && typeof returned.then === "function" ? await returned : await called;
  end({ value: value === undefined ? null : value });
}

process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);
main().catch(fail);
