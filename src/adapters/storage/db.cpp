#include "adapters/storage/db.h"

namespace arrears::storage {

Query Connection::lease(std::string_view sql) {
  auto found = statements_.find(sql);
  if (found == statements_.end()) {
    found = statements_.emplace(std::string(sql), prepare(sql)).first;
  }
  // A text that runs inside its own loop gets a second statement for that time.
  if (found->second->leased) return Query(prepare(sql));
  return Query(*found->second);
}

Query Connection::query_with(std::string_view sql, std::span<const Value> values) {
  Query run = lease(sql);
  Statement& statement = run.statement();
  ARREARS_REQUIRE(statement.parameter_count() == static_cast<int>(values.size()));
  int parameter = 0;
  for (const Value& value : values) statement.bind(parameter++, value);
  return run;
}

std::vector<Query> Connection::query_together(std::span<const Question> questions) {
  std::vector<Query> runs;
  for (const Question& question : questions)
    runs.push_back(query_with(question.sql, question.values));
  return runs;
}

std::vector<PartMark> Connection::marks_of(Query rows) {
  std::vector<PartMark> marks;
  while (rows.next()) marks.push_back({static_cast<int>(rows.int64_at(0)), rows.int64_at(1)});
  return marks;
}

LaterWrite insert_into(std::string_view table, std::span<const std::string_view> columns) {
  std::string names;
  std::string parameters;
  for (const std::string_view column : columns) {
    if (!names.empty()) {
      names += ", ";
      parameters += ", ";
    }
    names += column;
    parameters += ':';
    parameters += column;
  }
  std::string target = std::string(table) + " (" + names + ")";
  return {"INSERT INTO " + target + " VALUES (" + parameters + ")", std::move(target)};
}

bool Savepoint::undo() noexcept {
  open_ = false;
  connection_.drop_later_writes();
  try {
    connection_.execute("ROLLBACK TO SAVEPOINT step");
    connection_.execute("RELEASE SAVEPOINT step");
    return true;
  } catch (const StorageError&) {
    return false;
  }
}

}  // namespace arrears::storage
