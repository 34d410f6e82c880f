#include "adapters/storage/image_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

namespace arrears::storage {

namespace {

class File {
 public:
  File(const std::string& path, int flags, mode_t mode)
      : handle_(::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, mode)) {}
  ~File() {
    if (handle_ >= 0) ::close(handle_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  explicit operator bool() const { return handle_ >= 0; }
  int handle() const { return handle_; }

 private:
  int handle_;
};

/// A mapped stretch of memory.
class Mapping {
 public:
  Mapping(int handle, std::size_t size, int protection, int flags)
      : address_(::mmap(nullptr, size, protection, flags, handle, 0)), size_(size) {}
  ~Mapping() {
    if (*this) ::munmap(address_, size_);
  }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  explicit operator bool() const { return address_ != MAP_FAILED; }
  std::span<std::byte> bytes() const { return {static_cast<std::byte*>(address_), size_}; }
  bool flush() const { return ::msync(address_, size_, MS_SYNC) == 0; }

 private:
  void* address_;
  std::size_t size_;
};

/// Whether the file is still the one of that name: another process may have renamed it.
bool is_named(const File& file, const std::string& path) {
  struct stat own{};
  struct stat named{};
  return ::fstat(file.handle(), &own) == 0 && ::stat(path.c_str(), &named) == 0 &&
         own.st_dev == named.st_dev && own.st_ino == named.st_ino;
}

bool flush_folder(const std::filesystem::path& path) {
  const File folder(path.empty() ? "." : path.string(), O_RDONLY | O_DIRECTORY, 0);
  return folder && ::fsync(folder.handle()) == 0;
}

}  // namespace

std::optional<app::PortfolioImageFile::Bytes> ImageFile::open() {
  const File file(path_, O_RDONLY, 0);
  struct stat status{};
  if (!file || ::fstat(file.handle(), &status) != 0) return std::nullopt;
  const bool own = status.st_uid == ::geteuid() && (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
  if (!own || !S_ISREG(status.st_mode)) return std::nullopt;
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size == 0) return Bytes{};
  auto mapping = std::make_shared<Mapping>(file.handle(), size, PROT_READ, MAP_PRIVATE);
  if (!*mapping) return std::nullopt;
  const auto bytes = mapping->bytes();
  ::madvise(bytes.data(), size, MADV_WILLNEED);
  return Bytes{bytes, std::move(mapping)};
}

bool ImageFile::write(std::size_t size, const std::function<void(std::span<std::byte>)>& fill) {
  const std::filesystem::path folder = std::filesystem::path(path_).parent_path();
  std::error_code ignored;
  if (!folder.empty()) std::filesystem::create_directories(folder, ignored);
  const std::string beside = path_ + ".new";
  const File file(beside, O_RDWR | O_CREAT, S_IRUSR | S_IWUSR);
  if (!file || ::flock(file.handle(), LOCK_EX | LOCK_NB) != 0 || !is_named(file, beside)) {
    return false;
  }
  const auto put = [&] {
    // Space that is not there shows here and not as a signal while the bytes are filled in.
    if (::ftruncate(file.handle(), 0) != 0 ||
        ::posix_fallocate(file.handle(), 0, static_cast<off_t>(size)) != 0) {
      return false;
    }
    const Mapping mapping(file.handle(), size, PROT_READ | PROT_WRITE, MAP_SHARED);
    if (!mapping) return false;
    fill(mapping.bytes());
    return mapping.flush() && ::fsync(file.handle()) == 0 &&
           ::fchmod(file.handle(), S_IRUSR | S_IWUSR) == 0 &&
           ::rename(beside.c_str(), path_.c_str()) == 0;
  };
  if (put()) return flush_folder(folder);
  ::unlink(beside.c_str());
  return false;
}

}  // namespace arrears::storage
