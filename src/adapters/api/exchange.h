#pragma once

#include <boost/json.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/api/problems.h"
#include "adapters/api/site.h"
#include "adapters/http/request.h"
#include "app/command.h"
#include "app/scoped_facts.h"
#include "app/sessions.h"

/// One request of a signed-in caller on its way to its answer.
namespace arrears::api {

using app::Json;
using Rows = boost::json::array;
using calendar::Date;

class Exchange {
 public:
  Exchange(const http::Request& asked, Site& of, std::optional<app::Session> session)
      : request(asked), site(of), now(of.clock.now()), session_(std::move(session)) {}

  const http::Request& request;
  Site& site;
  const base::Instant now;  ///< by the business clock

  /// The caller. Only an open endpoint may have none, which is a mistake of ours then.
  const app::Session& session() const;
  bool is_signed_in() const { return session_.has_value(); }
  const app::Scope& scope() const { return session().scope; }

  // Questions.

  /// The facts that the caller may see, as known at ?known_at.
  app::ScopedFacts& facts();
  /// The instant of ?known_at; nothing without one.
  app::KnownAt known_at() const;
  /// The entity {entity}, or 404.
  const parties::Entity& entity();
  const app::Visibility& visibility();
  /// The customer {customer} as given, or 404.
  const std::string& customer();
  /// The entity's local day of now.
  Date today() { return calendar::local_time(entity().time_zone, now).day; }
  /// ?as_of, else today.
  Date as_of() { return day("as_of").value_or(today()); }
  /// Calls `question(facts, portfolio)`, in line with each other.
  template <class Question>
  auto ask_portfolio(Question&& question) {
    return site.desk.ask(known_at(), [&](app::Facts& all, app::LivePortfolio& portfolio) {
      const auto present = known_at() ? site.store.read({}) : nullptr;
      app::ScopedFacts facts(all, present ? *present : all, scope(), now);
      return question(facts, portfolio);
    });
  }

  /// A query parameter; empty without one.
  std::string text(std::string_view name) const;
  std::optional<Date> day(std::string_view name) const;
  bool flag(std::string_view name) const;
  /// ?limit, 1 to 500, else 50.
  std::size_t limit() const;
  bool wants_csv() const;

  // Commands.

  /// The body, a JSON object.
  const Json& body();
  /// Who does it, with the request's Idempotency-Key; 428 where a POST has none.
  app::Caller caller() const;

  // Answers.

  /// With an ETag, or 304 where the client has it already.
  http::Response json(const boost::json::value& value, int status = 200) const;
  /// A page of the rows as `{items, next}`, or all of them as CSV.
  http::Response page(Rows rows) const;
  http::Response csv(const Rows& rows) const;

 private:
  std::optional<app::Session> session_;
  std::unique_ptr<app::ScopedFacts> facts_;
  std::optional<parties::Entity> entity_;
  std::optional<Json> body_;
  std::string customer_;
};

}  // namespace arrears::api
