#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/http/headers.h"
#include "base/names.h"

namespace arrears::http {

enum class Method : unsigned char { get, head, post, put, patch, del, options };

/// Names with values, in their order: the query, or the parameters of a route's pattern.
using Parameters = std::vector<std::pair<std::string, std::string>>;

/// The first value of that name.
std::optional<std::string_view> find(const Parameters& parameters, std::string_view name);

/// A body that was too large for memory. The file goes when the last owner lets go of it.
class BodyFile {
 public:
  /// A new, empty file that only this user may read. Throws std::system_error.
  explicit BodyFile(const std::filesystem::path& folder);
  ~BodyFile();
  BodyFile(const BodyFile&) = delete;
  BodyFile& operator=(const BodyFile&) = delete;

  const std::filesystem::path& path() const { return path_; }
  /// Throws std::system_error, for example when the disk is full.
  void append(std::string_view bytes);

 private:
  std::filesystem::path path_;
  int file_ = -1;
};

/// What a handler gets: a whole request, checked and decoded.
struct Request {
  Method method = Method::get;
  std::string path;                   ///< as sent, without the query
  std::vector<std::string> segments;  ///< decoded; "/customers/A%2F7" is {"customers", "A/7"}
  Parameters query;                   ///< decoded; "?status=open&status=due" has two
  Parameters route;                   ///< the values of the pattern's {names}
  Headers headers;
  std::string body;                     ///< empty where the route takes a file
  std::shared_ptr<BodyFile> body_file;  ///< where the route has `to_file`
  std::string peer;                     ///< the client's address, also behind a trusted proxy
  bool secure = false;                  ///< came by TLS, here or up to a trusted proxy
  std::string id;                       ///< for logs and problem details; letters, digits, - _
  std::chrono::steady_clock::time_point deadline;  ///< nobody waits for an answer after it

  /// The value of a {name} of the route's pattern. Another name throws `base::Mistake`.
  const std::string& parameter(std::string_view name) const;
  /// The first cookie of that name.
  std::optional<std::string_view> cookie(std::string_view name) const;
};

/// Reads a request target ("/a/b?c=d", or with "http://host" before it) into path, segments and
/// query. False for a bad escape, text that is not clean UTF-8, and `.` or `..` segments.
bool read_target(std::string_view target, Request& request);

}  // namespace arrears::http

ARREARS_NAMES(http, Method, "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
