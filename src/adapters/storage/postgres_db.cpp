#include "adapters/storage/db.h"
#include "adapters/storage/postgres_connection.h"

namespace arrears::storage {

std::unique_ptr<Statement> PostgresConnection::prepare(std::string_view sql) {
  return std::make_unique<PostgresStatement>(*this, sql);
}

std::vector<PostgresResult> PostgresConnection::send_waiting(std::span<const PostgresCall> calls) {
  std::vector<WaitingRows> texts;
  if (!holding_back_) {
    for (const WaitingRows& rows : waiting_.take_copied()) wire().copy(rows);
    texts = waiting_.take();
  }
  if (texts.empty() && calls.empty()) return {};
  std::vector<const char*> names;
  for (const WaitingRows& rows : texts)
    names.push_back(static_cast<PostgresStatement&>(lease(rows.write->sql).statement()).name());
  PostgresPipeline pipeline(wire());
  PostgresFields fields;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    for (std::size_t at = 0; at < texts[i].bytes.size();) {
      texts[i].read(at, fields);
      pipeline.send({texts[i].write->sql, names[i], fields});
    }
  }
  for (const PostgresCall& call : calls) pipeline.send(call);
  std::vector<PostgresResult> answers = pipeline.finish();
  answers.erase(answers.begin(), answers.end() - static_cast<std::ptrdiff_t>(calls.size()));
  return answers;
}

std::vector<Query> PostgresConnection::query_together(std::span<const Question> questions) {
  std::vector<Query> runs = Connection::query_together(questions);
  std::vector<PostgresCall> calls;
  for (Query& run : runs) calls.push_back(static_cast<PostgresStatement&>(run.statement()).call());
  std::vector<PostgresResult> answers = send_waiting(calls);
  for (std::size_t i = 0; i < runs.size(); ++i)
    static_cast<PostgresStatement&>(runs[i].statement()).set_answer(std::move(answers[i]));
  return runs;
}

std::size_t PostgresConnection::insert_new(
    const LaterWrite& write, std::size_t count,
    const std::function<std::span<const Value>(std::size_t)>& row) {
  if (count < copy_rows_min) return 0;
  send_waiting();
  for (std::size_t first = 0; first < count; first += new_rows_at_once) {
    const std::size_t end = std::min(first + new_rows_at_once, count);
    // A row that is there fails the COPY, and with it all that was done since the savepoint.
    run_text("SAVEPOINT new_rows");
    wire().begin_copy(write);
    WaitingRows rows;
    for (std::size_t i = first; i < end; ++i) {
      rows.append(row(i));
      if (rows.bytes.size() < piece_bytes && i + 1 < end) continue;
      wire().put_copied(rows.bytes);
      rows.bytes.clear();
    }
    PostgresResult done = wire().end_copy();
    if (wire().problem(done) == StorageProblem::unique) {
      run_text("ROLLBACK TO SAVEPOINT new_rows; RELEASE SAVEPOINT new_rows");
      return first;
    }
    wire().check(std::move(done), write.copy);
    run_text("RELEASE SAVEPOINT new_rows");
  }
  return count;
}

void PostgresConnection::query_many(std::string_view sql, std::size_t count,
                                    const std::function<void(std::size_t, Statement&)>& bind,
                                    const std::function<void(std::size_t, Statement&)>& row) {
  send_waiting();
  Query run = lease(sql);
  auto& statement = static_cast<PostgresStatement&>(run.statement());
  for (std::size_t first = 0; first < count; first += questions_at_once) {
    const std::size_t asked = std::min(questions_at_once, count - first);
    PostgresPipeline pipeline(wire());
    for (std::size_t i = 0; i < asked; ++i) {
      bind(first + i, statement);
      pipeline.send(statement.call());
    }
    std::vector<PostgresResult> answers = pipeline.finish();
    for (std::size_t i = 0; i < asked; ++i) {
      statement.set_answer(std::move(answers[i]));
      while (statement.step()) row(first + i, statement);
    }
    statement.reset();
  }
}

std::unique_ptr<Connection> open_postgres(const std::string& url) {
  return std::make_unique<PostgresConnection>(url);
}

}  // namespace arrears::storage
