#include "adapters/http/static_files.h"

#include <sodium.h>
#include <zlib.h>

#include <array>
#include <utility>

#include "base/check.h"
#include "base/text.h"

namespace arrears::http {
namespace {

constexpr std::string_view content_security_policy =
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'";

struct Type {
  std::string_view ending;
  std::string_view name;
  bool is_text;
};
constexpr Type types[] = {
    {".html", "text/html; charset=utf-8", true},
    {".js", "text/javascript; charset=utf-8", true},
    {".css", "text/css; charset=utf-8", true},
    {".json", "application/json", true},
    {".yaml", "application/yaml", true},
    {".map", "application/json", true},
    {".webmanifest", "application/manifest+json", true},
    {".svg", "image/svg+xml", true},
    {".txt", "text/plain; charset=utf-8", true},
    {".wasm", "application/wasm", true},
    {".png", "image/png", false},
    {".ico", "image/x-icon", false},
    {".woff2", "font/woff2", false},
};
constexpr Type other_type = {"", "application/octet-stream", false};

const Type& type_of(std::string_view name) {
  for (const Type& type : types)
    if (name.ends_with(type.ending)) return type;
  return other_type;
}

std::string hash_of(std::string_view bytes) {
  std::array<unsigned char, 16> hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                     bytes.size(), nullptr, 0);
  std::array<char, 2 * hash.size() + 1> hex{};
  sodium_bin2hex(hex.data(), hex.size(), hash.data(), hash.size());
  return hex.data();
}

std::string gzip(std::string_view bytes) {
  constexpr int gzip_window = 15 + 16;  // the largest window, with gzip's header
  z_stream stream{};
  ARREARS_REQUIRE(deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, gzip_window, 9,
                               Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int outcome = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  ARREARS_REQUIRE(outcome == Z_STREAM_END);
  return out;
}

bool is_encoded_copy(std::string_view name) {
  return name.ends_with(".gz") || name.ends_with(".br");
}

/// If-None-Match compares weakly: a proxy may have put W/ before our tag (RFC 9110, 13.1.2).
bool lists_tag(std::string_view if_none_match, std::string_view tag) {
  for (std::string_view item : base::split(if_none_match, ',')) {
    item = base::trim(item);
    if (item.starts_with("W/")) item.remove_prefix(2);
    if (item == tag || item == "*") return true;
  }
  return false;
}

}  // namespace

bool accepts(const Headers& headers, std::string_view coding) {
  const auto value = headers.find("Accept-Encoding");
  if (!value) return false;
  for (std::string_view item : base::split(*value, ',')) {
    const std::vector<std::string_view> parts = base::split(item, ';');
    if (!same_text(base::trim(parts[0]), coding)) continue;
    if (parts.size() < 2) return true;
    const std::string_view weight = base::trim(parts[1]);
    return weight.find_first_of("123456789") != weight.npos;
  }
  return false;
}

StaticFiles::StaticFiles(std::span<const base::EmbeddedFile> files) {
  std::map<std::string_view, std::string_view> given;
  for (const base::EmbeddedFile& file : files) given.emplace(file.name, file.content);
  const auto beside = [&given](std::string_view name, std::string_view ending) {
    const auto found = given.find(std::string(name).append(ending));
    return found == given.end() ? std::string_view() : found->second;
  };
  for (const auto& [name, content] : given) {
    if (is_encoded_copy(name)) continue;
    const Type& type = type_of(name);
    File file;
    file.type = type.name;
    file.plain = content;
    file.brotli = beside(name, ".br");
    file.gzip = beside(name, ".gz");
    if (file.gzip.empty() && type.is_text) {
      std::string smaller = gzip(content);
      if (smaller.size() < content.size())
        file.gzip = compressed_[std::string(name)] = std::move(smaller);
    }
    file.hash = hash_of(content);
    file.immutable = name.starts_with("assets/");
    files_.emplace(name, std::move(file));
  }
}

const StaticFiles::File* StaticFiles::find(const Request& request) const {
  std::string name;
  for (const std::string& segment : request.segments) {
    if (!name.empty()) name += '/';
    name += segment;
  }
  if (const auto file = files_.find(name); file != files_.end()) return &file->second;
  if (!request.segments.empty()) {
    if (request.segments.front() == "api" || request.segments.front() == "assets") return nullptr;
    // A customer's number may have a stop in it: somebody who navigates gets the app all the same.
    const bool has_extension = request.segments.back().find('.') != std::string::npos;
    const bool navigates =
        request.headers.find("Accept").value_or("").find("text/html") != std::string_view::npos;
    if (has_extension && !navigates) return nullptr;
  }
  const auto index = files_.find("index.html");
  return index == files_.end() ? nullptr : &index->second;
}

Response StaticFiles::answer(const Request& request) const {
  const File* file = find(request);
  if (!file)
    return Response::problem(
        {.status = 404, .code = "not_found", .detail = "There is nothing at this address."});
  Response response;
  std::string_view coding;
  response.fixed_body = file->plain;
  if (!file->brotli.empty() && accepts(request.headers, "br")) {
    coding = "br";
    response.fixed_body = file->brotli;
  } else if (!file->gzip.empty() && accepts(request.headers, "gzip")) {
    coding = "gzip";
    response.fixed_body = file->gzip;
  }
  std::string tag = "\"" + file->hash;
  if (!coding.empty()) tag.append("-").append(coding);
  tag += '"';
  response.set("ETag", tag)
      .set("Cache-Control", file->immutable ? "public, max-age=31536000, immutable" : "no-cache")
      .set("Vary", "Accept-Encoding")
      .set("Content-Security-Policy", content_security_policy);
  const auto known = request.headers.find("If-None-Match");
  if (known && lists_tag(*known, tag)) {
    response.status = 304;
    response.fixed_body = {};
    return response;
  }
  response.set("Content-Type", file->type);
  if (!coding.empty()) response.set("Content-Encoding", coding);
  return response;
}

}  // namespace arrears::http
