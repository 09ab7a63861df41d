'use strict';

// Soak worker on the real honker: node worker.js DB QUEUE WORKER_ID ACK_FILE
//
// Claims up to 8 jobs, acks them as a batch and appends one line "id p i" per acked job to
// ACK_FILE, after the ack committed: a kill in between leaves acked jobs without a line, never a
// line without an ack. Idle, it sleeps until the next commit of any process, at most 100 ms. A line
// "stop" on stdin, or the end of stdin, lets it finish once it found the queue empty twice in a
// row. Prints "ready" when it begins, and at the end
//   {"acked":n,"lost":l,"errors":e,"max_wait_ms":m,"error_texts":{"database is locked":e}}
// where lost counts claims that were no longer ours at the ack and m is the longest transaction,
// waiting for the lock included.

const fs = require('node:fs');
const readline = require('node:readline');
const honker = require('@russellthehippo/honker-node-linux-x64-gnu');

const BATCH = 8;
const LEASE_S = 300;
const IDLE_MS = 100;

const report = { acked: 0, lost: 0, errors: 0, max_wait_ms: 0, error_texts: {} };

function countError(error) {
  report.errors += 1;
  report.error_texts[error.message] = (report.error_texts[error.message] ?? 0) + 1;
}

/** Runs the body in a transaction; null after an error, which is counted. */
function attempt(db, body) {
  const start = performance.now();
  let tx;
  try {
    tx = db.transaction();
    const result = body(tx);
    tx.commit();
    return result;
  } catch (error) {
    try { tx?.rollback(); } catch { /* the first error is the one to report */ }
    countError(error);
    return null;
  } finally {
    report.max_wait_ms = Math.max(report.max_wait_ms, performance.now() - start);
  }
}

function claim(db, queue, worker) {
  const rows = attempt(db, (tx) =>
    tx.query('SELECT honker_claim_batch(?,?,?,?) AS jobs', [queue, worker, BATCH, LEASE_S]));
  return rows && JSON.parse(rows[0].jobs);
}

/** The jobs whose ack counted; null if it has to be tried again. */
function ack(db, worker, jobs) {
  return attempt(db, (tx) => {
    const ids = JSON.stringify(jobs.map((job) => job.id));
    // The batch answers with a count only; ask beforehand which of them it will be able to delete.
    const ours = tx.query(
      `SELECT id FROM _honker_live WHERE id IN (SELECT value FROM json_each(?))
       AND worker_id = ? AND claim_expires_at >= unixepoch()`,
      [ids, worker]);
    const [{ n }] = tx.query('SELECT honker_ack_batch(?,?) AS n', [ids, worker]);
    if (n !== ours.length) throw new Error(`acked ${n} jobs where ${ours.length} were ours`);
    const owned = new Set(ours.map((row) => row.id));
    return jobs.filter((job) => owned.has(job.id));
  });
}

async function main() {
  const [path, queue, worker, ackFile] = process.argv.slice(2);
  if (!ackFile) {
    process.stderr.write('usage: node worker.js DB QUEUE WORKER_ID ACK_FILE\n');
    process.exit(2);
  }
  let stopping = false;
  let closed = false;
  const input = readline.createInterface({ input: process.stdin });
  input.on('line', (line) => { stopping ||= line.trim() === 'stop'; });
  input.on('close', () => { stopping = true; });

  const db = honker.open(path);
  const acks = fs.openSync(ackFile, 'a');
  const events = db.updateEvents();
  let next = null;
  // One next() stays pending across fallbacks: each call lives until a commit comes.
  const idle = () => new Promise((resolve) => {
    next ??= events.next()
      .catch((error) => { if (!closed) countError(error); })
      .finally(() => { next = null; });
    const timer = setTimeout(resolve, IDLE_MS);
    next.then(() => { clearTimeout(timer); resolve(); });
  });
  process.stdout.write('ready\n');
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  for (let empty = 0; !(stopping && empty >= 2);) {
    const jobs = claim(db, queue, worker);
    if (jobs?.length) {
      empty = 0;
      let acked = null;
      while ((acked = ack(db, worker, jobs)) === null) await pause(5);
      fs.writeSync(acks, acked.map(({ id, payload }) => {
        const { p, i } = JSON.parse(payload);
        return `${id} ${p} ${i}\n`;
      }).join(''));
      report.acked += acked.length;
      report.lost += jobs.length - acked.length;
      await new Promise(setImmediate); // lets stdin in
    } else {
      if (jobs) empty += 1;
      await idle();
    }
  }
  closed = true;
  events.close();
  await next;
  db.close();
  fs.closeSync(acks);
  input.close();
  process.stdin.destroy();
  report.max_wait_ms = Math.round(report.max_wait_ms * 1000) / 1000;
  process.stdout.write(`${JSON.stringify(report)}\n`);
}

main();
