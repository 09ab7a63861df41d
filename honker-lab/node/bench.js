'use strict';

// Measures the real honker, one JSON line per run.
//
//   node bench.js CASE DB_PATH N [key=value ... | JSON object]   one run
//   node bench.js serve                                          one run per line on stdin:
//     {"case":"enqueue_single","db":"/tmp/x.db","n":20000,"args":{}} (an "id" is echoed)
//
// A database that does not exist is created, one that exists is used as it is; it stays behind.
// A run answers {"case","ops","seconds","p50_us","p99_us",...} or {"case","error"}. ops counts
// jobs, events or calls; the percentiles are those of one step: a batch in the batch cases,
// claim + ack in the claim cases, acquire + release in lock_cycle. Preloading and `warmup`
// steps (args, default 20, at most a tenth of the steps) are not timed.
//
// Not in serve mode, because they print a line per job: wake_waiter and wake_producer. Their
// t_ns is CLOCK_MONOTONIC, comparable between processes (and with Java's System.nanoTime()).

const { spawn } = require('node:child_process');
const readline = require('node:readline');
const honker = require('@russellthehippo/honker-node-linux-x64-gnu');

const PAYLOAD = '{"to":"alice@example.com","subject":"hello"}';
const MESSAGE = JSON.parse(PAYLOAD);
const QUEUE = 'bench';
const WORKER = 'worker-1';
const LEASE_S = 300;
const BATCH = 100;
const CLAIM_BATCH = 32;
const READ_BATCH = 1000;
const BACKLOG = 20000;
const ENQUEUE = 'SELECT honker_enqueue(?,?,NULL,NULL,0,3,NULL) AS id';
const CLAIM = 'SELECT honker_claim_batch(?,?,?,?) AS jobs';

const print = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const round = (value, digits) => Math.round(value * 10 ** digits) / 10 ** digits;

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

function expect(actual, expected, what) {
  if (actual !== expected) throw new Error(`${what}: ${actual} instead of ${expected}`);
}

// ---- what the cases are made of ---------------------------------------------------------------

const enqueue = (tx, payload) => tx.query(ENQUEUE, [QUEUE, payload])[0].id;

const publish = (tx) =>
  tx.query('SELECT honker_stream_publish(?,NULL,?) AS o', [QUEUE, PAYLOAD])[0].o;

const claim = (db, n) => inTransaction(db, (tx) =>
  JSON.parse(tx.query(CLAIM, [QUEUE, WORKER, n, LEASE_S])[0].jobs));

function claimAndAckOne(db) {
  const jobs = claim(db, 1);
  expect(jobs.length, 1, 'jobs claimed');
  const acked = inTransaction(db, (tx) =>
    tx.query('SELECT honker_ack(?,?) AS n', [jobs[0].id, WORKER])[0].n);
  expect(acked, 1, 'jobs acked');
}

function claimAndAckBatch(db, n) {
  const jobs = claim(db, n);
  expect(jobs.length, n, 'jobs claimed');
  const ids = JSON.stringify(jobs.map((job) => job.id));
  const acked = inTransaction(db, (tx) =>
    tx.query('SELECT honker_ack_batch(?,?) AS n', [ids, WORKER])[0].n);
  expect(acked, n, 'jobs acked');
}

