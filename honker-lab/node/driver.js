'use strict';

// Serves one database of the real honker over line-delimited JSON: node driver.js DB_PATH
//
//   {"id":1,"op":"call","sql":"SELECT honker_ack(?,?)","params":[7,"w"]}
//     one statement in a transaction of its own -> its rows
//   {"id":2,"op":"tx","statements":[{"sql":"...","params":[]}, ...]}
//     all in one transaction, rolled back on an error -> an array of rows for each
//   {"id":3,"op":"read","sql":"SELECT count(*) AS n FROM _honker_live"}
//     on a pooled reader, which has no honker_* functions -> its rows
//   {"id":4,"op":"notify","channel":"orders","value":{"any":"json"}}
//     -> the notification's id
//   {"id":5,"op":"close"}
//     answers true, then the process ends, as it does when stdin ends
//
// Answers are {"id":1,"ok":...} or {"id":1,"error":"text"}, in the order of the requests. Rows are
// objects; a statement that returns no rows answers with the single row {"changes":n}. Integers
// beyond 2^53 lose digits and BLOBs read as hex text: honker's binding does that.
// The first line printed is {"ready":true,"sqlite":"<version>"}.

const readline = require('node:readline');
const honker = require('@russellthehippo/honker-node-linux-x64-gnu');

function inTransaction(db, body) {
  const tx = db.transaction();
  try {
    const result = body(tx);
    tx.commit();
    return result;
  } catch (error) {
    // An unfinished Transaction would keep the only writer and block this process for good.
    try { tx.rollback(); } catch { /* the first error is the one to report */ }
    throw error;
  }
}

// Decided from the text, because trying is not harmless: execute() fails on a statement that
// returns rows only after it has run.
function returnsRows(sql) {
  const bare = sql
    .replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ')
    .replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, "''")
    .trim();
  if (/\breturning\b/i.test(bare)) return true;
  if (/^with\b/i.test(bare)) {
    return !/\b(insert|replace)\s+(or\s+\w+\s+)?into\b|\bupdate\b|\bdelete\s+from\b/i.test(bare);
  }
  return /^(select|values|pragma|explain)\b/i.test(bare);
}

function run(tx, { sql, params = [] }) {
  return returnsRows(sql) ? tx.query(sql, params) : [{ changes: tx.execute(sql, params) }];
}

function serve(db, request) {
  switch (request.op) {
    case 'call': return inTransaction(db, (tx) => run(tx, request));
    case 'tx': return inTransaction(db, (tx) => request.statements.map((each) => run(tx, each)));
    case 'read': return db.query(request.sql, request.params ?? []);
    case 'notify': return inTransaction(db, (tx) => tx.notify(request.channel, request.value));
    case 'close': db.close(); return true;
    default: throw new Error(`unknown op: ${request.op}`);
  }
}

function main() {
  const path = process.argv[2];
  if (!path) {
    process.stderr.write('usage: node driver.js DB_PATH\n');
    process.exit(2);
  }
  const print = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
  const db = honker.open(path);
  inTransaction(db, (tx) => tx.query('SELECT honker_bootstrap()', []));
  print({ ready: true, sqlite: db.query('SELECT sqlite_version() AS version', [])[0].version });

  let open = true;
  const lines = readline.createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    if (!open || line.trim() === '') return;
    let request;
    try {
      request = JSON.parse(line);
      const ok = serve(db, request);
      print({ id: request.id, ok });
    } catch (error) {
      print({ id: request?.id ?? null, error: error.message });
    }
    if (request?.op === 'close') {
      open = false;
      lines.close();
      process.stdin.destroy();
    }
  });
  lines.on('close', () => {
    if (open) db.close();
  });
}

main();
