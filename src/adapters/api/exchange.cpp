#include "adapters/api/exchange.h"

#include <sodium.h>

#include "adapters/api/csv.h"
#include "base/text.h"

namespace arrears::api {

namespace {

constexpr std::size_t default_limit = 50;
constexpr std::int64_t limit_max = 500;
constexpr std::size_t key_length_max = 200;

/// A strong entity tag: the same bytes, the same tag.
std::string etag_of(std::string_view bytes) {
  std::array<unsigned char, 16> hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                     bytes.size(), nullptr, 0);
  constexpr std::string_view digits = "0123456789abcdef";
  std::string tag = "\"";
  for (const unsigned char byte : hash) {
    tag += digits[byte >> 4];
    tag += digits[byte & 15];
  }
  return tag + '"';
}

bool names_tag(std::string_view if_none_match, std::string_view tag) {
  for (std::string_view one : base::split(if_none_match, ',')) {
    one = base::trim(one);
    if (one.starts_with("W/")) one.remove_prefix(2);
    if (one == tag || one == "*") return true;
  }
  return false;
}

[[noreturn]] void bad_query(std::string_view name, std::string_view detail) {
  throw Stop({.status = 400,
              .code = "request.query_invalid",
              .title = {},
              .detail = "A query parameter is not right; see `errors`.",
              .errors = {{std::string(name), "invalid", std::string(detail)}}});
}

}  // namespace

const app::Session& Exchange::session() const {
  ARREARS_REQUIRE(session_.has_value());
  return *session_;
}

app::KnownAt Exchange::known_at() const {
  const std::string given = text("known_at");
  if (given.empty()) return {};
  const auto instant = base::parse_instant(given);
  if (!instant) bad_query("known_at", "Write an instant such as 2026-06-01T14:05:00Z.");
  return taken(app::check_known_at(*instant, now));
}

app::ScopedFacts& Exchange::facts() {
  if (!facts_) facts_ = std::make_unique<app::ScopedFacts>(site.store, known_at(), scope(), now);
  return *facts_;
}

const parties::Entity& Exchange::entity() {
  if (!entity_) entity_ = taken(app::find_entity(facts(), request.parameter("entity")));
  return *entity_;
}

const app::Visibility& Exchange::visibility() {
  const app::Visibility* visible = facts().visibility(entity().id);
  ARREARS_REQUIRE(visible);
  return *visible;
}

const std::string& Exchange::customer() {
  const std::string& number = request.parameter("customer");
  taken(app::find_customer(facts(), entity(), number));
  return number;
}

std::string Exchange::text(std::string_view name) const {
  return std::string(http::find(request.query, name).value_or(""));
}

std::optional<Date> Exchange::day(std::string_view name) const {
  const auto given = http::find(request.query, name);
  if (!given) return {};
  const auto day = calendar::parse_date(*given);
  if (!day) bad_query(name, "Write a day such as 2026-06-01.");
  return day;
}

bool Exchange::flag(std::string_view name) const {
  const auto given = http::find(request.query, name);
  if (!given || *given == "false") return false;
  if (*given != "true") bad_query(name, "Write true or false.");
  return true;
}

std::size_t Exchange::limit() const {
  const auto given = http::find(request.query, "limit");
  if (!given) return default_limit;
  const auto limit = base::parse_int(*given);
  if (!limit || *limit < 1 || *limit > limit_max) bad_query("limit", "Use 1 to 500.");
  return static_cast<std::size_t>(*limit);
}

bool Exchange::wants_csv() const {
  return request.headers.find("Accept").value_or("").starts_with("text/csv");
}

const Json& Exchange::body() {
  if (body_) return *body_;
  const std::string_view type = request.headers.find("Content-Type").value_or("");
  if (!http::same_text(base::trim(type.substr(0, type.find(';'))), "application/json"))
    stop(415, "request.not_json", "Send the body as application/json.");
  boost::json::error_code error;
  boost::json::parse_options options;
  options.max_depth = 16;
  boost::json::value value = boost::json::parse(request.body, error, {}, options);
  if (error || !value.is_object())
    stop(400, "request.not_json", "The body is to be one JSON object.");
  body_ = std::move(value.get_object());
  return *body_;
}

app::Caller Exchange::caller() const {
  std::string key(request.headers.find("Idempotency-Key").value_or(""));
  if (key.empty() && request.method == http::Method::post) {
    stop(428, "request.idempotency_key_missing",
         "Send an Idempotency-Key of your own; repeat it where you repeat the request.");
  }
  if (key.size() > key_length_max || !base::is_clean_utf8(key))
    stop(400, "request.idempotency_key_invalid", "Use at most 200 bytes for Idempotency-Key.");
  if (key.empty()) key = request.id;
  return {scope().person, std::move(key), now, std::nullopt};
}

http::Response Exchange::json(const boost::json::value& value, int status) const {
  std::string bytes = boost::json::serialize(value);
  if (request.method != http::Method::get && request.method != http::Method::head)
    return http::Response::json(std::move(bytes), status);
  const std::string tag = etag_of(bytes);
  if (names_tag(request.headers.find("If-None-Match").value_or(""), tag)) {
    http::Response not_modified = http::Response::no_content();
    not_modified.status = 304;
    not_modified.set("ETag", tag);
    return not_modified;
  }
  http::Response response = http::Response::json(std::move(bytes), status);
  response.set("ETag", tag);
  return response;
}

http::Response Exchange::page(Rows rows) const {
  if (wants_csv()) return csv(rows);
  const std::string cursor = text("cursor");
  const auto first = cursor.empty() ? std::optional<std::int64_t>(0) : base::parse_int(cursor);
  if (!first || *first < 0) bad_query("cursor", "Send back `next` of the page before.");
  const auto begin = std::min(rows.size(), static_cast<std::size_t>(*first));
  const auto end = std::min(rows.size(), begin + limit());
  Rows items;
  items.reserve(end - begin);
  for (std::size_t i = begin; i < end; ++i) items.push_back(std::move(rows[i]));
  boost::json::value next;
  if (end < rows.size()) next = std::to_string(end);
  return json(Json{{"items", std::move(items)}, {"next", std::move(next)}});
}

http::Response Exchange::csv(const Rows& rows) const {
  http::Response response = http::Response::text(csv_text(rows));
  response.set("Content-Type", "text/csv; charset=utf-8");
  response.set("Content-Disposition", "attachment");
  return response;
}

}  // namespace arrears::api
