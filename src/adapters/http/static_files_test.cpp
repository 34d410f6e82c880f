#include "adapters/http/static_files.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

namespace arrears::http {
namespace {

const std::string script(5000, 'x');
const base::EmbeddedFile table[] = {
    {"index.html", "<!doctype html><title>Arrears</title>"},
    {"assets/app-4f2a.js", script},
    {"assets/app-4f2a.js.br", "brotli bytes"},
    {"favicon.ico", "icon"},
    {"api.css", script},
};

Response answer(std::string_view target,
                std::initializer_list<std::pair<const char*, const char*>> fields = {}) {
  static const StaticFiles files(table);
  Request request;
  EXPECT_TRUE(read_target(target, request)) << target;
  for (const auto& [name, value] : fields) request.headers.add(name, value);
  return files.answer(request);
}

std::string header(const Response& response, std::string_view name) {
  return std::string(response.headers.find(name).value_or(""));
}

std::string gunzip(std::string_view bytes) {
  std::string out(1 << 20, '\0');
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

TEST(StaticFiles, a_hashed_file_is_kept_for_ever_and_others_are_asked_for_again) {
  const Response hashed = answer("/assets/app-4f2a.js");
  EXPECT_EQ(hashed.status, 200);
  EXPECT_EQ(hashed.fixed_body, script);
  EXPECT_EQ(header(hashed, "Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(header(hashed, "Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(header(answer("/"), "Cache-Control"), "no-cache");
}

TEST(StaticFiles, the_smallest_coding_that_the_browser_takes_is_sent) {
  struct Case {
    std::string_view target;
    const char* accepts;
    std::string_view coding;
  } cases[] = {
      {"/assets/app-4f2a.js", "gzip, deflate, br", "br"},
      {"/assets/app-4f2a.js", "gzip", "gzip"},
      {"/assets/app-4f2a.js", "br;q=0, gzip;q=0.5", "gzip"},
      {"/assets/app-4f2a.js", "br;q=0.0, gzip; q=0", ""},
      {"/assets/app-4f2a.js", "identity", ""},
      {"/api.css", "gzip, br", "gzip"},
      {"/favicon.ico", "gzip, br", ""},
  };
  for (const Case& c : cases) {
    const Response response = answer(c.target, {{"Accept-Encoding", c.accepts}});
    EXPECT_EQ(header(response, "Content-Encoding"), c.coding) << c.target << " " << c.accepts;
    EXPECT_EQ(header(response, "Vary"), "Accept-Encoding");
    if (c.coding == "gzip") {
      EXPECT_EQ(gunzip(response.fixed_body), script);
    }
  }
}

TEST(StaticFiles, a_known_tag_gets_304_without_a_body) {
  const std::string tag = header(answer("/api.css"), "ETag");
  const std::string gzip_tag = header(answer("/api.css", {{"Accept-Encoding", "gzip"}}), "ETag");
  EXPECT_NE(tag, gzip_tag);
  for (const std::string& known : {tag, "W/" + tag, "\"other\", " + tag, std::string("*")}) {
    const Response response = answer("/api.css", {{"If-None-Match", known.c_str()}});
    EXPECT_EQ(response.status, 304) << known;
    EXPECT_EQ(response.fixed_body, "");
    EXPECT_EQ(header(response, "ETag"), tag);
  }
  EXPECT_EQ(answer("/api.css", {{"If-None-Match", gzip_tag.c_str()}}).status, 200);
}

TEST(StaticFiles, a_route_of_the_app_gets_the_index_and_a_missing_file_does_not) {
  for (const std::string_view target : {"/", "/customers", "/customers/A%2F7", "/index.html"})
    EXPECT_EQ(answer(target).fixed_body, table[0].content) << target;
  EXPECT_EQ(answer("/customers/A.7", {{"Accept", "text/html,*/*"}}).fixed_body, table[0].content);
  for (const std::string_view target : {"/missing.js", "/customers/A.7", "/assets/none",
                                        "/assets/app-4f2a.js.br", "/api/v1/none", "/api"})
    EXPECT_EQ(answer(target).status, 404) << target;
}

TEST(StaticFiles, nothing_outside_the_table_is_served) {
  for (const std::string_view target :
       {"/..%2f..%2fetc%2fpasswd.txt", "/assets%2Fapp-4f2a.js%2f..%2f..%2fx.txt",
        "/%5c..%5cwindows.ini", "//etc/passwd.txt", "/....//etc/passwd.txt"})
    EXPECT_EQ(answer(target).status, 404) << target;
}

TEST(StaticFiles, scripts_come_from_here_only_and_nobody_may_frame_it) {
  const std::string policy = header(answer("/"), "Content-Security-Policy");
  EXPECT_NE(policy.find("default-src 'self'"), std::string::npos);
  EXPECT_NE(policy.find("frame-ancestors 'none'"), std::string::npos);
  EXPECT_EQ(policy.find("unsafe"), std::string::npos);
}

}  // namespace
}  // namespace arrears::http
