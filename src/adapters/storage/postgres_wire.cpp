#include "adapters/storage/postgres_wire.h"

#include <algorithm>
#include <cstring>

namespace arrears::storage {

namespace {

StorageProblem problem_of(std::string_view state) {
  constexpr std::pair<std::string_view, StorageProblem> states[] = {
      {"23505", StorageProblem::unique},  {"23503", StorageProblem::foreign_key},
      {"23514", StorageProblem::check},   {"23502", StorageProblem::not_null},
      {"42804", StorageProblem::check},  // a value of another type than the column's
      {"40001", StorageProblem::retry},   {"40P01", StorageProblem::retry},
      {"55P03", StorageProblem::busy},    {"53100", StorageProblem::full},
      {"25006", StorageProblem::io},  // a standby, or made read-only
      {"57P01", StorageProblem::lost},    {"57P02", StorageProblem::lost},
      {"57P03", StorageProblem::lost},    {"57P05", StorageProblem::lost},
      {"XX001", StorageProblem::corrupt}, {"XX002", StorageProblem::corrupt},
  };
  for (const auto& [code, problem] : states) {
    if (code == state) return problem;
  }
  constexpr std::pair<std::string_view, StorageProblem> classes[] = {
      {"08", StorageProblem::lost},
      {"22", StorageProblem::check},  // out of range, a NUL in a text
      {"53", StorageProblem::busy},   // too many connections, no memory
      {"58", StorageProblem::io},
  };
  for (const auto& [code, problem] : classes) {
    if (state.substr(0, 2) == code) return problem;
  }
  return StorageProblem::other;
}

/// Without the line ends of the server's messages.
std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : text) line += c == '\n' ? ' ' : c;
  while (line.ends_with(' ')) line.pop_back();
  return line;
}

int count_of(const PostgresFields& fields) { return static_cast<int>(fields.values.size()); }

}  // namespace

void PostgresWire::check_alive() const {
  if (!is_alive()) throw StorageError(StorageProblem::lost, one_line(PQerrorMessage(db_)));
}

std::optional<StorageProblem> PostgresWire::problem(const PostgresResult& result) const {
  const ExecStatusType status = PQresultStatus(result.get());
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return {};
  const char* state = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
  // What the server did not say itself is libpq's word on the connection, also while the server's
  // last notice still waits to be read.
  if (!is_alive() || state == nullptr) return StorageProblem::lost;
  return problem_of(state);
}

PostgresResult PostgresWire::check(PostgresResult result, std::string_view doing) {
  const auto found = problem(result);
  if (!found) return result;
  std::string message = one_line(PQresultErrorMessage(result.get()));
  if (message.empty()) message = one_line(PQerrorMessage(db_));
  throw StorageError(*found,
                     "database: " + message + " (" + std::string(doing.substr(0, 120)) + ")");
}

PostgresResult PostgresWire::run(const PostgresCall& call) {
  const PostgresFields& fields = call.fields;
  const auto values = fields.values.data();
  const auto lengths = fields.lengths.data();
  const auto formats = fields.formats.data();
  constexpr int binary = 1;
  return check(
      PostgresResult(call.name == nullptr ? PQexecParams(db_, call.text.data(), count_of(fields),
                                                         nullptr, values, lengths, formats, binary)
                                          : PQexecPrepared(db_, call.name, count_of(fields), values,
                                                           lengths, formats, binary)),
      call.text);
}

void PostgresWire::copy(const WaitingRows& rows) {
  begin_copy(*rows.write);
  put_copied(rows.bytes);
  check(end_copy(), rows.write->copy);
}

void PostgresWire::begin_copy(const LaterWrite& write) {
  const std::string text = "COPY " + write.copy + " FROM STDIN (FORMAT binary)";
  PostgresResult begun = execute(text);
  if (PQresultStatus(begun.get()) != PGRES_COPY_IN) check(std::move(begun), text);
  put_copied(copy_head);
}

void PostgresWire::put_copied(std::string_view bytes) {
  PQputCopyData(db_, bytes.data(), static_cast<int>(bytes.size()));
}

PostgresResult PostgresWire::end_copy() {
  put_copied(copy_end);
  PQputCopyEnd(db_, nullptr);
  PostgresResult end(PQgetResult(db_));
  while (PostgresResult(PQgetResult(db_))) {
  }
  return end;
}

PostgresPipeline::PostgresPipeline(PostgresWire& wire) : wire_(wire) {
  ARREARS_REQUIRE(PQenterPipelineMode(wire_.db_) == 1);
}

void PostgresPipeline::send(const PostgresCall& call) {
  const PostgresFields& fields = call.fields;
  const auto values = fields.values.data();
  const auto lengths = fields.lengths.data();
  const auto formats = fields.formats.data();
  constexpr int binary = 1;
  if (call.name == nullptr) {
    PQsendQueryParams(wire_.db_, call.text.data(), count_of(fields), nullptr, values, lengths,
                      formats, binary);
  } else {
    PQsendQueryPrepared(wire_.db_, call.name, count_of(fields), values, lengths, formats, binary);
  }
  texts_.push_back(call.text);
}

std::vector<PostgresResult> PostgresPipeline::read_answers() {
  open_ = false;
  PQpipelineSync(wire_.db_);
  std::vector<PostgresResult> answers;
  for (std::size_t i = 0; i < texts_.size(); ++i) {
    answers.emplace_back(PQgetResult(wire_.db_));
    while (PostgresResult(PQgetResult(wire_.db_))) {  // nothing: the end of this answer
    }
  }
  PostgresResult sync(PQgetResult(wire_.db_));
  PQexitPipelineMode(wire_.db_);
  return answers;
}

std::vector<PostgresResult> PostgresPipeline::finish() {
  std::vector<PostgresResult> answers = read_answers();
  // The first that did not go well failed, those after it were skipped; without a connection there
  // are no answers at all.
  for (std::size_t i = 0; i < answers.size(); ++i)
    answers[i] = wire_.check(std::move(answers[i]), texts_[i]);
  return answers;
}

}  // namespace arrears::storage
