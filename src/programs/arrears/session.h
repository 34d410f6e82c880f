#pragma once

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include "adapters/storage/image_file.h"
#include "adapters/storage/store.h"
#include "app/live_portfolio.h"
#include "app/lookup.h"
#include "programs/arrears/output.h"
#include "programs/arrears/progress.h"

/// One run of the program: its global options, the open database, the clock and who calls.
namespace arrears::cli {

enum ExitCode : int {
  exit_ok = 0,
  exit_refused = 1,  ///< refused, or not verified
  exit_usage = 2,
  exit_failure = 3,
};

/// The command line cannot be carried out as it is written: exit code 2.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A refusal on its way to the edge: exit code 1.
class Refused : public std::exception {
 public:
  explicit Refused(base::Refusal refusal) : refusal_(std::move(refusal)) {}
  const base::Refusal& refusal() const { return refusal_; }
  const char* what() const noexcept override { return refusal_.message.c_str(); }

 private:
  base::Refusal refusal_;
};

/// The value, or Refused.
template <class T>
T taken(base::Result<T> result) {
  if (!result) throw Refused(result.error());
  return std::move(result).value();
}

/// What may stand before or after a sub-command.
struct Options {
  std::string db = "sqlite:arrears.db";
  std::string keys;    ///< empty: beside the database
  std::string entity;  ///< empty: the only one
  std::optional<calendar::Date> as_of;
  std::string known_at;  ///< an instant, "now", or empty
  Format format = Format::table;
  std::string actor;  ///< empty: the name of the operating system's user
  std::string key;    ///< empty: a random one
  std::string now;    ///< an instant; only where the database is a rehearsal
  bool progress = true;
  bool portfolio = true;  ///< --engine portfolio, else sql
};

/// What a change needs.
struct Command {
  storage::DatabaseStore& store;
  app::Caller caller;
  std::string entity;
  calendar::Date today;  ///< the business date: --as-of, else the entity's local day
};

/// What a question needs.
struct Question {
  std::unique_ptr<app::Facts> facts;
  std::string entity;
  calendar::Date as_of;
};

class Session {
 public:
  explicit Session(const Options& options);

  const Options& options() const { return options_; }
  base::Instant now() const { return clock_->now(); }
  const base::Clock& clock() const { return *clock_; }

  /// The database, which must exist. Throws UsageError where --now is given for one that keeps real
  /// time.
  storage::DatabaseStore& store();
  /// Throws UsageError where --now is given for a database that keeps real time.
  void check_now(storage::DatabaseStore& store) const;
  /// The database, made with its key file where it is absent.
  storage::DatabaseStore& create_store(bool rehearsal);

  /// The session's clock, standing still from now on and free to be moved. Before the database is
  /// opened.
  base::FixedClock& rehearse();

  app::Caller caller() const;
  Command command();
  /// A snapshot of the facts as known at --known-at.
  std::unique_ptr<app::Facts> facts();
  Question question();
  /// --as-of, else the entity's local day.
  calendar::Date as_of(const parties::Entity& entity) const;
  /// The entity of --entity, or the only one. Throws UsageError where it is left open.
  std::string entity(app::Facts& facts) const;

  /// Where the image of a database's portfolio is kept; null: nowhere.
  std::unique_ptr<storage::ImageFile> image_of(storage::DatabaseStore& store) const;
  /// The portfolio of the database, for the questions that it answers; null with --engine sql.
  app::LivePortfolio* portfolio();
  /// Writes the image of the portfolio, where one was used: once the answer is out.
  void keep_portfolio();

  void print(const Object& answer) { print_answer(answer, options_.format); }
  void print(const Rows& rows, const Columns& columns) {
    print_rows(rows, columns, options_.format);
  }

  int exit_code = exit_ok;

 private:
  void open(storage::OpenMode mode, bool rehearsal);
  void check_no_known_at() const;
  base::Instant last_checkpoint();

  Options options_;
  std::unique_ptr<base::Clock> clock_;
  std::unique_ptr<storage::DatabaseStore> store_;
  std::unique_ptr<storage::ImageFile> image_;
  std::unique_ptr<app::LivePortfolio> portfolio_;
  std::unique_ptr<Progress> loading_;
};

}  // namespace arrears::cli
