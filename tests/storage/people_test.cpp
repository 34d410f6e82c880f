#include "app/people.h"

#include "app/guess_limit.h"
#include "app/scope.h"
#include "app/secrets.h"
#include "app/sessions.h"
#include "app/site.h"
#include "store_fixture.h"

namespace arrears::storage {
namespace {

using app::Json;
using app::Role;

constexpr std::string_view good_password = "six slow horses graze";
constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t minute = 60 * second;
constexpr std::int64_t hour = 60 * minute;

/// A site with an entity and one person, anna.
class People : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    if (IsSkipped()) return;
    ASSERT_TRUE(
        app::add_entity(*store_, caller(), {"E", "Example", "USD", "America/New_York", "US", 0}));
    add("anna", {Role::collector});
  }

  app::Caller caller(std::string actor = "root") {
    return {std::move(actor), "key-" + std::to_string(++keys_), tick(), std::nullopt};
  }
  base::Instant later(std::int64_t micros) {
    clock_.set({clock_.now().micros + micros});
    return clock_.now();
  }

  void add(const std::string& login, std::vector<Role> roles) {
    app::NewPerson person;
    person.login = login;
    person.name = "Name of " + login;
    person.roles = std::move(roles);
    person.entities = {"E"};
    person.password = good_password;
    const auto added = app::add_person(*store_, caller(), person);
    ASSERT_TRUE(added) << added.error().message;
  }

  std::string refusal_of(const base::Result<app::SignedIn, app::SignInDenial>& result) {
    return result ? "" : result.error().refusal.code;
  }
  base::Result<app::SignedIn, app::SignInDenial> sign_in(const std::string& login,
                                                         std::string_view password,
                                                         const std::string& code = {},
                                                         const std::string& address = "192.0.2.1",
                                                         const std::string& device = {}) {
    return app::sign_in(*store_, {login, std::string(password), code, address, device},
                        clock_.now());
  }
  /// A guess as far as it is counted, without the time that a password takes; answers the wait.
  int guess(const std::string& login, const std::string& address) {
    return app::GuessLimit(*store_, {login, app::network_of(address), {}})
        .reserve(*store_, clock_.now());
  }
  std::string token_of(const std::string& login) {
    return sign_in(login, good_password).value().token;
  }
  bool is_open(const std::string& token) {
    return app::find_session(*store_, token, clock_.now()).has_value();
  }

  /// Everything that stands in the tables of the database, as bytes.
  bool is_anywhere(const std::string& text) {
    for (const std::string& table : connection_->table_names()) {
      for (const TableColumn& column : connection_->columns(table)) {
        if (column.type == Value::Kind::integer) continue;
        Query rows = connection_->query("SELECT " + column.name + " FROM " + table + " -- wide");
        while (rows.next()) {
          const ByteView bytes = column.type == Value::Kind::blob ? rows.blob_at(0) : ByteView{};
          const std::string blob(bytes.begin(), bytes.end());
          const std::string found =
              column.type == Value::Kind::blob ? blob : std::string(rows.text_at(0));
          if (found.find(text) != std::string::npos) return true;
        }
      }
    }
    return false;
  }

  bool verifies() {
    const Verification found = store_->verify(std::nullopt, {});
    return found.passed();
  }

  /// Enrols anna's authenticator and answers its secret, raw.
  std::string enrol() {
    EXPECT_TRUE(app::begin_totp(*store_, caller(), "anna"));
    const auto facts = store_->read({});
    const auto person = app::find_person(*facts, "anna").value();
    const std::string secret = facts->access().credential(person.id)->totp_secret;
    const auto now = clock_.now();
    EXPECT_TRUE(app::confirm_totp(*store_, caller(), "anna",
                                  app::totp_code(secret, app::totp_step(now)), now));
    return secret;
  }

 private:
  int keys_ = 0;
};

ARREARS_ON_EVERY_ENGINE(People);

