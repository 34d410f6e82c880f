#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "adapters/http/request.h"
#include "adapters/http/response.h"
#include "base/embedded.h"

namespace arrears::http {

/// The web app, served from memory. There is no way from here to the file system.
///
/// Text is compressed with gzip once, at the start. Where the table has "x.br" or "x.gz" beside
/// "x", those bytes are taken instead, so a build may bring better ones. Files below "assets/" have
/// their hash in the name and are kept by browsers for ever; all others are asked for again, which
/// costs a 304. A path that is no file gets "index.html" if it has no extension or the browser
/// navigates (Accept: text/html), for the app has its own routes; below "api/" and "assets/" never.
class StaticFiles {
 public:
  /// The bytes of `files` outlive this; names are relative: "index.html", "assets/app-4f2a.js".
  explicit StaticFiles(std::span<const base::EmbeddedFile> files);

  /// For `Router::otherwise`. 404 where there is nothing.
  Response answer(const Request& request) const;

 private:
  struct File {
    std::string_view type;
    std::string_view plain;
    std::string_view gzip;  ///< empty: not smaller, or not text
    std::string_view brotli;
    std::string hash;
    bool immutable = false;
  };
  const File* find(const Request& request) const;

  std::map<std::string, File, std::less<>> files_;
  std::map<std::string, std::string> compressed_;  ///< what `File::gzip` points into
};

/// Whether the header Accept-Encoding lets us send `coding`: named, and not with q=0.
bool accepts(const Headers& headers, std::string_view coding);

}  // namespace arrears::http