/** Inserts rows without calling a honker function per row; `columns` maps names to SQL over i. */
function fill(db, table, rows, columns) {
  if (rows <= 0) return;
  inTransaction(db, (tx) => tx.execute(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
     INSERT INTO ${table}(${Object.keys(columns)}) SELECT ${Object.values(columns)} FROM n`,
    [rows]));
}

const count = (db, sql, params) => db.query(`SELECT count(*) AS n FROM ${sql}`, params)[0].n;

const waiting = (db) => count(db,
  `_honker_live WHERE queue = ? AND state = 'pending' AND run_at <= unixepoch()`, [QUEUE]);

/** Tops the queue up to that many due jobs, priorities 0 .. priorities - 1 in turn. */
function preloadDue(db, jobs, priorities = 1) {
  fill(db, '_honker_live', jobs - waiting(db), {
    queue: `'${QUEUE}'`,
    payload: `'${PAYLOAD}'`,
    priority: `i % ${priorities}`,
    run_at: 'unixepoch() - 1',
  });
}

function preloadDelayed(db, jobs) {
  fill(db, '_honker_live', jobs, {
    queue: `'${QUEUE}'`,
    payload: `'${PAYLOAD}'`,
    priority: 'i % 3',
    run_at: 'unixepoch() + 3600 + i % 1000',
  });
}

function preloadInFlight(db, jobs) {
  fill(db, '_honker_live', jobs, {
    queue: `'${QUEUE}'`,
    payload: `'${PAYLOAD}'`,
    priority: 'i % 3',
    run_at: 'unixepoch() - 1',
    state: `'processing'`,
    worker_id: `'worker-0'`,
    claim_expires_at: 'unixepoch() + 3600 + i % 1000',
    attempts: '1',
  });
}

// ---- cases: name -> { size, prepare(db, n, args, warmup) -> { step(ops), start?, extra? } } ---
// n operations run in timed steps of `size`, the last one may be smaller. `warmup` full steps come
// before, then start().

const perTransaction = (size, operation) => ({
  size,
  prepare: (db) => ({
    step: (ops) => inTransaction(db, (tx) => {
      for (let k = 0; k < ops; k += 1) operation(tx);
    }),
  }),
});

/** Claims n jobs; when the last one is claimed, `backlog` jobs still wait. */
const claimAndAck = (size, operation) => ({
  size,
  prepare(db, n, { backlog = BACKLOG }, warmup) {
    preloadDue(db, backlog + n + warmup * size);
    let depth;
    return {
      step: (ops) => operation(db, ops),
      start() { depth = waiting(db); },
      extra: () => ({ depth_start: depth, depth_end: waiting(db) }),
    };
  },
});

const cases = {
  enqueue_single: perTransaction(1, (tx) => enqueue(tx, PAYLOAD)),

  enqueue_batch100: perTransaction(BATCH, (tx) => enqueue(tx, PAYLOAD)),

  claim_ack_single: claimAndAck(1, claimAndAckOne),

  claim_ack_batch32: claimAndAck(CLAIM_BATCH, claimAndAckBatch),

  // args: depth (due jobs when the clock starts), delayed, inflight
  claim_depth: {
    size: 1,
    prepare(db, n, { depth, delayed = 0, inflight = 0 }, warmup) {
      if (!(depth >= n)) throw new Error('claim_depth needs depth >= n');
      preloadDelayed(db, delayed);
      preloadInFlight(db, inflight);
      preloadDue(db, depth + warmup, 3);
      return {
        step: () => claimAndAckOne(db),
        extra: (seconds) => ({ depth, delayed, inflight, mean_us: round((seconds / n) * 1e6, 1) }),
      };
    },
  },

  stream_publish: perTransaction(1, publish),

  stream_publish_batch100: perTransaction(BATCH, publish),

  // args: backlog (events in the topic, default n); starts over at its end
  stream_replay: {
    size: READ_BATCH,
    prepare(db, n, { backlog = n }) {
      if (!(backlog > 0)) throw new Error('stream_replay needs backlog > 0');
      fill(db, '_honker_stream', backlog - count(db, '_honker_stream WHERE topic = ?', [QUEUE]), {
        topic: `'${QUEUE}'`,
        payload: `'${PAYLOAD}'`,
      });
      let offset = 0;
      const read = (limit) => {
        const [{ events }] = inTransaction(db, (tx) => tx.query(
          'SELECT honker_stream_read_since(?,?,?) AS events', [QUEUE, offset, limit]));
        return JSON.parse(events);
      };
      return {
        step(ops) {
          for (let left = ops; left > 0;) {
            const events = read(left);
            offset = events.at(-1)?.offset ?? 0;
            left -= events.length;
          }
        },
        start() { offset = 0; },
      };
    },
  },

  notify: perTransaction(1, (tx) => tx.notify(QUEUE, MESSAGE)),

  lock_cycle: {
    size: 1,
    prepare(db) {
      const call = (sql, params, what) =>
        expect(inTransaction(db, (tx) => tx.query(sql, params)[0].n), 1, what);
      return {
        step() {
          call('SELECT honker_lock_acquire(?,?,?) AS n', [QUEUE, WORKER, 60], 'locks acquired');
          call('SELECT honker_lock_release(?,?) AS n', [QUEUE, WORKER], 'locks released');
        },
      };
    },
  },

  // args: limit (default: never reached), per (seconds)
  rate_limit: {
    size: 1,
    prepare: (db, n, { limit = 1_000_000_000, per = 60 }) => ({
      step: () => inTransaction(db, (tx) =>
        tx.query('SELECT honker_rate_limit_try(?,?,?) AS n', [QUEUE, limit, per])),
    }),
  },

  // n ticks, one second apart; args: schedules (10000), due (per tick, 100). Every schedule is
  // `@every <schedules / due>s`, shifted so that each tick finds its share, again and again.
  scheduler_tick_10k: {
    size: 1,
    prepare(db, n, { schedules = 10000, due = 100 }) {
      const period = schedules / due;
      if (!Number.isInteger(period)) throw new Error('schedules must be a multiple of due');
      let tick = Math.floor(Date.now() / 1000) + 10;
      inTransaction(db, (tx) => {
        for (let i = 0; i < schedules; i += 1) {
          tx.query('SELECT honker_scheduler_register(?,?,?,?,0,NULL)',
            [`schedule-${i}`, QUEUE, `@every ${period}s`, PAYLOAD]);
          tx.execute('UPDATE _honker_scheduler_tasks SET next_fire_at = ? WHERE name = ?',
            [tick + (i % period), `schedule-${i}`]);
        }
      });
      return {
        step() {
          const [{ fired }] = inTransaction(db, (tx) =>
            tx.query('SELECT honker_scheduler_tick(?) AS fired', [tick]));
          tick += 1;
          expect(JSON.parse(fired).length, due, 'jobs fired');
        },
        extra: (seconds) => ({ schedules, due, mean_ms: round((seconds / n) * 1e3, 3) }),
      };
    },
  },
};

async function measure(name, path, n, args) {
  const { size, prepare } = cases[name];
  const steps = Math.ceil(n / size);
  const warmup = Math.min(args.warmup ?? 20, Math.ceil(steps / 10));
  const db = honker.open(path);
  try {
    inTransaction(db, (tx) => tx.query('SELECT honker_bootstrap()', []));
    const { step, start, extra } = prepare(db, n, args, warmup);
    for (let i = 0; i < warmup; i += 1) step(size);
    // What the preparation wrote is not to be checkpointed on the clock.
    db.query('PRAGMA wal_checkpoint(TRUNCATE)', []);
    start?.();

    const samples = new Float64Array(steps);
    const begin = performance.now();
    let before = begin;
    for (let i = 0; i < steps; i += 1) {
      step(Math.min(size, n - i * size));
      const now = performance.now();
      samples[i] = now - before;
      before = now;
    }
    const seconds = (before - begin) / 1000;
    return { ops: n, seconds: round(seconds, 6), ...percentiles(samples), ...extra?.(seconds) };
  } finally {
    db.close();
  }
}

/** Of durations in ms, nearest rank. */
function percentiles(samples) {
  const sorted = Float64Array.from(samples).sort();
  const rank = (p) => sorted[Math.max(0, Math.ceil(sorted.length * p) - 1)];
  return { p50_us: round(rank(0.5) * 1000, 1), p99_us: round(rank(0.99) * 1000, 1) };
}

// ---- waking up across processes ----------------------------------------------------------------

/**
 * Claims one job at a time as they come, until n were claimed or stdin ended. Prints
 * {"ready":true} once it listens and {"i","t_ns","payload"} for each job.
 */
async function wakeWaiter(path, n) {
  const db = honker.open(path);
  const events = db.updateEvents();
  process.stdin.on('end', () => process.exit()).resume();
  print({ ready: true });
  for (let got = 0; got < n;) {
    const jobs = claim(db, 1);
    const now = process.hrtime.bigint();
    if (jobs.length === 0) {
      await events.next();
      continue;
    }
    const [{ id, payload }] = jobs;
    print({ i: JSON.parse(payload).i ?? null, t_ns: Number(now), payload });
    inTransaction(db, (tx) => tx.query('SELECT honker_ack(?,?)', [id, WORKER]));
    got += 1;
  }
  events.close();
  db.close();
  process.stdin.destroy();
}

/** Enqueues n jobs 10-30 ms apart; calls back with (i, the clock right after each commit). */
async function produce(path, n, committed) {
  const db = honker.open(path);
  for (let i = 0; i < n; i += 1) {
    await sleep(10 + Math.random() * 20);
    inTransaction(db, (tx) => enqueue(tx, JSON.stringify({ i, subject: 'wake' })));
    committed(i, Number(process.hrtime.bigint()));
  }
  db.close();
}

async function wake(path, n) {
  honker.open(path).close(); // two processes creating the tables at once is another test
  const waiter = spawn(process.execPath, [__filename, 'wake_waiter', path, String(n)],
    { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => waiter.once('exit', resolve));
  try {
    const claimed = new Map();
    const lines = readline.createInterface({ input: waiter.stdout });
    const drained = new Promise((resolve) => lines.once('close', resolve));
    await new Promise((resolve, reject) => {
      ended.then((code) => reject(new Error(`the waiter ended early (${code})`)));
      lines.on('line', (line) => {
        const { ready, i, t_ns: time } = JSON.parse(line);
        if (ready) resolve();
        else claimed.set(i, time);
      });
    });
    await sleep(200); // so that it waits rather than starts

    const committed = [];
    const begin = performance.now();
    await produce(path, n, (i, time) => { committed[i] = time; });
    const seconds = (performance.now() - begin) / 1000;
    const late = setTimeout(() => waiter.kill('SIGKILL'), 10000);
    await drained;
    clearTimeout(late);
    expect(claimed.size, n, 'jobs that woke the waiter');
    const samples = committed.map((time, i) => (claimed.get(i) - time) / 1e6);
    return { ops: n, seconds: round(seconds, 6), ...percentiles(samples) };
  } finally {
    waiter.kill('SIGKILL');
    await ended;
  }
}

/** What one waiter costs while nothing happens; args: seconds (default n). */
async function idleCpu(path, n, { seconds: duration = n }) {
  const db = honker.open(path);
  const events = db.updateEvents();
  let wakes = 0;
  let open = true;
  const waiting = (async () => {
    while (open) {
      await events.next();
      wakes += 1;
    }
  })().catch((error) => { if (open) throw error; });
  await sleep(500);

  wakes = 0;
  const begin = performance.now();
  const before = process.cpuUsage();
  await sleep(duration * 1000);
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - begin) / 1000;
  const ops = wakes;
  open = false;
  events.close();
  await waiting;
  db.close();
  const cpu = (user + system) / 1e6;
  return { ops, seconds: round(seconds, 6), cpu_percent: round((cpu / seconds) * 100, 2) };
}

const others = { wake, idle_cpu: idleCpu };

const roles = {
  wake_waiter: wakeWaiter,
  wake_producer: (path, n) => produce(path, n, (i, time) => print({ i, t_ns: time })),
};

// ---- the two ways to call it -------------------------------------------------------------------

async function answer({ id, case: name, db, n, args = {} }) {
  const head = id === undefined ? { case: name } : { id, case: name };
  try {
    if (typeof db !== 'string' || !(Number.isInteger(n) && n > 0)) {
      throw new Error('needs a database path and a positive n');
    }
    if (Object.hasOwn(cases, name)) return { ...head, ...await measure(name, db, n, args) };
    if (Object.hasOwn(others, name)) return { ...head, ...await others[name](db, n, args) };
    throw new Error(`unknown case; there are: ${[...Object.keys(cases), ...Object.keys(others)]}`);
  } catch (error) {
    return { ...head, error: error.message };
  }
}

async function serve() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    if (line.trim() === '') continue;
    let request;
    try {
      request = JSON.parse(line);
    } catch (error) {
      print({ case: null, error: error.message });
      continue;
    }
    print(await answer(request));
  }
}

function parseArgs(words) {
  if (words[0]?.startsWith('{')) return JSON.parse(words[0]);
  return Object.fromEntries(words.map((word) => {
    const [key, value] = word.split('=', 2);
    return [key, Number.isNaN(Number(value)) ? value : Number(value)];
  }));
}

async function main() {
  const [name, db, n, ...words] = process.argv.slice(2);
  if (name === 'serve') return serve();
  if (n === undefined) {
    process.stderr.write('usage: node bench.js CASE DB_PATH N [key=value ...] | serve\n');
    process.exit(2);
  }
  if (Object.hasOwn(roles, name)) return roles[name](db, Number(n));
  const result = await answer({ case: name, db, n: Number(n), args: parseArgs(words) });
  print(result);
  if (result.error) process.exitCode = 1;
}

main();