TEST_P(People, are_facts_with_versions) {
  tick();
  store_->checkpoint();
  const auto then = clock_.now();
  app::PersonChange change;
  change.roles = std::vector{Role::manager, Role::collector};
  change.collectors = std::vector<std::string>{"Anna A."};
  change.name = "Anna Ames";
  ASSERT_TRUE(app::change_person(*store_, caller(), "ANNA", change));
  const auto person = app::find_person(*store_->read({}), "Anna").value();
  EXPECT_EQ(person.login, "anna");
  EXPECT_EQ(person.name, "Anna Ames");
  EXPECT_EQ(person.roles, (std::vector{Role::collector, Role::manager}));
  EXPECT_EQ(person.collectors, std::vector<std::string>{"Anna A."});
  EXPECT_EQ(person.entities, std::vector<std::string>{"E"});
  const auto before = app::find_person(*store_->read(then), "anna").value();
  EXPECT_EQ(before.roles, std::vector{Role::collector});
  EXPECT_TRUE(verifies());
}

TEST_P(People, nobody_is_there_until_the_site_is_set_up_once) {
  EXPECT_FALSE(app::people_needed(*store_->read({})));
  const auto again = app::set_up(*store_, caller(), "boss", "Boss", good_password);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, "set_up_done");
}

TEST_P(People, the_first_is_an_admin_of_everything) {
  folder_ += "/second";
  std::filesystem::create_directory(folder_);
  url_ = on_postgres() ? PostgresServer::get().make_database() : "sqlite:" + file();
  store_ = open_store();
  EXPECT_TRUE(app::people_needed(*store_->read({})));
  const auto short_one = app::set_up(*store_, caller(), "boss", "Boss", "");
  ASSERT_FALSE(short_one);
  EXPECT_EQ(short_one.error().code, "password_too_short");
  ASSERT_TRUE(app::set_up(*store_, caller(), "boss", "Boss", good_password));
  const auto session = app::find_session(*store_, token_of("boss"), clock_.now());
  ASSERT_TRUE(session);
  EXPECT_TRUE(session->scope.may(app::Right::manage_people));
  EXPECT_TRUE(session->scope.sees_entity("anything"));
  std::filesystem::remove_all(folder_);
  folder_ = std::filesystem::path(folder_).parent_path();
}

TEST_P(People, the_only_admin_stays_one) {
  app::NewPerson boss;
  boss.login = "boss";
  boss.roles = {Role::admin};
  boss.all_entities = true;
  ASSERT_TRUE(app::add_person(*store_, caller(), boss));
  app::PersonChange change;
  change.active = false;
  EXPECT_EQ(app::change_person(*store_, caller(), "boss", change).error().code, "last_admin");
  boss.login = "vice";
  ASSERT_TRUE(app::add_person(*store_, caller(), boss));
  EXPECT_TRUE(app::change_person(*store_, caller(), "boss", change));
}

TEST_P(People, no_secret_stands_anywhere_in_the_database) {
  const std::string token = token_of("anna");
  const auto issued =
      app::issue_token(*store_, caller(), {"anna", "ERP", {app::Right::read}, {}, 9});
  const std::string secret = enrol();
  const auto with_code =
      sign_in("anna", good_password, app::totp_code(secret, app::totp_step(clock_.now()) + 1));
  ASSERT_TRUE(with_code) << refusal_of(with_code);
  ASSERT_TRUE(app::set_password(*store_, caller(), "anna", "five fast foxes fled", std::nullopt,
                                clock_.now()));
  for (const std::string& text :
       {token, std::string(good_password), std::string("five fast foxes"), secret,
        app::base32(secret), std::string(issued->at("token").as_string()), with_code->token,
        std::string("Name of anna")})
    EXPECT_FALSE(is_anywhere(text)) << text;
  EXPECT_TRUE(is_anywhere("anna"));
  EXPECT_TRUE(verifies());
}

