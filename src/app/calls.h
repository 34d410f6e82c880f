#pragma once

#include "app/disputes.h"
#include "domain/contact/call_statistics.h"

/// The call log: entries, their amendments, what was promised in them, and what the log shows.
namespace arrears::app {

#define ARREARS_CALL_REFUSALS(R)                                                              \
  R(call_unknown, "`arrears call list` shows the entries.")                                   \
  R(value_unknown, "`arrears call log --help` lists the words.")                              \
  R(time_invalid, "Write instants as 2026-06-01T14:05:00-04:00 or 2026-06-01T18:05:00Z.")     \
  R(item_unknown, "Name open items of this customer: INV-1 or INV-1#2 for an instalment.")    \
  R(promise_date_required, "Give the day by which it was promised.")                          \
  R(nothing_to_promise, "Name the invoices that are promised, or those that were discussed.") \
  R(follow_up_unknown, "`arrears follow-up list` shows the open ones.")                       \
  R(already_closed, "Nothing is left to do.")                                                 \
  R(closes_before_it_opens, "Choose the day on which it was opened or a later one.")          \
  R(mark_unknown, "Use read, asked_back or coach.")                                           \
  R(newer_version, "Read the newest version, then mark that.")

/// A promise as it is given in a call or by itself.
struct PromiseInput {
  std::string amount;                   ///< empty: all that is open on the items
  std::string by;                       ///< promised day
  std::vector<std::string> items;       ///< "INV-1", "INV-1=100.00"; empty: the items discussed
  std::vector<std::string> supersedes;  ///< numbers of promises that it replaces
};

/// A call as a collector gives it. Words are those of contact::call.h.
struct CallInput {
  std::string customer;
  std::string started;  ///< RFC 3339; empty: now
  std::string ended;    ///< empty: the start
  std::string direction = "outbound";
  std::string contact;  ///< id, reference, e-mail or name of a contact of the party, else free text
  std::string line_outcome = "answered";
  std::string disposition;
  std::vector<std::string> items;  ///< "INV-1#2"; empty: everything overdue
  std::string reason_for_delay;
  std::string reason_text;
  std::string broken_promise_reason;
  std::string notes;
  std::string next_action;  ///< kind
  std::string next_on;      ///< day
  std::string next_owner;   ///< empty: the author
  std::string next_reason;  ///< why there is none
  std::vector<PromiseInput> promises;
  std::vector<DisputeInput> disputes;
};

/// Logs a call with what was promised and contested in it, in one transaction, and records what the
/// guard says about it. Answers `{call_id, promises, disputes, guard, next_action, items}`; `guard`
/// is null for an inbound call. The items' open amounts are frozen as of the call's business date:
/// the entity's local day of its start.
Result<Json> log_call(Store& store, const Caller& caller, std::string_view entity,
                      const CallInput& input);

/// What a logged call came to: the answer of `log_call`, and the follow-up of its next action.
struct LoggedCall {
  Json answer;
  std::optional<strategy::FollowUp> next_action;
};
/// `log_call` inside an open transaction, for many calls in one commit.
Result<LoggedCall> log_call_in(Transaction& facts, const Caller& caller,
                               const parties::Entity& entity, const CallInput& input);

/// A new version of an entry. What is empty in `input` stays; the times, the items and the author
/// cannot be changed. `reason` says why.
Result<Json> amend_call(Store& store, const Caller& caller, std::string_view entity,
                        std::string_view call, const CallInput& input, std::string_view reason);

/// What a manager says about an entry after reading it.
struct ReviewInput {
  std::string call;
  std::string mark = "read";  ///< or asked_back, coach
  std::string text;
  int version = 0;  ///< that was read; 0: the newest, whichever it is
};
/// Adds a review. Answers `{mark, text, by, at, version, call_id}`.
Result<Json> review_call(Store& store, const Caller& caller, std::string_view entity,
                         const ReviewInput& input);
/// Inside of the room: `{mark, text, by, at, version}`.
Json review_json(const contact::CallReview& review);

/// A promise outside of a call (by letter, e-mail).
Result<Json> record_promise(Store& store, const Caller& caller, std::string_view entity,
                            std::string_view customer, const PromiseInput& input);
Result<Json> withdraw_promise(Store& store, const Caller& caller, std::string_view entity,
                              std::string_view promise, Date on, std::string_view reason);

struct CallQuery {
  std::string entity;
  std::string customer;
  std::string invoice;
  std::string collector;  ///< the author
  std::string disposition;
  std::string reason;
  std::string review;        ///< a mark, or "none": nobody has read the newest version
  std::optional<Date> from;  ///< business dates, both included
  std::optional<Date> to;
};
/// Entries, newest first, current versions with their frozen balances and `reviews`; `review` is
/// the last mark of this very version, or empty.
Result<boost::json::array> call_list(Facts& facts, const CallQuery& query);
/// Counts over the same selection: dispositions, right-party rate, share logged late.
Result<Json> call_statistics(Facts& facts, const CallQuery& query);
/// All versions of one entry, oldest first; the first with `guard`, what was decided when it was
/// logged.
Result<boost::json::array> call_history(Facts& facts, std::string_view entity,
                                        std::string_view call);
/// Customers whose parties stood on a frozen worklist in the period without any entry since the
/// day of that list until `to`.
Result<boost::json::array> worked_without_entry(Facts& facts, std::string_view entity, Date from,
                                                Date to);

struct PromiseQuery {
  std::string entity;
  std::string customer;
  std::string state;  ///< empty: all
  Date as_of;
};
Result<boost::json::array> promise_list(Facts& facts, const PromiseQuery& query);
/// Promises that fall due in a period, both days included, by whoever took them and currency:
/// `[{collector, currency, promises, open, kept, partly_kept, broken, withdrawn, promised, paid}]`.
/// Taken by: who logged the call in which it was made, else the owner of the book. The states are
/// those of `as_of`.
Result<boost::json::array> promises_by_collector(Facts& facts, std::string_view entity, Date from,
                                                 Date to, Date as_of);

struct FollowUpQuery {
  std::string entity;
  std::string customer;
  bool with_closed = false;
  Date as_of;
};
Result<boost::json::array> follow_up_list(Facts& facts, const FollowUpQuery& query);
/// Somebody did it, on `on`.
Result<Json> close_follow_up(Store& store, const Caller& caller, std::string_view entity,
                             std::string_view customer, std::string_view follow_up, Date on);

}  // namespace arrears::app

ARREARS_REFUSALS(app, CallRefusal, "call", ARREARS_CALL_REFUSALS);
