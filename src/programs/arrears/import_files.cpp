#include "programs/arrears/import_files.h"

#include "adapters/formats/csv_describe.h"
#include "adapters/formats/csv_import_source.h"

namespace arrears::cli {

base::Result<app::Json> describe_import_file(const std::string& path,
                                             const app::ImportOptions& options) {
  const auto read_as = formats::csv_options(options);
  if (!read_as) return read_as.error();
  const formats::FileDescription found =
      formats::describe(formats::CsvReader::open(path, *read_as));
  boost::json::array columns;
  for (const formats::ColumnDescription& column : found.columns) {
    app::Json row{{"column", column.name}, {"looks_like", name(column.kind)}};
    if (column.kind == formats::ColumnKind::date) row["dates"] = formats::option_text(column.dates);
    if (column.kind == formats::ColumnKind::amount)
      row["decimal"] = formats::option_text(column.decimals);
    row["empty"] = column.empty_values;
    boost::json::array values;
    for (const auto& record : found.sample) {
      const auto at = static_cast<std::size_t>(&column - found.columns.data());
      if (values.size() < 3 && at < record.size() && !record[at].empty())
        values.emplace_back(record[at]);
    }
    row["values"] = std::move(values);
    row["question"] = column.question ? column.question->text : std::string();
    columns.push_back(std::move(row));
  }
  return app::Json{{"file", path},
                   {"encoding", found.encoding},
                   {"delimiter", found.dialect.delimiter},
                   {"records_seen", found.records_seen},
                   {"whole_file", found.whole_file},
                   {"problems", found.problems.size()},
                   {"columns", std::move(columns)}};
}

}  // namespace arrears::cli
