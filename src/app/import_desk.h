#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "app/import.h"

/// Files that people sent to import: each is looked at, tried and published, with its progress.
namespace arrears::app {

/// What reads the files; adapters give it.
struct ImportFiles {
  std::function<Result<std::unique_ptr<RecordSource>>(const std::string& path,
                                                      const ImportOptions& options)>
      open;
  /// The file's columns with guessed types and some values, as `arrears import describe`.
  std::function<Result<Json>(const std::string& path, const ImportOptions& options)> describe;
};

#define ARREARS_UPLOAD_REFUSALS(R)                                        \
  R(upload_unknown, "Send the file again; uploads end with the server.")  \
  R(upload_busy, "Wait until it is done.")                                \
  R(upload_published, "It is in already; send a corrected file instead.") \
  R(too_many_uploads, "Publish or drop an earlier file first.")

/// A file that lasts as long as its owner.
struct UploadedFile {
  std::string path;
  std::shared_ptr<const void> owner;
};

/// Uploads live in memory and in temporary files: a server that restarts has none. What an
/// interrupted publication had staged is in the database (resume_import). Any thread may call.
class ImportDesk {
 public:
  ImportDesk(Store& store, ImportFiles files) : store_(store), files_(std::move(files)) {}
  /// Waits for what runs.
  ~ImportDesk();

  /// Takes a file in. Answers as `state`, with `analysis`: see ImportFiles::describe.
  Result<Json> take(const std::string& person, ImportRequest request, UploadedFile file);
  /// `{import_id, entity, kind, file_name, state, phase, rows, report, problem}`. `state`:
  /// uploaded, checking, checked, publishing, published, refused, failed. `report` as the command
  /// line's, null before there is one. Refused (upload_unknown) where the upload is of another
  /// person or gone.
  Result<Json> state(const std::string& person, const std::string& entity, const std::string& id);
  /// Begins to try the file, or (without `dry_run`) to publish it. Answers as `state`.
  Result<Json> begin(const Caller& caller, const std::string& entity, const std::string& id,
                     const ImportRequest& request);
  /// Forgets an upload that was not published.
  Result<Json> forget(const std::string& person, const std::string& entity, const std::string& id);

 private:
  struct Upload;
  Result<std::shared_ptr<Upload>> find(const std::string& person, const std::string& entity,
                                       const std::string& id);
  void run(Upload& upload, const Caller& caller, const ImportRequest& request);
  static Json json(const Upload& upload);

  Store& store_;
  const ImportFiles files_;
  std::mutex mutex_;  ///< of what follows, and of every upload's state
  std::map<std::string, std::shared_ptr<Upload>> uploads_;
  std::int64_t next_id_ = 1;
};

}  // namespace arrears::app

ARREARS_REFUSALS(app, UploadRefusal, "upload", ARREARS_UPLOAD_REFUSALS);
