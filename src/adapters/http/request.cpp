#include "adapters/http/request.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "base/check.h"
#include "base/text.h"

namespace arrears::http {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Percent-decoding; in a query a plus is a blank.
std::optional<std::string> decode(std::string_view text, bool plus_is_blank) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += plus_is_blank && text[i] == '+' ? ' ' : text[i];
    }
  }
  if (!base::is_clean_utf8(out)) return std::nullopt;
  return out;
}

bool read_query(std::string_view text, Parameters& query) {
  for (std::string_view pair : base::split(text, '&')) {
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    auto name = decode(pair.substr(0, equals), /*plus_is_blank=*/true);
    auto value = decode(equals == pair.npos ? std::string_view() : pair.substr(equals + 1),
                        /*plus_is_blank=*/true);
    if (!name || !value) return false;
    query.emplace_back(std::move(*name), std::move(*value));
  }
  return true;
}

}  // namespace

std::optional<std::string_view> find(const Parameters& parameters, std::string_view name) {
  for (const auto& [key, value] : parameters)
    if (key == name) return value;
  return std::nullopt;
}

BodyFile::BodyFile(const std::filesystem::path& folder) {
  std::string name = (folder / "upload-XXXXXX").string();
  file_ = ::mkostemp(name.data(), O_CLOEXEC);
  if (file_ < 0) throw std::system_error(errno, std::generic_category(), "upload file");
  path_ = name;
}

BodyFile::~BodyFile() {
  ::close(file_);
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

void BodyFile::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw std::system_error(errno, std::generic_category(), "upload file");
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

const std::string& Request::parameter(std::string_view name) const {
  for (const auto& [key, value] : route)
    if (key == name) return value;
  throw base::Mistake("the route has no parameter " + std::string(name));
}

std::optional<std::string_view> Request::cookie(std::string_view name) const {
  for (const auto& [field, value] : headers) {
    if (!same_text(field, "Cookie")) continue;
    for (std::string_view pair : base::split(value, ';')) {
      pair = base::trim(pair);
      const std::size_t equals = pair.find('=');
      if (equals != pair.npos && pair.substr(0, equals) == name) return pair.substr(equals + 1);
    }
  }
  return std::nullopt;
}

bool read_target(std::string_view target, Request& request) {
  for (std::string_view scheme : {"http://", "https://"}) {
    if (!target.starts_with(scheme)) continue;
    const std::size_t slash = target.find_first_of("/?", scheme.size());
    target = slash == target.npos ? std::string_view("/") : target.substr(slash);
    break;
  }
  if (target.empty() || target.front() != '/' || target.find('#') != target.npos) return false;
  const std::size_t mark = target.find('?');
  const std::string_view path = target.substr(0, mark);
  request.path = path;
  request.segments.clear();
  if (path != "/") {
    for (std::string_view part : base::split(path.substr(1), '/')) {
      auto segment = decode(part, /*plus_is_blank=*/false);
      if (!segment || *segment == "." || *segment == "..") return false;
      request.segments.push_back(std::move(*segment));
    }
  }
  request.query.clear();
  return mark == target.npos || read_query(target.substr(mark + 1), request.query);
}

}  // namespace arrears::http