TEST_P(People, a_name_that_was_erased_reads_as_none_and_the_journal_still_verifies) {
  const auto person = app::find_person(*store_->read({}), "anna").value();
  EXPECT_EQ(person.name, "Name of anna");
  store_->erase_personal_text(parties::PartyId{person.id.value});
  EXPECT_EQ(app::find_person(*store_->read({}), "anna")->name, "");
  EXPECT_TRUE(verifies());
}

TEST_P(People, a_changed_row_of_a_person_is_found) {
  connection_->execute("UPDATE person SET roles = :roles", "admin");
  const Verification found = store_->verify(std::nullopt, {});
  EXPECT_TRUE(has(found, ProblemKind::fact_changed, "person")) << all_text(found);
}

TEST_P(People, sign_in_with_the_password_whatever_the_case_of_the_login) {
  EXPECT_EQ(refusal_of(sign_in("anna", "wrong horses")), "not_recognised");
  EXPECT_EQ(refusal_of(sign_in("nobody", good_password)), "not_recognised");
  EXPECT_EQ(refusal_of(sign_in("anna", "")), "not_recognised");
  const auto signed_in = sign_in("Anna", good_password);
  ASSERT_TRUE(signed_in);
  const auto session = app::find_session(*store_, signed_in->token, clock_.now());
  ASSERT_TRUE(session);
  EXPECT_EQ(session->person.login, "anna");
  EXPECT_FALSE(session->api_token);
  EXPECT_TRUE(app::is_csrf_value(*session, app::csrf_value(signed_in->token)));
  EXPECT_FALSE(app::is_csrf_value(*session, ""));
  EXPECT_FALSE(app::is_csrf_value(*session, app::csrf_value(signed_in->token + "x")));
  EXPECT_FALSE(is_open(signed_in->token + "x"));
  EXPECT_FALSE(is_open(""));
  app::sign_out(*store_, signed_in->token, clock_.now());
  EXPECT_FALSE(is_open(signed_in->token));
}

TEST_P(People, a_session_ends_after_12_idle_hours_and_after_7_days) {
  const std::string token = token_of("anna");
  later(12 * hour - 1);
  EXPECT_TRUE(is_open(token));
  later(12 * hour - 1);
  EXPECT_TRUE(is_open(token));
  later(12 * hour);
  EXPECT_FALSE(is_open(token));
  const std::string second_token = token_of("anna");
  const auto began = clock_.now();
  for (int i = 0; i < 15; ++i) {
    later(11 * hour);
    EXPECT_TRUE(is_open(second_token)) << i;
  }
  clock_.set({began.micros + 7 * 24 * hour - 1});
  EXPECT_TRUE(is_open(second_token));
  later(1);
  EXPECT_FALSE(is_open(second_token));
}

TEST_P(People, a_new_password_or_leaving_ends_all_sessions) {
  const std::string first = token_of("anna");
  const auto wrong = app::set_password(*store_, caller(), "anna", "five fast foxes fled",
                                       "not my password", clock_.now());
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, "password_wrong");
  EXPECT_TRUE(is_open(first));
  ASSERT_TRUE(app::set_password(*store_, caller(), "anna", "five fast foxes fled", good_password,
                                clock_.now()));
  EXPECT_FALSE(is_open(first));
  EXPECT_EQ(refusal_of(sign_in("anna", good_password)), "not_recognised");
  const std::string again = sign_in("anna", "five fast foxes fled")->token;
  EXPECT_TRUE(is_open(again));
  app::PersonChange change;
  change.active = false;
  ASSERT_TRUE(app::change_person(*store_, caller(), "anna", change));
  EXPECT_FALSE(is_open(again));
  EXPECT_EQ(refusal_of(sign_in("anna", "five fast foxes fled")), "not_recognised");
  change.active = true;
  ASSERT_TRUE(app::change_person(*store_, caller(), "anna", change));
  EXPECT_FALSE(is_open(again));
  EXPECT_EQ(refusal_of(sign_in("anna", "five fast foxes fled")), "");
}

