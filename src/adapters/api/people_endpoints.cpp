#include <algorithm>

#include "adapters/api/endpoint.h"
#include "adapters/api/fields.h"
#include "app/people.h"

namespace arrears::api {

namespace {

using app::Right;
using http::Method;

/// Members of an enum by name; a wrong name is a refused field.
template <class E>
std::vector<E> read_names(Fields& fields, std::string_view field) {
  std::vector<std::string> texts;
  fields.texts(field, texts);
  std::vector<E> members;
  for (const std::string& text : texts) {
    const auto member = base::parse_name<E>(text);
    if (member) {
      members.push_back(*member);
    } else {
      fields.refuse(field, "unknown_value", "There is no " + text + ".");
    }
  }
  return members;
}

http::Response people(Exchange& exchange) {
  return exchange.page(app::person_list(exchange.facts()));
}

http::Response person(Exchange& exchange) {
  const auto found = taken(app::find_person(exchange.facts(), exchange.request.parameter("login")));
  return exchange.json(app::person_json(exchange.facts(), found));
}

http::Response add_person(Exchange& exchange) {
  app::NewPerson person;
  Fields fields(exchange.body());
  fields.need("login").text("login", person.login).text("name", person.name);
  person.roles = read_names<app::Role>(fields, "roles");
  fields.flag("all_entities", person.all_entities).texts("entities", person.entities);
  fields.texts("collectors", person.collectors).text("password", person.password);
  fields.finish();
  return exchange.json(taken(app::add_person(exchange.site.store, exchange.caller(), person)), 201);
}

http::Response change_person(Exchange& exchange) {
  app::PersonChange change;
  Fields fields(exchange.body());
  fields.text("name", change.name);
  if (exchange.body().contains("roles")) change.roles = read_names<app::Role>(fields, "roles");
  fields.flag("all_entities", change.all_entities).texts("entities", change.entities);
  fields.texts("collectors", change.collectors).flag("active", change.active);
  fields.finish();
  return exchange.json(taken(app::change_person(exchange.site.store, exchange.caller(),
                                                exchange.request.parameter("login"), change)));
}

http::Response set_password(Exchange& exchange) {
  std::string password;
  Fields fields(exchange.body());
  fields.need("password").text("password", password).finish();
  return exchange.json(taken(app::set_password(exchange.site.store, exchange.caller(),
                                               exchange.request.parameter("login"), password,
                                               std::nullopt, exchange.site.wall.now())));
}

http::Response remove_totp(Exchange& exchange) {
  return exchange.json(taken(app::remove_totp(exchange.site.store, exchange.caller(),
                                              exchange.request.parameter("login"))));
}

/// The own ones; those of everybody for whom people are to manage.
http::Response tokens(Exchange& exchange) {
  const bool all = exchange.scope().may(Right::manage_people) || exchange.scope().may(Right::audit);
  const std::string login = all ? std::string() : exchange.session().person.login;
  return exchange.page(app::token_list(exchange.facts(), login, exchange.now));
}

http::Response issue_token(Exchange& exchange) {
  if (exchange.session().api_token)
    stop(403, "session.token_not_enough", "Sign in by password for this.");
  app::NewToken token;
  token.login = exchange.session().person.login;
  Fields fields(exchange.body());
  fields.text("login", token.login).need("label").text("label", token.label);
  token.rights = read_names<Right>(fields, "rights");
  fields.texts("entities", token.entities).whole("days", token.days, 1, 366);
  fields.finish();
  if (token.login != exchange.session().person.login)
    taken(app::require(exchange.scope(), Right::manage_people));
  return exchange.json(taken(app::issue_token(exchange.site.store, exchange.caller(), token)), 201);
}

http::Response revoke_token(Exchange& exchange) {
  const std::string& id = exchange.request.parameter("token");
  if (!exchange.scope().may(Right::manage_people)) {
    const auto own =
        app::token_list(exchange.facts(), exchange.session().person.login, exchange.now);
    const bool is_own = std::ranges::any_of(own, [&](const boost::json::value& token) {
      return token.at("token_id").as_string() == id;
    });
    if (!is_own)
      taken<Json>(base::refuse(app::PeopleRefusal::token_unknown, "There is no token " + id));
  }
  return exchange.json(taken(app::revoke_token(exchange.site.store, exchange.caller(), id)));
}

http::Response substitutions(Exchange& exchange) {
  return exchange.page(taken(app::substitution_list(exchange.facts(), exchange.entity().code)));
}

http::Response substitute(Exchange& exchange) {
  app::NewSubstitution substitution;
  std::optional<Date> from;
  std::optional<Date> until;
  Fields fields(exchange.body());
  fields.need("collector").text("collector", substitution.collector);
  fields.need("substitute").text("substitute", substitution.substitute);
  fields.day("from", from).need("until").day("until", until);
  fields.finish();
  substitution.from = from.value_or(exchange.today());
  substitution.until = *until;
  return exchange.json(taken(app::substitute(exchange.site.store, exchange.caller(),
                                             exchange.entity().code, substitution)),
                       201);
}

http::Response end_substitution(Exchange& exchange) {
  std::optional<Date> on;
  Fields fields(exchange.body());
  fields.day("on", on).finish();
  return exchange.json(taken(app::end_substitution(
      exchange.site.store, exchange.caller(), exchange.entity().code,
      exchange.request.parameter("substitution"), on.value_or(exchange.today()))));
}

}  // namespace

Endpoints people_endpoints() {
  return {
      {Method::get, "/people", Right::manage_people, {"limit", "cursor"}, people},
      {Method::post, "/people", Right::manage_people, {}, add_person},
      {Method::get, "/people/{login}", Right::manage_people, {}, person},
      {Method::put, "/people/{login}", Right::manage_people, {}, change_person},
      {Method::post, "/people/{login}/password", Right::manage_people, {}, set_password},
      {Method::del, "/people/{login}/totp", Right::manage_people, {}, remove_totp},
      {Method::get, "/tokens", Right::read, {"limit", "cursor"}, tokens},
      {Method::post, "/tokens", Right::read, {}, issue_token},
      {Method::del, "/tokens/{token}", Right::read, {}, revoke_token},
      {Method::get,
       "/entities/{entity}/substitutions",
       Right::read,
       {"limit", "cursor"},
       substitutions},
      {Method::post, "/entities/{entity}/substitutions", Right::manage_books, {}, substitute},
      {Method::post,
       "/entities/{entity}/substitutions/{substitution}/ending",
       Right::manage_books,
       {},
       end_substitution},
  };
}

}  // namespace arrears::api
