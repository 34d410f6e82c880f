#include "domain/contact/call.h"

#include <gtest/gtest.h>

#include "domain/contact/call_statistics.h"
#include "domain/contact/reasons.h"

namespace arrears::contact {
namespace {

Date day(std::string_view iso) { return calendar::parse_date(iso).value(); }

constexpr std::int64_t hour = std::int64_t{3600} * 1'000'000;

TEST(Call, where_nobody_spoke_the_line_outcome_gives_the_disposition) {
  const struct {
    LineOutcome outcome;
    std::optional<Disposition> expected;
  } cases[] = {
      {LineOutcome::answered, std::nullopt},
      {LineOutcome::busy, Disposition::not_reached},
      {LineOutcome::no_answer, Disposition::not_reached},
      {LineOutcome::invalid_number, Disposition::bad_number},
      {LineOutcome::declined, Disposition::not_reached},
      {LineOutcome::unreachable, Disposition::not_reached},
      {LineOutcome::trunk_failure, Disposition::not_reached},
  };
  for (const auto& row : cases)
    EXPECT_EQ(derived_disposition(row.outcome), row.expected) << base::name(row.outcome);
  CallEntry entry;
  entry.line_outcome = LineOutcome::busy;
  EXPECT_EQ(disposition(entry), Disposition::not_reached);
  entry.line_outcome = LineOutcome::answered;
  entry.disposition = Disposition::wrong_party;
  EXPECT_EQ(disposition(entry), Disposition::wrong_party);
}

TEST(Call, an_entry_is_late_after_more_than_24_hours) {
  CallEntry entry;
  entry.ended_at = {hour};
  entry.entered_at = {25 * hour};
  EXPECT_FALSE(is_late(entry));
  entry.entered_at = {25 * hour + 1};
  EXPECT_TRUE(is_late(entry));
}

TEST(Call, an_item_is_frozen_as_it_stood) {
  receivables::Ledger ledger;
  ledger.customer = {7};
  receivables::Document document;
  document.id = {1};
  document.issued_on = day("2026-04-15");
  document.currency = money::parse_currency("USD").value();
  document.instalments.emplace_back();
  document.instalments[0].due_on = day("2026-05-15");
  document.instalments[0].amount_minor = 1'250'000;
  ledger.documents = {document};
  const auto item = freeze_item(ledger, {1}, 1, day("2026-06-01"));
  ASSERT_TRUE(item.has_value());
  EXPECT_EQ(item->customer.value, 7);
  EXPECT_EQ(item->open_minor, 1'250'000);
  EXPECT_EQ(item->days_overdue, 17);
  EXPECT_FALSE(freeze_item(ledger, {1}, 2, day("2026-06-01")).has_value());
  EXPECT_FALSE(freeze_item(ledger, {2}, 1, day("2026-06-01")).has_value());
  EXPECT_FALSE(freeze_item(ledger, {1}, 1, day("2026-04-14")).has_value());
  EXPECT_TRUE(freeze_item(ledger, {1}, 1, day("2026-04-15")).has_value());
  ledger.documents[0].cancelled = true;
  EXPECT_FALSE(freeze_item(ledger, {1}, 1, day("2026-06-01")).has_value());
}

TEST(Call, names_read_back_as_their_members) {
  for (std::size_t i = 0; i < base::name_count<Disposition>; ++i) {
    const auto member = static_cast<Disposition>(i);
    EXPECT_EQ(base::parse_name<Disposition>(base::name(member)), member);
  }
  EXPECT_EQ(base::name(LineOutcome::trunk_failure), "trunk_failure");
  EXPECT_EQ(base::name(NextActionKind::none), "none");
  EXPECT_EQ(base::name(Disposition::refused_to_talk), "refused_to_talk");
  EXPECT_EQ(base::parse_name<Direction>("sideways"), std::nullopt);
}

TEST(Call, a_retired_reason_may_be_chosen_until_the_day_before) {
  auto reasons = default_delay_reasons();
  EXPECT_NE(find_reason(reasons, "internal_approval_delay", day("2026-06-01")), nullptr);
  EXPECT_EQ(find_reason(reasons, "weather", day("2026-06-01")), nullptr);
  reasons[0].retired_on = day("2026-06-01");
  EXPECT_NE(find_reason(reasons, reasons[0].code, day("2026-05-31")), nullptr);
  EXPECT_EQ(find_reason(reasons, reasons[0].code, day("2026-06-01")), nullptr);
}

TEST(CallStatistics, rates_count_outbound_attempts_and_late_entries) {
  std::vector<CallEntry> entries(4);
  entries[0].disposition = Disposition::right_party_reached;
  entries[1].line_outcome = LineOutcome::no_answer;
  entries[2].line_outcome = LineOutcome::busy;
  entries[3].disposition = Disposition::right_party_reached;
  entries[3].direction = Direction::inbound;
  entries[3].entered_at = {48 * hour};
  const CallStatistics sum = call_statistics(entries);
  EXPECT_EQ(sum.calls, 4);
  EXPECT_EQ(sum.outbound, 3);
  EXPECT_EQ(sum.by_disposition[static_cast<std::size_t>(Disposition::right_party_reached)], 2);
  EXPECT_EQ(sum.by_disposition[static_cast<std::size_t>(Disposition::not_reached)], 2);
  EXPECT_EQ(sum.right_party_rate(), 3333);
  EXPECT_EQ(sum.late_share(), 2500);
}

TEST(CallStatistics, without_calls_the_rates_are_not_defined) {
  const CallStatistics sum = call_statistics({});
  EXPECT_EQ(sum.right_party_rate(), std::nullopt);
  EXPECT_EQ(sum.late_share(), std::nullopt);
}

}  // namespace
}  // namespace arrears::contact