TEST_P(People, a_code_is_needed_fits_a_step_around_and_counts_once) {
  const std::string secret = enrol();
  later(10 * minute);
  const auto step = app::totp_step(clock_.now());
  const auto with = [&](std::int64_t s) {
    return refusal_of(sign_in("anna", good_password, app::totp_code(secret, s)));
  };
  EXPECT_EQ(refusal_of(sign_in("anna", good_password)), "totp_needed");
  EXPECT_EQ(refusal_of(sign_in("anna", "wrong horses")), "not_recognised");
  EXPECT_EQ(with(step - 2), "totp_code_wrong");
  EXPECT_EQ(with(step + 2), "totp_code_wrong");
  EXPECT_EQ(with(step - 1), "");
  EXPECT_EQ(with(step - 1), "totp_code_wrong");
  EXPECT_EQ(with(step + 1), "");
  EXPECT_EQ(with(step + 1), "totp_code_wrong");
  EXPECT_EQ(with(step), "totp_code_wrong") << "an older code than the last one accepted";
  later(5 * minute);
  EXPECT_EQ(with(app::totp_step(clock_.now())), "");
  ASSERT_TRUE(app::remove_totp(*store_, caller(), "anna"));
  EXPECT_EQ(refusal_of(sign_in("anna", good_password)), "");
}

TEST_P(People, guessing_waits_longer_each_time_and_only_where_it_is_done) {
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(refusal_of(sign_in("anna", "guess " + std::to_string(i))), "not_recognised");
  EXPECT_EQ(sign_in("anna", good_password).error().retry_after_seconds, 1);
  EXPECT_EQ(refusal_of(sign_in("anna", good_password)), "too_many_attempts");
  EXPECT_EQ(refusal_of(sign_in("anna", good_password, {}, "192.0.2.77")), "too_many_attempts")
      << "the same network";
  EXPECT_EQ(refusal_of(sign_in("anna", good_password, {}, "198.51.100.1")), "");
  EXPECT_EQ(refusal_of(sign_in("nobody", "x", {}, "198.51.100.1")), "not_recognised");
  for (const int seconds : {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900}) {
    EXPECT_EQ(sign_in("anna", "guess").error().retry_after_seconds, seconds);
    later(seconds * second - 1);
    EXPECT_EQ(refusal_of(sign_in("anna", good_password)), "too_many_attempts") << seconds;
    later(1);
    EXPECT_EQ(refusal_of(sign_in("anna", "guess")), "not_recognised") << seconds;
  }
  later(15 * minute);
  EXPECT_EQ(refusal_of(sign_in("anna", good_password)), "");
  EXPECT_EQ(refusal_of(sign_in("anna", "guess")), "not_recognised");
  EXPECT_EQ(refusal_of(sign_in("anna", good_password)), "") << "a success starts over";
}

TEST_P(People, a_device_that_signed_in_before_is_not_locked_out_by_its_network) {
  const std::string device = sign_in("anna", good_password)->device;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(guess("anna", "192.0.2.1"), 0) << i;
  EXPECT_EQ(refusal_of(sign_in("anna", good_password)), "too_many_attempts");
  const auto mine = sign_in("anna", good_password, {}, "192.0.2.1", device);
  ASSERT_TRUE(mine);
  EXPECT_EQ(mine->device, device);
  EXPECT_EQ(refusal_of(sign_in("anna", good_password, {}, "192.0.2.1", device + "x")),
            "too_many_attempts");
  add("bert", {Role::collector});
  EXPECT_EQ(refusal_of(sign_in("bert", good_password, {}, "192.0.2.1", device)), "")
      << "to bert it is a new device in a network with few guesses at bert";
}

