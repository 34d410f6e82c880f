#include "adapters/api/endpoint.h"
#include "adapters/api/fields.h"
#include "app/demo.h"
#include "app/people.h"

namespace arrears::api {

namespace {

using app::Right;
using http::Method;

constexpr std::string_view session_cookie = "arrears_session";
constexpr std::string_view device_cookie = "arrears_device";
constexpr std::chrono::seconds device_age = std::chrono::days(366);

template <class List, class Name>
boost::json::array names(const List& list, Name name) {
  boost::json::array array;
  for (const auto& one : list) array.emplace_back(name(one));
  return array;
}

/// What the app needs to know of whom it serves.
Json session_json(Exchange& exchange, const app::Session& session) {
  Site& site = exchange.site;
  app::ScopedFacts facts(site.store, std::nullopt, session.scope, exchange.now);
  boost::json::array entities;
  for (const parties::Entity& entity : facts.entities()) {
    const app::Visibility* visible = facts.visibility(entity.id);
    entities.push_back(
        Json{{"entity", entity.code},
             {"name", entity.name},
             {"currency", entity.base_currency.code()},
             {"time_zone", entity.time_zone},
             {"today", to_string(calendar::local_time(entity.time_zone, exchange.now).day)},
             {"all_books", visible->sees_everything()},
             {"collectors", names(visible->collectors(), [](const auto& name) { return name; })}});
  }
  boost::json::array rights;
  for (std::size_t i = 0; i < base::name_count<Right>; ++i)
    if (session.scope.may(static_cast<Right>(i))) rights.emplace_back(base::Names<Right>::all[i]);
  const Json person = app::person_json(facts.whole(), session.person);
  return {{"login", session.person.login},
          {"name", session.person.name},
          {"roles", names(session.person.roles, [](app::Role role) { return base::name(role); })},
          {"rights", std::move(rights)},
          {"entities", std::move(entities)},
          {"totp", person.at("totp")},
          {"csrf_token", session.csrf},
          {"expires_at", to_string(session.expires_at)},
          {"rehearsal", site.store.is_rehearsal()},
          {"now", to_string(exchange.now)},
          {"version", site.version}};
}

void set_cookie(http::Response& response, const Exchange& exchange, std::string_view name,
                const std::string& value, std::optional<std::chrono::seconds> age) {
  response.set_cookie({.name = std::string(name),
                       .value = value,
                       .max_age = age,
                       .same_site = http::SameSite::strict,
                       .secure = exchange.request.secure});
}

http::Response sign_in(Exchange& exchange) {
  app::SignIn attempt;
  Fields fields(exchange.body());
  fields.need("login").text("login", attempt.login);
  fields.need("password").text("password", attempt.password);
  fields.text("totp_code", attempt.totp_code);
  fields.finish();
  attempt.address = exchange.request.peer;
  attempt.device = exchange.request.cookie(device_cookie).value_or("");
  const base::Instant wall = exchange.site.wall.now();
  auto signed_in = app::sign_in(exchange.site.store, attempt, wall);
  if (!signed_in) {
    throw Stop(problem_of(signed_in.error().refusal), signed_in.error().retry_after_seconds);
  }
  const auto session = app::find_session(exchange.site.store, signed_in->token, wall);
  ARREARS_REQUIRE(session.has_value());
  http::Response response =
      http::Response::json(boost::json::serialize(session_json(exchange, *session)), 201);
  set_cookie(response, exchange, session_cookie, signed_in->token, {});
  set_cookie(response, exchange, device_cookie, signed_in->device, device_age);
  return response;
}

http::Response session(Exchange& exchange) {
  return exchange.json(session_json(exchange, exchange.session()));
}

http::Response sign_out(Exchange& exchange) {
  if (const auto token = exchange.request.cookie(session_cookie))
    app::sign_out(exchange.site.store, *token, exchange.site.wall.now());
  http::Response response = http::Response::no_content();
  set_cookie(response, exchange, session_cookie, "", std::chrono::seconds(0));
  return response;
}

/// For the caller's own password and authenticator, which a token has nothing to do with.
const std::string& own_login(const Exchange& exchange) {
  if (exchange.session().api_token)
    stop(403, "session.token_not_enough", "Sign in by password for this.");
  return exchange.session().person.login;
}

http::Response change_password(Exchange& exchange) {
  std::string current;
  std::string password;
  Fields fields(exchange.body());
  fields.need("current").text("current", current).need("password").text("password", password);
  fields.finish();
  return exchange.json(
      taken(app::set_password(exchange.site.store, exchange.caller(), own_login(exchange), password,
                              current, exchange.site.wall.now())));
}

http::Response begin_totp(Exchange& exchange) {
  return exchange.json(
      taken(app::begin_totp(exchange.site.store, exchange.caller(), own_login(exchange))), 201);
}

http::Response confirm_totp(Exchange& exchange) {
  std::string code;
  Fields fields(exchange.body());
  fields.need("code").text("code", code).finish();
  return exchange.json(
      taken(app::confirm_totp(exchange.site.store, exchange.caller(), own_login(exchange), code,
                              exchange.site.wall.now())));
}

http::Response remove_totp(Exchange& exchange) {
  return exchange.json(
      taken(app::remove_totp(exchange.site.store, exchange.caller(), own_login(exchange))));
}

http::Response set_up_state(Exchange& exchange) {
  const auto facts = exchange.site.store.read({});
  return exchange.json(Json{{"needed", app::people_needed(*facts)},
                            {"demo_offered", exchange.site.make_demo != nullptr},
                            {"rehearsal", exchange.site.store.is_rehearsal()}});
}

http::Response set_up(Exchange& exchange) {
  std::string login;
  std::string name;
  std::string password;
  bool demo = false;
  Fields fields(exchange.body());
  fields.need("login").text("login", login).text("name", name);
  fields.need("password").text("password", password).flag("demo", demo);
  if (demo && !exchange.site.make_demo)
    fields.refuse("demo", "not_offered", "This database is not for the demonstration company.");
  fields.finish();
  app::Caller caller{login, "set-up", exchange.now, std::nullopt};
  Json person = taken(app::set_up(exchange.site.store, caller, login, name, password));
  if (demo) exchange.site.make_demo();
  return exchange.json(person, 201);
}

}  // namespace

Endpoints session_endpoints() {
  return {
      {Method::get, "/setup", {}, {}, set_up_state},
      {Method::post, "/setup", {}, {}, set_up},
      {Method::post, "/session", {}, {}, sign_in},
      {Method::get, "/session", Right::read, {}, session},
      {Method::del, "/session", Right::read, {}, sign_out},
      {Method::post, "/session/password", Right::read, {}, change_password},
      {Method::post, "/session/totp", Right::read, {}, begin_totp},
      {Method::post, "/session/totp/confirmation", Right::read, {}, confirm_totp},
      {Method::del, "/session/totp", Right::read, {}, remove_totp},
  };
}

}  // namespace arrears::api
