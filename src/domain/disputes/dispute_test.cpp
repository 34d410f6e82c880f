#include "domain/disputes/dispute.h"

#include <gtest/gtest.h>

namespace arrears::disputes {
namespace {

Date day(std::string_view text) { return calendar::parse_date(text).value(); }

DisputeMark right_mark() {
  DisputeMark mark;
  mark.from = day("2026-03-02");
  mark.reason_code = "price";
  mark.owner = "sam";
  mark.due_on = day("2026-03-16");
  return mark;
}

TEST(Dispute, what_is_missing_is_refused_in_order) {
  DisputeMark mark = right_mark();
  EXPECT_TRUE(check_raise(mark).ok());
  mark.due_on = day("2026-03-02");
  EXPECT_TRUE(check_raise(mark).ok()) << "due on its first day";
  mark.reason = std::string(max_text_bytes + 1, 'x');
  EXPECT_EQ(check_raise(mark).error(), RaiseDisputeRefusal::text_too_long);
  mark.due_on = day("2026-03-01");
  EXPECT_EQ(check_raise(mark).error(), RaiseDisputeRefusal::due_before_start);
  mark.owner = " ";
  EXPECT_EQ(check_raise(mark).error(), RaiseDisputeRefusal::owner_required);
  mark.reason_code = "other";
  mark.reason = " ";
  EXPECT_EQ(check_raise(mark).error(), RaiseDisputeRefusal::reason_text_required);
  mark.reason_code = "weather";
  EXPECT_EQ(check_raise(mark).error(), RaiseDisputeRefusal::reason_unknown);
}

TEST(Dispute, an_end_needs_its_reason) {
  EXPECT_EQ(check_resolution(" ").error(), ResolveDisputeRefusal::resolution_required);
  EXPECT_EQ(check_resolution(std::string(max_text_bytes + 1, 'x')).error(),
            ResolveDisputeRefusal::resolution_too_long);
  EXPECT_TRUE(check_resolution("credit note CN-1").ok());
}

TEST(Dispute, it_is_open_until_before_the_day_it_ends) {
  DisputeMark mark = right_mark();
  EXPECT_EQ(state(mark, day("2026-03-09")), DisputeState::open);
  mark.until = day("2026-03-10");
  mark.outcome = receivables::DisputeOutcome::rejected;
  EXPECT_EQ(state(mark, day("2026-03-09")), DisputeState::open);
  EXPECT_EQ(state(mark, day("2026-03-10")), DisputeState::rejected);
  mark.outcome = receivables::DisputeOutcome::resolved;
  EXPECT_EQ(state(mark, day("2026-03-10")), DisputeState::resolved);
  mark.outcome.reset();
  EXPECT_EQ(state(mark, day("2026-03-10")), DisputeState::resolved) << "from before outcomes";
}

TEST(Dispute, every_reason_has_a_code_and_a_label_of_its_own) {
  const auto reasons = dispute_reasons();
  for (std::size_t i = 0; i < reasons.size(); ++i) {
    EXPECT_FALSE(reasons[i].label.empty());
    for (std::size_t j = i + 1; j < reasons.size(); ++j)
      EXPECT_NE(reasons[i].code, reasons[j].code);
  }
  EXPECT_EQ(reasons.back().code, "other");
}

}  // namespace
}  // namespace arrears::disputes
