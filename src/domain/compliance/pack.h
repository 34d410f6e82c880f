#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/names.h"
#include "domain/calendar/date.h"
#include "domain/contact/call.h"

/// The rules of a country as data: data/guard/<pack>/pack.txt.
namespace arrears::compliance {

/// How a person is contacted.
enum class Channel : unsigned char {
  call,            ///< a person calls
  automated_call,  ///< an artificial or recorded voice calls
  sms,
  email,
  letter,
};

/// At most `most` calls about one debt to one person on any `days` consecutive days.
struct CallCap {
  int most = 0;
  int days = 0;
};

struct Pack {
  std::string code;                    ///< the folder's name: "us"
  std::string name;                    ///< for people
  std::vector<std::string> countries;  ///< of the person; "*": those without a pack of their own
  calendar::Date valid_from;
  int opens_seconds = 0;   ///< local time of the person from which contact is allowed, included
  int closes_seconds = 0;  ///< and until when, not included
  std::optional<CallCap> calls;
  /// Days on which nobody calls about a debt after a conversation about it; its own day is one.
  std::optional<int> conversation_days;
  std::vector<contact::LineOutcome> not_counted;  ///< such attempts are no call to the person
  std::vector<Channel> needs_consent;             ///< channels that need it granted before
};

/// All packs, in order of code. Which are on is each entity's choice; all are by default.
std::span<const Pack> packs();
/// The pack of that code; null for an unknown one.
const Pack* find_pack(std::string_view code);

}  // namespace arrears::compliance

ARREARS_NAMES(compliance, Channel, "call", "automated_call", "sms", "email", "letter");
