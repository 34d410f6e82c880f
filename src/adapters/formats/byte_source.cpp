#include "adapters/formats/byte_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace arrears::formats {

namespace {
[[noreturn]] void fail(const std::string& what, const std::string& path) {
  throw std::system_error(errno, std::generic_category(), what + " " + path);
}

class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(std::string_view bytes) : bytes_(bytes) {}
  explicit MemorySource(std::string owned) : owned_(std::move(owned)), bytes_(owned_) {}
  MemorySource(const MemorySource&) = delete;
  MemorySource& operator=(const MemorySource&) = delete;

  std::size_t read(char* to, std::size_t size) override {
    const std::size_t count = std::min(size, bytes_.size() - at_);
    if (count > 0) std::memcpy(to, bytes_.data() + at_, count);
    at_ += count;
    return count;
  }
  void rewind() override { at_ = 0; }

 private:
  std::string owned_;
  std::string_view bytes_;
  std::size_t at_ = 0;
};

class FileSource final : public ByteSource {
 public:
  explicit FileSource(const std::string& path) : path_(path) {
    file_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file_ < 0) fail("cannot open", path_);
  }
  ~FileSource() override { ::close(file_); }
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;

  std::size_t read(char* to, std::size_t size) override {
    for (;;) {
      const ssize_t count = ::read(file_, to, size);
      if (count >= 0) return static_cast<std::size_t>(count);
      if (errno != EINTR) fail("cannot read", path_);
    }
  }
  void rewind() override {
    if (::lseek(file_, 0, SEEK_SET) < 0) fail("cannot read again", path_);
  }
  bool is_regular() const {
    struct stat status{};
    if (::fstat(file_, &status) != 0) fail("cannot look at", path_);
    return S_ISREG(status.st_mode);
  }

 private:
  std::string path_;
  int file_ = -1;
};
}  // namespace

std::unique_ptr<ByteSource> open_file(const std::string& path) {
  auto file = std::make_unique<FileSource>(path);
  if (file->is_regular()) return file;
  std::string all;
  std::string block(1 << 16, '\0');
  while (const std::size_t count = file->read(block.data(), block.size())) {
    all.append(block, 0, count);
  }
  return std::make_unique<MemorySource>(std::move(all));
}

std::unique_ptr<ByteSource> from_memory(std::string_view bytes) {
  return std::make_unique<MemorySource>(bytes);
}

}  // namespace arrears::formats
