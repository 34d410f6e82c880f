#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/refusal.h"
#include "base/result.h"
#include "domain/contact/call.h"

/// What happened with a customer besides calls: notes, meetings, letters, messages.

/// Refusals of `record_interaction`, in the order in which they are checked.
#define ARREARS_RECORD_INTERACTION_REFUSALS(R)                                                \
  R(text_required, "Write what was said or noted.")                                           \
  R(text_too_long, "Keep each text within 20,000 bytes; attach longer papers as a document.") \
  R(direction_required, "Say whether it came in (inbound) or went out (outbound).")           \
  R(not_yet_happened, "It is recorded once it has taken place; correct the time or its zone.")
ARREARS_REFUSALS(contact, RecordInteractionRefusal, "record_interaction",
                 ARREARS_RECORD_INTERACTION_REFUSALS);

namespace arrears::contact {

using InteractionId = base::Id<struct InteractionTag>;

enum class InteractionChannel : unsigned char { note, meeting, letter, email, sms, chat };

/// Which departments may read an interaction; its author always may.
enum class VisibilityClass : unsigned char { all, collections, credit, management };

/// Append-only: pinning makes a further version of the same id, in which nothing else changes.
struct Interaction {
  InteractionId id;
  int version = 1;
  parties::EntityId entity;
  parties::PartyId party;
  parties::CustomerId customer;
  InteractionChannel channel = InteractionChannel::note;
  std::optional<Direction> direction;  ///< of a message; a note or meeting may have none
  VisibilityClass visible_to = VisibilityClass::all;
  bool pinned = false;  ///< shown first to whoever prepares to call
  base::Instant at;     ///< when it took place
  Date business_date;   ///< the entity's local day of `at`
  base::Instant entered_at;
  std::string author;
  std::vector<std::string> participants;
  std::string purpose;
  std::string text;
  std::string external_id;  ///< the other system's name for it, once for each author and party
  bool operator==(const Interaction&) const = default;
};

/// Checks an interaction before it is recorded. A letter or message went one way; a meeting or a
/// note need not have.
base::Result<base::Done, RecordInteractionRefusal> check_interaction(const Interaction& one);

/// What a manager says about an entry of the call log after reading it.
enum class ReviewMark : unsigned char {
  read,
  asked_back,  ///< the author is to answer a question
  coach,       ///< something to learn from
};

/// A manager read a version of an entry. Reviews are added, never changed.
struct CallReview {
  parties::PartyId party;
  CallId call;
  int number = 1;   ///< within the call
  int version = 1;  ///< of the entry that was read
  ReviewMark mark = ReviewMark::read;
  base::Instant at;
  std::string reviewer;
  std::string text;
  bool operator==(const CallReview&) const = default;
};

}  // namespace arrears::contact

ARREARS_NAMES(contact, InteractionChannel, "note", "meeting", "letter", "email", "sms", "chat");
ARREARS_NAMES(contact, VisibilityClass, "all", "collections", "credit", "management");
ARREARS_NAMES(contact, ReviewMark, "read", "asked_back", "coach");
