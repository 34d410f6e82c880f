#pragma once

#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "app/disputes.h"
#include "base/refusal.h"
#include "base/result.h"
#include "world.h"

/// What the verbs of a scenario do: each drives one use case of the app room.
namespace arrears::scenarios {

/// What a statement answered: lines, or a refusal.
struct Answer {
  Output lines;
  std::optional<base::Refusal> refusal;
  std::vector<base::Refusal> row_refusals;  ///< of single rows, shown in the lines

  Answer() = default;
  Answer(Output answered) : lines(std::move(answered)) {}         // NOLINT: implicit
  Answer(base::Refusal refused) : refusal(std::move(refused)) {}  // NOLINT: implicit
  /// A command is silent where it is taken.
  template <class T>
  Answer(const base::Result<T>& result) {  // NOLINT: implicit
    if (!result) refusal = result.error();
  }
};

/// One statement on its way: its words after the verb, and its field lines.
struct Call {
  World& world;
  Words& words;
  std::string_view file;
  const std::vector<Line>& fields;
};

struct Verb {
  std::string_view phrase;
  Answer (*run)(Call&);
};

/// The verbs of each file, the longer phrase before the shorter one.
std::vector<Verb> site_verbs();
std::vector<Verb> people_verbs();
std::vector<Verb> document_verbs();
std::vector<Verb> payment_verbs();
std::vector<Verb> call_verbs();
std::vector<Verb> dispute_verbs();
std::vector<Verb> guard_verbs();
std::vector<Verb> note_verbs();
std::vector<Verb> import_verbs();
std::vector<Verb> show_receivables_verbs();
std::vector<Verb> show_work_verbs();
std::vector<Verb> show_call_verbs();
std::vector<Verb> show_site_verbs();

/// "[A] from D ["why"] [for CODE] [owner U] [due D]" of a dispute, or in a call without its day.
app::DisputeInput read_dispute(Words& words);

/// "as of D" and "known at D [TIME]" of a question.
struct Viewpoint {
  Date as_of;
  app::KnownAt known_at;
};
/// A refusal of what a question is asked by; the statement is answered with it.
struct Refused {
  base::Refusal refusal;
};
/// Reads either phrase if it comes next. Throws `Refused` for an instant that is still to come.
bool read_viewpoint(Call& call, Viewpoint& view);
/// A viewpoint of today, as known now.
Viewpoint here(const World& world);

/// The answer of the store's rows, which that of the portfolio must equal; throws where it does
/// not.
template <class T>
base::Result<T> same_answer(const base::Result<T>& of_store, const base::Result<T>& of_portfolio) {
  if (of_store.ok() != of_portfolio.ok()) {
    throw std::runtime_error("The engines differ: " +
                             (of_store ? of_portfolio : of_store).error().message);
  }
  if (of_store && *of_store != *of_portfolio) {
    throw std::runtime_error("The engines differ:\n sql       " +
                             boost::json::serialize(*of_store) + "\n portfolio " +
                             boost::json::serialize(*of_portfolio));
  }
  return of_store;
}

}  // namespace arrears::scenarios
