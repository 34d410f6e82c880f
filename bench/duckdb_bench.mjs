// DuckDB's side of the measurements: node duckdb_bench.mjs FILE answers lines of JSON on standard
// input with a line of JSON each: {"run": SQL, "threads": N} takes the time of making the answer as
// a table inside the engine, {"write": FILE, "sql": SQL} writes the rows, {"do": SQL} runs.
import { DuckDBInstance } from '@duckdb/node-api';
import { createInterface } from 'node:readline';

const database = await DuckDBInstance.create(process.argv[2]);
const connection = await database.connect();
const version = (await (await connection.run('SELECT version()')).getRows())[0][0];
console.log(JSON.stringify({ version, node: process.version }));

async function measure(sql) {
  const start = process.hrtime.bigint();
  const cpu = process.cpuUsage();
  await connection.run(sql);
  const spent = process.cpuUsage(cpu);
  return {
    wall_ms: Number(process.hrtime.bigint() - start) / 1e6,
    cpu_ms: (spent.user + spent.system) / 1e3,
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  let answer = {};
  if (request.run !== undefined) {
    await connection.run(`SET threads = ${request.threads}`);
    answer = await measure(`CREATE OR REPLACE TEMP TABLE answer AS ${request.run}`);
  } else if (request.write !== undefined) {
    await connection.run(`COPY (${request.sql}) TO '${request.write}' (FORMAT csv, HEADER false)`);
  } else {
    answer = await measure(request.do);
  }
  console.log(JSON.stringify(answer));
}