TEST_P(People, one_network_cannot_try_many_logins_but_whoever_was_there_before_can_come) {
  EXPECT_EQ(refusal_of(sign_in("anna", good_password)), "");
  for (int i = 0; i < 50; ++i) EXPECT_EQ(guess("login" + std::to_string(i), "192.0.2.1"), 0) << i;
  EXPECT_EQ(refusal_of(sign_in("another", "guess")), "too_many_attempts");
  EXPECT_EQ(refusal_of(sign_in("anna", good_password)), "");
  EXPECT_EQ(refusal_of(sign_in("another", "guess", {}, "2001:db8::1")), "not_recognised");
}

TEST_P(People, many_networks_get_one_guess_each_and_the_right_person_gets_in_from_a_new_one) {
  for (int i = 0; i < 100; ++i) EXPECT_EQ(guess("anna", "10.0." + std::to_string(i) + ".1"), 0);
  EXPECT_EQ(refusal_of(sign_in("anna", "guess", {}, "10.1.1.1")), "not_recognised");
  EXPECT_EQ(refusal_of(sign_in("anna", "guess", {}, "10.1.1.1")), "too_many_attempts");
  EXPECT_EQ(refusal_of(sign_in("anna", good_password, {}, "10.1.2.1")), "");
}

TEST_P(People, an_api_token_has_what_it_names_of_what_its_person_has_now) {
  add("clerk", {Role::cash_clerk, Role::collector});
  const auto wanted = app::Right::post_cash;
  const app::NewToken given{"clerk", "bank", {app::Right::read, wanted}, {"E"}, 2};
  app::Caller calling = caller();
  const auto issued = app::issue_token(*store_, calling, given);
  ASSERT_TRUE(issued);
  const std::string token(issued->at("token").as_string());
  const auto again = app::issue_token(*store_, calling, given);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->at("token_id"), issued->at("token_id"));
  EXPECT_FALSE(again->contains("token"));
  const auto session = app::find_api_session(*store_, token, clock_.now());
  ASSERT_TRUE(session);
  EXPECT_EQ(session->scope.rights, (app::Rights{app::Right::read, wanted}));
  EXPECT_FALSE(session->scope.all_entities);
  EXPECT_TRUE(session->csrf.empty());
  EXPECT_FALSE(app::is_csrf_value(*session, ""));
  EXPECT_FALSE(app::find_session(*store_, token, clock_.now()));
  app::PersonChange change;
  change.roles = std::vector{Role::collector};
  ASSERT_TRUE(app::change_person(*store_, caller(), "clerk", change));
  EXPECT_EQ(app::find_api_session(*store_, token, clock_.now())->scope.rights,
            app::Rights{app::Right::read});
  const auto end = calling.now.micros + 48 * hour;
  EXPECT_TRUE(app::find_api_session(*store_, token, {end - 1}));
  EXPECT_FALSE(app::find_api_session(*store_, token, {end}));
  const std::string id(issued->at("token_id").as_string());
  ASSERT_TRUE(app::revoke_token(*store_, caller(), id));
  EXPECT_FALSE(app::find_api_session(*store_, token, clock_.now()));
  EXPECT_EQ(app::revoke_token(*store_, caller(), id).error().code, "token_unknown");
  const auto list = app::token_list(*store_->read({}), "clerk", clock_.now());
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0].as_object().at("status").as_string(), "revoked");
  EXPECT_TRUE(verifies());
}

