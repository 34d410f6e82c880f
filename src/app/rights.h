#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>

#include "base/names.h"
#include "domain/contact/interaction.h"

/// Who may do what: roles, the rights that they give, and nothing else. A person may have several
/// roles and has the rights of all of them.
namespace arrears::app {

/// What one may do, as verbs. Every command and question of the API asks for exactly one.
enum class Right : unsigned char {
  read,           ///< see what the scope shows: worklist, customers, aging, metrics, call log
  log_contact,    ///< log calls and other contacts, amend one's own, close follow-ups
  promise,        ///< take and withdraw promises
  dispute,        ///< raise and resolve disputes
  review_calls,   ///< read call log entries of others for review and mark them as reviewed
  manage_books,   ///< books and substitutions
  hold,           ///< place and lift holds
  set_strategy,   ///< the entity's strategy settings
  post_cash,      ///< payments, allocations and their reversal
  import_files,   ///< stage, publish and undo imports
  correct,        ///< add, correct and cancel documents and customers
  run_day,        ///< run the day; move a rehearsal's clock
  manage_people,  ///< people, their roles and passwords, everybody's tokens
  manage_site,    ///< entities, calendars, reasons, webhooks, settings
  audit,          ///< journal, feed and checkpoints of everything in scope, the list of people
  note            ///< notes and other interactions of any department: add and pin them
};

enum class Role : unsigned char {
  collector,
  manager,
  credit_controller,
  cash_clerk,
  accountant,
  auditor,
  admin
};

}  // namespace arrears::app

ARREARS_NAMES(app, Right, "read", "log_contact", "promise", "dispute", "review_calls",
              "manage_books", "hold", "set_strategy", "post_cash", "import", "correct", "run_day",
              "manage_people", "manage_site", "audit", "note");

namespace arrears::app {

/// A set of rights.
class Rights {
 public:
  constexpr Rights() = default;
  constexpr Rights(std::initializer_list<Right> rights) {
    for (const Right right : rights) bits_ |= bit(right);
  }
  static constexpr Rights all() {
    Rights every;
    for (std::size_t i = 0; i < base::name_count<Right>; ++i)
      every.bits_ |= bit(static_cast<Right>(i));
    return every;
  }
  constexpr bool has(Right right) const { return (bits_ & bit(right)) != 0; }
  constexpr bool has_all(Rights others) const { return (bits_ & others.bits_) == others.bits_; }
  constexpr bool is_empty() const { return bits_ == 0; }
  constexpr Rights operator|(Rights other) const { return Rights(bits_ | other.bits_); }
  constexpr Rights operator&(Rights other) const { return Rights(bits_ & other.bits_); }
  constexpr Rights without(Rights others) const { return Rights(bits_ & ~others.bits_); }
  bool operator==(const Rights&) const = default;

 private:
  explicit constexpr Rights(std::uint32_t bits) : bits_(bits) {}
  static constexpr std::uint32_t bit(Right right) {
    return std::uint32_t{1} << static_cast<unsigned>(right);
  }

  std::uint32_t bits_ = 0;
};

/// The one table of roles and rights.
constexpr Rights rights_of(Role role) {
  switch (role) {
    case Role::collector:
      return {Right::read, Right::log_contact, Right::promise, Right::dispute, Right::note};
    case Role::manager:
      return {Right::read,    Right::log_contact,  Right::promise,
              Right::dispute, Right::review_calls, Right::manage_books,
              Right::hold,    Right::run_day,      Right::note};
    case Role::credit_controller:
      return {Right::read, Right::hold, Right::set_strategy, Right::note};
    case Role::cash_clerk:
      return {Right::read, Right::post_cash, Right::import_files, Right::note};
    case Role::accountant:
      return {Right::read, Right::import_files, Right::correct, Right::run_day, Right::note};
    case Role::auditor:
      return {Right::read, Right::audit};
    case Role::admin:
      return {Right::read, Right::manage_people, Right::manage_site, Right::audit};
  }
  return {};
}

/// The one table of roles and the classes of interactions that they may read.
constexpr bool may_read(Role role, contact::VisibilityClass of) {
  switch (of) {
    case contact::VisibilityClass::all:
      return true;
    case contact::VisibilityClass::collections:
      return role != Role::cash_clerk && role != Role::accountant;
    case contact::VisibilityClass::credit:
      return role != Role::cash_clerk && role != Role::accountant && role != Role::collector;
    case contact::VisibilityClass::management:
      return role == Role::manager || role == Role::auditor || role == Role::admin;
  }
  return false;
}

/// Whether the role is bound to books: a collector sees the customers of the own books, everybody
/// else those of all books of the entity.
constexpr bool is_bound_to_books(Role role) { return role == Role::collector; }

}  // namespace arrears::app

ARREARS_NAMES(app, Role, "collector", "manager", "credit_controller", "cash_clerk", "accountant",
              "auditor", "admin");
