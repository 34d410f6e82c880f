#include "domain/contact/log_call.h"

#include <gtest/gtest.h>

#include <set>

namespace arrears::contact {
namespace {

Date day(std::string_view iso) { return calendar::parse_date(iso).value(); }

/// The call of 1 June about an invoice under a broken promise: it may be recorded as it is.
struct Example {
  std::vector<parties::Contact> contacts = std::vector<parties::Contact>(1);
  std::vector<DelayReason> reasons = default_delay_reasons();
  std::vector<receivables::ItemKey> broken = {{{100}, 1}};
  CallEntry entry;

  Example() {
    contacts[0].id = {5};
    entry.business_date = day("2026-06-01");
    entry.started_at = {1'000'000};
    entry.ended_at = {2'000'000};
    entry.entered_at = {3'000'000};
    entry.contact = {5};
    entry.disposition = Disposition::right_party_reached;
    entry.items = {{{7}, {100}, 1, {}, 1'250'000, 17}, {{8}, {101}, 1, {}, 500, 3}};
    entry.reason_for_delay = "internal_approval_delay";
    entry.broken_promise_reason = "the director was away";
    entry.next_action = {NextActionKind::call, day("2026-06-11"), "clara", ""};
    entry.author = "clara";
  }

  std::string check() const {
    const auto result = check_call(entry, {contacts, reasons, broken});
    return result.ok() ? "ok" : std::string(base::code(result.error()));
  }
};

struct Case {
  const char* expected;
  const char* what;
  void (*change)(Example&);
};

const Case log_cases[] = {
    {"ok", "as it is", [](Example&) {}},
    {"author_required", "blank author", [](Example& e) { e.entry.author = " "; }},
    {"text_not_utf8", "NUL in the notes",
     [](Example& e) { e.entry.notes = std::string("a\0b", 3); }},
    {"text_not_utf8", "Latin-1 owner", [](Example& e) { e.entry.next_action->owner = "J\xF6rg"; }},
    {"ok", "notes at the limit", [](Example& e) { e.entry.notes.assign(max_text_bytes, 'x'); }},
    {"text_too_long", "notes beyond it",
     [](Example& e) { e.entry.notes.assign(max_text_bytes + 1, 'x'); }},
    {"ok", "no duration", [](Example& e) { e.entry.ended_at = e.entry.started_at; }},
    {"ended_before_started", "end first", [](Example& e) { e.entry.ended_at = {999'999}; }},
    {"ok", "entered at the end", [](Example& e) { e.entry.entered_at = e.entry.ended_at; }},
    {"ended_after_entered", "not over yet", [](Example& e) { e.entry.ended_at = {3'000'001}; }},
    {"contact_required", "nobody named", [](Example& e) { e.entry.contact = {}; }},
    {"ok", "named as text",
     [](Example& e) {
       e.entry.contact = {};
       e.entry.contact_text = "Ms Lee, accounts payable";
     }},
    {"disposition_required", "answered", [](Example& e) { e.entry.disposition = {}; }},
    {"disposition_contradicts_line_outcome", "nobody answered",
     [](Example& e) { e.entry.line_outcome = LineOutcome::no_answer; }},
    {"ok", "derived",
     [](Example& e) {
       e.entry.line_outcome = LineOutcome::no_answer;
       e.entry.disposition = {};
     }},
    {"duplicate_item", "twice", [](Example& e) { e.entry.items[1].document = {100}; }},
    {"ok", "two instalments",
     [](Example& e) {
       e.entry.items[1].document = {100};
       e.entry.items[1].instalment = 2;
     }},
    {"reason_unknown", "not on the list", [](Example& e) { e.entry.reason_for_delay = "weather"; }},
    {"ok", "no reason given", [](Example& e) { e.entry.reason_for_delay = ""; }},
    {"reason_text_required", "other", [](Example& e) { e.entry.reason_for_delay = "other"; }},
    {"ok", "other with text",
     [](Example& e) {
       e.entry.reason_for_delay = "other";
       e.entry.reason_text = "strike";
     }},
    {"broken_reason_required", "right party",
     [](Example& e) { e.entry.broken_promise_reason = ""; }},
    {"ok", "wrong party cannot say why",
     [](Example& e) {
       e.entry.broken_promise_reason = "";
       e.entry.disposition = Disposition::wrong_party;
     }},
    {"ok", "broken item not discussed",
     [](Example& e) {
       e.entry.broken_promise_reason = "";
       e.entry.items.erase(e.entry.items.begin());
     }},
    {"next_action_required", "not said", [](Example& e) { e.entry.next_action = {}; }},
    {"none_needs_reason", "none",
     [](Example& e) { e.entry.next_action = {NextActionKind::none, {}, "", ""}; }},
    {"ok", "none with reason",
     [](Example& e) {
       e.entry.next_action = {NextActionKind::none, {}, "", "paid during the call"};
     }},
    {"next_action_date_required", "no day", [](Example& e) { e.entry.next_action->due_on = {}; }},
    {"next_action_in_past", "day before",
     [](Example& e) { e.entry.next_action->due_on = day("2026-05-31"); }},
    {"ok", "same day", [](Example& e) { e.entry.next_action->due_on = day("2026-06-01"); }},
    {"next_action_owner_required", "no owner", [](Example& e) { e.entry.next_action->owner = ""; }},
};

TEST(LogCall, each_rule_refuses_by_its_own_name) {
  for (const Case& row : log_cases) {
    Example example;
    row.change(example);
    EXPECT_EQ(example.check(), row.expected) << row.what;
  }
}

TEST(LogCall, every_refusal_is_shown_by_a_case) {
  std::set<std::string_view> shown;
  for (const Case& row : log_cases) shown.insert(row.expected);
  for (const auto& row : base::RefusalTable<LogCallRefusal>::rows)
    EXPECT_TRUE(shown.contains(row.code)) << row.code;
}

TEST(AmendCall, what_was_said_may_be_put_right_and_the_frame_stays) {
  const Case cases[] = {
      {"ok", "notes", [](Example& e) { e.entry.notes = "corrected"; }},
      {"ok", "next action", [](Example& e) { e.entry.next_action->owner = "carl"; }},
      {"ok", "further item",
       [](Example& e) { e.entry.items.push_back({{7}, {102}, 1, {}, 1, 1}); }},
      {"amendment_reason_required", "no reason",
       [](Example& e) { e.entry.amendment_reason = " "; }},
      {"nothing_changed", "as it was", [](Example&) {}},
  };
  std::set<std::string_view> shown;
  for (const Case& row : cases) {
    const CallEntry before = Example().entry;
    Example example;
    example.entry.version = 2;
    example.entry.amendment_reason = "misheard";
    row.change(example);
    const auto result = check_amendment(before, example.entry);
    EXPECT_EQ(result.ok() ? "ok" : base::code(result.error()), row.expected) << row.what;
    shown.insert(row.expected);
  }
  for (const auto& row : base::RefusalTable<AmendCallRefusal>::rows)
    EXPECT_TRUE(shown.contains(row.code)) << row.code;
}

TEST(AmendCall, an_amendment_that_changes_the_frame_is_a_mistake_of_the_caller) {
  const struct {
    const char* what;
    void (*change)(Example&);
  } cases[] = {
      {"version skipped", [](Example& e) { e.entry.version = 3; }},
      {"version kept", [](Example& e) { e.entry.version = 1; }},
      {"start", [](Example& e) { e.entry.started_at = {1}; }},
      {"author", [](Example& e) { e.entry.author = "carl"; }},
      {"party", [](Example& e) { e.entry.party = {9}; }},
      {"frozen amount", [](Example& e) { e.entry.items[0].open_minor = 1; }},
      {"item removed", [](Example& e) { e.entry.items.pop_back(); }},
  };
  for (const auto& row : cases) {
    const CallEntry before = Example().entry;
    Example example;
    example.entry.version = 2;
    example.entry.amendment_reason = "misheard";
    row.change(example);
    EXPECT_THROW(static_cast<void>(check_amendment(before, example.entry)), base::Mistake)
        << row.what;
  }
}

}  // namespace
}  // namespace arrears::contact
