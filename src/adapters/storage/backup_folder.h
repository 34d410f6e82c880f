#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

/// The folder of a backup: its files, and the manifest that says what they are.
namespace arrears::storage {

struct BackupFile {
  std::string name;        ///< within the folder
  std::int64_t bytes = 0;  ///< its size
  std::string sha256;      ///< hex
};

struct BackupManifest {
  std::string program;            ///< version of Arrears that made it
  std::string engine;             ///< "sqlite" or "postgresql"
  std::int64_t migration = 0;     ///< the last one in the database
  std::string database_id;        ///< the site's own name
  std::int64_t checkpoint = 0;    ///< number of the last one in the database
  std::string digest;             ///< of that checkpoint: what its signature signs, hex
  base::Instant checkpoint_at;    ///< of that checkpoint
  base::Instant made_at;          ///< when the backup began
  std::vector<BackupFile> files;  ///< all but the manifest
};

namespace backup_names {
constexpr std::string_view manifest = "manifest.json";
constexpr std::string_view checkpoint = "checkpoint.json";
constexpr std::string_view sqlite = "arrears.db";
constexpr std::string_view postgres = "arrears.dump";
constexpr std::string_view keys = "arrears.keys";
constexpr std::string_view unfinished = ".unfinished";  ///< ends the name of a folder under way
}  // namespace backup_names

std::string manifest_text(const BackupManifest& manifest);
/// Nothing where the text is not such a manifest.
std::optional<BackupManifest> parse_manifest(std::string_view json);

/// The file's size and hash. Failures are StorageErrors that name the file.
BackupFile describe_file(const std::string& folder, std::string_view name);
std::string read_whole_file(const std::string& path);
/// Copies into a file that is not there yet, of mode 0600, and makes it durable.
void copy_file_durably(const std::string& from, const std::string& to);
/// What was written to the file or folder survives a power cut from now on.
void make_durable(const std::string& path);
/// Gives the file the name `to`, durably; false where something bears it already.
bool publish_file(const std::string& from, const std::string& to);
/// The folder that the path lies in.
std::string folder_of(const std::string& path);

/// A backup under way, in `FOLDER.unfinished` with mode 0700; without `finish` it is removed. What
/// a killed one left is replaced by the next one of that name.
class UnfinishedFolder {
 public:
  /// StorageError: busy where another backup to the same folder is under way.
  explicit UnfinishedFolder(const std::string& target);
  ~UnfinishedFolder();
  UnfinishedFolder(const UnfinishedFolder&) = delete;
  UnfinishedFolder& operator=(const UnfinishedFolder&) = delete;

  const std::string& path() const { return path_; }
  std::string file(std::string_view name) const { return path_ + '/' + std::string(name); }
  /// Writes a file of mode 0600.
  void put(std::string_view name, const std::string& text) const;
  /// Writes the manifest and gives the folder its name, durably. False where it is taken.
  bool finish(const BackupManifest& manifest);

 private:
  void clear() const noexcept;

  std::string target_;
  std::string path_;
  int handle_ = -1;
  bool finished_ = false;
};

}  // namespace arrears::storage
