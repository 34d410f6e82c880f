#include "adapters/api/endpoint.h"
#include "adapters/api/fields.h"
#include "app/import_desk.h"

namespace arrears::api {

namespace {

using app::Right;
using http::Method;

constexpr std::int64_t upload_bytes_max = std::int64_t{2} << 30;

http::Response upload(Exchange& exchange) {
  app::ImportRequest request;
  request.entity = exchange.entity().code;
  const auto kind = base::parse_name<app::ImportKind>(exchange.text("kind"));
  if (!kind) {
    stop(400, "request.query_invalid",
         "`kind` is one of customers, contacts, invoices, payments, allocations, open-items and "
         "rates.");
  }
  request.kind = *kind;
  request.file_name = exchange.text("file_name");
  if (request.file_name.empty()) request.file_name = exchange.text("kind") + ".csv";
  if (!exchange.request.body_file) stop(400, "request.body_missing", "Send the file as the body.");
  const auto& file = exchange.request.body_file;
  return exchange.json(taken(exchange.site.imports.take(exchange.scope().person, std::move(request),
                                                        {file->path().string(), file})),
                       201);
}

app::ImportRequest read_request(Exchange& exchange) {
  app::ImportRequest request;
  app::ImportOptions& options = request.options;
  Fields fields(exchange.body());
  fields.text("currency", options.currency).text("dates", options.dates);
  fields.text("decimal", options.decimals).text("delimiter", options.delimiter);
  fields.text("encoding", options.encoding).flag("strict", options.strict);
  fields.objects("mapping", [&](Fields& inner) {
    auto& [field, column] = options.mapping.emplace_back();
    inner.need("field").text("field", field).need("column").text("column", column);
  });
  fields.texts("control_totals", request.control_totals).day("as_of", request.as_of);
  fields.whole("shrink_limit_percent", request.shrink_limit_percent, 0, 100);
  fields.finish();
  return request;
}

http::Response begin(Exchange& exchange, bool dry_run) {
  app::ImportRequest request = read_request(exchange);
  request.dry_run = dry_run;
  if (!request.as_of) request.as_of = exchange.today();
  return exchange.json(
      taken(exchange.site.imports.begin(exchange.caller(), exchange.entity().code,
                                        exchange.request.parameter("import"), request)),
      202);
}

http::Response dry_run(Exchange& exchange) { return begin(exchange, true); }
http::Response publish(Exchange& exchange) { return begin(exchange, false); }

http::Response state(Exchange& exchange) {
  return exchange.json(taken(exchange.site.imports.state(
      exchange.scope().person, exchange.entity().code, exchange.request.parameter("import"))));
}

http::Response forget(Exchange& exchange) {
  return exchange.json(taken(exchange.site.imports.forget(
      exchange.scope().person, exchange.entity().code, exchange.request.parameter("import"))));
}

}  // namespace

Endpoints import_endpoints() {
  return {
      {Method::post,
       "/entities/{entity}/imports",
       Right::import_files,
       {"kind", "file_name"},
       upload,
       {.max_body_bytes = upload_bytes_max, .to_file = true}},
      {Method::get, "/entities/{entity}/imports/{import}", Right::import_files, {}, state},
      {Method::post,
       "/entities/{entity}/imports/{import}/dry-run",
       Right::import_files,
       {},
       dry_run},
      {Method::post,
       "/entities/{entity}/imports/{import}/publication",
       Right::import_files,
       {},
       publish},
      {Method::del, "/entities/{entity}/imports/{import}", Right::import_files, {}, forget},
  };
}

}  // namespace arrears::api
