#include "adapters/storage/backup_folder.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <boost/json.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <functional>

#include "adapters/storage/hashing.h"
#include "adapters/storage/storage_error.h"

namespace arrears::storage {

namespace {

namespace json = boost::json;

constexpr std::int64_t manifest_format = 1;
constexpr std::size_t block_size = 1U << 20;

[[noreturn]] void fail(std::string_view doing, const std::string& path) {
  const int error = errno;
  const bool full = error == ENOSPC || error == EDQUOT || error == EFBIG;
  throw StorageError(full ? StorageProblem::full : StorageProblem::io,
                     "Cannot " + std::string(doing) + " " + path + ": " + std::strerror(error));
}

class Descriptor {
 public:
  Descriptor(const std::string& path, int flags)
      : path_(path), handle_(::open(path.c_str(), flags | O_CLOEXEC, S_IRUSR | S_IWUSR)) {
    if (handle_ < 0) fail("open", path);
  }
  ~Descriptor() { ::close(handle_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  std::size_t read(std::string& block) const {
    const ssize_t got = ::read(handle_, block.data(), block.size());
    if (got < 0) fail("read", path_);
    return static_cast<std::size_t>(got);
  }
  void write(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t put = ::write(handle_, bytes.data(), bytes.size());
      if (put < 0) fail("write", path_);
      bytes.remove_prefix(static_cast<std::size_t>(put));
    }
  }
  void flush() const {
    if (::fsync(handle_) != 0) fail("make durable", path_);
  }

 private:
  std::string path_;
  int handle_;
};

void each_block(const std::string& path, const std::function<void(std::string_view)>& each) {
  const Descriptor file(path, O_RDONLY);
  std::string block(block_size, '\0');
  while (const std::size_t size = file.read(block)) each({block.data(), size});
}

std::string text_of(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

/// -1 where there is no such number.
std::int64_t number_of(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_int64() ? value->get_int64() : -1;
}

/// A name and no path: a manifest from elsewhere reaches nothing outside its folder.
bool is_plain_name(std::string_view name) {
  return !name.empty() && name.front() != '.' && name.find('/') == std::string_view::npos &&
         name.find('\0') == std::string_view::npos;
}

bool read_files(const json::object& object, std::vector<BackupFile>& files) {
  const json::value* list = object.if_contains("files");
  if (list == nullptr || !list->is_array()) return false;
  for (const json::value& value : list->get_array()) {
    if (!value.is_object()) return false;
    const json::object& row = value.get_object();
    BackupFile file{text_of(row, "name"), number_of(row, "bytes"), text_of(row, "sha256")};
    if (!is_plain_name(file.name) || file.bytes < 0 || file.sha256.empty()) return false;
    files.push_back(std::move(file));
  }
  return true;
}

}  // namespace

std::string manifest_text(const BackupManifest& manifest) {
  std::string text = "{\n";
  const auto member = [&](std::string_view name, const auto& value) {
    text += "  \"" + std::string(name) + "\": " + json::serialize(json::value(value)) + ",\n";
  };
  member("format", manifest_format);
  member("program", manifest.program);
  member("engine", manifest.engine);
  member("migration", manifest.migration);
  member("database_id", manifest.database_id);
  member("checkpoint", manifest.checkpoint);
  member("checkpoint_digest", manifest.digest);
  member("checkpoint_at", base::to_string(manifest.checkpoint_at));
  member("made_at", base::to_string(manifest.made_at));
  text += "  \"files\": [";
  for (const BackupFile& file : manifest.files) {
    text += &file == manifest.files.data() ? "\n    " : ",\n    ";
    text += json::serialize(
        json::object{{"name", file.name}, {"bytes", file.bytes}, {"sha256", file.sha256}});
  }
  return text + "\n  ]\n}\n";
}

std::optional<BackupManifest> parse_manifest(std::string_view text) {
  json::error_code error;
  const json::value value = json::parse(text, error);
  if (error || !value.is_object()) return std::nullopt;
  const json::object& object = value.get_object();
  BackupManifest manifest;
  manifest.program = text_of(object, "program");
  manifest.engine = text_of(object, "engine");
  manifest.migration = number_of(object, "migration");
  manifest.database_id = text_of(object, "database_id");
  manifest.checkpoint = number_of(object, "checkpoint");
  manifest.digest = text_of(object, "checkpoint_digest");
  const auto at = base::parse_instant(text_of(object, "checkpoint_at"));
  const auto made = base::parse_instant(text_of(object, "made_at"));
  if (number_of(object, "format") != manifest_format || manifest.migration < 1 ||
      manifest.checkpoint < 1 || !at || !made || !read_files(object, manifest.files)) {
    return std::nullopt;
  }
  manifest.checkpoint_at = *at;
  manifest.made_at = *made;
  return manifest;
}

BackupFile describe_file(const std::string& folder, std::string_view name) {
  BackupFile found{std::string(name), 0, {}};
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  each_block(folder + '/' + found.name, [&](std::string_view block) {
    found.bytes += static_cast<std::int64_t>(block.size());
    crypto_hash_sha256_update(&state, reinterpret_cast<const std::uint8_t*>(block.data()),
                              block.size());
  });
  std::array<std::uint8_t, crypto_hash_sha256_BYTES> hash{};
  crypto_hash_sha256_final(&state, hash.data());
  found.sha256 = to_hex(hash);
  return found;
}

std::string read_whole_file(const std::string& path) {
  std::string text;
  each_block(path, [&](std::string_view block) { text += block; });
  return text;
}

void copy_file_durably(const std::string& from, const std::string& to) {
  const Descriptor copy(to, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW);
  try {
    each_block(from, [&](std::string_view block) { copy.write(block); });
    copy.flush();
  } catch (const StorageError&) {
    ::unlink(to.c_str());
    throw;
  }
}

void make_durable(const std::string& path) { Descriptor(path, O_RDONLY).flush(); }

std::string folder_of(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

bool publish_file(const std::string& from, const std::string& to) {
  // A link, unlike a rename, never replaces what is there.
  if (::link(from.c_str(), to.c_str()) != 0) {
    if (errno == EEXIST) return false;
    fail("make", to);
  }
  ::unlink(from.c_str());
  make_durable(folder_of(to));
  return true;
}

UnfinishedFolder::UnfinishedFolder(const std::string& target) : target_(target) {
  path_ = target_ + std::string(backup_names::unfinished);
  if (::mkdir(path_.c_str(), S_IRWXU) != 0 && errno != EEXIST) fail("make the folder", path_);
  handle_ = ::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  if (handle_ < 0) fail("open the folder", path_);
  struct stat own{};
  struct stat named{};
  // Another backup may have renamed it since.
  if (::flock(handle_, LOCK_EX | LOCK_NB) != 0 || ::fstat(handle_, &own) != 0 ||
      ::stat(path_.c_str(), &named) != 0 || own.st_ino != named.st_ino) {
    ::close(handle_);
    throw StorageError(StorageProblem::busy, "Another backup to " + target_ + " is under way");
  }
  ::fchmod(handle_, S_IRWXU);
  clear();
}

UnfinishedFolder::~UnfinishedFolder() {
  if (!finished_) {
    clear();
    ::rmdir(path_.c_str());
  }
  ::close(handle_);
}

/// The files of a backup only: whatever else lies there is not ours, and keeps the folder.
void UnfinishedFolder::clear() const noexcept {
  for (const std::string_view name :
       {backup_names::manifest, backup_names::checkpoint, backup_names::sqlite,
        backup_names::postgres, backup_names::keys}) {
    ::unlinkat(handle_, name.data(), 0);
  }
}

void UnfinishedFolder::put(std::string_view name, const std::string& text) const {
  const Descriptor out(file(name), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW);
  out.write(text);
  out.flush();
}

bool UnfinishedFolder::finish(const BackupManifest& manifest) {
  put(backup_names::manifest, manifest_text(manifest));
  make_durable(path_);
  // A folder is never put over one that holds anything.
  if (::rename(path_.c_str(), target_.c_str()) != 0) {
    if (errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR) return false;
    fail("make the folder", target_);
  }
  finished_ = true;
  make_durable(folder_of(target_));
  return true;
}

}  // namespace arrears::storage