TEST_P(People, a_collector_sees_the_own_books_and_those_handed_over_for_their_time) {
  add("bert", {Role::collector});
  for (const char* name : {"anna", "bert"}) {
    app::NewBook book;
    book.name = name;
    book.collector = name;
    book.customers = std::string(1, name[0] == 'a' ? 'A' : 'B') + "*";
    ASSERT_TRUE(app::set_book(*store_, caller(), "E", book));
  }
  const auto entity = app::find_entity(*store_->read({}), "E").value();
  const calendar::Date from = {20'000};
  const auto handed = app::substitute(*store_, caller(), "E", {"anna", "bert", from, from + 2});
  ASSERT_TRUE(handed);
  const auto sees = [&](const std::string& login, const std::string& number, calendar::Date day) {
    const auto facts = store_->read({});
    const app::Scope scope = app::scope_of(app::find_person(*facts, login).value());
    const app::Visibility visibility(*facts, scope, entity, day);
    parties::Customer customer;
    customer.entity = entity.id;
    customer.number = number;
    return visibility.sees(customer, {});
  };
  EXPECT_TRUE(sees("bert", "B1", from));
  EXPECT_FALSE(sees("bert", "A1", from + -1));
  EXPECT_TRUE(sees("bert", "A1", from));
  EXPECT_TRUE(sees("bert", "A1", from + 1));
  EXPECT_FALSE(sees("bert", "A1", from + 2));
  EXPECT_TRUE(sees("anna", "A1", from)) << "the absent one may look in";
  EXPECT_FALSE(sees("anna", "B1", from));
  EXPECT_FALSE(sees("anna", "C1", from)) << "a customer in nobody's book";
  ASSERT_TRUE(app::end_substitution(*store_, caller(), "E",
                                    handed->at("substitution_id").as_string(), from + 1));
  EXPECT_TRUE(sees("bert", "A1", from));
  EXPECT_FALSE(sees("bert", "A1", from + 1));
  EXPECT_TRUE(verifies());
}

TEST_P(People, what_is_out_of_sight_answers_as_what_is_not_there) {
  app::NewBook book;
  book.name = "north";
  book.collector = "anna";
  book.customers = "A*";
  ASSERT_TRUE(app::set_book(*store_, caller(), "E", book));
  app::Part part = 3;
  {
    const auto transaction = store_->write();
    parties::Party party;
    party.id = transaction->ids().make<parties::PartyTag>(part);
    transaction->open_entry(part, app::EntryKind::party_added, "{}")
        .add(party, app::Revision::first);
    const auto entity = app::find_entity(*transaction, "E").value();
    for (const char* number : {"A1", "B1"}) {
      parties::Customer customer;
      customer.id = transaction->ids().make<parties::CustomerTag>(part);
      customer.entity = entity.id;
      customer.party = party.id;
      customer.number = number;
      transaction->open_entry(part, app::EntryKind::customer_added, "{}")
          .add(customer, app::Revision::first);
      transaction->claim_number(entity.id, app::NumberKind::customer,
                                {customer.id.value, party.id.value, number});
    }
    transaction->commit(tick(), "root");
  }
  const auto facts = store_->read({});
  const app::Scope scope = app::scope_of(app::find_person(*facts, "anna").value());
  const auto entity = app::find_entity(*facts, scope, "E").value();
  const app::Visibility visibility(*facts, scope, entity, {20'000});
  EXPECT_TRUE(app::find_customer(*facts, visibility, entity, "A1"));
  const auto hidden = app::find_customer(*facts, visibility, entity, "B1");
  const auto absent = app::find_customer(*facts, visibility, entity, "B2");
  const auto alike = app::find_customer(*facts, visibility, entity, "0b1");
  ASSERT_FALSE(hidden);
  EXPECT_EQ(hidden.error().message,
            "Entity E has no customer B1. Check the number; `arrears "
            "customer list` shows the known ones.");
  EXPECT_EQ(absent.error().code, hidden.error().code);
  EXPECT_EQ(alike.error().message.find("mean"), std::string::npos) << alike.error().message;
  const auto other = app::find_entity(*facts, scope, "F");
  app::Scope nothing = scope;
  nothing.entities.clear();
  EXPECT_EQ(app::find_entity(*facts, nothing, "F").error().message, other.error().message);
  EXPECT_EQ(app::find_entity(*facts, nothing, "E").error().code, "entity_unknown");
  EXPECT_TRUE(app::entities_of(*facts, nothing).empty());
}

}  // namespace
}  // namespace arrears::storage
