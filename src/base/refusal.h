#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/check.h"

/// Refusals: the expected "no" of a command.
///
/// Each operation has one enum of refusals, declared by ARREARS_REFUSALS as a list
/// `R(member, "advice")` in the order in which they are checked. The advice says what to do next
/// and is appended to the text that names what was refused and where. The gallery in
/// tests/refusals shows each member once; a test walks `all_refusals()` to see that none is
/// missing.
namespace arrears::base {

/// What a command answers instead of a value. `operation` and `code` are stable names for
/// programs; `message` is for people: what, where, what to do next.
struct Refusal {
  std::string operation;
  std::string code;
  std::string message;
};

struct RefusalRow {
  std::string_view code;
  std::string_view advice;
};

/// The table behind one refusal enum; specialised by ARREARS_REFUSALS.
template <class E>
struct RefusalTable;

/// The stable name of a refusal: the enum member as text.
template <class E>
std::string_view code(E reason) {
  return RefusalTable<E>::rows[static_cast<std::size_t>(reason)].code;
}

/// Makes the refusal of `reason`; `what` names what was refused and where, without a final stop.
template <class E>
Refusal refuse(E reason, std::string_view what) {
  const RefusalRow& row = RefusalTable<E>::rows[static_cast<std::size_t>(reason)];
  std::string message(what);
  if (!message.empty() && message.back() != '.' && message.back() != '?') message += '.';
  if (!row.advice.empty()) {
    message += ' ';
    message += row.advice;
  }
  return Refusal{std::string(RefusalTable<E>::operation), std::string(row.code), message};
}

}  // namespace arrears::base

#define ARREARS_REFUSAL_MEMBER_(member, advice) member,
#define ARREARS_REFUSAL_ROW_(member, advice) ::arrears::base::RefusalRow{#member, advice},

/// Declares `enum class Enum` with its table. Use at namespace `arrears` level room namespaces via
/// the fully qualified room: ARREARS_REFUSALS(receivables, AllocateRefusal, "allocate", LIST).
#define ARREARS_REFUSALS(room, Enum, operation_name, LIST)                              \
  namespace arrears::room {                                                             \
  enum class Enum : unsigned char { LIST(ARREARS_REFUSAL_MEMBER_) };                    \
  }                                                                                     \
  template <>                                                                           \
  struct arrears::base::RefusalTable<arrears::room::Enum> {                             \
    static constexpr std::string_view operation = operation_name;                       \
    static constexpr ::arrears::base::RefusalRow rows[] = {LIST(ARREARS_REFUSAL_ROW_)}; \
  }
