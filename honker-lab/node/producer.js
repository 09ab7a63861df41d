'use strict';

// Soak producer on the real honker: node producer.js DB QUEUE SECONDS NAME [RATE=500]
//
// Enqueues {"p":NAME,"i":k} for k = 0, 1, 2 ..., one per transaction and at most RATE a second,
// until SECONDS have passed. k moves on only when its transaction committed, so the jobs to expect
// are exactly 0 .. enqueued-1. Prints at the end
//   {"enqueued":k,"errors":e,"max_wait_ms":m,"error_texts":{"database is locked":e}}
// where m is the longest transaction, waiting for the lock included.

const honker = require('@russellthehippo/honker-node-linux-x64-gnu');

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function enqueue(db, queue, payload) {
  const tx = db.transaction();
  try {
    tx.query('SELECT honker_enqueue(?,?,NULL,NULL,0,3,NULL)', [queue, payload]);
    tx.commit();
  } catch (error) {
    try { tx.rollback(); } catch { /* the first error is the one to report */ }
    throw error;
  }
}

async function main() {
  const [path, queue, seconds, name, rate = '500'] = process.argv.slice(2);
  if (!name) {
    process.stderr.write('usage: node producer.js DB QUEUE SECONDS NAME [RATE]\n');
    process.exit(2);
  }
  const db = honker.open(path);
  const gap = 1000 / Number(rate);
  const end = performance.now() + Number(seconds) * 1000;
  const report = { enqueued: 0, errors: 0, max_wait_ms: 0, error_texts: {} };
  let due = performance.now();
  for (let now = due; now < end; now = performance.now()) {
    if (due > now) {
      await sleep(Math.min(due, end) - now);
      continue;
    }
    // A timer that fires late is made up for, a stall longer than 50 ms is not.
    due = Math.max(due, now - 50) + gap;
    try {
      enqueue(db, queue, JSON.stringify({ p: name, i: report.enqueued }));
      report.enqueued += 1;
    } catch (error) {
      report.errors += 1;
      report.error_texts[error.message] = (report.error_texts[error.message] ?? 0) + 1;
    }
    report.max_wait_ms = Math.max(report.max_wait_ms, performance.now() - now);
  }
  db.close();
  report.max_wait_ms = Math.round(report.max_wait_ms * 1000) / 1000;
  process.stdout.write(`${JSON.stringify(report)}\n`);
}

main();
