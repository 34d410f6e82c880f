#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/command.h"
#include "app/import_fields.h"
#include "app/import_report.h"
#include "app/import_source.h"

/// Files from the ERP and the bank as facts: staged in chunks, published in one transaction.
///
/// Rows are told apart by their number within the entity. The same content again changes nothing,
/// other content is a correction. A row that cannot be taken is refused by itself; all problems of
/// a file are reported at once, and the rows go to the reject file. A file that asks a question
/// (which day style, which column) or misses its control total imports nothing.
namespace arrears::app {

/// What a person chooses once per kind of file; kept in a named profile.
struct ImportOptions {
  std::string currency;  ///< where the file names none; empty: none
  std::vector<std::pair<std::string, std::string>> mapping;  ///< field, column
  std::string dates;      ///< "M/D/Y"; empty: find it. This and the next three go to the source.
  std::string decimals;   ///< "dot", "comma"; empty: find it
  std::string delimiter;  ///< empty: find it
  std::string encoding;   ///< empty: find it
  bool strict = false;    ///< refuse rows of unknown customers
};

struct ImportRequest {
  std::string entity;  ///< code
  ImportKind kind = ImportKind::invoices;
  ImportOptions options;
  std::string file_name;
  /// "12500.00" or "USD 12500.00", one per currency: the sum of the file as the ERP states it.
  std::vector<std::string> control_totals;
  std::optional<Date> as_of;  ///< of an open-item snapshot
  /// A snapshot may close at most this share of the open items and of the open amount, per
  /// currency.
  std::optional<int> shrink_limit_percent;
  bool dry_run = false;  ///< do everything, keep nothing
};

/// Where the import is: "staging" or "publishing", and rows so far.
using ImportProgress = std::function<void(std::string_view phase, std::int64_t rows)>;

/// What an import needs besides the request.
struct ImportIo {
  RecordSource* source = nullptr;  ///< null only to resume what is staged whole
  RejectFile* rejects = nullptr;   ///< null: the rejected rows are only reported
  ImportProgress progress;         ///< may be empty
};

/// Imports a file whole: its good rows, or after a refusal nothing. A file beyond one chunk is
/// staged first; an interruption leaves it to `resume_import` or `drop_import`.
Result<ImportReport> import_file(Store& store, const Caller& caller, const ImportRequest& request,
                                 const ImportIo& io);

/// Goes on with an interrupted import. The source must be the same file, by its hash, unless all of
/// it is staged.
Result<ImportReport> resume_import(Store& store, const Caller& caller, std::int64_t import_id,
                                   const ImportIo& io);

/// The request of an interrupted import, for opening its source again.
Result<ImportRequest> interrupted_import(Store& store, std::int64_t import_id);

/// Gives up what is staged.
Result<Json> drop_import(Store& store, const Caller& caller, std::int64_t import_id);

/// Interrupted imports: `[{import_id, entity, kind, file, staged_rows, complete, started_at}]`.
boost::json::array list_imports(Store& store);

/// Keeps the options under a name; a second time supersedes.
Result<Json> save_import_profile(Store& store, const Caller& caller, std::string_view name,
                                 ImportKind kind, const ImportOptions& options);
Result<ImportOptions> load_import_profile(Facts& facts, std::string_view name, ImportKind kind);

Json to_json(const ImportOptions& options);
ImportOptions import_options_from(const Json& json);
Json to_json(const ImportRequest& request);
ImportRequest import_request_from(const Json& json);

}  // namespace arrears::app
